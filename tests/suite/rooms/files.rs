//! The files of rooms: what a bad one costs, and what `check` says of it.

use super::{CLOSED, MODERATED};
use crate::program::{Line, finish};
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn a_room_that_cannot_be_understood_is_named_to_the_operator() {
    let line = Line::with_rooms(&[("1234", "pin = \"4711\"\npni = \"4711\"")]);
    let reply = line.get("conference_code=1234&session_id=a");
    assert_eq!(reply.status, "500 Internal Server Error");
    assert!(reply.stderr.contains("1234.toml: line 2: unknown field `pni`"), "{}", reply.stderr);
    assert!(!reply.stderr.contains("4711"));
    assert!(line.log().contains("\"reason\":\"room\""), "{}", line.log());
    assert_eq!(line.report("leave", "1234", "a").document(), "script", "nobody is kept from leaving");
}

#[test]
fn a_room_that_cannot_be_read_whole_is_not_an_open_one() {
    let line = Line::with_rooms(&[("1234", &format!("{}\n{CLOSED}", "#".repeat(64 << 10)))]);
    let pipe = line.folder().join("rooms/5678.toml");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    for number in ["1234", "5678"] {
        let mut asked = line.ask("GET", format!("conference_code={number}&session_id=a")).start();
        let deadline = Instant::now() + Duration::from_secs(5);
        while asked.try_wait().unwrap().is_none() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
        // One that waits is not waited for.
        let _ = asked.kill();
        let reply = finish(asked);
        assert_eq!(reply.status, "500 Internal Server Error", "{number}");
        assert!(reply.stderr.contains("cannot be read"), "{}", reply.stderr);
    }
    assert!(line.files().is_empty());
}

#[test]
fn without_the_directory_of_rooms_nobody_is_told_that_there_is_no_room() {
    let line = Line::new().with("CONFERENCE_ROOMS", "missing");
    assert_eq!(line.get("conference_code=1234&session_id=a").status, "500 Internal Server Error");
}

#[test]
fn whatever_happens_to_the_file_of_a_room_nobody_waits_in_vain_or_gets_in() {
    let cases = [None, Some(""), Some("name = \"Board\""), Some("open = tru"), Some("pni = 1")];
    for text in cases {
        let line = Line::with_rooms(&[("1234", &format!("{MODERATED}muted = true"))]);
        let waiting = line.enter_with("", "a").ticket().unwrap().to_owned();
        let file = line.folder().join("rooms/1234.toml");
        let good = fs::read_to_string(&file).unwrap();
        line.spoil_room(text);
        let renewed = line.renew("1234", "a", &waiting);
        assert_eq!(renewed.state(), "waiting", "{text:?}");
        for pin in ["", "98765"] {
            let refused = line.enter_with(pin, "new");
            assert!(!refused.body.contains("confname"), "{text:?}: {}", refused.body);
        }
        fs::write(&file, &good).unwrap();
        let moderator = line.enter_with("98765", "m").ticket().unwrap().to_owned();
        line.spoil_room(text);
        for (session, ticket) in [("a", &waiting), ("m", &moderator)] {
            let renewed = line.renew("1234", session, ticket);
            assert_eq!(renewed.state(), "open", "{text:?}");
        }
        assert!(line.kept("1234").unwrap().contains("\"muted\":true"));
        line.report("leave", "1234", "m");
        line.age("1234", 60_000);
        let ended = line.renew("1234", "a", &waiting);
        assert!(ended.body.contains("'moderator_left'"), "{text:?}: {}", ended.body);
        line.report("leave", "1234", "a");
        assert_eq!(line.files(), [""; 0], "{text:?}");
    }
}

#[test]
fn who_repeats_an_entry_into_an_open_room_is_answered_although_its_file_is_gone() {
    for text in [None, Some("pni = 1")] {
        let line = Line::with_rooms(&[("1234", "open = true")]);
        assert_eq!(line.enter("1234", "a"), "createConference");
        line.spoil_room(text);
        assert_eq!(line.enter("1234", "a"), "createConference");
        let other = line.get("conference_code=1234&session_id=b");
        assert!(!other.body.contains("confname"), "{}", other.body);
    }
}

#[test]
fn check_validates_every_room() {
    let good = Line::with_rooms(&[("1234", CLOSED)]);
    assert!(good.says(&["check"]).out.contains("ok       rooms"));
    let bad = Line::with_rooms(&[("1234", "pni = 1"), ("5678", "muted = 3"), ("12", ""), ("9999", CLOSED)]);
    let said = bad.says(&["check"]).out;
    for words in ["1234.toml: line 1: unknown field `pni`", "5678.toml: line 1", "12.toml: 12 is no number"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(said.matches("problem  rooms").count(), 3, "{said}");
    let missing = Line::new().with("CONFERENCE_ROOMS", "missing");
    assert!(missing.says(&["check"]).out.contains("set CONFERENCE_ROOMS"));
}

#[test]
fn check_tells_what_is_no_room_and_what_will_hardly_do() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let line = Line::with_rooms(&[
        ("1111", "pin = \"47114711\""),
        ("2222", "pin = \"4711\""),
        ("3333", "open = true\nmuted = true"),
        ("4444", "open = true\nmax_callers = 1001"),
        ("5555", ""),
    ]);
    let rooms = line.folder().join("rooms");
    for number in ["1111", "2222"] {
        let mode = if number == "1111" { 0o640 } else { 0o644 };
        fs::set_permissions(rooms.join(format!("{number}.toml")), fs::Permissions::from_mode(mode)).unwrap();
    }
    for name in ["6666.TOML", "7777.toml.txt", "1111.toml.bak", ".1111.toml.swp", "notes.txt"] {
        fs::write(rooms.join(name), "open = true").unwrap();
    }
    symlink("nowhere", rooms.join("8888.toml")).unwrap();
    let said = line.says(&["check"]).out;
    let told = |file: &str, words: &str| {
        said.lines().any(|line| line.contains(&format!("rooms/{file}")) && line.contains(words))
    };
    assert!(told("2222.toml", "fewer than 6 digits") && told("2222.toml", "can read the PIN"), "{said}");
    assert!(told("3333.toml", "nobody can speak") && told("4444.toml", "more than 1000"), "{said}");
    assert!(told("5555.toml", "must say who gets in"), "{said}");
    assert!(told("6666.TOML", "6666.toml") && told("7777.toml.txt", "7777.toml"), "{said}");
    assert!(told("8888.toml", "leads nowhere"), "{said}");
    assert!(!said.contains("1111") && !said.contains("notes"), "{said}");
    let in_2002 = line.with("CONFERENCE_DIALECT", "2002");
    let said = in_2002.says(&["check"]).out;
    assert!(said.contains("1111.toml asks for a PIN"), "{said}");
}
