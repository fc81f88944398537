//! Answers, complete with their headers (RFC 3875 section 6), whatever happened.

use std::borrow::Cow;
use std::io::{self, Write};

/// The media types of what is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// CCXML 1.0 (RFC 4267).
    Ccxml,
    /// CCXML before it had a media type of its own.
    Ccxml2002,
    /// VoiceXML (RFC 4267).
    VoiceXml,
    /// ECMAScript (RFC 4329).
    Script,
    /// A message for people.
    Text,
    /// A page of the desk.
    Html,
    /// The desk for programs (RFC 8259).
    Json,
    /// Gauges in the text format of Prometheus.
    Metrics,
    /// The stylesheet of the desk's pages.
    Stylesheet,
    /// The script of the desk's pages (RFC 9239).
    PageScript,
    /// The icon of the desk's pages.
    Icon,
}

/// An HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Status code and reason phrase.
    pub status: &'static str,
    /// The type of the body.
    pub media_type: MediaType,
    /// Headers of its own, which most responses have none of.
    pub headers: Vec<Header>,
    /// The body.
    pub body: String,
}

/// A header: its name and its value, which is one line of visible ASCII.
pub type Header = (&'static str, Cow<'static, str>);

impl MediaType {
    fn name(self) -> &'static str {
        match self {
            Self::Ccxml => "application/ccxml+xml; charset=utf-8",
            Self::Ccxml2002 => "text/xml; charset=utf-8",
            Self::VoiceXml => "application/voicexml+xml; charset=utf-8",
            Self::Script => "text/ecmascript; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::Metrics => "text/plain; version=0.0.4; charset=utf-8",
            Self::Stylesheet => "text/css; charset=utf-8",
            Self::PageScript => "text/javascript; charset=utf-8",
            Self::Icon => "image/svg+xml; charset=utf-8",
        }
    }

    /// Prompts depend on nothing but their URL and the settings, which are given five minutes to take
    /// effect. What belongs to a page has its content's hash in its URL. Everything else is about one moment.
    fn cache_control(self) -> &'static str {
        match self {
            Self::VoiceXml => "max-age=300",
            Self::Stylesheet | Self::PageScript | Self::Icon => "max-age=31536000, immutable",
            Self::Ccxml | Self::Ccxml2002 | Self::Script | Self::Text => "no-store",
            Self::Html | Self::Json | Self::Metrics => "no-store",
        }
    }
}

impl Response {
    /// A document.
    pub fn document(media_type: MediaType, body: String) -> Self {
        Self { status: "200 OK", media_type, headers: Vec::new(), body }
    }

    /// The answer when the tokens can't be reached; the reason is the operator's business alone.
    pub fn unavailable() -> Self {
        Self {
            headers: vec![("Retry-After", "5".into())],
            ..Self::error("503 Service Unavailable", "the conference line cannot be reached at the moment")
        }
    }

    /// The answer when anything else failed.
    pub fn failure() -> Self {
        Self::error("500 Internal Server Error", "the conference line failed")
    }

    /// An HTTP error with a sentence for whoever sent the request.
    pub fn error(status: &'static str, message: &str) -> Self {
        Self { status, media_type: MediaType::Text, headers: Vec::new(), body: format!("{message}\n") }
    }

    /// Writes the response as a CGI program does, in one piece; for HEAD without the body.
    pub fn write(self, mut to: impl Write, head: bool) -> io::Result<()> {
        let mut headers = format!(
            "Status: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: {}\r\n",
            self.status,
            self.media_type.name(),
            self.body.len(),
            self.media_type.cache_control(),
        );
        for (name, value) in &self.headers {
            headers.push_str(&format!("{name}: {value}\r\n"));
        }
        headers.push_str("\r\n");
        // Moved up where it is: a second copy of a document costs more than that, in pages that are touched for the first
        // time.
        let mut text = if head { String::new() } else { self.body };
        text.insert_str(0, &headers);
        to.write_all(text.as_bytes())?;
        to.flush()
    }
}
