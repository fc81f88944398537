//! Connections to Redis on which nothing lasts beyond a deadline: not the look-up of a name, not connecting,
//! not TLS, not a server that answers a byte at a time. The protocol itself is the business of the redis crate.

use super::tls;
use super::url::{Login, Node};
use redis::{Parser, Pipeline, Value, pipe};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, connect, socket, sockopt};
use rustls::{ClientConnection, StreamOwned};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A connection to one node.
pub(super) struct Wire {
    stream: Stream,
    parser: Parser,
    greeted: bool,
}

/// The answers to a pipeline: those to the login and the choice of the database up to the first error, and
/// those to the commands, none of which counts after such an error.
pub(super) struct Replies {
    pub(super) greeting: Vec<Value>,
    pub(super) replies: Vec<Value>,
}

impl Wire {
    pub(super) fn to(node: &Node, deadline: Instant) -> io::Result<Self> {
        let stream = match node {
            Node::Tcp { host, port } => {
                Stream::Plain(Socket::Tcp(connect_tcp(host, *port, deadline)?).until(deadline))
            }
            Node::Tls { host, port } => {
                let tcp = Socket::Tcp(connect_tcp(host, *port, deadline)?).until(deadline);
                Stream::Tls(Box::new(StreamOwned::new(tls::client(host)?, tcp)))
            }
            Node::Unix(path) => Stream::Plain(Socket::Unix(connect_unix(path, deadline)?).until(deadline)),
        };
        Ok(Self { stream, parser: Parser::new(), greeted: false })
    }

    /// Whether somebody has been here before; a server may have closed such a connection in the meantime.
    pub(super) fn is_used(&self) -> bool {
        self.greeted
    }

    /// Sends commands and waits for all answers: one round trip, which on a new connection carries the
    /// login and the choice of the database as well.
    pub(super) fn exchange(
        &mut self,
        commands: &Pipeline,
        login: Option<&Login>,
        db: i64,
        deadline: Instant,
    ) -> io::Result<Replies> {
        let greeting = if self.greeted { pipe() } else { greeting(login, db) };
        let mut bytes = greeting.get_packed_pipeline();
        bytes.extend(commands.get_packed_pipeline());
        self.stream.timed().deadline = deadline;
        self.stream.write_all(&bytes)?;
        self.stream.flush()?;
        let mut answers = Replies { greeting: Vec::new(), replies: Vec::new() };
        for _ in 0..greeting.len() {
            answers.greeting.push(self.read()?);
            // What Redis says when it lets nobody in, such as that it has too many clients, may be its last word.
            if let Some(Value::ServerError(_)) = answers.greeting.last() {
                return Ok(answers);
            }
        }
        for _ in 0..commands.len() {
            answers.replies.push(self.read()?);
        }
        self.greeted = true;
        Ok(answers)
    }

    fn read(&mut self) -> io::Result<Value> {
        let mut reader = Reader { stream: &mut self.stream, failure: None };
        self.parser.parse_value(&mut reader).map_err(|error| match reader.failure.take() {
            Some(failure) => failure,
            None if error.is_io_error() => ErrorKind::UnexpectedEof.into(),
            None => ErrorKind::InvalidData.into(),
        })
    }
}

fn greeting(login: Option<&Login>, db: i64) -> Pipeline {
    let mut greeting = pipe();
    if let Some(Login { user, password }) = login {
        greeting.cmd("AUTH").arg(user).arg(password);
    }
    if db != 0 {
        greeting.cmd("SELECT").arg(db);
    }
    greeting
}

/// What is left until the deadline; an error when it has passed. Never zero, which sockets take for no limit.
fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left.max(Duration::from_micros(1))) }
}

fn connect_tcp(host: &str, port: u16, deadline: Instant) -> io::Result<TcpStream> {
    let addresses = addresses(host, port, deadline)?;
    let mut failure = io::Error::other("the name has no address");
    for (tried, address) in addresses.iter().enumerate() {
        // An address that is a black hole leaves its share of the time to the others.
        let others = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
        match TcpStream::connect_timeout(address, (left(deadline)? / others).max(Duration::from_millis(1))) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

fn addresses(host: &str, port: u16, deadline: Instant) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    // The resolver of the C library can't be given a deadline, so it is left behind when it takes too long.
    let (found, wait) = mpsc::channel();
    let name = host.to_owned();
    std::thread::Builder::new().spawn(move || {
        let addresses = (name.as_str(), port).to_socket_addrs().map(Iterator::collect);
        // Nobody listens any more when the deadline has passed.
        let _ = found.send(addresses);
    })?;
    wait.recv_timeout(left(deadline)?).map_err(|_| io::Error::from(ErrorKind::TimedOut))?
}

fn connect_unix(path: &Path, deadline: Instant) -> io::Result<UnixStream> {
    let unix = socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
    // The queue of a server that accepts nobody is full at some time, and then connecting itself waits.
    sockopt::set_socket_timeout(&unix, sockopt::Timeout::Send, Some(left(deadline)?))?;
    connect(&unix, &SocketAddrUnix::new(path)?)?;
    Ok(UnixStream::from(unix))
}

enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Socket {
    fn until(self, deadline: Instant) -> Timed {
        Timed { socket: self, deadline }
    }
}

/// A socket whose every operation ends by the deadline.
struct Timed {
    socket: Socket,
    deadline: Instant,
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let timeout = Some(left(self.deadline)?);
        match &mut self.socket {
            Socket::Tcp(tcp) => tcp.set_read_timeout(timeout).and_then(|()| tcp.read(buffer)),
            Socket::Unix(unix) => unix.set_read_timeout(timeout).and_then(|()| unix.read(buffer)),
        }
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let timeout = Some(left(self.deadline)?);
        match &mut self.socket {
            Socket::Tcp(tcp) => tcp.set_write_timeout(timeout).and_then(|()| tcp.write(bytes)),
            Socket::Unix(unix) => unix.set_write_timeout(timeout).and_then(|()| unix.write(bytes)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Stream {
    Plain(Timed),
    Tls(Box<StreamOwned<ClientConnection, Timed>>),
}

impl Stream {
    fn timed(&mut self) -> &mut Timed {
        match self {
            Self::Plain(timed) => timed,
            Self::Tls(tls) => &mut tls.sock,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(timed) => timed.read(buffer),
            Self::Tls(tls) => tls.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(timed) => timed.write(bytes),
            Self::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(timed) => timed.flush(),
            Self::Tls(tls) => tls.flush(),
        }
    }
}

/// Remembers how reading failed, which the parser's own error no longer tells.
struct Reader<'a> {
    stream: &'a mut Stream,
    failure: Option<io::Error>,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.read(buffer).map_err(|error| {
            let same_kind = error.kind().into();
            if error.kind() != ErrorKind::Interrupted {
                self.failure = Some(error);
            }
            same_kind
        })
    }
}
