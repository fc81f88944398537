//! A report as JSON, whose fields stay what they are.

use super::{Names, Printer};
use crate::clock::Millis;
use crate::report::{Days, Held, Sum, Sums, minutes};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// One object, written as the conferences come.
pub struct Json<'a, W> {
    days: &'a Days,
    /// What stands before the next conference.
    between: &'static str,
    to: W,
}

#[derive(Serialize)]
struct HeldRow<'a> {
    number: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    line: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    conference: &'a str,
    begin: String,
    end: Option<String>,
    minutes: f64,
    callers: u64,
    most_callers: u64,
    refusals: u64,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    telephone_numbers: &'a BTreeSet<Box<str>>,
}

#[derive(Serialize)]
struct DayRow<'a> {
    day: String,
    #[serde(flatten)]
    sum: &'a Sum,
}

#[derive(Serialize)]
struct NumberRow<'a> {
    number: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    line: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(flatten)]
    sum: &'a Sum,
}

impl<'a, W: Write> Json<'a, W> {
    /// The beginning of the object.
    pub fn new(days: &'a Days, mut to: W) -> io::Result<Self> {
        write!(to, "{{\"conferences\":[")?;
        Ok(Self { days, between: "\n", to })
    }

    fn rfc3339(&self, time: Millis) -> String {
        self.days.local(time).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

impl<W: Write> Printer for Json<'_, W> {
    fn conference(&mut self, held: &Held, name: Option<&str>) -> io::Result<()> {
        let row = HeldRow {
            number: &held.number,
            line: &held.line,
            name,
            conference: &held.conference,
            begin: self.rfc3339(held.begin),
            end: held.end().map(|end| self.rfc3339(end)),
            minutes: minutes(held.duration()),
            callers: held.callers(),
            most_callers: held.most_callers,
            refusals: held.refusals,
            telephone_numbers: &held.telephone_numbers,
        };
        write!(self.to, "{}", std::mem::replace(&mut self.between, ",\n"))?;
        Ok(serde_json::to_writer(&mut self.to, &row)?)
    }

    fn sums(&mut self, sums: &Sums, names: &mut Names<'_>, bad_lines: u64) -> io::Result<()> {
        let days = sums.by_day.iter().map(|(day, sum)| DayRow { day: day.to_string(), sum });
        let numbers = sums.by_number.iter().map(|(number, sum)| NumberRow {
            number: &number.number,
            line: &number.line,
            name: names.of(&number.line, &number.number).map(str::to_owned),
            sum,
        });
        let days = serde_json::to_string(&days.collect::<Vec<_>>())?;
        let numbers = serde_json::to_string(&numbers.collect::<Vec<_>>())?;
        let all = serde_json::to_string(&sums.all)?;
        let to = &mut self.to;
        writeln!(
            to,
            "],\n\"days\":{days},\n\"numbers\":{numbers},\n\"all\":{all},\n\"bad_lines\":{bad_lines}}}"
        )?;
        to.flush()
    }
}
