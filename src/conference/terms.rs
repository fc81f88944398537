//! The terms on which places and conferences are held.

use crate::clock::Millis;
use serde::{Deserialize, Serialize};

/// The most callers of one conference. With them its token stays well below [`crate::store::MOST_BYTES`], so no crowd makes
/// a token that is too large to be read.
pub const MOST_CALLERS: usize = 1000;

/// How long the places of a line are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// How long a caller with a session keeps the place after their last request.
    pub lease: Millis,
    /// How long a caller without a session, or a token made by hand, is kept.
    pub max_age: Millis,
    /// The longest time between two renewals.
    pub renew: Millis,
    /// Whether sessions renew at all. Those that do hear the state of their conference.
    pub renewals: bool,
    /// How long the last caller may be alone after everybody else has left.
    pub alone: Option<Millis>,
    /// Whether who is alone hears music in place of being in the mix.
    pub music: bool,
}

/// The terms of one conference, as they were when it began. Its token keeps them, so they go on to hold whatever happens to
/// the room's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// Whether it takes a PIN to get in.
    #[serde(skip_serializing_if = "is_default")]
    pub pin: bool,
    /// Callers wait until a moderator has come.
    #[serde(skip_serializing_if = "is_default")]
    pub wait_for_moderator: bool,
    /// The conference ends a minute after its last moderator has left.
    #[serde(skip_serializing_if = "is_default")]
    pub end_with_moderator: bool,
    /// All but moderators only listen.
    #[serde(skip_serializing_if = "is_default")]
    pub muted: bool,
    /// The most callers, those who wait included. Moderators get in all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_callers: Option<usize>,
    /// How long the conference may last from when it opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_millis: Option<Millis>,
}

impl Terms {
    /// The most callers who are no moderators.
    pub(super) fn most_callers(&self) -> usize {
        self.max_callers.map_or(MOST_CALLERS, |most| most.min(MOST_CALLERS))
    }
}

/// Whether a value need not be written.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
