//! What time does to a conference: leases end, and with the last of them the conference; so do the conference's
//! own time and the patience with which it waits for its moderator.

use super::decision::Change;
use super::{Conference, Decision, Ending, Event, EventKind, Role, Terms, WITHOUT_MODERATOR, keep_or_free};
use crate::clock::{Millis, Moment};

/// The conference as it is `now`, and what happened to it since it was last looked at.
///
/// Time is decided about here, whenever a request looks, and never by a background job.
pub fn current(conference: Conference, now: &Moment, terms: &Terms) -> (Conference, Vec<Event>) {
    let (mut conference, mut events) = aged(conference, now, terms);
    if conference.ending.is_none() && conference.is_occupied() {
        let time_over = terms.most_millis.is_some_and(|most| conference.age >= most);
        let moderator_gone = conference.unmoderated.is_some_and(|gone| gone >= WITHOUT_MODERATOR);
        let why = match (time_over, moderator_gone) {
            (true, _) => Some(Ending::Time),
            (false, true) => Some(Ending::Moderator),
            (false, false) => None,
        };
        if let Some(why) = why {
            events.push(conference.end(why, terms));
        }
    }
    (conference, events)
}

/// What sweeping makes of a conference: what has expired goes. The answer is how many callers went.
pub fn swept(kept: Option<Conference>, now: &Moment, terms: &Terms) -> Decision<usize> {
    let Some(conference) = kept else {
        return Decision { change: Change::Nothing, answer: 0, events: Vec::new() };
    };
    // From a time that is yet to come no lease would ever end: it is written anew as of now.
    let from_the_future = now.is_before(&conference.as_of);
    let (conference, events) = current(conference, now, terms);
    let expired = events.iter().filter(|event| event.event == EventKind::Expired).count();
    match keep_or_free(conference) {
        Change::Keep(_) if events.is_empty() && !from_the_future => {
            Decision { change: Change::Nothing, answer: 0, events }
        }
        change => Decision { change, answer: expired, events },
    }
}

/// The conference without the callers whose lease has ended, and who they were.
///
/// No lease counts for more than the longest one of `terms`, so that neither a changed setting nor a token
/// somebody edited holds a number for longer than the operator asked for.
fn aged(mut conference: Conference, now: &Moment, terms: &Terms) -> (Conference, Vec<Event>) {
    let elapsed = now.since(&conference.as_of);
    let longest = terms.lease.max(terms.max_age);
    let left = |lease: Millis| lease.min(longest).checked_sub(elapsed).filter(|left| *left > 0);
    conference.as_of = now.clone();
    conference.age = conference.age.saturating_add(elapsed);
    conference.unknown = conference.unknown.and_then(left);
    conference.unmoderated = conference.unmoderated.map(|gone| gone.saturating_add(elapsed));
    conference.kicked.retain_mut(|kicked| match left(kicked.lease) {
        Some(lease) => {
            kicked.lease = lease;
            true
        }
        None => false,
    });

    let was_moderated = conference.is_moderated();
    let mut expired = Vec::new();
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
        let last =
            expired.iter().filter(|caller| caller.role == Role::Moderator).map(|caller| caller.lease).max();
        conference.note_moderator_gone(terms, last.map_or(0, |lease| elapsed.saturating_sub(lease)));
    }
    let mut still_in = conference.count() + expired.len();
    let events = expired
        .iter()
        .map(|caller| {
            still_in -= 1;
            let stayed = caller.age.saturating_add(caller.lease);
            let event = Event::end_of_stay(EventKind::Expired, &conference, caller, stayed);
            Event { callers: Some(still_in), ..event }
        })
        .collect();
    (conference, events)
}

impl Conference {
    /// Ends the conference for those who are in it. Who can't be told so is out at once.
    pub(super) fn end(&mut self, why: Ending, terms: &Terms) -> Event {
        self.callers.retain(|caller| terms.renewals && caller.session.is_some());
        self.unknown = None;
        self.ending = Some(why);
        Event::of(EventKind::Ended, self, None).because(why.word())
    }

