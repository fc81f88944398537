//! A web server's request (RFC 3875). The command line is never looked at: web servers put query words there.

use crate::call_log::CallLog;
use crate::clock::Moment;
use crate::conference::{Event, EventKind};
use crate::console::print_error;
use crate::desk;
use crate::line::{Answer, Line};
use crate::request::RawRequest;
use crate::response::Response;
use crate::settings::environment::Environment;
use crate::settings::{self, BadSetting, Face, Flags, Settings, Sources};
use crate::store::StoreError;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::panic::{self, PanicHookInfo};
use std::path::PathBuf;
use std::process;
use std::time::{Duration, Instant};

/// Answers the one request of this process on standard output. The exit status: 0 when a response has been written,
/// whatever its status, else 1.
pub fn run(environment: &Environment) -> u8 {
    let announced = announced(environment);
    let mut body = Input::new(io::stdin, BODY_PATIENCE).take(announced);
    let answer = answered(is_head(environment), || answer(environment, &mut body));
    drain(body.limit());
    match answer.response.write(io::stdout().lock(), answer.head) {
        Ok(()) => 0,
        Err(error) => {
            print_error(&format!("the response could not be written: {error}"));
            1
        }
    }
}

/// How long a body may take to come, from the first look for it on (contract section 2).
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// Bytes that have to come in time. There is no buffer, so that none is read that was not asked for: what lies behind a body
/// belongs to whoever handed over the descriptor.
struct Input<F> {
    from: F,
    patience: Duration,
    deadline: Option<Instant>,
}

impl<D: AsFd, F: Fn() -> D> Input<F> {
    /// What can be read from the descriptor that `from` gives. It is not called before the first read, for `io::stdin`
    /// makes a buffer.
    fn new(from: F, patience: Duration) -> Self {
        Self { from, patience, deadline: None }
    }
}

impl<D: AsFd, F: Fn() -> D> Read for Input<F> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let deadline = *self.deadline.get_or_insert_with(|| Instant::now() + self.patience);
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        let from = (self.from)();
        match poll(&mut [PollFd::new(from.as_fd(), PollFlags::POLLIN)], timeout)? {
            0 => Err(io::ErrorKind::TimedOut.into()),
            _ => Ok(nix::unistd::read(&from, bytes)?),
        }
    }
}

/// Reads what a refusal has left of the body. Under Apache's mod_cgid the body comes through a socket: ending with a part of
/// it unread resets that socket, and the response may be lost with it. A client that is slow to send it is not waited for.
fn drain(unread: u64) {
    const PATIENCE: Duration = Duration::from_secs(1);
    if unread > 0 {
        let _ = io::copy(&mut Input::new(io::stdin, PATIENCE).take(unread), &mut io::sink());
    }
}

fn is_head(environment: &Environment) -> bool {
    environment.get("REQUEST_METHOD").is_some_and(|method| method == "HEAD")
}

/// How many bytes of a body there are to read. A body that came in chunks has no length where the server did not measure
/// it, and ends with the end of file. What lies beyond the bound is the web server's to refuse.
fn announced(environment: &Environment) -> u64 {
    const MOST: u64 = 64 * 1024;
    let word = |name| environment.get(name).and_then(|value| value.to_str());
    match (word("REQUEST_METHOD"), word("CONTENT_LENGTH"), word("HTTP_TRANSFER_ENCODING")) {
        (None | Some("GET" | "HEAD"), _, _) | (_, None, None) => 0,
        (_, Some(length), _) => length.parse().unwrap_or(0).min(MOST),
        (_, None, Some(_)) => MOST,
    }
}

/// The settings of a web server's request, and the face that the server has given to the program.
fn settings(environment: &Environment) -> Result<(Settings, Face), BadSetting> {
    let sources = Sources::read(Flags::default(), environment).inspect_err(|_| {
        log_failure(&CallLog::new(environment.get("CONFERENCE_LOG").map(PathBuf::from), None))
    })?;
    let understood = Settings::from_sources(&sources).and_then(|it| Ok((it, Face::of(environment)?)));
    understood.inspect_err(|_| log_failure(&settings::call_log(&sources)))
}

