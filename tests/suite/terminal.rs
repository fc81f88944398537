//! What reaches an operator's terminal: text alone, in lines that nobody else can forge.

use crate::program::{BINARY, Line};
use nix::pty::openpty;
use std::fs::{self, File};
use std::io::Read;
use std::process::Command;

/// What a verb prints on a terminal with these variables.
fn on_a_terminal(line: &Line, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let terminal = openpty(None, None).unwrap();
    let mut command = Command::new(BINARY);
    command.env_clear().current_dir(line.folder()).env("CONFERENCE_DIR", line.tokens());
    command.envs(line.settings()).envs(variables.iter().copied()).args(arguments);
    let mut child = command.stdout(terminal.slave).spawn().unwrap();
    // It has the other end to give to further processes.
    drop(command);
    let mut shown = Vec::new();
    // A terminal that nobody has open any more is an error to read from.
    let _ = File::from(terminal.master).read_to_end(&mut shown);
    child.wait().unwrap();
    String::from_utf8(shown).unwrap()
}

#[test]
fn headings_are_bold_where_a_terminal_may_be_sent_styles() {
    let line = Line::new();
    for (variables, bold) in [
        (&[("TERM", "xterm")][..], true),
        (&[("TERM", "xterm"), ("NO_COLOR", "")], true),
        (&[("TERM", "xterm"), ("NO_COLOR", "1")], false),
        (&[("TERM", "dumb")], false),
    ] {
        let shown = on_a_terminal(&line, &["list"], variables);
        assert_eq!(shown.contains("\u{1b}[1mNUMBER"), bold, "{variables:?}: {shown:?}");
        assert!(bold || !shown.contains('\u{1b}'), "{variables:?}: {shown:?}");
    }
}

#[test]
fn no_name_key_or_id_controls_a_terminal_or_forges_a_line() {
    let hostile = "x\nok       rooms: fine\u{1b}[2J\u{202e}\u{2028}y";
    let quoted = serde_json::to_string(hostile).unwrap();
    let line = Line::with_rooms(&[
        ("1234", &format!("name = {quoted}\npin = \"4711\"")),
        ("5678", &format!("{quoted} = 1")),
    ]);
    fs::write(line.folder().join("rooms").join(format!("{hostile}.toml")), "").unwrap();
    line.post("conference_code=1234&session_id=a&pin=4711").document();
    let token = line.kept("1234").unwrap();
    let mut token: serde_json::Value = serde_json::from_str(&token).unwrap();
    token["id"] = hostile.into();
    line.keep("1234", &format!("{token}\n"));
    for (arguments, lines) in [(&["list"][..], 2), (&["show", "1234"], 9), (&["check"], usize::MAX)] {
        let mut command = Command::new(BINARY);
        command.env_clear().current_dir(line.folder()).env("CONFERENCE_DIR", line.tokens());
        let output = command.envs(line.settings()).args(arguments).output().unwrap();
        let shown = [output.stdout, output.stderr].concat();
        let shown = String::from_utf8(shown).unwrap();
        let reaches = |character: &char| "\u{1b}\u{202e}\u{2028}".contains(*character);
        assert_eq!(shown.chars().find(reaches), None, "{arguments:?}: {shown}");
        assert!(!shown.contains("\nok       rooms: fine"), "{arguments:?}: {shown}");
        assert!(lines == usize::MAX || shown.lines().count() == lines, "{arguments:?}: {shown}");
    }
}
