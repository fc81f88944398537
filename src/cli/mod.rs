//! The command line: one request as if a web server had asked, or an operator's verb.

mod arguments;
mod check;
mod list;
pub mod verbs;

use crate::cgi::{complain, complete, serve};
use crate::line::Line;
use crate::settings::environment::Environment;
use crate::settings::{self, Settings};
use arguments::{Verb, command, matches, verb};
use clap::ArgMatches;
use list::Format;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::os::unix::ffi::OsStrExt;
use verbs::{Outcome, Unsuccessful};

/// Where the program is supposed to be when no web server says so.
const SCRIPT_NAME: &str = "/cgi-bin/ccxml-conference";

/// Does what the arguments of this process ask for.
pub fn run(environment: Environment) -> u8 {
    let matches = matches();
    let environment = with_settings(environment, &matches);
    let verb = verb(&matches);
    if let Some(outcome) = documentation(&verb) {
        return exit_code(outcome);
    }
    let settings = match Settings::from_environment(&environment) {
        Ok(settings) => settings,
        Err(bad) => {
            complain(&bad.to_string());
            return 2;
        }
    };
    match verb {
        Verb::Request => exit_code(request(environment, &matches).map_err(Unsuccessful::Output)),
        verb => exit_code(operate(&verb, &Line::new(settings, complain), &matches)),
    }
}

/// What the program prints about itself, for which no line is needed.
fn documentation(verb: &Verb) -> Option<Outcome> {
    let mut text = Vec::new();
    match verb {
        Verb::Completion(shell) => {
            clap_complete::generate(*shell, &mut command(), "ccxml-conference", &mut text);
        }
        Verb::Manual => {
            if let Err(error) = clap_mangen::Man::new(command()).render(&mut text) {
                return Some(Err(error.into()));
            }
        }
        _ => return None,
    }
    Some(io::stdout().lock().write_all(&text).map_err(Unsuccessful::Output))
}

fn request(environment: Environment, matches: &ArgMatches) -> io::Result<()> {
    let (request, form) = as_a_web_server(environment, matches);
    let answer = complete(false, || serve(&request, form.as_bytes()));
    if matches.get_flag("body") {
        io::stdout().lock().write_all(answer.response.body.as_bytes())
    } else {
        answer.response.write(io::stdout().lock(), answer.head)
    }
}

fn operate(verb: &Verb, line: &Line, matches: &ArgMatches) -> Outcome {
    let stdout = io::stdout();
    let json = matches.subcommand().is_some_and(|(_, arguments)| {
        arguments.try_get_one::<bool>("json").ok().flatten().copied().unwrap_or(false)
    });
    let format = if json { Format::Json } else { Format::Table { bold: stdout.is_terminal() } };
    let mut to = BufWriter::new(stdout.lock());
    match verb {
        Verb::List => list::list(line, format, &mut to),
        Verb::Show(number) => list::show(line, number, format, &mut to),
        Verb::Steer(number, steering) => verbs::steer(line, number, steering),
        Verb::Sweep => verbs::sweep(line, &mut to),
        Verb::Check => check::check(line, &mut to),
        Verb::Request | Verb::Completion(_) | Verb::Manual => Ok(()),
    }?;
    Ok(to.flush()?)
}

/// The environment with the flags of settings in it: on the command line a flag wins.
fn with_settings(environment: Environment, matches: &ArgMatches) -> Environment {
    settings::ALL.iter().fold(environment, |environment, setting| {
        match matches.get_one::<OsString>(setting.variable) {
            Some(value) => environment.with(setting.variable, value),
            None => environment,
        }
    })
}

/// The environment and the body a web server would give for the request that was asked for.
fn as_a_web_server(environment: Environment, matches: &ArgMatches) -> (Environment, OsString) {
    let script = environment.get("SCRIPT_NAME").unwrap_or(OsStr::new(SCRIPT_NAME)).to_owned();
    let mut environment = environment.with("SCRIPT_NAME", script).with("PATH_INFO", "");
    if let Some(query) = matches.get_one::<OsString>("query") {
        environment = environment.with("QUERY_STRING", query);
    }
    let Some(form) = matches.get_one::<OsString>("form") else {
        return (environment.with("REQUEST_METHOD", "GET"), OsString::new());
    };
    let environment = environment
        .with("REQUEST_METHOD", "POST")
        .with("CONTENT_TYPE", "application/x-www-form-urlencoded")
        .with("CONTENT_LENGTH", form.len().to_string());
    (environment, form.clone())
}

/// The exit status, after one line on standard error if there is something to say.
fn exit_code(outcome: Outcome) -> u8 {
    match outcome {
        Ok(()) => 0,
        // Whoever closes the pipe has seen enough.
        Err(Unsuccessful::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(Unsuccessful::Output(error)) => failure(&format!("standard output cannot be written: {error}")),
        Err(Unsuccessful::NoSuch(what)) => failure(&what),
        Err(Unsuccessful::Failed(error)) => failure(&format!("{error:#}")),
        Err(Unsuccessful::FailedInPart) => 1,
    }
}

fn failure(message: &str) -> u8 {
    complain(message);
    1
}
