//! Rooms (contract section 8): the numbers of a line that is not open to everybody, and the terms of each.

mod pin;

use crate::conference::{Refused, Role, Terms};
use crate::document::Dialect;
use crate::document::language::Language;
use crate::number::ConferenceNumber;
use crate::toml_file;
use pin::Pin;
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::fs;
use std::io::{self, ErrorKind};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use subtle::Choice;

/// The directory of rooms. Without one every number makes a conference.
#[derive(Clone, Debug, Default)]
pub struct Rooms {
    directory: Option<PathBuf>,
}

/// A room as its file describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Room {
    /// A name for operators. It is never spoken.
    pub name: Option<String>,
    /// Lets a caller in.
    pin: Option<Pin>,
    /// Lets a caller in as a moderator.
    moderator_pin: Option<Pin>,
    wait_for_moderator: bool,
    end_with_moderator: bool,
    #[serde(deserialize_with = "at_least_one")]
    max_callers: Option<u64>,
    #[serde(deserialize_with = "at_least_one")]
    max_minutes: Option<u64>,
    muted: bool,
    /// Whether tones tell of callers' coming and going.
    pub tones: bool,
    /// The language of the prompts, if it is not the line's.
    #[serde(deserialize_with = "language")]
    pub lang: Option<Language>,
}

/// What is wrong with a room's file. The text never has a PIN in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomError(String);

impl Rooms {
    /// The rooms in a directory.
    pub fn new(directory: Option<PathBuf>) -> Self {
        Self { directory }
    }

    /// The room of a number. On a line without rooms every number has an open one.
    pub fn find(&self, number: &ConferenceNumber) -> Result<Option<Room>, RoomError> {
        let Some(directory) = &self.directory else { return Ok(Some(Room::default())) };
        let path = directory.join(format!("{number}.toml"));
        let shown = path.display();
        match toml_file::read(&path) {
            Ok(text) => {
                Room::parse(&text).map(Some).map_err(|problem| RoomError(format!("{shown}: {problem}")))
            }
            // Without the directory it is unknown which rooms there are.
            Err(error) if error.kind() == ErrorKind::NotFound && directory.is_dir() => Ok(None),
            Err(error) => Err(RoomError(format!("{shown} cannot be read: {error}"))),
        }
    }

    /// What is wrong with the rooms, each problem with its file. `None` if the line has no rooms.
    pub fn problems(&self, digits: &RangeInclusive<usize>) -> Option<Vec<String>> {
        let directory = self.directory.as_ref()?;
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) => {
                let shown = directory.display();
                return Some(vec![format!("{shown}: {error}; make the directory, or set CONFERENCE_ROOMS")]);
            }
        };
        let problem = |entry: io::Result<fs::DirEntry>| {
            let name = entry.ok()?.file_name().to_string_lossy().into_owned();
            let stem = name.strip_suffix(".toml")?;
            let shown = directory.join(&name);
            match ConferenceNumber::parse(stem, digits).filter(|number| number.as_str() == stem) {
                Some(number) => self.find(&number).err().map(|error| format!("{error}; mend the file")),
                None => Some(format!(
                    "{}: {stem} is no number that CONFERENCE_DIGITS allows; rename the file",
                    shown.display()
                )),
            }
        };
        let mut problems: Vec<_> = entries.filter_map(problem).collect();
        problems.sort();
        Some(problems)
    }
}

impl Room {
    fn parse(text: &str) -> Result<Self, String> {
        let room: Self = toml_file::parse(text)?;
        if let (Some(pin), Some(moderator_pin)) = (&room.pin, &room.moderator_pin)
            && bool::from(pin.is(moderator_pin.digits()))
        {
            return Err("pin and moderator_pin are the same, so everybody would be a moderator".to_owned());
        }
        if room.moderator_pin.is_none() && (room.wait_for_moderator || room.end_with_moderator) {
            return Err(
                "without a moderator_pin nobody can be the moderator that this room waits for".to_owned()
            );
        }
        Ok(room)
    }

    /// The role in which a caller gets in who has keyed this as PIN, or has not been asked for one yet. A wrong PIN takes
    /// as long to check as a right one.
    pub fn access(&self, keyed: Option<&str>) -> Result<Role, Refused> {
        if !self.asks_for_pin() {
            return Ok(Role::Caller);
        }
        let Some(keyed) = keyed else { return Err(Refused::PinWanted) };
        if keyed.is_empty() {
            return if self.pin.is_none() { Ok(Role::Caller) } else { Err(Refused::PinWanted) };
        }
        let matches = |pin: &Option<Pin>| pin.as_ref().map_or(Choice::from(0), |pin| pin.is(keyed));
        let (caller, moderator) = (matches(&self.pin), matches(&self.moderator_pin));
        match (bool::from(moderator), bool::from(caller)) {
            (true, _) => Ok(Role::Moderator),
            (false, true) => Ok(Role::Caller),
            (false, false) => Err(Refused::WrongPin),
        }
    }

    /// Whether callers are asked for a PIN.
    pub fn asks_for_pin(&self) -> bool {
        self.pin.is_some() || self.moderator_pin.is_some()
    }

    /// Whether a caller without a PIN gets in, as an ordinary one.
    pub fn pin_is_optional(&self) -> bool {
        self.pin.is_none()
    }

