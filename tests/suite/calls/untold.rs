//! Events that never come, and events that are not about the caller: no session waits for ever, or is misled.

use super::{assert_nothing_left, is_apologised_for, is_survived, suffers};
use ccxml_platform::{Disturbance, Ended, Event, Fault, Variations};

/// After the n-th event of a name the platform owes another one, and never tells of it.
fn owed(nth: usize, after: &str, event: &str) -> Fault {
    Fault::after(nth, after, Disturbance::Withheld(event.into()))
}

#[test]
fn a_way_out_that_the_platform_does_not_tell_the_end_of_is_gone_all_the_same() {
    let killed_after = |event| Fault::after(1, event, Disturbance::Kill);
    // Nor does it tell that there is nothing left to end when it is asked a second time.
    for (stage, event, error) in [
        ("dialog.started", "dialog.exit", "error.dialog*"),
        ("line.joining", "conference.joined", "error.conference*"),
        ("conference.joined", "conference.unjoined", "error.conference*"),
    ] {
        let (never, nor) = (owed(1, "line.parting", event), owed(1, "line.parting", error).always());
        is_apologised_for(&[killed_after(stage), never, nor]);
    }
    // The second time the last words are said, whose end is not told.
    is_apologised_for(&[killed_after("dialog.started"), owed(2, "line.parting", "dialog.exit")]);
}

#[test]
fn a_hang_up_of_which_the_platform_tells_but_a_part_leaves_nothing() {
    let hangs_up_after = |event| Fault::after(1, event, Disturbance::HangUp);
    for faults in [
        [owed(1, "dialog.started", "connection.disconnected"), hangs_up_after("dialog.started")],
        [hangs_up_after("line.entering"), owed(1, "line.settling", "fetch.done")],
        [hangs_up_after("conference.joined"), owed(1, "line.leaving", "fetch.done")],
    ] {
        for variations in Variations::pairs() {
            let (line, platform, call) = suffers(&variations, &faults);
            assert_eq!(platform.record(call).ended, Ended::CallerHungUp, "{}", platform.report());
            assert_nothing_left(&line, &platform);
        }
    }
}

#[test]
fn what_is_about_somebody_else_changes_nothing() {
    let stray = |name: &str, field: &str| Disturbance::Stray(Event::new(name).with(field, "another"));
    let unjoined = Event::new("conference.unjoined").with("id1", "another").with("id2", "another");
    for (after, disturbance) in [
        ("dialog.started", stray("dialog.exit", "dialogid")),
        ("dialog.started", stray("connection.disconnected", "connectionid")),
        ("line.entering", stray("fetch.done", "fetchid")),
        ("line.entering", stray("error.fetch", "fetchid")),
        ("line.renew", stray("fetch.done", "fetchid")),
        ("line.renew", stray("connection.failed", "connectionid")),
        ("line.renew", stray("error.connection", "connectionid")),
        ("line.renew", stray("conference.destroyed", "conferenceid")),
        ("line.renew", Disturbance::Stray(unjoined)),
    ] {
        let faults = [Fault::after(1, after, disturbance)];
        is_survived(&faults);
        let (_, platform, _) = suffers(&Variations::default(), &faults);
        let joins = platform.trace_lines().iter().filter(|line| line.contains("  join ")).count();
        assert_eq!(joins, 1, "{}", platform.report());
    }
}
