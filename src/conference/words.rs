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

#[cfg(test)]
mod tests {
    use super::super::caller::{Caller, Role};
    use super::super::event::EventKind;
    use super::super::fixtures::*;
    use super::super::operate::{Operation, Whom};
    use super::super::renew::SessionState;
    use super::super::state::{Conference, Ending};
    use super::super::terms::{Terms, Times};
    use super::*;

    const MUSIC: Times = Times { music: true, alone: Some(600_000), ..TIMES };

    /// What a session is told that renews, and what is kept then.
    fn renewed(kept: Conference, id: &str, millis: Millis) -> (Option<Words>, SessionState, Conference) {
        let session = session(id);
        let at_least = kept.as_of.wall - at(0).wall + 1;
        let decision = decided(Some(kept), millis.max(at_least), &MUSIC, |number| {
            number.renew(&report(&session, None)).unwrap()
        });
        (decision.answer.words, decision.answer.state, super::super::fixtures::kept(&decision).clone())
    }

    #[test]
    fn the_end_that_is_ahead_is_told_twice_and_to_everybody() {
        let limited = conference_on(Terms { max_millis: Some(600_000), ..OPEN }, &["a", "b"]);
        let lease = |mut conference: Conference| {
            conference.callers.iter_mut().for_each(|caller| caller.lease = LEASE);
            conference
        };
        let (words, state, kept) = renewed(limited, "a", 170_000);
        assert_eq!((words, state), (None, SessionState::Open(60_000)));
        let (words, state, kept) = renewed(lease(kept), "a", 250_000);
        assert_eq!(
            (words, state),
            (None, SessionState::Open(50_000)),
            "asks when there is something to tell"
        );
        let (words, _, kept) = renewed(lease(kept), "a", 300_000);
        assert_eq!(words, Some(Words::MinutesLeft(5)));
        let (words, _, kept) = renewed(lease(kept), "a", 310_000);
        assert_eq!(words, None, "once");
        let (words, _, kept) = renewed(lease(kept), "b", 330_000);
        assert_eq!(words, Some(Words::MinutesLeft(5)), "the other one as well");
        let (words, _, kept) = renewed(lease(kept), "a", 490_000);
        assert_eq!(words, None);
        let (words, _, kept) = renewed(lease(kept), "a", 541_000);
        assert_eq!(words, Some(Words::MinutesLeft(1)));
        let longer = decided(Some(lease(kept)), 542_000, &MUSIC, |number| {
            number.operate(&Operation::Extend(900_000), None)
        });
        let (words, _, kept) = renewed(super::super::fixtures::kept(&longer).clone(), "a", 543_000);
        assert_eq!(words, Some(Words::GoesOn), "it is taken back");
        let (words, _, _) = renewed(kept, "b", 544_000);
        assert_eq!(words, Some(Words::GoesOn));
    }

    #[test]
    fn a_newcomer_hears_what_the_others_have_heard_already() {
        let mut late = conference_on(Terms { max_millis: Some(600_000), ..OPEN }, &["a"]);
        (late.opened, late.callers[0].heard.notice) = (Some(400_000), Notice::FiveMinutes);
        late.callers.push(caller("new"));
        assert_eq!(renewed(late.clone(), "a", 0).0, None);
        assert_eq!(renewed(late, "new", 0).0, Some(Words::MinutesLeft(4)));
    }

    #[test]
    fn the_others_hear_that_the_moderator_has_left_and_is_back() {
        let terms = Terms { end_with_moderator: true, ..OPEN };
        let mut conference = conference_on(terms, &["m", "a", "b"]);
        conference.callers[0].role = Role::Moderator;
        let left = decided(Some(conference), 0, &MUSIC, |number| number.leave(&session("m"), None));
        assert_eq!(left.answer, [session("a"), session("b")], "they are woken up to hear it");
        let (words, _, mut kept) = renewed(kept(&left).clone(), "a", 1_000);
        assert_eq!(words, Some(Words::NoModerator));
        kept.add(Caller { role: Role::Moderator, ..caller("n") });
        let (words, _, kept) = renewed(kept, "a", 2_000);
        assert_eq!(words, Some(Words::ModeratorBack));
        assert_eq!(
            renewed(kept, "b", 2_000).0,
            None,
            "who has not heard of the one need not hear of the other"
        );
    }

