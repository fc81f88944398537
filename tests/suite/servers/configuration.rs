//! The configurations in `deploy`, as the tests use them: what an operator gets is what is tested.

use super::Setup;
use std::fs;
use std::path::Path;

/// The text of a file in `deploy`.
pub fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `text` with `new` in place of `old`, which has to be there.
pub fn replace(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "the configuration has no {old:?}:\n{text}");
    text.replace(old, new)
}

/// `text` with the settings of `setup` in place of the one that is shown in a comment; `line` writes one setting as
/// this server wants it.
pub fn settings(
    text: &str,
    setup: &Setup,
    line: fn(&str, &str) -> String,
    (name, value): (&str, &str),
) -> String {
    let lines: Vec<_> = setup.settings().map(|(name, value)| line(name, value)).collect();
    replace(text, &format!("#{}", line(name, value)), &lines.join("\n"))
}

/// The configuration of a server's desk, with the settings of `setup`, its program and its file of passwords.
pub fn desk(server: &str, setup: &Setup, line: fn(&str, &str) -> String) -> String {
    let passwords = setup.file("passwords", super::PASSWORD.0).display().to_string();
    let text =
        settings(&file(&format!("{server}-desk.conf")), setup, line, ("CONFERENCE_DIR", "/srv/conferences"));
    let text = replace(&text, "/etc/ccxml-conference.htpasswd", &passwords);
    replace(&text, super::PROGRAM, &setup.binary().display().to_string())
}
