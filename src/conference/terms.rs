//! The terms on which a conference is held.

use crate::clock::Millis;

/// The settings of the line, and of the room if the conference is held in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How long a caller with a session keeps the place after their last request.
    pub lease: Millis,
    /// How long a caller without a session, or a token made by hand, is kept.
    pub max_age: Millis,
    /// The longest time between two renewals.
    pub renew: Millis,
    /// Whether sessions renew at all. Those that do hear the state of their conference.
    pub renewals: bool,
    /// The most callers, those who wait included.
    pub most_callers: usize,
    /// How long the conference may last.
    pub most_millis: Option<Millis>,
    /// Callers wait until a moderator has come.
    pub wait_for_moderator: bool,
    /// The conference ends a minute after its last moderator has left.
    pub end_with_moderator: bool,
    /// All but moderators only listen.
    pub muted: bool,
}
