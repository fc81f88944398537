//! Coming in: exactly one caller is first, everybody after joins.

use super::{Caller, Conference, Decision, Event, EventKind, MOST_CALLERS, Terms, Told, aged};
use crate::keeper::Change;
use crate::moment::Moment;
use crate::number::{ConferenceNumber, SessionId};

/// A caller who is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// What they are told.
    pub told: Told,
}

/// Why a caller does not get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no room for one more.
    Full,
}

impl Refused {
    /// The reason in one word, as the call log and the prompts have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
        }
    }
}

/// Lets a caller in. The same session again gets the same answer as the first time and counts once.
pub fn enter(
    kept: Option<Conference>,
    number: &ConferenceNumber,
    session: Option<&SessionId>,
    now: &Moment,
    terms: &Terms,
) -> Decision<Result<Entered, Refused>> {
    let (mut conference, mut events) = match kept {
        Some(conference) => aged(conference, now, terms),
        None => (Conference::begin(number, now), Vec::new()),
    };
    if !conference.is_occupied() {
        conference = Conference::begin(number, now);
    }
    if let Some(caller) = session.and_then(|session| conference.find(session)) {
        caller.lease = terms.lease;
        let answer = Ok(Entered { told: caller.told });
        return Decision { change: Change::Keep(conference), answer, events };
    }
    if conference.count() >= MOST_CALLERS {
        events.push(Event::of(EventKind::Refused, &conference, session).because(Refused::Full.word()));
        return Decision { change: Change::Keep(conference), answer: Err(Refused::Full), events };
    }
    let told = conference.told_to_newcomer();
    let lease = if session.is_some() { terms.lease } else { terms.max_age };
    conference.callers.push(Caller { session: session.cloned(), age: 0, lease, told });
    let kind = if told == Told::First { EventKind::Created } else { EventKind::Joined };
    events.push(Event::of(kind, &conference, session));
    Decision { change: Change::Keep(conference), answer: Ok(Entered { told }), events }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::*;
    use super::*;

    fn come_in(
        kept: Option<Conference>,
        id: Option<&str>,
        millis: u64,
    ) -> Decision<Result<Entered, Refused>> {
        let session = id.map(session);
        enter(kept, &number(), session.as_ref(), &at(millis), &TERMS)
    }

    fn told(decision: &Decision<Result<Entered, Refused>>) -> Told {
        decision.answer.as_ref().unwrap().told
    }

    #[test]
    fn the_first_creates_and_everybody_after_joins() {
        let first = come_in(None, Some("a"), 0);
        assert_eq!((told(&first), noted(&first)), (Told::First, vec![(EventKind::Created, 1)]));
        let second = come_in(Some(kept(&first).clone()), Some("b"), 10);
        assert_eq!((told(&second), noted(&second)), (Told::Joining(1), vec![(EventKind::Joined, 2)]));
        let third = come_in(Some(kept(&second).clone()), Some("c"), 20);
        assert_eq!(told(&third), Told::Joining(2));
        assert_eq!(kept(&third).id, kept(&first).id);
    }

    #[test]
    fn the_same_session_again_is_told_the_same_and_counted_once() {
        let first = come_in(None, Some("a"), 0);
        let second = come_in(Some(kept(&first).clone()), Some("b"), 10);
        let mut repeated = come_in(Some(kept(&second).clone()), Some("a"), LEASE - 1);
        assert_eq!((told(&repeated), noted(&repeated)), (Told::First, vec![]));
        assert_eq!(kept(&repeated).count(), 2);
        repeated = come_in(Some(kept(&repeated).clone()), Some("a"), 2 * LEASE - 2);
        assert_eq!(told(&repeated), Told::First, "the repeated request renewed the lease");
    }

    #[test]
    fn callers_without_a_session_are_each_another_caller_and_stay_for_max_age() {
        let first = come_in(None, None, 0);
        let second = come_in(Some(kept(&first).clone()), None, 0);
        assert_eq!((told(&first), told(&second)), (Told::First, Told::Joining(1)));
        let much_later = come_in(Some(kept(&second).clone()), Some("a"), TERMS.max_age - 1);
        assert_eq!(told(&much_later), Told::Joining(2));
    }

    #[test]
    fn whoever_comes_after_the_last_lease_is_first_of_another_conference() {
        let decision = come_in(Some(conference_of(&["a"])), Some("b"), LEASE);
        assert_eq!(told(&decision), Told::First);
        assert_eq!(noted(&decision), [(EventKind::Expired, 0), (EventKind::Created, 1)]);
        assert_ne!(kept(&decision).id, conference_of(&[]).id);
    }

    #[test]
    fn a_token_made_by_hand_is_joined_without_a_count() {
        let mut by_hand = conference_of(&[]);
        by_hand.unknown = Some(TERMS.max_age);
        let decision = come_in(Some(by_hand), Some("a"), 0);
        assert_eq!(told(&decision), Told::Joining(0));
        assert_eq!(kept(&decision).unknown, Some(TERMS.max_age));
    }

    #[test]
    fn a_full_conference_refuses_and_changes_nobodys_place() {
        let ids: Vec<String> = (0..MOST_CALLERS).map(|n| format!("s{n}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let decision = come_in(Some(conference_of(&ids)), Some("late"), 0);
        assert_eq!(decision.answer, Err(Refused::Full));
        assert_eq!(noted(&decision), [(EventKind::Refused, MOST_CALLERS)]);
        assert!(come_in(Some(conference_of(&ids)), Some("s7"), 0).answer.is_ok());
    }
}
