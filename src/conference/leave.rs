//! Going: the last caller who leaves frees the number.

use super::decision::Change;
use super::{Conference, Decision, Event, EventKind, Role, Terms, current, keep_or_free};
use crate::clock::Moment;
use crate::number::SessionId;

/// Takes a caller out. A session that is not in (any more) changes nothing.
pub fn leave(kept: Option<Conference>, session: &SessionId, now: &Moment, terms: &Terms) -> Decision<()> {
    let Some(conference) = kept else {
        return Decision { change: Change::Nothing, answer: (), events: Vec::new() };
    };
    let (mut conference, mut events) = current(conference, now, terms);
    let removed = conference.kicked.len();
    conference.kicked.retain(|kicked| kicked.session != *session);
    let place = conference.callers.iter().position(|caller| caller.session.as_ref() == Some(session));
    if let Some(place) = place {
        let caller = conference.callers.remove(place);
        if caller.role == Role::Moderator {
            conference.note_moderator_gone(terms, 0);
        }
        events.push(Event::end_of_stay(EventKind::Left, &conference, &caller, caller.age));
    } else if events.is_empty() && conference.is_occupied() && conference.kicked.len() == removed {
        return Decision { change: Change::Nothing, answer: (), events };
    }
    Decision { change: keep_or_free(conference), answer: (), events }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::*;
    use super::*;

    fn left(kept: Option<Conference>, id: &str, millis: u64) -> Decision<()> {
        leave(kept, &session(id), &at(millis), &TERMS)
    }

    #[test]
    fn the_last_who_leaves_frees_the_number() {
        let first = left(Some(conference_of(&["a", "b"])), "a", 61_500);
        assert_eq!(noted(&first), [(EventKind::Left, 1)]);
        assert_eq!(first.events[0].seconds, Some(61));
        let last = left(Some(kept(&first).clone()), "b", 62_000);
        assert_eq!((last.change.clone(), noted(&last)), (Change::Free, vec![(EventKind::Left, 0)]));
    }

    #[test]
    fn leaving_twice_or_without_having_been_in_changes_nothing() {
        assert_eq!(left(None, "a", 0).change, Change::Nothing);
        assert_eq!(left(Some(conference_of(&["a"])), "b", 0).change, Change::Nothing);
    }

    #[test]
    fn leaving_shows_whose_lease_has_ended_meanwhile() {
        let mut conference = conference_of(&["a", "b"]);
        conference.callers[0].lease = LEASE / 2;
        let decision = left(Some(conference), "b", LEASE / 2);
        assert_eq!(decision.change, Change::Free);
        assert_eq!(noted(&decision), [(EventKind::Expired, 1), (EventKind::Left, 0)]);
    }

    #[test]
    fn whoever_leaves_a_conference_that_is_over_frees_the_number() {
        let mut conference = conference_of(&[]);
        conference.unknown = Some(LEASE);
        assert_eq!(left(Some(conference), "a", LEASE).change, Change::Free);
    }

    #[test]
    fn unknown_callers_keep_the_number_when_the_last_known_one_leaves() {
        let mut conference = conference_of(&["a"]);
        conference.unknown = Some(TERMS.max_age);
        assert!(kept(&left(Some(conference), "a", 0)).is_occupied());
    }

    #[test]
    fn a_session_that_was_removed_is_forgotten_when_it_has_left() {
        let mut conference = conference_of(&["a"]);
        conference.kicked = vec![kicked("b", LEASE)];
        assert!(kept(&left(Some(conference.clone()), "b", 0)).kicked.is_empty());
        let last = left(Some(conference), "a", 0);
        assert_eq!(left(Some(kept(&last).clone()), "b", 0).change, Change::Free);
    }

    #[test]
    fn the_last_moderator_who_leaves_is_waited_for() {
        let terms = Terms { end_with_moderator: true, ..TERMS };
        let mut conference = conference_of(&["a", "m", "n"]);
        conference.callers[1].role = Role::Moderator;
        conference.callers[2].role = Role::Moderator;
        let one = leave(Some(conference), &session("m"), &at(0), &terms);
        assert_eq!(kept(&one).unmoderated, None);
        let last = leave(Some(kept(&one).clone()), &session("n"), &at(0), &terms);
        assert_eq!(kept(&last).unmoderated, Some(0));
    }
}
