//! Everything that can go wrong: the caller hears a word where one can be said, the session ends, the token goes.

use super::{
    A_WHOLE_CALL, APOLOGY, assert_last_words, assert_nothing_left, caller, platform, send_everybody_home,
};
use crate::platform::{CallId, Disturbance, Ended, Event, Fault, FetchFault, Platform, Variations, secs};
use crate::program::Line;

/// Plays one caller to whom this happens, until everything is over.
fn suffers(variations: &Variations, faults: &[Fault]) -> (Line, Platform, CallId) {
    let line = Line::new();
    let mut platform = platform(&line, variations.clone());
    let mut who = caller("+1");
    for fault in faults {
        who = who.with(fault.clone());
    }
    let call = platform.call(who, secs(0));
    platform.run_until(A_WHOLE_CALL);
    (line, platform, call)
}

/// The fault ends the call, after an apology, under every variation.
fn is_apologised_for(faults: &[Fault]) {
    for variations in Variations::pairs() {
        let (line, platform, call) = suffers(&variations, faults);
        assert_last_words(&platform, call, APOLOGY);
        assert_nothing_left(&line, &platform);
    }
}

/// The fault is survived: the caller is in the conference in the end.
fn is_survived(faults: &[Fault]) {
    for variations in Variations::pairs() {
        let (line, mut platform, call) = suffers(&variations, faults);
        let other = platform.call(caller("+2"), A_WHOLE_CALL);
        platform.run_for(secs(60));
        assert!(platform.hears(call, other) && platform.hears(other, call), "{}", platform.report());
        send_everybody_home(&mut platform, &[call, other]);
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn a_failed_create_or_join_is_apologised_for() {
    is_apologised_for(&[Fault::create(1)]);
    is_apologised_for(&[Fault::join(1)]);
}

#[test]
fn where_tones_or_clamps_are_unsupported_the_join_does_without() {
    is_survived(&[Fault::fancy_join_unsupported(1).always()]);
    // The second join of a call keeps what the first has found out.
    let drops_out = Fault::after(2, "line.renew", Disturbance::Unjoined);
    is_survived(&[Fault::fancy_join_unsupported(1).always(), drops_out]);
    is_apologised_for(&[Fault::join_unsupported(1).always()]);
}

#[test]
fn a_dialog_that_fails_is_apologised_for() {
    is_apologised_for(&[Fault::dialog(1)]);
    is_apologised_for(&[Fault::dialog(2)]);
}

#[test]
fn where_no_dialog_can_be_started_the_session_ends_all_the_same() {
    for variations in Variations::pairs() {
        let (line, platform, call) = suffers(&variations, &[Fault::dialog(1).always()]);
        assert!(matches!(platform.record(call).ended, Ended::Disconnected { .. }), "{}", platform.report());
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn a_document_that_does_not_come_is_asked_for_once_more() {
    for fault in [FetchFault::NeverSent, FetchFault::ResponseLost, FetchFault::Status(503)] {
        is_survived(&[Fault::fetch(1, fault.clone())]);
        is_apologised_for(&[Fault::fetch(1, fault).times(2)]);
    }
}

#[test]
fn a_document_that_does_not_come_is_not_asked_for_at_once() {
    let busy = Fault::fetch(1, FetchFault::Status(503));
    let (_, platform, _) = suffers(&Variations::default(), &[busy]);
    let entering: Vec<_> = platform
        .exchanges()
        .iter()
        .filter(|exchange| exchange.request.field("conference_code").is_some())
        .filter(|exchange| exchange.request.field("event").is_none())
        .map(|exchange| exchange.request.at)
        .collect();
    let [first, second] = entering[..] else { panic!("{entering:?}") };
    assert!(second - first >= secs(1), "{first:?} and {second:?}");
}

#[test]
fn requests_may_be_executed_twice_or_late() {
    for fault in [FetchFault::Duplicate, FetchFault::Late(secs(8))] {
        for number in 1..=3 {
            is_survived(&[Fault::fetch(number, fault.clone())]);
        }
    }
}

#[test]
fn a_renewal_that_fails_is_tried_again_and_ends_no_call() {
    for fault in
        [FetchFault::NeverSent, FetchFault::ResponseLost, FetchFault::Status(500), FetchFault::Late(secs(20))]
    {
        is_survived(&[Fault::fetch_with(1, "event", "renew", fault).times(4)]);
    }
}

#[test]
fn a_renewal_that_fails_is_tried_again_sooner_than_the_next_one_is_due() {
    let fault = Fault::fetch_with(1, "event", "renew", FetchFault::ResponseLost).times(2);
    let (line, mut platform, call) = suffers(&Variations::default(), &[fault]);
    let renewals: Vec<_> = platform
        .exchanges()
        .iter()
        .filter(|exchange| exchange.request.field("event").as_deref() == Some("renew"))
        .map(|exchange| exchange.request.at)
        .collect();
    assert!(renewals[1] - renewals[0] < secs(30) && renewals[2] - renewals[1] < secs(30), "{renewals:?}");
    assert!(renewals[3] - renewals[2] > secs(50), "{renewals:?}");
    send_everybody_home(&mut platform, &[call]);
    assert_nothing_left(&line, &platform);
}

#[test]
fn a_leave_that_gets_no_answer_is_tried_again() {
    for fault in [FetchFault::NeverSent, FetchFault::ResponseLost, FetchFault::Status(503)] {
        let line = Line::new();
        let mut platform = platform(&line, Variations::default());
        let fault = Fault::fetch_with(1, "event", "leave", fault).times(2);
        let call = platform.call(caller("+1").with(fault), secs(0));
        platform.run_until(secs(100));
        send_everybody_home(&mut platform, &[call]);
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn a_session_whose_leave_never_gets_an_answer_ends_all_the_same() {
    for fault in [FetchFault::NeverSent, FetchFault::Late(secs(10_000))] {
        let line = Line::new();
        let mut platform = platform(&line, Variations::default());
        let never = Fault::fetch_with(1, "event", "leave", fault).always();
        let call = platform.call(caller("+1").with(never), secs(0));
        platform.run_until(secs(100));
        send_everybody_home(&mut platform, &[call]);
        assert!(platform.is_over(call), "{}", platform.report());
        platform.assert_clean();
    }
}

#[test]
fn a_call_that_cannot_be_answered_ends() {
    let (line, platform, call) = suffers(&Variations::default(), &[Fault::accept(1)]);
    assert!(platform.is_over(call));
    assert_nothing_left(&line, &platform);
}

#[test]
fn a_kill_at_any_event_is_answered_with_a_word_and_a_leave() {
    let mut event = 1;
    loop {
        let (line, platform, call) =
            suffers(&Variations::default(), &[Fault::at_event(event, Disturbance::Kill)]);
        if platform.record(call).ended == Ended::NotYet {
            break;
        }
        // While it rings nothing can be said yet.
        if platform
            .record(call)
            .event_names
            .iter()
            .position(|name| name == "connection.connected")
            .is_some_and(|at| at < event)
        {
            assert_last_words(&platform, call, "Goodbye");
        }
        assert_nothing_left(&line, &platform);
        event += 1;
    }
    assert!(event > 20, "only {event} events");
}

#[test]
fn any_error_at_any_event_ends_in_a_word_or_is_survived_while_joined() {
    for name in
        ["error.unsupported", "error.dialog", "error.conference", "error.send.failed", "error.semantic"]
    {
        let mut event = 2;
        loop {
            let stray = Disturbance::Stray(Event::new(name).with("reason", "it's \"<&>"));
            let (line, mut platform, call) =
                suffers(&Variations::default(), &[Fault::after_event(event, stray)]);
            if platform.record(call).events < event {
                break;
            }
            let joined = platform.record(call).ended == Ended::NotYet;
            if joined {
                assert_eq!(
                    platform.state(call),
                    "joined",
                    "{name} after event {event}: {}",
                    platform.report()
                );
                send_everybody_home(&mut platform, &[call]);
            }
            assert_ne!(platform.record(call).ended, Ended::BareHangUp, "{}", platform.report());
            assert_nothing_left(&line, &platform);
            event += 1;
        }
        assert!(event > 20, "only {event} events");
    }
}

#[test]
fn a_conference_that_is_created_on_the_way_out_is_detached_from() {
    for disturbance in [
        Disturbance::Kill,
        Disturbance::HangUp,
        Disturbance::LoseConnection,
        Disturbance::Stray(Event::new("error.send.failed").with("reason", "nobody knows")),
    ] {
        for variations in Variations::pairs().into_iter().take(4) {
            let fault = Fault::after(1, "line.attaching", disturbance.clone());
            let (line, platform, _) = suffers(&variations, &[fault]);
            let times = |what: &str| platform.trace().iter().filter(|line| line.contains(what)).count();
            assert_eq!(times("  createconference "), 1, "{}", platform.report());
            assert_eq!(times("  destroyconference "), 1, "{}", platform.report());
            assert_eq!(platform.attached("conference_1234"), 0);
            assert_nothing_left(&line, &platform);
        }
    }
}

#[test]
fn a_lost_connection_leaves_nothing() {
    for event in 1..40 {
        let (line, mut platform, call) =
            suffers(&Variations::default(), &[Fault::after_event(event, Disturbance::LoseConnection)]);
        send_everybody_home(&mut platform, &[call]);
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn a_caller_who_drops_out_of_the_conference_is_joined_once_more() {
    for disturbance in [Disturbance::Unjoined, Disturbance::ConferenceDestroyed, Disturbance::ConferenceError]
    {
        is_survived(&[Fault::after(2, "line.renew", disturbance)]);
    }
}

#[test]
fn a_conference_that_cannot_be_mended_is_apologised_for() {
    let drops_out = Fault::after(2, "line.renew", Disturbance::Unjoined);
    is_apologised_for(&[drops_out.clone(), Fault::join(2)]);
    is_apologised_for(&[drops_out.clone(), Fault::create(2)]);
    is_apologised_for(&[drops_out, Fault::after(2, "conference.joined", Disturbance::Unjoined)]);
}

#[test]
fn a_platform_that_dies_without_a_word_costs_one_lease() {
    let line = Line::new().with("CONFERENCE_LEASE", "1");
    let mut platform = platform(&line, Variations::default());
    let call = platform.call(caller("+1"), secs(0));
    platform.run_until(secs(30));
    platform.die();
    assert_eq!(platform.record(call).ended, Ended::PlatformDied);
    assert_eq!(line.files(), ["1234"]);
    std::thread::sleep(secs(1));
    let next = platform.call(caller("+2"), secs(40));
    platform.run_until(secs(70));
    assert!(platform.heard(next).join(" ").contains("You are the first caller"), "{}", platform.report());
    send_everybody_home(&mut platform, &[next]);
    assert_nothing_left(&line, &platform);
}

#[test]
fn a_renewal_that_is_no_script_ends_neither_the_call_nor_the_renewing() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let cut = Fault::fetch_with(1, "event", "renew", FetchFault::Truncated);
    let call = platform.call(caller("+1").with(cut), secs(0));
    platform.run_until(secs(300));
    assert!(platform.is_up(call));
    let renewals =
        platform.exchanges().iter().filter(|e| e.request.field("event").as_deref() == Some("renew"));
    assert!(renewals.count() >= 4, "{}", platform.report());
    send_everybody_home(&mut platform, &[call]);
    assert!(line.files().is_empty());
}

#[test]
fn a_renewal_whose_script_fails_when_it_is_run_ends_no_call() {
    is_survived(&[Fault::fetch_with(1, "event", "renew", FetchFault::Garbled).times(3)]);
}
