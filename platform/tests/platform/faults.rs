//! Fetches, documents that follow one another, and everything that goes wrong on the way.

use super::{scratch, shelf, two_callers};
use ccxml_platform::{CallId, HttpRequest, HttpResponse, Platform};
use ccxml_platform::{Caller, Disturbance, Ended, Event, Fault, FetchFault, Gets, Variations, millis, secs};
use std::cell::RefCell;
use std::rc::Rc;

/// Asks the web, goes on to what it answers, stays there.
const FIRST: &str = r#"
  <transition event="connection.alerting">
    <assign name="application.leg" expr="event$.connectionid"/>
    <accept connectionid="application.leg"/>
  </transition>
  <transition event="connection.connected">
    <fetch next="'second.ccxml?a=1'" namelist="number session.id" method="'get'" fetchid="asked"/>
  </transition>
  <transition event="fetch.done"><goto fetchid="event$.fetchid"/></transition>
  <transition event="error.fetch">
    <log expr="'failed ' + event$.statuscode"/>
    <fetch next="'second.ccxml'" namelist="number" fetchid="asked"/>
  </transition>
  <transition event="connection.disconnected"><log expr="'gone in the first'"/></transition>"#;
const SECOND: &str = r#"
  <transition event="ccxml.loaded">
    <log expr="'second ' + application.leg"/>
    <fetch next="'reply.js'" type="'text/ecmascript'" method="'post'" namelist="second" fetchid="asked"/>
  </transition>
  <transition event="fetch.done"><script fetchid="event$.fetchid"/><log expr="'reply ' + answer()"/></transition>
  <transition event="connection.disconnected"><log expr="'gone in the second'"/></transition>
  <transition event="ccxml.kill"><log expr="'killed'"/><exit/></transition>"#;

fn set_up(variations: Variations) -> (Platform, Rc<RefCell<Vec<HttpRequest>>>) {
    let top = "<var name=\"asked\" expr=\"''\"/><var name=\"number\" expr=\"'12 34&amp;'\"/><var name=\"second\" expr=\"2\"/>";
    let mut web = shelf(vec![
        ("first.ccxml", scratch(top, FIRST)),
        ("second.ccxml", scratch(top, SECOND)),
        ("reply.js", "var open = 'yes'; function answer() { return open + second; }".into()),
    ]);
    let log = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&log);
    let logged = move |request: &HttpRequest| -> HttpResponse {
        seen.borrow_mut().push(request.clone());
        web(request)
    };
    (Platform::new(logged, variations).at_address("http://line.example/first.ccxml"), log)
}

fn run(variations: Variations, caller: Caller) -> (Platform, Vec<HttpRequest>, CallId) {
    let (mut platform, log) = set_up(variations);
    let call = platform.call(caller, secs(0));
    platform.run_until(secs(90));
    platform.assert_clean();
    let log = log.borrow().clone();
    (platform, log, call)
}

fn said(platform: &Platform, text: &str) -> bool {
    platform.trace_lines().iter().any(|line| line.ends_with(&format!("log: {text}")))
}

#[test]
fn documents_follow_one_another_and_scripts_are_run() {
    for hostile_ids in [false, true] {
        let variations = Variations { hostile_ids, ..Variations::default() };
        let (platform, log, call) = run(variations, Caller::new("+49301"));
        assert!(said(&platform, "reply yes2"), "{}", platform.report());
        assert_eq!(log[1].field("number").as_deref(), Some("12 34&"));
        assert_eq!(log[1].field("session.id").as_deref(), Some(platform.record(call).session_id.as_str()));
        assert_eq!((log[2].method, log[2].form.as_deref()), ("POST", Some("second=2")));
    }
}

#[test]
fn a_get_may_turn_into_a_post() {
    for (gets, query, form) in
        [(Gets::Unchanged, true, false), (Gets::NamelistAsPost, true, true), (Gets::QueryAsPost, false, true)]
    {
        let (_, log, _) = run(Variations { gets, ..Variations::default() }, Caller::new("+49301"));
        assert_eq!((!log[1].query().is_empty(), log[1].form.is_some()), (query, form), "{gets:?}");
        assert_eq!(log[1].field("a").as_deref(), Some("1"));
        assert_eq!(log[1].field("number").as_deref(), Some("12 34&"));
    }
}