/// The answer of that face.
fn answer(environment: &Environment, body: impl Read) -> anyhow::Result<Answer> {
    let (settings, face) = settings(environment)?;
    match face {
        Face::Line => serve(settings, environment, body),
        Face::Desk { open } => Ok(desk::serve(environment, body, settings, open, print_error)),
    }
}

/// The straight way from a CGI environment to an answer.
pub(crate) fn serve(
    settings: Settings,
    environment: &Environment,
    body: impl Read,
) -> anyhow::Result<Answer> {
    match RawRequest::from_cgi(environment, body) {
        Ok(raw) => Line::new(settings, print_error).answer(&raw),
        Err(rejected) => Ok(Answer { response: rejected.response(), head: is_head(environment) }),
    }
}

/// Writes into the call log that a request failed for a setting, without the line that the settings would have made.
fn log_failure(log: &CallLog) {
    let failed = Event::outside(EventKind::Failed, None, "setting");
    if let Err(problem) = log.append(Moment::now().wall, None, &[failed]) {
        print_error(&problem);
    }
}

/// An answer in any case: what went wrong is told to the operator on standard error, and the web server gets a
/// response that says whether to try again. A panic ends the process, after the same.
pub(crate) fn answered(head: bool, serve: impl FnOnce() -> anyhow::Result<Answer>) -> Answer {
    panic::set_hook(Box::new(move |fault| answer_for(fault, head)));
    let response = match serve() {
        Ok(answer) => return answer,
        Err(error) => {
            print_error(&format!("{error:#}"));
            if error.is::<StoreError>() { Response::unavailable() } else { Response::failure() }
        }
    };
    Answer { response, head }
}

/// The response in place of one that a fault of the program has kept from being written; nothing else runs after it.
fn answer_for(fault: &PanicHookInfo<'_>, head: bool) {
    print_error(&format!("a fault of the program: {fault}"));
    let written = Response::failure().write(io::stdout().lock(), head);
    process::exit(i32::from(written.is_err()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_does_not_come_in_time_is_given_up() {
        let (reader, mut writer) = io::pipe().unwrap();
        io::Write::write_all(&mut writer, b"ab").unwrap();
        let mut body = Input::new(|| &reader, Duration::ZERO).take(3);
        let mut read = Vec::new();
        assert_eq!(body.read_to_end(&mut read).unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(read, b"ab", "what has come has come");
        drop(writer);
        assert_eq!(
            Input::new(|| &reader, Duration::ZERO).read(&mut [0; 9]).unwrap(),
            0,
            "an end is no delay"
        );
    }

    #[test]
    fn a_fault_of_the_program_is_a_complete_response_all_the_same() {
        const AT_FAULT: &str = "CCXML_CONFERENCE_AT_FAULT";
        const NAME: &str = "cgi::tests::a_fault_of_the_program_is_a_complete_response_all_the_same";
        if Environment::of_this_process().get(AT_FAULT).is_some() {
            answered(true, || panic!("on purpose"));
        }
        // A fault ends the process, so that it takes one of its own.
        let mut this = process::Command::new(std::env::current_exe().unwrap());
        let ended = this.args(["--exact", NAME, "--nocapture"]).env(AT_FAULT, "yes").output().unwrap();
        let (written, told) =
            (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        assert!(written.contains("\nStatus: 500 Internal Server Error\r\n"), "{written}");
        assert!(written.ends_with("\r\n\r\n"), "it was HEAD: {written}");
        assert!(told.contains("a fault of the program: ") && told.contains("on purpose"), "{told}");
        assert!(ended.status.success(), "a response has been written");
    }
}
