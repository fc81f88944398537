//! Completion in shells: the script that a shell reads once, and the candidates that it asks this program for at each key.

use super::arguments::{self, Arguments};
use super::identity;
use crate::conference::ALL;
use crate::line::Line;
use crate::number::ConferenceNumber;
use crate::overview;
use crate::settings::environment::Environment;
use crate::settings::{Settings, Sources};
use clap::{CommandFactory, FromArgMatches};
use clap_complete::Shell;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{EnvCompleter, Shells};
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::Path;

/// With this variable a shell asks for candidates.
pub const VARIABLE: &str = "CCXML_CONFERENCE_COMPLETE";

const NAME: &str = "ccxml-conference";

/// More numbers than this are no help to anybody who has to choose one.
const MOST: usize = 1000;

/// Writes the script of a shell, which asks the program that was started as `program`.
pub fn write_script(shell: Shell, program: &Path, to: &mut dyn Write) -> io::Result<()> {
    // A name is looked for in PATH; anything else has to be found from wherever the shell is then.
    let program =
        if program.components().count() > 1 { std::path::absolute(program)? } else { program.into() };
    completer(&shell.to_string())?.write_registration(VARIABLE, NAME, NAME, &program.to_string_lossy(), to)
}

/// Writes the candidates for the word that a shell completes. The words of its command line stand behind `--`.
pub fn write_candidates(shell: &OsStr, arguments: Vec<OsString>, to: &mut dyn Write) -> io::Result<()> {
    let mut command = Arguments::command();
    command.build();
    completer(&shell.to_string_lossy())?.write_complete(&mut command, words(arguments), None, to)
}

fn completer(shell: &str) -> io::Result<&'static dyn EnvCompleter> {
    let known = Shells::builtins().0.iter().copied().find(|known| known.is(shell));
    known.ok_or_else(|| io::Error::other(format!("there is no completion for {shell}")))
}

fn words(arguments: Vec<OsString>) -> Vec<OsString> {
    arguments.into_iter().skip_while(|word| word != "--").skip(1).collect()
}

/// The numbers of conferences in progress.
pub fn numbers(begun: &OsStr) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    let numbers = line_and_number().and_then(|(line, _)| {
        let numbers = line.store().numbers().ok()?.flatten();
        let mut numbers: Vec<_> =
            numbers.filter(|number| number.as_str().starts_with(&*begun)).take(MOST).collect();
        numbers.sort();
        Some(numbers)
    });
    numbers.unwrap_or_default().iter().map(|number| CompletionCandidate::new(number.as_str())).collect()
}

/// The sessions and the numbers of the callers of the conference that was named before, and the word for all of them.
pub fn callers(begun: &OsStr) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    let callers = line_and_number().and_then(|(line, number)| {
        let seen = overview::look(&line, &number?).ok()??;
        // Callers choose what their numbers look like, and a shell is to get nothing that means something to it.
        let is_plain = |number: &&str| number.bytes().all(|byte| byte == b'+' || byte.is_ascii_digit());
        let details = seen.details();
        let told = details.sessions.iter().flat_map(|row| [row.session, row.caller.filter(is_plain)]);
        Some(told.flatten().map(str::to_owned).collect::<Vec<_>>())
    });
    let mut told = vec![ALL.to_owned()];
    told.extend(callers.unwrap_or_default());
    let mut seen = HashSet::new();
    told.retain(|told| told.starts_with(&*begun) && seen.insert(told.clone()));
    told.into_iter().map(CompletionCandidate::new).collect()
}

/// The line that the words typed so far are about, and the number among them. Without one, or without the right to look at
/// it, there is nothing to offer, and no place to say why.
fn line_and_number() -> Option<(Line, Option<ConferenceNumber>)> {
    let words = words(std::env::args_os().collect());
    let matches = Arguments::command().ignore_errors(true).try_get_matches_from(words).ok()?;
    let flags = arguments::Settings::from_arg_matches(&matches).ok()?.0;
    let number =
        matches.subcommand().and_then(|(_, verb)| verb.try_get_one("number").ok().flatten().cloned());
    let environment = Environment::of_this_process();
    let settings = Settings::from_sources(&Sources::read(flags, &environment).ok()?).ok()?;
    identity::become_owner(&settings).ok()?;
    Some((Line::new(settings, |_| {}), number))
}
