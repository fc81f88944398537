//! What a token means: one conference in progress and its callers (contract section 4).
//!
//! Everything here is pure. A decision takes what is kept for a number, and the time, and says what is to be
//! kept from now on and what is to be answered; keeping it is the business of [`crate::store`].

pub mod decision;
mod enter;
mod event;
mod expiry;
mod leave;
mod operate;
mod renew;
mod token;
pub mod wrong_pins;

pub use enter::{Credentials, Entered, Refused, enter};
pub use event::{Event, EventKind};
pub use expiry::{current, swept};
pub use leave::leave;
pub use operate::{NoSuch, end, kick, lock};
pub use renew::{Standing, renew};

use crate::clock::{Millis, Moment};
use crate::number::{ConferenceNumber, SessionId};
use decision::Change;
use serde::{Deserialize, Serialize};

/// The most callers one conference takes. It keeps every token well below [`crate::store::MOST_BYTES`], so that no crowd
/// can make a token that is too large to be read.
pub const MOST_CALLERS: usize = 1000;

/// A conference in progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conference {
    version: token::Version,
    /// One for each conference held, however often its number is used again.
    pub id: String,
    /// When the spans below were right.
    pub as_of: Moment,
    /// How long the conference has been going on.
    pub age: Millis,
    /// Who is in, in the order of arrival.
    pub callers: Vec<Caller>,
    /// What is left of the lease of callers nobody knows: those of a token made by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Millis>,
    /// An operator has locked it: it takes no newcomers.
    #[serde(default, skip_serializing_if = "is_false")]
    pub locked: bool,
    /// It was ended; those who are in hear so at their next renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// How long ago the last moderator left, if one has and none came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmoderated: Option<Millis>,
    /// Whom an operator has removed, until they have left or their lease is over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kicked: Vec<Kicked>,
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
    /// What the caller was told on entering; a repeated request is told the same.
    pub told: Told,
    /// What the caller may do, as decided at entry.
    #[serde(default, skip_serializing_if = "Role::is_caller")]
    pub role: Role,
    /// Holds a place, but is not in the mix before a moderator comes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub waiting: bool,
    /// Only listens.
    #[serde(default, skip_serializing_if = "is_false")]
    pub muted: bool,
    /// Was put back by a renewal after the token had lost them, and has shown nothing since that would get anybody
    /// in.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unproven: bool,
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
    /// How many others were there; 0 when it is not known how many.
    Joining(usize),
}

/// On what terms a conference is held: the settings of the line, and of its room if it is held in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How long a caller with a session is kept from their last request on.
    pub lease: Millis,
    /// How long a caller without one, or a token made by hand, is kept.
    pub max_age: Millis,
    /// The longest time between two renewals.
    pub renew: Millis,
    /// Whether sessions renew at all, and so hear how their conference stands.
    pub renewals: bool,
    /// The most callers, those who wait included.
    pub most_callers: usize,
    /// How long the conference may go on.
    pub most_millis: Option<Millis>,
    /// Callers wait until a moderator is there.
    pub wait_for_moderator: bool,
    /// The conference ends some time after its last moderator has left.
    pub end_with_moderator: bool,
    /// All but moderators only listen.
    pub muted: bool,
}

/// How long a conference that ends with its moderator goes on without one (contract section 8).
pub const WITHOUT_MODERATOR: Millis = 60_000;

/// How often a caller who waits for a moderator asks whether one has come.
pub const WAITING_RENEW: Millis = 5_000;

impl Conference {
    /// A conference that begins now, with nobody in it yet.
    fn begin(number: &ConferenceNumber, now: &Moment) -> Self {
        // A number can be created only once in a millisecond, so number and time identify the conference.
        let id = format!("{number}-{:x}", now.wall);
        Self {
            version: token::Version,
            id,
            as_of: now.clone(),
            age: 0,
            callers: Vec::new(),
            unknown: None,
            locked: false,
            ending: None,
            unmoderated: None,
            kicked: Vec::new(),
        }
    }

    /// How many callers are known to be in.
    pub fn count(&self) -> usize {
        self.callers.len()
    }

    /// Whether anybody is, or has to be supposed to be, in.
    pub fn is_occupied(&self) -> bool {
        !self.callers.is_empty() || self.unknown.is_some()
    }

    /// Whether a moderator is in.
    pub fn is_moderated(&self) -> bool {
        self.callers.iter().any(|caller| caller.role == Role::Moderator)
    }

    /// Whether callers wait for a moderator as it stands.
    fn keeps_waiting(&self, terms: &Terms) -> bool {
        terms.wait_for_moderator && !self.is_moderated()
    }

    /// The conference that whoever comes next is first of. Those who were removed from the one before are kept
    /// in mind; whatever else was said of it is over.
    fn begin_anew(self, number: &ConferenceNumber) -> Self {
        Self { kicked: self.kicked, ..Self::begin(number, &self.as_of) }
    }

    /// How long until a session has to ask again at the latest, for something may be due by then.
    fn next_renewal(&self, terms: &Terms, waiting: bool) -> Millis {
        let time_over = terms.most_millis.map(|most| most.saturating_sub(self.age));
        let unmoderated = self.unmoderated.map(|gone| WITHOUT_MODERATOR.saturating_sub(gone));
        let waiting = waiting.then_some(WAITING_RENEW);
        [time_over, unmoderated, waiting].into_iter().flatten().fold(terms.renew, Millis::min)
    }

    fn find(&mut self, session: &SessionId) -> Option<&mut Caller> {
        self.callers.iter_mut().find(|caller| caller.is_of(Some(session)))
    }

    /// What someone who comes in now is told; the count is left out where it would be a guess.
    fn told_to_newcomer(&self) -> Told {
        match (self.is_occupied(), self.unknown) {
            (false, _) => Told::First,
            (true, None) => Told::Joining(self.count()),
            (true, Some(_)) => Told::Joining(0),
        }
    }
}

impl Caller {
    /// Whether the place is this session's. Without a session nobody can be told apart.
    fn is_of(&self, session: Option<&SessionId>) -> bool {
        session.is_some() && self.session.as_ref() == session
    }
}

/// A decision on a conference.
pub type Decision<T> = decision::Decision<T, Conference>;

/// The conference to be kept, or a free number when there is nothing left to be kept in mind.
fn keep_or_free(conference: Conference) -> Change<Conference> {
    if conference.is_occupied() || !conference.kicked.is_empty() {
        Change::Keep(conference)
    } else {
        Change::Free
    }
}

impl Role {
    fn is_caller(&self) -> bool {
        *self == Self::Caller
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

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod fixtures;
