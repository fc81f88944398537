//! Plays whole calls against a conference line without any telephony, and tells what every caller hears.
//!
//! The way of a rehearsal: [`arguments`] say who rings whom; [`target`] is the way to the line; [`play`] lets the calls
//! happen; [`report`] tells of them as a transcript, as JSON or as a picture; [`verdict`] judges.

mod arguments;
mod caller;
mod failures;
mod http;
mod phone;
mod places;
mod play;
mod report;
mod secrets;
mod target;
mod texts;
mod verdict;

use arguments::{Arguments, Command};
use ccxml_conference::settings::environment::Environment;
use clap::{CommandFactory, Parser};
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let environment = Environment::of_this_process();
    // Without an address the rehearsal is of the program that is built in: started by itself as a web server would start
    // that program, it is that program.
    if environment.get("GATEWAY_INTERFACE").is_some() {
        return ExitCode::from(ccxml_conference::cgi::run(&environment));
    }
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Some(Command::Completion { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), arguments::NAME, &mut script);
            print(&script)
        }
        Some(Command::Manual) => {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(Arguments::command()).render(&mut page);
            rendered.map_err(Into::into).and_then(|()| print(&page))
        }
        None => report::rehearse(&arguments),
    };
    match done {
        Ok(passed) => ExitCode::from(u8::from(!passed)),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error:#}", arguments::NAME);
            ExitCode::from(2)
        }
    }
}

fn print(bytes: &[u8]) -> anyhow::Result<bool> {
    io::stdout().lock().write_all(bytes)?;
    Ok(true)
}

/// Whoever closes the pipe has seen enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
