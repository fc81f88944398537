//! Tokens as files: locks, odd files, unfinished lines.

use crate::program::{BINARY, Line, finish, until};
use crate::shell::{Said, unshare};
use fs2::FileExt;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Whether a process has a file open.
fn has_open(process: u32, path: &Path) -> bool {
    let open = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    open.filter_map(|entry| fs::read_link(entry.path()).ok()).any(|file| file == path)
}

#[test]
fn a_token_made_by_hand_lasts_for_max_age() {
    let line = Line::in_directory();
    for (age, document) in [("43100 seconds", "joinConference"), ("43300 seconds", "createConference")] {
        let touched =
            Command::new("touch").args(["-d", &format!("{age} ago")]).arg(line.token("1234")).status();
        assert!(touched.unwrap().success());
        assert_eq!(line.enter("1234", "a"), document, "{age}");
        fs::remove_file(line.token("1234")).unwrap();
    }
}

#[test]
fn what_is_no_regular_file_is_refused_and_neither_followed_nor_waited_for() {
    let line = Line::in_directory();
    let outside = line.folder().join("outside");
    symlink(&outside, line.token("1111")).unwrap();
    fs::write(&outside, "").unwrap();
    symlink(&outside, line.token("2222")).unwrap();
    fs::create_dir(line.token("3333")).unwrap();
    assert!(Command::new("mkfifo").arg(line.token("4444")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(line.token("5555")).unwrap();
    let start = Instant::now();
    for number in ["1111", "2222", "3333", "4444", "5555"] {
        for reply in [
            line.get(&format!("conference_code={number}&session_id=a")),
            line.report("renew", number, "a"),
            line.report("leave", number, "a"),
        ] {
            assert_eq!(reply.status, "503 Service Unavailable", "{number}");
            assert!(reply.stderr.contains("is not a regular file"), "{}", reply.stderr);
        }
    }
    assert!(start.elapsed() < Duration::from_secs(5), "something was waited for");
    assert_eq!(fs::read(&outside).unwrap(), b"");
}

#[test]
fn a_pipe_that_may_only_be_read_is_not_waited_for_either() {
    let line = Line::in_directory().with("CONFERENCE_SECRET", "0123456789abcdef");
    let pipe = line.token("1234");
    assert!(Command::new("mkfifo").args(["-m", "444"]).arg(&pipe).status().unwrap().success());
    let asked = line.ask("GET", "conference_code=1234&session_id=a");
    let mut command = asked.command();
    if fs::metadata(line.folder()).unwrap().uid() == 0 {
        // Root may write to everything.
        fs::set_permissions(line.folder(), fs::Permissions::from_mode(0o755)).unwrap();
        command.uid(65534);
    }
    let mut child = command.spawn().unwrap();
    until(|| child.try_wait().unwrap().is_some());
    let reply = finish(child);
    assert!(reply.stderr.contains("is not a regular file"), "{}", reply.stderr);
}

#[test]
fn an_absurdly_large_token_is_not_read_in() {
    let line = Line::in_directory();
    File::create(line.token("1234")).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(line.enter("1234", "a"), "joinConference");
    assert!(fs::metadata(line.token("1234")).unwrap().len() < 1000, "it has healed");
}

#[test]
fn waiting_for_a_lock_ends_after_the_timeout() {
    let line = Line::in_directory().with("CONFERENCE_LOCK_TIMEOUT", "1");
    line.enter("1234", "a");
    let held = File::open(line.token("1234")).unwrap();
    FileExt::lock_exclusive(&held).unwrap();
    let start = Instant::now();
    let reply = line.get("conference_code=1234&session_id=b");
    assert_eq!(reply.status, "503 Service Unavailable");
    assert!(reply.stderr.contains("CONFERENCE_LOCK_TIMEOUT"), "{}", reply.stderr);
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(line.enter("4321", "b"), "createConference", "other numbers do not wait");
    drop(held);
    assert_eq!(line.enter("1234", "b"), "joinConference");
}

#[test]
fn a_lock_on_a_token_that_was_replaced_meanwhile_protects_nothing_and_is_not_trusted() {
    let line = Line::in_directory();
    line.enter("1234", "a");
    let held = File::open(line.token("1234")).unwrap();
    FileExt::lock_exclusive(&held).unwrap();
    let mut waiting = line.ask("GET", "conference_code=1234&session_id=b").start();
    until(|| has_open(waiting.id(), &line.token("1234")));
    fs::write(line.tokens().join(".other"), fs::read(line.token("1234")).unwrap()).unwrap();
    fs::rename(line.tokens().join(".other"), line.token("1234")).unwrap();
    let other = line.get("conference_code=1234&session_id=c");
    assert_eq!(other.document(), "joinConference");
    assert!(waiting.try_wait().unwrap().is_none(), "it did not wait for the lock");
    drop(held);
    assert_eq!(finish(waiting).others(), 2, "c was not lost");
}

#[test]
fn a_token_of_somebody_else_can_be_joined() {
    let line = Line::in_directory();
    File::create(line.token("1234")).unwrap().set_permissions(fs::Permissions::from_mode(0o444)).unwrap();
    assert_eq!(line.enter("1234", "a"), "joinConference");
}

#[test]
fn a_line_that_a_killed_process_has_left_unfinished_is_none() {
    let line = Line::in_directory();
    line.enter("1234", "a");
    line.enter("1234", "b");
    let whole = fs::read_to_string(line.token("1234")).unwrap();
    for torn in ["{", "{\"version\":1,\"id\":\"1234-0\",\"callers\":[]", &"x".repeat(2000)] {
        fs::write(line.token("1234"), format!("{whole}{torn}")).unwrap();
        assert_eq!(line.get("conference_code=1234&session_id=c").others(), 2, "{torn}");
        // The next one goes over it, and finds what the last one has kept.
        assert_eq!(line.get("conference_code=1234&session_id=d").others(), 3, "{torn}");
    }
}

#[test]
fn a_token_stays_small_however_often_it_is_renewed() {
    let line = Line::in_directory();
    line.enter("1234", "a");
    let file = || fs::metadata(line.token("1234")).unwrap();
    let (mut before, mut replaced) = (file().ino(), 0);
    for _ in 0..60 {
        line.report("renew", "1234", "a");
        assert!(file().len() <= 4096);
        replaced += usize::from(file().ino() != before);
        before = file().ino();
    }
    assert!((1..=5).contains(&replaced), "it was replaced {replaced} times");
    assert_eq!(line.files(), ["1234"]);
}

#[test]
fn a_copy_that_is_another_name_of_the_file_stays_as_it_was() {
    let line = Line::in_directory();
    line.enter("1234", "a");
    let copy = line.folder().join("copy");
    fs::hard_link(line.token("1234"), &copy).unwrap();
    let before = fs::read(&copy).unwrap();
    assert_eq!(line.enter("1234", "b"), "joinConference");
    assert_eq!(fs::read(&copy).unwrap(), before);
}

#[test]
fn a_container_whose_clock_is_shifted_ends_no_lease_early() {
    let line = Line::in_directory();
    line.enter("1234", "a");
    let shifted = |arguments: &[&str]| {
        let mut command = unshare("-T")?;
        command.args(["--boottime", "10000000", "--", BINARY]).args(arguments);
        Some(Said::by(command.env("CONFERENCE_DIR", line.tokens())).out)
    };
    let Some(swept) = shifted(&["sweep"]) else { return };
    assert_eq!(swept, "numbers freed: 0, callers expired: 0, abandoned files removed: 0\n");
    // What is written there ends no lease here.
    assert!(shifted(&["lock", "1234"]).unwrap().contains("is locked"));
    assert!(line.report("renew", "1234", "a").body.contains("'open'"));
    assert!(!line.kept("1234").unwrap().contains("+"), "the token has this clock again");
}
