//! The outcome of a [`super::Transaction`].
//!
//! This module decides, [`crate::store`] keeps; the first knows nothing of the second.

use super::event::{Event, EventKind};
use super::state::Conference;

/// What becomes of what is kept for a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It stays as it is.
    Nothing,
    /// This is kept from now on.
    Keep(Box<Conference>),
    /// Nothing is kept from now on: the number is free.
    Free,
}

/// What to keep, what to answer, and what to write to the call log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<T> {
    /// To be done before anything is answered.
    pub change: Change,
    /// What the request is answered.
    pub answer: T,
    /// What happened.
    pub events: Vec<Event>,
}

impl<T> Decision<T> {
    /// Whether somebody gets a place by it, for which more has to be kept than before.
    pub fn lets_in(&self) -> bool {
        self.events.iter().any(|event| matches!(event.event, EventKind::Created | EventKind::Joined))
    }
}
