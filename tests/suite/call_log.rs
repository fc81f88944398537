//! The call log (contract section 7).

use crate::program::{Line, finish};
use serde_json::Value;
use std::fs;

fn logged() -> Line {
    Line::new().with("CONFERENCE_LOG", "calls.log")
}

/// The lines of the log, each of which must be an object of its own.
fn entries(line: &Line) -> Vec<Value> {
    let text = line.log();
    text.lines().map(|entry| serde_json::from_str(entry).unwrap_or_else(|e| panic!("{e}: {entry}"))).collect()
}

fn events(line: &Line) -> Vec<(String, u64)> {
    let told =
        |entry: &Value| (entry["event"].as_str().unwrap().to_owned(), entry["callers"].as_u64().unwrap());
    entries(line).iter().map(told).collect()
}

fn pairs(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(event, callers)| ((*event).to_owned(), *callers)).collect()
}

#[test]
fn a_conference_is_told_from_its_beginning_to_its_end() {
    let line = logged();
    line.enter("1234", "a");
    line.enter("1234", "b");
    line.enter("1234", "b");
    line.report("renew", "1234", "a");
    line.report("leave", "1234", "a");
    line.report("leave", "1234", "b");
    line.report("leave", "1234", "b");
    assert_eq!(events(&line), pairs(&[("created", 1), ("joined", 2), ("left", 1), ("left", 0)]));
    let entries = entries(&line);
    for entry in &entries {
        assert_eq!(entry["number"], "1234");
        assert_eq!(entry["conference"], entries[0]["conference"]);
        let time = entry["time"].as_str().unwrap();
        assert!(time.len() == 24 && time.ends_with('Z') && time.as_bytes()[19] == b'.', "{time}");
    }
    assert_eq!((entries[0]["session"].as_str(), entries[2]["session"].as_str()), (Some("a"), Some("a")));
    assert!(entries[3]["seconds"].is_u64() && entries[0].get("seconds").is_none());
}

#[test]
fn a_number_that_is_used_again_is_another_conference() {
    let line = logged();
    for _ in 0..3 {
        line.enter("1234", "a");
        line.report("leave", "1234", "a");
    }
    let entries = entries(&line);
    let ids: Vec<_> = entries.iter().map(|entry| entry["conference"].as_str().unwrap()).collect();
    assert_eq!((ids[0], ids[2], ids[4]), (ids[1], ids[3], ids[5]));
    assert!(ids[0] != ids[2] && ids[2] != ids[4]);
}

#[test]
fn refused_tries_and_what_operators_do_are_told_with_the_reason() {
    let line = logged();
    line.get("conference_code=12&session_id=a");
    line.enter("1234", "a");
    for verb in ["lock", "unlock", "lock", "end"] {
        line.run(&[verb, "1234"]);
    }
    line.get("conference_code=1234&session_id=b");
    let reasons: Vec<_> = entries(&line)
        .iter()
        .map(|entry| {
            (entry["event"].as_str().unwrap().to_owned(), entry["reason"].as_str().map(str::to_owned))
        })
        .collect();
    let expected = [
        ("refused", Some("not_a_number")),
        ("created", None),
        ("locked", None),
        ("unlocked", None),
        ("locked", None),
        ("ended", Some("operator")),
        ("refused", Some("ending")),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(event, reason)| ((*event).to_owned(), reason.map(str::to_owned))).collect();
    assert_eq!(reasons, expected);
    assert!(entries(&line)[0].get("number").is_none(), "what was keyed in may have been a PIN");
}

#[test]
fn a_failure_is_told_too() {
    let line = Line::in_directory().with("CONFERENCE_LOG", "calls.log");
    fs::create_dir(line.token("1234")).unwrap();
    line.get("conference_code=1234&session_id=a");
    let entry = &entries(&line)[0];
    assert_eq!((entry["event"].as_str(), entry["number"].as_str()), (Some("failed"), Some("1234")));
    assert_eq!((entry["session"].as_str(), entry["reason"].as_str()), (Some("a"), Some("unreachable")));
    assert!(entry.get("callers").is_none(), "nobody knows how many are in");
    for (variable, value) in
        [("CONFERENCE_RENEW", "soon"), ("CONFERENCE_FACE", "desks"), ("CONFERENCE_FACES", "")]
    {
        let before = entries(&line).len();
        line.ask("GET", "").variable(variable, value).reply();
        let entries = entries(&line);
        let entry = &entries[before];
        assert_eq!((entry["event"].as_str(), entry["reason"].as_str()), (Some("failed"), Some("setting")));
    }
}

#[test]
fn many_processes_write_whole_lines_while_the_log_is_rotated() {
    let line = logged();
    let log = line.folder().join("calls.log");
    let mut rotated = 0;
    for round in 0..6 {
        let at_once: Vec<_> = (0..15)
            .map(|n| {
                line.ask("GET", format!("conference_code={round}{round}{round}{round}&session_id=s{n}"))
                    .start()
            })
            .collect();
        if fs::rename(&log, line.folder().join(format!("calls.log.{round}"))).is_ok() {
            rotated += 1;
        }
        for child in at_once {
            finish(child).document();
        }
    }
    assert!(rotated > 0);
    let files = fs::read_dir(line.folder()).unwrap().map(|entry| entry.unwrap().path());
    let logs = files.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("calls.log"));
    let text: String = logs.map(|path| fs::read_to_string(path).unwrap()).collect();
    assert_eq!(text.lines().count(), 90);
    assert!(text.lines().all(|entry| serde_json::from_str::<Value>(entry).is_ok()), "{text}");
}

