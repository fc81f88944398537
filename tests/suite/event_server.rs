//! The place where a platform takes events for its sessions (contract section 10).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;

/// What was posted: path, type and body.
pub type Posted = (String, String, String);

/// Takes events as a platform does that gives each connection a thread. The last part of a URL is the status of the answer.
pub struct EventServer {
    pub port: u16,
    posted: Arc<Mutex<Vec<Posted>>>,
    connections: Receiver<()>,
}

impl EventServer {
    /// Answers with the status that a path ends in, and never where it ends in `hang`.
    pub fn start() -> Self {
        Self::answering(|stream, status| {
            let location = status.starts_with('3').then_some("Location: /ccxml/elsewhere/204\r\n");
            let head = format!(
                "HTTP/1.1 {status} X\r\n{}Content-Length: 0\r\nConnection: close\r\n\r\n",
                location.unwrap_or("")
            );
            let _ = stream.write_all(head.as_bytes());
        })
    }

    /// Answers by this, which gets the status that a path ends in.
    pub fn answering(answer: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let posted = Arc::new(Mutex::new(Vec::new()));
        let (tell, connections) = mpsc::channel();
        let (list, answer) = (posted.clone(), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, list, answer) = (stream.unwrap(), list.clone(), answer.clone());
                let _ = tell.send(());
                thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    let status = request.0.rsplit('/').next().unwrap().to_owned();
                    list.lock().unwrap().push(request);
                    match status.as_str() {
                        // Until the other side gives up.
                        "hang" => drop(stream.read_to_end(&mut Vec::new())),
                        status => answer(&mut stream, status),
                    }
                });
            }
        });
        Self { port, posted, connections }
    }

    /// The URLs that it takes events at begin so, as `CONFERENCE_CONTROL` says.
    pub fn setting(&self) -> String {
        format!("http://127.0.0.1:{}/ccxml/", self.port)
    }

    /// What has been posted since this was asked last.
    pub fn posted(&self) -> Vec<Posted> {
        std::mem::take(&mut *self.posted.lock().unwrap())
    }

    /// The sessions that have been told to look since this was asked last, sorted.
    pub fn told(&self) -> Vec<String> {
        sessions(&self.posted())
    }

    /// How many connections have come since this was asked last.
    pub fn connections(&self) -> usize {
        self.connections.try_iter().count()
    }
}

/// The sessions that are told to look by what was posted, sorted.
pub fn sessions(posted: &[Posted]) -> Vec<String> {
    let session = |(_, _, body): &Posted| {
        let fields: Vec<(String, String)> = serde_urlencoded::from_str(body).unwrap();
        assert!(fields.contains(&("name".to_owned(), "line.look".to_owned())), "{body}");
        fields.iter().find(|(name, _)| name == "sessionid").unwrap().1.clone()
    };
    let mut sessions: Vec<_> = posted.iter().map(session).collect();
    sessions.sort();
    sessions
}

/// Reads a request; none where the other side is gone.
fn read(stream: &TcpStream) -> Option<Posted> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length, mut media_type) = (String::new(), 0, String::new());
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let path = match (words.next()?, words.next()?) {
        ("POST", path) => path.to_owned(),
        (other, path) => format!("{other} {path}"),
    };
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        match line.trim().to_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(("content-type", value)) => media_type = value.to_owned(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, media_type, String::from_utf8(body).unwrap()))
}
