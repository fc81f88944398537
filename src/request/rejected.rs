//! Requests that are answered with an HTTP error.

use crate::response::Response;

/// Why a request is answered with an HTTP error (contract section 2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// 400: the request can't be understood. The text says why.
    Malformed(&'static str),
    /// 404: there is nothing of that name. The text says what.
    NotFound(&'static str),
    /// 405: another method is needed. The text lists the methods.
    MethodNotAllowed(&'static str),
    /// 408: the form did not come in time.
    TooSlow,
    /// 411: a form without its length.
    LengthRequired,
    /// 413: the form is too large.
    FormTooLarge,
    /// 414: the query is too long.
    QueryTooLong,
    /// 415: the body is not a form.
    NotAForm,
}

impl Rejected {
    /// The response that says so.
    pub fn response(&self) -> Response {
        match *self {
            Self::Malformed(why) => Response::error("400 Bad Request", why),
            Self::NotFound(what) => Response::error("404 Not Found", what),
            Self::MethodNotAllowed(methods) => Response {
                headers: vec![("Allow", methods.into())],
                ..Response::error("405 Method Not Allowed", "this takes another method")
            },
            Self::TooSlow => Response::error("408 Request Timeout", "the form did not come in time"),
            Self::LengthRequired => Response::error("411 Length Required", "a form needs its length"),
            Self::FormTooLarge => Response::error("413 Content Too Large", "the form is too large"),
            Self::QueryTooLong => Response::error("414 URI Too Long", "the query is too long"),
            Self::NotAForm => Response::error(
                "415 Unsupported Media Type",
                "the body must be application/x-www-form-urlencoded",
            ),
        }
    }
}
