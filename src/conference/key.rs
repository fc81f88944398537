//! Keys that callers press in a conference (contract section 12).

use super::caller::{Caller, Role};
use super::event::EventKind;
use super::state::Ending;
use super::transaction::Transaction;
use super::words::Words;
use super::{expiry, operate::Whom};
use crate::number::SessionId;

/// What a key in the call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// To mute or unmute oneself.
    Mute,
    /// To raise or lower a hand.
    Hand,
    /// How many are there.
    Count,
    /// What the keys do.
    Keys,
    /// To lock or unlock the conference.
    Lock,
    /// To mute or unmute all but moderators.
    MuteAll,
    /// To end the conference, for the first time: it has to be confirmed.
    ConfirmEnd,
    /// To end the conference.
    End,
}

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPress {
    /// What it asks for.
    pub key: Key,
    /// The session counts its presses from 1, so that one that is sent twice is not done twice.
    pub count: u32,
}

impl Key {
    /// The key of an event's name.
    pub fn from_event(event: &str) -> Option<Self> {
        Some(match event {
            "mute" => Self::Mute,
            "hand" => Self::Hand,
            "count" => Self::Count,
            "keys" => Self::Keys,
            "lock" => Self::Lock,
            "mute_all" => Self::MuteAll,
            "confirm_end" => Self::ConfirmEnd,
            "end" => Self::End,
            _ => return None,
        })
    }

    fn is_for_moderators(self) -> bool {
        matches!(self, Self::Lock | Self::MuteAll | Self::ConfirmEnd | Self::End)
    }
}

impl Transaction<'_> {
    /// Does what a key asks for, and says what is so then. Nothing happens, and nothing is said, to somebody who waits, in a
    /// conference that is ending, or for a key that the caller's role does not have.
    pub(super) fn press(&mut self, session: &SessionId, press: KeyPress) -> Option<Words> {
        let ending = self.conference.ending.is_some();
        let caller = self.conference.find(session)?;
        let is_moderator = caller.role == Role::Moderator;
        if ending || caller.waiting || press.key.is_for_moderators() && !is_moderator {
            return None;
        }
        let is_first = press.count > caller.press;
        caller.press = caller.press.max(press.count);
        match press.key {
            Key::Mute => Some(mute_oneself(caller, is_first)),
            Key::Hand => {
                caller.hand ^= is_first;
                Some(if caller.hand { Words::HandRaised } else { Words::HandLowered })
            }
            Key::Count => Some(Words::Others(self.conference.count().saturating_sub(1))),
            Key::Keys => Some(if is_moderator { Words::ModeratorKeys } else { Words::Keys }),
            Key::Lock => Some(self.lock_by_key(is_first)),
            Key::MuteAll => Some(self.mute_all_by_key(is_first)),
            Key::ConfirmEnd => Some(Words::ConfirmEnd),
            Key::End => {
                let event = expiry::end(&mut self.conference, Ending::Key, self.times);
                self.events.push(event);
                None
            }
        }
    }

    fn lock_by_key(&mut self, is_first: bool) -> Words {
        if is_first {
            self.set_locked(!self.conference.locked);
            self.because_of_key();
        }
        if self.conference.locked { Words::ConferenceLocked } else { Words::ConferenceUnlocked }
    }

    fn mute_all_by_key(&mut self, is_first: bool) -> Words {
        if is_first {
            // Nobody may be there to be muted, but newcomers are.
            let _ = self.mute(&Whom::All, !self.conference.terms().muted);
            self.because_of_key();
        }
        if self.conference.terms().muted { Words::AllMuted } else { Words::AllUnmuted }
    }

    /// Says in the events of this transaction that a key was the reason.
    fn because_of_key(&mut self) {
        let by_key = [EventKind::Locked, EventKind::Unlocked, EventKind::Muted, EventKind::Unmuted];
        for event in self.events.iter_mut().filter(|event| by_key.contains(&event.event)) {
            event.reason = Some("key");
        }
    }
}

fn mute_oneself(caller: &mut Caller, is_first: bool) -> Words {
    if caller.muted {
        return Words::MutedByModerator;
    }
    caller.self_muted ^= is_first;
    if caller.self_muted { Words::Muted } else { Words::Unmuted }
}
