use super::super::decision::{Change, Decision};
use super::super::fixtures::*;
use super::super::state::{Conference, Ending, WAITING_RENEW};
use super::*;
use crate::secret::Secret;

const CALLER: Result<Role, Refused> = Ok(Role::Caller);
const MODERATOR: Result<Role, Refused> = Ok(Role::Moderator);
const PIN_WANTED: Result<Role, Refused> = Err(Refused::PinWanted);
const WRONG_PIN: Result<Role, Refused> = Err(Refused::WrongPin);
const WAITING: Terms = Terms { wait_for_moderator: true, ..OPEN };

type Outcome = Decision<Result<(Entered, Ticket), Refused>>;

/// Somebody without a PIN comes to a conference, which is held on these terms if it begins then.
fn come_in_on(
    terms: Terms,
    access: Result<Role, Refused>,
    kept: Option<Conference>,
    id: Option<&str>,
    millis: u64,
) -> Outcome {
    let session = id.map(session);
    let entry =
        Entry { session: session.as_ref(), caller: None, terms, access, by_pin: None, has_moderators: false };
    decided(kept, millis, &TIMES, |number| number.enter(&entry))
}

fn come_in(kept: Option<Conference>, id: Option<&str>, millis: u64) -> Outcome {
    come_in_on(OPEN, CALLER, kept, id, millis)
}

/// Somebody comes to a room with a PIN for callers and, perhaps, one for moderators.
fn key_pin(
    access: Result<Role, Refused>,
    kept: Option<Conference>,
    id: &str,
    has_moderators: bool,
) -> Outcome {
    let session = session(id);
    let by_pin = Some(Attempt::default());
    let terms = Terms { pin: true, ..OPEN };
    let entry = Entry { session: Some(&session), caller: None, terms, access, by_pin, has_moderators };
    decided(kept, 0, &TIMES, |number| number.enter(&entry))
}

fn entered(decision: &Outcome) -> &Entered {
    &decision.answer.as_ref().unwrap().0
}

fn told(decision: &Outcome) -> Greeting {
    entered(decision).told
}

#[test]
fn the_first_creates_and_everybody_after_joins() {
    let first = come_in(None, Some("a"), 0);
    assert_eq!((told(&first), logged(&first)), (Greeting::First, vec![(EventKind::Created, 1)]));
    let second = come_in(Some(kept(&first).clone()), Some("b"), 10);
    assert_eq!((told(&second), logged(&second)), (Greeting::Joining(Some(1)), vec![(EventKind::Joined, 2)]));
    let third = come_in(Some(kept(&second).clone()), Some("c"), 20);
    assert_eq!(told(&third), Greeting::Joining(Some(2)));
    assert_eq!(kept(&third).id, kept(&first).id);
}

#[test]
fn the_same_session_again_is_told_the_same_and_counted_once() {
    let first = come_in(None, Some("a"), 0);
    let second = come_in(Some(kept(&first).clone()), Some("b"), 10);
    let mut repeated = come_in(Some(kept(&second).clone()), Some("a"), LEASE - 1);
    assert_eq!((told(&repeated), logged(&repeated)), (Greeting::First, vec![]));
    assert_eq!(kept(&repeated).count(), 2);
    repeated = come_in(Some(kept(&repeated).clone()), Some("a"), 2 * LEASE - 2);
    assert_eq!(told(&repeated), Greeting::First, "the repeated request renewed the lease");
}

#[test]
fn callers_without_a_session_are_each_another_caller_and_stay_for_max_age() {
    let first = come_in(None, None, 0);
    let second = come_in(Some(kept(&first).clone()), None, 0);
    assert_eq!((told(&first), told(&second)), (Greeting::First, Greeting::Joining(Some(1))));
    let much_later = come_in(Some(kept(&second).clone()), Some("a"), TIMES.max_age - 1);
    assert_eq!(told(&much_later), Greeting::Joining(Some(2)));
}

#[test]
fn whoever_comes_after_the_last_lease_is_first_of_another_conference() {
    let mut locked = conference_of(&["a"]);
    locked.locked = true;
    let decision = come_in(Some(locked), Some("b"), LEASE);
    assert_eq!(told(&decision), Greeting::First);
    assert_eq!(logged(&decision), [(EventKind::Expired, 0), (EventKind::Created, 1)]);
    assert_ne!(kept(&decision).id, conference_of(&[]).id);
}

#[test]
fn a_token_made_by_hand_is_joined_without_a_count() {
    let mut by_hand = conference_of(&[]);
    by_hand.unknown = Some(TIMES.max_age);
    let decision = come_in(Some(by_hand), Some("a"), 0);
    assert_eq!(told(&decision), Greeting::Joining(None));
    assert_eq!(kept(&decision).unknown, Some(TIMES.max_age));
}

