//! Conferences and callers, as a table for people or as JSON for programs.

use super::verbs::{Outcome, Unsuccessful, no_such_conference};
use crate::conference::Role;
use crate::console::printable;
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

/// Prints every conference in progress, in no order and in memory that does not grow with their number.
///
/// A token that vanishes meanwhile is left out. An error is printed for one that can't be read, and the list has failed, but
/// not before all others have been shown.
pub fn list(line: &Line, format: Format, mut to: impl Write) -> Outcome {
    let width = *line.settings().documents.digits.end();
    let columns = Columns { width, pins: line.rooms().are_configured() };
    let pins = columns.pins("PINS");
    let heading = format!(
        "{:width$}  {:>7}  {:>7}  {:20}  {:7}  {pins}NAME",
        "NUMBER", "CALLERS", "WAITING", "SINCE", "STATE"
    );
    let (mut between, mut complete) = ("[\n", true);
    let numbers = line.store().numbers()?;
    if let Format::Table { bold } = format {
        writeln!(to, "{}", emphasised(&heading, bold))?;
    }
    for number in numbers {
        let seen = match number.and_then(|number| overview::look(line, &number)) {
            Ok(Some(seen)) => seen,
            Ok(None) => continue,
            Err(error) => {
                line.warn(&error.to_string());
                complete = false;
                continue;
            }
        };
        let row = seen.row();
        match format {
            Format::Table { .. } => writeln!(to, "{}", columns.text(&row).trim_end())?,
            Format::Json => {
                write!(to, "{between}{}", json(&row))?;
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
    let seen = overview::look(line, number)?.ok_or_else(|| no_such_conference(number))?;
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
                writeln!(to, "since       {since}")?;
            }
            writeln!(to, "state       {}", row.state)?;
            writeln!(to, "callers     {}", row.count())?;
            if let Some(closed) = row.closed_to() {
                writeln!(to, "PINs        {closed}; `ccxml-conference reopen {}` ends that", row.number)?;
            }
            if !details.sessions.is_empty() {
                let heading = format!("{:9}  {:7}  {:20}  {:>5}  SESSION", "ROLE", "STATE", "SINCE", "LEASE");
                writeln!(to, "\n{}", emphasised(&heading, bold))?;
            }
            for session in &details.sessions {
                writeln!(to, "{}", session_text(session))?;
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
struct Columns {
    width: usize,
    pins: bool,
}

impl Columns {
    fn text(&self, row: &Row<'_>) -> String {
        let (number, count, name) = (row.number, row.count(), printable_name(row));
        let (since, width) = (row.since.as_deref().unwrap_or("-"), self.width);
        let pins = match (row.pins_closed_seconds, row.pins_closed_numbers) {
            (Some(_), _) => "closed",
            (None, Some(_)) => "partly",
            (None, None) => "open",
        };
        let pins = self.pins(pins);
        format!("{number:width$}  {count:>7}  {:>7}  {since:20}  {:7}  {pins}{name}", row.waiting, row.state)
    }

    fn pins(&self, pins: &str) -> String {
        if self.pins { format!("{pins:6}  ") } else { String::new() }
    }
}

fn session_text(row: &SessionRow<'_>) -> String {
    let role = match row.role {
        Role::Caller => "caller",
        Role::Moderator => "moderator",
    };
    let (since, session) = (row.since.as_deref().unwrap_or("-"), row.session.unwrap_or("(without session)"));
    format!("{role:9}  {:7}  {since:20}  {:>4}s  {session}", row.state, row.lease_seconds)
}

fn json(value: &impl Serialize) -> String {
    // Texts and numbers: there is nothing in a row that JSON could refuse.
    serde_json::to_string(value).unwrap_or_default()
}

pub(super) fn emphasised(heading: &str, bold: bool) -> String {
    if bold { format!("\u{1b}[1m{heading}\u{1b}[0m") } else { heading.to_owned() }
}
