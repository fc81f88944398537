//! The Redis that a run of the tests keeps its tokens in, when it is told to: each line has a database of its own.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// With this variable naming the socket of a Redis, lines keep their tokens there.
pub const TOKENS_IN_REDIS: &str = "CCXML_CONFERENCE_TOKENS_IN_REDIS";

/// How many databases such a Redis has to have.
pub const DATABASES: usize = 100_000;

/// One database of the Redis of this run.
pub struct Database {
    socket: String,
    number: usize,
}

impl Database {
    /// The next database that no line has had yet; none in a run whose tokens are files.
    pub fn of_this_run() -> Option<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let socket = std::env::var(TOKENS_IN_REDIS).ok()?;
        Some(Self { socket, number: NEXT.fetch_add(1, Ordering::Relaxed) % DATABASES })
    }

    pub fn url(&self) -> String {
        format!("unix://{}?db={}", self.socket, self.number)
    }

    /// The names of what is kept, as if it were files.
    pub fn names(&self) -> Vec<String> {
        let keys = self.cli(&["KEYS", "*"], "");
        keys.lines().filter(|key| !key.is_empty()).map(name).collect()
    }

    pub fn get(&self, name: &str) -> Option<String> {
        let value = self.cli(&["GET", &key(name)], "");
        (!value.trim().is_empty()).then_some(value)
    }

    pub fn set(&self, number: &str, text: &str) {
        self.cli(&["-x", "SET", &key(number)], text);
    }

    pub fn remove(&self, number: &str) {
        self.cli(&["DEL", &key(number)], "");
    }

    fn cli(&self, arguments: &[&str], input: &str) -> String {
        let mut command = Command::new("redis-cli");
        command.args(["-s", &self.socket, "-n", &self.number.to_string()]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut cli = command.spawn().unwrap();
        cli.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        String::from_utf8(cli.wait_with_output().unwrap().stdout).unwrap()
    }
}

fn key(name: &str) -> String {
    format!("ccxml-conference:{{{name}}}:token")
}

fn name(key: &str) -> String {
    if key == "ccxml-conference:secret" {
        return ".secret".to_owned();
    }
    key.split(['{', '}']).nth(1).unwrap().to_owned()
}
