//! A raw HTTP/1.1 client: what a test wants to send goes out byte for byte, and what comes back is taken
//! apart strictly.
//!
//! A client library would tidy requests up (escapes, methods, lengths), and untidy ones are what these tests
//! are about.

use nix::sys::socket::{AddressFamily, SockFlag, SockType, SockaddrIn, bind, connect, socket};
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::os::fd::AsRawFd;
use std::time::Duration;

/// How long a server may take over one read or write before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The media type of a form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Body {
    /// No body, and no word about its length.
    None,
    /// A body announced by `Content-Length`.
    Sized(Vec<u8>),
    /// A body sent in two chunks, without a length.
    Chunked(Vec<u8>),
}

/// A request, still without knowing where it goes.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method, sent as it is.
    pub method: String,
    /// What follows the script's own path: a path tail, `?` and a query, or nothing.
    pub tail: String,
    /// `Content-Type`, if there is one.
    pub content_type: Option<String>,
    /// The body.
    pub body: Body,
    /// Other header fields: names and values.
    pub headers: Vec<(&'static str, String)>,
}

impl Request {
    /// A request with `method` for the script's path followed by `tail`.
    pub fn new(method: &str, tail: &str) -> Self {
        Self {
            method: method.into(),
            tail: tail.into(),
            content_type: None,
            body: Body::None,
            headers: Vec::new(),
        }
    }

    /// A GET.
    pub fn get(tail: &str) -> Self {
        Self::new("GET", tail)
    }

    /// A POST of form data.
    pub fn form(tail: &str, form: &str) -> Self {
        Self::new("POST", tail).with(FORM, Body::Sized(form.into()))
    }

    /// The same request with a body of that type.
    pub fn with(mut self, content_type: &str, body: Body) -> Self {
        self.content_type = Some(content_type.into());
        self.body = body;
        self
    }

    /// The same request with a header field more.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The bytes that go over the wire when the script stands at `path`.
    fn to_bytes(&self, path: &str) -> Vec<u8> {
        let mut head = format!("{} {path}{} HTTP/1.1\r\n", self.method, self.tail);
        head += "Host: localhost\r\nConnection: close\r\n";
        if let Some(content_type) = &self.content_type {
            head += &format!("Content-Type: {content_type}\r\n");
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        match &self.body {
            Body::None => [head.as_bytes(), b"\r\n"].concat(),
            Body::Sized(body) => {
                head += &format!("Content-Length: {}\r\n\r\n", body.len());
                [head.as_bytes(), body].concat()
            }
            Body::Chunked(body) => {
                head += "Transfer-Encoding: chunked\r\n\r\n";
                let mut bytes = head.into_bytes();
                let (front, back) = body.split_at(body.len() / 2);
                for chunk in [front, back, b""] {
                    bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
                    bytes.extend([chunk, b"\r\n"].concat());
                }
                bytes
            }
        }
    }

    /// Sends the request to the server at `address`, whose script stands at `path`.
    pub fn send(&self, address: SocketAddr, path: &str) -> io::Result<Response> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        self.answered(self.sent(stream, path)?)
    }

    /// The same from another address of this machine, such as 127.0.0.2, to the server at a port of 127.0.0.1.
    pub fn send_from(&self, source: Ipv4Addr, port: u16, path: &str) -> io::Result<Response> {
        let socket = socket(AddressFamily::Inet, SockType::Stream, SockFlag::SOCK_CLOEXEC, None)?;
        bind(socket.as_raw_fd(), &SockaddrIn::from(SocketAddrV4::new(source, 0)))?;
        connect(socket.as_raw_fd(), &SockaddrIn::from(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port)))?;
        self.answered(self.sent(socket.into(), path)?)
    }

    /// The same to a server that does not close the connection: the response ends where its length says. What takes long
    /// there is the server's to give up on.
    pub fn send_by_length(&self, address: SocketAddr, path: &str) -> io::Result<Response> {
        let mut stream = self.sent(TcpStream::connect_timeout(&address, PATIENCE)?, path)?;
        stream.set_read_timeout(None)?;
        let (mut raw, mut piece) = (Vec::new(), [0; 8192]);
        loop {
            let read = stream.read(&mut piece)?;
            raw.extend(&piece[..read]);
            match Response::from_http(&raw, false) {
                Some(response) if response.header("content-length").is_some() => return Ok(response),
                _ if read == 0 => return Err(no_response(&raw)),
                _ => {}
            }
        }
    }

    /// The connection, after the request has been sent on it.
    fn sent(&self, mut stream: TcpStream, path: &str) -> io::Result<TcpStream> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(&self.to_bytes(path))?;
        Ok(stream)
    }

    /// The response on a connection that the server closes behind it.
    fn answered(&self, mut stream: TcpStream) -> io::Result<Response> {
        let mut raw = Vec::new();
        stream.read_to_end(&mut raw)?;
        Response::from_http(&raw, self.method == "HEAD").ok_or_else(|| no_response(&raw))
    }
}

fn no_response(raw: &[u8]) -> io::Error {
    io::Error::other(format!("no HTTP response: {:?}", String::from_utf8_lossy(raw)))
}

/// A response, whole.
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header fields in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, freed of any transfer coding.
    pub body: Vec<u8>,
}

impl fmt::Debug for Response {
    /// Shows the body as text, which is what a failed assertion is read for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {}", self.status, self.headers, String::from_utf8_lossy(&self.body))
    }
}

impl Response {
    /// Reads what a server sent over a connection that it closed afterwards.
    fn from_http(raw: &[u8], head: bool) -> Option<Self> {
        let (start, headers, rest) = split(raw)?;
        let status = start.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
        let response = Self { status, headers, body: rest.to_vec() };
        // The answer to HEAD names the length of a body that isn't sent.
        let body = if head {
            rest.to_vec()
        } else if response.header("transfer-encoding") == Some("chunked") {
            unchunk(rest)?
        } else {
            match response.header("content-length") {
                Some(length) if length.parse() != Ok(rest.len()) => return None,
                _ => rest.to_vec(),
            }
        };
        Some(Self { body, ..response })
    }

    /// Reads what a CGI program printed.
    pub fn from_cgi(raw: &[u8]) -> Option<Self> {
        let (start, mut headers, body) = split(raw)?;
        let (name, value) = field(start)?;
        headers.insert(0, (name, value));
        let status = match headers.iter().position(|(name, _)| name == "status") {
            Some(at) => headers.remove(at).1.get(..3)?.parse().ok()?,
            None => 200,
        };
        Some(Self { status, headers, body: body.to_vec() })
    }

    /// The value of a header field that stands there once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(n, _)| n == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} twice: {self:?}");
        value
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }
}

type Fields = Vec<(String, String)>;

/// The first line, the header fields after it, and what follows the empty line.
fn split(raw: &[u8]) -> Option<(&str, Fields, &[u8])> {
    let end = raw.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&raw[..end]).ok()?;
    let (start, rest) = head.split_once("\r\n").unwrap_or((head, ""));
    let fields = rest.split("\r\n").filter(|line| !line.is_empty());
    Some((start, fields.map(field).collect::<Option<_>>()?, &raw[end + 4..]))
}

/// A header field; its name in lower case.
fn field(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    Some((name.to_ascii_lowercase(), value.trim().to_string()))
}

/// The data of a chunked body, which has to be complete.
fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    loop {
        let line = rest.windows(2).position(|w| w == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(data);
        }
        data.extend(rest.get(line + 2..line + 2 + size)?);
        rest = rest.get(line + 2 + size + 2..)?;
    }
}
