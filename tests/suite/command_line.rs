//! The program from the shell.

use crate::program::{BINARY, Line};
use std::process::{Command, Output};

fn shell(line: &Line, arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear().current_dir(line.folder()).env("CONFERENCE_DIR", line.tokens());
    command.envs(line.settings()).args(arguments);
    command
}

fn text(output: Output) -> (String, String, Option<i32>) {
    let stdout = String::from_utf8(output.stdout).unwrap();
    (stdout, String::from_utf8(output.stderr).unwrap(), output.status.code())
}

#[test]
fn a_query_is_answered_as_a_web_server_would_be() {
    let by_flag = text(shell(&Line::new(), &["--query", "conference_code=1234"]).output().unwrap());
    let line = Line::new();
    let by_variable = text(shell(&line, &[]).env("QUERY_STRING", "conference_code=1234").output().unwrap());
    assert_eq!(by_flag, by_variable);
    assert!(by_flag.0.starts_with("Status: 200 OK\r\n"), "{}", by_flag.0);
    assert_eq!((by_flag.1.as_str(), by_flag.2), ("", Some(0)));
    let body = text(shell(&line, &["--body", "--query", "conference_code=1234"]).output().unwrap()).0;
    assert!(body.starts_with("<?xml"), "{body}");
    assert!(body.contains("joining&amp;count=1"));
}

#[test]
fn a_form_makes_it_a_post() {
    let line = Line::new();
    line.enter("1234", "s1");
    let form = "event=leave&conference_code=1234&session_id=s1";
    let (stdout, stderr, code) = text(shell(&line, &["--form", form]).output().unwrap());
    assert!(stdout.contains("text/ecmascript"), "{stdout}");
    assert_eq!((stderr.as_str(), code), ("", Some(0)));
    assert!(line.files().is_empty());
}

#[test]
fn a_flag_wins_over_the_environment() {
    let line = Line::new();
    let body = |command: &mut Command| text(command.output().unwrap()).0;
    let from_environment = body(shell(&line, &["--body"]).env("CONFERENCE_URL", "/one"));
    assert!(from_environment.contains("expr=\"'/one'\""), "{from_environment}");
    let from_flag = body(shell(&line, &["--body", "--url", "/two"]).env("CONFERENCE_URL", "/one"));
    assert!(from_flag.contains("expr=\"'/two'\""), "{from_flag}");
}

#[test]
fn what_cannot_be_understood_is_a_usage_error() {
    for arguments in [&["--digits", "x"][..], &["--nonsense"], &["nonsense"]] {
        let (stdout, stderr, code) = text(shell(&Line::new(), arguments).output().unwrap());
        assert_eq!((stdout.as_str(), code), ("", Some(2)), "{arguments:?}");
        assert!(!stderr.is_empty());
    }
}

#[test]
fn a_verb_takes_settings_and_nothing_of_a_request() {
    let line = Line::new();
    for flags in [&["--body"][..], &["--query", "conference_code=1234"], &["--form", "a=b"]] {
        for verb in [&["list"][..], &["end", "1234"], &["manual"]] {
            let arguments = [flags, verb].concat();
            let (stdout, stderr, code) = text(shell(&line, &arguments).output().unwrap());
            assert_eq!((stdout.as_str(), code), ("", Some(2)), "{arguments:?}");
            assert!(stderr.contains(flags[0]), "{stderr}");
        }
    }
    let (_, stderr, code) = text(shell(&line, &["--digits", "3-5", "list"]).output().unwrap());
    assert_eq!((stderr.as_str(), code), ("", Some(0)));
}

#[test]
fn help_and_version_are_there_for_the_operator() {
    let line = Line::new();
    let (help, _, code) = text(shell(&line, &["--help"]).output().unwrap());
    for word in ["conference number", "CONFERENCE_DIR", "--lease", "--query", "[default: 43200]"] {
        assert!(help.contains(word), "{word}: {help}");
    }
    assert_eq!(code, Some(0));
    let version = text(shell(&line, &["--version"]).output().unwrap()).0;
    assert_eq!(version, format!("ccxml-conference {}\n", env!("CARGO_PKG_VERSION")));
}
