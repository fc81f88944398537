//! Sessions are told at once (contract section 10): a platform of one thread for each connection takes what is posted.

use crate::program::Line;
use crate::shell::Said;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What was posted: path, type and body.
type Posted = (String, String, String);

/// A platform that takes events at URLs whose last part says what is made of them.
struct Platform {
    port: u16,
    posted: Arc<Mutex<Vec<Posted>>>,
    connections: Receiver<()>,
}

impl Platform {
    /// Answers with the status that a path ends in, and never where it ends in `hang`.
    fn start() -> Self {
        Self::answering(|stream, status| {
            let location = status.starts_with('3').then_some("Location: /ccxml/elsewhere/204\r\n");
            let head = format!(
                "HTTP/1.1 {status} X\r\n{}Content-Length: 0\r\nConnection: close\r\n\r\n",
                location.unwrap_or("")
            );
            let _ = stream.write_all(head.as_bytes());
        })
    }

    fn answering(answer: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let posted = Arc::new(Mutex::new(Vec::new()));
        let (tell, connections) = mpsc::channel();
        let (list, answer) = (posted.clone(), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, list, answer) = (stream.unwrap(), list.clone(), answer.clone());
                let _ = tell.send(());
                thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    let status = request.0.rsplit('/').next().unwrap().to_owned();
                    list.lock().unwrap().push(request);
                    match status.as_str() {
                        // Until the other side gives up.
                        "hang" => drop(stream.read_to_end(&mut Vec::new())),
                        status => answer(&mut stream, status),
                    }
                });
            }
        });
        Self { port, posted, connections }
    }

    fn setting(&self) -> String {
        format!("http://127.0.0.1:{}/ccxml/", self.port)
    }

    /// The sessions that have been told of something since this was asked last, sorted.
    fn told(&self) -> Vec<String> {
        let posted = std::mem::take(&mut *self.posted.lock().unwrap());
        let session = |(_, _, body): &Posted| {
            let fields: Vec<(String, String)> = serde_urlencoded::from_str(body).unwrap();
            assert!(fields.contains(&("name".to_owned(), "line.look".to_owned())), "{body}");
            fields.iter().find(|(name, _)| name == "sessionid").unwrap().1.clone()
        };
        let mut sessions: Vec<_> = posted.iter().map(session).collect();
        sessions.sort();
        sessions
    }

    fn connections(&self) -> usize {
        self.connections.try_iter().count()
    }
}

fn read(stream: &TcpStream) -> Option<Posted> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length, mut media_type) = (String::new(), 0, String::new());
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let path = match (words.next()?, words.next()?) {
        ("POST", path) => path.to_owned(),
        (other, path) => format!("{other} {path}"),
    };
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        match line.trim().to_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(("content-type", value)) => media_type = value.to_owned(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, media_type, String::from_utf8(body).unwrap()))
}

/// A conference with these sessions, each of which has a URL whose last part is this.
fn conference(platform: &Platform, sessions: &[(&str, &str)]) -> Line {
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
fn crowd(platform: &Platform, count: usize, end: impl Fn(usize) -> &'static str) -> Line {
    let line = conference(platform, &[("s", "204")]);
    let mut token: Value = serde_json::from_str(&line.kept("1234").unwrap()).unwrap();
    let caller = token["callers"][0].clone();
    let callers = (0..count).map(|n| {
        let mut caller = caller.clone();
        caller["session"] = format!("s{n}").into();
        caller["identity"]["control"] = format!("{}{}", platform.setting(), end(n)).into();
        caller
    });
    token["callers"] = callers.collect();
    line.keep("1234", &format!("{token}\n"));
    line
}

/// What a verb says, behind what it has done.
fn told(said: &str) -> &str {
    said.trim_end().split_once("; ").map(|(_, when)| when).unwrap_or_default()
}

const LATER: &str = "at the next renewal, within 60 s";

#[test]
fn a_session_is_told_by_a_form_and_every_2xx_is_success() {
    let platform = Platform::start();
    let line = conference(&platform, &[("a+b&c", "200"), ("b", "202"), ("c", "204"), ("d", "299")]);
    assert_eq!(told(&line.run(&["end", "1234"])), "4 callers hear so now");
    let posted = platform.posted.lock().unwrap().clone();
    let one = posted.iter().find(|(path, ..)| path == "/ccxml/200").unwrap();
    assert_eq!(
        (one.1.as_str(), one.2.as_str()),
        ("application/x-www-form-urlencoded", "sessionid=a%2Bb%26c&name=line.look")
    );
    assert_eq!(platform.told(), ["a+b&c", "b", "c", "d"]);
}

#[test]
fn who_does_not_take_it_hears_at_the_next_renewal_and_no_redirect_is_followed() {
    let platform = Platform::start();
    let line = conference(&platform, &[("a", "204"), ("b", "500"), ("c", "302"), ("d", "307"), ("e", "404")]);
    line.enter("1234", "f");
    let expected = format!("1 caller hears so now, 5 {LATER}");
    assert_eq!(told(&line.run(&["end", "1234"])), expected);
    let posted = platform.posted.lock().unwrap();
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
    let platform = Platform::start();
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
    let platform = Platform::start();
    let line = crowd(&platform, 250, |n| if n < 200 { "hang" } else { "204" });
    assert_eq!(told(&line.run(&["end", "1234"])), format!("50 callers hear so now, 200 {LATER}"));
}

#[test]
fn a_thousand_sessions_are_told() {
    let platform = Platform::start();
    let line = crowd(&platform, 1000, |_| "204");
    assert_eq!(told(&line.run(&["end", "1234"])), "1000 callers hear so now");
    assert_eq!(platform.told().len(), 1000);
}

#[test]
fn a_proxy_of_the_environment_is_not_asked() {
    let (platform, proxy) = (Platform::start(), Platform::start());
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
    let (platform, other) = (Platform::start(), Platform::start());
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
    let mut token: Value = serde_json::from_str(&line.kept("1234").unwrap()).unwrap();
    for caller in token["callers"].as_array_mut().unwrap() {
        assert_eq!(caller["identity"]["control"], Value::Null, "{caller}");
    }
    for (caller, url) in token["callers"].as_array_mut().unwrap().iter_mut().zip(&outside) {
        caller["identity"] = json!({"control": url});
    }
    line.keep("1234", &format!("{token}\n"));
    let count = outside.len();
    let expected = format!("{count} callers hear so {LATER}");
    assert_eq!(told(&line.run(&["end", "1234"])), expected);
    assert_eq!((platform.connections(), other.connections()), (0, 0));
}

#[test]
fn without_the_setting_nothing_is_kept_and_nothing_called() {
    let platform = Platform::start();
    let line = Line::new();
    line.enter("1234", "a");
    let url = format!("{}204", platform.setting());
    is_controlled_at(&line, "a", &url);
    let token = line.kept("1234").unwrap();
    assert!(!token.contains("ccxml"), "{token}");
    let mut token: Value = serde_json::from_str(&token).unwrap();
    token["callers"][0]["identity"] = json!({"control": url});
    line.keep("1234", &format!("{token}\n"));
    assert_eq!(told(&line.run(&["end", "1234"])), format!("1 caller hears so {LATER}"));
    assert_eq!(platform.connections(), 0);
}

#[test]
fn each_verb_tells_those_whom_it_concerns() {
    let platform = Platform::start();
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
    let platform = Platform::start();
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
    let platform = Platform::answering(move |stream, _| {
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
