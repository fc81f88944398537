//! The binary, started as a web server starts it: a clean environment, nothing else.

use crate::database::Database;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The binary under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_ccxml-conference");

/// A line of its own: nothing kept yet, and the settings that a test gives it.
pub struct Line {
    folder: TempDir,
    settings: Vec<(OsString, OsString)>,
    store: Option<Database>,
}

/// A request as a web server would hand it over.
pub struct Asked<'a> {
    line: &'a Line,
    variables: Vec<(OsString, OsString)>,
    arguments: Vec<String>,
    body: Vec<u8>,
}

/// Everything a process said.
#[derive(Debug)]
pub struct Reply {
    pub status: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    pub stderr: String,
    pub exit: ExitStatus,
}

impl Line {
    /// A line whose tokens are where this run of the tests keeps them: in a directory, or in Redis.
    pub fn new() -> Self {
        let line = Self::in_directory();
        match Database::of_this_run() {
            Some(database) => {
                let line = line.with("CONFERENCE_STORE", database.url());
                Self { store: Some(database), ..line }
            }
            None => line,
        }
    }

    /// A line whose tokens are in a directory, for tests of what only files can do.
    pub fn in_directory() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("tokens")).unwrap();
        // What stands in the settings file of this machine is not what is tested.
        let no_file = ("CONFERENCE_CONFIG".into(), "".into());
        Self { folder, settings: vec![no_file], store: None }
    }

    /// The same line with one setting more.
    pub fn with(mut self, variable: &str, value: impl AsRef<OsStr>) -> Self {
        self.settings.push((variable.into(), value.as_ref().into()));
        self
    }

    pub fn settings(&self) -> impl Iterator<Item = (&OsString, &OsString)> {
        self.settings.iter().map(|(variable, value)| (variable, value))
    }

    /// A folder for whatever a test needs besides tokens.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn tokens(&self) -> PathBuf {
        self.folder.path().join("tokens")
    }

    pub fn token(&self, number: &str) -> PathBuf {
        self.tokens().join(number)
    }

    /// The names of all that is kept, as the files of a directory are named, hidden ones included, but for the secret.
    pub fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = match &self.store {
            Some(database) => database.names(),
            None => {
                let entries = std::fs::read_dir(self.tokens()).unwrap();
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
            }
        };
        names.retain(|name| name != ".secret");
        names.sort();
        names
    }

    /// The text that is kept under a name, which is the last whole line of a file; none when there is none.
    pub fn kept(&self, name: &str) -> Option<String> {
        let text = match &self.store {
            Some(database) => database.get(name),
            None => std::fs::read_to_string(self.tokens().join(name)).ok(),
        };
        text.map(|text| last_line(&text).to_owned())
    }

    /// Keeps a text as a token, as an operator's hand or another script might.
    pub fn keep(&self, number: &str, text: &str) {
        match &self.store {
            Some(database) => database.set(number, text),
            None => std::fs::write(self.token(number), text).unwrap(),
        }
    }

    /// The text of the call log `calls.log`, empty when there is none.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder().join("calls.log")).unwrap_or_default()
    }

    /// Makes a token older, as if so many milliseconds had passed: tests are faster than the clock runs.
    pub fn age(&self, number: &str, millis: u64) {
        self.edit(number, |token| {
            for clock in ["/as_of/wall", "/as_of/uptime/millis"] {
                // In Redis there is but one clock.
                if let Some(reading) = token.pointer_mut(clock) {
                    *reading = (reading.as_u64().unwrap() - millis).into();
                }
            }
        });
    }

    /// Changes a token behind the program's back.
    pub fn edit(&self, number: &str, change: impl FnOnce(&mut Value)) {
        let mut token = serde_json::from_str(&self.kept(number).unwrap()).unwrap();
        change(&mut token);
        self.keep(number, &format!("{token}\n"));
    }

    /// Puts so many callers into conference 1234, each like its first but for what is changed of them.
    pub fn fill(&self, callers: usize, change: impl Fn(usize, &mut Value)) {
        self.edit("1234", |token| {
            let first = token["callers"][0].clone();
            let callers = (0..callers).map(|n| {
                let mut caller = first.clone();
                change(n, &mut caller);
                caller
            });
            token["callers"] = callers.collect();
        });
    }

    /// Removes a token behind the program's back.
    pub fn remove(&self, number: &str) {
        match &self.store {
            Some(database) => database.remove(number),
            None => std::fs::remove_file(self.token(number)).unwrap(),
        }
    }

    /// A request with this method and query.
    pub fn ask(&self, method: &str, query: impl AsRef<OsStr>) -> Asked<'_> {
        let asked = Asked { line: self, variables: Vec::new(), arguments: Vec::new(), body: Vec::new() };
        asked
            .variable("GATEWAY_INTERFACE", "CGI/1.1")
            .variable("SERVER_PROTOCOL", "HTTP/1.1")
            .variable("SCRIPT_NAME", "/cgi-bin/ccxml-conference")
            .variable("CONFERENCE_DIR", self.tokens())
            .variable("REQUEST_METHOD", method)
            .variable("QUERY_STRING", query)
    }

    pub fn get(&self, query: &str) -> Reply {
        self.ask("GET", query).reply()
    }

    pub fn post(&self, form: &str) -> Reply {
        self.ask("POST", "").form(form).reply()
    }

    /// Enters a conference and tells which document came.
    pub fn enter(&self, number: &str, session: &str) -> String {
        self.get(&format!("conference_code={number}&session_id={session}")).document().to_owned()
    }

    /// Renews as a session does that has got this ticket.
    pub fn renew(&self, number: &str, session: &str, ticket: &str) -> Reply {
        self.post(&format!("event=renew&conference_code={number}&session_id={session}&ticket={ticket}"))
    }

    pub fn report(&self, event: &str, number: &str, session: &str) -> Reply {
        self.post(&format!("event={event}&conference_code={number}&session_id={session}"))
    }
}

