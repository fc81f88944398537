//! What operators see (contract section 6), by whatever way they ask: conferences and callers in the shape in which they
//! are shown. The names of the fields are those of the JSON.

use crate::call_log::rfc3339;
use crate::clock::Millis;
use crate::conference::{Caller, Conference, Role};
use crate::line::Line;
use crate::number::ConferenceNumber;
use crate::store::StoreError;
use serde::Serialize;

/// A conference in progress as it stood at one instant.
#[derive(Clone, Debug)]
pub struct Seen {
    number: ConferenceNumber,
    name: Option<String>,
    conference: Conference,
}

/// A conference, as `list` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Row<'a> {
    /// The conference number.
    pub number: &'a str,
    /// The name of its room, as it stands in the room's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// One for each conference held, however often its number is used again.
    pub conference: &'a str,
    /// How many callers are known to be in, those who wait included.
    pub callers: usize,
    /// How many of them wait for a moderator.
    pub waiting: usize,
    /// Whether there may be others that nobody knows of.
    pub unknown: bool,
    /// When it began, RFC 3339 to the second.
    pub since: String,
    /// `open`, `locked` or `ending`.
    pub state: &'static str,
}

/// A conference with its callers, as `show` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Details<'a> {
    /// The conference.
    #[serde(flatten)]
    pub row: Row<'a>,
    /// Its callers, in the order of arrival, and whoever was removed and has not left yet.
    pub sessions: Vec<SessionRow<'a>>,
}

/// A caller, as `show` shows them.
#[derive(Clone, Debug, Serialize)]
pub struct SessionRow<'a> {
    /// The platform's session; none for a caller who came without one.
    pub session: Option<&'a str>,
    /// What the caller may do.
    pub role: Role,
    /// `in`, `waiting`, `muted` or `kicked`.
    pub state: &'static str,
    /// When the caller came in, RFC 3339 to the second; none for one who was removed.
    pub since: Option<String>,
    /// What is left of the lease, in whole seconds.
    pub lease_seconds: u64,
}

/// The conference of a number; none while nobody is in. Changes nothing.
pub fn look(line: &Line, number: &ConferenceNumber) -> Result<Option<Seen>, StoreError> {
    let seen = line.look(number)?.filter(|(conference, _)| conference.is_occupied());
    Ok(seen.map(|(conference, name)| Seen { number: number.clone(), name, conference }))
}

impl Seen {
    /// The conference as one row.
    pub fn row(&self) -> Row<'_> {
        let conference = &self.conference;
        Row {
            number: self.number.as_str(),
            name: self.name.as_deref(),
            conference: &conference.id,
            callers: conference.count(),
            waiting: conference.callers.iter().filter(|caller| caller.waiting).count(),
            unknown: conference.unknown.is_some(),
            since: self.before(conference.age),
            state: match (conference.ending, conference.locked) {
                (Some(_), _) => "ending",
                (None, true) => "locked",
                (None, false) => "open",
            },
        }
    }

    /// The conference with its callers.
    pub fn details(&self) -> Details<'_> {
        let callers = self.conference.callers.iter().map(|caller| self.session(caller));
        let kicked = self.conference.kicked.iter().map(|kicked| SessionRow {
            session: Some(kicked.session.as_str()),
            role: Role::Caller,
            state: "kicked",
            since: None,
            lease_seconds: kicked.lease / 1000,
        });
        Details { row: self.row(), sessions: callers.chain(kicked).collect() }
    }

    fn session<'a>(&self, caller: &'a Caller) -> SessionRow<'a> {
        SessionRow {
            session: caller.session.as_ref().map(|session| session.as_str()),
            role: caller.role,
            state: match (caller.waiting, caller.muted) {
                (true, _) => "waiting",
                (false, true) => "muted",
                (false, false) => "in",
            },
            since: Some(self.before(caller.age)),
            lease_seconds: caller.lease / 1000,
        }
    }

    /// When something that is so old began, to the second.
    fn before(&self, age: Millis) -> String {
        let time = rfc3339(self.conference.as_of.wall.saturating_sub(age));
        let seconds = time.split('.').next().unwrap_or_default();
        format!("{seconds}Z")
    }
}

impl Row<'_> {
    /// The number of callers; with a plus where there may be others that nobody knows of.
    pub fn count(&self) -> String {
        format!("{}{}", self.callers, if self.unknown { "+" } else { "" })
    }
}
