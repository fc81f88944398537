//! How every decision on a number begins and ends.

use super::decision::{Change, Decision};
use super::event::Event;
use super::expiry;
use super::state::Conference;
use super::terms::Times;
use crate::clock::Moment;
use crate::number::ConferenceNumber;

/// What is kept for a number, brought up to the present. One step of it, such as [`Self::enter`], changes that;
/// [`Self::decision`] says what became of it.
#[derive(Debug)]
pub struct Transaction<'a> {
    pub(super) number: &'a ConferenceNumber,
    pub(super) times: &'a Times,
    pub(super) conference: Conference,
    pub(super) events: Vec<Event>,
    /// What was kept, as of now: if a step leaves it so, nothing is written. None where something has to be written anyway:
    /// nothing was kept, time has changed it, or it was written in what is the future now, so that no lease in it would end.
    before: Option<Conference>,
    existed: bool,
    discarded: bool,
}

impl<'a> Transaction<'a> {
    /// Begins with what is kept, brought up to `now`.
    pub fn begin(
        kept: Option<Conference>,
        number: &'a ConferenceNumber,
        now: &Moment,
        times: &'a Times,
    ) -> Self {
        let existed = kept.is_some();
        let from_the_future = kept.as_ref().is_some_and(|kept| now.is_before(&kept.as_of));
        let mut conference = kept.unwrap_or_else(|| Conference::begin(number, now));
        let events = expiry::bring_up_to(&mut conference, now, times);
        let before = (existed && !from_the_future && events.is_empty()).then(|| conference.clone());
        Self { number, times, conference, events, before, existed, discarded: false }
    }

    /// The conference as it is now.
    pub fn into_conference(self) -> Conference {
        self.conference
    }

    /// Leaves everything as it was, whatever has happened.
    pub(super) fn discard(&mut self) {
        self.discarded = true;
    }

    /// Whether something was kept, and nothing is worth keeping.
    pub(super) fn frees(&self) -> bool {
        self.existed && !self.conference.is_worth_keeping()
    }

    /// Ends with an answer.
    pub fn decision<T>(self, answer: T) -> Decision<T> {
        if self.discarded {
            return Decision { change: Change::Nothing, answer, events: Vec::new() };
        }
        let change = if self.frees() {
            Change::Free
        } else if !self.conference.is_worth_keeping() || self.before.as_ref() == Some(&self.conference) {
            Change::Nothing
        } else {
            Change::Keep(Box::new(self.conference))
        };
        Decision { change, answer, events: self.events }
    }
}
