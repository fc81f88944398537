//! What time does to a conference: leases end, and with the last of them the conference. Its own time runs out, and so
//! does the time in which a moderator may come back.
//!
//! All of this is found out when a request looks; nothing runs in between.

use super::caller::Caller;
use super::event::{Event, EventKind};
use super::state::{Conference, Ending, WITHOUT_MODERATOR};
use super::terms::Times;
use crate::clock::{Millis, Moment};

/// Brings a conference up to the present, and tells what happened since it was written.
pub(super) fn bring_up_to(conference: &mut Conference, now: &Moment, times: &Times) -> Vec<Event> {
    let mut events = end_leases(conference, now, times);
    if conference.ending.is_none() && conference.is_occupied() {
        let time_over = conference.opened.zip(conference.terms().max_millis);
        let time_over = time_over.is_some_and(|(opened, most)| opened >= most);
        let why = match (time_over, conference.grace, conference.alone) {
            (true, ..) => Some(Ending::Time),
            (false, Some(0), _) => Some(Ending::Moderator),
            (false, _, Some(0)) => Some(Ending::Alone),
            (false, ..) => None,
        };
        if let Some(why) = why {
            events.push(end(conference, why, times));
        }
    }
    events
}

/// Ends a conference for those who are in it. Who can't be told so is out at once.
pub(super) fn end(conference: &mut Conference, why: Ending, times: &Times) -> Event {
    conference.callers.retain(|caller| times.renewals && caller.session.is_some());
    conference.unknown = None;
    conference.ending = Some(why);
    let event = Event::of(EventKind::Ended, conference, None).because(why.word());
    if !conference.is_occupied() {
        conference.close();
    }
    event
}

/// Takes out the callers whose lease has ended.
///
/// No lease counts for more than the longest one of `times`, so that neither a changed setting nor a token that somebody
/// edited holds a number for longer than the operator asked for.
fn end_leases(conference: &mut Conference, now: &Moment, times: &Times) -> Vec<Event> {
    let elapsed = now.since(&conference.as_of);
    let longest = times.lease.max(times.max_age);
    let left = |lease: Millis| lease.min(longest).checked_sub(elapsed).filter(|left| *left > 0);
    conference.as_of = now.clone();
    conference.age = conference.age.saturating_add(elapsed);
    conference.unknown = conference.unknown.and_then(left);
    conference.opened = conference.opened.map(|ago| ago.saturating_add(elapsed));
    conference.grace = conference.grace.map(|left| left.saturating_sub(elapsed));
    conference.alone = conference.alone.map(|left| left.saturating_sub(elapsed));
    conference.wrong_pins.age_by(elapsed);
    conference.kicked.retain_mut(|kicked| left(kicked.lease).map(|lease| kicked.lease = lease).is_some());

    let was_moderated = conference.is_moderated();
    let mut expired: Vec<Caller> = Vec::new();
    conference.callers.retain_mut(|caller| match left(caller.lease) {
        Some(lease) => {
            caller.lease = lease;
            caller.age = caller.age.saturating_add(elapsed);
            true
        }
        None => {
            caller.lease = caller.lease.min(longest);
            expired.push(caller.clone());
            false
        }
    });
    if was_moderated {
        // From now on, and not from the end of the lease: after an outage the moderator may renew a moment later.
        conference.begin_grace(WITHOUT_MODERATOR);
    }
    if !expired.is_empty() {
        conference.begin_alone(times);
    }
    let mut still_in = conference.count() + expired.len();
    let event = |caller: &Caller| {
        still_in -= 1;
        let stayed = caller.age.saturating_add(caller.lease);
        let event = Event::end_of_stay(EventKind::Expired, conference, caller, stayed);
        Event { callers: Some(still_in), ..event }
    };
    expired.iter().map(event).collect()
}

#[cfg(test)]
mod tests {
    use super::super::caller::Role;
    use super::super::fixtures::*;
    use super::super::terms::Terms;
    use super::*;
    use crate::clock::Uptime;

    fn current(mut conference: Conference, now: &Moment, times: &Times) -> (Conference, Vec<Event>) {
        let events = bring_up_to(&mut conference, now, times);
        (conference, events)
    }

    #[test]
    fn a_lease_ends_to_the_millisecond_and_says_how_long_the_stay_was() {
        let conference = conference_of(&["a", "b"]);
        let (same, expired) = current(conference.clone(), &at(LEASE - 1), &TIMES);
        assert_eq!((same.count(), expired.len()), (2, 0));
        let (empty, expired) = current(conference, &at(LEASE), &TIMES);
        assert!(!empty.is_occupied());
        let told: Vec<_> = expired.iter().map(|e| (e.event, e.callers.unwrap(), e.seconds)).collect();
        let seconds = Some(LEASE / 1000);
        assert_eq!(told, [(EventKind::Expired, 1, seconds), (EventKind::Expired, 0, seconds)]);
    }

