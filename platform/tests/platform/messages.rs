//! Events that sessions get from one another, and by HTTP.

use super::scratch;
use ccxml_platform::{BasicHttp, CallId, Caller, HttpRequest, HttpResponse, Platform, Sender, Sends};
use ccxml_platform::{Variations, What, millis, secs};
use std::time::Duration;

/// Logs its session's processors, and every event that comes by its own name.
const LISTENER: &str = r#"
  <transition event="ccxml.loaded">
    <log label="'processors'" expr="typeof session.ioprocessors + ' ' + (session.ioprocessors ? session.ioprocessors['basichttp'] : '')"/>
  </transition>
  <transition event="connection.alerting"><accept/></transition>
  <transition event="ask.*"><log expr="event$.name + ' ' + event$.eventsourcetype + ' ' + event$.eventsource"/></transition>
  <transition event="site.*"><log expr="event$.site.code + event$.site.name + event$.plain + typeof event$.sessionid"/></transition>
  <transition event="send.*"><log expr="event$.name"/></transition>
  <transition event="error.send.*"><log expr="event$.name"/></transition>
  <transition event="pass.on"><send target="event$.to" targettype="'ccxml'" name="'ask.you'"/></transition>
  <transition event="leave"><exit/></transition>"#;

fn set_up(variations: Variations) -> Platform {
    let web = |_: &HttpRequest| HttpResponse::new(200, "application/ccxml+xml", scratch("", LISTENER));
    Platform::new(web, variations)
}

fn with_basichttp() -> Variations {
    Variations { basichttp: BasicHttp::There, ..Variations::default() }
}

/// What sessions have logged, by moment and number.
fn logged(platform: &Platform) -> Vec<(Duration, String, String)> {
    let logs = platform.trace().iter().filter_map(|entry| match &entry.what {
        What::Logs { text, label } if label.is_empty() => {
            Some((entry.at, entry.who.to_string(), text.clone()))
        }
        _ => None,
    });
    logs.collect()
}

fn id(platform: &Platform, call: CallId) -> String {
    platform.record(call).session_id.clone()
}

/// Anna's session sends an event to a session, five seconds after Ben has rung.
fn passed_on(variations: Variations, to: impl Fn(&mut Platform, CallId, CallId) -> String) -> Platform {
    let mut platform = set_up(Variations { basichttp: BasicHttp::There, ..variations });
    let anna = platform.call(Caller::new("+49301"), secs(0));
    let ben = platform.call(Caller::new("+49302"), secs(0));
    platform.run_until(secs(5));
    let (sender, target) = (id(&platform, anna), to(&mut platform, anna, ben));
    let status = platform.basichttp(&[("sessionid", &sender), ("name", "pass.on"), ("to", &target)]);
    assert_eq!(status, 204);
    platform.run_for(secs(5));
    platform.assert_clean();
    platform
}

#[test]
fn sessions_are_told_of_basichttp_where_it_is() {
    for (basichttp, expected) in [
        (BasicHttp::Absent, "object undefined"),
        (BasicHttp::Null, "object null"),
        (BasicHttp::NoProcessors, "object "),
        (BasicHttp::Missing, "undefined "),
        (BasicHttp::There, "object http://127.0.0.1:1971/events"),
    ] {
        let mut platform = set_up(Variations { basichttp, ..Variations::default() })
            .at_basichttp("http://127.0.0.1:1971/events");
        let anna = platform.call(Caller::new("+49301"), secs(0));
        platform.run_until(secs(5));
        let told = |line: &String| line.ends_with(&format!("processors log: {expected}"));
        assert!(platform.trace_lines().iter().any(told), "{basichttp:?}\n{}", platform.report());
        let session = id(&platform, anna);
        let status = platform.basichttp(&[("sessionid", &session), ("name", "ask.it")]);
        assert_eq!(status, if basichttp == BasicHttp::There { 204 } else { 404 });
        platform.assert_clean();
    }
}

#[test]
fn an_http_request_is_an_event_in_the_queue_of_its_session_alone() {
    for hostile_ids in [false, true] {
        let mut platform = set_up(Variations { hostile_ids, ..with_basichttp() });
        let anna = platform.call(Caller::new("+49301"), secs(0));
        platform.call(Caller::new("+49302"), secs(0));
        platform.run_until(secs(5));
        let session = id(&platform, anna);
        let fields = [("sessionid", session.as_str()), ("name", "ask.it"), ("eventsource", "http://h/?a=1")];
        assert_eq!(platform.basichttp(&fields), 204);
        assert_eq!((logged(&platform).len(), platform.next_due()), (0, Some(secs(5))));
        platform.run_for(Duration::ZERO);
        let expected = "ask.it basichttp http://h/?a=1".to_string();
        assert_eq!(logged(&platform), [(secs(5), "+49301".to_string(), expected)], "{}", platform.report());
    }
}

#[test]
fn fields_of_a_form_are_properties_of_the_event() {
    let mut platform = set_up(with_basichttp());
    let anna = platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(5));
    let form =
        format!("sessionid={}&name=site.known&site.code=4%2B&site.name=a+b&plain=%26", id(&platform, anna));
    assert_eq!(platform.basichttp_form(&form), 204);
    platform.run_for(secs(1));
    platform.assert_clean();
    assert_eq!(logged(&platform)[0].2, "4+a b&undefined");
}

