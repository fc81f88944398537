//! `list` and `show`: tables for people, JSON for programs.

use crate::program::Line;
use std::fs;
use std::process::Stdio;

#[test]
fn list_shows_what_is_in_progress_in_columns_that_line_up() {
    let line = Line::new().with("CONFERENCE_LEASE", "9000");
    assert_eq!(line.run(&["list"]).lines().count(), 1, "the headings alone");
    line.enter("1234", "a");
    line.enter("1234", "b");
    line.keep("99887766", "");
    line.age("1234", 7_500_000);
    let said = line.says(&["list"]);
    let table: Vec<_> = said.out.lines().collect();
    assert_eq!(table[0], "NUMBER      CALLERS  WAITING          AGE      ENDS IN  STATE   NAME");
    assert_eq!(table[1], "1234              2        0   2 h 05 min            -  open");
    assert!(table[2].starts_with("99887766         0+        0"), "{}", table[2]);
    assert!(!said.out.contains('\u{1b}'), "a pipe is no terminal");
}

#[test]
fn list_tells_how_many_of_the_callers_wait_for_a_moderator() {
    let room = "pin = \"4711\"\nmoderator_pin = \"98765\"\nwait_for_moderator = true";
    let line = Line::with_rooms(&[("1234", room)]);
    let counts = || {
        let said = line.run(&["list"]);
        let row: Vec<_> = said.lines().nth(1).unwrap().split_whitespace().collect();
        (row[1].to_owned(), row[2].to_owned())
    };
    for session in ["a", "b"] {
        line.enter_with("4711", session).document();
    }
    assert_eq!(counts(), ("2".to_owned(), "2".to_owned()));
    line.enter_with("98765", "m").document();
    for session in ["a", "b"] {
        line.report("renew", "1234", session);
    }
    assert_eq!(counts(), ("3".to_owned(), "0".to_owned()));
}

#[test]
fn no_name_of_a_room_breaks_the_table_or_reaches_the_terminal() {
    let line = Line::with_rooms(&[("1234", "open = true\nname = \"a\\nb\\u001b[2J\\u009bc\"")]);
    line.enter("1234", "a");
    let shown = "a\u{fffd}b\u{fffd}[2J\u{fffd}c";
    let list = line.run(&["list"]);
    assert!(list.lines().count() == 2 && list.ends_with(&format!("  {shown}\n")), "{list:?}");
    let show = line.run(&["show", "1234"]);
    assert!(show.contains(&format!("name        {shown}\n")), "{show:?}");
    assert_eq!(line.json(&["list"])[0]["name"], "a\nb\u{1b}[2J\u{9b}c", "JSON has its own way to say it");
}

#[test]
fn json_has_a_stable_shape() {
    let line = Line::new();
    assert_eq!(line.json(&["list"]), serde_json::json!([]));
    line.enter("1234", "a");
    let list = line.json(&["list"]);
    let row = list[0].as_object().unwrap();
    let fields: Vec<_> = row.keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        [
            "age_seconds",
            "callers",
            "conference",
            "muted",
            "number",
            "sessions",
            "since",
            "state",
            "unknown",
            "waiting"
        ]
    );
    assert_eq!((row["number"].as_str(), row["callers"].as_u64()), (Some("1234"), Some(1)));
    let shown = line.json(&["show", "1234"]);
    assert_eq!(shown["sessions"], list[0]["sessions"]);
    let session = shown["sessions"][0].as_object().unwrap();
    let fields: Vec<_> = session.keys().map(String::as_str).collect();
    assert_eq!(fields, ["age_seconds", "hand", "lease_seconds", "role", "session", "since", "state"]);
    assert_eq!((session["session"].as_str(), session["state"].as_str()), (Some("a"), Some("in")));
}

#[test]
fn a_list_is_sorted_by_number_and_its_columns_hold_for_every_value() {
    let line = Line::new();
    let longest = "9".repeat(32);
    for number in [&*longest, "10000", "2000", "02000", "300"] {
        line.keep(number, "");
    }
    let said = line.run(&["list"]);
    let numbers: Vec<_> = said.lines().skip(1).map(|row| row.split(' ').next().unwrap()).collect();
    assert_eq!(numbers, ["300", "2000", "02000", "10000", &longest]);
    let ends: Vec<_> = said.lines().skip(1).map(|row| row.find("  open").unwrap()).collect();
    assert!(ends.iter().all(|end| *end + 2 == said.find("STATE").unwrap()), "{said}");
    let numbers = line.json(&["list"]);
    let numbers: Vec<_> = numbers.as_array().unwrap().iter().map(|row| row["number"].clone()).collect();
    assert_eq!(numbers, ["300", "2000", "02000", "10000", &longest]);
}

#[test]
fn only_a_terminal_can_be_watched() {
    let line = Line::new();
    for arguments in [&["list", "--watch"][..], &["list", "--watch", "--json"]] {
        let said = line.says(arguments);
        assert_eq!((said.out.as_str(), said.code), ("", Some(2)), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn a_pipe_that_is_closed_early_is_no_error() {
    let line = Line::in_directory();
    for number in 1000..3000 {
        fs::write(line.token(&number.to_string()), "").unwrap();
    }
    let mut list = line.shell(&["list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(list.stdout.take());
    let output = list.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}
