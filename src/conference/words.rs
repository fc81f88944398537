//! What callers are told while they are in a conference.

use super::caller::{Heard, Notice};
use crate::clock::Millis;

/// What a caller is told in the conference, in a few words: what a key did, or what somebody else did to them, or what
/// is ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// The caller only listens from now on.
    Muted,
    /// The caller can be heard from now on.
    Unmuted,
    /// The caller only listens, and can't change that.
    MutedByModerator,
    /// The caller's hand is up.
    HandRaised,
    /// The caller's hand is down.
    HandLowered,
    /// So many others are in the conference.
    Others(usize),
    /// What the keys do.
    Keys,
    /// What the keys do, those of moderators too.
    ModeratorKeys,
    /// The conference takes no newcomers.
    ConferenceLocked,
    /// The conference takes newcomers.
    ConferenceUnlocked,
    /// All but moderators only listen.
    AllMuted,
    /// All can be heard.
    AllUnmuted,
    /// The same key again ends the conference.
    ConfirmEnd,
    /// The conference ends in so many minutes.
    MinutesLeft(u64),
    /// The end that was ahead is not ahead any more.
    GoesOn,
    /// The conference ends in a minute unless a moderator returns.
    NoModerator,
    /// A moderator is there again.
    ModeratorBack,
}

/// What a session that has heard `before` is told, if `due` is so and the conference ends in `ends_in`, and what it has
/// heard then. One thing is told at a time.
pub(super) fn between(before: Heard, due: Heard, ends_in: Option<Millis>) -> (Option<Words>, Heard) {
    if before.listens != due.listens {
        let words = if due.listens { Words::MutedByModerator } else { Words::Unmuted };
        return (Some(words), Heard { notice: before.notice, ..due });
    }
    let words = match (before.notice, due.notice) {
        (before, after) if before == after => None,
        (_, Notice::FiveMinutes | Notice::OneMinute) => {
            ends_in.map(|left| Words::MinutesLeft(left.div_ceil(60_000).max(1)))
        }
        (_, Notice::NoModerator) => Some(Words::NoModerator),
        (Notice::NoModerator, Notice::Nothing) => Some(Words::ModeratorBack),
        (_, Notice::Nothing) => Some(Words::GoesOn),
    };
    (words, due)
}
