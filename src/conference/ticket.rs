//! Tickets: what a session carries with it, so that a lost token loses nobody (contract section 4).

use super::caller::{Caller, Greeting, Heard, Role};
use super::state::Conference;
use super::terms::{Terms, is_default};
use crate::clock::Millis;
use crate::number::SessionId;
use serde::{Deserialize, Serialize};

/// What is known of a caller and of their conference. Times are those of the wall clock, in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The conference.
    conference: String,
    /// When it began.
    began: Millis,
    /// When it opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opened: Option<Millis>,
    terms: Terms,
    /// When the caller came in.
    entered: Millis,
    told: Greeting,
    #[serde(default, skip_serializing_if = "is_default")]
    role: Role,
    #[serde(default, skip_serializing_if = "is_default")]
    waiting: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    muted: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    self_muted: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    hand: bool,
}

impl Ticket {
    /// The ticket of a caller.
    pub(super) fn of(conference: &Conference, caller: &Caller) -> Self {
        let ago = |age: Millis| conference.as_of.wall.saturating_sub(age);
        Self {
            conference: conference.id.clone(),
            began: ago(conference.age),
            opened: conference.opened.map(ago),
            terms: conference.terms(),
            entered: ago(caller.age),
            told: caller.told,
            role: caller.role,
            waiting: caller.waiting,
            muted: caller.muted,
            self_muted: caller.self_muted,
            hand: caller.hand,
        }
    }

    /// Whether it is of this conference.
    pub(super) fn is_of(&self, conference: &Conference) -> bool {
        self.conference == conference.id
    }

    /// Whether both say the same. The times may differ, since clocks are set.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let Self { began, opened, entered, .. } = *other;
        let opened = self.opened.and(opened);
        Self { began, opened, entered, ..self.clone() } == *other
    }

    /// Makes the conference of the ticket of what is kept, if that may be the same one: nobody is in, or only callers of a
    /// token made by hand, or who came within the last `lease`, when the one of the ticket could have been lost.
    pub(super) fn restore(&self, conference: &mut Conference, lease: Millis) {
        let since = |time: Millis| conference.as_of.wall.saturating_sub(time);
        let (age, opened) = (since(self.began), self.opened.map(since));
        if !self.is_of(conference) || conference.terms.is_none() {
            let is_young = conference.age < lease && conference.age < age;
            if conference.is_occupied() && conference.terms.is_some() && !is_young {
                return;
            }
            if !conference.is_occupied() {
                // What is remembered of a conference is about another one.
                conference.close();
            }
            conference.id.clone_from(&self.conference);
            (conference.age, conference.terms) = (age, Some(self.terms));
        }
        conference.opened = conference.opened.max(opened);
        if let Some(terms) = &mut conference.terms {
            // Time is only ever added, and not every ticket tells of that.
            terms.max_millis = terms.max_millis.max(self.terms.max_millis);
        }
    }

    /// The place of the caller in the conference as it is.
    pub(super) fn place(&self, conference: &Conference, session: &SessionId, lease: Millis) -> Caller {
        let caller = Caller {
            age: conference.as_of.wall.saturating_sub(self.entered),
            role: self.role,
            waiting: self.waiting && conference.opened.is_none(),
            muted: self.muted,
            self_muted: self.self_muted,
            hand: self.hand,
            ..Caller::new(Some(session), lease, self.told)
        };
        // Whether the caller listens is in the ticket because the session was told so.
        Caller { heard: Heard { listens: caller.listens(), ..Heard::default() }, ..caller }
    }

    /// What the caller may do.
    #[cfg(test)]
    pub(super) fn role(&self) -> Role {
        self.role
    }

    /// The text that is signed: JSON.
    pub fn to_text(&self) -> Vec<u8> {
        // Numbers and texts: there is nothing here that JSON could refuse.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads the text.
    pub fn from_text(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }
}
