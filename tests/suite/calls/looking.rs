//! When sessions report themselves and ask for their state: right after the join, every minute, and when they are told to look.

use super::rooms::{room, with_pin};
use super::{
    A_WHOLE_CALL, assert_all_leave, assert_last_words, assert_nothing_left, at_every_event, caller, look,
    platform, suffers,
};
use crate::program::Line;
use crate::rooms::MODERATED;
use ccxml_platform::{
    CallId, Caller, Disturbance, Fault, FetchFault, HttpRequest, Platform, Variations, millis, secs,
};
use std::time::Duration;

/// The requests with which sessions report this event.
fn reports<'a>(platform: &'a Platform, event: &'a str) -> impl Iterator<Item = &'a HttpRequest> {
    let requests = platform.exchanges().iter().map(|exchange| &exchange.request);
    requests.filter(move |request| request.field("event").as_deref() == Some(event))
}

/// When the renewals of a caller were sent.
fn renewals(platform: &Platform, of: &str) -> Vec<Duration> {
    reports(platform, "renew").filter(|request| request.caller == of).map(|request| request.at).collect()
}

/// When the trace first tells of this.
fn time_of(platform: &Platform, what: &str) -> Duration {
    let lines = platform.trace_lines();
    let line =
        lines.iter().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{}", platform.report()));
    Duration::from_secs_f64(line[..9].trim().parse().unwrap())
}

#[test]
fn a_session_reports_itself_right_after_the_join_and_every_minute_from_then_on() {
    for variations in Variations::pairs() {
        let line = Line::new();
        let mut platform = platform(&line, variations);
        let call = platform.call(caller("+12025550101").dialing("+12025550199"), secs(0));
        platform.run_until(secs(150));
        let joined = time_of(&platform, " conference.joined ");
        let renewals = renewals(&platform, "+12025550101");
        let [first, second, third] = renewals[..] else { panic!("{renewals:?}") };
        assert!(first - joined < millis(100), "{joined:?}, {first:?}");
        for pause in [second - first, third - second] {
            assert!((secs(60)..secs(61)).contains(&pause), "{pause:?}");
        }
        for renewal in reports(&platform, "renew") {
            assert_eq!(renewal.field("caller").as_deref(), Some("tel:+12025550101"));
            assert_eq!(renewal.field("called").as_deref(), Some("tel:+12025550199"));
        }
        assert_all_leave(&line, &mut platform, &[call]);
    }
}

#[test]
fn a_session_tells_where_it_takes_events_if_the_platform_has_such_a_place() {
    use ccxml_platform::BasicHttp;
    for (basichttp, told) in [
        (BasicHttp::There, "http://platform:1971/take"),
        (BasicHttp::Absent, ""),
        (BasicHttp::Null, ""),
        (BasicHttp::NoProcessors, ""),
        (BasicHttp::Missing, ""),
    ] {
        let line = Line::new().with("CONFERENCE_CONTROL", "http://platform:1971/");
        let variations = Variations { basichttp, ..Variations::default() };
        let mut platform = platform(&line, variations).at_basichttp("http://platform:1971/take");
        let calls = ["+1", "+2"].map(|name| platform.call(caller(name), secs(0)));
        platform.run_until(secs(100));
        assert!(platform.hears(calls[0], calls[1]), "{}", platform.report());
        for renewal in reports(&platform, "renew") {
            assert_eq!(renewal.field("control").as_deref(), Some(told));
        }
        assert_all_leave(&line, &mut platform, &calls);
    }
    let untold = Line::new().get("conference_code=1234&session_id=a").body;
    assert!(!untold.contains("ioprocessors"), "{untold}");
}

#[test]
fn an_address_of_any_length_fits_into_a_report() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let name = format!("sip:{}@host", "\u{4f1a}".repeat(5000));
    let call = platform.call(caller(&name), secs(0));
    platform.run_until(secs(100));
    assert_eq!(
        platform
            .exchanges()
            .iter()
            .filter(|exchange| {
                exchange.request.method == "POST"
                    && exchange.response.as_ref().is_ok_and(|response| response.status == 200)
            })
            .count(),
        2,
        "{}",
        platform.report()
    );
    assert_all_leave(&line, &mut platform, &[call]);
}

#[test]
fn who_waits_for_a_moderator_reports_a_second_after_having_come() {
    let line = room(MODERATED);
    let mut platform = platform(&line, Variations::default());
    let call = platform.call(with_pin("+1", "#"), secs(0));
    platform.run_until(secs(60));
    let first = renewals(&platform, "+1")[0] - time_of(&platform, "prompt=waiting");
    assert!((millis(900)..millis(1200)).contains(&first), "{first:?}");
    assert_all_leave(&line, &mut platform, &[call]);
}

