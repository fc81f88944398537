//! What stays the same from one version to the next (CONTRIBUTING.md).

use crate::program::Line;
use serde_json::{Value, json};

/// A token with everything that version 0.1.0 writes into one.
const TOKEN: &str = include_str!("token-0.1.0.json");

/// A line where that token has just been written as 1234, after `change`.
fn line_with_token(change: impl FnOnce(&mut Value)) -> Line {
    let line = Line::new();
    let mut token: Value = serde_json::from_str(TOKEN).unwrap();
    line.enter("9999", "z");
    let fresh: Value = serde_json::from_str(&line.kept("9999").unwrap()).unwrap();
    token["as_of"] = fresh["as_of"].clone();
    line.remove("9999");
    change(&mut token);
    line.keep("1234", &format!("{token}\n"));
    line
}

/// The conference as `show` tells of it: its id, its state, and each caller's session, role and state.
fn shown(line: &Line) -> (Value, Value, Vec<Value>) {
    let shown: Value = line.json(&["show", "1234"]);
    let of_session = |session: &Value| json!([session["session"], session["role"], session["state"]]);
    let sessions = shown["sessions"].as_array().unwrap().iter().map(of_session).collect();
    (shown["conference"].clone(), shown["state"].clone(), sessions)
}

/// Checks that everything the token says holds.
fn holds(line: &Line) {
    let (conference, state, sessions) = shown(line);
    assert_eq!((conference, state), (json!("1234-1a21e8c9cb0"), json!("locked")));
    let a = json!(["a", "moderator", "in"]);
    let b = json!(["b", "caller", "waiting"]);
    let nobody_knows = json!([null, "caller", "in"]);
    let c = json!(["c", "caller", "kicked"]);
    assert_eq!(sessions, [a, b, nobody_knows, c]);
    assert_eq!(line.enter("1234", "a"), "getPin", "who got in by a PIN gets in again by one alone");
    assert_eq!(line.enter("1234", "b"), "waiting");
    assert_eq!(line.enter("1234", "c"), "getConference");
    assert_eq!(line.enter("1234", "d"), "getConference");
}

#[test]
fn a_token_of_the_first_version_is_understood() {
    holds(&line_with_token(|_| ()));
}

/// Puts a field that nobody knows into every object but the one that stands for a word with a count.
fn add_unknown_fields(value: &mut Value) {
    match value {
        Value::Object(fields) if !fields.contains_key("joining") => {
            fields.values_mut().for_each(add_unknown_fields);
            fields.insert("of_a_later_version".into(), json!({ "any": ["thing"] }));
        }
        Value::Array(values) => values.iter_mut().for_each(add_unknown_fields),
        _ => (),
    }
}

#[test]
fn what_a_later_version_adds_to_a_token_is_passed_over() {
    holds(&line_with_token(add_unknown_fields));
}

#[test]
fn what_a_token_does_not_say_is_as_usual() {
    let line = line_with_token(|token| {
        let caller = json!({ "session": "a", "age": 0, "lease": 180_000, "told": "first" });
        *token = json!({
            "version": token["version"], "id": token["id"], "as_of": token["as_of"], "age": 0, "callers": [caller]
        });
    });
    let (_, state, sessions) = shown(&line);
    assert_eq!((state, sessions), (json!("open"), vec![json!(["a", "caller", "in"])]));
    assert_eq!(line.enter("1234", "b"), "joinConference");
}

#[test]
fn the_newest_version_in_the_changelog_is_that_of_the_program() {
    let changelog = include_str!("../../CHANGELOG.md");
    let newest = changelog.lines().find_map(|line| line.strip_prefix("## [")?.split_once("] - "));
    let (version, date) = newest.expect("a version with its date");
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    humantime::parse_rfc3339(&format!("{date}T00:00:00Z")).unwrap_or_else(|error| panic!("{date}: {error}"));
}