impl Asked<'_> {
    pub fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.into(), value.as_ref().into()));
        self
    }

    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// A form with its type and length.
    pub fn form(self, form: &str) -> Self {
        self.variable("CONTENT_TYPE", "application/x-www-form-urlencoded")
            .variable("CONTENT_LENGTH", form.len().to_string())
            .body(form)
    }

    pub fn body(mut self, body: &str) -> Self {
        self.body = body.into();
        self
    }

    /// The command that a web server would run.
    pub fn command(&self) -> Command {
        let mut command = Command::new(BINARY);
        command.env_clear().envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.envs(self.line.settings());
        command.args(&self.arguments).current_dir(self.line.folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Gives a program that will run the request's own in its turn, such as a shell or strace, the environment and
    /// the folder that the request's own would have.
    pub fn lend_to(&self, runner: &mut Command) {
        let command = self.command();
        runner.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        runner.current_dir(self.line.folder());
    }

    /// Runs the request under strace with these options, its body in a file; none where strace isn't installed. The exit
    /// status, and what strace tells of the calls.
    pub fn traced(&self, options: &[&str]) -> Option<(ExitStatus, String)> {
        let mut command = Command::new(crate::servers::installed("strace")?);
        let (trace, body) = (self.line.folder().join("trace"), self.line.folder().join("body"));
        std::fs::write(&body, &self.body).unwrap();
        command.arg("-o").arg(&trace).args(options).arg(BINARY);
        self.lend_to(&mut command);
        command.stdin(std::fs::File::open(body).unwrap()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status().unwrap();
        Some((status, std::fs::read_to_string(trace).unwrap()))
    }

    /// The system calls of these names that the request makes, in whatever thread.
    pub fn system_calls(&self, names: &str) -> Option<String> {
        let (status, calls) = self.traced(&["-f", "-e", &format!("trace={names}")])?;
        assert!(status.success());
        Some(calls)
    }

    /// Starts the request; several of them run at the same time.
    pub fn start(self) -> Child {
        let mut child = self.command().spawn().unwrap();
        // A program that does not read its input may be gone before everything is written.
        let _ = child.stdin.take().unwrap().write_all(&self.body);
        child
    }

    pub fn reply(self) -> Reply {
        finish(self.start())
    }
}

/// Waits for something that another process does.
pub fn until(mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < deadline, "it never happened");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The last whole line of a token, which is the one that counts.
pub fn last_line(text: &str) -> &str {
    let whole = text.rsplit_once('\n').map_or(text, |(whole, _)| whole);
    whole.lines().last().unwrap_or_default()
}

/// Waits for a request and takes its response apart, which must be complete.
pub fn finish(child: Child) -> Reply {
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let (head, body) = stdout.split_once("\r\n\r\n").unwrap_or_else(|| {
        panic!("not a response: {stdout:?}, standard error: {stderr:?}, {}", output.status)
    });
    let mut headers: BTreeMap<String, String> = head
        .split("\r\n")
        .map(|line| line.split_once(": ").expect("a header"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let status = headers.remove("Status").expect("a status");
    let length: usize = headers["Content-Length"].parse().unwrap();
    assert!(body.is_empty() || body.len() == length, "{length} bytes were promised: {body:?}");
    Reply { status, headers, body: body.to_owned(), stderr, exit: output.status }
}

impl Reply {
    /// The ticket in a document, or in the reply to a renewal.
    pub fn ticket(&self) -> Option<&str> {
        let mark = if self.body.contains("<ccxml") { "name=\"ticket\" expr=\"'" } else { "ticket = '" };
        Some(self.body.split_once(mark)?.1.split_once('\'')?.0)
    }

    /// The state of the conference in the reply to a renewal.
    #[track_caller]
    pub fn state(&self) -> &str {
        let state = self.body.strip_prefix("conference_state = '").and_then(|rest| rest.split_once('\''));
        state.unwrap_or_else(|| panic!("{self:?}")).0
    }

    /// The others whom a joining caller is told of.
    #[track_caller]
    pub fn others(&self) -> usize {
        assert_eq!(self.document(), "joinConference");
        let (_, rest) = self.body.split_once("joining&amp;count=").expect("a count");
        rest.split('\'').next().unwrap().parse().unwrap()
    }

    /// Which document this is.
    pub fn document(&self) -> &'static str {
        assert_eq!(self.status, "200 OK", "{self:?}");
        assert_eq!(self.stderr, "");
        for (mark, name) in [
            ("prompts + 'admitted'", "waiting"),
            ("prompts + 'first_caller'", "createConference"),
            ("prompts + 'joining", "joinConference"),
            ("'get_conference_code", "getConference"),
            ("'get_pin", "getPin"),
            ("'get_moderator_pin", "getPin"),
            ("<vxml", "prompt"),
            ("conference_state", "script"),
        ] {
            if self.body.contains(mark) {
                return name;
            }
        }
        panic!("an unknown document: {}", self.body)
    }
}