    /// Starts the time that is given to a moderator to come back, if the last one went so long ago.
    pub(super) fn note_moderator_gone(&mut self, terms: &Terms, ago: Millis) {
        if terms.end_with_moderator && !self.is_moderated() && self.is_occupied() {
            self.unmoderated = Some(ago);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::*;
    use super::*;
    use crate::clock::Uptime;

    #[test]
    fn a_lease_ends_to_the_millisecond_and_says_how_long_the_stay_was() {
        let conference = conference_of(&["a", "b"]);
        let (same, expired) = current(conference.clone(), &at(LEASE - 1), &TERMS);
        assert_eq!((same.count(), expired.len()), (2, 0));
        let (empty, expired) = current(conference, &at(LEASE), &TERMS);
        assert!(!empty.is_occupied());
        let told: Vec<_> = expired.iter().map(|e| (e.event, e.callers.unwrap(), e.seconds)).collect();
        let seconds = Some(LEASE / 1000);
        assert_eq!(told, [(EventKind::Expired, 1, seconds), (EventKind::Expired, 0, seconds)]);
    }

    #[test]
    fn unknown_callers_are_kept_for_max_age() {
        let mut conference = conference_of(&[]);
        conference.unknown = Some(TERMS.max_age);
        let (still, _) = current(conference.clone(), &at(TERMS.max_age - 1), &TERMS);
        assert!(still.is_occupied());
        let (gone, _) = current(conference, &at(TERMS.max_age), &TERMS);
        assert!(!gone.is_occupied());
    }

    #[test]
    fn no_lease_outlasts_the_longest_of_the_settings() {
        let mut conference = conference_of(&["a"]);
        conference.callers[0].lease = u64::MAX;
        conference.unknown = Some(u64::MAX);
        conference.kicked = vec![kicked("k", u64::MAX)];
        let (gone, expired) = current(conference, &at(TERMS.max_age), &TERMS);
        assert_eq!(keep_or_free(gone), Change::Free);
        assert_eq!(expired[0].seconds, Some(TERMS.max_age / 1000), "no stay lasts longer either");
        let terms = Terms { max_age: LEASE / 2, ..TERMS };
        assert_eq!(current(conference_of(&["a"]), &at(LEASE - 1), &terms).0.count(), 1);
    }

    #[test]
    fn a_clock_set_forwards_or_backwards_moves_no_lease_of_this_machine() {
        let on_this_boot = |wall, millis| Moment { wall, uptime: Some(Uptime { boot: "x".into(), millis }) };
        let mut conference = conference_of(&["a"]);
        conference.as_of = on_this_boot(1_000_000_000, 0);
        for wall in [0, 999_000_000, 99_000_000_000] {
            let (live, _) = current(conference.clone(), &on_this_boot(wall, LEASE - 1), &TERMS);
            assert_eq!(live.count(), 1, "wall clock at {wall}");
            let (dead, _) = current(conference.clone(), &on_this_boot(wall, LEASE), &TERMS);
            assert_eq!(dead.count(), 0, "wall clock at {wall}");
        }
    }

    #[test]
    fn a_clock_set_backwards_elsewhere_holds_a_dead_number_for_one_lease_at_the_most() {
        let written = conference_of(&["a"]);
        let earlier = Moment::from_wall(written.as_of.wall - 86_400_000);
        let (rebased, _) = current(written, &earlier, &TERMS);
        let later = Moment::from_wall(earlier.wall + LEASE);
        assert!(!current(rebased, &later, &TERMS).0.is_occupied());
    }

    #[test]
    fn time_that_is_over_ends_the_conference_for_those_in_it() {
        let terms = Terms { most_millis: Some(LEASE / 2), ..TERMS };
        let (on, events) = current(conference_of(&["a"]), &at(LEASE / 2 - 1), &terms);
        assert_eq!((on.ending, events.len()), (None, 0));
        let (over, events) = current(conference_of(&["a"]), &at(LEASE / 2), &terms);
        assert_eq!((over.ending, over.count()), (Some(Ending::Time), 1));
        assert_eq!(events[0].reason, Some("time"));
        let (_, again) = current(over, &at(LEASE / 2 + 1), &terms);
        assert!(again.is_empty(), "it ends once");
    }

    #[test]
    fn a_moderator_whose_lease_has_ended_is_waited_for_since_then() {
        let terms = Terms { end_with_moderator: true, ..TERMS };
        let mut conference = conference_of(&["a", "mod"]);
        conference.callers[1].role = Role::Moderator;
        conference.callers[1].lease = 10_000;
        let (waiting, events) = current(conference.clone(), &at(69_999), &terms);
        assert_eq!((waiting.unmoderated, waiting.ending, events.len()), (Some(59_999), None, 1));
        let (ended, _) = current(conference, &at(70_000), &terms);
        assert_eq!(ended.ending, Some(Ending::Moderator));
    }

    #[test]
    fn sweeping_removes_what_has_expired_and_touches_nothing_else() {
        let live = swept(Some(conference_of(&["a"])), &at(LEASE - 1), &TERMS);
        assert_eq!((live.change, live.answer), (Change::Nothing, 0));
        let dead = swept(Some(conference_of(&["a", "b"])), &at(LEASE), &TERMS);
        assert_eq!((dead.change, dead.answer), (Change::Free, 2));
        assert_eq!(swept(None, &at(0), &TERMS).change, Change::Nothing);
    }

    #[test]
    fn sweeping_brings_a_token_from_the_future_back_to_now() {
        let mut conference = conference_of(&["a"]);
        conference.as_of = at(1_000_000_000);
        let rebased = swept(Some(conference), &at(0), &TERMS);
        assert_eq!(swept(Some(kept(&rebased).clone()), &at(LEASE), &TERMS).change, Change::Free);
    }
}
