//! A web server that knows one thing: how to run a program under the rules of CGI (RFC 3875).

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use super::{Answer, HttpRequest, HttpResponse, Web};

/// How long a program may take before it counts as hanging.
const DEADLINE: Duration = Duration::from_secs(30);

/// Runs a program once per request and is strict about its response: what a web server would mend or pass on in
/// silence counts among its problems.
pub struct CgiWeb {
    program: PathBuf,
    arguments: Vec<OsString>,
    script_name: String,
    folder: Option<PathBuf>,
    environment: Vec<(OsString, OsString)>,
    parallel: bool,
}

impl CgiWeb {
    /// Serves the program as `/cgi-bin/ccxml-conference`.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        CgiWeb {
            program: program.into(),
            arguments: Vec::new(),
            script_name: "/cgi-bin/ccxml-conference".into(),
            folder: None,
            environment: Vec::new(),
            parallel: false,
        }
    }

    /// Gives the program an argument. A web server gives none; an interpreter needs its script.
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets a variable of the program's environment, which has nothing in it otherwise but what CGI tells.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.as_ref().into(), value.as_ref().into()));
        self
    }

    /// The working directory of the program.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// The path that the program is served at.
    pub fn script_name(mut self, path: &str) -> Self {
        self.script_name = path.into();
        self
    }

    /// Lets requests of the very same instant really run at the same time.
    pub fn parallel(mut self) -> Self {
        self.parallel = true;
        self
    }

    fn start(&self, request: &HttpRequest) -> Result<Running, String> {
        let Some(tail) = request.path().strip_prefix(self.script_name.as_str()) else {
            return Err(format!("{} is not served here", request.path()));
        };
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.envs([
            ("GATEWAY_INTERFACE", "CGI/1.1"),
            ("SERVER_PROTOCOL", "HTTP/1.1"),
            ("SERVER_SOFTWARE", "platform"),
            ("SERVER_NAME", "line.example"),
            ("SERVER_PORT", "80"),
            ("REMOTE_ADDR", "192.0.2.1"),
            ("REQUEST_METHOD", request.method),
            ("SCRIPT_NAME", &self.script_name),
            ("QUERY_STRING", request.query()),
        ]);
        if !tail.is_empty() {
            command.env("PATH_INFO", tail);
        }
        if let Some(form) = &request.form {
            command
                .env("CONTENT_TYPE", "application/x-www-form-urlencoded")
                .env("CONTENT_LENGTH", form.len().to_string());
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", self.program.display()))?;
        let (out, errors) = (collect(child.stdout.take()), collect(child.stderr.take()));
        if let Some(mut input) = child.stdin.take() {
            // A program that answers without reading its input may have closed it; that is its right.
            let _ = input.write_all(request.form.as_deref().unwrap_or("").as_bytes());
        }
        Ok(Running { child, out, errors, deadline: Instant::now() + DEADLINE })
    }
}

impl Web for CgiWeb {
    fn request(&mut self, request: &HttpRequest) -> Answer {
        Ok(answer(self.start(request)))
    }

    fn simultaneous(&mut self, requests: &[HttpRequest]) -> Vec<Answer> {
        if !self.parallel {
            return requests.iter().map(|request| self.request(request)).collect();
        }
        let running: Vec<_> = requests.iter().map(|request| self.start(request)).collect();
        running.into_iter().map(|running| Ok(answer(running))).collect()
    }
}

/// A program that has been started, and what it says.
struct Running {
    child: Child,
    out: Receiver<Vec<u8>>,
    errors: Receiver<Vec<u8>>,
    deadline: Instant,
}

/// Reads a pipe to its end, aside.
fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if pipe.is_some_and(|mut pipe| pipe.read_to_end(&mut bytes).is_ok()) {
            let _ = sender.send(bytes);
        }
    });
    receiver
}

