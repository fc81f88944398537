//! What the call log comes to (contract section 7): the conferences that were held, and their sums.
//!
//! Everything here is pure, and takes one line of the log after another. Its memory does not grow with the lines: a
//! conference is handed out once it is over, and what remains of it are the sums of its number and its day.

mod days;
mod entry;
mod held;
mod sums;

pub use days::Days;
pub use held::Held;
pub use sums::{Number, Sum, Sums, minutes};

use crate::clock::Millis;
use crate::conference::EventKind;
use entry::Entry;
use std::collections::{HashMap, VecDeque};
use std::fmt::Write;
use std::hash::RandomState;

/// For how many lines of the log a conference is kept after it seems to be over: lines that others have overtaken may still
/// come, and those of callers who are put back after an outage.
const LINGER: u64 = 10_000;

/// A report in the making.
#[derive(Debug)]
pub struct Report {
    days: Days,
    /// Conferences by line and identifier.
    held: HashMap<Box<str>, Known>,
    /// Which of them was the last to be held under a number, by line and number.
    latest: HashMap<Box<str>, Box<str>>,
    /// Which seemed to be over with which line of the log.
    over: VecDeque<(u64, Box<str>)>,
    /// How many lines have been read.
    lines: u64,
    /// The sums so far.
    sums: Sums,
    hasher: RandomState,
    key: String,
}

#[derive(Debug)]
struct Known {
    held: Held,
    /// The line of the log with which it seemed to be over.
    over_with: Option<u64>,
    /// Another one was held under its number since.
    followed: bool,
}

/// A line that can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// When a line of the log says that it was written; none when it can't be read.
pub fn time_of(line: &[u8]) -> Option<Millis> {
    Entry::parse(line).map(|entry| entry.time)
}

impl Report {
    /// A report about some days.
    pub fn new(days: Days) -> Self {
        Self {
            days,
            held: HashMap::new(),
            latest: HashMap::new(),
            over: VecDeque::new(),
            lines: 0,
            sums: Sums::default(),
            hasher: RandomState::new(),
            key: String::new(),
        }
    }

    /// Takes in the next line of the log. Blank ones are passed over.
    pub fn take(&mut self, line: &[u8]) -> Result<(), Unreadable> {
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let entry = Entry::parse(line).ok_or(Unreadable)?;
        self.lines += 1;
        if entry.conference.is_empty() {
            let counts = matches!(entry.event, EventKind::Refused | EventKind::Failed);
            if counts && self.days.contain(entry.time) {
                let day = self.days.day(entry.time);
                self.sums.add_event(day, &entry.line, &entry.number, entry.event);
            }
            return Ok(());
        }
        let key = key(&mut self.key, &entry.line, &entry.conference);
        if !self.held.contains_key(key) {
            let known = Known { held: Held::beginning_with(&entry), over_with: None, followed: false };
            self.held.insert(key.into(), known);
        }
        let Some(known) = self.held.get_mut(key) else { return Ok(()) };
        let first = known.held.number.is_empty() && !entry.number.is_empty();
        known.held.take(&entry, &self.hasher);
        known.settle(self.lines, key, &mut self.over);
        if first {
            let id: Box<str> = key.into();
            self.follow(id, &entry);
        }
        Ok(())
    }

    /// The next conference that is over. To be asked for until there is none, after each line.
    pub fn next_over(&mut self) -> Option<Held> {
        while self.over.front().is_some_and(|(line, _)| line + LINGER <= self.lines) {
            let (line, id) = self.over.pop_front()?;
            if self.held.get(&id).is_none_or(|known| known.over_with != Some(line)) {
                continue;
            }
            let held = self.held.remove(&id)?.held;
            let number = key(&mut self.key, &held.line, &held.number);
            if self.latest.get(number) == Some(&id) {
                self.latest.remove(number);
            }
            if self.count(&held) {
                return Some(held);
            }
        }
        None
    }

    /// What is left when the log has been read: the conferences that have not been handed out, those last of which no
    /// end is known, and the sums of all.
    pub fn finish(mut self) -> (Vec<Held>, Sums) {
        let held = std::mem::take(&mut self.held);
        let mut rest: Vec<Held> = held.into_values().map(|known| known.held).collect();
        rest.sort_by(|a, b| order(a).cmp(&order(b)));
        rest.retain(|held| self.count(held));
        (rest, self.sums)
    }

    /// Puts a conference into the sums, if the report is about the day on which it began.
    fn count(&mut self, held: &Held) -> bool {
        let counts = self.days.contain(held.begin);
        if counts {
            self.sums.add(self.days.day(held.begin), held);
        }
        counts
    }

    /// Of two conferences of one number the earlier one is over, even if the log does not tell how: a platform and its
    /// Redis may both have gone away.
    fn follow(&mut self, id: Box<str>, entry: &Entry<'_>) {
        let number = key(&mut self.key, &entry.line, &entry.number);
        let Some(before) = self.latest.get(number).cloned() else {
            self.latest.insert(number.into(), id);
            return;
        };
        let begin = |id: &str| self.held.get(id).map(|known| known.held.begin);
        let earlier = if begin(&before) <= begin(&id) {
            self.latest.insert(number.into(), id);
            before
        } else {
            id
        };
        if let Some(known) = self.held.get_mut(&earlier) {
            known.followed = true;
            known.settle(self.lines, &earlier, &mut self.over);
        }
    }
}

impl Known {
    /// Notes whether the conference seems to be over.
    fn settle(&mut self, line: u64, key: &str, over: &mut VecDeque<(u64, Box<str>)>) {
        if !self.followed && self.held.end().is_none() {
            self.over_with = None;
        } else if self.over_with.is_none() {
            self.over_with = Some(line);
            over.push_back((line, key.into()));
        }
    }
}

/// Those of which no end is known come last.
fn order(held: &Held) -> (bool, Option<Millis>, Millis, &str, &str) {
    (held.end().is_none(), held.end(), held.begin, &held.line, &held.conference)
}

/// The key of something in a line.
fn key<'a>(buffer: &'a mut String, line: &str, name: &str) -> &'a str {
    buffer.clear();
    // Into a text everything can be written.
    let _ = write!(buffer, "{line}/{name}");
    buffer
}

#[cfg(test)]
mod tests;