#[test]
fn a_full_conference_refuses_and_changes_nobodys_place() {
    let ids: Vec<String> = (0..MOST_CALLERS).map(|n| format!("s{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let decision = come_in(Some(conference_of(&ids)), Some("late"), 0);
    assert_eq!(decision.answer, Err(Refused::Full));
    assert_eq!(logged(&decision), [(EventKind::Refused, MOST_CALLERS)]);
    assert!(come_in(Some(conference_of(&ids)), Some("s7"), 0).answer.is_ok());
}

#[test]
fn newcomers_are_refused_and_those_who_are_in_are_not() {
    let mut locked = conference_of(&["a"]);
    locked.locked = true;
    let mut ending = conference_of(&["a"]);
    ending.ending = Some(Ending::Operator);
    let mut removed = conference_of(&["a"]);
    removed.kicked = vec![kicked("b", LEASE)];
    for (conference, why) in
        [(locked, Refused::Locked), (ending, Refused::Ending), (removed, Refused::Kicked)]
    {
        let decision = come_in(Some(conference.clone()), Some("b"), 0);
        assert_eq!(decision.answer, Err(why));
        assert_eq!(decision.events[0].reason, Some(why.word()));
        assert_eq!(decision.change, Change::Nothing);
        assert!(come_in(Some(conference), Some("a"), 0).answer.is_ok(), "{why:?}");
    }
}

#[test]
fn who_was_removed_stays_out_even_if_nobody_else_is_in() {
    let mut conference = conference_of(&[]);
    conference.kicked = vec![kicked("a", LEASE)];
    let removed = come_in(Some(conference.clone()), Some("a"), LEASE - 1);
    assert_eq!(removed.answer, Err(Refused::Kicked));
    assert_eq!(told(&come_in(Some(conference.clone()), Some("b"), 0)), Greeting::First);
    assert_eq!(told(&come_in(Some(conference), Some("a"), LEASE)), Greeting::First);
}

#[test]
fn a_caller_who_has_yet_to_key_a_pin_leaves_no_trace_and_a_wrong_one_is_counted() {
    let decision = key_pin(PIN_WANTED, None, "a", false);
    assert_eq!((decision.change, decision.events.len()), (Change::Nothing, 0));
    let wrong = key_pin(WRONG_PIN, None, "a", false);
    assert!(!kept(&wrong).is_occupied());
    assert_eq!(logged(&wrong), [(EventKind::Refused, 0)]);
    assert_eq!(wrong.events[0].conference, None);
    let first = key_pin(CALLER, Some(kept(&wrong).clone()), "a", false);
    assert_eq!(told(&first), Greeting::First);
    assert_ne!(kept(&first).wrong_pins, Default::default(), "they are remembered");
}

#[test]
fn a_session_alone_opens_nothing_that_a_pin_has_opened() {
    let mut conference = conference_on(Terms { pin: true, ..OPEN }, &["a", "m"]);
    conference.callers[1].role = Role::Moderator;
    for (id, access, answer) in [
        ("a", PIN_WANTED, Err(Refused::PinWanted)),
        ("a", WRONG_PIN, Err(Refused::WrongPin)),
        ("a", Err(Refused::NoRoom), Err(Refused::NoRoom)),
        ("a", CALLER, Ok(Role::Caller)),
        ("a", MODERATOR, Ok(Role::Caller)),
        ("m", CALLER, Err(Refused::PinWanted)),
        ("m", MODERATOR, Ok(Role::Moderator)),
    ] {
        let again = key_pin(access, Some(conference.clone()), id, true);
        let role = again.answer.map(|(entered, ticket)| {
            assert_eq!(entered.told, Greeting::Joining(Some(1)));
            ticket.role()
        });
        assert_eq!(role, answer, "{id}: {access:?}");
    }
    let open = conference_of(&["a"]);
    let again = come_in_on(OPEN, Err(Refused::NoRoom), Some(open.clone()), Some("a"), 0);
    assert!(again.answer.is_ok(), "who is in an open room stays in when its file is taken away");
    let other = come_in_on(OPEN, Err(Refused::NoRoom), Some(open), Some("b"), 0);
    assert_eq!(other.answer, Err(Refused::NoRoom));
}

#[test]
fn a_room_that_is_closed_to_pins_takes_none() {
    let secret = Secret::parse("0123456789abcdef").unwrap();
    let mut conference = conference_on(Terms { pin: true, ..OPEN }, &["a"]);
    for n in 0..20 {
        let id = Some(secret.digest_of_attempt(&number(), &session("x"), &n.to_string()));
        conference.wrong_pins.count(&Attempt { caller: None, id });
    }
    for access in [PIN_WANTED, WRONG_PIN, CALLER, MODERATOR] {
        let closed = key_pin(access, Some(conference.clone()), "b", true);
        assert_eq!(closed.answer, Err(Refused::PinClosed), "{access:?}");
    }
    assert!(key_pin(CALLER, Some(conference.clone()), "a", true).answer.is_ok(), "who is in stays in");
    let guess = key_pin(MODERATOR, Some(conference.clone()), "a", true);
    assert_eq!(guess.answer, Err(Refused::PinClosed), "and learns nothing of the other PIN");
    assert!(come_in(Some(conference), Some("b"), 0).answer.is_ok(), "who needs no PIN gets in");
}

#[test]
fn a_moderator_gets_into_a_full_and_into_a_locked_conference() {
    let terms = Terms { max_callers: Some(1), pin: true, ..WAITING };
    let mut conference = conference_on(terms, &["a"]);
    (conference.opened, conference.callers[0].waiting) = (None, true);
    assert_eq!(key_pin(CALLER, Some(conference.clone()), "b", true).answer, Err(Refused::Full));
    let moderator = key_pin(MODERATOR, Some(conference.clone()), "m", true);
    assert!(!entered(&moderator).waiting && kept(&moderator).opened.is_some());
    conference.locked = true;
    for (access, has_moderators, answer) in [
        (PIN_WANTED, true, Refused::PinWanted),
        (WRONG_PIN, true, Refused::WrongPin),
        (CALLER, true, Refused::Locked),
        (PIN_WANTED, false, Refused::Locked),
        (WRONG_PIN, false, Refused::Locked),
        (CALLER, false, Refused::Locked),
    ] {
        let refused = key_pin(access, Some(conference.clone()), "b", has_moderators);
        assert_eq!(refused.answer, Err(answer), "{access:?} {has_moderators}");
    }
    assert!(key_pin(MODERATOR, Some(conference), "m", true).answer.is_ok());
}

#[test]
fn no_crowd_of_moderators_outgrows_a_token() {
    let ids: Vec<String> = (0..MOST_CALLERS + MORE_MODERATORS).map(|n| format!("s{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let one_more = key_pin(MODERATOR, Some(conference_of(&ids)), "m", true);
    assert_eq!(one_more.answer, Err(Refused::Full));
    assert!(key_pin(MODERATOR, Some(conference_of(&ids[1..])), "m", true).answer.is_ok());
}

#[test]
fn callers_wait_for_a_moderator_and_a_moderator_waits_for_nobody() {
    let caller = come_in_on(WAITING, CALLER, None, Some("a"), 0);
    assert!(entered(&caller).waiting);
    assert_eq!(entered(&caller).next_renewal, WAITING_RENEW);
    let moderator = come_in_on(WAITING, MODERATOR, Some(kept(&caller).clone()), Some("m"), 1);
    assert_eq!((entered(&moderator).waiting, told(&moderator)), (false, Greeting::Joining(Some(1))));
    let late = come_in_on(WAITING, CALLER, Some(kept(&moderator).clone()), Some("b"), 2);
    assert!(!entered(&late).waiting);
}

#[test]
fn a_conference_that_has_opened_stays_open_when_the_moderator_leaves() {
    let conference = conference_on(WAITING, &["a"]);
    let late = come_in_on(WAITING, CALLER, Some(conference.clone()), Some("b"), 0);
    assert!(!entered(&late).waiting);
    let of_the_next = come_in_on(WAITING, CALLER, Some(conference), Some("b"), LEASE);
    assert!(entered(&of_the_next).waiting, "until it is over");
}

#[test]
fn the_terms_of_a_conference_are_those_it_began_with() {
    let strict = Terms { muted: true, max_callers: Some(2), ..WAITING };
    let first = come_in_on(strict, CALLER, None, Some("a"), 0);
    let second = come_in_on(OPEN, CALLER, Some(kept(&first).clone()), Some("b"), 0);
    assert!(entered(&second).waiting && entered(&second).listens);
    let third = come_in_on(OPEN, CALLER, Some(kept(&second).clone()), Some("c"), 0);
    assert_eq!(third.answer, Err(Refused::Full));
    let of_the_next = come_in_on(OPEN, CALLER, Some(kept(&second).clone()), Some("c"), LEASE);
    assert!(!entered(&of_the_next).listens);
}

#[test]
fn all_but_moderators_are_muted_in_a_muted_conference() {
    let terms = Terms { muted: true, ..OPEN };
    for (who, muted) in [(CALLER, true), (MODERATOR, false)] {
        assert_eq!(entered(&come_in_on(terms, who, None, Some("a"), 0)).listens, muted);
    }
}

#[test]
fn a_renewal_is_due_when_the_time_is_over() {
    let mut conference = conference_on(Terms { max_millis: Some(100_000), ..OPEN }, &["a"]);
    conference.opened = Some(90_000);
    assert_eq!(entered(&come_in(Some(conference), Some("b"), 0)).next_renewal, 10_000);
}

#[test]
fn a_moderator_who_comes_back_in_time_keeps_the_conference() {
    let mut conference = conference_on(Terms { end_with_moderator: true, ..OPEN }, &["a"]);
    conference.grace = Some(60_000);
    let back = come_in_on(OPEN, MODERATOR, Some(conference.clone()), Some("m"), 59_999);
    assert_eq!(kept(&back).grace, None);
    let late = come_in_on(OPEN, MODERATOR, Some(conference), Some("m"), 60_000);
    assert_eq!(late.answer, Err(Refused::Ending));
}
