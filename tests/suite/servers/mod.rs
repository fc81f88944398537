//! The program behind real web servers, each with the very configuration that `deploy` holds.
//!
//! Every server is started by a test of its own, on a port of its own, with all its files in a temporary
//! folder, and is gone when the test is over. One set of scenarios is played to all of them; where a server
//! itself stands in the way of a request, [`Server`] says so.

pub mod apache;
pub mod bare;
mod busybox;
mod configuration;
pub mod lighttpd;
mod nginx;
mod process;
mod proxies;
mod scenario;

use std::fs::{self, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::http::{Request, Response};
use process::eventually;
pub use process::{Group, User, installed, on_free_port, skip};

/// Where the program is, as the configurations name it.
const PROGRAM: &str = "/usr/bin/ccxml-conference";

/// Where the program stands on every server.
pub const SCRIPT: &str = "/cgi-bin/ccxml-conference";

/// Where the desk stands on those servers that ask for a password.
pub const DESK: &str = "/conference-desk";

/// A line of a file of passwords, and how a browser sends the name and the password in it.
const PASSWORD: (&str, &str) =
    ("anna:$2y$04$tbkkowRnBlLSmpitbkGfveu1Icb.OgaQNnY2glUmKhm5FTRaXHy3e\n", "Basic YW5uYTpnZWhlaW0=");

/// What an address has before the host for the same.
pub const LOGIN: &str = "anna:geheim";

/// Starts a server for the folder of a test, unless it isn't installed.
pub type Start = for<'a> fn(&'a Setup) -> Option<Running<'a>>;

/// A kind of web server, and what is its own in how it treats a CGI program.
pub struct Server {
    /// Starts one.
    pub start: Start,
    /// What it makes of a form that is sent in chunks: with a length the program serves it, without one it
    /// answers 411.
    pub chunked_form: u16,
    /// The status of the script's path with a `/` behind it.
    pub slash_tail: u16,
    /// The status of a query with a broken percent escape.
    pub broken_escape: u16,
    /// The status of a number with `%00` in it, which can't be one.
    pub nul_in_query: u16,
}

impl Server {
    /// A server that hands everything to the program as it came, and the statuses that the program gives it.
    const fn plain(start: Start) -> Self {
        Self { start, chunked_form: 411, slash_tail: 200, broken_escape: 400, nul_in_query: 200 }
    }
}

/// The folder of one test: the program as the server finds it, the tokens, the settings, and all that a
/// server writes.
pub struct Setup {
    dir: TempDir,
    user: Option<User>,
    strangers: bool,
    more: String,
    settings: Vec<(String, String)>,
}

impl Setup {
    /// A folder with the program under test and an empty directory of tokens.
    pub fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("ccxml-").tempdir().expect("a folder can be made");
        // Who owns a file that we made is who we are.
        let root = dir.path().metadata().expect("the folder is there").uid() == 0;
        let user = root.then(User::of_web_servers);
        let mut setup = Self { dir, user, strangers: false, more: String::new(), settings: Vec::new() };
        setup.own(setup.dir.path(), 0o755);
        for name in ["cgi-bin", "tokens"] {
            setup.folder(name);
        }
        let settings = setup.file("line.toml", "dir = \"tokens\"\n").display().to_string();
        setup.set("CONFERENCE_CONFIG", &settings);
        // A copy, as the web server's user may not be able to reach the original; made by another process, as
        // this one may start a child just then that would keep the file open for writing and so from being
        // run.
        let install = Command::new("install")
            .args(["-m", "0755", env!("CARGO_BIN_EXE_ccxml-conference")])
            .arg(setup.binary())
            .status();
        assert!(install.expect("install can be run").success(), "the program can be copied");
        setup
    }

    /// The same with a setting more, or with another value for it.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// The same with a new folder as the value of a setting.
    pub fn with_folder(self, name: &str, folder: &str) -> Self {
        let path = self.folder(folder).display().to_string();
        self.with(name, &path)
    }

    /// The same on a server that takes this machine for a stranger's: only the voice platform is served.
    pub fn for_strangers(mut self) -> Self {
        self.strangers = true;
        self
    }

    /// The same on a server that has this in its configuration, too.
    pub fn configured(mut self, more: &str) -> Self {
        self.more.push_str(more);
        self
    }

    fn set(&mut self, name: &str, value: &str) {
        // The notations of the servers differ in how they quote, so there is nothing to quote.
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._:-".contains(c);
        assert!(value.chars().all(plain), "{name}={value} needs quoting");
        self.settings.retain(|(other, _)| other != name);
        self.settings.push((name.into(), value.into()));
    }

    /// All settings that were set.
    pub fn settings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The program under test.
    pub fn binary(&self) -> PathBuf {
        self.path("cgi-bin/ccxml-conference")
    }

    /// The conferences in progress: the names of the tokens, sorted.
    pub fn tokens(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("tokens")).expect("the directory of tokens is there");
        let names =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"));
        // What starts with a dot is the program's own affair.
        let mut names: Vec<_> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        names
    }

    /// A new folder that the server may write to.
    pub fn folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir(&path).expect("a folder can be made");
        self.own(&path, 0o755);
        path
    }

    /// A new file for the server to read, with a configuration or the frame around it.
    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("a file can be written");
        path
    }

    /// Gives `path` to the server's user.
    fn own(&self, path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("the mode can be set");
        if let Some(User { uid, gid }) = self.user {
            chown(path, Some(uid), Some(gid)).expect("the owner can be set");
        }
    }

    /// Makes `command` run in the folder, with an empty environment but for `PATH`, and never as root: what a
    /// server can do for an ordinary user is all that these tests need, so that nothing depends on who runs
    /// them.
    pub fn confine<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").current_dir(self.dir.path());
        match self.user {
            Some(User { uid, gid }) => command.uid(uid).gid(gid),
            None => command,
        }
    }
}

/// Where requests go.
enum Endpoint {
    /// To a web server.
    Http(SocketAddr),
    /// To the program itself, started as a web server would start it.
    Program,
}

/// A server that runs. Dropping it ends it.
pub struct Running<'a> {
    setup: &'a Setup,
    endpoint: Endpoint,
    /// Where the program's standard error arrives.
    log: PathBuf,
    /// Kept for their end.
    _groups: Vec<Group>,
}

impl Running<'_> {
    /// Sends a request for the script and waits for the response.
    pub fn send(&self, request: &Request) -> Response {
        let response = match self.endpoint {
            Endpoint::Http(address) => request.send(address, SCRIPT),
            Endpoint::Program => bare::run(self.setup, request, &self.log),
        };
        response.unwrap_or_else(|error| panic!("{request:?}: {error}\n{}", self.log()))
    }

    /// Sends a request for the desk and waits for the response.
    pub fn send_to_desk(&self, request: &Request) -> Response {
        let response = request.send(self.address(), DESK);
        response.unwrap_or_else(|error| panic!("{request:?}: {error}\n{}", self.log()))
    }

    /// The address of a web server.
    pub fn address(&self) -> SocketAddr {
        match self.endpoint {
            Endpoint::Http(address) => address,
            Endpoint::Program => panic!("the program alone has no address"),
        }
    }

    /// What has arrived in the log so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Waits until a line with `text` has arrived in the log: it travels apart from the response.
    pub fn wait_for_log(&self, text: &str) {
        let what = || format!("{text:?} is not in {}:\n{}", self.log.display(), self.log());
        eventually(what, || self.log().contains(text).then_some(()));
    }
}
