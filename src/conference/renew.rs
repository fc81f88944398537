//! Staying: a session says that its caller is still there, and hears the state of the conference.

use super::decision::Change;
use super::{
    Caller, Conference, Decision, Ending, Event, EventKind, MOST_CALLERS, Role, Terms, current, keep_or_free,
};
use crate::clock::{Millis, Moment};
use crate::number::{ConferenceNumber, SessionId};

/// What a renewing session is told of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Be in, and renew after so long at the latest.
    Open(Millis),
    /// Wait for a moderator, and ask again after so long.
    Waiting(Millis),
    /// The conference was ended.
    Ended(Ending),
    /// An operator has removed this caller.
    Kicked,
}

/// Renews a caller's lease, and puts back a caller whom the token has lost, if one `may_return`.
pub fn renew(
    kept: Option<Conference>,
    number: &ConferenceNumber,
    session: &SessionId,
    may_return: bool,
    now: &Moment,
    terms: &Terms,
) -> Decision<Standing> {
    let existed = kept.is_some();
    let (mut conference, mut events) = match kept {
        Some(conference) => current(conference, now, terms),
        None => (Conference::begin(number, now), Vec::new()),
    };
    if let Some(kicked) = conference.kicked.iter_mut().find(|kicked| kicked.session == *session) {
        kicked.lease = terms.lease;
        return Decision { change: Change::Keep(conference), answer: Standing::Kicked, events };
    }
    if !conference.is_occupied() {
        conference = conference.begin_anew(number);
    }
    let keeps_waiting = conference.keeps_waiting(terms);
    let waiting = if let Some(caller) = conference.find(session) {
        caller.lease = terms.lease;
        caller.waiting = caller.waiting && keeps_waiting;
        caller.waiting
    } else if may_return && conference.ending.is_none() && conference.count() < MOST_CALLERS {
        events.push(conference.put_back(session, terms));
        keeps_waiting
    } else {
        false
    };
    let next = conference.next_renewal(terms, waiting);
    let answer = match (conference.ending, waiting) {
        (Some(why), _) => Standing::Ended(why),
        (None, true) => Standing::Waiting(next),
        (None, false) => Standing::Open(next),
    };
    let change = if existed || may_return { keep_or_free(conference) } else { Change::Nothing };
    Decision { change, answer, events }
}

impl Conference {
    /// Puts back a caller whom the token has lost: as one who has shown nothing, for it is not known any more who they
    /// were. It lends them a place; it lets nobody in.
    fn put_back(&mut self, session: &SessionId, terms: &Terms) -> Event {
        // A session that renews knows that this conference is one of ours, so what else the token seemed to
        // say came from damage: those who are really in will renew within a lease as well.
        self.unknown = self.unknown.map(|lease| lease.min(terms.lease));
        let told = self.told_to_newcomer();
        self.callers.push(Caller {
            session: Some(session.clone()),
            age: 0,
            lease: terms.lease,
            told,
            role: Role::Caller,
            // A session that is joined already takes no notice of it.
            waiting: self.keeps_waiting(terms),
            muted: terms.muted,
            unproven: true,
        });
        Event::of(EventKind::Joined, self, Some(session)).because("renewed")
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::*;
    use super::*;

    fn renewed_on(terms: &Terms, kept: Option<Conference>, id: &str, millis: u64) -> Decision<Standing> {
        renew(kept, &number(), &session(id), true, &at(millis), terms)
    }

    fn renewed(kept: Option<Conference>, id: &str, millis: u64) -> Decision<Standing> {
        renewed_on(&TERMS, kept, id, millis)
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
    fn who_is_put_back_waits_where_callers_wait_and_has_shown_nothing() {
        let terms = Terms { wait_for_moderator: true, ..TERMS };
        let waiting = renewed_on(&terms, None, "a", 0);
        assert_eq!(waiting.answer, Standing::Waiting(super::super::WAITING_RENEW));
        let place = &kept(&waiting).callers[0];
        assert!(place.waiting && place.unproven);
        let mut moderated = conference_of(&["m"]);
        moderated.callers[0].role = Role::Moderator;
        let open = renewed_on(&Terms { muted: true, ..terms }, Some(moderated), "a", 0);
        let place = &kept(&open).callers[1];
        assert!(place.muted && !place.waiting);
    }

    #[test]
    fn no_crowd_of_renewals_outgrows_a_token() {
        let ids: Vec<String> = (0..MOST_CALLERS).map(|n| format!("s{n}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let one_more = renewed(Some(conference_of(&ids)), "late", 0);
        assert_eq!((kept(&one_more).count(), one_more.answer), (MOST_CALLERS, Standing::Open(TERMS.renew)));
    }

    #[test]
    fn where_nobody_may_return_the_call_goes_on_without_a_place() {
        let away = |kept| renew(kept, &number(), &session("a"), false, &at(0), &TERMS);
        let gone = away(None);
        assert_eq!((gone.change.clone(), gone.answer), (Change::Nothing, Standing::Open(TERMS.renew)));
        assert_eq!(kept(&away(Some(conference_of(&["b"])))).count(), 1);
        assert!(away(Some(conference_of(&["a"]))).events.is_empty(), "who is in stays in");
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

    #[test]
    fn sessions_are_told_that_the_conference_was_ended_and_the_lost_ones_are_not_put_back() {
        let mut ending = conference_of(&["a"]);
        ending.ending = Some(Ending::Operator);
        for id in ["a", "lost"] {
            let told = renewed(Some(ending.clone()), id, 0);
            assert_eq!(told.answer, Standing::Ended(Ending::Operator));
            assert_eq!(kept(&told).count(), 1, "{id}");
        }
    }

    #[test]
    fn who_was_removed_is_told_so_as_long_as_they_ask() {
        let mut conference = conference_of(&["a"]);
        conference.kicked = vec![kicked("b", LEASE)];
        let first = renewed(Some(conference), "b", LEASE - 1);
        let again = renewed(Some(kept(&first).clone()), "b", 2 * LEASE - 2);
        assert_eq!((first.answer, again.answer), (Standing::Kicked, Standing::Kicked));
    }

    #[test]
    fn those_who_wait_are_let_in_when_a_moderator_is_there_and_stay_in_after_that() {
        let terms = Terms { wait_for_moderator: true, ..TERMS };
        let mut conference = conference_of(&["a"]);
        conference.callers[0].waiting = true;
        let waiting = renewed_on(&terms, Some(conference.clone()), "a", 0);
        assert_eq!(waiting.answer, Standing::Waiting(super::super::WAITING_RENEW));
        conference.callers.push(Caller { role: Role::Moderator, ..caller("m") });
        let open = renewed_on(&terms, Some(conference), "a", 0);
        assert_eq!(open.answer, Standing::Open(TERMS.renew));
        let mut alone = kept(&open).clone();
        alone.callers.truncate(1);
        assert_eq!(renewed_on(&terms, Some(alone), "a", 0).answer, Standing::Open(TERMS.renew));
    }

    #[test]
    fn the_next_renewal_is_due_when_something_may_have_to_be_told() {
        let terms = Terms { most_millis: Some(100_000), end_with_moderator: true, ..TERMS };
        let mut conference = conference_of(&["a"]);
        assert_eq!(renewed_on(&terms, Some(conference.clone()), "a", 70_000).answer, Standing::Open(30_000));
        conference.unmoderated = Some(50_000);
        assert_eq!(renewed_on(&terms, Some(conference), "a", 0).answer, Standing::Open(10_000));
    }
}
