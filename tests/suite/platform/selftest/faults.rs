//! Fetches, documents that follow one another, and everything that goes wrong on the way.

use super::super::{Caller, Disturbance, Ended, Event, Fault, FetchFault, Gets, Variations, millis, secs};
use super::{scratch, shelf, two_callers};
use crate::platform::{CallId, HttpRequest, HttpResponse, Platform};
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

fn line(variations: Variations) -> (Platform, Rc<RefCell<Vec<HttpRequest>>>) {
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
    let (mut line, log) = line(variations);
    let call = line.call(caller, secs(0));
    line.run_until(secs(90));
    line.assert_clean();
    let log = log.borrow().clone();
    (line, log, call)
}

fn said(line: &Platform, text: &str) -> bool {
    line.trace().iter().any(|line| line.ends_with(&format!("log: {text}")))
}

#[test]
fn documents_follow_one_another_and_scripts_are_run() {
    for hostile_ids in [false, true] {
        let variations = Variations { hostile_ids, ..Variations::default() };
        let (line, log, call) = run(variations, Caller::new("+49301"));
        assert!(said(&line, "reply yes2"), "{}", line.report());
        assert_eq!(log[1].field("number").as_deref(), Some("12 34&"));
        assert_eq!(log[1].field("session.id").as_deref(), Some(line.record(call).session_id.as_str()));
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
        let (line, log, _) =
            run(Variations::default(), Caller::new("+49301").with(Fault::fetch(1, fault.clone())));
        assert_eq!(log.len(), requests, "{fault:?}\n{}", line.report());
        assert!(
            said(&line, &format!("failed {statuscode}")) && said(&line, "reply yes2"),
            "{}",
            line.report()
        );
    }
    let (line, log, _) =
        run(Variations::default(), Caller::new("+49301").with(Fault::fetch(1, FetchFault::Duplicate)));
    assert_eq!((log.len(), &log[1]), (4, &log[2]));
    assert_eq!(line.exchanges().len(), 4);
    let (line, _, _) =
        run(Variations::default(), Caller::new("+49301").with(Fault::fetch(1, FetchFault::Late(secs(9)))));
    assert!(line.report().contains("9.160"), "{}", line.report());
    let picked = Fault::fetch_with(1, "second", "2", FetchFault::NeverSent).times(2);
    let (line, log, _) = run(Variations::default(), Caller::new("+49301").with(picked));
    assert!(log.len() >= 2 && !said(&line, "reply yes2"), "{}", line.report());
}

#[test]
fn a_response_that_is_cut_off_is_an_error_and_is_noticed() {
    let (mut line, _) = line(Variations::default());
    line.call(Caller::new("+49301").with(Fault::fetch(1, FetchFault::Truncated)), secs(0));
    line.run_until(secs(60));
    super::assert_violated(&line, "not well-formed");
    assert!(said(&line, "failed 200") && said(&line, "reply yes2"), "{}", line.report());
}

#[test]
fn who_hangs_up_at_the_goto_is_reported_to_the_next_document_before_or_after_it_is_loaded() {
    for (loaded_first, order) in [
        (true, ["ccxml.loaded", "connection.disconnected"]),
        (false, ["connection.disconnected", "ccxml.loaded"]),
    ] {
        let (line, _, call) = run(
            Variations { loaded_first, ..Variations::default() },
            Caller::new("+49301").hang_up_during(4),
        );
        assert_eq!(line.record(call).event_names[4..6], order);
        assert!(said(&line, "gone in the second") && !said(&line, "gone in the first"), "{}", line.report());
    }
}

#[test]
fn a_session_that_ends_before_its_request_is_sent_has_not_sent_it() {
    let hasty = "<transition event=\"ccxml.loaded\"><fetch next=\"'leave.ccxml'\" fetchid=\"f\"/><exit/></transition>";
    let document = scratch("<var name=\"f\" expr=\"''\"/>", hasty);
    let mut line = super::scratch_line(document, Vec::new());
    line.call(Caller::new("+49301"), secs(0));
    line.run_until(secs(10));
    assert_eq!(line.exchanges().len(), 1, "{}", line.report());
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
        let (line, _, call) = run(Variations::default(), caller);
        assert_eq!(line.record(call).ended, ended, "{disturbance:?}\n{}", line.report());
        assert_eq!(line.record(call).event_names.last().map(String::as_str), Some(event), "{disturbance:?}");
    }
}

#[test]
fn an_event_may_never_be_told() {
    let withheld = |pattern: &str| Fault::at(1, "fetch.done", Disturbance::Withheld(pattern.into()));
    let (line, _, _) = run(Variations::default(), Caller::new("+49301").with(withheld("fetch.*")));
    assert!(!said(&line, "reply yes2") && !said(&line, "failed undefined"), "{}", line.report());
    let hangs_up = Fault::at(2, "fetch.done", Disturbance::HangUp);
    let caller = Caller::new("+49301").with(withheld("connection.disconnected")).with(hangs_up);
    let (line, _, call) = run(Variations::default(), caller);
    assert_eq!(line.record(call).ended, Ended::CallerHungUp, "it happens all the same");
    assert!(!said(&line, "gone in the second"), "{}", line.report());
}

#[test]
fn errors_may_overtake_other_events() {
    for (errors_first, expected) in [(false, "connection.disconnected"), (true, "error.strange")] {
        let caller = Caller::new("+49301").with(Fault::at(5, "*", Disturbance::HangUp)).with(Fault::at(
            5,
            "*",
            Disturbance::Stray(Event::new("error.strange")),
        ));
        let (line, _, call) = run(Variations { errors_first, ..Variations::default() }, caller);
        assert_eq!(line.record(call).event_names[5], expected, "{}", line.report());
    }
}

#[test]
fn conferences_meet_with_trouble() {
    for (disturbance, event) in [
        (Disturbance::Unjoined, "conference.unjoined"),
        (Disturbance::ConferenceDestroyed, "conference.destroyed"),
        (Disturbance::ConferenceError, "error.conference"),
    ] {
        let mut line = super::line();
        let (anna, ben) = two_callers(&mut line);
        line.disturb(anna, disturbance.clone());
        assert_eq!(line.hears(anna, ben), disturbance == Disturbance::ConferenceError);
        line.run_for(millis(1));
        assert!(line.record(anna).event_names.contains(&event.to_string()), "{}", line.report());
    }
}

#[test]
fn a_call_may_not_be_accepted_and_a_conference_not_be_made() {
    let mut line = super::line().with_fault(Fault::create(2));
    let refused = line.call(Caller::new("+49300").patience(secs(5)).with(Fault::accept(1)), secs(0));
    let (anna, ben) = two_callers(&mut line);
    assert_eq!(line.record(refused).ended, Ended::CallerHungUp);
    assert!(line.record(refused).event_names.contains(&"connection.accept.failed".to_string()));
    assert_eq!((line.is_over(anna), line.is_over(ben)), (false, true), "{}", line.report());
    line.assert_clean();
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
        let mut line = Platform::new(web, Variations { caches, ..Variations::default() })
            .at_address("http://h/room.ccxml");
        two_callers(&mut line);
        assert_eq!(*served.borrow(), requests);
    }
}

#[test]
fn the_same_run_gives_the_same_trace() {
    let trace = || {
        let mut line = super::line();
        two_callers(&mut line);
        line.report()
    };
    assert_eq!(trace(), trace());
}
