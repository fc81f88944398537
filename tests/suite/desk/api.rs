//! What is done by the desk, and what programs are told.

use crate::program::Line;
use serde_json::{Value, json};
use std::fs;

fn in_conference() -> Line {
    let line = Line::new().with("CONFERENCE_LOG", "calls.log");
    line.enter("1234", "a");
    line.enter("1234", "b");
    line
}

/// The lines of the call log that tell by whom.
fn by(line: &Line) -> Vec<(String, String)> {
    let log = line.log();
    let entries = log.lines().map(|entry| serde_json::from_str::<Value>(entry).unwrap());
    let by = |entry: Value| Some((entry["event"].as_str()?.to_owned(), entry["by"].as_str()?.to_owned()));
    entries.filter_map(by).collect()
}

#[test]
fn programs_are_told_what_the_verbs_tell() {
    let line = in_conference();
    line.enter("5678", "c");
    let (status, list) = line.desk_json("");
    assert_eq!(status, "200 OK");
    let mut rows = line.json(&["list"]);
    rows.as_array_mut().unwrap().sort_by_key(|row| row["number"].as_str().unwrap().to_owned());
    assert_eq!(list, rows);
    assert_eq!(list.as_array().unwrap().len(), 2);
    let (status, shown) = line.desk_json("number=1234");
    assert_eq!((status.as_str(), &shown), ("200 OK", &line.json(&["show", "1234"])));
    assert_eq!(shown["sessions"][1]["session"], "b");
}

#[test]
fn a_button_does_what_the_verb_does_and_leads_back_to_the_page() {
    let line = in_conference();
    for (form, back, state) in [
        ("action=lock&number=1234", "?number=1234&done=lock", "locked"),
        ("action=unlock&number=1234", "?number=1234&done=unlock", "open"),
        ("action=kick&number=1234&session=b", "?number=1234&done=kick&session=b&callers=1", "open"),
        ("action=end&number=1234", "?number=1234&done=end&callers=1", "ending"),
    ] {
        let reply = line.press(form);
        assert_eq!((reply.status.as_str(), reply.headers["Location"].as_str()), ("303 See Other", back));
        assert_eq!(line.state_on_desk("1234"), state, "{form}");
    }
    let told = |session: &str| line.report("renew", "1234", session).body;
    assert!(told("b").contains("'kicked'") && told("a").contains("'ended'"));
}

#[test]
fn a_program_is_told_what_was_done_and_the_log_by_whom() {
    let line = in_conference();
    for order in [
        json!({"action": "lock", "number": "1234"}),
        json!({"action": "unlock", "number": "1234"}),
        json!({"action": "kick", "number": "1234", "session": "b"}),
        json!({"action": "end", "number": "1234"}),
    ] {
        let (status, told) = line.order(&order);
        assert_eq!(status, "200 OK");
        assert!(told["message"].as_str().unwrap().ends_with('.'), "{told}");
    }
    let expected =
        ["locked", "unlocked", "kicked", "ended"].map(|event| (event.to_owned(), "anna".to_owned()));
    assert_eq!(by(&line), expected);
}

#[test]
fn what_time_has_done_is_not_told_to_be_somebody_s_deed() {
    let line = Line::new().with("CONFERENCE_LOG", "calls.log").with("CONFERENCE_LEASE", "10");
    line.enter("1234", "a");
    line.age("1234", 9000);
    line.enter("1234", "b");
    line.age("1234", 2000);
    line.press("action=lock&number=1234");
    let log = line.log();
    assert!(log.contains("\"event\":\"expired\""), "{log}");
    assert_eq!(by(&line), [("locked".to_owned(), "anna".to_owned())]);
}