#[test]
fn a_request_that_brings_no_event_is_told_why() {
    let mut platform = set_up(with_basichttp());
    let anna = platform.call(Caller::new("+49301"), secs(0));
    let later = platform.call(Caller::new("+49302"), secs(500));
    platform.run_until(secs(5));
    let (session, unborn) = (id(&platform, anna), id(&platform, later));
    for (fields, status) in [
        (vec![("sessionid", session.as_str())], 400),
        (vec![("name", "ask.it")], 400),
        (vec![("sessionid", ""), ("name", "ask.it")], 400),
        (vec![("sessionid", &session), ("name", "")], 400),
        (vec![("sessionid", &session), ("name", ".ask")], 400),
        (vec![("sessionid", &session), ("name", "ask it")], 400),
        (vec![("sessionid", &session), ("name", "ask.\u{fc}")], 400),
        (vec![("sessionid", &session), ("name", "ask.it"), ("name", "ask.it")], 400),
        (vec![("sessionid", &session), ("name", "ask.it"), ("a", "1"), ("a.b", "2")], 400),
        (vec![("sessionid", &session), ("name", "ask.it"), ("a-b", "1")], 400),
        (vec![("sessionid", &session), ("name", "ask.it"), ("a..b", "1")], 400),
        (vec![("sessionid", &session), ("name", "ask.it"), ("eventsourcetype", "ccxml")], 400),
        (vec![("sessionid", "session-77"), ("name", "ask.it")], 403),
        (vec![("sessionid", &unborn), ("name", "ask.it")], 403),
        (vec![("sessionid", &session), ("name", "leave")], 204),
    ] {
        assert_eq!(platform.basichttp(&fields), status, "{fields:?}");
        assert_eq!(platform.next_due(), Some(if status == 204 { secs(5) } else { secs(500) }));
    }
    platform.run_for(secs(1));
    assert!(platform.is_over(anna) && logged(&platform).is_empty(), "{}", platform.report());
    assert_eq!(platform.basichttp(&[("sessionid", &session), ("name", "ask.it")]), 403);
}

#[test]
fn an_event_is_sent_to_another_session_at_once_late_or_not_at_all() {
    for (sends, answer, arrives) in [
        (Sends::Delivered(Duration::ZERO), "send.successful", Some(secs(5))),
        (Sends::Delivered(millis(300)), "send.successful", Some(millis(5300))),
        (Sends::Refused, "error.send.failed", None),
    ] {
        let platform =
            passed_on(Variations { sends, ..Variations::default() }, |platform, _, ben| id(platform, ben));
        let logs = logged(&platform);
        let of = |number: &str| logs.iter().filter(|log| log.1 == number).collect::<Vec<_>>();
        let (own, other) = (of("+49301"), of("+49302"));
        assert_eq!((own.len(), own[0].0, own[0].2.as_str()), (1, millis(5005), answer), "{logs:?}");
        assert_eq!(other.first().map(|log| log.0), arrives, "{}", platform.report());
        assert!(other.iter().all(|log| log.2 == "ask.you ccxml session-1"), "{other:?}");
        let told = |entry: &&ccxml_platform::TraceEntry| matches!(&entry.what, What::Told { by: Sender::Call(_), event } if event.name == "ask.you");
        assert_eq!(platform.trace().iter().filter(told).count(), usize::from(arrives.is_some()));
    }
}

#[test]
fn a_session_may_always_send_to_itself() {
    for sends in [Sends::Refused, Sends::Delivered(secs(1))] {
        let platform =
            passed_on(Variations { sends, ..Variations::default() }, |platform, anna, _| id(platform, anna));
        let texts: Vec<_> = logged(&platform).into_iter().map(|(at, _, text)| (at, text)).collect();
        let expected = [(secs(5), "ask.you ccxml session-1"), (millis(5005), "send.successful")];
        assert_eq!(texts, expected.map(|(at, text)| (at, text.to_string())));
    }
}

#[test]
fn nothing_is_sent_to_a_session_that_is_not_there() {
    let unknown = passed_on(Variations::default(), |_, _, _| "session-77".into());
    let ended = passed_on(Variations::default(), |platform, _, ben| {
        platform.hang_up(ben);
        let session = id(platform, ben);
        assert_eq!(platform.basichttp(&[("sessionid", &session), ("name", "leave")]), 204);
        platform.run_for(secs(1));
        session
    });
    for platform in [unknown, ended] {
        let texts: Vec<_> = logged(&platform).into_iter().map(|(_, who, text)| (who, text)).collect();
        assert_eq!(texts, [("+49301".to_string(), "error.send.targetunavailable".to_string())]);
    }
}

#[test]
fn an_event_that_arrives_after_its_session_has_ended_is_lost() {
    let variations = Variations { sends: Sends::Delivered(secs(2)), ..with_basichttp() };
    let mut platform = set_up(variations);
    let anna = platform.call(Caller::new("+49301"), secs(0));
    let ben = platform.call(Caller::new("+49302"), secs(0));
    platform.run_until(secs(5));
    let (sender, target) = (id(&platform, anna), id(&platform, ben));
    platform.basichttp(&[("sessionid", &sender), ("name", "pass.on"), ("to", &target)]);
    platform.run_for(secs(1));
    platform.basichttp(&[("sessionid", &target), ("name", "leave")]);
    platform.run_for(secs(5));
    platform.assert_clean();
    assert_eq!(logged(&platform).len(), 1, "{}", platform.report());
    assert!(platform.is_over(ben) && !platform.is_over(anna));
}
