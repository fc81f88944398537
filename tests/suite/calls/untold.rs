//! Events that never come, and events that are not about the caller: no session waits for ever, or is misled.

use super::{assert_nothing_left, is_apologised_for, is_survived, suffers};
use ccxml_platform::{Disturbance, Ended, Event, Fault, Variations};

/// Once the n-th element of a name has been executed, the platform owes an event and never tells of it.
fn owed(nth: usize, element: &str, event: &str) -> Fault {
    Fault::after_element(nth, element, Disturbance::Withheld(event.into()))
}

#[test]
fn a_way_out_that_the_platform_does_not_tell_the_end_of_is_gone_all_the_same() {
    let killed_after = |event| Fault::after(1, event, Disturbance::Kill);
    // Nor does it tell that there is nothing left to end.
    for (killed, element, event, error) in [
        (killed_after("dialog.started"), "dialogterminate", "dialog.exit", "error.dialog*"),
        (
            Fault::after_element(1, "join", Disturbance::Kill),
            "join",
            "conference.joined",
            "error.conference*",
        ),
        (killed_after("conference.joined"), "unjoin", "conference.unjoined", "error.conference*"),
    ] {
        is_apologised_for(&[killed, owed(1, element, event), owed(1, element, error).always()]);
    }
    // The second dialog says the last words, whose end is not told.
    is_apologised_for(&[killed_after("dialog.started"), owed(2, "dialogstart", "dialog.exit")]);
}

#[test]
fn a_hang_up_of_which_the_platform_tells_but_a_part_leaves_nothing() {
    let hangs_up_after = |event| Fault::after(1, event, Disturbance::HangUp);
    for faults in [
        [
            Fault::after(1, "dialog.started", Disturbance::Withheld("connection.disconnected".into())),
            hangs_up_after("dialog.started"),
        ],
        [Fault::after_element(1, "fetch", Disturbance::HangUp), owed(1, "fetch", "fetch.done")],
        [hangs_up_after("conference.joined"), owed(2, "fetch", "fetch.done")],
    ] {
        for variations in Variations::pairs() {
            let (line, platform, call) = suffers(&variations, &faults);
            assert_eq!(platform.record(call).ended, Ended::CallerHungUp, "{}", platform.report());
            assert_nothing_left(&line, &platform);
        }
    }
}

#[test]
fn a_question_whose_caller_is_gone_without_a_word_is_not_asked_for_ever() {
    let withheld = |event: &str| Fault::after(1, "dialog.started", Disturbance::Withheld(event.into()));
    let hang_up = Fault::after(1, "dialog.started", Disturbance::HangUp);
    let faults = [withheld("connection.disconnected"), withheld("dialog.exit"), hang_up];
    for variations in Variations::pairs() {
        let (line, platform, call) = suffers(&variations, &faults);
        assert_eq!(platform.record(call).ended, Ended::CallerHungUp, "{}", platform.report());
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn what_is_about_somebody_else_changes_nothing() {
    let stray = |name: &str, field: &str| Disturbance::Stray(Event::new(name).with(field, "another"));
    let unjoined = Event::new("conference.unjoined").with("id1", "another").with("id2", "another");
    let mut faults = ["fetch.done", "error.fetch"]
        .map(|name| Fault::after_element(1, "fetch", stray(name, "fetchid")))
        .to_vec();
    for (after, disturbance) in [
        ("dialog.started", stray("dialog.exit", "dialogid")),
        ("dialog.started", stray("connection.disconnected", "connectionid")),
        ("line.renew.*", stray("fetch.done", "fetchid")),
        ("line.renew.*", stray("connection.failed", "connectionid")),
        ("line.renew.*", stray("error.connection", "connectionid")),
        ("line.renew.*", stray("conference.destroyed", "conferenceid")),
        ("line.renew.*", Disturbance::Stray(unjoined)),
    ] {
        faults.push(Fault::after(1, after, disturbance));
    }
    for fault in faults {
        is_survived(std::slice::from_ref(&fault));
        let (_, platform, _) = suffers(&Variations::default(), &[fault]);
        let joins = platform.trace_lines().iter().filter(|line| line.contains("  join ")).count();
        assert_eq!(joins, 1, "{}", platform.report());
    }
}
