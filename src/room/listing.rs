//! The rooms there are, one by one.

use super::{Room, Rooms};
use crate::document::Dialect;
use crate::number::ConferenceNumber;
use std::fs::{self, DirEntry};
use std::io;
use std::ops::RangeInclusive;

/// A file that should be a room.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The file's name without `.toml`: the number, where there is nothing wrong with it.
    pub name: String,
    /// The room, as far as it can be read.
    pub room: Option<Room>,
    /// Why nobody gets in, and what to do.
    pub problem: Option<String>,
    /// What will hardly do what was meant.
    pub warnings: Vec<String>,
}

impl Rooms {
    /// The names of all files that should be rooms, without `.toml`, sorted. `None` if the line has no rooms.
    pub fn names(&self) -> Option<io::Result<Vec<String>>> {
        let directory = self.directory.as_ref()?;
        let stem = |entry: DirEntry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.strip_suffix(".toml").map(str::to_owned)
        };
        Some(fs::read_dir(directory).map(|entries| {
            let mut names: Vec<_> = entries.flatten().filter_map(stem).collect();
            names.sort();
            names
        }))
    }

    /// The room of one of [`Self::names`], on a line that speaks this dialect and has numbers of so many digits.
    pub fn listed(&self, name: &str, digits: &RangeInclusive<usize>, dialect: Dialect) -> Listed {
        let path = self.directory.clone().unwrap_or_default().join(format!("{name}.toml"));
        let shown = path.display();
        let number = ConferenceNumber::parse(name, digits).filter(|number| number.as_str() == name);
        let (room, problem) = match number.map(|number| self.find(&number)) {
            Some(Ok(Some(room))) if room.suits(dialect) => (Some(room), None),
            Some(Ok(Some(room))) => {
                let problem = format!(
                    "{shown} asks for a PIN, which nobody can send with CONFERENCE_DIALECT=2002; make the room open, \
                     without a moderator_pin"
                );
                (Some(room), Some(problem))
            }
            Some(Ok(None)) => (None, Some(format!("{shown} leads nowhere; mend the link"))),
            Some(Err(error)) => (None, Some(format!("{error}; mend the file"))),
            None => {
                let problem =
                    format!("{shown}: {name} is no number that CONFERENCE_DIGITS allows; rename the file");
                (None, Some(problem))
            }
        };
        let doubts = room.as_ref().map(|room| room.doubts(&path)).unwrap_or_default();
        let warnings = doubts.into_iter().map(|doubt| format!("{shown}: {doubt}")).collect();
        Listed { name: name.to_owned(), room, problem, warnings }
    }

    /// What to say, and what to do, when the directory can't be listed.
    pub fn unlisted(&self, error: &io::Error) -> String {
        let directory = self.directory.clone().unwrap_or_default();
        format!("{}: {error}; make the directory, or set CONFERENCE_ROOMS", directory.display())
    }
}
