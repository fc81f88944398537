//! Everything that can go wrong: the caller hears a word where one can be said, the session ends, the token goes.

use super::{
    APOLOGY, assert_all_leave, assert_heard, assert_last_words, assert_nothing_left, at_every_event, caller,
    is_apologised_for, is_survived, platform, send_everybody_home, suffers,
};
use crate::program::Line;
use ccxml_platform::{Disturbance, Ended, Event, Fault, FetchFault, LateValues, Variations, secs};

#[test]
fn what_fails_once_is_tried_once_more() {
    for fault in [Fault::create(1), Fault::join(1), Fault::dialog(1), Fault::dialog(2)] {
        is_survived(&[fault]);
    }
}

#[test]
fn what_fails_twice_is_apologised_for() {
    for fault in [Fault::create(1), Fault::join(1), Fault::dialog(1)] {
        is_apologised_for(&[fault.times(2)]);
    }
}

#[test]
fn where_tones_or_clamps_are_unsupported_the_join_does_without() {
    is_survived(&[Fault::join_extras_unsupported(1).always()]);
    // The second join of a call keeps what the first has found out.
    let drops_out = Fault::after(2, "line.renew.*", Disturbance::Unjoined);
    is_survived(&[Fault::join_extras_unsupported(1).always(), drops_out.clone()]);
    is_survived(&[Fault::join_extras_unsupported(2), drops_out]);
    is_apologised_for(&[Fault::join_unsupported(1).always()]);
}

#[test]
fn after_joins_that_failed_the_apology_comes_soon() {
    for fault in [Fault::join_unsupported(1).always(), Fault::join(1).times(2)] {
        let (_, platform, call) = suffers(&Variations::default(), &[fault]);
        let silence = platform.record(call).longest_silence;
        assert!(silence < secs(5), "{silence:?}: {}", platform.report());
    }
}

#[test]
fn a_dialog_that_ends_without_a_word_twice_is_soon_apologised_for() {
    for variations in Variations::pairs() {
        let (line, platform, call) = suffers(&variations, &[Fault::dialog_crash(1).times(2)]);
        assert_last_words(&platform, call, APOLOGY);
        let silence = platform.record(call).longest_silence;
        assert!(silence < secs(9), "{silence:?}: {}", platform.report());
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn nobody_apologises_to_a_caller_who_hung_up_during_a_dialog() {
    // A leave that takes a few seconds, in which what was planned for the caller falls due.
    let leave = Fault::fetch_with(1, "event", "leave", FetchFault::NeverSent).times(2);
    let hangs_up = Fault::after(2, "dialog.started", Disturbance::HangUp);
    // Where the dialog's last word is lost, the platform's refusal to join is what tells of the hang-up.
    let told = |variations: &Variations| variations.late_values == LateValues::Kept;
    for variations in Variations::pairs().into_iter().filter(told) {
        let (line, platform, _) = suffers(&variations, &[hangs_up.clone(), leave.clone()]);
        assert!(!platform.report().contains("prompt=apology"), "{}", platform.report());
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn an_error_of_no_step_under_way_ends_no_call() {
    let error = |name: &str, tag: &str| Disturbance::Stray(Event::new(name).with("tagname", tag));
    is_survived(&[Fault::after_element(2, "dialogstart", error("error.semantic", "dialogterminate"))]);
    is_survived(&[Fault::after(2, "dialog.exit", error("error.unsupported", "join"))]);
    let drops_out = Fault::after(2, "line.renew.*", Disturbance::Unjoined);
    for element in ["createconference", "join"] {
        let in_a_reply = Fault::after_element(2, element, error("error.semantic", "script"));
        is_survived(&[drops_out.clone(), in_a_reply]);
    }
}

#[test]
fn an_error_of_the_step_under_way_is_tried_once_more_and_then_apologised_for() {
    for element in ["createconference", "join"] {
        let refused = Event::new("error.semantic").with("tagname", element);
        let refused = |nth| Fault::after_element(nth, element, Disturbance::Stray(refused.clone()));
        let unanswered = Fault::after_element(1, element, Disturbance::Withheld("conference.*ed".into()));
        let both = [refused(1), refused(2)].into_iter();
        is_survived(&[refused(1)]);
        is_apologised_for(&both.chain([unanswered.clone(), unanswered.clone()]).collect::<Vec<_>>());
    }
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
fn a_call_that_cannot_be_answered_ends() {
    let (line, platform, call) = suffers(&Variations::default(), &[Fault::accept(1)]);
    assert!(platform.is_over(call));
    assert_nothing_left(&line, &platform);
}

#[test]
fn a_kill_at_any_event_is_answered_with_a_word_and_a_leave() {
    let kill = |event| Fault::at_event(event, Disturbance::Kill);
    at_every_event(1, kill, |event, line, platform, call| {
        // While it rings nothing can be said yet.
        let names = &platform.record(call).event_names;
        if names.iter().position(|name| name == "connection.connected").is_some_and(|at| at < event) {
            assert_last_words(platform, call, "Goodbye");
        }
        assert_ne!(platform.record(call).ended, Ended::NotYet, "{}", platform.report());
        assert_nothing_left(line, platform);
    });
}

#[test]
fn any_error_at_any_event_ends_in_a_word_or_is_survived_while_joined() {
    for name in
        ["error.unsupported", "error.dialog", "error.conference", "error.send.failed", "error.semantic"]
    {
        let stray = Event::new(name).with("reason", "it's \"<&>");
        let stray = |event| Fault::after_event(event, Disturbance::Stray(stray.clone()));
        at_every_event(2, stray, |event, line, platform, call| {
            if platform.record(call).ended == Ended::NotYet {
                assert_eq!(platform.state(call), "joined", "{name} {event}: {}", platform.report());
                send_everybody_home(platform, &[call]);
            }
            assert_ne!(platform.record(call).ended, Ended::BareHangUp, "{}", platform.report());
            assert_nothing_left(line, platform);
        });
    }
}

#[test]
fn a_conference_that_is_created_on_the_way_out_is_detached_from() {
    for disturbance in [Disturbance::Kill, Disturbance::HangUp, Disturbance::LoseConnection] {
        for variations in Variations::pairs().into_iter().take(4) {
            let fault = Fault::after_element(1, "createconference", disturbance.clone());
            let (line, platform, _) = suffers(&variations, &[fault]);
            let times = |what: &str| platform.trace_lines().iter().filter(|line| line.contains(what)).count();
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
        assert_all_leave(&line, &mut platform, &[call]);
    }
}

#[test]
fn a_caller_who_drops_out_of_the_conference_is_joined_once_more() {
    for disturbance in [Disturbance::Unjoined, Disturbance::ConferenceDestroyed, Disturbance::ConferenceError]
    {
        is_survived(&[Fault::after(2, "line.renew.*", disturbance)]);
    }
    // And again, when a renewal has come in between.
    is_survived(&[2, 5].map(|nth| Fault::after(nth, "line.renew.*", Disturbance::Unjoined)));
}

#[test]
fn a_conference_that_cannot_be_mended_is_apologised_for() {
    let drops_out = Fault::after(2, "line.renew.*", Disturbance::Unjoined);
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
    assert_heard(&platform, next, "You are the first caller");
    assert_all_leave(&line, &mut platform, &[next]);
}