#[test]
fn what_is_not_there_or_not_understood_is_told_with_its_status() {
    let line = in_conference();
    for (order, status) in [
        (json!({"action": "lock", "number": "4321"}), "404 Not Found"),
        (json!({"action": "kick", "number": "1234", "session": "x"}), "404 Not Found"),
        (json!({"action": "kick", "number": "1234"}), "400 Bad Request"),
        (json!({"action": "dance", "number": "1234"}), "400 Bad Request"),
        (json!({"action": "lock", "number": "../1234"}), "400 Bad Request"),
        (json!({"action": "lock", "number": 1234}), "400 Bad Request"),
        (json!([]), "400 Bad Request"),
    ] {
        let (told, problem) = line.order(&order);
        assert_eq!(told, status, "{order}");
        assert!(!problem["error"].as_str().unwrap().is_empty());
    }
    for query in ["number=4321", "number=12a", "page=0", "format=json&file=x"] {
        let (status, problem) = line.desk_json(query);
        assert!(status == "404 Not Found" || status == "400 Bad Request", "{query}: {status}");
        assert!(problem["error"].is_string());
    }
    assert_eq!(line.press("action=lock&number=4321").status, "404 Not Found");
    assert_eq!(line.state_on_desk("1234"), "open", "nothing that was refused has changed anything");
    assert_eq!(line.files(), ["1234"]);
}

#[test]
fn bodies_and_methods_are_refused_as_everywhere() {
    let line = in_conference();
    let post = |media_type: &str, body: &str| {
        let asked = line.ask_desk("POST", "").variable("CONTENT_TYPE", media_type);
        asked.variable("CONTENT_LENGTH", body.len().to_string()).body(body).reply()
    };
    assert_eq!(post("text/plain", "action=end&number=1234").status, "415 Unsupported Media Type");
    assert_eq!(post("application/json", &" ".repeat(8193)).status, "413 Content Too Large");
    assert_eq!(line.ask_desk("POST", "").reply().status, "411 Length Required");
    assert_eq!(line.ask_desk("GET", &"x".repeat(4097)).reply().status, "414 URI Too Long");
    assert_eq!(line.ask_desk("GET", "").variable("PATH_INFO", "/x").reply().status, "404 Not Found");
    let put = line.ask_desk("PUT", "").reply();
    assert_eq!(
        (put.status.as_str(), put.headers["Allow"].as_str()),
        ("405 Method Not Allowed", "GET, HEAD, POST")
    );
    assert_eq!(line.state_on_desk("1234"), "open");
}

#[test]
fn head_is_answered_without_a_body() {
    let line = in_conference();
    let (get, head) = (line.ask_desk("GET", "").reply(), line.ask_desk("HEAD", "").reply());
    assert_eq!((head.status.as_str(), head.body.as_str()), ("200 OK", ""));
    assert_eq!(head.headers, get.headers);
}

#[test]
fn a_line_that_cannot_be_reached_is_told_to_everybody_and_the_operator_s_log_says_why() {
    let line = Line::in_directory().with("CONFERENCE_DIR", "missing").with("CONFERENCE_LOG", "calls.log");
    let page = line.ask_desk("GET", "").reply();
    assert_eq!(
        (page.status.as_str(), page.headers["Retry-After"].as_str()),
        ("503 Service Unavailable", "5")
    );
    assert!(page.body.starts_with("<!DOCTYPE html>") && !page.body.contains("missing"), "{}", page.body);
    assert!(page.stderr.contains("missing"), "{}", page.stderr);
    let (status, problem) = line.desk_json("number=1234");
    assert_eq!(status, "503 Service Unavailable");
    assert!(problem["error"].is_string());
    assert_eq!(line.press("action=end&number=1234").status, "503 Service Unavailable");
    let log = line.log();
    assert!(log.contains("\"number\":\"1234\",\"event\":\"failed\""), "{log}");
    let bad = Line::new().with("CONFERENCE_DIGITS", "x").ask_desk("GET", "").reply();
    assert_eq!(bad.status, "500 Internal Server Error");
    assert!(bad.stderr.contains("CONFERENCE_DIGITS"), "{}", bad.stderr);
}