#[test]
fn a_log_that_cannot_be_written_costs_the_call_nothing() {
    let line = Line::new();
    let pipe = line.folder().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for log in ["/nowhere/calls.log", "tokens", "pipe", "/dev/full", "/dev/null", "/dev/stdout"] {
        let reply =
            line.ask("GET", "conference_code=1234&session_id=a").variable("CONFERENCE_LOG", log).reply();
        assert_eq!(reply.status, "200 OK", "{log}");
        assert!(
            reply.stderr.contains("CONFERENCE_LOG") && reply.stderr.lines().count() == 1,
            "{log}: {reply:?}"
        );
        line.report("leave", "1234", "a");
    }
}

#[test]
fn the_response_is_no_place_for_the_log() {
    let line = Line::new();
    let output = line.folder().join("output");
    for log in ["/dev/stdout", "/proc/self/fd/1", "output"] {
        let asked = line.ask("GET", "conference_code=1234&session_id=a").variable("CONFERENCE_LOG", log);
        let mut command = asked.command();
        let ended = command.stdout(fs::File::create(&output).unwrap()).output().unwrap();
        let errors = String::from_utf8(ended.stderr).unwrap();
        assert!(errors.contains("CONFERENCE_LOG") && errors.lines().count() == 1, "{log}: {errors}");
        let response = fs::read_to_string(&output).unwrap();
        assert!(response.starts_with("Status: 200 OK\r\n") && !response.contains("\"time\""), "{response}");
        line.report("leave", "1234", "a");
    }
}

#[test]
fn everything_that_a_request_has_to_tell_is_one_write() {
    let line = logged().with("CONFERENCE_LEASE", "1");
    line.enter("1234", "a");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let entering = line.ask("GET", "conference_code=1234&session_id=b");
    let Some(trace) = entering.system_calls("write,openat") else { return };
    assert_eq!(events(&line), pairs(&[("created", 1), ("expired", 0), ("created", 1)]));
    let writes = trace.lines().filter(|call| call.contains(" write(") && call.contains("\\\"time\\\""));
    assert_eq!(writes.count(), 1, "{trace}");
}

#[test]
fn a_line_with_a_name_tells_it_in_every_entry() {
    let line = logged().with("CONFERENCE_LINE", "sales");
    line.enter("1234", "a");
    line.get("conference_code=12&session_id=b");
    line.report("leave", "1234", "a");
    line.ask("GET", "").variable("CONFERENCE_RENEW", "soon").reply();
    let entries = entries(&line);
    assert_eq!(entries.len(), 4);
    assert!(entries.iter().all(|entry| entry["line"] == "sales"), "{entries:?}");
}

/// What an entry tells in these fields, missing ones as `-`.
fn told<const N: usize>(entry: &Value, fields: [&str; N]) -> String {
    fields.map(|field| entry[field].as_str().unwrap_or("-").to_owned()).join(" ")
}

#[test]
fn every_event_of_a_caller_tells_who_that_is_and_each_end_why() {
    let line = logged();
    for (session, caller) in [("a", "tel:+4911"), ("b", "sip:+4922@host"), ("c", "tel:+4933"), ("d", "")] {
        line.enter("1234", session);
        line.is_called_by("1234", session, caller);
    }
    let leave = |session: &str, reason: &str| {
        line.post(&format!("event=leave&conference_code=1234&session_id={session}&reason={reason}"));
    };
    line.run(&["mute", "1234", "a"]);
    line.run(&["mute", "1234", "a"]);
    line.run(&["unmute", "1234", "11"]);
    line.run(&["mute", "1234", "all"]);
    line.run(&["kick", "1234", "b"]);
    leave("b", "kicked");
    leave("a", "hangup");
    leave("d", "failed");
    line.run(&["end", "1234"]);
    leave("c", "ended");
    let fields = ["event", "session", "caller", "called", "role", "reason"];
    let told: Vec<_> = entries(&line).iter().skip(4).map(|entry| told(entry, fields)).collect();
    let expected = [
        "muted a +4911 +49309000 caller -",
        "unmuted a +4911 +49309000 caller -",
        "muted - - - - -",
        "kicked b +4922 +49309000 caller -",
        "left a +4911 +49309000 caller hangup",
        "left d - +49309000 caller failed",
        "ended - - - - operator",
        "left c +4933 +49309000 caller ended",
    ];
    assert_eq!(told, expected);
}

#[test]
fn who_keys_a_pin_is_told_from_the_first_event_on() {
    let line =
        Line::with_rooms(&[("1234", "pin = \"4711471\"\nmoderator_pin = \"98765432\"\nmax_minutes = 1")]);
    let line = line.with("CONFERENCE_LOG", "calls.log").with("CONFERENCE_CALLER_ID", "last4");
    let key = |session: &str, pin: &str| {
        line.post(&format!(
            "conference_code=1234&session_id={session}&pin={pin}&caller=sip:%2b49301234@gateway"
        ));
    };
    key("a", "1111111");
    key("a", "4711471");
    key("m", "98765432");
    line.age("1234", 61_000);
    for session in ["a", "m"] {
        line.report("renew", "1234", session);
        line.post(&format!("event=leave&conference_code=1234&session_id={session}&reason=time"));
    }
    let fields = ["event", "session", "caller", "role", "reason"];
    let told: Vec<_> = entries(&line).iter().map(|entry| told(entry, fields)).collect();
    let expected = [
        "refused a ...1234 - wrong_pin",
        "created a ...1234 caller -",
        "joined m ...1234 moderator -",
        "ended - - - time",
        "left a ...1234 caller time",
        "left m ...1234 moderator time",
    ];
    assert_eq!(told, expected);
    let log = line.log();
    assert!(!log.contains("4711471") && !log.contains("1111111") && !log.contains("9876"), "{log}");
}
