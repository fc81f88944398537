//! A request as it comes in, before anything in it is trusted (RFC 3875 section 4).

use super::Rejected;
use crate::settings::environment::Environment;
use std::io::{ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;

/// The most bytes of a query string.
pub const MOST_QUERY: usize = 4 << 10;

/// The most bytes of a form.
pub const MOST_FORM: usize = 8 << 10;

/// The media type of a form.
pub const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// The methods that are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Acts and answers.
    Get,
    /// Answers like GET without the body, and changes nothing.
    Head,
    /// Acts and answers like GET, with more fields in a form.
    Post,
}

/// A request that nothing is known of yet: its method, and its fields as they were encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawRequest {
    /// The method.
    pub method: Method,
    /// The query string, percent-encoded.
    pub query: Vec<u8>,
    /// The form, percent-encoded; empty unless the method is POST.
    pub form: Vec<u8>,
}

impl RawRequest {
    /// Reads the request from a CGI environment. Exactly `CONTENT_LENGTH` bytes of `body` are read, and none unless the
    /// method is POST.
    pub fn from_cgi(environment: &Environment, body: impl Read) -> Result<Self, Rejected> {
        Self::with_body_of(&[FORM_TYPE], environment, body)
    }

    /// The same where a body may be of any of these media types.
    pub fn with_body_of(
        media_types: &[&str],
        environment: &Environment,
        body: impl Read,
    ) -> Result<Self, Rejected> {
        let bytes = |name| environment.get(name).map(OsStrExt::as_bytes).unwrap_or_default();
        if !matches!(bytes("PATH_INFO"), b"" | b"/") {
            return Err(Rejected::NotFound("this program has one URL, without a path behind it"));
        }
        let method = match bytes("REQUEST_METHOD") {
            b"GET" | b"" => Method::Get,
            b"HEAD" => Method::Head,
            b"POST" => Method::Post,
            _ => return Err(Rejected::MethodNotAllowed("GET, HEAD, POST")),
        };
        let query = bytes("QUERY_STRING").to_vec();
        if query.len() > MOST_QUERY {
            return Err(Rejected::QueryTooLong);
        }
        let form = match method {
            Method::Post => {
                let well_typed = |essence: &[u8]| {
                    media_types.iter().any(|known| essence.eq_ignore_ascii_case(known.as_bytes()))
                };
                read_body(bytes("CONTENT_TYPE"), well_typed, bytes("CONTENT_LENGTH"), body)?
            }
            Method::Get | Method::Head => Vec::new(),
        };
        Ok(Self { method, query, form })
    }
}

/// A media type without its parameters.
pub fn essence(media_type: &[u8]) -> &[u8] {
    media_type.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii()
}

fn read_body(
    media_type: &[u8],
    well_typed: impl FnOnce(&[u8]) -> bool,
    length: &[u8],
    body: impl Read,
) -> Result<Vec<u8>, Rejected> {
    if length.is_empty() {
        return Err(Rejected::LengthRequired);
    }
    if !length.iter().all(u8::is_ascii_digit) {
        return Err(Rejected::Malformed("CONTENT_LENGTH is not a number"));
    }
    // A length that does not fit into a number is beyond every limit.
    let length = std::str::from_utf8(length).ok().and_then(|digits| digits.parse().ok()).unwrap_or(u64::MAX);
    if length == 0 && media_type.is_empty() {
        return Ok(Vec::new());
    }
    if !well_typed(essence(media_type)) {
        return Err(Rejected::NotAForm);
    }
    if length > MOST_FORM as u64 {
        return Err(Rejected::FormTooLarge);
    }
    let mut form = Vec::new();
    match body.take(length).read_to_end(&mut form) {
        Ok(read) if read as u64 == length => Ok(form),
        Err(error) if error.kind() == ErrorKind::TimedOut => Err(Rejected::TooSlow),
        Ok(_) | Err(_) => Err(Rejected::Malformed("the form ends before CONTENT_LENGTH")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn post(length: &str, media_type: &str, body: &str) -> Result<Vec<u8>, Rejected> {
        let environment = Environment::from_iter([
            ("REQUEST_METHOD", "POST"),
            ("CONTENT_LENGTH", length),
            ("CONTENT_TYPE", media_type),
        ]);
        RawRequest::from_cgi(&environment, body.as_bytes()).map(|request| request.form)
    }

    #[test]
    fn exactly_content_length_bytes_are_read() {
        assert_eq!(post("3", FORM_TYPE, "a=b&rest"), Ok(b"a=b".to_vec()));
        assert!(matches!(post("9", FORM_TYPE, "a=b"), Err(Rejected::Malformed(_))));
        assert_eq!(post("0", "", "a=b"), Ok(Vec::new()));
    }

    #[test]
    fn a_form_needs_a_usable_length_and_the_right_type() {
        assert_eq!(post("", FORM_TYPE, "a=b"), Err(Rejected::LengthRequired));
        for length in ["x", "-1", "+3", "3 ", "0x3"] {
            assert!(matches!(post(length, FORM_TYPE, "a=b"), Err(Rejected::Malformed(_))), "{length}");
        }
        for length in ["8193", "99999999999999999999999"] {
            assert_eq!(post(length, FORM_TYPE, ""), Err(Rejected::FormTooLarge));
        }
        assert!(post("8192", FORM_TYPE, &"x".repeat(MOST_FORM)).is_ok());
        for media_type in ["", "text/plain", "application/x-www-form-urlencodedx"] {
            assert_eq!(post("3", media_type, "a=b"), Err(Rejected::NotAForm), "{media_type}");
        }
        assert!(post("3", "Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=b").is_ok());
    }

    #[test]
    fn a_get_reads_no_body_and_a_tail_is_no_path_of_ours() {
        let get = Environment::from_iter([("REQUEST_METHOD", "GET"), ("CONTENT_LENGTH", "3")]);
        assert_eq!(RawRequest::from_cgi(&get, &b"a=b"[..]).unwrap().form, b"");
        let slash = get.clone().with("PATH_INFO", "/");
        assert!(RawRequest::from_cgi(&slash, io::empty()).is_ok());
        let tail = get.with("PATH_INFO", "/1234");
        assert!(matches!(RawRequest::from_cgi(&tail, io::empty()), Err(Rejected::NotFound(_))));
    }

    #[test]
    fn other_methods_and_long_queries_are_rejected() {
        for method in ["PUT", "get", "DELETE", "OPTIONS"] {
            let environment = Environment::from_iter([("REQUEST_METHOD", method)]);
            let rejected = RawRequest::from_cgi(&environment, io::empty());
            assert_eq!(rejected, Err(Rejected::MethodNotAllowed("GET, HEAD, POST")), "{method}");
        }
        let query = |length| Environment::from_iter([("QUERY_STRING", "x".repeat(length))]);
        assert!(RawRequest::from_cgi(&query(MOST_QUERY), io::empty()).is_ok());
        let too_long = RawRequest::from_cgi(&query(MOST_QUERY + 1), io::empty());
        assert_eq!(too_long, Err(Rejected::QueryTooLong));
    }
}