/// Waits for the program and reads its response. What a web server would answer in its place is a response, too.
fn answer(running: Result<Running, String>) -> HttpResponse {
    let mut running = match running {
        Ok(running) => running,
        Err(reason) => return failed(502, reason),
    };
    let wait = |pipe: &Receiver<Vec<u8>>| {
        pipe.recv_timeout(running.deadline.saturating_duration_since(Instant::now()))
    };
    let (out, errors) = (wait(&running.out), wait(&running.errors));
    if out.is_err() || errors.is_err() {
        let _ = running.child.kill();
    }
    let status = running.child.wait();
    let (Ok(out), Ok(errors)) = (out, errors) else {
        return failed(504, format!("no response within {DEADLINE:?}"));
    };
    let log = String::from_utf8_lossy(&errors).into_owned();
    let mut response = match parse(&out) {
        Ok(response) => response,
        Err(reason) => failed(502, format!("{reason}; standard error: {log}")),
    };
    if !status.is_ok_and(|status| status.success()) {
        response.problems.push(format!("the program failed: {log}"));
    }
    if !log.is_empty() {
        response.headers.push(("x-standard-error".into(), log));
    }
    response
}

fn failed(status: u16, reason: String) -> HttpResponse {
    HttpResponse { problems: vec![reason.clone()], ..HttpResponse::new(status, "text/plain", reason) }
}

/// Reads a CGI response and checks that it is complete.
fn parse(bytes: &[u8]) -> Result<HttpResponse, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("the response is not UTF-8: {error}"))?;
    let (head, body) = text
        .split_once("\r\n\r\n")
        .or_else(|| text.split_once("\n\n"))
        .ok_or_else(|| format!("the response has no end of its headers: {text:?}"))?;
    let mut response = HttpResponse::new(200, "", body);
    for line in head.lines() {
        let (name, value) = line.split_once(':').ok_or_else(|| format!("no header: {line:?}"))?;
        let (name, value) = (name.trim(), value.trim());
        if response.header(name).is_some() {
            response.problems.push(format!("the header {name} comes twice"));
        }
        match name.to_ascii_lowercase().as_str() {
            "status" => {
                let code = value.split(' ').next().unwrap_or("");
                response.status = code.parse().map_err(|_| format!("no status: {value:?}"))?;
            }
            "content-type" => response.content_type = value.into(),
            "content-length" if value != body.len().to_string() => {
                response
                    .problems
                    .push(format!("Content-Length is {value}, the body has {} bytes", body.len()));
            }
            _ => {}
        }
        response.headers.push((name.into(), value.into()));
    }
    for needed in ["content-type", "content-length"] {
        if response.header(needed).is_none() {
            response.problems.push(format!("the response has no {needed}"));
        }
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_read_and_checked() {
        let good = parse(b"Status: 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n\r\nno\n").unwrap();
        assert_eq!(
            (good.status, good.media_type().as_str(), good.body.as_str()),
            (404, "text/plain", "no\n")
        );
        assert!(good.problems.is_empty());
        let short = parse(b"Content-Type: text/plain\nContent-Length: 9\n\nno\n").unwrap();
        assert_eq!(short.problems, ["Content-Length is 9, the body has 3 bytes"]);
        assert!(parse(b"hello").is_err());
    }

    #[test]
    fn a_program_gets_a_clean_environment_and_its_body() {
        let script = "printf 'Content-Type: text/plain\\n'; body=$(env | grep -v -e PWD -e SHLVL -e '^_=' | wc -l; cat); \
            printf 'Content-Length: %s\\n\\n%s' ${#body} \"$body\"";
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cgi.sh");
        std::fs::write(&file, format!("#!/bin/bash\n{script}\n")).unwrap();
        std::process::Command::new("chmod").arg("+x").arg(&file).status().unwrap();
        let mut web = CgiWeb::new(&file).env("PATH", "/usr/bin:/bin").parallel();
        let request = HttpRequest {
            method: "POST",
            url: "http://h/cgi-bin/ccxml-conference?x=1".into(),
            form: Some("a=b".into()),
            at: Duration::ZERO,
            caller: String::new(),
        };
        let answers = web.simultaneous(&[request.clone(), request.clone()]);
        assert_eq!(answers[0].as_ref().unwrap().problems, [""; 0]);
        assert_eq!(answers[0].as_ref().unwrap().body, "12\na=b");
        assert_eq!(answers[1], answers[0]);
        let elsewhere = web.request(&HttpRequest { url: "http://h/other".into(), ..request }).unwrap();
        assert_eq!((elsewhere.status, elsewhere.problems.len()), (502, 1));
    }
}
