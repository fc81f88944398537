//! Staying: a session says that its caller is still there, and hears the state of the conference.

use super::{Caller, Conference, Decision, Event, EventKind, MOST_CALLERS, Terms, aged};
use crate::keeper::Change;
use crate::moment::Moment;
use crate::number::{ConferenceNumber, SessionId};

/// What a renewing session is told of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Stay in.
    Open,
}

/// Renews a caller's lease, and puts back a caller whom the token has lost.
pub fn renew(
    kept: Option<Conference>,
    number: &ConferenceNumber,
    session: &SessionId,
    now: &Moment,
    terms: &Terms,
) -> Decision<Standing> {
    let (mut conference, mut events) = match kept {
        Some(conference) => aged(conference, now, terms),
        None => (Conference::begin(number, now), Vec::new()),
    };
    if !conference.is_occupied() {
        conference = Conference::begin(number, now);
    }
    if let Some(caller) = conference.find(session) {
        caller.lease = terms.lease;
    } else if conference.count() < MOST_CALLERS {
        // A session that renews knows that this conference is one of ours, so what else the token seemed to
        // say came from damage: those who are really in will renew within a lease as well.
        conference.unknown = conference.unknown.map(|lease| lease.min(terms.lease));
        let told = conference.told_to_newcomer();
        conference.callers.push(Caller { session: Some(session.clone()), age: 0, lease: terms.lease, told });
        events.push(Event::of(EventKind::Joined, &conference, Some(session)).because("renewed"));
    }
    Decision { change: Change::Keep(conference), answer: Standing::Open, events }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::*;
    use super::*;

    fn renewed(kept: Option<Conference>, id: &str, millis: u64) -> Decision<Standing> {
        renew(kept, &number(), &session(id), &at(millis), &TERMS)
    }

    #[test]
    fn a_renewal_gives_a_whole_lease_from_now() {
        let first = renewed(Some(conference_of(&["a"])), "a", LEASE - 1);
        assert!(first.events.is_empty());
        let later = renewed(Some(kept(&first).clone()), "a", 2 * LEASE - 2);
        assert!(later.events.is_empty(), "the place was never lost");
        assert_eq!(kept(&later).callers[0].age, 2 * LEASE - 2);
    }

    #[test]
    fn a_caller_whom_the_token_has_lost_is_put_back() {
        let nothing_left = renewed(None, "a", 0);
        assert_eq!(noted(&nothing_left), [(EventKind::Joined, 1)]);
        let others = renewed(Some(conference_of(&["b"])), "a", 0);
        assert_eq!(noted(&others), [(EventKind::Joined, 2)]);
        let expired = renewed(Some(conference_of(&["a"])), "a", LEASE);
        assert_eq!(noted(&expired), [(EventKind::Expired, 0), (EventKind::Joined, 1)]);
    }

    #[test]
    fn a_token_that_was_damaged_heals_with_the_renewals() {
        let mut damaged = conference_of(&[]);
        damaged.unknown = Some(TERMS.max_age);
        let healing = renewed(Some(damaged), "a", 0);
        assert_eq!(kept(&healing).unknown, Some(LEASE));
        let healed = renewed(Some(kept(&healing).clone()), "a", LEASE - 1);
        let healed = renewed(Some(kept(&healed).clone()), "a", LEASE);
        assert_eq!((kept(&healed).unknown, kept(&healed).count()), (None, 1));
    }

    #[test]
    fn the_renewal_of_a_known_caller_shortens_nobody_elses_lease() {
        let mut conference = conference_of(&["a"]);
        conference.unknown = Some(TERMS.max_age);
        assert_eq!(kept(&renewed(Some(conference), "a", 0)).unknown, Some(TERMS.max_age));
    }
}
