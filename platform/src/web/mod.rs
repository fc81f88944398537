//! The web as the platform sees it: requests, responses, and whatever answers them.

pub(crate) mod address;
mod cgi;

pub use cgi::CgiWeb;

use std::fmt;
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
    /// The number of the caller for whom it was sent; the session's identifier where there is no caller.
    pub caller: String,
}

impl HttpRequest {
    /// The path without the query.
    pub fn path(&self) -> &str {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        let path = rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/");
        path.split('?').next().unwrap_or("/")
    }

    /// The query as it stands in the address, empty for none.
    pub fn query(&self) -> &str {
        self.url.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first value of a field, wherever it travels.
    pub fn field(&self, name: &str) -> Option<String> {
        [self.query(), self.form.as_deref().unwrap_or("")].into_iter().find_map(|fields| {
            let mut pairs = url::form_urlencoded::parse(fields.as_bytes());
            pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
        })
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// `Content-Type` as sent, empty for none.
    pub content_type: String,
    /// All headers as sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// What is wrong with the response, whatever the platform makes of it; each is a violation.
    pub problems: Vec<String>,
}

impl HttpResponse {
    /// A response without further headers.
    pub fn new(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        let (content_type, body) = (content_type.into(), body.into());
        HttpResponse { status, content_type, headers: Vec::new(), body, problems: Vec::new() }
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The media type, lower case, without its parameters.
    pub fn media_type(&self) -> String {
        self.content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
    }

    /// How long a cache may keep the response: not at all without a lifetime of its own.
    pub(crate) fn lifetime(&self) -> Option<Duration> {
        let control = self.header("cache-control")?.to_ascii_lowercase();
        if control.contains("no-store") || control.contains("no-cache") {
            return None;
        }
        let seconds =
            control.split(',').find_map(|part| part.trim().strip_prefix("max-age=")?.parse().ok())?;
        Some(Duration::from_secs(seconds))
    }
}

/// What a request leads to: a response of whatever status, or the reason why there is none.
pub type Answer = Result<HttpResponse, String>;

/// The way to a server. A closure from request to response is one, too.
pub trait Web {
    /// Answers a request.
    fn request(&mut self, request: &HttpRequest) -> Answer;

    /// Answers requests that are sent at the very same instant, in their order; one after the other unless told
    /// otherwise.
    fn simultaneous(&mut self, requests: &[HttpRequest]) -> Vec<Answer> {
        requests.iter().map(|request| self.request(request)).collect()
    }
}

impl<F: FnMut(&HttpRequest) -> HttpResponse> Web for F {
    fn request(&mut self, request: &HttpRequest) -> Answer {
        Ok(self(request))
    }
}

/// A request and what became of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request.
    pub request: HttpRequest,
    /// What the server answered, whatever has reached the session of it.
    pub response: Answer,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let HttpRequest { method, url, form, .. } = &self.request;
        write!(f, "{method} {url}")?;
        if let Some(form) = form {
            write!(f, " with {form}")?;
        }
        match &self.response {
            Ok(response) => write!(f, ": {} {}", response.status, response.content_type),
            Err(reason) => write!(f, ": {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_in_query_and_form() {
        let request = HttpRequest {
            method: "POST",
            url: "http://h/p?event=re%6Eew".into(),
            form: Some("session_id=a%26b+%27%25%2B".into()),
            at: Duration::ZERO,
            caller: String::new(),
        };
        assert_eq!(request.field("event").as_deref(), Some("renew"));
        assert_eq!(request.field("session_id").as_deref(), Some("a&b '%+"));
        assert_eq!(request.path(), "/p");
    }
}
