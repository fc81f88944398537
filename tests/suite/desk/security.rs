//! Who gets in, what is sent along, and what never stands on a page.

use super::GUARD;
use crate::program::{Asked, Line, Reply};
use crate::shell::Said;

fn lock(line: &Line) -> Asked<'_> {
    line.ask("POST", "").variable("CONFERENCE_FACE", "desk").form("action=lock&number=1234")
}

fn in_conference() -> Line {
    let line = Line::new();
    line.enter("1234", "a");
    line
}

fn is_guarded(reply: &Reply) {
    for header in GUARD {
        assert!(reply.headers.contains_key(header), "{header}: {reply:?}");
    }
    let policy = &reply.headers["Content-Security-Policy"];
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains('*'), "{policy}");
    assert_eq!(reply.headers["X-Content-Type-Options"], "nosniff");
}

#[test]
fn nobody_gets_in_whom_the_web_server_does_not_know() {
    let line = in_conference();
    for query in ["", "number=1234", "rooms", "format=json", "format=metrics", "file=desk.css"] {
        let reply = line.ask("GET", query).variable("CONFERENCE_FACE", "desk").reply();
        assert_eq!(reply.status, "403 Forbidden", "{query}");
        assert!(reply.body.contains("REMOTE_USER") && !reply.body.contains("1234"), "{}", reply.body);
        is_guarded(&reply);
    }
    assert_eq!(lock(&line).reply().status, "403 Forbidden");
    assert_eq!(line.state_on_desk("1234"), "open");
    let json =
        line.ask("GET", "").variable("CONFERENCE_FACE", "desk").variable("HTTP_ACCEPT", "application/json");
    assert!(super::json(&json.reply()).1["error"].as_str().unwrap().contains("REMOTE_USER"));
}

#[test]
fn an_open_desk_serves_browsers_on_this_machine_alone() {
    let line = in_conference().with("CONFERENCE_DESK", "open");
    let from = |address: &str, host: &str| {
        let asked = line.ask("GET", "").variable("CONFERENCE_FACE", "desk");
        asked.variable("REMOTE_ADDR", address).variable("HTTP_HOST", host)
    };
    assert_eq!(from("127.0.0.1", "localhost:8080").reply().status, "200 OK");
    assert_eq!(from("192.0.2.1", "localhost:8080").reply().status, "403 Forbidden");
    assert_eq!(from("127.0.0.1", "desk.example").reply().status, "403 Forbidden");
    let passed_on = from("127.0.0.1", "localhost").variable("HTTP_X_FORWARDED_FOR", "127.0.0.1");
    assert_eq!(passed_on.reply().status, "403 Forbidden");
}

#[test]
fn what_a_page_of_another_site_sends_changes_nothing() {
    let line = in_conference();
    let known = || lock(&line).variable("REMOTE_USER", "anna").variable("HTTP_HOST", "desk.example");
    for (header, value) in [
        ("HTTP_SEC_FETCH_SITE", "cross-site"),
        ("HTTP_SEC_FETCH_SITE", "same-site"),
        ("HTTP_ORIGIN", "https://evil.example"),
        ("HTTP_ORIGIN", "null"),
    ] {
        let reply = known().variable(header, value).reply();
        assert_eq!(reply.status, "403 Forbidden", "{header} {value}");
        is_guarded(&reply);
    }
    assert_eq!(line.state_on_desk("1234"), "open");
    assert_eq!(known().variable("HTTP_ORIGIN", "https://desk.example").reply().status, "303 See Other");
    assert_eq!(line.state_on_desk("1234"), "locked");
}

#[test]
fn every_answer_is_guarded_and_nothing_on_a_page_is_inline() {
    let line = in_conference();
    let json = |query: &str| line.ask_desk("GET", query).variable("HTTP_ACCEPT", "application/json").reply();
    let page = line.page("");
    let files: Vec<_> =
        page.match_indices("\"?file=").map(|(at, _)| page[at + 2..].split('"').next().unwrap()).collect();
    assert!(files.len() >= 3, "{page}");
    let replies = [
        line.ask_desk("GET", "").reply(),
        line.ask_desk("GET", "number=1234").reply(),
        line.ask_desk("GET", "number=1234&ask=kick&session=a").reply(),
        line.ask_desk("GET", "number=4321").reply(),
        line.ask_desk("GET", "number=x").reply(),
        line.ask_desk("GET", "format=metrics").reply(),
        line.ask_desk("PUT", "").reply(),
        json(""),
        json("number=4321"),
        line.press("action=lock&number=1234"),
        line.press("action=dance&number=1234"),
        Line::in_directory().with("CONFERENCE_DIR", "missing").ask_desk("GET", "").reply(),
    ];
    for reply in &replies {
        is_guarded(reply);
        assert_eq!(reply.headers["Cache-Control"], "no-store", "{reply:?}");
        if reply.headers["Content-Type"].starts_with("text/html") {
            for inline in
                ["<style", " style=", "<script>", "javascript:", "<iframe", "<base", "http:", "https:"]
            {
                assert!(!reply.body.contains(inline), "{inline}: {}", reply.body);
            }
            let handlers = reply.body.match_indices(" on").filter(|(at, _)| {
                reply.body[at + 3..]
                    .split(|c: char| !c.is_ascii_alphabetic())
                    .next()
                    .is_some_and(|name| reply.body[at + 3 + name.len()..].starts_with('='))
            });
            assert_eq!(handlers.count(), 0, "{}", reply.body);
        }
    }
    for file in files {
        let reply = line.ask_desk("GET", file).reply();
        assert_eq!(reply.headers["Cache-Control"], "max-age=31536000, immutable", "{file}");
        is_guarded(&reply);
        assert!(!reply.body.contains("http:") || reply.body.contains("xmlns=\"http://www.w3.org/2000/svg\""));
    }
}

#[test]
fn a_line_never_shows_the_desk_and_the_desk_never_hands_out_documents() {
    let line = in_conference();
    for query in ["", "number=1234", "rooms", "format=json", "format=metrics"] {
        let reply =
            line.ask("GET", query).variable("REMOTE_USER", "anna").variable("HTTP_CONFERENCE_FACE", "desk");
        assert_eq!(reply.reply().document(), "getConference", "{query}");
    }
    let page = line.page("conference_code=9999&session_id=b");
    assert!(page.contains("<h1>Conferences"), "{page}");
    line.page("prompt=goodbye");
    for event in ["renew", "leave", "enter"] {
        let form = format!("event={event}&conference_code=1234&session_id=a");
        assert_eq!(line.press(&form).status, "400 Bad Request");
    }
    assert_eq!(line.files(), ["1234"]);
    let asked = line.ask("GET", "").variable("CONFERENCE_FACE", "Desk").reply();
    assert_eq!(asked.status, "500 Internal Server Error", "neither is meant");
}

#[test]
fn the_shell_is_no_desk() {
    let line = Line::new();
    let mut shell = line.shell(&[]);
    shell.env("CONFERENCE_FACE", "desk").env("CONFERENCE_DESK", "open").env("REMOTE_USER", "anna");
    let said = Said::by(&mut shell);
    assert!(said.out.contains("application/ccxml+xml"), "{said:?}");
}