    /// Whether the access of a caller who has keyed this depends on a PIN.
    pub fn is_entered_by_pin(&self, keyed: Option<&str>) -> bool {
        self.asks_for_pin() && !(self.pin_is_optional() && keyed.unwrap_or_default().is_empty())
    }

    /// Whether callers of a dialect can get in. That of 2002 has no form to send a PIN in.
    pub fn suits(&self, dialect: Dialect) -> bool {
        dialect.sends_forms() || !self.asks_for_pin()
    }

    /// The terms of a conference in this room, on a line with the given terms.
    pub fn terms(&self, line: &Terms) -> Terms {
        let most_callers = self.max_callers.and_then(|most| usize::try_from(most).ok());
        Terms {
            most_callers: line.most_callers.min(most_callers.unwrap_or(usize::MAX)),
            most_millis: self.max_minutes.map(|minutes| minutes.saturating_mul(60_000)),
            wait_for_moderator: self.wait_for_moderator,
            end_with_moderator: self.end_with_moderator,
            muted: self.muted,
            ..*line
        }
    }
}

impl Default for Room {
    fn default() -> Self {
        Self {
            name: None,
            pin: None,
            moderator_pin: None,
            wait_for_moderator: false,
            end_with_moderator: false,
            max_callers: None,
            max_minutes: None,
            muted: false,
            tones: true,
            lang: None,
        }
    }
}

impl fmt::Display for RoomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RoomError {}

fn at_least_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    match u64::deserialize(deserializer)? {
        0 => Err(serde::de::Error::custom("must be 1 or more; leave it out for no limit")),
        number => Ok(Some(number)),
    }
}

fn language<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Language>, D::Error> {
    let tag = String::deserialize(deserializer)?;
    let unknown = || format!("there are no prompts in the language {tag:?}, only in {}", Language::known());
    Language::from_tag(&tag).map(Some).ok_or_else(|| serde::de::Error::custom(unknown()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(text: &str) -> Room {
        Room::parse(text).unwrap()
    }

    #[test]
    fn pins_decide_who_gets_in_and_as_what() {
        let both = room("pin = \"1234\"\nmoderator_pin = \"98765\"");
        assert_eq!(both.access(None), Err(Refused::PinWanted));
        assert_eq!(both.access(Some("")), Err(Refused::PinWanted));
        assert_eq!(both.access(Some("1234")), Ok(Role::Caller));
        assert_eq!(both.access(Some("98765")), Ok(Role::Moderator));
        for wrong in ["1235", "123", "12345", "0000", "1234\0", &"1234".repeat(9)] {
            assert_eq!(both.access(Some(wrong)), Err(Refused::WrongPin), "{wrong:?}");
        }
        let moderator_alone = room("moderator_pin = \"98765\"");
        assert_eq!(moderator_alone.access(None), Err(Refused::PinWanted));
        assert_eq!(moderator_alone.access(Some("")), Ok(Role::Caller));
        assert_eq!(moderator_alone.access(Some("1")), Err(Refused::WrongPin));
        assert_eq!(room("").access(None), Ok(Role::Caller));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_named_by_line_and_without_a_pin() {
        for (text, words) in [
            ("pin = \"4711\"\npni = \"4712\"", "line 2: unknown field `pni`"),
            ("\npin = 4711", "line 2: a PIN must be"),
            ("pin = \"471\"", "a PIN must be"),
            ("pin = \"4711471147114\"", "a PIN must be"),
            ("pin = \"47a1\"", "a PIN must be"),
            ("pin = \"4711", "line 1: "),
            ("pin = 4711 4712", "line 1: "),
            ("pin = [\"4711\"]", "a PIN must be"),
            ("max_callers = 0", "must be 1 or more"),
            ("max_callers = -1", "line 1: "),
            ("max_minutes = \"4711\"", "line 1: "),
            ("lang = \"tlh\"", "de, en, es, fr"),
            ("pin = \"4711\"\nmoderator_pin = \"4711\"", "are the same"),
            ("wait_for_moderator = true", "without a moderator_pin"),
            ("end_with_moderator = true", "without a moderator_pin"),
        ] {
            let problem = Room::parse(text).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
            let hides =
                text.starts_with("max_minutes") || !(problem.contains("471") || problem.contains("47a"));
            assert!(hides, "{text}: {problem}");
        }
        assert!(!format!("{:?}", room("pin = \"4711\"")).contains("4711"));
    }

    #[test]
    fn every_key_is_optional_and_changes_the_terms_it_names() {
        let line = crate::conference::Terms {
            lease: 1,
            max_age: 2,
            renew: 3,
            renewals: true,
            most_callers: 1000,
            most_millis: None,
            wait_for_moderator: false,
            end_with_moderator: false,
            muted: false,
        };
        assert_eq!(room("").terms(&line), line);
        let text = "name = \"Board\"\nmoderator_pin = \"1234\"\nwait_for_moderator = true\nend_with_moderator = true\n\
                    max_callers = 5\nmax_minutes = 2\nmuted = true\ntones = false\nlang = \"de-AT\"";
        let closed = room(text);
        let terms = closed.terms(&line);
        assert_eq!((terms.most_callers, terms.most_millis), (5, Some(120_000)));
        assert!(terms.wait_for_moderator && terms.end_with_moderator && terms.muted);
        assert_eq!((closed.name.as_deref(), closed.tones), (Some("Board"), false));
        assert_eq!(closed.lang.unwrap().tag, "de-AT");
        assert_eq!(room("max_callers = 100000").terms(&line).most_callers, 1000);
    }
}