#[test]
fn requests_fail_in_every_way() {
    for (fault, requests, statuscode) in [
        (FetchFault::NeverSent, 3, "undefined"),
        (FetchFault::ResponseLost, 4, "undefined"),
        (FetchFault::Status(503), 3, "503"),
        (FetchFault::Late(secs(40)), 4, "undefined"),
    ] {
        let (platform, log, _) =
            run(Variations::default(), Caller::new("+49301").with(Fault::fetch(1, fault.clone())));
        assert_eq!(log.len(), requests, "{fault:?}\n{}", platform.report());
        assert!(
            said(&platform, &format!("failed {statuscode}")) && said(&platform, "reply yes2"),
            "{}",
            platform.report()
        );
    }
    let (platform, log, _) =
        run(Variations::default(), Caller::new("+49301").with(Fault::fetch(1, FetchFault::Duplicate)));
    assert_eq!((log.len(), &log[1]), (4, &log[2]));
    assert_eq!(platform.exchanges().len(), 4);
    let (platform, _, _) =
        run(Variations::default(), Caller::new("+49301").with(Fault::fetch(1, FetchFault::Late(secs(9)))));
    assert!(platform.report().contains("9.160"), "{}", platform.report());
    let picked = Fault::fetch_with(1, "second", "2", FetchFault::NeverSent).times(2);
    let (platform, log, _) = run(Variations::default(), Caller::new("+49301").with(picked));
    assert!(log.len() >= 2 && !said(&platform, "reply yes2"), "{}", platform.report());
}

#[test]
fn a_response_that_is_cut_off_is_an_error_and_is_noticed() {
    let (mut platform, _) = set_up(Variations::default());
    platform.call(Caller::new("+49301").with(Fault::fetch(1, FetchFault::Truncated)), secs(0));
    platform.run_until(secs(60));
    super::assert_violated(&platform, "not well-formed");
    assert!(said(&platform, "failed 200") && said(&platform, "reply yes2"), "{}", platform.report());
}

#[test]
fn who_hangs_up_at_the_goto_is_reported_to_the_next_document_before_or_after_it_is_loaded() {
    for (loaded_first, order) in [
        (true, ["ccxml.loaded", "connection.disconnected"]),
        (false, ["connection.disconnected", "ccxml.loaded"]),
    ] {
        let (platform, _, call) = run(
            Variations { loaded_first, ..Variations::default() },
            Caller::new("+49301").hang_up_during(4),
        );
        assert_eq!(platform.record(call).event_names[4..6], order);
        assert!(
            said(&platform, "gone in the second") && !said(&platform, "gone in the first"),
            "{}",
            platform.report()
        );
    }
}

#[test]
fn a_session_that_ends_before_its_request_is_sent_has_not_sent_it() {
    let hasty = "<transition event=\"ccxml.loaded\"><fetch next=\"'leave.ccxml'\" fetchid=\"f\"/><exit/></transition>";
    let document = scratch("<var name=\"f\" expr=\"''\"/>", hasty);
    let mut platform = super::scratch_platform(document, Vec::new());
    platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(10));
    assert_eq!(platform.exchanges().len(), 1, "{}", platform.report());
}

#[test]
fn disturbances_befall_a_session_when_they_are_due() {
    let cases = [
        (Disturbance::LoseConnection, Ended::Lost, "error.connection"),
        (Disturbance::Kill, Ended::BareHangUp, "ccxml.kill"),
        (Disturbance::KillUnconditionally, Ended::BareHangUp, "ccxml.kill.unconditional"),
        (Disturbance::Stray(Event::new("error.strange")), Ended::BareHangUp, "error.strange"),
        (Disturbance::PlatformDies, Ended::PlatformDied, "fetch.done"),
        (Disturbance::HangUp, Ended::CallerHungUp, "connection.disconnected"),
    ];
    for (disturbance, ended, event) in cases {
        let caller = Caller::new("+49301").with(Fault::at(2, "fetch.done", disturbance.clone()));
        let (platform, _, call) = run(Variations::default(), caller);
        assert_eq!(platform.record(call).ended, ended, "{disturbance:?}\n{}", platform.report());
        assert_eq!(
            platform.record(call).event_names.last().map(String::as_str),
            Some(event),
            "{disturbance:?}"
        );
    }
}

#[test]
fn an_event_may_never_be_told() {
    let withheld = |pattern: &str| Fault::at(1, "fetch.done", Disturbance::Withheld(pattern.into()));
    let (platform, _, _) = run(Variations::default(), Caller::new("+49301").with(withheld("fetch.*")));
    assert!(!said(&platform, "reply yes2") && !said(&platform, "failed undefined"), "{}", platform.report());
    let hangs_up = Fault::at(2, "fetch.done", Disturbance::HangUp);
    let caller = Caller::new("+49301").with(withheld("connection.disconnected")).with(hangs_up);
    let (platform, _, call) = run(Variations::default(), caller);
    assert_eq!(platform.record(call).ended, Ended::CallerHungUp, "it happens all the same");
    assert!(!said(&platform, "gone in the second"), "{}", platform.report());
}

