//! What would fail in a directory of rooms, found out without changing anything in it.

use super::{Room, Rooms};
use crate::conference::MOST_CALLERS;
use crate::disk;
use crate::document::Dialect;
use crate::number::ConferenceNumber;
use std::fs::{self, DirEntry};
use std::ops::RangeInclusive;
use std::path::Path;

/// What there is to say about the rooms, each with its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Rooms that callers can't get into.
    pub problems: Vec<String>,
    /// Rooms that will hardly do what was meant.
    pub warnings: Vec<String>,
}

impl Rooms {
    /// Looks at every room of a line that speaks this dialect and has numbers of so many digits. `None` if the line has no
    /// rooms.
    pub fn check(&self, digits: &RangeInclusive<usize>, dialect: Dialect) -> Option<Findings> {
        let directory = self.directory.as_ref()?;
        let mut findings = Findings::default();
        match fs::read_dir(directory) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    self.check_entry(&entry, digits, dialect, &mut findings);
                }
            }
            Err(error) => findings.problems.push(self.unlisted(&error)),
        }
        findings.problems.sort();
        findings.warnings.sort();
        Some(findings)
    }

    fn check_entry(
        &self,
        entry: &DirEntry,
        digits: &RangeInclusive<usize>,
        dialect: Dialect,
        findings: &mut Findings,
    ) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let shown = path.display();
        let Some(stem) = name.strip_suffix(".toml") else {
            if let Some(number) = misnamed(&name).filter(|number| !path.with_file_name(number).exists()) {
                findings.problems.push(format!("{shown} is not read; rename it to {number} if it is a room"));
            }
            return;
        };
        let listed = self.listed(stem, digits, dialect);
        findings.problems.extend(listed.problem);
        findings.warnings.extend(listed.warnings);
    }
}

impl Room {
    /// What in its file will hardly do what was meant.
    pub(super) fn doubts(&self, path: &Path) -> Vec<String> {
        let mut doubts = Vec::new();
        if self.muted && self.moderator_pin.is_none() {
            doubts.push("muted without a moderator_pin: nobody can speak".to_owned());
        }
        if self.max_callers.is_some_and(|most| most > MOST_CALLERS as u64) {
            doubts.push(format!("max_callers is more than {MOST_CALLERS}, which is the most there can be"));
        }
        for (key, pin) in [("pin", &self.pin), ("moderator_pin", &self.moderator_pin)] {
            if pin.as_ref().is_some_and(|pin| pin.is_short()) {
                doubts.push(format!("{key} has fewer than 6 digits, which are soon guessed; make it longer"));
            }
        }
        doubts.extend(disk::public(path, "the PIN").filter(|_| self.asks_for_pin()));
        doubts
    }
}

/// The name that a file should have which looks like that of a room, but is not read as one.
fn misnamed(name: &str) -> Option<String> {
    let (stem, rest) = name.split_once('.')?;
    let is_number = ConferenceNumber::from_token_name(stem).is_some();
    (is_number && rest.to_ascii_lowercase().starts_with("toml")).then(|| format!("{stem}.toml"))
}
