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

#[cfg(test)]
mod tests {
    use super::super::decision::Decision;
    use super::super::fixtures::*;
    use super::super::renew::{Renewed, Report, SessionState};
    use super::super::state::Conference;
    use super::super::ticket::Ticket;
    use super::*;

    /// A conference with a moderator `m`, and callers `a` and `b`.
    fn moderated() -> Conference {
        let mut conference = conference_of(&["m", "a", "b"]);
        conference.callers[0].role = Role::Moderator;
        conference
    }

    /// Somebody with a right ticket presses a key.
    fn press(kept: &Conference, id: &str, key: Key, count: u32) -> Decision<Renewed> {
        let session = session(id);
        let place = kept.callers.iter().find(|caller| caller.session.as_ref() == Some(&session));
        let ticket = Ticket::of(kept, place.unwrap());
        let key = Some(KeyPress { key, count });
        let report = Report { key, ..report(&session, Some(&ticket)) };
        let later = kept.as_of.wall - at(0).wall + 1;
        decided(Some(kept.clone()), later, &TIMES, |number| number.renew_or_restore(&report, None))
    }

    fn words(decision: &Decision<Renewed>) -> Option<Words> {
        decision.answer.words
    }

    #[test]
    fn one_mutes_oneself_and_is_heard_again() {
        let muted = press(&moderated(), "a", Key::Mute, 1);
        assert_eq!((words(&muted), muted.answer.listens), (Some(Words::Muted), true));
        assert!(muted.answer.ticket.is_some(), "the ticket tells, in case the token is lost");
        let kept = kept(&muted);
        assert!(kept.callers[1].self_muted && !kept.callers[1].muted);
        let unmuted = press(kept, "a", Key::Mute, 2);
        assert_eq!((words(&unmuted), unmuted.answer.listens), (Some(Words::Unmuted), false));
    }

    #[test]
    fn a_press_that_is_sent_twice_is_done_once_and_told_twice() {
        let muted = press(&moderated(), "a", Key::Mute, 1);
        let again = press(kept(&muted), "a", Key::Mute, 1);
        assert_eq!((words(&again), again.answer.listens), (Some(Words::Muted), true));
        let locked = press(&moderated(), "m", Key::Lock, 7);
        assert_eq!(
            (words(&locked), logged(&locked)),
            (Some(Words::ConferenceLocked), vec![(EventKind::Locked, 3)])
        );
        let again = press(kept(&locked), "m", Key::Lock, 7);
        assert_eq!((words(&again), again.events.len()), (Some(Words::ConferenceLocked), 0));
        assert_eq!(words(&press(kept(&again), "m", Key::Lock, 8)), Some(Words::ConferenceUnlocked));
        assert_eq!(locked.events[0].reason, Some("key"));
    }

    #[test]
    fn what_a_moderator_has_muted_no_key_of_the_caller_lifts() {
        let all = press(&moderated(), "m", Key::MuteAll, 1);
        assert_eq!(words(&all), Some(Words::AllMuted));
        assert_eq!(all.answer.wakes, [session("a"), session("b")], "they have not heard of it yet");
        assert!(!all.answer.listens && kept(&all).terms().muted, "newcomers are muted, moderators are not");
        let tried = press(kept(&all), "a", Key::Mute, 1);
        assert_eq!((words(&tried), tried.answer.listens), (Some(Words::MutedByModerator), true));
        let lifted = press(kept(&tried), "m", Key::MuteAll, 2);
        assert_eq!((words(&lifted), kept(&lifted).terms().muted), (Some(Words::AllUnmuted), false));
        assert!(kept(&lifted).callers.iter().all(|caller| !caller.listens()));
    }

    #[test]
    fn who_has_muted_themselves_stays_so_when_all_are_heard_again() {
        let one = press(&moderated(), "a", Key::Mute, 1);
        let all = press(kept(&one), "m", Key::MuteAll, 1);
        let lifted = press(kept(&all), "m", Key::MuteAll, 2);
        assert!(kept(&lifted).callers[1].listens() && !kept(&lifted).callers[2].listens());
    }

    #[test]
    fn hands_others_and_help_are_for_everybody() {
        let up = press(&moderated(), "a", Key::Hand, 1);
        assert_eq!((words(&up), kept(&up).callers[1].hand), (Some(Words::HandRaised), true));
        assert_eq!(words(&press(kept(&up), "a", Key::Hand, 2)), Some(Words::HandLowered));
        assert_eq!(words(&press(&moderated(), "a", Key::Count, 1)), Some(Words::Others(2)));
        assert_eq!(words(&press(&moderated(), "a", Key::Keys, 1)), Some(Words::Keys));
        assert_eq!(words(&press(&moderated(), "m", Key::Keys, 1)), Some(Words::ModeratorKeys));
    }

    #[test]
    fn the_keys_of_moderators_do_and_say_nothing_for_others() {
        for key in [Key::Lock, Key::MuteAll, Key::ConfirmEnd, Key::End] {
            let pressed = press(&moderated(), "a", key, 1);
            assert_eq!((words(&pressed), pressed.events.len()), (None, 0), "{key:?}");
            assert_eq!(pressed.answer.state, SessionState::Open(TIMES.renew));
        }
    }

    #[test]
    fn a_conference_is_ended_by_a_key_that_was_confirmed() {
        assert_eq!(words(&press(&moderated(), "m", Key::ConfirmEnd, 1)), Some(Words::ConfirmEnd));
        let ended = press(&moderated(), "m", Key::End, 2);
        assert_eq!(ended.answer.state, SessionState::Ended(Ending::Key));
        assert_eq!(ended.answer.wakes, [session("a"), session("b")]);
        assert_eq!((ended.events[0].event, ended.events[0].reason), (EventKind::Ended, Some("key")));
        assert_eq!(words(&press(kept(&ended), "a", Key::Mute, 1)), None, "it is over");
    }

    #[test]
    fn who_waits_has_no_keys() {
        let mut waiting = moderated();
        (waiting.opened, waiting.callers[1].waiting) = (None, true);
        let pressed = press(&waiting, "a", Key::Mute, 1);
        assert_eq!((words(&pressed), kept(&pressed).callers[1].listens()), (None, false));
    }
}
