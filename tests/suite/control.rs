//! Sessions are told at once (contract section 10): a platform of one thread for each connection takes what is posted.

use crate::event_server::{EventServer, sessions};
use crate::program::Line;
use crate::shell::Said;
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpListener;
use std::sync::Mutex;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A conference with these sessions, each of which has a URL whose last part is this.
fn conference(platform: &EventServer, sessions: &[(&str, &str)]) -> Line {
    let line = Line::new().with("CONFERENCE_CONTROL", platform.setting());
    for (session, status) in sessions {
        let query = serde_urlencoded::to_string([("conference_code", "1234"), ("session_id", session)]);
        line.get(&query.unwrap()).document();
        is_controlled_at(&line, session, &format!("{}{status}", platform.setting()));
    }
    line
}

fn is_controlled_at(line: &Line, session: &str, url: &str) {
    let form = [("event", "renew"), ("conference_code", "1234"), ("session_id", session), ("control", url)];
    assert_eq!(line.post(&serde_urlencoded::to_string(form).unwrap()).document(), "script");
}

/// A conference with so many sessions, whose URLs end as this says of each.
fn crowd(platform: &EventServer, count: usize, end: impl Fn(usize) -> &'static str) -> Line {
    let line = conference(platform, &[("s", "204")]);
    line.fill(count, |n, caller| {
        caller["session"] = format!("s{n}").into();
        caller["identity"]["control"] = format!("{}{}", platform.setting(), end(n)).into();
    });
    line
}

/// What a verb says, behind what it has done.
fn told(said: &str) -> &str {
    said.trim_end().split_once("; ").map(|(_, when)| when).unwrap_or_default()
}

const LATER: &str = "at the next renewal, within 60 s";

#[test]
fn a_session_is_told_by_a_form_and_every_2xx_is_success() {
    let platform = EventServer::start();
    let line = conference(&platform, &[("a+b&c", "200"), ("b", "202"), ("c", "204"), ("d", "299")]);
    assert_eq!(told(&line.run(&["end", "1234"])), "4 callers hear so now");
    let posted = platform.posted();
    let one = posted.iter().find(|(path, ..)| path == "/ccxml/200").unwrap();
    assert_eq!(
        (one.1.as_str(), one.2.as_str()),
        ("application/x-www-form-urlencoded", "sessionid=a%2Bb%26c&name=line.look")
    );
    assert_eq!(sessions(&posted), ["a+b&c", "b", "c", "d"]);
}

#[test]
fn who_does_not_take_it_hears_at_the_next_renewal_and_no_redirect_is_followed() {
    let platform = EventServer::start();
    let line = conference(&platform, &[("a", "204"), ("b", "500"), ("c", "302"), ("d", "307"), ("e", "404")]);
    line.enter("1234", "f");
    let expected = format!("1 caller hears so now, 5 {LATER}");
    assert_eq!(told(&line.run(&["end", "1234"])), expected);
    let posted = platform.posted();
    assert_eq!(posted.len(), 5);
    assert!(posted.iter().all(|(path, ..)| !path.contains("elsewhere")), "{posted:?}");
}

#[test]
fn a_platform_that_does_not_listen_costs_nothing_but_time() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/");
    let line = Line::new().with("CONFERENCE_CONTROL", &url);
    line.enter("1234", "a");
    is_controlled_at(&line, "a", &url);
    assert_eq!(told(&line.run(&["end", "1234"])), format!("1 caller hears so {LATER}"));
    let unknown = Line::new().with("CONFERENCE_CONTROL", "http://nowhere.invalid/");
    unknown.enter("1234", "a");
    is_controlled_at(&unknown, "a", "http://nowhere.invalid/x");
    assert_eq!(told(&unknown.run(&["end", "1234"])), format!("1 caller hears so {LATER}"));
}

#[test]
fn three_hundred_sessions_that_hang_are_all_called_and_waited_for_together() {
    let platform = EventServer::start();
    let line = crowd(&platform, 300, |_| "hang");
    let begun = Instant::now();
    let said = line.run(&["end", "1234"]);
    // One after the other they would take ten minutes.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(told(&said), format!("300 callers hear so {LATER}"));
    assert_eq!(platform.told().len(), 300);
}

#[test]
fn sessions_that_hang_keep_no_other_waiting() {
    let platform = EventServer::start();
    let line = crowd(&platform, 250, |n| if n < 200 { "hang" } else { "204" });
    assert_eq!(told(&line.run(&["end", "1234"])), format!("50 callers hear so now, 200 {LATER}"));
}

#[test]
fn a_thousand_sessions_are_told() {
    let platform = EventServer::start();
    let line = crowd(&platform, 1000, |_| "204");
    assert_eq!(told(&line.run(&["end", "1234"])), "1000 callers hear so now");
    assert_eq!(platform.told().len(), 1000);
}

