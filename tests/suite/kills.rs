//! A process killed before any of its system calls leaves the state before or the state after, and nothing that
//! blocks (contract section 4).

use crate::program::Line;
use crate::servers::installed;
use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

/// A request, and who is in before and after it.
struct Case {
    who_is_in: &'static [&'static str],
    method: &'static str,
    query: &'static str,
    form: &'static str,
    after: &'static [&'static str],
}

const CASES: [Case; 5] = [
    Case {
        who_is_in: &[],
        method: "GET",
        query: "conference_code=1234&session_id=b",
        form: "",
        after: &["b"],
    },
    Case {
        who_is_in: &["a"],
        method: "GET",
        query: "conference_code=1234&session_id=b",
        form: "",
        after: &["a", "b"],
    },
    Case {
        who_is_in: &["a"],
        method: "POST",
        query: "",
        form: "event=renew&conference_code=1234&session_id=a",
        after: &["a"],
    },
    Case {
        who_is_in: &["a", "b"],
        method: "POST",
        query: "",
        form: "event=leave&conference_code=1234&session_id=b",
        after: &["a"],
    },
    Case {
        who_is_in: &["a"],
        method: "POST",
        query: "",
        form: "event=leave&conference_code=1234&session_id=a",
        after: &[],
    },
];

/// Runs the request of a case under strace with these options.
fn traced(line: &Line, case: &Case, options: &[&str]) -> (ExitStatus, String) {
    line.ask(case.method, case.query).form(case.form).traced(options).unwrap()
}

/// Every system call of a request: its name, and which of that name it is.
fn system_calls(case: &Case) -> Vec<(String, usize)> {
    let line = prepared(case);
    let (status, trace) = traced(&line, case, &[]);
    assert!(status.success());
    let mut seen = BTreeMap::new();
    let names = trace.lines().filter_map(|call| Some(call.split_once('(')?.0.to_owned()));
    names
        .map(|name| {
            let nth = seen.entry(name.clone()).or_insert(0);
            *nth += 1;
            (name, *nth)
        })
        .collect()
}

fn prepared(case: &Case) -> Line {
    let line = Line::new();
    for session in case.who_is_in {
        line.enter("1234", session);
    }
    line
}

/// Who is in, by the token's last whole line; a token has one, or is not there.
fn who_is_in(line: &Line) -> Vec<String> {
    let Some(text) = line.kept("1234") else { return Vec::new() };
    let token: serde_json::Value = serde_json::from_str(&text).expect("a whole line");
    let callers = token["callers"].as_array().unwrap();
    callers.iter().map(|caller| caller["session"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_kill_before_any_system_call_leaves_the_state_before_or_after() {
    if installed("strace").is_none() {
        return;
    }
    for case in &CASES {
        let calls = system_calls(case);
        assert!(calls.len() > 20, "{calls:?}");
        let mut changed = 0;
        for (name, nth) in calls.iter().filter(|(name, _)| name != "execve") {
            let line = prepared(case);
            let kill = format!("inject={name}:signal=KILL:when={nth}");
            let (status, _) = traced(&line, case, &["-e", &kill]);
            assert!(!status.success(), "it was not killed at {name} {nth}");

            let state = who_is_in(&line);
            assert!(state == case.who_is_in || state == case.after, "killed at {name} {nth}: {state:?}");
            changed += usize::from(state == case.after);

            let start = Instant::now();
            let document = line.enter("1234", "next");
            assert!(start.elapsed() < Duration::from_secs(3), "something blocks after {name} {nth}");
            let expected = if state.is_empty() { "createConference" } else { "joinConference" };
            assert_eq!(document, expected, "killed at {name} {nth}");
        }
        assert!(changed > 0, "no kill came after the change");
    }
}
