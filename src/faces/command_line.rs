//! The command line: one request as if a web server had asked.

use super::cgi::{complain, complete, serve};
use crate::environment::Environment;
use crate::settings::{self, Settings};
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;

/// Where the program is supposed to be when no web server says so.
const SCRIPT_NAME: &str = "/cgi-bin/ccxml-conference";

/// What there is on the command line.
pub fn command() -> Command {
    let flags = settings::ALL.iter().map(|setting| {
        Arg::new(setting.variable)
            .long(setting.flag)
            .value_name(setting.variable)
            .help(format!("{} [default: {}]", setting.meaning, setting.default))
            .help_heading("Settings, also read from environment variables of these names")
            .value_parser(clap::value_parser!(OsString))
            .global(true)
    });
    Command::new("ccxml-conference")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The dial-in conference line for CCXML voice platforms")
        .long_about(LONG_ABOUT)
        .arg(
            Arg::new("query")
                .long("query")
                .value_name("QUERY")
                .help("The query string of the request [default: QUERY_STRING]")
                .value_parser(clap::value_parser!(OsString)),
        )
        .arg(
            Arg::new("form")
                .long("form")
                .value_name("FORM")
                .help("Makes the request a POST with this form")
                .value_parser(clap::value_parser!(OsString)),
        )
        .arg(
            Arg::new("body")
                .long("body")
                .action(ArgAction::SetTrue)
                .help("Prints the document without headers"),
        )
        .args(flags)
}

const LONG_ABOUT: &str = "\
The dial-in conference line for CCXML voice platforms.

A caller rings and keys in a conference number; the first one creates the conference, everybody after joins it. A \
web server starts this program once per request, as CGI: it looks at a directory of token files, one per conference \
in progress, and answers with a CCXML or VoiceXML document. Started from the shell it answers one request the same \
way, so that a line can be tried without a telephone.";

/// Answers one request from the shell.
pub fn run(environment: Environment) -> ExitCode {
    let matches = command().get_matches();
    let environment = with_settings(environment, &matches);
    if let Err(bad) = Settings::from_environment(&environment) {
        complain(&bad.to_string());
        return ExitCode::from(2);
    }
    let (request, form) = as_a_web_server(environment, &matches);
    let answer = complete(|| serve(&request, form.as_bytes()));
    if matches.get_flag("body") {
        written(io::stdout().lock().write_all(answer.response.body.as_bytes()))
    } else {
        written(answer.response.write(io::stdout().lock(), answer.head))
    }
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

/// The exit status after writing; whoever closes the pipe has seen enough.
fn written(result: io::Result<()>) -> ExitCode {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("the response could not be written: {error}"));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
