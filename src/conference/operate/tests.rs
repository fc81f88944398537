use super::super::decision::{Change, Decision};
use super::super::fixtures::*;
use super::super::state::Conference;
use super::super::terms::{Terms, Times};
use super::super::wrong_pins::Attempt;
use super::*;

type Operated = Decision<Result<Done, NotDone>>;

fn operate_on(times: &Times, kept: Option<Conference>, operation: &Operation, millis: u64) -> Operated {
    decided(kept, millis, times, |number| number.operate(operation, None))
}

fn operate(kept: Option<Conference>, operation: &Operation, millis: u64) -> Operated {
    operate_on(&TIMES, kept, operation, millis)
}

fn kick(id: &str) -> Operation {
    Operation::Kick(Whom::Session(session(id)))
}

fn done(changed: bool, told: usize) -> Result<(bool, usize), NotDone> {
    Ok((changed, told))
}

/// Whether anything was changed, and how many hear of it.
fn outcome(decision: &Operated) -> Result<(bool, usize), NotDone> {
    decision.answer.clone().map(|done| (done.changed, done.told.len()))
}

#[test]
fn ending_tells_those_with_a_session_and_drops_the_others() {
    let mut conference = conference_of(&["a", "b"]);
    conference.callers[1].session = None;
    conference.unknown = Some(5);
    let decision = operate(Some(conference), &Operation::End, 0);
    assert_eq!(logged(&decision), [(EventKind::Ended, 1)]);
    let ended = kept(&decision);
    assert_eq!((ended.ending, ended.unknown), (Some(Ending::Operator), None));
    assert_eq!(outcome(&decision), done(true, 1));
    let again = operate(Some(ended.clone()), &Operation::End, 1);
    assert_eq!((outcome(&again), again.events.len()), (done(false, 1), 0), "once is enough");
}

#[test]
fn ending_frees_the_number_at_once_where_nobody_can_be_told() {
    let mut conference = conference_of(&["a"]);
    conference.callers[0].session = None;
    conference.unknown = Some(5);
    let decision = operate(Some(conference), &Operation::End, 0);
    assert_eq!((decision.change.clone(), logged(&decision)), (Change::Free, vec![(EventKind::Ended, 0)]));
    assert_eq!(outcome(&decision), done(true, 0));
    let deaf = Times { renewals: false, ..TIMES };
    let decision = operate_on(&deaf, Some(conference_of(&["a"])), &Operation::End, 0);
    assert_eq!((decision.change.clone(), logged(&decision)), (Change::Free, vec![(EventKind::Ended, 0)]));
}

#[test]
fn locking_is_told_once_and_undone_by_unlocking() {
    let locked = operate(Some(conference_of(&["a"])), &Operation::Lock, 0);
    assert_eq!(logged(&locked), [(EventKind::Locked, 1)]);
    let again = operate(Some(kept(&locked).clone()), &Operation::Lock, 0);
    assert_eq!((outcome(&again), again.events.len()), (done(false, 0), 0));
    let unlocked = operate(Some(kept(&locked).clone()), &Operation::Unlock, 0);
    assert_eq!(logged(&unlocked), [(EventKind::Unlocked, 1)]);
    assert!(!kept(&unlocked).locked);
}

#[test]
fn a_kicked_caller_is_out_and_remembered() {
    let decision = operate(Some(conference_of(&["a", "b"])), &kick("a"), 2_000);
    assert_eq!(logged(&decision), [(EventKind::Kicked, 1)]);
    assert_eq!(decision.events[0].seconds, Some(2));
    assert_eq!(kept(&decision).kicked, [kicked("a", LEASE)]);
    let unknown = operate(Some(conference_of(&["a"])), &kick("x"), 0);
    assert_eq!(unknown.answer, Err(NotDone::NoCaller));
}

#[test]
fn nothing_but_removing_callers_is_done_to_a_conference_that_is_ending() {
    let mut conference = conference_on(Terms { max_millis: Some(LEASE), ..OPEN }, &["a", "b"]);
    conference.ending = Some(Ending::Operator);
    for operation in [Operation::Lock, Operation::Unlock, Operation::Extend(1)] {
        let decision = operate(Some(conference.clone()), &operation, 0);
        assert_eq!((outcome(&decision), decision.change), (Err(NotDone::Ending), Change::Nothing));
    }
    assert_eq!(outcome(&operate(Some(conference), &kick("a"), 0)), done(true, 1));
}

