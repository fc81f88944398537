//! The state of one number: the conference in progress, its callers, and what else is remembered.

use super::terms::{Terms, Times, is_default};
use super::wrong_pins::WrongPins;
use crate::clock::{Millis, Moment};
use crate::number::{ConferenceNumber, SessionId};
use serde::{Deserialize, Serialize};

/// How many places there are for moderators beyond [`super::MOST_CALLERS`].
pub(super) const MORE_MODERATORS: usize = 100;

/// How long a conference that ends with its moderator goes on without one (contract section 8).
pub(super) const WITHOUT_MODERATOR: Millis = 60_000;

/// How often a caller who waits for a moderator asks whether one has come.
pub(super) const WAITING_RENEW: Millis = 5_000;

/// What is kept for a number. There is a conference in progress if it is occupied; removed callers and wrong PINs are
/// remembered without one as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conference {
    version: Version,
    /// Identifies this conference among all that are ever held under the number.
    pub id: String,
    /// The time at which all spans of time below were measured.
    pub as_of: Moment,
    /// How long the conference has lasted.
    pub age: Millis,
    /// Its terms; none while they are not known, as of a token made by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
    /// How long ago it opened. One that waits for a moderator opens when the first one comes, and stays open until it is
    /// over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Millis>,
    /// Who is in, in the order of arrival.
    pub callers: Vec<Caller>,
    /// What is left of the lease of unknown callers: those of a token made by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Millis>,
    /// It takes no newcomers: an operator has locked it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub locked: bool,
    /// It was ended. Those who are in hear so at their next renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// What is left of the time in which a moderator has to come back, if the last one has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Millis>,
    /// The callers whom an operator has removed, until they have left or their lease is over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kicked: Vec<Kicked>,
    /// The wrong PINs that were keyed lately.
    #[serde(default, skip_serializing_if = "is_default")]
    pub wrong_pins: WrongPins,
}

/// One caller's place in a conference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The platform's session; none for a caller who came without one and can't be told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// How long the caller has been in.
    pub age: Millis,
    /// What is left of the lease.
    pub lease: Millis,
    /// What the caller was told on entering. A repeated request is told the same.
    pub told: Told,
    /// What the caller may do, as decided at entry.
    #[serde(default, skip_serializing_if = "is_default")]
    pub role: Role,
    /// Holds a place, but is not in the mix before a moderator comes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub waiting: bool,
    /// Only listens.
    #[serde(default, skip_serializing_if = "is_default")]
    pub muted: bool,
}

/// A caller who was removed and does not get back in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kicked {
    /// The session that was removed.
    pub session: SessionId,
    /// What is left of its lease.
    pub lease: Millis,
}

/// What a caller may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Take part.
    #[default]
    Caller,
    /// Open a conference that waits for a moderator, and speak in a muted one.
    Moderator,
}

/// Why a conference was ended for those who are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// An operator has ended it.
    Operator,
    /// The last moderator has left and did not come back.
    Moderator,
    /// Its time is over.
    Time,
}

/// What a caller is told on entering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Told {
    /// Nobody else was there: the conference has been created.
    First,
    /// How many others were there, if that is known.
    Joining(Option<usize>),
}

/// The version of a token's text. There is one; a text of any other can't be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
struct Version;

impl Conference {
    /// A conference that begins now, with nobody in it yet.
    pub(super) fn begin(number: &ConferenceNumber, now: &Moment) -> Self {
        // A number can be created only once in a millisecond, so number and time identify the conference.
        let id = format!("{number}-{:x}", now.wall);
        Self {
            version: Version,
            id,
            as_of: now.clone(),
            age: 0,
            terms: None,
            opened: None,
            callers: Vec::new(),
            unknown: None,
            locked: false,
            ending: None,
            grace: None,
            kicked: Vec::new(),
            wrong_pins: WrongPins::default(),
        }
    }

    /// Begins another conference, which the next caller is first of. Removed callers and wrong PINs stay remembered.
    pub(super) fn begin_anew(&mut self, number: &ConferenceNumber) {
        let next = Self::begin(number, &self.as_of);
        let before = std::mem::replace(self, next);
        (self.kicked, self.wrong_pins) = (before.kicked, before.wrong_pins);
    }

