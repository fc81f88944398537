//! What has to be remembered of a call's past, for the rules.

use std::hash::{Hash, Hasher};

use super::application::Says;

/// Milliseconds of virtual time.
pub(super) type Millis = u64;

/// What has to be remembered of the past, for the rules.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// How many things have gone wrong.
    pub(super) faults: u8,
    /// How many of these a caller may suffer from.
    pub(super) failures: u8,
    /// An operator has killed the session.
    pub(super) killed: bool,
    /// Since when the caller, connected, hears nothing.
    pub(super) silent_since: Option<Millis>,
    pub(super) gone_at: Option<Millis>,
    pub(super) has_left: bool,
    /// When the last renewal was sent, unless something has asked for another one.
    pub(super) renewed_at: Option<Millis>,
    /// How many renewals have followed another at once.
    pub(super) hurried: u8,
    /// Since when the place is held that there is.
    pub(super) held_since: Option<Millis>,
    /// What the caller was told of the end of the call.
    pub(super) last_words: Says,
    /// How often each of the outside events has come.
    pub(super) outside: Vec<u8>,
}

impl Record {
    /// A call to which nothing has happened yet; so many kinds of events may come from outside.
    pub(super) fn new(outside: usize) -> Self {
        Record {
            faults: 0,
            failures: 0,
            killed: false,
            silent_since: None,
            gone_at: None,
            has_left: false,
            renewed_at: None,
            hurried: 0,
            held_since: None,
            last_words: Says::Anything,
            outside: vec![0; outside],
        }
    }

    /// What of it makes a difference at a moment: not when something was, but how long ago.
    pub(super) fn hash_at(&self, now: Millis, hasher: &mut impl Hasher) {
        let ago = |moment: Option<Millis>| moment.map(|moment| now - moment);
        (self.faults, self.failures, self.killed, self.has_left).hash(hasher);
        (self.last_words, &self.outside, ago(self.silent_since), ago(self.gone_at)).hash(hasher);
        (self.hurried, ago(self.renewed_at), ago(self.held_since)).hash(hasher);
    }
}
