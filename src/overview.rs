//! What operators see (contract section 6), by whatever way they ask: conferences and callers in the shape in which they
//! are shown. The names of the fields are those of the JSON.

use crate::call_log::rfc3339;
use crate::clock::Millis;
use crate::conference::{Caller, Conference, Role};
use crate::console::span_left;
use crate::line::Line;
use crate::number::ConferenceNumber;
use crate::store::StoreError;
use serde::Serialize;

/// A number as it stood at one instant: a conference in progress, or a room that takes no PINs.
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
    /// Identifies the conference among all that are ever held under the number; none if none is in progress.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conference: Option<&'a str>,
    /// How many callers are known to be in, those who wait included.
    pub callers: usize,
    /// How many of them wait for a moderator.
    pub waiting: usize,
    /// Whether there may be others that nobody knows of.
    pub unknown: bool,
    /// When it began, RFC 3339 to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// How long it has lasted, in whole seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_seconds: Option<u64>,
    /// In how many seconds it ends by itself, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_in_seconds: Option<u64>,
    /// Whether newcomers only listen, unless they are moderators.
    pub muted: bool,
    /// `open`, `locked` or `ending`; `free` if there is no conference.
    pub state: &'static str,
    /// For how many seconds the room takes no PIN from anybody, after too many wrong ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pins_closed_seconds: Option<u64>,
    /// From how many telephone numbers the room takes no PIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pins_closed_numbers: Option<usize>,
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
    /// The caller's number, as far as it is known and kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<&'a str>,
    /// The number that the caller has dialled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called: Option<&'a str>,
    /// What the caller may do.
    pub role: Role,
    /// `in`, `waiting`, `muted` or `kicked`; who waits and is muted as well, is waiting.
    pub state: &'static str,
    /// By whose doing the caller only listens: `moderator`, also where it was an operator or the room, or `self`. What a
    /// moderator has done only a moderator or an operator lifts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub muted_by: Option<&'static str>,
    /// Whether the caller has raised a hand.
    pub hand: bool,
    /// When the caller came in, RFC 3339 to the second; none for one who was removed.
    pub since: Option<String>,
    /// How long that is ago, in whole seconds.
    pub age_seconds: Option<u64>,
    /// What is left of the lease, in whole seconds.
    pub lease_seconds: u64,
}

/// How many conferences, or rooms, are on one page of a list.
const PAGE: usize = 100;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// What is on it.
    pub rows: Vec<T>,
    /// Which page it is, the first one being 1.
    pub this: usize,
    /// How many pages there are; 1 when there is nothing.
    pub last: usize,
    /// How much there is on all pages.
    pub total: usize,
}

impl<T> Page<T> {
    /// A page of all there is, which is looked at for this page alone. Beyond the last page there is nothing.
    pub fn of<I>(all: &[I], this: usize, look: impl FnMut(&I) -> Option<T>) -> Self {
        let skipped = this.saturating_sub(1).saturating_mul(PAGE);
        let rows = all.iter().skip(skipped).take(PAGE).filter_map(look).collect();
        Self { rows, this, last: all.len().div_ceil(PAGE).max(1), total: all.len() }
    }
}

/// The numbers that have a token, sorted by value, and what kept others from being told.
pub fn sorted_numbers(line: &Line) -> Result<(Vec<ConferenceNumber>, Vec<StoreError>), StoreError> {
    let (mut numbers, mut unnamed) = (Vec::new(), Vec::new());
    for number in line.store().numbers()? {
        match number {
            Ok(number) => numbers.push(number),
            Err(error) => unnamed.push(error),
        }
    }
    numbers.sort_unstable_by(|one, other| one.by_value().cmp(&other.by_value()));
    Ok((numbers, unnamed))
}

/// One page of the numbers that have a token, sorted by value, and what could not be read. In a few of them nobody may be
/// any more; these are counted, and not shown.
pub fn page(line: &Line, this: usize) -> Result<(Page<Seen>, Vec<String>), StoreError> {
    let (numbers, unnamed) = sorted_numbers(line)?;
    let mut unreadable: Vec<_> = unnamed.iter().map(StoreError::to_string).collect();
    let page = Page::of(&numbers, this, |number| {
        look(line, number).unwrap_or_else(|error| {
            unreadable.push(error.to_string());
            None
        })
    });
    Ok((page, unreadable))
}

