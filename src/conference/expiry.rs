//! What time does to a conference: leases end, and with the last of them the conference.

use super::{Conference, Event, EventKind, Terms};
use crate::moment::Moment;

/// The conference as it is `now`, without the callers whose lease has ended, and who they were.
///
/// Expiry is decided here and whenever a request looks, never by a background job. No lease counts for more
/// than the longest one of `terms`, so that neither a changed setting nor a token somebody edited holds a
/// number for longer than the operator asked for.
pub fn aged(mut conference: Conference, now: &Moment, terms: &Terms) -> (Conference, Vec<Event>) {
    let elapsed = now.since(&conference.as_of);
    let longest = terms.lease.max(terms.max_age);
    conference.as_of = now.clone();
    conference.age = conference.age.saturating_add(elapsed);
    conference.unknown = conference.unknown.and_then(|lease| left(lease.min(longest), elapsed));

    let mut expired = Vec::new();
    conference.callers.retain_mut(|caller| match left(caller.lease.min(longest), elapsed) {
        Some(lease) => {
            caller.lease = lease;
            caller.age = caller.age.saturating_add(elapsed);
            true
        }
        None => {
            expired.push(caller.clone());
            false
        }
    });
    let mut still_in = conference.count() + expired.len();
    let events = expired
        .iter()
        .map(|caller| {
            still_in -= 1;
            let stayed = caller.age.saturating_add(caller.lease.min(longest));
            let event = Event::end_of_stay(EventKind::Expired, &conference, caller, stayed);
            Event { callers: still_in, ..event }
        })
        .collect();
    (conference, events)
}

/// What is left of a lease after `elapsed`; none when it has ended.
fn left(lease: u64, elapsed: u64) -> Option<u64> {
    lease.checked_sub(elapsed).filter(|left| *left > 0)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::*;
    use super::*;
    use crate::moment::{Moment, Uptime};

    #[test]
    fn a_lease_ends_to_the_millisecond_and_says_how_long_the_stay_was() {
        let conference = conference_of(&["a", "b"]);
        let (same, expired) = aged(conference.clone(), &at(LEASE - 1), &TERMS);
        assert_eq!((same.count(), expired.len()), (2, 0));
        let (empty, expired) = aged(conference, &at(LEASE), &TERMS);
        assert!(!empty.is_occupied());
        let told: Vec<_> = expired.iter().map(|e| (e.event, e.callers, e.seconds)).collect();
        let seconds = Some(LEASE / 1000);
        assert_eq!(told, [(EventKind::Expired, 1, seconds), (EventKind::Expired, 0, seconds)]);
    }

    #[test]
    fn unknown_callers_are_kept_for_max_age() {
        let mut conference = conference_of(&[]);
        conference.unknown = Some(TERMS.max_age);
        let (still, _) = aged(conference.clone(), &at(TERMS.max_age - 1), &TERMS);
        assert!(still.is_occupied());
        let (gone, _) = aged(conference, &at(TERMS.max_age), &TERMS);
        assert!(!gone.is_occupied());
    }

    #[test]
    fn no_lease_outlasts_the_longest_of_the_settings() {
        let mut conference = conference_of(&["a"]);
        conference.callers[0].lease = u64::MAX;
        conference.unknown = Some(u64::MAX);
        let (gone, _) = aged(conference, &at(TERMS.max_age), &TERMS);
        assert!(!gone.is_occupied());
    }

    #[test]
    fn a_clock_set_forwards_or_backwards_moves_no_lease_of_this_machine() {
        let on_this_boot = |wall, millis| Moment { wall, uptime: Some(Uptime { boot: "x".into(), millis }) };
        let mut conference = conference_of(&["a"]);
        conference.as_of = on_this_boot(1_000_000_000, 0);
        for wall in [0, 999_000_000, 99_000_000_000] {
            let (live, _) = aged(conference.clone(), &on_this_boot(wall, LEASE - 1), &TERMS);
            assert_eq!(live.count(), 1, "wall clock at {wall}");
            let (dead, _) = aged(conference.clone(), &on_this_boot(wall, LEASE), &TERMS);
            assert_eq!(dead.count(), 0, "wall clock at {wall}");
        }
    }

    #[test]
    fn a_clock_set_backwards_elsewhere_holds_a_dead_number_for_one_lease_at_the_most() {
        let written = conference_of(&["a"]);
        let earlier = Moment::from_wall(written.as_of.wall - 86_400_000);
        let (rebased, _) = aged(written, &earlier, &TERMS);
        let later = Moment::from_wall(earlier.wall + LEASE);
        assert!(!aged(rebased, &later, &TERMS).0.is_occupied());
    }
}