#[test]
fn a_session_that_is_told_to_look_hears_at_once_what_is_so() {
    for variations in Variations::pairs() {
        let line = Line::new();
        let mut platform = platform(&line, variations);
        let call = platform.call(caller("+1"), secs(0));
        platform.run_until(secs(30));
        line.run(&["end", "1234"]);
        platform.disturb(call, look());
        platform.run_until(secs(100));
        assert_last_words(&platform, call, "The conference has been ended.");
        let told = time_of(&platform, "prompt=ended") - secs(30);
        assert!(told < secs(1), "{told:?}: {}", platform.report());
        assert_nothing_left(&line, &platform);
    }
}

/// Tells a session to look a hundred times a second, for so long.
fn look_at(platform: &mut Platform, call: CallId, time: Duration) {
    for _ in 0..time.as_millis() / 10 {
        platform.disturb(call, look());
        platform.run_for(millis(10));
    }
}

#[test]
fn a_flood_of_looks_makes_one_request_at_a_time_and_starts_no_second_chain_of_renewals() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    // A reply takes three seconds, so a flood of two seconds sees one request under way.
    let late = Fault::fetch_with(2, "event", "renew", FetchFault::Late(secs(3))).always();
    let call = platform.call(caller("+1").with(late), secs(0));
    platform.run_until(secs(30));
    look_at(&mut platform, call, secs(2));
    platform.run_until(secs(200));
    let renewals: Vec<_> = renewals(&platform, "+1").into_iter().filter(|at| *at > secs(20)).collect();
    let [first, after, regular, next] = renewals[..] else { panic!("{renewals:?}: {}", platform.report()) };
    assert!(first - secs(30) < millis(100), "{renewals:?}");
    assert!((secs(3)..secs(4)).contains(&(after - first)), "{renewals:?}");
    for pause in [regular - after, next - regular] {
        assert!((secs(63)..secs(64)).contains(&pause), "{renewals:?}");
    }
    assert_all_leave(&line, &mut platform, &[call]);
}

#[test]
fn a_flood_of_looks_keeps_no_session_from_renewing() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let call = platform.call(caller("+1"), secs(0));
    platform.run_until(secs(30));
    // Replies come within less than the pause between two looks, or than the time that an event takes to be handled.
    look_at(&mut platform, call, secs(1));
    assert!(renewals(&platform, "+1").len() > 3, "{}", platform.report());
    assert_all_leave(&line, &mut platform, &[call]);
}

#[test]
fn a_look_at_any_moment_of_a_call_does_no_harm() {
    at_every_event(
        0,
        |event| Fault::after_event(event, look()),
        |_, line, platform, call| {
            assert_eq!(platform.state(call), "joined", "{}", platform.report());
            let joins = platform.trace_lines().iter().filter(|line| line.contains("  join ")).count();
            assert_eq!(joins, 1, "{}", platform.report());
            assert_all_leave(line, platform, &[call]);
        },
    );
    for ends in
        ["line.renewed", "dialog.started", "conference.unjoined", "connection.disconnected", "fetch.done"]
    {
        for nth in 1..5 {
            let line = Line::new();
            let mut platform = platform(&line, Variations::default());
            let call = platform.call(caller("+1").with(Fault::after(nth, ends, look())), secs(0));
            platform.run_until(secs(30));
            line.run(&["end", "1234"]);
            platform.run_until(A_WHOLE_CALL);
            assert_last_words(&platform, call, "The conference has been ended.");
            assert_nothing_left(&line, &platform);
        }
    }
}

#[test]
fn a_session_says_why_it_leaves() {
    let left = |line: &Line, platform: &Platform| {
        assert_nothing_left(line, platform);
        reports(platform, "leave").map(|leave| leave.field("reason").unwrap()).collect::<Vec<_>>()
    };
    for (verb, why) in [("end", "ended"), ("kick", "kicked"), ("", "hangup")] {
        let line = Line::new();
        let mut platform = platform(&line, Variations::default());
        let call = platform.call(caller("+1"), secs(0));
        platform.run_until(secs(60));
        let session = platform.record(call).session_id.clone();
        match verb {
            "end" => drop(line.run(&["end", "1234"])),
            "kick" => drop(line.run(&["kick", "1234", &session])),
            _ => platform.hang_up(call),
        }
        platform.run_until(A_WHOLE_CALL);
        assert_eq!(left(&line, &platform), [why], "{}", platform.report());
    }
    // Who hangs up while the words are said did not end the conference.
    let hangs_up = [Fault::after(3, "dialog.started", Disturbance::HangUp)];
    for (faults, why) in
        [(&hangs_up[..], "ended"), (&[Fault::after(1, "conference.joined", Disturbance::Kill)], "failed")]
    {
        let line = Line::new();
        let mut platform = platform(&line, Variations::default());
        let who = faults.iter().cloned().fold(caller("+1"), Caller::with);
        platform.call(who, secs(0));
        platform.run_until(secs(20));
        line.says(&["end", "1234"]);
        platform.run_until(A_WHOLE_CALL);
        assert_eq!(left(&line, &platform), [why], "{}", platform.report());
    }
    let (line, platform, _) = suffers(&Variations::default(), &[Fault::join(1).always()]);
    assert_eq!(left(&line, &platform), ["failed"], "{}", platform.report());
}
