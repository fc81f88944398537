//! Real redis-servers of a test's own, on the loopback interface and on a socket, in temporary folders, gone
//! when the test is over; and what stands in for a Redis in a state that a real one is hard to bring into.

use crate::program::until;
use crate::servers::installed;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(20);

/// A Redis that runs until it is dropped.
pub struct RedisServer {
    folder: TempDir,
    port: u16,
    process: Child,
    password: String,
}

impl RedisServer {
    /// An empty Redis; none where redis-server isn't installed, unless it has to be.
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// The same with settings of redis.conf, each name with two dashes before it.
    pub fn start_with(settings: &[&str]) -> Option<Self> {
        Self::start_as(|_, port| {
            let settings = settings.iter().map(|word| (*word).to_owned());
            ["--port".to_owned(), port.to_string()].into_iter().chain(settings).collect()
        })
    }

    /// The same with a password for the default user.
    pub fn start_with_password(password: &str) -> Option<Self> {
        let mut server = Self::start_with(&["--requirepass", password])?;
        password.clone_into(&mut server.password);
        Some(server)
    }

    /// The same with nothing but TLS on its port, by a certificate for 127.0.0.1 from a CA of its own.
    pub fn start_with_tls() -> Option<Self> {
        installed("openssl")?;
        Self::start_as(|folder, port| {
            make_certificates(folder);
            let files = ["cert", "key", "ca-cert"];
            let files = files.map(|what| [format!("--tls-{what}-file"), format!("{what}.pem")]);
            let port = port.to_string();
            let settings =
                ["--port", "0", "--tls-port", &port, "--tls-auth-clients", "no"].map(str::to_owned);
            settings.into_iter().chain(files.into_iter().flatten()).collect()
        })
    }

    /// A Sentinel that watches `master` under the name `line`, with a password that it asks for itself.
    pub fn start_sentinel(master: &Self, password: &str) -> Option<Self> {
        let mut server = Self::start_as(|folder, port| {
            let watched = format!("line 127.0.0.1 {}", master.port);
            let mut settings = format!("port {port}\nsentinel monitor {watched} 1\n");
            settings += "sentinel down-after-milliseconds line 500\nsentinel failover-timeout line 3000\n";
            for (setting, password) in
                [("sentinel auth-pass line", &*master.password), ("requirepass", password)]
            {
                if !password.is_empty() {
                    settings += &format!("{setting} {password}\n");
                }
            }
            fs::write(folder.join("sentinel.conf"), settings).unwrap();
            vec!["sentinel.conf".to_owned(), "--sentinel".to_owned()]
        })?;
        password.clone_into(&mut server.password);
        Some(server)
    }

    /// A server with the arguments for a folder and a port.
    fn start_as(arguments: impl Fn(&Path, u16) -> Vec<String>) -> Option<Self> {
        let program = installed("redis-server")?;
        installed("redis-cli")?;
        for _ in 0..5 {
            let folder = TempDir::new().unwrap();
            let port = free_port();
            let process = Command::new(&program)
                .args(arguments(folder.path(), port))
                .args(["--bind", "127.0.0.1", "--unixsocket", "socket", "--save", "", "--logfile", "log"])
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let mut server = Self { folder, port, process, password: String::new() };
            if server.comes_up() {
                return Some(server);
            }
            // Somebody else has taken the port since it was free.
        }
        panic!("redis-server does not start");
    }

    /// Redis opens its port before its socket, so where the socket answers the port does.
    fn comes_up(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        while self.process.try_wait().unwrap().is_none() {
            if UnixStream::connect(self.socket()).is_ok() {
                return true;
            }
            assert!(Instant::now() < deadline, "{:?}", fs::read_to_string(self.folder.path().join("log")));
            thread::sleep(Duration::from_millis(2));
        }
        false
    }

    /// Its address on the loopback interface, for `CONFERENCE_STORE`.
    pub fn url(&self) -> String {
        match self.password.as_str() {
            "" => format!("redis://{}", self.address()),
            password => format!("redis://:{password}@{}", self.address()),
        }
    }

