//! A report as CSV, for spreadsheets: rows of one shape, conferences first, then each day, each number, and everything.

use super::{Names, Printer};
use crate::console::printable;
use crate::report::{Days, Held, Sum, Sums, minutes};
use ::csv::{Error, ErrorKind, Writer};
use serde::Serialize;
use std::io::{self, Write};

/// A file of CSV.
pub struct Csv<'a, W: Write> {
    days: &'a Days,
    to: Writer<W>,
}

/// What every row has.
#[derive(Default, Serialize)]
struct Row<'a> {
    row: &'a str,
    begin: String,
    end: String,
    line: String,
    number: &'a str,
    name: String,
    conferences: u64,
    minutes: f64,
    callers: u64,
    most_callers: u64,
    refusals: u64,
    failures: u64,
}

impl<'a, W: Write> Csv<'a, W> {
    /// A file that is still empty.
    pub fn new(days: &'a Days, to: W) -> Self {
        Self { days, to: Writer::from_writer(to) }
    }

    fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.to.serialize(row).map_err(as_io)
    }
}

impl<W: Write> Printer for Csv<'_, W> {
    fn conference(&mut self, held: &Held, name: Option<&str>) -> io::Result<()> {
        let time = |time| self.days.local(time).strftime("%Y-%m-%d %H:%M:%S").to_string();
        let row = Row {
            begin: time(held.begin),
            end: held.end().map(time).unwrap_or_default(),
            line: text(&held.line),
            number: &held.number,
            name: text(name.unwrap_or_default()),
            ..Row::of("conference", &Sum::of(held))
        };
        self.write(&row)
    }

    fn sums(&mut self, sums: &Sums, names: &mut Names<'_>, _bad_lines: u64) -> io::Result<()> {
        for (day, sum) in &sums.by_day {
            self.write(&Row { begin: day.to_string(), ..Row::of("day", sum) })?;
        }
        for (number, sum) in &sums.by_number {
            self.write(&Row {
                line: text(&number.line),
                number: &number.number,
                name: text(names.of(&number.line, &number.number).unwrap_or_default()),
                ..Row::of("number", sum)
            })?;
        }
        self.write(&Row::of("all", &sums.all))?;
        self.to.flush()
    }
}

impl<'a> Row<'a> {
    fn of(row: &'a str, sum: &Sum) -> Self {
        Self {
            row,
            conferences: sum.conferences,
            minutes: minutes(sum.duration),
            callers: sum.callers,
            most_callers: sum.most_callers,
            refusals: sum.refusals,
            failures: sum.failures,
            ..Self::default()
        }
    }
}

/// A text that somebody has written, and that no spreadsheet is to take for a formula: an apostrophe makes it a text.
fn text(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@']);
    format!("{}{}", if is_formula { "'" } else { "" }, printable(text))
}

/// The error beneath: a closed pipe is to be known for one.
fn as_io(error: Error) -> io::Error {
    if !error.is_io_error() {
        return io::Error::other(error);
    }
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
