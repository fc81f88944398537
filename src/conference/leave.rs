//! Leaving: the last caller who leaves frees the number.

use super::event::{Event, EventKind};
use super::transaction::Transaction;
use crate::number::SessionId;

impl Transaction<'_> {
    /// Takes a caller out. A session that is not in changes nothing.
    pub fn leave(&mut self, session: &SessionId) {
        self.conference.kicked.retain(|kicked| kicked.session != *session);
        if let Some(caller) = self.conference.remove(session, self.terms) {
            self.events.push(Event::end_of_stay(EventKind::Left, &self.conference, &caller, caller.age));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::decision::{Change, Decision};
    use super::super::fixtures::*;
    use super::super::state::{Conference, Role};
    use super::super::terms::Terms;
    use super::*;

    fn left_on(terms: &Terms, kept: Option<Conference>, id: &str, millis: u64) -> Decision<()> {
        decided(kept, millis, terms, |number| number.leave(&session(id)))
    }

    fn left(kept: Option<Conference>, id: &str, millis: u64) -> Decision<()> {
        left_on(&TERMS, kept, id, millis)
    }

    #[test]
    fn the_last_who_leaves_frees_the_number() {
        let first = left(Some(conference_of(&["a", "b"])), "a", 61_500);
        assert_eq!(logged(&first), [(EventKind::Left, 1)]);
        assert_eq!(first.events[0].seconds, Some(61));
        let last = left(Some(kept(&first).clone()), "b", 62_000);
        assert_eq!((last.change.clone(), logged(&last)), (Change::Free, vec![(EventKind::Left, 0)]));
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
        assert_eq!(logged(&decision), [(EventKind::Expired, 1), (EventKind::Left, 0)]);
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
        let one = left_on(&terms, Some(conference), "m", 0);
        assert_eq!(kept(&one).unmoderated, None);
        let last = left_on(&terms, Some(kept(&one).clone()), "n", 0);
        assert_eq!(kept(&last).unmoderated, Some(0));
    }
}
