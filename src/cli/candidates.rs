//! What a shell can offer for the word that is typed: numbers and callers of the line that the words before are about.

use super::owner;
use crate::conference::ALL;
use crate::line::Line;
use crate::number::ConferenceNumber;
use crate::overview;
use crate::settings::environment::Environment;
use crate::settings::{Flags, Settings, Sources};
use clap::{Arg, Args, Command, FromArgMatches, value_parser};
use clap_complete::engine::CompletionCandidate;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};

/// More numbers than this are no help to anybody who has to choose one.
const MOST: usize = 1000;

/// The words of the command line that a shell completes, which stand behind `--`.
pub(super) fn words(arguments: Vec<OsString>) -> Vec<OsString> {
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
    let typed = Arg::new("typed").num_args(0..).value_parser(value_parser!(String));
    let command = Flags::augment_args(Command::new("typed").ignore_errors(true)).arg(typed);
    let matches = command.try_get_matches_from(words(std::env::args_os().collect())).ok()?;
    let flags = Flags::from_arg_matches(&matches).ok()?;
    // Behind the verb.
    let number = matches.get_many::<String>("typed").and_then(|mut typed| typed.nth(1));
    let number = number.and_then(|number| ConferenceNumber::from_token_name(number));
    let environment = Environment::of_this_process();
    let settings = Settings::from_sources(&Sources::read(flags, &environment).ok()?).ok()?;
    owner::become_owner(&settings).ok()?;
    Some((Line::new(settings, |_| {}), number))
}