    #[test]
    fn unknown_callers_are_kept_for_max_age() {
        let mut conference = conference_of(&[]);
        conference.unknown = Some(TIMES.max_age);
        let (still, _) = current(conference.clone(), &at(TIMES.max_age - 1), &TIMES);
        assert!(still.is_occupied());
        let (gone, _) = current(conference, &at(TIMES.max_age), &TIMES);
        assert!(!gone.is_occupied());
    }

    #[test]
    fn no_lease_outlasts_the_longest_of_the_settings() {
        let mut conference = conference_of(&["a"]);
        conference.callers[0].lease = u64::MAX;
        conference.unknown = Some(u64::MAX);
        conference.kicked = vec![kicked("k", u64::MAX)];
        let (gone, expired) = current(conference, &at(TIMES.max_age), &TIMES);
        assert!(!gone.is_worth_keeping());
        assert_eq!(expired[0].seconds, Some(TIMES.max_age / 1000), "no stay lasts longer either");
        let times = Times { max_age: LEASE / 2, ..TIMES };
        assert_eq!(current(conference_of(&["a"]), &at(LEASE - 1), &times).0.count(), 1);
    }

    #[test]
    fn a_clock_set_forwards_or_backwards_moves_no_lease_of_this_machine() {
        let on_this_boot = |wall, millis| Moment { wall, uptime: Some(Uptime { boot: "x".into(), millis }) };
        let mut conference = conference_of(&["a"]);
        conference.as_of = on_this_boot(1_000_000_000, 0);
        for wall in [0, 999_000_000, 99_000_000_000] {
            let (live, _) = current(conference.clone(), &on_this_boot(wall, LEASE - 1), &TIMES);
            assert_eq!(live.count(), 1, "wall clock at {wall}");
            let (dead, _) = current(conference.clone(), &on_this_boot(wall, LEASE), &TIMES);
            assert_eq!(dead.count(), 0, "wall clock at {wall}");
        }
    }

    #[test]
    fn a_clock_set_backwards_elsewhere_holds_a_dead_number_for_one_lease_at_the_most() {
        let written = conference_of(&["a"]);
        let earlier = Moment::from_wall(written.as_of.wall - 86_400_000);
        let (rebased, _) = current(written, &earlier, &TIMES);
        let later = Moment::from_wall(earlier.wall + LEASE);
        assert!(!current(rebased, &later, &TIMES).0.is_occupied());
    }

    #[test]
    fn time_that_is_over_ends_the_conference_for_those_in_it() {
        let conference = conference_on(Terms { max_millis: Some(LEASE / 2), ..OPEN }, &["a"]);
        let (on, events) = current(conference.clone(), &at(LEASE / 2 - 1), &TIMES);
        assert_eq!((on.ending, events.len()), (None, 0));
        let (over, events) = current(conference, &at(LEASE / 2), &TIMES);
        assert_eq!((over.ending, over.count()), (Some(Ending::Time), 1));
        assert_eq!(events[0].reason, Some("time"));
        let (_, again) = current(over, &at(LEASE / 2 + 1), &TIMES);
        assert!(again.is_empty(), "it ends once");
    }

    #[test]
    fn the_time_of_a_conference_runs_from_when_it_opened() {
        let mut conference = conference_on(Terms { max_millis: Some(LEASE / 2), ..OPEN }, &["a"]);
        conference.opened = None;
        let (waiting, _) = current(conference.clone(), &at(LEASE - 1), &TIMES);
        assert_eq!((waiting.ending, waiting.opened), (None, None));
        conference.opened = Some(LEASE / 2 - 10);
        assert_eq!(current(conference.clone(), &at(9), &TIMES).0.ending, None);
        assert_eq!(current(conference, &at(10), &TIMES).0.ending, Some(Ending::Time));
    }

    #[test]
    fn a_moderator_whose_lease_has_ended_is_waited_for_for_a_minute() {
        for (end_with_moderator, ending) in [(true, Some(Ending::Moderator)), (false, None)] {
            let terms = Terms { end_with_moderator, ..OPEN };
            let mut conference = conference_on(terms, &["a", "mod"]);
            conference.callers[1].role = Role::Moderator;
            conference.callers[1].lease = 10_000;
            let (waiting, events) = current(conference, &at(20_000), &TIMES);
            assert_eq!((waiting.ending, events.len()), (None, 1));
            let (waiting, _) = current(waiting, &at(79_999), &TIMES);
            assert_eq!(waiting.ending, None);
            assert_eq!(current(waiting, &at(80_000), &TIMES).0.ending, ending);
        }
    }
}