#[test]
fn all_but_moderators_can_be_kicked_at_once() {
    let mut conference = conference_of(&["a", "m", "b", "c"]);
    conference.callers[1].role = Role::Moderator;
    conference.callers[3].session = None;
    let all = Operation::Kick(Whom::All);
    let decision = operate(Some(conference), &all, 0);
    assert_eq!(outcome(&decision), done(true, 2));
    assert_eq!(logged(&decision), [(EventKind::Kicked, 3), (EventKind::Kicked, 2)]);
    let kept = kept(&decision);
    assert_eq!((kept.kicked.len(), kept.count()), (2, 2));
    assert_eq!(operate(Some(kept.clone()), &all, 0).answer, Err(NotDone::NoCaller));
}

#[test]
fn extending_gives_more_time_and_takes_a_conference_that_has_a_limit() {
    let limited = conference_on(Terms { max_millis: Some(LEASE / 2), ..OPEN }, &["a"]);
    let extended = operate(Some(limited.clone()), &Operation::Extend(20_000), 10_000);
    let ends_in = Some(LEASE / 2 + 10_000);
    assert_eq!((outcome(&extended), extended.answer.clone().unwrap().ends_in), (done(true, 1), ends_in));
    let later = operate(Some(kept(&extended).clone()), &Operation::Extend(1), LEASE / 2);
    assert!(later.answer.is_ok(), "without the extension it would have ended");
    let longest = operate(Some(limited.clone()), &Operation::Extend(u64::MAX), 0);
    assert!(longest.answer.is_ok_and(|done| done.ends_in > Some(u64::MAX / 2)));
    let late = operate(Some(limited.clone()), &Operation::Extend(20_000), LEASE / 2);
    assert_eq!(late.answer, Err(NotDone::Ending));
    let mut waiting = limited;
    waiting.opened = None;
    let waiting = operate(Some(waiting), &Operation::Extend(1), 0);
    assert_eq!((outcome(&waiting), kept(&waiting).terms().max_millis), (done(true, 1), Some(LEASE / 2 + 1)));
    let unlimited = operate(Some(conference_of(&["a"])), &Operation::Extend(1), 0);
    assert_eq!((unlimited.answer, unlimited.change), (Err(NotDone::NoLimit), Change::Nothing));
    let mut by_hand = conference_of(&[]);
    (by_hand.terms, by_hand.unknown) = (None, Some(LEASE));
    assert_eq!(operate(Some(by_hand), &Operation::Extend(1), 0).answer, Err(NotDone::NoLimit));
}

#[test]
fn those_who_were_removed_are_no_conference() {
    let decision = operate(Some(conference_of(&["a"])), &kick("a"), 0);
    let removed = kept(&decision).clone();
    assert_eq!(operate(Some(removed.clone()), &Operation::Lock, 0).answer, Err(NotDone::NoConference));
    assert_eq!(operate(Some(removed), &Operation::End, 0).change, Change::Nothing, "they are remembered");
}

#[test]
fn there_is_nothing_to_operate_on_where_nobody_is() {
    for kept in [None, Some(conference_of(&["a"]))] {
        for operation in [Operation::End, Operation::Lock, kick("a")] {
            assert_eq!(operate(kept.clone(), &operation, LEASE).answer, Err(NotDone::NoConference));
        }
    }
}

#[test]
fn reopening_forgets_wrong_pins_although_nobody_is_in() {
    let mut conference = conference_of(&[]);
    conference.wrong_pins.count(&Attempt::default());
    let reopened = operate(Some(conference), &Operation::Reopen, 0);
    assert_eq!((reopened.change.clone(), outcome(&reopened)), (Change::Free, done(true, 0)));
    let nothing = operate(None, &Operation::Reopen, 0);
    assert_eq!((nothing.change.clone(), outcome(&nothing)), (Change::Nothing, done(false, 0)));
}
