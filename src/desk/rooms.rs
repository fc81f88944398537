//! The rooms, as the desk shows them: on what terms, and what is wrong with them. Never a PIN.

use crate::line::Line;
use crate::overview::Page;
use crate::room::{Listed, Room};
use serde::Serialize;

/// A room.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The number, or whatever stands in a number's place in the name of the file.
    pub number: String,
    /// For operators, never spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The terms; none where nobody gets in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
    /// Why nobody gets in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What will hardly do what was meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// On what terms conferences are held in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Terms {
    /// `none`, `optional` for moderators alone, or `needed`.
    pub pin: &'static str,
    /// Callers wait until a moderator is there.
    pub wait_for_moderator: bool,
    /// It ends some time after its last moderator has left.
    pub end_with_moderator: bool,
    /// All but moderators only listen.
    pub muted: bool,
    /// The most callers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_callers: Option<usize>,
    /// After how long it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_minutes: Option<u64>,
}

/// One page of the rooms, sorted by the names of their files; nothing on a line without rooms. Fails where the directory can't be read.
pub fn page(line: &Line, this: usize) -> anyhow::Result<Page<Row>> {
    let rooms = line.rooms();
    let names = match rooms.names() {
        None => Vec::new(),
        Some(names) => names.map_err(|error| anyhow::anyhow!(rooms.unlisted(&error)))?,
    };
    let documents = &line.settings().documents;
    let listed = |name: &String| rooms.listed(name, &documents.digits, documents.dialect);
    Ok(Page::of(&names, this, |name| Some(listed(name).into())))
}

impl From<Listed> for Row {
    fn from(Listed { name: number, room, problem, warnings }: Listed) -> Self {
        let terms = room.as_ref().filter(|_| problem.is_none()).map(Terms::of);
        Self { number, name: room.and_then(|room| room.name), terms, problem, warnings }
    }
}

impl Terms {
    fn of(room: &Room) -> Self {
        let terms = room.terms();
        Self {
            pin: match (room.asks_for_pin(), room.pin_is_optional()) {
                (false, _) => "none",
                (true, true) => "optional",
                (true, false) => "needed",
            },
            wait_for_moderator: terms.wait_for_moderator,
            end_with_moderator: terms.end_with_moderator,
            muted: terms.muted,
            max_callers: terms.max_callers,
            max_minutes: terms.max_millis.map(|most| most / 60_000),
        }
    }

    /// The terms in words, for people.
    pub fn words(&self) -> Vec<String> {
        let pin = match self.pin {
            "none" => "open, without a PIN",
            "optional" => "open, with a PIN for moderators",
            _ => "with a PIN",
        };
        let if_so = |so: bool, words: &str| so.then(|| words.to_owned());
        let words = [
            Some(pin.to_owned()),
            if_so(self.wait_for_moderator, "waits for a moderator"),
            if_so(self.end_with_moderator, "ends with the moderator"),
            if_so(self.muted, "only moderators speak"),
            self.max_callers.map(|most| format!("{most} callers at the most")),
            self.max_minutes.map(|minutes| format!("{minutes} minutes at the most")),
        ];
        words.into_iter().flatten().collect()
    }
}