#[test]
fn gauges_tell_how_many_there_are_in_which_state_and_never_who() {
    let line = Line::in_directory();
    for (number, session) in
        [("1234", "caller-a"), ("1234", "caller-b"), ("5678", "caller-c"), ("9999", "caller-d")]
    {
        line.enter(number, session);
    }
    line.press("action=lock&number=5678");
    line.press("action=end&number=9999");
    line.press("action=kick&number=1234&session=caller-b");
    fs::create_dir(line.token("4711")).unwrap();
    let reply = line.ask_desk("GET", "format=metrics").reply();
    assert_eq!(reply.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8");
    for sample in [
        "conferences{state=\"open\"} 1",
        "conferences{state=\"locked\"} 1",
        "conferences{state=\"ending\"} 1",
        "callers{state=\"in\"} 3",
        "callers{state=\"kicked\"} 1",
        "callers{state=\"waiting\"} 0",
        "unreadable_tokens 1",
    ] {
        assert!(reply.body.contains(&format!("\nccxml_conference_{sample}\n")), "{sample}: {}", reply.body);
    }
    let seconds = reply.body.lines().last().unwrap().strip_prefix("ccxml_conference_scan_seconds ").unwrap();
    assert!((0.0..60.0).contains(&seconds.parse().unwrap()), "{seconds}");
    for secret in ["1234", "5678", "9999", "caller-"] {
        assert!(!reply.body.contains(secret), "{secret}: {}", reply.body);
    }
    for row in reply.body.lines().filter(|row| !row.starts_with('#')) {
        let name = row.split(['{', ' ']).next().unwrap();
        assert!(reply.body.contains(&format!("# TYPE {name} gauge\n")), "{name}");
    }
}

#[test]
fn page_and_program_are_told_the_sentence_that_the_verb_prints() {
    let orders = [
        (&["lock"][..], json!({"action": "lock"})),
        (&["mute", "+49304711"], json!({"action": "mute", "session": "4711"})),
        (&["mute", "a"], json!({"action": "mute", "session": "a"})),
        (&["unmute", "a"], json!({"action": "unmute", "session": "a"})),
        (&["mute", "all"], json!({"action": "mute", "session": "all"})),
        (&["unmute", "all"], json!({"action": "unmute", "session": "all"})),
        (&["extend", "20"], json!({"action": "extend", "minutes": "20"})),
        (&["kick", "b"], json!({"action": "kick", "session": "b"})),
        (&["kick", "b"], json!({"action": "kick", "session": "b"})),
        (&["end"], json!({"action": "end"})),
        (&["kick", "all"], json!({"action": "kick", "session": "all"})),
    ];
    let line = || {
        let line = Line::new().with("CONFERENCE_MAX_MINUTES", "60");
        for session in ["a", "b", "c"] {
            line.enter("1234", session);
        }
        line.is_called_by("1234", "a", "tel:+49304711");
        line
    };
    let (shell, program, page) = (line(), line(), line());
    for (verb, mut order) in orders {
        let printed = shell.run(&[&verb[..1], &["1234"], &verb[1..]].concat());
        let (first, rest) = printed.trim_end().split_at(1);
        let expected = format!("{}{rest}.", first.to_uppercase());
        order["number"] = "1234".into();
        let (status, told) = program.order(&order);
        assert_eq!((status.as_str(), told["message"].as_str()), ("200 OK", Some(&*expected)), "{order}");
        let back = page.press(&serde_urlencoded::to_string(order.as_object().unwrap()).unwrap());
        let shown = page.page(back.headers["Location"].trim_start_matches('?'));
        assert!(shown.contains(&format!("<p>{expected}</p>")), "{order}: {expected}: {shown}");
    }
}

#[test]
fn what_is_refused_is_told_in_the_words_of_the_verb() {
    let line = in_conference();
    for session in ["a", "b"] {
        line.is_called_by("1234", session, "tel:+49304711");
    }
    let refused = |order: Value, status: &str, why: &str| {
        let (told, problem) = line.order(&order);
        assert_eq!((told.as_str(), problem["error"].as_str()), (status, Some(why)));
    };
    let order = |action: &str, session: &str| json!({"action": action, "number": "1234", "session": session});
    let several = "2 callers in conference 1234 have a number that ends so; give more digits.";
    refused(order("mute", "4711"), "409 Conflict", several);
    refused(
        order("kick", "x"),
        "404 Not Found",
        "There is no session or telephone number x in conference 1234.",
    );
    let extend = json!({"action": "extend", "number": "1234", "minutes": "5"});
    refused(extend, "409 Conflict", "Conference 1234 has no time limit that could be extended.");
    line.press("action=end&number=1234");
    let ending = "Conference 1234 is ending, takes no newcomers as it is, and stays so until the last caller has left.";
    refused(order("unmute", "all"), "409 Conflict", ending);
}
