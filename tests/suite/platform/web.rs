//! The web as the platform sees it: requests, responses, and addresses.

use std::time::Duration;

/// A request of a session or of one of its dialogs.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The absolute address, query included.
    pub url: String,
    /// The body of a POST, `application/x-www-form-urlencoded`.
    pub form: Option<String>,
    /// When it was sent, by the virtual clock.
    pub at: Duration,
    /// The number of the caller for whom it was sent.
    pub caller: String,
}

impl HttpRequest {
    /// The path without the query.
    pub fn path(&self) -> &str {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        let path = rest.find('/').map_or("/", |slash| &rest[slash..]);
        path.split('?').next().unwrap_or("/")
    }

    pub fn query(&self) -> &str {
        self.url.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first value of a field, wherever it travels.
    pub fn field(&self, name: &str) -> Option<String> {
        let form = self.form.as_deref().unwrap_or("");
        self.query().split('&').chain(form.split('&')).find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (form_decode(key) == name).then(|| form_decode(value))
        })
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpResponse {
    pub status: u16,
    /// `Content-Type` as sent, empty for none.
    pub content_type: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// What the server side did wrong, whatever the platform makes of the response; each is a violation.
    pub complaints: Vec<String>,
}

impl HttpResponse {
    pub fn new(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        let (content_type, body) = (content_type.into(), body.into());
        HttpResponse { status, content_type, headers: Vec::new(), body, complaints: Vec::new() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The media type, lower case, without its parameters.
    pub fn media_type(&self) -> String {
        self.content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
    }

    /// How long a cache may keep the response: not at all without a lifetime of its own.
    pub(super) fn lifetime(&self) -> Option<Duration> {
        let control = self.header("cache-control")?.to_ascii_lowercase();
        if control.contains("no-store") || control.contains("no-cache") {
            return None;
        }
        let seconds =
            control.split(',').find_map(|part| part.trim().strip_prefix("max-age=")?.parse().ok())?;
        Some(Duration::from_secs(seconds))
    }
}

/// Something that answers requests.
pub trait Web {
    fn request(&mut self, request: &HttpRequest) -> HttpResponse;

    /// Answers requests that are sent at the very same instant; here one after the other.
    fn simultaneous(&mut self, requests: &[HttpRequest]) -> Vec<HttpResponse> {
        requests.iter().map(|request| self.request(request)).collect()
    }
}

impl<F: FnMut(&HttpRequest) -> HttpResponse> Web for F {
    fn request(&mut self, request: &HttpRequest) -> HttpResponse {
        self(request)
    }
}

/// A request and what became of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub request: HttpRequest,
    /// None when the request never arrived.
    pub response: Option<HttpResponse>,
}

/// Encodes a name or a value of a form.
pub(super) fn form_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b' ' => "+".to_string(),
            b'*' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn form_decode(text: &str) -> String {
    let (mut bytes, mut out) = (text.bytes(), Vec::new());
    while let Some(byte) = bytes.next() {
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).unwrap_or(0) as u8;
        out.push(match byte {
            b'+' => b' ',
            b'%' => digit(bytes.next()) * 16 + digit(bytes.next()),
            byte => byte,
        });
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Makes an address absolute (RFC 3986, 5.2), without its fragment.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let reference = reference.split('#').next().unwrap_or("");
    let scheme_end = reference.find(':').unwrap_or(0);
    let scheme = &reference[..scheme_end];
    if scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    {
        return reference.into();
    }
    let (scheme, rest) = base.split_once("://").unwrap_or(("http", base));
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let base_path = path.split(['?', '#']).next().unwrap_or("");
    if let Some(rest) = reference.strip_prefix("//") {
        return format!("{scheme}://{rest}");
    }
    if reference.is_empty() {
        return base.split('#').next().unwrap_or("").into();
    }
    if reference.starts_with('?') {
        return format!("{scheme}://{authority}{base_path}{reference}");
    }
    let (path, query) = reference.split_at(reference.find('?').unwrap_or(reference.len()));
    let folder = &base_path[..base_path.rfind('/').map_or(0, |slash| slash + 1)];
    let path = if path.starts_with('/') { path.to_string() } else { format!("{folder}{path}") };
    format!("{scheme}://{authority}{}{query}", without_dots(&path))
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for (at, segment) in segments.iter().enumerate() {
        let last = at + 1 == segments.len();
        match *segment {
            "." | ".." => {
                if *segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

/// Whether an address can be sent as it is: nothing in it that should have been escaped.
pub(super) fn is_sendable(url: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte);
    let broken = |(at, _): (usize, &str)| {
        let digits = url.as_bytes().get(at + 1..at + 3).unwrap_or(b"");
        digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit)
    };
    url.bytes().all(legal) && !url.match_indices('%').any(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved() {
        let base = "http://line.example/cgi-bin/ccxml?a=1";
        for (reference, expected) in [
            ("?prompt=x", "http://line.example/cgi-bin/ccxml?prompt=x"),
            ("/x/y", "http://line.example/x/y"),
            ("other?b", "http://line.example/cgi-bin/other?b"),
            ("../a/./b", "http://line.example/a/b"),
            ("https://h/p", "https://h/p"),
            ("//h/p", "http://h/p"),
            ("", "http://line.example/cgi-bin/ccxml?a=1"),
            ("?a=b:c", "http://line.example/cgi-bin/ccxml?a=b:c"),
        ] {
            assert_eq!(resolve(base, reference), expected, "{reference}");
        }
    }

    #[test]
    fn fields_are_found_in_query_and_form() {
        let request = HttpRequest {
            method: "POST",
            url: "http://h/p?event=re%6Eew".into(),
            form: Some(format!("session_id={}", form_encode("a&b '%+"))),
            at: Duration::ZERO,
            caller: String::new(),
        };
        assert_eq!(request.field("event").as_deref(), Some("renew"));
        assert_eq!(request.field("session_id").as_deref(), Some("a&b '%+"));
        assert_eq!(request.path(), "/p");
        assert!(
            is_sendable("http://h/p?a=%20b")
                && !is_sendable("http://h/p?a= b")
                && !is_sendable("http://h/p?a=%2")
        );
    }
}
