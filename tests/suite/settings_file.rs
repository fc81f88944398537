//! The settings file (contract section 5), for web servers and shells alike.

use crate::program::{BINARY, Line};
use crate::shell::{Said, unshare};
use std::fs;
use std::process::Command;

/// A line whose settings stand in a file.
fn with_file(text: &str) -> Line {
    let line = Line::in_directory();
    fs::write(line.folder().join("line.toml"), text).unwrap();
    line.with("CONFERENCE_CONFIG", "line.toml")
}

/// What the program says in a shell with these variables.
fn shell(line: &Line, arguments: &[&str], variables: &[(&str, &str)]) -> Said {
    Said::by(line.shell(arguments).envs(variables.iter().copied()))
}

#[test]
fn a_flag_wins_over_a_variable_and_a_variable_over_the_file() {
    let line = with_file("url = \"/file\"");
    let variable = ("CONFERENCE_URL", "/variable");
    for (arguments, variables, url) in [
        (&["--body"][..], &[][..], "/file"),
        (&["--body"], &[variable], "/variable"),
        (&["--body", "--url", "/flag"], &[variable], "/flag"),
        (&["--body"], &[("CONFERENCE_URL", "")], "/file"),
    ] {
        let said = shell(&line, arguments, variables);
        assert!(said.out.contains(&format!("expr=\"'{url}'\"")), "{url}: {said:?}");
    }
}

#[test]
fn one_file_serves_the_web_server_and_the_shell() {
    let line = Line::in_directory();
    fs::create_dir_all(line.folder().join("etc/rooms")).unwrap();
    let text = "dir = \"../tokens\"\nlog = \"calls.log\"\nrooms = \"rooms\"\nrenew = 7\ndialect = 1.0\n";
    fs::write(line.folder().join("etc/line.toml"), text).unwrap();
    fs::write(line.folder().join("etc/rooms/1234.toml"), "pin = \"271828\"").unwrap();
    let line = line.with("CONFERENCE_CONFIG", "etc/line.toml").with("CONFERENCE_DIR", "");
    let entered = line.post("conference_code=1234&session_id=a&pin=271828");
    assert_eq!(entered.document(), "createConference");
    assert_eq!(line.files(), ["1234"], "relative paths count from the file");
    assert!(line.folder().join("etc/calls.log").exists());
    assert!(line.get("conference_code=4321&session_id=b").body.contains("reason=no_room"));
    let list = line.run(&["list"]);
    assert!(list.contains("\n1234 "), "{list}");
    let shown = line.json(&["show", "1234"]);
    assert!(shown["sessions"][0]["lease_seconds"].as_u64().unwrap() <= 21, "three renewals: {shown}");
}

#[test]
fn what_is_no_setting_is_an_error_that_names_the_nearest_one() {
    let unknown = |line: &Line, variables: &[(&str, &str)], words: &str| {
        let said = shell(line, &["list"], variables);
        assert!(said.err.contains(words) && said.err.lines().count() == 1, "{words}: {said:?}");
        assert_eq!(said.code, Some(2), "{said:?}");
        let mut asked = line.ask("GET", "conference_code=1234&session_id=a");
        for (name, value) in variables {
            asked = asked.variable(name, value);
        }
        let reply = asked.reply();
        assert_eq!(reply.status, "500 Internal Server Error");
        assert!(reply.stderr.contains(words), "{words}: {}", reply.stderr);
        assert!(line.files().is_empty(), "nobody gets in");
    };
    let line = with_file("");
    unknown(
        &line,
        &[("CONFERENCE_ROOM", "rooms")],
        "CONFERENCE_ROOM is no setting; the nearest one is CONFERENCE_ROOMS",
    );
    unknown(&line, &[("CONFERENCE_LOCKTIMEOUT", "")], "the nearest one is CONFERENCE_LOCK_TIMEOUT");
    unknown(&with_file("room = \"rooms\""), &[], "line.toml: room is no setting; the nearest one is rooms");
    unknown(&with_file("lock-timeout = 3"), &[], "the nearest one is lock_timeout");
    unknown(&with_file("CONFERENCE_AUDIO_URL = \"x\""), &[], "the nearest one is audio_url");
}

