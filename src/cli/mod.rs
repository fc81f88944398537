//! The command line: one request as if a web server had asked, or an operator's verb.

mod arguments;
mod candidates;
mod check;
mod completion;
mod list;
mod manual;
mod owner;
mod report;
mod setting_flags;
mod verbs;
mod watch;

use crate::cgi::{answered, serve};
use crate::clock::Millis;
use crate::conference::Operation;
use crate::console::{self, print_error};
use crate::line::Line;
use crate::settings::environment::Environment;
use crate::settings::{Settings, Sources};
use arguments::{Arguments, Conference, Request, Verb};
use clap::CommandFactory;
use list::Format;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufWriter, Write};
use std::os::unix::ffi::OsStrExt;
use verbs::{Outcome, Unsuccessful};

/// Where the program is supposed to be when no web server says so.
const SCRIPT_NAME: &str = "/cgi-bin/ccxml-conference";

/// Does what the arguments of this process ask for. The exit status: 0 on success, 1 on failure, 2 when the command line
/// or a setting can't be understood.
// Apart from the way of a request, which would have a larger stack with it.
#[inline(never)]
pub fn run(environment: &Environment) -> u8 {
    if let Some(shell) = environment.get(completion::VARIABLE) {
        return print(|to| completion::write_candidates(shell, std::env::args_os().collect(), to));
    }
    let Arguments { verb, request, settings: flags } = Arguments::of_this_process();
    let bold = console::takes_styles(environment);
    let verb = match verb {
        Some(Verb::List { watch: true, .. }) if !console::can_be_drawn_on(environment) => {
            let why = "only a terminal that is not dumb can be watched; leave out --watch";
            return exit_status(Err(Unsuccessful::Usage(why.to_owned())));
        }
        Some(Verb::Completion { shell }) => {
            let program = std::env::args_os().next().unwrap_or_default();
            return print(|to| completion::write_script(shell, program.as_ref(), to));
        }
        Some(Verb::Manual) => return print(|to| manual::write(Arguments::command(), to)),
        verb => verb,
    };
    let script = environment.get("SCRIPT_NAME").unwrap_or(OsStr::new(SCRIPT_NAME)).to_owned();
    let environment = environment.clone().with("SCRIPT_NAME", script);
    let sources = Sources::read(flags, &environment);
    let understood = sources.and_then(|sources| Ok((Settings::from_sources(&sources)?, sources)));
    let (settings, sources) = match understood {
        Ok(understood) => understood,
        Err(bad) => {
            print_error(&bad.to_string());
            return 2;
        }
    };
    if let Err(error) = owner::become_owner(&settings) {
        return exit_status(Err(Unsuccessful::Failed(error)));
    }
    exit_status(match verb {
        None => answer(settings, &environment, &request),
        Some(verb) => operate(verb, &Line::new(settings, print_error), &sources, bold),
    })
}

/// Prints a text that needs no line, whole or not at all.
fn print(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> u8 {
    let mut text = Vec::new();
    exit_status(match write(&mut text) {
        Ok(()) => io::stdout().lock().write_all(&text).map_err(Unsuccessful::Output),
        Err(error) => Err(Unsuccessful::Failed(error.into())),
    })
}

fn answer(settings: Settings, environment: &Environment, request: &Request) -> Outcome {
    let (environment, form) = as_a_web_server(environment.clone(), request);
    let answer = answered(false, || serve(settings, &environment, form.as_bytes()));
    let mut to = io::stdout().lock();
    if request.body {
        to.write_all(answer.response.body.as_bytes())?;
    } else {
        answer.response.write(to, answer.head)?;
    }
    Ok(())
}

fn operate(verb: Verb, line: &Line, sources: &Sources<'_>, bold: bool) -> Outcome {
    let stdout = io::stdout();
    let format = |json: bool| if json { Format::Json } else { Format::Table { bold } };
    let mut to = BufWriter::new(stdout.lock());
    let mut change = |Conference { number }, operation| verbs::change(line, &number, &operation, &mut to);
    match verb {
        Verb::List { watch: true, .. } => watch::watch(line, bold, &mut to),
        Verb::List { json, .. } => list::list(line, format(json), &mut to),
        Verb::Show { conference, json } => list::show(line, &conference.number, format(json), &mut to),
        Verb::End(conference) => change(conference, Operation::End),
        Verb::Lock(conference) => change(conference, Operation::Lock),
        Verb::Unlock(conference) => change(conference, Operation::Unlock),
        Verb::Kick { conference, session } => change(conference, Operation::Kick(session)),
        Verb::Mute { conference, session } => change(conference, Operation::Mute(session)),
        Verb::Unmute { conference, session } => change(conference, Operation::Unmute(session)),
        Verb::Extend { conference, minutes } => {
            change(conference, Operation::Extend(Millis::from(minutes) * 60_000))
        }
        Verb::Reopen(conference) => change(conference, Operation::Reopen),
        Verb::Sweep => verbs::sweep(line, &mut to),
        Verb::Report(arguments) => report::report(line, &arguments, bold, &mut to),
        Verb::Check(how) => check::check(line, sources, &how, &mut to),
        // These need no line.
        Verb::Completion { .. } | Verb::Manual => Ok(()),
    }?;
    Ok(to.flush()?)
}

/// The environment and the body that a web server would give for the request that was asked for.
fn as_a_web_server(environment: Environment, request: &Request) -> (Environment, OsString) {
    let mut environment = environment.with("PATH_INFO", "");
    if let Some(query) = &request.query {
        environment = environment.with("QUERY_STRING", query);
    }
    let Some(form) = &request.form else {
        return (environment.with("REQUEST_METHOD", "GET"), OsString::new());
    };
    let environment = environment
        .with("REQUEST_METHOD", "POST")
        .with("CONTENT_TYPE", "application/x-www-form-urlencoded")
        .with("CONTENT_LENGTH", form.len().to_string());
    (environment, form.clone())
}

/// The exit status, after one line on standard error if there is something to say.
fn exit_status(outcome: Outcome) -> u8 {
    let message = match outcome {
        Ok(()) => return 0,
        // Whoever closes the pipe has seen enough.
        Err(Unsuccessful::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => return 0,
        Err(Unsuccessful::FailedInPart) => return 1,
        Err(Unsuccessful::Output(error)) => format!("standard output cannot be written: {error}"),
        Err(Unsuccessful::NoSuch(what)) => what,
        Err(Unsuccessful::Usage(what)) => {
            print_error(&what);
            return 2;
        }
        Err(Unsuccessful::Failed(error)) => format!("{error:#}"),
    };
    print_error(&message);
    1
}
