//! Starting servers as children, waiting until they answer, and leaving none behind.
//!
//! Also a module of the benchmarks.

#![allow(clippy::disallowed_methods)]

use std::fs::{self, File};
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::prctl::set_child_subreaper;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::waitpid;
use nix::unistd::Pid;

/// How long a server may take to do what it was asked for before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);

/// With this variable set a server that isn't installed fails its tests, which are skipped otherwise.
const REQUIRE: &str = "CCXML_CONFERENCE_REQUIRE_SERVERS";

/// A user and a group.
#[derive(Clone, Copy, Debug)]
pub struct User {
    /// The user's number.
    pub uid: u32,
    /// The number of the user's first group.
    pub gid: u32,
}

impl User {
    /// The user that web servers run as on this machine: Debian's, or the one that owns nothing.
    pub fn of_web_servers() -> Self {
        let passwd = fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
        let find = |name: &str| {
            let fields = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
            let entry = fields.into_iter().find(|fields| fields.len() > 3 && fields[0] == name)?;
            Some(Self { uid: entry[2].parse().ok()?, gid: entry[3].parse().ok()? })
        };
        find("www-data").or_else(|| find("nobody")).expect("there is a user www-data or nobody")
    }
}

/// The program `name`, also where an ordinary user's `PATH` doesn't lead to.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(more).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// The program `name`, or, where it isn't installed, a word about the tests that are skipped for it.
pub fn installed(name: &str) -> Option<PathBuf> {
    let found = find(name);
    if found.is_none() {
        skip(name);
    }
    found
}

/// Says that `what` isn't installed; fails where everything has to be.
pub fn skip(what: &str) {
    let required = std::env::var_os(REQUIRE).is_some_and(|value| !value.is_empty());
    assert!(!required, "{what} is not installed, and {REQUIRE} is set");
    // Past the test harness, which would keep back what a test that passes prints.
    let _ = writeln!(io::stderr(), "skipped: {what} is not installed");
}

/// A server in the foreground together with everything that it starts; dropping it ends them all.
pub struct Group(Child);

impl Group {
    /// Starts `command`. What it prints goes to the file `output`.
    pub fn start(command: &mut Command, output: &Path) -> Self {
        // Whatever a server's end orphans becomes a child of this process, which `drop` waits for.
        set_child_subreaper(true).expect("orphans can be taken in");
        let output =
            File::options().create(true).append(true).open(output).expect("the output file can be made");
        command.stdin(Stdio::null()).stderr(output.try_clone().expect("a descriptor is free")).stdout(output);
        let child = command.process_group(0).spawn();
        Self(child.unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    /// Whether the server itself has ended.
    fn ended(&mut self) -> bool {
        self.0.try_wait().expect("a child can be waited for").is_some()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // A server's own children would outlive it if it were killed alone. They are made ours when it ends
        // (see `start`), so that the group is empty when the last of them has been waited for, and nothing
        // can write to the folder any more.
        let group = self.0.id().cast_signed();
        let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        let _ = self.0.wait();
        while waitpid(Pid::from_raw(-group), None).is_ok() {}
    }
}

/// Starts a server on a free port of the loopback interface and waits until it takes connections.
/// `output` is where it says why it doesn't.
pub fn on_free_port(output: &Path, start: impl Fn(u16) -> Group) -> (Group, SocketAddr) {
    for _ in 0..5 {
        let address = free_address();
        let mut server = start(address.port());
        let deadline = Instant::now() + PATIENCE;
        // Between the look for a free port and the server's own bind somebody else may take it: then the
        // server ends at once, and the next port is tried.
        while !server.ended() && Instant::now() < deadline {
            if TcpStream::connect_timeout(&address, PATIENCE).is_ok() && !server.ended() {
                return (server, address);
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
    panic!("the server does not start: {}", fs::read_to_string(output).unwrap_or_default());
}

/// A loopback address with a port that is free at this moment.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    listener.local_addr().expect("a listener has an address")
}

/// Asks `question` until it has an answer, and fails with `what` when it takes too long.
pub fn eventually<T>(what: impl Fn() -> String, mut question: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = question() {
            return answer;
        }
        assert!(Instant::now() < deadline, "{}", what());
        thread::sleep(Duration::from_millis(5));
    }
}