#[test]
fn a_file_that_cannot_be_used_is_an_error_that_tells_no_secret() {
    for (text, words) in [
        ("store = \"redis://:s3cret@h\nx", "line.toml: line 2: "),
        ("store = [\"s3cret\"]", "store must be a text or a number"),
        ("store = \"s3cret\"", "CONFERENCE_STORE=\"...\" (line.toml)"),
        (
            "renew = \"soon\"",
            "CONFERENCE_RENEW=\"soon\" (line.toml) cannot be used: it must be a number of seconds",
        ),
        ("digits = 40", "CONFERENCE_DIGITS=\"40\" (line.toml)"),
    ] {
        let said = with_file(text).says(&["list"]);
        assert!(said.err.contains(words) && !said.err.contains("s3cret"), "{text}: {said:?}");
        assert_eq!(said.code, Some(2), "{text}");
    }
    for file in ["missing.toml", "tokens", "pipe"] {
        let line = Line::in_directory();
        assert!(Command::new("mkfifo").arg(line.folder().join("pipe")).status().unwrap().success());
        let said = line.says(&["--config", file, "list"]);
        assert!(said.err.contains(file) && said.err.contains("cannot be read"), "{file}: {said:?}");
        assert_eq!(said.code, Some(2), "{file}");
    }
}

#[test]
fn a_file_named_by_nothing_is_none() {
    let line = with_file("url = \"/file\"");
    let document = shell(&line, &["--body"], &[("CONFERENCE_CONFIG", "")]).out;
    assert!(document.contains("expr=\"'/cgi-bin/ccxml-conference'\""), "{document}");
}

#[test]
fn the_file_in_etc_is_read_where_none_is_named() {
    // A directory of our own in its place, which takes a namespace of our own.
    let Some(mut command) = unshare("-rm") else { return };
    let line = Line::in_directory();
    let script = "mount -t tmpfs none /etc && echo 'url = \"/etc-file\"' >/etc/ccxml-conference.toml && exec \"$0\" --body";
    command.args(["sh", "-c", script, BINARY]).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    let said = Said::by(command.env("CONFERENCE_DIR", line.tokens()));
    assert!(said.out.contains("expr=\"'/etc-file'\""), "{said:?}");
}

#[test]
fn check_tells_which_file_was_read_and_where_each_setting_comes_from() {
    let line = with_file("lang = \"de-AT\"");
    let told = line.run(&["check"]);
    assert!(told.contains("ok       settings: line.toml was read\n"), "{told}");
    let told = shell(&line, &["check", "--verbose", "--renew", "30"], &[("CONFERENCE_LEASE", "100")]).out;
    for row in [
        "setting  CONFERENCE_LANG: de-AT (line.toml)",
        "setting  CONFERENCE_RENEW: 30 (flag)",
        "setting  CONFERENCE_LEASE: 100 (environment)",
        "setting  CONFERENCE_DIGITS: 4-10 (default)",
        "setting  CONFERENCE_ROOMS: none (default)",
    ] {
        assert!(told.lines().any(|line| line == row), "{row}: {told}");
    }
    let Said { out, code, .. } = shell(&line, &["check", "--json"], &[("CONFERENCE_LEASE", "1")]);
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    let settings = told.as_array().unwrap().iter().find(|finding| finding["about"] == "settings").unwrap();
    assert_eq!((settings["state"].as_str(), code), (Some("problem"), Some(1)));
    assert!(settings["text"].as_str().unwrap().contains("CONFERENCE_LEASE"), "{told}");
}

#[test]
fn check_warns_of_a_password_that_everybody_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let line = with_file("secret = \"0123456789abcdef\"");
    let file = line.folder().join("line.toml");
    for (mode, warned) in [(0o644, true), (0o640, false)] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let told = line.run(&["check"]);
        let warning = "warning  settings: everybody on this machine can read secret";
        assert_eq!(told.contains(warning), warned, "{told}");
        assert!(!told.contains("0123456789"), "{told}");
    }
}
