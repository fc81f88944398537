//! Conferences and callers, as a table for people or as JSON for programs.

use super::verbs::{Outcome, Unsuccessful, no_such_conference};
use crate::clock::Millis;
use crate::console::{printable, span, span_left};
use crate::identity;
use crate::line::Line;
use crate::number::ConferenceNumber;
use crate::overview::{self, Row, SessionRow};
use serde::Serialize;
use std::io::Write;

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns that line up, with the headings in bold on a terminal.
    Table {
        /// Whether the output is a terminal.
        bold: bool,
    },
    /// JSON, whose fields stay what they are.
    Json,
}

/// Prints every conference in progress, sorted by number. Nothing but the numbers is held in memory.
///
/// A token that vanishes meanwhile is left out. An error is printed for one that can't be read, and the list has failed, but
/// not before all others have been shown.
pub fn list(line: &Line, format: Format, mut to: impl Write) -> Outcome {
    let (numbers, unnamed) = overview::sorted_numbers(line)?;
    let columns = Columns::of(line, &numbers);
    if let Format::Table { bold } = format {
        writeln!(to, "{}", emphasised(&columns.heading(), bold))?;
    }
    let (mut between, mut complete) = ("[\n", unnamed.is_empty());
    unnamed.iter().for_each(|error| line.warn(&error.to_string()));
    for number in &numbers {
        let seen = match overview::look(line, number) {
            Ok(Some(seen)) => seen,
            Ok(None) => continue,
            Err(error) => {
                line.warn(&error.to_string());
                complete = false;
                continue;
            }
        };
        match format {
            Format::Table { .. } => writeln!(to, "{}", columns.text(&seen.row()))?,
            Format::Json => {
                write!(to, "{between}{}", json(&seen.details()))?;
                between = ",\n";
            }
        }
    }
    if format == Format::Json {
        writeln!(to, "{}", if between == "[\n" { "[]" } else { "\n]" })?;
    }
    to.flush()?;
    if complete { Ok(()) } else { Err(Unsuccessful::FailedInPart) }
}

/// Prints one conference with its callers.
pub fn show(line: &Line, number: &ConferenceNumber, format: Format, mut to: impl Write) -> Outcome {
    let seen =
        overview::look(line, number)?.ok_or_else(|| Unsuccessful::NoSuch(no_such_conference(number)))?;
    let details = seen.details();
    match format {
        Format::Json => writeln!(to, "{}", json(&details))?,
        Format::Table { bold } => {
            let row = &details.row;
            writeln!(to, "number      {}", row.number)?;
            if row.name.is_some() {
                writeln!(to, "name        {}", printable_name(row))?;
            }
            if let (Some(conference), Some(since)) = (row.conference, &row.since) {
                writeln!(to, "conference  {}", printable(conference))?;
                writeln!(to, "since       {since} ({} ago)", age(row.age_seconds))?;
            }
            if let Some(left) = row.ends_in_seconds {
                writeln!(to, "ends        in {}", span_left(millis(left)))?;
            }
            writeln!(to, "state       {}", row.state)?;
            writeln!(to, "callers     {}", row.count())?;
            if let Some(closed) = row.closed_to() {
                writeln!(to, "PINs        {closed}; `ccxml-conference reopen {}` ends that", row.number)?;
            }
            if !details.sessions.is_empty() {
                writeln!(to)?;
                write_callers(&details.sessions, bold, &mut to)?;
            }
        }
    }
    to.flush()?;
    Ok(())
}

fn printable_name(row: &Row<'_>) -> String {
    printable(row.name.unwrap_or_default())
}

/// The columns of a list: how wide a number is, and whether there is one for PINs, as on a line with rooms.
pub(super) struct Columns {
    width: usize,
    pins: bool,
}

impl Columns {
    pub(super) fn of(line: &Line, numbers: &[ConferenceNumber]) -> Self {
        let longest = numbers.iter().map(|number| number.as_str().len()).max().unwrap_or(0);
        let width = longest.max(*line.settings().documents.digits.end()).max("NUMBER".len());
        Self { width, pins: line.rooms().are_configured() }
    }

    pub(super) fn heading(&self) -> String {
        self.joined("NUMBER", ["CALLERS", "WAITING", "AGE", "ENDS IN", "STATE", "PINS", "NAME"])
    }

    pub(super) fn text(&self, row: &Row<'_>) -> String {
        let ends_in = row.ends_in_seconds.map_or("-".to_owned(), |left| span_left(millis(left)));
        let pins = match (row.pins_closed_seconds, row.pins_closed_numbers) {
            (Some(_), _) => "closed",
            (None, Some(_)) => "partly",
            (None, None) => "open",
        };
        let (count, waiting, name) = (row.count(), row.waiting.to_string(), printable_name(row));
        self.joined(row.number, [&count, &waiting, &age(row.age_seconds), &ends_in, row.state, pins, &name])
    }

    fn joined(&self, number: &str, cells: [&str; 7]) -> String {
        let [callers, waiting, age, ends_in, state, pins, name] = cells;
        let width = self.width;
        let pins = if self.pins { format!("{pins:6}  ") } else { String::new() };
        let row = format!(
            "{number:width$}  {callers:>7}  {waiting:>7}  {age:>11}  {ends_in:>11}  {state:6}  {pins}{name}"
        );
        row.trim_end().to_owned()
    }
}

/// The callers of a conference, with a column that is as wide as the longest of their numbers.
fn write_callers(sessions: &[SessionRow<'_>], bold: bool, to: &mut impl Write) -> std::io::Result<()> {
    let numbers: Vec<_> = sessions.iter().map(|row| printable(row.caller.unwrap_or("-"))).collect();
    let longest = numbers.iter().map(|number| number.chars().count()).max().unwrap_or(0);
    let width = longest.clamp("CALLER".len(), identity::MOST);
    let joined = |number: &str, cells: [&str; 6]| {
        let [role, state, hand, age, lease, session] = cells;
        format!("{number:width$}  {role:9}  {state:10}  {hand:4}  {age:>11}  {lease:>11}  {session}")
    };
    let heading = joined("CALLER", ["ROLE", "STATE", "HAND", "AGE", "LEASE", "SESSION"]);
    writeln!(to, "{}", emphasised(&heading, bold))?;
    for (row, number) in sessions.iter().zip(&numbers) {
        let hand = if row.hand { "up" } else { "-" };
        let (age, lease) = (age(row.age_seconds), span_left(millis(row.lease_seconds)));
        let session = row.session.unwrap_or("(without session)");
        writeln!(
            to,
            "{}",
            joined(number, [row.role.word(), row.state_in_words(), hand, &age, &lease, session])
        )?;
    }
    Ok(())
}

fn age(seconds: Option<u64>) -> String {
    seconds.map_or("-".to_owned(), |seconds| span(millis(seconds)))
}

fn millis(seconds: u64) -> Millis {
    seconds.saturating_mul(1000)
}

fn json(value: &impl Serialize) -> String {
    // Texts and numbers: there is nothing in a row that JSON could refuse.
    serde_json::to_string(value).unwrap_or_default()
}

pub(super) fn emphasised(heading: &str, bold: bool) -> String {
    if bold { format!("\u{1b}[1m{heading}\u{1b}[0m") } else { heading.to_owned() }
}
