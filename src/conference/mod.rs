//! What a token means: one conference in progress and its callers (contract section 4).
//!
//! Everything here is pure. A decision takes what is kept for a number, and the time, and says what is to be
//! kept from now on and what is to be answered; keeping it is the business of [`crate::keeper`].

mod enter;
mod event;
mod expiry;
mod leave;
mod renew;
mod token;

pub use enter::{Entered, Refused, enter};
pub use event::{Event, EventKind};
pub use expiry::aged;
pub use leave::leave;
pub use renew::{Standing, renew};

use crate::keeper::Change;
use crate::moment::{Millis, Moment};
use crate::number::{ConferenceNumber, SessionId};
use serde::{Deserialize, Serialize};

/// The most callers one conference takes. It keeps every token well below [`crate::keeper::MOST_BYTES`], so that no crowd
/// can make a token that is too large to be read.
pub const MOST_CALLERS: usize = 1000;

/// A conference in progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conference {
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

/// For how long places are kept; the settings of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// For a caller with a session, from their last request on.
    pub lease: Millis,
    /// For a caller without one and for tokens made by hand.
    pub max_age: Millis,
}

impl Conference {
    /// A conference that begins now, with nobody in it yet.
    fn begin(number: &ConferenceNumber, now: &Moment) -> Self {
        // A number can be created only once in a millisecond, so number and time identify the conference.
        let id = format!("{number}-{:x}", now.wall);
        Self { id, as_of: now.clone(), age: 0, callers: Vec::new(), unknown: None }
    }

    /// How many callers are known to be in.
    pub fn count(&self) -> usize {
        self.callers.len()
    }

    /// Whether anybody is, or has to be supposed to be, in.
    pub fn is_occupied(&self) -> bool {
        !self.callers.is_empty() || self.unknown.is_some()
    }

    fn find(&mut self, session: &SessionId) -> Option<&mut Caller> {
        self.callers.iter_mut().find(|caller| caller.session.as_ref() == Some(session))
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

/// A decision on a conference.
pub type Decision<T> = crate::keeper::Decision<T, Conference>;

/// The conference to be kept, or a free number when nobody is left in it.
fn keep_if_occupied(conference: Conference) -> Change<Conference> {
    if conference.is_occupied() { Change::Keep(conference) } else { Change::Free }
}

#[cfg(test)]
mod fixtures;
