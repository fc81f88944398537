//! What operators do to a conference (contract section 6).

use super::decision::Change;
use super::{Conference, Decision, Ending, Event, EventKind, Kicked, Terms, current, keep_or_free};
use crate::clock::Moment;
use crate::number::SessionId;

/// What an operator's command did not find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSuch {
    /// There is no conference of that number.
    Conference,
    /// There is no caller with that session.
    Caller,
}

/// An operator's command: done, or there is no such thing.
pub type Steered = Decision<Result<(), NoSuch>>;

/// Ends a conference for those who are in it; where nobody can be told so, the number is free at once.
pub fn end(kept: Option<Conference>, now: &Moment, terms: &Terms) -> Steered {
    steer(kept, now, terms, |conference, events| {
        if conference.ending.is_none() {
            events.push(conference.end(Ending::Operator, terms));
        }
        Ok(())
    })
}

/// Locks a conference against newcomers, or unlocks it.
pub fn lock(kept: Option<Conference>, locked: bool, now: &Moment, terms: &Terms) -> Steered {
    steer(kept, now, terms, |conference, events| {
        if conference.locked != locked {
            conference.locked = locked;
            let kind = if locked { EventKind::Locked } else { EventKind::Unlocked };
            events.push(Event::of(kind, conference, None));
        }
        Ok(())
    })
}

/// Removes a caller, who hears so at the next renewal and does not get back in with the same session.
pub fn kick(kept: Option<Conference>, session: &SessionId, now: &Moment, terms: &Terms) -> Steered {
    steer(kept, now, terms, |conference, events| {
        if conference.kicked.iter().any(|kicked| kicked.session == *session) {
            return Ok(());
        }
        let place = conference.callers.iter().position(|caller| caller.session.as_ref() == Some(session));
        let caller = conference.callers.remove(place.ok_or(NoSuch::Caller)?);
        if caller.role == super::Role::Moderator {
            conference.note_moderator_gone(terms, 0);
        }
        conference.kicked.push(Kicked { session: session.clone(), lease: terms.lease });
        events.push(Event::end_of_stay(EventKind::Kicked, conference, &caller, caller.age));
        Ok(())
    })
}

fn steer(
    kept: Option<Conference>,
    now: &Moment,
    terms: &Terms,
    command: impl FnOnce(&mut Conference, &mut Vec<Event>) -> Result<(), NoSuch>,
) -> Steered {
    let Some(conference) = kept else {
        return Decision { change: Change::Nothing, answer: Err(NoSuch::Conference), events: Vec::new() };
    };
    let (mut conference, mut events) = current(conference, now, terms);
    let answer = if conference.is_occupied() {
        command(&mut conference, &mut events)
    } else {
        Err(NoSuch::Conference)
    };
    Decision { change: keep_or_free(conference), answer, events }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::*;
    use super::*;

    #[test]
    fn ending_tells_those_with_a_session_and_drops_the_others() {
        let mut conference = conference_of(&["a", "b"]);
        conference.callers[1].session = None;
        conference.unknown = Some(5);
        let decision = end(Some(conference), &at(0), &TERMS);
        assert_eq!(noted(&decision), [(EventKind::Ended, 1)]);
        let ended = kept(&decision);
        assert_eq!((ended.ending, ended.unknown), (Some(Ending::Operator), None));
        assert!(end(Some(ended.clone()), &at(1), &TERMS).events.is_empty(), "once is enough");
    }

    #[test]
    fn ending_frees_the_number_at_once_where_nobody_can_be_told() {
        let mut conference = conference_of(&["a"]);
        conference.callers[0].session = None;
        conference.unknown = Some(5);
        let decision = end(Some(conference), &at(0), &TERMS);
        assert_eq!((decision.change.clone(), noted(&decision)), (Change::Free, vec![(EventKind::Ended, 0)]));
        let deaf = Terms { renewals: false, ..TERMS };
        let decision = end(Some(conference_of(&["a"])), &at(0), &deaf);
        assert_eq!((decision.change.clone(), noted(&decision)), (Change::Free, vec![(EventKind::Ended, 0)]));
    }

    #[test]
    fn locking_is_told_once_and_undone_by_unlocking() {
        let locked = lock(Some(conference_of(&["a"])), true, &at(0), &TERMS);
        assert_eq!(noted(&locked), [(EventKind::Locked, 1)]);
        assert!(lock(Some(kept(&locked).clone()), true, &at(0), &TERMS).events.is_empty());
        let unlocked = lock(Some(kept(&locked).clone()), false, &at(0), &TERMS);
        assert_eq!(noted(&unlocked), [(EventKind::Unlocked, 1)]);
        assert!(!kept(&unlocked).locked);
    }

    #[test]
    fn a_kicked_caller_is_out_and_kept_in_mind() {
        let decision = kick(Some(conference_of(&["a", "b"])), &session("a"), &at(2_000), &TERMS);
        assert_eq!(noted(&decision), [(EventKind::Kicked, 1)]);
        assert_eq!(decision.events[0].seconds, Some(2));
        assert_eq!(kept(&decision).kicked, [kicked("a", LEASE)]);
        let unknown = kick(Some(conference_of(&["a"])), &session("x"), &at(0), &TERMS);
        assert_eq!(unknown.answer, Err(NoSuch::Caller));
    }

    #[test]
    fn those_who_were_removed_are_no_conference() {
        let decision = kick(Some(conference_of(&["a"])), &session("a"), &at(0), &TERMS);
        let removed = kept(&decision).clone();
        assert_eq!(lock(Some(removed.clone()), true, &at(0), &TERMS).answer, Err(NoSuch::Conference));
        assert_eq!(kept(&end(Some(removed), &at(0), &TERMS)).kicked.len(), 1, "they are kept in mind");
    }

    #[test]
    fn there_is_nothing_to_steer_where_nobody_is() {
        for kept in [None, Some(conference_of(&["a"]))] {
            for decision in [
                end(kept.clone(), &at(LEASE), &TERMS),
                lock(kept.clone(), true, &at(LEASE), &TERMS),
                kick(kept.clone(), &session("a"), &at(LEASE), &TERMS),
            ] {
                assert_eq!(decision.answer, Err(NoSuch::Conference));
            }
        }
    }
}
