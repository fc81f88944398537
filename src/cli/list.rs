//! Conferences and callers, as a table for people or as JSON for programs.

use super::verbs::{self, Outcome, no_such_conference};
use crate::call_log::rfc3339;
use crate::conference::{Caller, Conference, Role, Terms, current};
use crate::line::Line;
use crate::number::ConferenceNumber;
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

/// A conference, as `list` shows it.
#[derive(Serialize)]
struct Row<'a> {
    number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    conference: &'a str,
    callers: usize,
    waiting: usize,
    unknown: bool,
    since: String,
    state: &'static str,
}

/// A conference with its callers, as `show` shows it.
#[derive(Serialize)]
struct Details<'a> {
    #[serde(flatten)]
    row: Row<'a>,
    sessions: Vec<SessionRow<'a>>,
}

/// A caller, as `show` shows them.
#[derive(Serialize)]
struct SessionRow<'a> {
    session: Option<&'a str>,
    role: Role,
    state: &'static str,
    since: Option<String>,
    lease_seconds: u64,
}

/// Prints every conference in progress, in no order and in memory that does not grow with their number.
///
/// A token that vanishes meanwhile is left out, an error is printed for one that can't be read.
pub fn list(line: &Line, format: Format, mut to: impl Write) -> Outcome {
    let width = *line.settings().line.digits.end();
    let heading = format!(
        "{:width$}  {:>7}  {:>7}  {:20}  {:7}  NAME",
        "NUMBER", "CALLERS", "WAITING", "SINCE", "STATE"
    );
    let mut between = "[\n";
    let numbers = line.store().numbers()?;
    if let Format::Table { bold } = format {
        writeln!(to, "{}", emphasised(&heading, bold))?;
    }
    for number in numbers {
        let looked = number.and_then(|number| Ok((line.store().look(&number)?, number)));
        let (kept, now, number) = match looked {
            Ok(((Some(kept), now), number)) => (kept, now, number),
            Ok(((None, _), _)) => continue,
            Err(error) => {
                line.warn(&error.to_string());
                continue;
            }
        };
        let (name, terms) = room(line, &number);
        let (conference, _) = current(kept, &now, &terms);
        if !conference.is_occupied() {
            continue;
        }
        let row = Row::of(&number, name, &conference);
        match format {
            Format::Table { .. } => writeln!(to, "{}", row.text(width).trim_end())?,
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
    Ok(())
}

/// Prints one conference with its callers.
pub fn show(line: &Line, number: &ConferenceNumber, format: Format, mut to: impl Write) -> Outcome {
    let (kept, now) = line.store().look(number)?;
    let kept: Conference = kept.ok_or_else(|| no_such_conference(number))?;
    let (name, terms) = room(line, number);
    let (conference, _) = current(kept, &now, &terms);
    if !conference.is_occupied() {
        return Err(no_such_conference(number));
    }
    let details = Details::of(number, name, &conference);
    match format {
        Format::Json => writeln!(to, "{}", json(&details))?,
        Format::Table { bold } => {
            let row = &details.row;
            writeln!(to, "number      {}", row.number)?;
            if row.name.is_some() {
                writeln!(to, "name        {}", row.printable_name())?;
            }
            writeln!(to, "conference  {}", row.conference)?;
            writeln!(to, "since       {}", row.since)?;
            writeln!(to, "state       {}", row.state)?;
            writeln!(to, "callers     {}", row.count())?;
            if !details.sessions.is_empty() {
                let heading = format!("{:9}  {:7}  {:20}  {:>5}  SESSION", "ROLE", "STATE", "SINCE", "LEASE");
                writeln!(to, "\n{}", emphasised(&heading, bold))?;
            }
            for session in &details.sessions {
                writeln!(to, "{}", session.text())?;
            }
        }
    }
    to.flush()?;
    Ok(())
}

/// The name of a number's room, and its terms.
fn room(line: &Line, number: &ConferenceNumber) -> (Option<String>, Terms) {
    let room = verbs::room(line, number);
    let terms = line.terms_in(room.as_ref());
    (room.and_then(|room| room.name), terms)
}

impl<'a> Row<'a> {
    fn of(number: &'a ConferenceNumber, name: Option<String>, conference: &'a Conference) -> Self {
        Self {
            number: number.as_str(),
            name,
            conference: &conference.id,
            callers: conference.count(),
            waiting: conference.callers.iter().filter(|caller| caller.waiting).count(),
            unknown: conference.unknown.is_some(),
            since: since(conference, conference.age),
            state: match (conference.ending, conference.locked) {
                (Some(_), _) => "ending",
                (None, true) => "locked",
                (None, false) => "open",
            },
        }
    }

    /// The number of callers; with a plus where there may be others that nobody knows of.
    fn count(&self) -> String {
        format!("{}{}", self.callers, if self.unknown { "+" } else { "" })
    }

    /// The name as a table can show it: whoever writes a room's file is not to write to the operator's terminal, nor
    /// into the rows of other conferences.
    fn printable_name(&self) -> String {
        let name = self.name.as_deref().unwrap_or_default();
        name.replace(char::is_control, "\u{fffd}")
    }

    fn text(&self, width: usize) -> String {
        let (number, count, since, name) = (self.number, self.count(), &self.since, self.printable_name());
        format!("{number:width$}  {count:>7}  {:>7}  {since:20}  {:7}  {name}", self.waiting, self.state)
    }
}

impl<'a> Details<'a> {
    fn of(number: &'a ConferenceNumber, name: Option<String>, conference: &'a Conference) -> Self {
        let callers = conference.callers.iter().map(|caller| SessionRow::of(conference, caller));
        let kicked = conference.kicked.iter().map(|kicked| SessionRow {
            session: Some(kicked.session.as_str()),
            role: Role::Caller,
            state: "kicked",
            since: None,
            lease_seconds: kicked.lease / 1000,
        });
        Self { row: Row::of(number, name, conference), sessions: callers.chain(kicked).collect() }
    }
}

impl<'a> SessionRow<'a> {
    fn of(conference: &Conference, caller: &'a Caller) -> Self {
        Self {
            session: caller.session.as_ref().map(|session| session.as_str()),
            role: caller.role,
            state: match (caller.waiting, caller.muted) {
                (true, _) => "waiting",
                (false, true) => "muted",
                (false, false) => "in",
            },
            since: Some(since(conference, caller.age)),
            lease_seconds: caller.lease / 1000,
        }
    }

    fn text(&self) -> String {
        let role = match self.role {
            Role::Caller => "caller",
            Role::Moderator => "moderator",
        };
        let (since, session) =
            (self.since.as_deref().unwrap_or("-"), self.session.unwrap_or("(without session)"));
        format!("{role:9}  {:7}  {since:20}  {:>4}s  {session}", self.state, self.lease_seconds)
    }
}

/// When something that is so old began, to the second.
fn since(conference: &Conference, age: u64) -> String {
    let time = rfc3339(conference.as_of.wall.saturating_sub(age));
    let seconds = time.split('.').next().unwrap_or_default();
    format!("{seconds}Z")
}

fn json(value: &impl Serialize) -> String {
    // Texts and numbers: there is nothing in a row that JSON could refuse.
    serde_json::to_string(value).unwrap_or_default()
}

fn emphasised(heading: &str, bold: bool) -> String {
    if bold { format!("\u{1b}[1m{heading}\u{1b}[0m") } else { heading.to_owned() }
}