#[test]
fn a_proxy_of_the_environment_is_not_asked() {
    let (platform, proxy) = (EventServer::start(), EventServer::start());
    let line = conference(&platform, &[("a", "204")]);
    let mut command = line.shell(&["end", "1234"]);
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        for name in [name.to_owned(), name.to_uppercase()] {
            command.env(name, format!("http://127.0.0.1:{}", proxy.port));
        }
    }
    assert_eq!(told(&Said::by(&mut command).out), "1 caller hears so now");
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn nothing_is_called_that_lies_outside_of_the_setting_whatever_a_token_says() {
    let (platform, other) = (EventServer::start(), EventServer::start());
    let port = platform.port;
    let outside = [
        format!("http://127.0.0.1:{}/ccxml/204", other.port),
        format!("http://127.0.0.1:{port}@127.0.0.1:{}/ccxml/204", other.port),
        format!("http://user@127.0.0.1:{port}/ccxml/204"),
        format!("http://127.0.0.1:{port}/other/204"),
        format!("http://127.0.0.1:{port}/ccxml/../204"),
        format!("https://127.0.0.1:{port}/ccxml/204"),
        format!("http://127.0.0.1.nip.io:{port}/ccxml/204"),
        "file:///ccxml/204".to_owned(),
        "'+session.id+'".to_owned(),
    ];
    let line = conference(&platform, &[]);
    for (n, url) in outside.iter().enumerate() {
        line.enter("1234", &format!("s{n}"));
        is_controlled_at(&line, &format!("s{n}"), url);
    }
    line.edit("1234", |token| {
        for (caller, url) in token["callers"].as_array_mut().unwrap().iter_mut().zip(&outside) {
            assert_eq!(caller["identity"]["control"], Value::Null, "{caller}");
            caller["identity"] = json!({"control": url});
        }
    });
    let count = outside.len();
    let expected = format!("{count} callers hear so {LATER}");
    assert_eq!(told(&line.run(&["end", "1234"])), expected);
    assert_eq!((platform.connections(), other.connections()), (0, 0));
}

#[test]
fn without_the_setting_nothing_is_kept_and_nothing_called() {
    let platform = EventServer::start();
    let line = Line::new();
    line.enter("1234", "a");
    let url = format!("{}204", platform.setting());
    is_controlled_at(&line, "a", &url);
    let token = line.kept("1234").unwrap();
    assert!(!token.contains("ccxml"), "{token}");
    line.edit("1234", |token| token["callers"][0]["identity"] = json!({"control": url}));
    assert_eq!(told(&line.run(&["end", "1234"])), format!("1 caller hears so {LATER}"));
    assert_eq!(platform.connections(), 0);
}

#[test]
fn each_verb_tells_those_whom_it_concerns() {
    let platform = EventServer::start();
    let line = conference(&platform, &[("a", "204"), ("b", "204"), ("c", "204")])
        .with("CONFERENCE_MAX_MINUTES", "60");
    line.enter("5678", "x");
    let (one, several) = ("1 caller hears so now", "3 callers hear so now");
    for (arguments, when, sessions) in [
        (&["lock", "1234"][..], "newcomers hear so at once, moderators get in", &[][..]),
        (&["mute", "1234", "a"], one, &["a"]),
        (&["mute", "1234", "a"], "", &[]),
        (&["mute", "1234", "all"], "2 callers hear so now", &["b", "c"]),
        (&["unmute", "1234", "b"], one, &["b"]),
        (&["unmute", "1234", "all"], "2 callers hear so now", &["a", "c"]),
        (&["end", "1234"], several, &["a", "b", "c"]),
        (&["end", "1234"], several, &["a", "b", "c"]),
        (&["kick", "1234", "b"], one, &["b"]),
        (&["kick", "1234", "all"], "2 callers hear so now", &["a", "c"]),
    ] {
        assert_eq!(told(&line.run(arguments)), when, "{arguments:?}");
        assert_eq!(platform.told(), sessions, "{arguments:?}");
    }
    let limited = line.with("CONFERENCE_LINE", "limited");
    limited.enter("1234", "z");
    is_controlled_at(&limited, "z", &format!("{}204", platform.setting()));
    assert_eq!(told(&limited.run(&["extend", "1234", "5"])), "1 session knows now");
    assert_eq!(platform.told(), ["z"]);
}

#[test]
fn what_is_done_at_the_desk_is_told_at_once_too() {
    let platform = EventServer::start();
    let line = conference(&platform, &[("a", "204"), ("b", "500")]);
    for query in ["number=1234", "number=1234&format=json", "format=json"] {
        let shown = line.ask_desk("GET", query).reply().body;
        assert!(!shown.contains("/ccxml/"), "nobody is shown where sessions take events: {shown}");
    }
    let reply =
        line.ask_desk("POST", "").form("action=end&number=1234").variable("HTTP_ACCEPT", "application/json");
    let message: Value = serde_json::from_str(&reply.reply().body).unwrap();
    let expected = format!("Conference 1234 is ending; 1 caller hears so now, 1 {LATER}.");
    assert_eq!(message, json!({"message": expected, "callers": 2, "reached": 1}));
    assert_eq!(platform.told(), ["a", "b"]);
}

#[test]
fn whoever_looks_at_once_finds_what_was_done() {
    let ((called, is_called), (go_on, may_go_on)) = (mpsc::channel(), mpsc::channel());
    let (called, may_go_on) = (Mutex::new(called), Mutex::new(may_go_on));
    let platform = EventServer::answering(move |stream, _| {
        called.lock().unwrap().send(()).unwrap();
        let _: () = may_go_on.lock().unwrap().recv().unwrap();
        stream.write_all(b"HTTP/1.1 204 X\r\n\r\n").unwrap();
    });
    let line = conference(&platform, &[("a", "204")]);
    let verb = line.shell(&["kick", "1234", "a"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    is_called.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(line.report("renew", "1234", "a").body.contains("'kicked'"));
    go_on.send(()).unwrap();
    let said = String::from_utf8(verb.wait_with_output().unwrap().stdout).unwrap();
    assert!(said.ends_with("; 1 caller hears so now\n"), "{said}");
}
