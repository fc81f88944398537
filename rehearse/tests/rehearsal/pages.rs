//! README and docs keep their word.

use super::{play, rehearse};

const README: &str = include_str!("../../../README.md");
const REHEARSAL: &str = include_str!("../../../docs/rehearsal.md");
const CALL: &str = include_str!("../../../docs/a-call.md");
const ALIASES: &str = include_str!("../../../.cargo/config.toml");

#[test]
fn the_first_command_of_the_readme_is_a_rehearsal() {
    let first = README.split("```sh\n").nth(1).unwrap().lines().next().unwrap();
    assert_eq!(first, "cargo rehearse");
    let alias = ALIASES.lines().find_map(|line| line.strip_prefix("rehearse = ")).unwrap();
    assert_eq!(alias, r#"["run", "--quiet", "--package", "ccxml-conference-rehearse", "--"]"#);
}

#[test]
fn the_picture_in_the_readme_is_what_the_program_draws() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("call.svg");
    play(&["--svg", file.to_str().unwrap()]);
    let drawn = std::fs::read_to_string(file).unwrap();
    assert!(README.contains("](docs/call.svg)"));
    let kept = include_str!("../../../docs/call.svg");
    assert!(drawn == kept, "the call has changed; `cargo rehearse --svg docs/call.svg` draws it anew");
}

#[test]
fn every_example_of_a_caller_is_one() {
    let (examples, _keys) = REHEARSAL.split_once("`--phone` lets").unwrap();
    let rows: Vec<&str> = examples.lines().filter(|line| line.starts_with("| `")).collect();
    assert!(rows.len() > 10, "{rows:?}");
    for row in rows {
        let cell = row.split('|').nth(1).unwrap();
        for example in cell.split(", ").map(|example| example.trim().trim_matches('`')) {
            if example.contains('{') {
                // Nothing is set and no such file is there, and just that is said.
                let why = rehearse(&["--caller", example]).stderr;
                assert!(why.contains("is not set") || why.contains("can't be read"), "{example}: {why}");
            } else {
                play(&["--strict=no", "--caller", example, "--until", "2m"]);
            }
        }
    }
}

#[test]
fn the_call_that_is_explained_is_the_one_that_is_played() {
    let played = play(&[]);
    let mut rest = played.as_str();
    let steps: Vec<&str> = CALL.split("\n\n```text\n").skip(1).collect();
    assert!(steps.len() >= 6);
    for step in steps {
        let step = step.split("```").next().unwrap();
        let place = rest.find(step).unwrap_or_else(|| panic!("{step} is not in\n{rest}"));
        assert!(place <= 80, "{step} does not follow at once");
        rest = &rest[place + step.len()..];
    }
}
