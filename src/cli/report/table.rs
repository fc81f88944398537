//! A report as a table for people. What may be longer than its column stands last.

use super::{Names, Printer};
use crate::cli::list::emphasised;
use crate::console::printable;
use crate::report::{Days, Held, Sum, Sums, minutes};
use std::io::{self, Write};

/// How wide the first column of sums is: so wide is a day.
const DAY: usize = 10;

/// Columns that line up.
pub struct Table<'a, W> {
    days: &'a Days,
    /// Whether the headings are in bold.
    bold: bool,
    /// How wide the column of numbers is.
    width: usize,
    to: W,
}

impl<'a, W: Write> Table<'a, W> {
    /// A table with its heading.
    pub fn new(days: &'a Days, bold: bool, width: usize, mut to: W) -> io::Result<Self> {
        let heading = format!(
            "{:16}  {:>8}  {:>7}  {:>4}  {:>7}  {:width$}  NAME",
            "BEGIN", "MINUTES", "CALLERS", "MOST", "REFUSED", "NUMBER"
        );
        writeln!(to, "{}", emphasised(&heading, bold))?;
        Ok(Self { days, bold, width, to })
    }

    fn heading_of_sums(&mut self, first: &str, last: &str) -> io::Result<()> {
        let width = self.width.max(DAY);
        let heading = format!(
            "{first:width$}  {:>11}  {:>9}  {:>7}  {:>4}  {:>7}  {:>6}  {last}",
            "CONFERENCES", "MINUTES", "CALLERS", "MOST", "REFUSED", "FAILED"
        );
        writeln!(self.to, "\n{}", emphasised(heading.trim_end(), self.bold))
    }

    fn sum(&mut self, first: &str, sum: &Sum, last: &str) -> io::Result<()> {
        let width = self.width.max(DAY);
        let Sum { conferences, callers, most_callers, refusals, failures, .. } = sum;
        let row = format!(
            "{first:width$}  {conferences:>11}  {:>9.1}  {callers:>7}  {most_callers:>4}  {refusals:>7}  \
             {failures:>6}  {last}",
            minutes(sum.duration)
        );
        writeln!(self.to, "{}", row.trim_end())
    }
}

impl<W: Write> Printer for Table<'_, W> {
    fn conference(&mut self, held: &Held, name: Option<&str>) -> io::Result<()> {
        let begin = self.days.local(held.begin).strftime("%Y-%m-%d %H:%M").to_string();
        // The log does not tell when it ended: so long it has taken at least.
        let more = if held.end().is_none() { '+' } else { ' ' };
        let row = format!(
            "{begin}  {:>7.1}{more}  {:>7}  {:>4}  {:>7}  {:width$}  {}",
            minutes(held.duration()),
            held.callers(),
            held.most_callers,
            held.refusals,
            in_line(&held.line, &held.number),
            printable(name.unwrap_or_default()),
            width = self.width,
        );
        writeln!(self.to, "{}", row.trim_end())
    }

    fn sums(&mut self, sums: &Sums, names: &mut Names<'_>, _bad_lines: u64) -> io::Result<()> {
        self.heading_of_sums("DAY", "")?;
        for (day, sum) in &sums.by_day {
            self.sum(&day.to_string(), sum, "")?;
        }
        self.heading_of_sums("NUMBER", "NAME")?;
        for (number, sum) in &sums.by_number {
            let name = printable(names.of(&number.line, &number.number).unwrap_or_default());
            self.sum(&in_line(&number.line, &number.number), sum, &name)?;
        }
        self.heading_of_sums("", "")?;
        self.sum("all", &sums.all, "")?;
        self.to.flush()
    }
}

/// A number of a line, as it stands in the platform's name of the conference.
fn in_line(line: &str, number: &str) -> String {
    if line.is_empty() { number.to_owned() } else { format!("{line}_{number}") }
}