    /// Nobody is in any more, so whatever was said of the conference is over.
    pub(super) fn close(&mut self) {
        (self.terms, self.opened, self.locked, self.ending, self.grace) = (None, None, false, None, None);
    }

    /// How many callers are known to be in.
    pub fn count(&self) -> usize {
        self.callers.len()
    }

    /// Whether a conference is in progress: somebody is in, or has to be assumed to be.
    pub fn is_occupied(&self) -> bool {
        !self.callers.is_empty() || self.unknown.is_some()
    }

    /// Whether there is anything to be kept. A lock and an end hold on for those whose leases are over and who may yet
    /// renew.
    pub(super) fn is_worth_keeping(&self) -> bool {
        self.is_occupied()
            || self.locked
            || self.ending.is_some()
            || !self.kicked.is_empty()
            || !is_default(&self.wrong_pins)
    }

    /// The terms on which the conference is held.
    pub(super) fn terms(&self) -> Terms {
        self.terms.unwrap_or_default()
    }

    /// Whether a moderator is in.
    pub(super) fn is_moderated(&self) -> bool {
        self.callers.iter().any(|caller| caller.role == Role::Moderator)
    }

    /// The longest time until a session asks again. It is shorter than usual if something may happen before.
    pub(super) fn next_renewal(&self, times: &Times, waiting: bool) -> Millis {
        let waiting = waiting.then_some(WAITING_RENEW);
        self.ends_in().into_iter().chain(waiting).fold(times.renew, Millis::min)
    }

    /// The time until it ends by itself: by its limit, or because no moderator comes back. None while nothing of that is
    /// ahead.
    pub fn ends_in(&self) -> Option<Millis> {
        let limit = self.opened.zip(self.terms().max_millis);
        let time_left = limit.map(|(opened, most)| most.saturating_sub(opened));
        let left = time_left.into_iter().chain(self.grace).min();
        left.filter(|_| self.ending.is_none())
    }

    /// The place of a session.
    pub(super) fn find(&mut self, session: &SessionId) -> Option<&mut Caller> {
        self.callers.iter_mut().find(|caller| caller.session.as_ref() == Some(session))
    }

    /// Gives somebody a place. The first moderator opens the conference; where callers wait for none, it opens at once.
    pub(super) fn add(&mut self, caller: Caller) {
        let is_moderator = caller.role == Role::Moderator;
        if is_moderator {
            self.grace = None;
        }
        if is_moderator || !self.terms().wait_for_moderator {
            self.opened.get_or_insert(0);
        }
        self.callers.push(caller);
    }

    /// Takes a caller out. If that was the last moderator, the time begins in which one may come back.
    pub(super) fn remove(&mut self, session: &SessionId) -> Option<Caller> {
        let place = self.callers.iter().position(|caller| caller.session.as_ref() == Some(session))?;
        let caller = self.callers.remove(place);
        if caller.role == Role::Moderator {
            self.begin_grace(WITHOUT_MODERATOR);
        }
        Some(caller)
    }

    /// Begins the time in which a moderator has to come back, if the conference ends without one.
    pub(super) fn begin_grace(&mut self, grace: Millis) {
        if self.terms().end_with_moderator && !self.is_moderated() && self.is_occupied() {
            self.grace.get_or_insert(grace);
        }
    }

    /// What someone who comes in at the moment is told.
    pub(super) fn told_to_newcomer(&self) -> Told {
        match (self.is_occupied(), self.unknown) {
            (false, _) => Told::First,
            (true, None) => Told::Joining(Some(self.count())),
            (true, Some(_)) => Told::Joining(None),
        }
    }
}

impl Ending {
    /// The reason in one word, for the call log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Moderator => "moderator",
            Self::Time => "time",
        }
    }
}

impl From<Version> for u32 {
    fn from(Version: Version) -> Self {
        1
    }
}

impl TryFrom<u32> for Version {
    type Error = &'static str;

    fn try_from(version: u32) -> Result<Self, Self::Error> {
        if version == u32::from(Self) { Ok(Self) } else { Err("another version") }
    }
}