    /// Its socket, for `CONFERENCE_STORE`.
    pub fn socket_url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// The certificate of the CA that a server with TLS has its own from.
    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca-cert.pem")
    }

    fn client(&self) -> Command {
        let mut client = Command::new("redis-cli");
        if !self.password.is_empty() {
            client.env("REDISCLI_AUTH", &self.password);
        }
        client.arg("-s").arg(self.socket());
        client
    }

    /// What redis-cli prints for a command.
    pub fn cli(&self, command: &[&str]) -> String {
        let output = self.client().args(command).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// All keys, sorted.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.cli(&["KEYS", "*"]).lines().map(str::to_owned).collect();
        keys.retain(|key| !key.is_empty());
        keys.sort();
        keys
    }

    /// Removes everything.
    pub fn flush(&self) {
        assert_eq!(self.cli(&["FLUSHALL"]), "OK");
    }

    /// How often a command has been executed since the start.
    pub fn calls(&self, command: &str) -> u64 {
        let stats = self.cli(&["INFO", "commandstats"]);
        let line = stats.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls=")));
        line.map_or(0, |rest| rest.split(',').next().unwrap().parse().unwrap())
    }

    /// A number of its statistics; none where it has no such one.
    pub fn stat(&self, name: &str) -> Option<u64> {
        let stats = self.cli(&["INFO", "stats"]);
        let value = stats.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.map(|value| value.trim().parse().unwrap())
    }

    /// Stops it at once, as a debugger would; it neither answers nor closes anything.
    pub fn stop(&self) {
        kill(Pid::from_raw(self.process.id().cast_signed()), Signal::SIGSTOP).unwrap();
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Three nodes that are one cluster, without replicas.
pub fn cluster() -> Option<[RedisServer; 3]> {
    let settings = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
    let nodes = [
        RedisServer::start_with(&settings)?,
        RedisServer::start_with(&settings)?,
        RedisServer::start_with(&settings)?,
    ];
    let created = Command::new("redis-cli")
        .args(["--cluster", "create", "--cluster-yes"])
        .args(nodes.iter().map(RedisServer::address))
        .output()
        .unwrap();
    assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stdout));
    until(|| nodes.iter().all(|node| node.cli(&["CLUSTER", "INFO"]).contains("cluster_state:ok")));
    Some(nodes)
}

/// Serves every connection by `serve`, on a thread of its own; gives the address, as a URL of a Redis.
pub fn serve(serve: impl Fn(TcpStream) + Copy + Send + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            thread::spawn(move || serve(connection));
        }
    });
    format!("redis://{address}")
}

/// An address that takes connections, and where nobody ever reads, for as long as the listener lives.
pub fn silent() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// What gives the same answer to whatever comes.
pub fn always(answer: &'static str) -> String {
    serve(move |mut connection| {
        while connection.read(&mut [0; 65536]).is_ok_and(|read| read > 0) {
            let _ = connection.write_all(answer.as_bytes());
        }
    })
}

/// What hands everything on to a Redis and its answers back, but for the answer to the second request.
pub fn losing_the_second_answer(redis: &RedisServer) -> String {
    let address: SocketAddr = redis.address().parse().unwrap();
    serve(move |mut connection| {
        let mut upstream = TcpStream::connect(address).unwrap();
        let mut bytes = [0; 65536];
        for answered in [true, false] {
            let Ok(read @ 1..) = connection.read(&mut bytes) else { return };
            upstream.write_all(&bytes[..read]).unwrap();
            let read = upstream.read(&mut bytes).unwrap();
            if answered {
                connection.write_all(&bytes[..read]).unwrap();
            }
        }
    })
}

/// A port that is free at this moment, low enough that the one for the nodes of a cluster, 10000 above, exists.
fn free_port() -> u16 {
    loop {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        if port < 55_000 {
            return port;
        }
    }
}

/// A CA in `ca-cert.pem`, and a certificate for 127.0.0.1 from it in `cert.pem` with its key in `key.pem`.
fn make_certificates(folder: &Path) {
    fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let openssl = |arguments: &[&str], more: &[&str]| {
        let output = Command::new("openssl").args(arguments).args(more).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let ca =
        ["-x509", "-days", "2", "-subj", "/CN=A CA of tests", "-keyout", "ca-key.pem", "-out", "ca-cert.pem"];
    openssl(&["req"], &[&key[..], &ca[..]].concat());
    let request = ["-subj", "/CN=redis", "-keyout", "key.pem", "-out", "request.pem"];
    openssl(&["req"], &[&key[..], &request[..]].concat());
    let sign = ["-in", "request.pem", "-days", "2", "-extfile", "names", "-out", "cert.pem"];
    let by = ["-req", "-CA", "ca-cert.pem", "-CAkey", "ca-key.pem", "-CAcreateserial"];
    openssl(&["x509"], &[&by[..], &sign[..]].concat());
}
