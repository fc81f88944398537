//! A web server of a test's own on loopback.

use ccxml_platform::{CgiWeb, HttpRequest, HttpResponse, Web};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// A request as it has arrived: head and body.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub head: String,
    pub request: HttpRequest,
}

/// A server that runs until the test is over.
pub struct Server {
    address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Server {
    /// Answers every request by a function.
    pub fn new(answer: impl FnMut(&HttpRequest) -> HttpResponse + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&arrived), Arc::new(Mutex::new(answer)));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                std::thread::spawn(move || {
                    let Some((stream, arrived)) = read(stream.unwrap()) else { return };
                    log.lock().unwrap().push(arrived.clone());
                    let response = (answer.lock().unwrap())(&arrived.request);
                    write(stream, &response);
                });
            }
        });
        Server { address, arrived }
    }

    /// The program behind a web server; what the function answers goes before.
    pub fn with_program(
        mut before: impl FnMut(&HttpRequest) -> Option<HttpResponse> + Send + 'static,
    ) -> Self {
        let tokens = TempDir::new().unwrap();
        let web = CgiWeb::new(super::BINARY).script_name("/line").env("CONFERENCE_CONFIG", "");
        let mut web = web.env("CONFERENCE_DIR", tokens.path());
        Server::new(move |request| {
            assert!(tokens.path().exists());
            before(request).unwrap_or_else(|| web.request(request).unwrap())
        })
    }

    pub fn url(&self) -> String {
        format!("http://{}/line", self.address)
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

fn read(stream: TcpStream) -> Option<(TcpStream, Arrived)> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let mut words = head.split(' ');
    let method = if words.next() == Some("POST") { "POST" } else { "GET" };
    let url = format!("http://line{}", words.next().unwrap());
    let form = (method == "POST").then(|| String::from_utf8(body).unwrap());
    let request = HttpRequest { method, url, form, at: Duration::ZERO, caller: String::new() };
    Some((reader.into_inner(), Arrived { head, request }))
}

fn write(mut stream: TcpStream, response: &HttpResponse) {
    let mut head = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", response.status);
    for (name, value) in &response.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if response.headers.is_empty() {
        head.push_str(&format!("Content-Type: {}\r\n", response.content_type));
        head.push_str(&format!("Content-Length: {}\r\n", response.body.len()));
    }
    let _ = stream.write_all(format!("{head}\r\n{}", response.body).as_bytes());
}
