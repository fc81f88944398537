//! The exhaustive sweep: a first, a middle and a last caller who hang up after every single event of their call.

use super::{A_WHOLE_CALL, assert_all_leave, assert_nothing_left, caller, platform};
use crate::program::Line;
use ccxml_platform::{Caller, Disturbance, Ended, Fault, FetchFault, Variations, secs};

/// How a caller hangs up at the n-th event.
type AtEvent = fn(Caller, usize) -> Caller;

/// Plays a caller in place `position` of three who hangs up at one event; whether there was such an event.
fn hangs_up(variations: &Variations, position: usize, event: usize, at: AtEvent) -> bool {
    let line = Line::new();
    let mut platform = platform(&line, variations.clone());
    let mut calls = Vec::new();
    let mut quitter = None;
    for n in 0..3 {
        let mut who = caller(&format!("+{n}"));
        if n == position {
            who = at(who, event);
            quitter = Some(calls.len());
        }
        calls.push(platform.call(who, secs(9) * n as u32));
    }
    let quitter = calls[quitter.unwrap()];
    platform.run_until(secs(150));
    let happened = platform.record(quitter).ended != Ended::NotYet;
    if happened {
        assert_eq!(platform.record(quitter).ended, Ended::CallerHungUp, "{}", platform.report());
        platform.run_until(secs(300));
        assert!(platform.is_over(quitter), "the session lives on: {}", platform.report());
        let left: Vec<_> = calls.iter().filter(|call| **call != quitter).collect();
        assert!(platform.hears(*left[0], *left[1]), "{}", platform.report());
    }
    assert_all_leave(&line, &mut platform, &calls);
    happened
}

fn sweep(variations: &Variations, at: AtEvent) {
    for position in 0..3 {
        let mut events = 0;
        while hangs_up(variations, position, events + 1, at) {
            events += 1;
        }
        assert!(events > 15, "a call has more than {events} events");
    }
}

#[test]
fn a_hang_up_after_any_event_leaves_nothing() {
    sweep(&Variations::default(), Caller::hang_up_after);
}

#[test]
fn a_hang_up_during_any_event_leaves_nothing() {
    sweep(&Variations::default(), Caller::hang_up_during);
}

#[test]
fn a_hang_up_after_any_event_leaves_nothing_however_the_platform_reads_the_standard() {
    // The last of three; the combinations share the events, each of which several of them meet.
    for (row, variations) in Variations::pairs().into_iter().enumerate().skip(1) {
        let mut event = 1 + row % 5;
        while hangs_up(&variations, 2, event, Caller::hang_up_after) {
            event += 5;
        }
    }
}

#[test]
fn a_hang_up_while_a_late_reply_is_under_way_waits_for_it() {
    for seconds in [1, 5, 12] {
        let line = Line::new();
        let mut platform = platform(&line, Variations::default());
        let late = Fault::fetch(1, FetchFault::Late(secs(seconds)));
        let call = platform.call(
            caller("+1").with(late).with(Fault::after_element(1, "fetch", Disturbance::HangUp)),
            secs(0),
        );
        platform.run_until(A_WHOLE_CALL);
        assert!(platform.is_over(call));
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn a_caller_who_gives_up_while_it_rings_leaves_nothing() {
    for variations in Variations::pairs() {
        let line = Line::new();
        let mut platform = platform(&line, variations);
        let call = platform.call(caller("+1").hang_up_after(1), secs(0));
        platform.run_until(secs(60));
        assert!(platform.is_over(call));
        assert_nothing_left(&line, &platform);
    }
}
