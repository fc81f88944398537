//! Leaving: the last caller who leaves frees the number.

use super::event::{Event, EventKind};
use super::state::Ending;
use super::transaction::Transaction;
use crate::number::SessionId;

/// Why a call ends, as its session tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// The caller has hung up.
    HangUp,
    /// Something failed.
    Failed,
    /// The session was told that the conference is over for its caller.
    Told,
}

impl Parting {
    /// The parting of a session's word. Any other is the name of the last words.
    pub fn from_word(word: &str) -> Self {
        match word {
            "hangup" => Self::HangUp,
            "failed" => Self::Failed,
            _ => Self::Told,
        }
    }

    /// The reason in one word, for the call log.
    fn word(self, ending: Option<Ending>) -> Option<&'static str> {
        match self {
            Self::HangUp => Some("hangup"),
            Self::Failed => Some("failed"),
            Self::Told => ending.map(|ending| match ending {
                Ending::Operator => "ended",
                other => other.word(),
            }),
        }
    }
}

impl Transaction<'_> {
    /// Takes a caller out, and names the sessions that the leaving one wakes up. A session that is not in changes nothing.
    pub fn leave(&mut self, session: &SessionId, why: Option<Parting>) -> Vec<SessionId> {
        self.conference.kicked.retain(|kicked| kicked.session != *session);
        let Some(caller) = self.conference.remove(session, self.times) else { return Vec::new() };
        let left = Event::end_of_stay(EventKind::Left, &self.conference, &caller, caller.age);
        let why = why.and_then(|why| why.word(self.conference.ending));
        self.events.push(Event { reason: why, ..left });
        if !self.conference.is_occupied() {
            self.conference.close();
        }
        self.to_be_woken(session)
    }
}

#[cfg(test)]
mod tests {
    use super::super::caller::Role;
    use super::super::decision::{Change, Decision};
    use super::super::fixtures::*;
    use super::super::state::{Conference, Ending};
    use super::super::terms::Terms;
    use super::*;

    fn left(kept: Option<Conference>, id: &str, millis: u64) -> Decision<Vec<SessionId>> {
        decided(kept, millis, &TIMES, |number| number.leave(&session(id), None))
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
        conference.unknown = Some(TIMES.max_age);
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
    fn the_last_moderator_who_leaves_is_waited_for_where_the_conference_ends_with_one() {
        for (end_with_moderator, grace) in [(true, Some(60_000)), (false, None)] {
            let mut conference = conference_on(Terms { end_with_moderator, ..OPEN }, &["a", "m", "n"]);
            conference.callers[1].role = Role::Moderator;
            conference.callers[2].role = Role::Moderator;
            let one = left(Some(conference), "m", 0);
            assert_eq!(kept(&one).grace, None);
            let last = left(Some(kept(&one).clone()), "n", 0);
            assert_eq!(kept(&last).grace, grace);
            let ended = left(Some(kept(&last).clone()), "x", 60_000);
            assert_eq!(ended.events.len(), usize::from(end_with_moderator), "{:?}", ended.events);
        }
    }

    #[test]
    fn a_lock_and_an_end_are_over_with_the_last_caller() {
        let mut conference = conference_of(&["a"]);
        (conference.locked, conference.ending) = (true, Some(Ending::Operator));
        assert_eq!(left(Some(conference.clone()), "a", 0).change, Change::Free);
        conference.kicked = vec![kicked("b", LEASE)];
        let remembered = left(Some(conference), "a", 0);
        assert!(!kept(&remembered).locked && kept(&remembered).ending.is_none());
    }

    #[test]
    fn a_leave_after_an_outage_takes_no_lock_from_those_who_are_about_to_renew() {
        let mut conference = conference_of(&["a", "b"]);
        conference.locked = true;
        let first = left(Some(conference), "a", LEASE);
        assert!(kept(&first).locked && !kept(&first).is_occupied());
        assert_eq!(
            decided(Some(kept(&first).clone()), LEASE, &TIMES, |number| number.sweep()).change,
            Change::Free
        );
    }
}