#[test]
fn errors_may_overtake_other_events() {
    for (errors_first, expected) in [(false, "connection.disconnected"), (true, "error.strange")] {
        let caller = Caller::new("+49301").with(Fault::at(5, "*", Disturbance::HangUp)).with(Fault::at(
            5,
            "*",
            Disturbance::Stray(Event::new("error.strange")),
        ));
        let (platform, _, call) = run(Variations { errors_first, ..Variations::default() }, caller);
        assert_eq!(platform.record(call).event_names[5], expected, "{}", platform.report());
    }
}

#[test]
fn conferences_meet_with_trouble() {
    for (disturbance, event) in [
        (Disturbance::Unjoined, "conference.unjoined"),
        (Disturbance::ConferenceDestroyed, "conference.destroyed"),
        (Disturbance::ConferenceError, "error.conference"),
    ] {
        let mut platform = super::set_up();
        let (anna, ben) = two_callers(&mut platform);
        platform.disturb(anna, disturbance.clone());
        assert_eq!(platform.hears(anna, ben), disturbance == Disturbance::ConferenceError);
        platform.run_for(millis(1));
        assert!(platform.record(anna).event_names.contains(&event.to_string()), "{}", platform.report());
    }
}

#[test]
fn a_call_may_not_be_accepted_and_a_conference_not_be_made() {
    let mut platform = super::set_up().with_fault(Fault::create(2));
    let refused = platform.call(Caller::new("+49300").patience(secs(5)).with(Fault::accept(1)), secs(0));
    let (anna, ben) = two_callers(&mut platform);
    assert_eq!(platform.record(refused).ended, Ended::CallerHungUp);
    assert!(platform.record(refused).event_names.contains(&"connection.accept.failed".to_string()));
    assert_eq!((platform.is_over(anna), platform.is_over(ben)), (false, true), "{}", platform.report());
    platform.assert_clean();
}

#[test]
fn responses_are_cached_as_far_as_they_allow() {
    for (caches, requests) in [(true, 1), (false, 2)] {
        let served = Rc::new(RefCell::new(0));
        let count = Rc::clone(&served);
        let mut web =
            shelf(vec![("room.ccxml", super::ROOM.into()), ("ask-room.vxml", super::ASK_ROOM.into())]);
        let web = move |request: &HttpRequest| {
            let mut response = web(request);
            if request.path().ends_with("vxml") {
                *count.borrow_mut() += 1;
                response.headers.push(("Cache-Control".into(), "max-age=60".into()));
            }
            response
        };
        let mut platform = Platform::new(web, Variations { caches, ..Variations::default() })
            .at_address("http://h/room.ccxml");
        two_callers(&mut platform);
        assert_eq!(*served.borrow(), requests);
    }
}

#[test]
fn the_same_run_gives_the_same_trace() {
    let trace = || {
        let mut platform = super::set_up();
        two_callers(&mut platform);
        platform.report()
    };
    assert_eq!(trace(), trace());
}

#[test]
fn an_event_can_be_told_never_twice_or_late() {
    let told = |disturbance: Option<Disturbance>| {
        let mut caller = Caller::new("+49301");
        if let Some(disturbance) = disturbance {
            caller = caller.with(Fault::after_element(1, "accept", disturbance));
        }
        let (platform, _, _) = run(Variations::default(), caller);
        let is_told = |line: &String| line.contains(" connection.connected ") && !line.contains(" ! ");
        let told =
            platform.trace_lines().into_iter().filter(is_told).map(|line| line[..9].trim().to_string());
        told.collect::<Vec<_>>()
    };
    let connected = || "connection.connected".to_string();
    assert_eq!(told(None), ["0.150"]);
    assert_eq!(told(Some(Disturbance::Withheld(connected()))), [""; 0]);
    assert_eq!(told(Some(Disturbance::Doubled(connected(), secs(3)))), ["0.150", "3.150"]);
    assert_eq!(told(Some(Disturbance::Delayed(connected(), secs(3)))), ["3.150"]);
}

#[test]
fn the_end_of_a_dialog_may_be_told_late() {
    let told = |exit_delay| {
        let mut platform =
            super::platform_with(str::to_string, Variations { exit_delay, ..Variations::default() });
        platform.call(Caller::new("+49301").keys("1234#"), secs(0));
        platform.run_until(secs(20));
        let line = platform.trace_lines().into_iter().find(|line| line.contains(" dialog.exit ")).unwrap();
        line[..9].trim().parse::<f64>().unwrap()
    };
    assert!((told(millis(150)) - told(millis(0)) - 0.15).abs() < 0.001);
}