/// The conference of a number, or its room if that takes no PINs. Changes nothing.
pub fn look(line: &Line, number: &ConferenceNumber) -> Result<Option<Seen>, StoreError> {
    let seen = line.look(number)?;
    let seen = seen.map(|(conference, name)| Seen { number: number.clone(), name, conference });
    Ok(seen.filter(|seen| seen.conference.is_occupied() || seen.row().closed_to().is_some()))
}

impl Seen {
    /// The conference as one row.
    pub fn row(&self) -> Row<'_> {
        let conference = &self.conference;
        let in_progress = conference.is_occupied();
        let (closed, numbers) =
            (conference.wrong_pins.closed_to_all(), conference.wrong_pins.closed_to_numbers());
        Row {
            number: self.number.as_str(),
            name: self.name.as_deref(),
            conference: in_progress.then_some(conference.id.as_str()),
            callers: conference.count(),
            waiting: conference.callers.iter().filter(|caller| caller.waiting).count(),
            unknown: conference.unknown.is_some(),
            since: in_progress.then(|| self.before(conference.age)),
            age_seconds: in_progress.then_some(conference.age / 1000),
            ends_in_seconds: conference.ends_in().filter(|_| in_progress).map(|left| left.div_ceil(1000)),
            muted: conference.terms.is_some_and(|terms| terms.muted),
            state: match (in_progress, conference.ending, conference.locked) {
                (false, ..) => "free",
                (true, Some(_), _) => "ending",
                (true, None, true) => "locked",
                (true, None, false) => "open",
            },
            pins_closed_seconds: closed.map(|millis| millis.div_ceil(1000)),
            pins_closed_numbers: Some(numbers).filter(|numbers| *numbers > 0),
        }
    }

    /// The conference with its callers.
    pub fn details(&self) -> Details<'_> {
        let callers = self.conference.callers.iter().map(|caller| self.session(caller));
        let kicked = self.conference.kicked.iter().map(|kicked| SessionRow {
            session: Some(kicked.session.as_str()),
            caller: kicked.caller.as_deref(),
            called: None,
            role: Role::Caller,
            state: "kicked",
            muted_by: None,
            hand: false,
            since: None,
            age_seconds: None,
            lease_seconds: kicked.lease / 1000,
        });
        Details { row: self.row(), sessions: callers.chain(kicked).collect() }
    }

    fn session<'a>(&self, caller: &'a Caller) -> SessionRow<'a> {
        SessionRow {
            session: caller.session.as_ref().map(|session| session.as_str()),
            caller: caller.identity.caller.as_deref(),
            called: caller.identity.called.as_deref(),
            role: caller.role,
            state: match (caller.waiting, caller.listens()) {
                (true, _) => "waiting",
                (false, true) => "muted",
                (false, false) => "in",
            },
            muted_by: match (caller.muted, caller.self_muted) {
                (true, _) => Some("moderator"),
                (false, true) => Some("self"),
                (false, false) => None,
            },
            hand: caller.hand,
            since: Some(self.before(caller.age)),
            age_seconds: Some(caller.age / 1000),
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

impl SessionRow<'_> {
    /// The state as people read it: who has muted themselves is told apart.
    pub fn state_in_words(&self) -> &'static str {
        match (self.state, self.muted_by) {
            ("muted", Some("self")) => "self-muted",
            (state, _) => state,
        }
    }
}

impl Row<'_> {
    /// Whom the room takes no PINs from, in words.
    pub fn closed_to(&self) -> Option<String> {
        match (self.pins_closed_seconds, self.pins_closed_numbers) {
            (Some(seconds), _) => {
                Some(format!("closed to everybody for {}", span_left(seconds.saturating_mul(1000))))
            }
            (None, Some(1)) => Some("closed to 1 telephone number".to_owned()),
            (None, Some(numbers)) => Some(format!("closed to {numbers} telephone numbers")),
            (None, None) => None,
        }
    }

    /// The number of callers; with a plus where there may be others that nobody knows of.
    pub fn count(&self) -> String {
        format!("{}{}", self.callers, if self.unknown { "+" } else { "" })
    }
}
