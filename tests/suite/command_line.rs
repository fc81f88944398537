//! The program from the shell.

use crate::program::Line;
use crate::shell::Said;

#[test]
fn a_query_is_answered_as_a_web_server_would_be() {
    let by_flag = Line::new().run(&["--query", "conference_code=1234"]);
    let line = Line::new();
    let by_variable = Said::by(line.shell(&[]).env("QUERY_STRING", "conference_code=1234"));
    assert_eq!(by_variable, Said { out: by_flag.clone(), err: String::new(), code: Some(0) });
    assert!(by_flag.starts_with("Status: 200 OK\r\n"), "{by_flag}");
    let body = line.run(&["--body", "--query", "conference_code=1234"]);
    assert!(body.starts_with("<?xml") && body.contains("joining&amp;count=1"), "{body}");
}

#[test]
fn a_form_makes_it_a_post() {
    let line = Line::new();
    line.enter("1234", "s1");
    let reply = line.run(&["--form", "event=leave&conference_code=1234&session_id=s1"]);
    assert!(reply.contains("text/ecmascript"), "{reply}");
    assert!(line.files().is_empty());
}

#[test]
fn what_cannot_be_understood_is_a_usage_error() {
    for arguments in [&["--digits", "x"][..], &["--nonsense"], &["nonsense"]] {
        let said = Line::new().says(arguments);
        assert_eq!((said.out.as_str(), said.code), ("", Some(2)), "{arguments:?}");
        assert!(!said.err.is_empty());
    }
}

#[test]
fn a_verb_takes_settings_and_nothing_of_a_request() {
    let line = Line::new();
    for flags in [&["--body"][..], &["--query", "conference_code=1234"], &["--form", "a=b"]] {
        for verb in [&["list"][..], &["end", "1234"], &["manual"]] {
            let said = line.says(&[flags, verb].concat());
            assert_eq!((said.out.as_str(), said.code), ("", Some(2)), "{flags:?} {verb:?}");
            assert!(said.err.contains(flags[0]), "{said:?}");
        }
    }
    line.run(&["--digits", "3-5", "list"]);
}

#[test]
fn help_and_version_are_there_for_the_operator() {
    let line = Line::new();
    let help = line.run(&["--help"]);
    for word in ["conference number", "CONFERENCE_DIR", "--lease", "--query", "[default: 43200]"] {
        assert!(help.contains(word), "{word}: {help}");
    }
    assert_eq!(line.run(&["--version"]), format!("ccxml-conference {}\n", env!("CARGO_PKG_VERSION")));
}
