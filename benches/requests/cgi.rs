//! One request, given to a program as a web server does it: a process of its own, a clean environment with
//! the CGI variables, and pipes.

use anyhow::{Context, bail, ensure};
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const FORM: &str = "application/x-www-form-urlencoded";

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Request {
    /// A GET with this query.
    Get(String),
    /// A POST of this form.
    Post(String),
}

impl Request {
    /// A caller keys in a number.
    pub fn enter(number: &str, session: &str) -> Self {
        Self::Get(format!("conference_code={number}&session_id={session}"))
    }

    /// A session reports `renew` or `leave`.
    pub fn event(event: &str, number: &str, session: &str) -> Self {
        Self::Post(format!("event={event}&conference_code={number}&session_id={session}"))
    }
}

/// A CGI program and the settings that it is started with.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    settings: Vec<(&'static str, OsString)>,
}

impl Program {
    /// A program whose tokens are in a directory.
    pub fn with_directory(path: &Path, tokens: &Path) -> Self {
        Self::with(path, "CONFERENCE_DIR", tokens)
    }

    /// A program with one setting.
    pub fn with(path: &Path, variable: &'static str, value: impl AsRef<OsStr>) -> Self {
        // No lease must end while a measurement goes on.
        let settings =
            vec![(variable, value.as_ref().to_owned()), ("CONFERENCE_LEASE", OsString::from("86400"))];
        Self { path: path.to_owned(), settings }
    }

    /// The same with a variable more.
    pub fn and(mut self, variable: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.settings.push((variable, value.as_ref().to_owned()));
        self
    }

    /// The command that answers a request on its standard output. A form goes to its standard input.
    pub fn command(&self, request: &Request) -> Command {
        self.started_by(Command::new(&self.path), request)
    }

    /// The same, started by a tool that takes the program as its last argument.
    pub fn under(&self, mut tool: Command, request: &Request) -> Command {
        tool.arg(&self.path);
        self.started_by(tool, request)
    }

    fn started_by(&self, mut command: Command, request: &Request) -> Command {
        // What lighttpd sets, in a number that is usual for a platform's requests.
        command.env_clear().stdout(Stdio::piped()).stderr(Stdio::inherit()).envs([
            ("GATEWAY_INTERFACE", "CGI/1.1"),
            ("SERVER_PROTOCOL", "HTTP/1.1"),
            ("SERVER_SOFTWARE", "benchmark"),
            ("SERVER_NAME", "localhost"),
            ("SERVER_ADDR", "127.0.0.1"),
            ("SERVER_PORT", "80"),
            ("REMOTE_ADDR", "127.0.0.1"),
            ("REMOTE_PORT", "40000"),
            ("REQUEST_SCHEME", "http"),
            ("DOCUMENT_ROOT", "/var/www/html"),
            ("REDIRECT_STATUS", "200"),
            ("SCRIPT_NAME", "/cgi-bin/ccxml-conference"),
            ("SCRIPT_FILENAME", "/usr/lib/cgi-bin/ccxml-conference"),
            ("HTTP_HOST", "localhost"),
            ("HTTP_USER_AGENT", "benchmark"),
            ("HTTP_ACCEPT", "*/*"),
        ]);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        match request {
            Request::Get(query) => {
                command.env("REQUEST_METHOD", "GET").env("QUERY_STRING", query).stdin(Stdio::null());
            }
            Request::Post(form) => {
                command
                    .env("REQUEST_METHOD", "POST")
                    .env("QUERY_STRING", "")
                    .env("CONTENT_TYPE", FORM)
                    .env("CONTENT_LENGTH", form.len().to_string())
                    .stdin(Stdio::piped());
            }
        }
        command
    }

    /// Answers a request; how long that took, from before the start until after the end of the process.
    pub fn timed(&self, request: &Request) -> anyhow::Result<(Duration, Vec<u8>)> {
        let mut command = self.command(request);
        let mut response = Vec::with_capacity(64 << 10);
        let start = Instant::now();
        let mut child = command.spawn().with_context(|| format!("starting {}", self.path.display()))?;
        if let (Some(mut stdin), Request::Post(form)) = (child.stdin.take(), request) {
            stdin.write_all(form.as_bytes())?;
        }
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_to_end(&mut response)?;
        }
        let status = child.wait()?;
        let took = start.elapsed();
        ensure!(status.success(), "{} ended with {status}", self.path.display());
        Ok((took, response))
    }

    /// Answers a request, whose response has to contain `mark`.
    pub fn answer(&self, request: &Request, mark: &str) -> anyhow::Result<(Duration, Vec<u8>)> {
        let (took, response) = self.timed(request)?;
        if !response.windows(mark.len().max(1)).any(|window| window == mark.as_bytes()) && !mark.is_empty() {
            let start: String = String::from_utf8_lossy(&response).chars().take(400).collect();
            bail!("{} answered {request:?} without {mark:?}:\n{start}", self.path.display());
        }
        Ok((took, response))
    }
}
