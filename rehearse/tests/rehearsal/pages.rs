//! README and docs keep their word.

use super::{play, rehearse};

const README: &str = include_str!("../../../README.md");
const REHEARSAL: &str = include_str!("../../../docs/rehearsal.md");
const ALIASES: &str = include_str!("../../../.cargo/config.toml");

#[test]
fn the_first_command_of_the_readme_is_a_rehearsal() {
    let first = README.split("```sh\n").nth(1).unwrap().lines().next().unwrap();
    assert_eq!(first, "cargo rehearse");
    let alias = ALIASES.lines().find_map(|line| line.strip_prefix("rehearse = ")).unwrap();
    assert_eq!(alias, r#"["run", "--quiet", "--package", "ccxml-conference-rehearse", "--"]"#);
}

#[test]
fn every_example_of_a_caller_is_one() {
    let rows: Vec<&str> = REHEARSAL.lines().filter(|line| line.starts_with("| `")).collect();
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
