//! What a decision is: it takes what is kept for a number, and says what is to be kept from now on.
//!
//! [`crate::conference`] decides, [`crate::store`] keeps; the first knows nothing of the second.

use super::Event;
use crate::clock::{Millis, Moment};
use crate::number::ConferenceNumber;
use serde::Serialize;

/// What is kept for a number, as text.
pub trait Kept: Serialize + Sized {
    /// Which of the things that are kept for a number this is.
    const KIND: Kind;

    /// The text that keeps it: one line of JSON.
    fn to_text(&self) -> Vec<u8> {
        // Numbers, texts and lists of them: there is nothing in what is kept that JSON could refuse.
        let mut text = serde_json::to_vec(self).unwrap_or_default();
        text.push(b'\n');
        text
    }

    /// Reads any text that was last written at `written`; one that can't be understood included.
    fn from_text(text: &[u8], number: &ConferenceNumber, written: &Moment, max_age: Millis) -> Self;

    /// When it was right.
    fn as_of(&self) -> &Moment;

    /// How long after now it may still mean something.
    fn lasts(&self) -> Millis;
}

/// The kinds of what is kept for a number; each is kept, and decided on, for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The token of a conference in progress.
    Token,
    /// The wrong PINs that were tried lately; no conference need be in progress for that.
    WrongPins,
}

/// What is to become of what is kept for a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<K> {
    /// It stays as it is.
    Nothing,
    /// This is kept from now on.
    Keep(K),
    /// Nothing is kept any more: the number is free.
    Free,
}

/// The outcome of a decision: what to keep, what to answer, what to note in the call log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<T, K> {
    /// To be done before anything is answered.
    pub change: Change<K>,
    /// What the request is answered.
    pub answer: T,
    /// What happened; empty when nothing changed.
    pub events: Vec<Event>,
}
