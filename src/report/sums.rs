//! What conferences come to: together, by day, and by number.

use super::held::Held;
use crate::clock::Millis;
use crate::conference::EventKind;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// What some conferences come to, together with the refusals and failures that were about none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// How many there were.
    pub conferences: u64,
    /// How long they took, in milliseconds; in JSON in minutes, to a tenth.
    #[serde(rename = "minutes", serialize_with = "in_minutes")]
    pub duration: Millis,
    /// How many callers took part in them.
    pub callers: u64,
    /// The most callers who were in one of them at once.
    pub most_callers: u64,
    /// How many were not let in.
    pub refusals: u64,
    /// How many requests failed on our side.
    pub failures: u64,
}

/// A number of a line; the line's name is empty when it has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    /// The name of the line.
    pub line: Box<str>,
    /// The conference number.
    pub number: Box<str>,
}

/// The sums of a report.
#[derive(Debug, Default)]
pub struct Sums {
    /// Of everything.
    pub all: Sum,
    /// Of each day. A conference belongs to the day on which it began.
    pub by_day: BTreeMap<Date, Sum>,
    /// Of each number. What was about none is in the other sums alone.
    pub by_number: BTreeMap<Number, Sum>,
}

impl Sums {
    /// Counts a conference.
    pub(super) fn add(&mut self, day: Date, held: &Held) {
        self.add_sum(day, &held.line, &held.number, &Sum::of(held));
    }

    /// Counts what happened to no conference, if it is counted at all.
    pub(super) fn add_event(&mut self, day: Date, line: &str, number: &str, event: EventKind) {
        let one = match event {
            EventKind::Refused => Sum { refusals: 1, ..Sum::default() },
            EventKind::Failed => Sum { failures: 1, ..Sum::default() },
            _ => return,
        };
        self.add_sum(day, line, number, &one);
    }

    fn add_sum(&mut self, day: Date, line: &str, number: &str, one: &Sum) {
        self.all.add(one);
        self.by_day.entry(day).or_default().add(one);
        if !number.is_empty() {
            let number = Number { line: line.into(), number: number.into() };
            self.by_number.entry(number).or_default().add(one);
        }
    }
}

impl Sum {
    /// What one conference comes to.
    pub fn of(held: &Held) -> Self {
        Self {
            conferences: 1,
            duration: held.duration(),
            callers: held.callers(),
            most_callers: held.most_callers,
            refusals: held.refusals,
            failures: 0,
        }
    }

    fn add(&mut self, other: &Self) {
        self.conferences += other.conferences;
        self.duration = self.duration.saturating_add(other.duration);
        self.callers += other.callers;
        self.most_callers = self.most_callers.max(other.most_callers);
        self.refusals += other.refusals;
        self.failures += other.failures;
    }
}

/// Minutes, to a tenth.
pub fn minutes(duration: Millis) -> f64 {
    (duration as f64 / 6000.0).round() / 10.0
}

fn in_minutes<S: Serializer>(duration: &Millis, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(minutes(*duration))
}
