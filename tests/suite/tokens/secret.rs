//! The secret that tickets are signed with, in its file.

use crate::program::{Line, finish};
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;

#[test]
fn the_secret_is_made_once_by_whoever_is_first_and_for_this_user_alone() {
    let line = Line::in_directory();
    line.get("");
    line.get("prompt=apology");
    line.ask("HEAD", "conference_code=1234&session_id=a").reply();
    assert!(!line.tokens().join(".secret").exists(), "it is made when it is needed");
    let at_once: Vec<_> =
        (0..16).map(|n| line.ask("GET", format!("conference_code=1{n:03}&session_id=s")).start()).collect();
    let tickets: Vec<_> = at_once
        .into_iter()
        .enumerate()
        .map(|(n, child)| (format!("1{n:03}"), finish(child).ticket().unwrap().to_owned()))
        .collect();
    let secret = fs::metadata(line.tokens().join(".secret")).unwrap();
    assert_eq!((secret.mode() & 0o777, secret.nlink()), (0o600, 1));
    for (number, ticket) in &tickets {
        line.remove(number);
        line.renew(number, "s", ticket);
        assert!(line.kept(number).unwrap().contains("\"told\":\"first\""), "{number} was not signed with it");
    }
    assert_eq!(line.files().len(), 16, "nothing else is left");
}

#[test]
fn a_secret_is_on_the_disk_before_it_has_its_name() {
    let line = Line::in_directory();
    let calls = |session: &str| {
        let entering = line.ask("GET", format!("conference_code=1234&session_id={session}"));
        entering.system_calls("fsync,link,linkat")
    };
    let (Some(first), Some(second)) = (calls("a"), calls("b")) else { return };
    let named = first.find("/.secret\"").unwrap();
    assert!(first.find("fsync(").is_some_and(|synced| synced < named), "{first}");
    assert_eq!((first.matches("fsync(").count(), second.matches("fsync(").count()), (1, 0), "{second}");
}

#[test]
fn a_secret_that_cannot_be_used_is_named_and_never_replaced() {
    type Make = fn(&Path);
    let cases: [(&str, Make); 4] = [
        ("is not a secret of 16 characters", |path| fs::write(path, "").unwrap()),
        ("is not a secret of 16 characters", |path| fs::write(path, "0123456789abcde\n").unwrap()),
        ("is not a regular file", |path| fs::create_dir(path).unwrap()),
        ("is not a regular file", |path| symlink("/etc/hostname", path).unwrap()),
    ];
    for (words, make) in cases {
        let line = Line::in_directory();
        let secret = line.tokens().join(".secret");
        make(&secret);
        let reply = line.get("conference_code=1234&session_id=a");
        assert_eq!(reply.status, "503 Service Unavailable");
        assert!(reply.stderr.contains(".secret") && reply.stderr.contains(words), "{}", reply.stderr);
        assert_eq!(line.files(), [""; 0], "nobody holds a place who was not let in");
        assert!(line.says(&["check"]).out.contains(words), "{words}");
        assert!(!secret.is_file() || fs::read(&secret).unwrap().len() < 17);
        let with_another = line.with("CONFERENCE_SECRET", "0123456789abcdef");
        assert_eq!(with_another.enter("1234", "a"), "createConference");
    }
}

#[test]
fn the_secret_is_read_only_by_requests_that_need_it() {
    let line = Line::in_directory();
    let ticket = line.get("conference_code=1234&session_id=a").ticket().unwrap().to_owned();
    let renewal = format!("event=renew&conference_code=1234&session_id=a&ticket={ticket}");
    let leave = "event=leave&conference_code=1234&session_id=a";
    for (asked, form) in
        [(line.ask("GET", ""), ""), (line.ask("POST", renewal), ""), (line.ask("POST", leave), "")]
    {
        let Some(calls) = asked.form(form).system_calls("open,openat") else { return };
        assert!(!calls.contains(".secret"), "{calls}");
    }
}
