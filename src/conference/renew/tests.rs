use super::super::caller::{Greeting, Role};
use super::super::decision::{Change, Decision};
use super::super::fixtures::*;
use super::super::state::{Conference, WAITING_RENEW};
use super::*;
use crate::clock::Moment;

const OPEN_AS_USUAL: SessionState = SessionState::Open(TIMES.renew);

/// A session without a ticket renews, on a line where anybody may enter.
fn renewed(kept: Option<Conference>, id: &str, millis: u64) -> Decision<Renewed> {
    decided(kept, millis, &TIMES, |number| number.renew_or_restore(&report(&session(id), None), Some(OPEN)))
}

/// A session with a right ticket renews.
fn restored(kept: Option<Conference>, id: &str, ticket: &Ticket, millis: u64) -> Decision<Renewed> {
    decided(kept, millis, &TIMES, |number| number.renew_or_restore(&report(&session(id), Some(ticket)), None))
}

fn state(decision: &Decision<Renewed>) -> SessionState {
    decision.answer.state
}

/// The ticket that a caller of a conference has got.
fn ticket(conference: &Conference, id: &str) -> Ticket {
    let place = conference.callers.iter().find(|caller| caller.session == Some(session(id)));
    Ticket::of(conference, place.unwrap())
}

/// A conference that a moderator has opened, 50 seconds old, with somebody who has been in for 20.
fn moderated() -> Conference {
    let terms = Terms { end_with_moderator: true, wait_for_moderator: true, ..OPEN };
    let mut conference = conference_on(terms, &["m", "a"]);
    (conference.callers[0].role, conference.callers[0].told) = (Role::Moderator, Greeting::First);
    (conference.age, conference.opened, conference.callers[1].age) = (50_000, Some(30_000), 20_000);
    conference
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
fn a_caller_whose_place_was_lost_gets_another_where_anybody_may_enter() {
    let nothing_left = renewed(None, "a", 0);
    assert_eq!(logged(&nothing_left), [(EventKind::Joined, 1)]);
    let others = renewed(Some(conference_of(&["b"])), "a", 0);
    assert_eq!(logged(&others), [(EventKind::Joined, 2)]);
    let expired = renewed(Some(conference_of(&["a"])), "a", LEASE);
    assert_eq!(logged(&expired), [(EventKind::Expired, 0), (EventKind::Joined, 1)]);
    assert_eq!(kept(&expired).id, conference_of(&[]).id, "it is the same conference");
}

#[test]
fn where_not_everybody_may_enter_a_renewal_without_a_ticket_changes_nothing() {
    let away =
        |kept| decided(kept, 1, &TIMES, |number| number.renew_or_restore(&report(&session("a"), None), None));
    for kept in [None, Some(conference_of(&["b"]))] {
        let renewed = away(kept);
        // A session that waits goes on to wait, and one that is in takes no notice of this.
        assert_eq!(
            (renewed.change.clone(), state(&renewed)),
            (Change::Nothing, SessionState::Waiting(60_000))
        );
    }
    assert_eq!(state(&away(Some(conference_of(&["a"])))), OPEN_AS_USUAL, "who has a place keeps it");
    let mut locked = conference_of(&["b"]);
    locked.locked = true;
    assert_eq!(renewed(Some(locked), "a", 1).change, Change::Nothing);
}

#[test]
fn no_crowd_of_renewals_outgrows_a_token() {
    let ids: Vec<String> = (0..MOST_CALLERS + MORE_MODERATORS).map(|n| format!("s{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(renewed(Some(conference_of(&ids[..MOST_CALLERS])), "late", 1).change, Change::Nothing);
    let ticket = ticket(&moderated(), "m");
    assert_eq!(restored(Some(conference_of(&ids)), "m", &ticket, 1).change, Change::Nothing);
}

#[test]
fn a_right_ticket_brings_everything_back_whatever_is_left_of_the_token() {
    let lost = moderated();
    let mut expired = lost.clone();
    expired.callers.clear();
    for kept_token in [None, Some(expired), Some(lost.clone())] {
        let later = LEASE + 1000;
        let caller = restored(kept_token, "a", &ticket(&lost, "a"), later);
        assert_eq!(state(&caller), OPEN_AS_USUAL);
        let both = restored(Some(kept(&caller).clone()), "m", &ticket(&lost, "m"), later);
        let now = kept(&both);
        assert_eq!((now.id.as_str(), now.age), (lost.id.as_str(), later + 50_000));
        assert_eq!((now.opened, now.terms), (Some(later + 30_000), lost.terms));
        let [caller, moderator] = now.callers.as_slice() else { panic!("{now:?}") };
        assert_eq!((caller.role, caller.age, caller.waiting), (Role::Caller, later + 20_000, false));
        assert_eq!((moderator.role, moderator.told), (Role::Moderator, Greeting::First));
        assert_eq!(now.grace, None, "the moderator is back");
        assert!(both.answer.ticket.is_none(), "theirs is right");
    }
}

#[test]
fn a_lock_and_an_end_outlast_the_leases_but_not_the_conference() {
    let lost = moderated();
    let mut locked = lost.clone();
    locked.locked = true;
    let back = restored(Some(locked.clone()), "m", &ticket(&lost, "m"), LEASE);
    assert!(kept(&back).locked);
    let mut ended = lost.clone();
    ended.ending = Some(Ending::Operator);
    let told = restored(Some(ended.clone()), "m", &ticket(&lost, "m"), LEASE);
    assert_eq!((state(&told), kept(&told).count()), (SessionState::Ended(Ending::Operator), 0));
    let mut another = moderated();
    another.id = "1234-another".to_owned();
    for token in [locked, ended] {
        let back = restored(Some(token), "m", &ticket(&another, "m"), LEASE);
        assert_eq!(kept(&back).id, another.id);
        assert!(!kept(&back).locked && kept(&back).ending.is_none());
    }
}

#[test]
fn who_came_while_the_token_was_lost_is_in_the_conference_that_went_on() {
    let lost = moderated();
    let terms = lost.terms.unwrap();
    let mut since = Conference::begin(&number(), &at(5_000));
    (since.terms, since.callers) = (Some(terms), vec![Caller { waiting: true, ..caller("new") }]);
    let back = restored(Some(since.clone()), "a", &ticket(&lost, "a"), 10_000);
    assert_eq!((kept(&back).id.as_str(), kept(&back).opened), (lost.id.as_str(), Some(40_000)));
    assert_eq!(kept(&back).grace, Some(LEASE + 60_000), "the moderator has a lease to come back");
    let admitted = renewed(Some(kept(&back).clone()), "new", 10_000);
    assert_eq!(state(&admitted), SessionState::Open(TIMES.renew));
    // One that has gone on for longer than a lease is another one.
    since.age = LEASE;
    let late = restored(Some(since.clone()), "m", &ticket(&lost, "m"), 10_000);
    assert_eq!((kept(&late).id.as_str(), kept(&late).opened), (since.id.as_str(), Some(0)));
}

#[test]
fn a_ticket_of_somebody_who_waits_lets_nobody_in() {
    let mut lost = moderated();
    (lost.opened, lost.callers) = (None, vec![Caller { waiting: true, ..caller("a") }]);
    let back = restored(None, "a", &ticket(&lost, "a"), 0);
    assert_eq!(state(&back), SessionState::Waiting(WAITING_RENEW));
    assert!(kept(&back).callers[0].waiting && kept(&back).opened.is_none());
}

#[test]
fn a_ticket_that_says_something_else_is_replaced() {
    let mut conference = moderated();
    conference.callers[1].waiting = true;
    let old = ticket(&conference, "a");
    let admitted = restored(Some(conference), "a", &old, 1);
    let new = admitted.answer.ticket.clone().unwrap();
    assert!(!new.says_the_same(&old) && new.says_the_same(&ticket(&moderated(), "a")));
    let again = restored(Some(kept(&admitted).clone()), "a", &new, 30_000);
    assert_eq!(again.answer.ticket, None);
}

#[test]
fn nothing_happens_to_a_lost_place_before_the_ticket_is_known_to_be_right() {
    for kept in [None, Some(moderated())] {
        let lost = decided(kept, LEASE, &TIMES, |number| number.renew(&report(&session("a"), None)));
        assert_eq!((lost.change, lost.answer, lost.events), (Change::Nothing, None, Vec::new()));
    }
    let there = decided(Some(moderated()), 1, &TIMES, |number| number.renew(&report(&session("a"), None)));
    assert_eq!(there.answer.clone().map(|renewed| renewed.state), Some(OPEN_AS_USUAL));
    assert_eq!(kept(&there).callers[1].lease, LEASE);
}

#[test]
fn a_token_that_was_damaged_heals_with_the_renewals() {
    for with_ticket in [false, true] {
        let renew = |kept, millis| match with_ticket {
            true => restored(kept, "a", &ticket(&moderated(), "a"), millis),
            false => renewed(kept, "a", millis),
        };
        let mut damaged = Conference::begin(&number(), &Moment::from_wall(1));
        damaged.unknown = Some(u64::MAX);
        damaged.as_of = at(0);
        let healing = renew(Some(damaged), 0);
        assert_eq!(kept(&healing).unknown, Some(LEASE));
        if with_ticket {
            assert_eq!((&kept(&healing).id, kept(&healing).terms), (&moderated().id, moderated().terms));
        }
        let healed = renew(Some(kept(&healing).clone()), LEASE - 1);
        let healed = renew(Some(kept(&healed).clone()), LEASE);
        assert_eq!((kept(&healed).unknown, kept(&healed).count()), (None, 1));
    }
}

#[test]
fn the_renewal_of_a_known_caller_shortens_nobody_elses_lease() {
    let mut conference = conference_of(&["a"]);
    conference.unknown = Some(TIMES.max_age);
    assert_eq!(kept(&renewed(Some(conference), "a", 1)).unknown, Some(TIMES.max_age - 1));
}

#[test]
fn sessions_are_told_that_the_conference_was_ended_and_the_lost_ones_are_not_put_back() {
    let mut ending = conference_of(&["a"]);
    ending.ending = Some(Ending::Operator);
    for id in ["a", "lost"] {
        let told = renewed(Some(ending.clone()), id, 0);
        assert_eq!(state(&told), SessionState::Ended(Ending::Operator));
        assert!(told.events.is_empty(), "{id}");
    }
}

#[test]
fn who_was_removed_is_told_so_as_long_as_they_ask() {
    let mut conference = conference_of(&["a"]);
    conference.kicked = vec![kicked("b", LEASE)];
    let first = renewed(Some(conference), "b", LEASE - 1);
    let again = restored(Some(kept(&first).clone()), "b", &ticket(&moderated(), "a"), 2 * LEASE - 2);
    assert_eq!((state(&first), state(&again)), (SessionState::Kicked, SessionState::Kicked));
}

#[test]
fn those_who_wait_are_let_in_when_the_conference_has_opened_and_stay_in() {
    let mut conference = moderated();
    (conference.callers[1].waiting, conference.opened) = (true, None);
    let waiting = renewed(Some(conference.clone()), "a", 0);
    assert_eq!(state(&waiting), SessionState::Waiting(WAITING_RENEW));
    conference.opened = Some(0);
    let open = renewed(Some(conference), "a", 0);
    assert_eq!(state(&open), OPEN_AS_USUAL);
    let mut alone = kept(&open).clone();
    alone.callers.remove(0);
    assert_eq!(state(&renewed(Some(alone), "a", 0)), OPEN_AS_USUAL);
}

#[test]
fn more_time_is_kept_by_every_ticket_that_is_renewed_and_outlives_the_token() {
    let lost = conference_on(Terms { max_millis: Some(90_000), ..OPEN }, &["a", "b"]);
    let old = ticket(&lost, "a");
    let mut extended = lost.clone();
    extended.terms = Some(Terms { max_millis: Some(150_000), ..OPEN });
    let again = decided(Some(extended), 0, &TIMES, |number| number.renew(&report(&session("a"), Some(&old))));
    let new = again.answer.unwrap().ticket.unwrap();
    let first = restored(None, "b", &ticket(&lost, "b"), 80_000);
    let both = restored(Some(kept(&first).clone()), "a", &new, 81_000);
    assert_eq!(kept(&both).ends_in(), Some(150_000 - 81_000));
    let later = restored(Some(kept(&both).clone()), "b", &ticket(&lost, "b"), 82_000);
    assert_eq!(kept(&later).ends_in(), Some(150_000 - 82_000), "an older ticket takes nothing away");
}

#[test]
fn the_next_renewal_is_due_when_something_may_have_to_be_told() {
    let terms = Terms { max_millis: Some(100_000), end_with_moderator: true, ..OPEN };
    let mut conference = conference_on(terms, &["a"]);
    assert_eq!(state(&renewed(Some(conference.clone()), "a", 70_000)), SessionState::Open(30_000));
    conference.grace = Some(10_000);
    assert_eq!(state(&renewed(Some(conference), "a", 0)), SessionState::Open(10_000));
}
