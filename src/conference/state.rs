//! The state of one number: the conference in progress, its callers, and what else is remembered.

use super::caller::{Caller, Greeting, Heard, Kicked, Notice, Role};
use super::terms::{Terms, Times, is_default};
use super::wrong_pins::WrongPins;
use crate::clock::{Millis, Moment};
use crate::number::{ConferenceNumber, SessionId};
use serde::{Deserialize, Serialize};

/// How many places there are for moderators beyond [`super::MOST_CALLERS`].
pub(super) const MORE_MODERATORS: usize = 100;

/// How long a conference that ends with its moderator goes on without one (contract section 8).
pub(super) const WITHOUT_MODERATOR: Millis = 60_000;

/// How long before the end callers hear of it for the first time (contract section 12).
const FIVE_MINUTES: Millis = 300_000;

/// And for the last time.
const ONE_MINUTE: Millis = 60_000;

/// How often a caller who waits for a moderator asks whether one has come.
pub(super) const WAITING_RENEW: Millis = 15_000;

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
    /// What is left of the time that somebody may stay behind alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<Millis>,
    /// The callers whom an operator has removed, until they have left or their lease is over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kicked: Vec<Kicked>,
    /// The wrong PINs that were keyed lately.
    #[serde(default, skip_serializing_if = "is_default")]
    pub wrong_pins: WrongPins,
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
    /// Its last caller was alone for too long.
    Alone,
    /// A moderator has ended it with a key.
    Key,
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
            alone: None,
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
        (self.terms, self.opened, self.locked) = (None, None, false);
        (self.ending, self.grace, self.alone) = (None, None, None);
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

    /// The longest time until a session asks again. It is shorter than usual if something may have to be told before.
    pub(super) fn next_renewal(&self, times: &Times, waiting: bool) -> Millis {
        let waiting = waiting.then_some(WAITING_RENEW);
        let ends_in = self.ends_in();
        let ahead = ends_in
            .into_iter()
            .flat_map(|left| [left.checked_sub(FIVE_MINUTES), left.checked_sub(ONE_MINUTE), Some(left)]);
        let ahead = ahead.flatten().filter(|left| *left > 0);
        ahead.chain(waiting).fold(times.renew, Millis::min)
    }

    /// The time until it ends by itself: by its limit, because no moderator comes back, or because its last caller is alone.
    /// None while nothing of that is ahead.
    pub fn ends_in(&self) -> Option<Millis> {
        let left = self.time_left().into_iter().chain(self.grace).chain(self.alone).min();
        left.filter(|_| self.ending.is_none())
    }

    /// What is left of the time that it may last.
    fn time_left(&self) -> Option<Millis> {
        self.opened.zip(self.terms().max_millis).map(|(opened, most)| most.saturating_sub(opened))
    }

    /// What those who are in are to know of the end that is ahead.
    fn notice(&self) -> Notice {
        match self.time_left().into_iter().chain(self.alone).min() {
            Some(left) if left <= ONE_MINUTE => Notice::OneMinute,
            _ if self.grace.is_some() => Notice::NoModerator,
            Some(left) if left <= FIVE_MINUTES => Notice::FiveMinutes,
            _ => Notice::Nothing,
        }
    }

    /// What a caller's session is to be told as things stand.
    pub(super) fn due(&self, caller: &Caller, times: &Times) -> Heard {
        let is_alone = self.count() == 1 && self.unknown.is_none();
        Heard {
            listens: caller.listens(),
            alone: times.music && is_alone && !caller.waiting,
            notice: self.notice(),
        }
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
        self.alone = None;
        self.callers.push(caller);
    }

    /// Takes a caller out. If that was the last moderator, the time begins in which one may come back; if one caller stays
    /// behind, the time that they may be alone.
    pub(super) fn remove(&mut self, session: &SessionId, times: &Times) -> Option<Caller> {
        let place = self.callers.iter().position(|caller| caller.session.as_ref() == Some(session))?;
        let caller = self.callers.remove(place);
        if caller.role == Role::Moderator {
            self.begin_grace(WITHOUT_MODERATOR);
        }
        self.begin_alone(times);
        Some(caller)
    }

    /// Begins the time that somebody may be alone, if all others have just left.
    pub(super) fn begin_alone(&mut self, times: &Times) {
        if self.count() == 1 && self.unknown.is_none() {
            self.alone = self.alone.or(times.alone);
        }
    }

    /// Begins the time in which a moderator has to come back, if the conference ends without one.
    pub(super) fn begin_grace(&mut self, grace: Millis) {
        if self.terms().end_with_moderator && !self.is_moderated() && self.is_occupied() {
            self.grace.get_or_insert(grace);
        }
    }

    /// What someone who comes in at the moment is told.
    pub(super) fn told_to_newcomer(&self) -> Greeting {
        match (self.is_occupied(), self.unknown) {
            (false, _) => Greeting::First,
            (true, None) => Greeting::Joining(Some(self.count())),
            (true, Some(_)) => Greeting::Joining(None),
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
            Self::Alone => "alone",
            Self::Key => "key",
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
