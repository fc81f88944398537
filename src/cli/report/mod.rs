//! What the call log comes to: which files are read, and how it is printed.

mod arguments;
mod csv;
mod files;
mod json;
mod table;

pub use arguments::ReportArguments;

use super::verbs::{Outcome, Unsuccessful};
use crate::line::Line;
use crate::number::ConferenceNumber;
use crate::report::{Days, Held, Report, Sums};
use crate::settings::environment::Environment;
use anyhow::Context;
use files::LogFile;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Prints a report in one of its forms.
trait Printer {
    /// Prints a conference, whose room may have a name.
    fn conference(&mut self, held: &Held, name: Option<&str>) -> io::Result<()>;

    /// Prints the sums, and how many lines did not count, and ends the report.
    fn sums(&mut self, sums: &Sums, names: &mut Names<'_>, bad_lines: u64) -> io::Result<()>;
}

/// Prints what the call log comes to. It fails when a file can't be read, but not before all others have been.
pub fn report(line: &Line, arguments: &ReportArguments, bold: bool, to: impl Write) -> Outcome {
    let days = days(arguments)?;
    let mut complete = true;
    let mut files = Vec::new();
    for path in paths(line, arguments)? {
        match LogFile::open(path.clone()) {
            Ok(file) if files.iter().any(|known| file.is_same_as(known)) => {}
            // What it tells comes after the last of the days.
            Ok(file) if file.begins.is_some_and(|begins| days.are_over(begins)) => {}
            Ok(file) => files.push(file),
            Err(error) => complete = cannot_read(line, &path, &error),
        }
    }
    if files.is_empty() && !complete {
        return Err(Unsuccessful::FailedInPart);
    }
    // Rotated files are named in any order, and a conference may go on from one to the next.
    files.sort_by_key(|file| file.begins);
    let mut printer: Box<dyn Printer + '_> = match arguments {
        ReportArguments { json: true, .. } => Box::new(json::Json::new(&days, to)?),
        ReportArguments { csv: true, .. } => Box::new(csv::Csv::new(&days, to)),
        _ => Box::new(table::Table::new(&days, bold, *line.settings().documents.digits.end(), to)?),
    };
    let mut names = Names { line, known: HashMap::new() };
    let mut report = Report::new(days.clone());
    let mut bad = BadLines::default();
    let mut text = Vec::new();
    for mut file in files {
        let mut number = 0;
        loop {
            match file.next_line(&mut text) {
                Ok(true) => number += 1,
                Ok(false) => break,
                Err(error) => {
                    complete = cannot_read(line, &file.path, &error);
                    break;
                }
            }
            if report.take(&text).is_err() {
                bad.note(&file.path, number);
            }
            while let Some(held) = report.next_over() {
                printer.conference(&held, names.of(&held.line, &held.number))?;
            }
        }
    }
    let (rest, sums) = report.finish();
    for held in &rest {
        printer.conference(held, names.of(&held.line, &held.number))?;
    }
    printer.sums(&sums, &mut names, bad.count)?;
    if let Some(first) = bad.first {
        let (count, s) = (bad.count, if bad.count == 1 { "" } else { "s" });
        line.warn(&format!("{count} line{s} can't be read and did not count, the first of them is {first}"));
    }
    if complete { Ok(()) } else { Err(Unsuccessful::FailedInPart) }
}

/// The files that are meant.
fn paths(line: &Line, arguments: &ReportArguments) -> Result<Vec<PathBuf>, Unsuccessful> {
    if !arguments.files.is_empty() {
        return Ok(arguments.files.clone());
    }
    let log = line.settings().log.as_deref();
    let log = log.ok_or_else(|| {
        Unsuccessful::Usage("which call log? Set CONFERENCE_LOG, or name a FILE".to_owned())
    })?;
    let files =
        files::of_log(log).with_context(|| format!("CONFERENCE_LOG {} cannot be read", log.display()));
    match files.map_err(Unsuccessful::Failed)? {
        files if files.is_empty() => Err(Unsuccessful::NoSuch(format!(
            "there is no call log {}; the first request makes it if CONFERENCE_LOG is set for the web server too",
            log.display()
        ))),
        files => Ok(files),
    }
}

fn days(arguments: &ReportArguments) -> Result<Days, Unsuccessful> {
    let (from, to) = (arguments.day.or(arguments.from), arguments.day.or(arguments.to));
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(Unsuccessful::Usage(format!("--from {from} comes after --to {to}")));
    }
    Ok(Days { zone: if arguments.utc { TimeZone::UTC } else { local_zone()? }, from, to })
}

/// The zone of local time, which is UTC where the machine says nothing.
fn local_zone() -> Result<TimeZone, Unsuccessful> {
    TimeZone::try_system().or_else(|error| match Environment::of_this_process().get("TZ") {
        None => Ok(TimeZone::UTC),
        Some(zone) => Err(Unsuccessful::Usage(format!(
            "the time zone TZ={} is not known here ({error}); correct it, or use --utc",
            zone.display()
        ))),
    })
}

/// Says that a file can't be read, so that the report is not complete.
fn cannot_read(line: &Line, path: &Path, error: &io::Error) -> bool {
    line.warn(&format!("{} cannot be read: {error}", path.display()));
    false
}

/// Lines that can't be read.
#[derive(Default)]
struct BadLines {
    count: u64,
    first: Option<String>,
}

impl BadLines {
    fn note(&mut self, path: &Path, number: u64) {
        self.count += 1;
        self.first.get_or_insert_with(|| format!("line {number} of {}", path.display()));
    }
}

/// The names of rooms, each looked up once.
struct Names<'a> {
    line: &'a Line,
    known: HashMap<String, Option<String>>,
}

impl Names<'_> {
    /// The name of the room of a number. The rooms are those of this line, and say nothing of another one's numbers.
    fn of(&mut self, line: &str, number: &str) -> Option<&str> {
        let own = self.line.settings().documents.line.as_deref().unwrap_or_default();
        if line != own || !self.line.rooms().are_configured() {
            return None;
        }
        if !self.known.contains_key(number) {
            let name = ConferenceNumber::from_token_name(number)
                .and_then(|number| self.line.known_room(&number))
                .and_then(|room| room.name);
            self.known.insert(number.to_owned(), name);
        }
        self.known.get(number)?.as_deref()
    }
}
