//! Rooms (contract section 8): the numbers of a line that is not open to everybody, and the terms of each.

mod check;
mod listing;
mod pin;

pub use check::Findings;
pub use listing::Listed;

use crate::conference::{Refused, Role, Terms};
use crate::document::Dialect;
use crate::document::language::Language;
use crate::number::ConferenceNumber;
use crate::toml_file;
use pin::Pin;
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::io::ErrorKind;
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
    /// Callers without a PIN get in.
    open: bool,
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

    /// Whether only the numbers of rooms exist.
    pub fn are_configured(&self) -> bool {
        self.directory.is_some()
    }

    /// The room of a number. On a line without rooms every number has an open one.
    pub fn find(&self, number: &ConferenceNumber) -> Result<Option<Room>, RoomError> {
        let Some(directory) = &self.directory else { return Ok(Some(Room::open())) };
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
}

impl Room {
    fn parse(text: &str) -> Result<Self, String> {
        let room: Self = toml_file::parse(text)?;
        // A file that is empty or cut short is no open room.
        match (&room.pin, room.open) {
            (None, false) => {
                return Err(
                    "it must say who gets in: pin = \"...\" for callers who key it, or open = true for \
                            everybody"
                        .to_owned(),
                );
            }
            (Some(_), true) => {
                return Err("pin and open = true contradict each other; leave one of them out".to_owned());
            }
            (Some(_), false) | (None, true) => {}
        }
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
            return if self.open { Ok(Role::Caller) } else { Err(Refused::PinWanted) };
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
        self.open
    }

    /// Whether there is a PIN for moderators.
    pub fn has_moderators(&self) -> bool {
        self.moderator_pin.is_some()
    }

    /// Whether the access of a caller who has keyed this depends on a PIN.
    pub fn is_entered_by_pin(&self, keyed: Option<&str>) -> bool {
        self.asks_for_pin() && !(self.open && keyed.unwrap_or_default().is_empty())
    }

    /// Whether callers of a dialect can get in. That of 2002 has no form to send a PIN in.
    pub fn suits(&self, dialect: Dialect) -> bool {
        dialect.sends_forms() || !self.asks_for_pin()
    }

    /// The terms of a conference in this room.
    pub fn terms(&self) -> Terms {
        Terms {
            pin: self.asks_for_pin(),
            wait_for_moderator: self.wait_for_moderator,
            end_with_moderator: self.end_with_moderator,
            muted: self.muted,
            max_callers: self.max_callers.map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
            max_millis: self.max_minutes.map(|minutes| minutes.saturating_mul(60_000)),
        }
    }

    /// The room of every number on a line without rooms.
    fn open() -> Self {
        Self { open: true, ..Self::default() }
    }
}

impl Default for Room {
    fn default() -> Self {
        Self {
            name: None,
            open: false,
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
        let moderator_alone = room("open = true\nmoderator_pin = \"98765\"");
        assert_eq!(moderator_alone.access(None), Err(Refused::PinWanted));
        assert_eq!(moderator_alone.access(Some("")), Ok(Role::Caller));
        assert_eq!(moderator_alone.access(Some("1")), Err(Refused::WrongPin));
        assert_eq!(room("open = true").access(None), Ok(Role::Caller));
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
            ("open = true\nwait_for_moderator = true", "without a moderator_pin"),
            ("open = true\nend_with_moderator = true", "without a moderator_pin"),
            ("", "must say who gets in"),
            ("name = \"Board\"", "must say who gets in"),
            ("open = false", "must say who gets in"),
            ("moderator_pin = \"4711\"", "must say who gets in"),
            ("open = true\npin = \"4711\"", "contradict each other"),
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
    fn each_key_changes_the_terms_it_names() {
        assert_eq!(room("open = true").terms(), Terms::default());
        assert_eq!(room("pin = \"1234\"").terms(), Terms { pin: true, ..Terms::default() });
        let text = "name = \"Board\"\nopen = true\nmoderator_pin = \"1234\"\nwait_for_moderator = true\n\
                    end_with_moderator = true\nmax_callers = 5\nmax_minutes = 2\nmuted = true\ntones = false\n\
                    lang = \"de-AT\"";
        let closed = room(text);
        let terms = Terms {
            pin: true,
            wait_for_moderator: true,
            end_with_moderator: true,
            muted: true,
            max_callers: Some(5),
            max_millis: Some(120_000),
        };
        assert_eq!(closed.terms(), terms);
        assert_eq!((closed.name.as_deref(), closed.tones), (Some("Board"), false));
        assert_eq!(closed.lang.unwrap().tag, "de-AT");
    }
}