    #[test]
    fn one_thing_is_told_at_a_time_and_nothing_is_forgotten() {
        let mut conference = conference_on(Terms { max_millis: Some(200_000), ..OPEN }, &["a", "b"]);
        conference.callers[0].muted = true;
        let (words, state, kept) = renewed(conference, "a", 0);
        assert_eq!((words, state), (Some(Words::MutedByModerator), SessionState::Open(10_000)));
        assert_eq!(renewed(kept, "a", 10_000).0, Some(Words::MinutesLeft(4)));
    }

    #[test]
    fn who_stays_behind_hears_music_and_after_so_long_the_end() {
        let left =
            decided(Some(conference_of(&["a", "b"])), 0, &MUSIC, |number| number.leave(&session("b"), None));
        assert_eq!(left.answer, [session("a")]);
        let (_, state, alone) = renewed(kept(&left).clone(), "a", 0);
        assert_eq!(state, SessionState::Alone(TIMES.renew));
        assert_eq!(alone.ends_in(), Some(599_999));
        let long = Times { lease: 1_000_000, ..MUSIC };
        let mut forgotten = alone.clone();
        forgotten.callers[0].lease = 1_000_000;
        let ended = decided(Some(forgotten), 600_000, &long, |number| {
            number.renew(&report(&session("a"), None)).unwrap().state
        });
        assert_eq!(ended.answer, SessionState::Ended(Ending::Alone));
        let mut joined = alone;
        joined.add(Caller { fresh: true, ..caller("c") });
        assert_eq!(joined.ends_in(), None, "somebody has come");
        let first =
            decided(Some(joined), 0, &MUSIC, |number| number.renew(&report(&session("c"), None)).unwrap());
        assert_eq!(first.answer.wakes, [session("a")], "who is alone is woken up");
        let again = decided(Some(kept(&first).clone()), 1, &MUSIC, |number| {
            number.renew(&report(&session("c"), None)).unwrap()
        });
        assert!(again.answer.wakes.is_empty(), "by the first renewal only");
        assert_eq!(renewed(kept(&again).clone(), "a", 0).1, SessionState::Open(TIMES.renew));
    }

    #[test]
    fn a_moderator_wakes_those_who_wait_fifty_at_the_most() {
        let ids: Vec<String> = (0..60).map(|n| format!("s{n}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut conference = conference_on(Terms { wait_for_moderator: true, ..OPEN }, &ids);
        conference.callers.iter_mut().for_each(|caller| caller.waiting = true);
        conference.add(Caller { role: Role::Moderator, fresh: true, ..caller("m") });
        let first = decided(Some(conference), 0, &TIMES, |number| {
            number.renew(&report(&session("m"), None)).unwrap()
        });
        assert_eq!((first.answer.wakes.len(), &first.answer.wakes[0]), (50, &session("s0")));
    }

    #[test]
    fn an_operator_mutes_one_or_all() {
        let operate = |kept: Conference, operation: Operation| {
            decided(Some(kept), 0, &MUSIC, |number| number.operate(&operation, None))
        };
        let mut conference = conference_of(&["m", "a", "b"]);
        conference.callers[0].role = Role::Moderator;
        conference.callers[1].self_muted = true;
        let one = operate(conference.clone(), Operation::Mute(Whom::Session(session("b"))));
        let told = |answer: &Result<super::super::operate::Done, _>| {
            answer.as_ref().unwrap().told.iter().map(|hears| hears.session.clone()).collect::<Vec<_>>()
        };
        assert_eq!(told(&one.answer), [session("b")]);
        assert_eq!((one.events[0].event, &one.events[0].session), (EventKind::Muted, &Some(session("b"))));
        assert_eq!(renewed(kept(&one).clone(), "b", 0).0, Some(Words::MutedByModerator));
        let lifted = operate(kept(&one).clone(), Operation::Unmute(Whom::Session(session("a"))));
        assert_eq!(told(&lifted.answer), [session("a")], "also what one has done to oneself");
        let all = operate(conference, Operation::Mute(Whom::All));
        assert_eq!(told(&all.answer), [session("b")], "a listened only before");
        assert!(kept(&all).terms().muted && !kept(&all).callers[0].listens());
        let again = operate(kept(&all).clone(), Operation::Mute(Whom::All));
        assert_eq!((again.answer.unwrap().changed, again.events.len()), (false, 0));
        let nobody = operate(kept(&all).clone(), Operation::Mute(Whom::Session(session("x"))));
        assert_eq!(nobody.answer, Err(super::super::operate::NotDone::NoCaller));
    }
}
