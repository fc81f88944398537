//! Tokens as files (contract section 4): races, odd files, locks, and what is left behind.

use crate::program::{BINARY, Line, Reply, finish, until};
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
fn exactly_one_of_many_callers_at_the_same_instant_is_first() {
    for round in 0..5 {
        let line = Line::new();
        let at_once: Vec<_> = (0..24)
            .map(|n| line.ask("GET", format!("conference_code=1234&session_id=s{round}-{n}")).start())
            .collect();
        let replies: Vec<_> = at_once.into_iter().map(finish).collect();
        let (created, joined): (Vec<&Reply>, Vec<&Reply>) =
            replies.iter().partition(|reply| reply.document() == "createConference");
        let mut counts: Vec<usize> = joined.into_iter().map(Reply::others).collect();
        counts.sort_unstable();
        assert_eq!((created.len(), counts), (1, (1..24).collect()));
        assert_eq!(line.files(), ["1234"], "nothing else is left behind");
        let token = line.kept("1234").unwrap();
        assert_eq!(token.matches("\"session\"").count(), 24, "{token}");
    }
}

#[test]
fn entering_and_leaving_at_the_same_instant_loses_nobody_and_leaves_nothing() {
    let line = Line::new();
    line.enter("1234", "s0");
    for round in 1..12 {
        let before = round - 1;
        let leave = format!("event=leave&conference_code=1234&session_id=s{before}");
        let leaving = line.ask("POST", "").form(&leave).start();
        let entering = line.ask("GET", format!("conference_code=1234&session_id=s{round}")).start();
        finish(leaving).document();
        finish(entering).document();
        let token = line.kept("1234").unwrap();
        assert!(token.contains(&format!("\"s{round}\"")), "{token}");
        assert!(!token.contains(&format!("\"s{before}\"")), "{token}");
    }
    line.report("leave", "1234", "s11");
    assert_eq!(line.files(), [""; 0]);
}

#[test]
fn a_repeated_request_is_answered_the_same_and_counted_once() {
    let line = Line::new();
    for _ in 0..3 {
        assert_eq!(line.enter("1234", "a"), "createConference");
    }
    line.enter("1234", "b");
    for _ in 0..2 {
        assert_eq!(line.get("conference_code=1234&session_id=c").others(), 2);
    }
}

#[test]
fn a_token_made_by_hand_is_a_conference_in_progress() {
    let line = Line::new();
    line.keep("1234", "");
    let reply = line.get("conference_code=1234&session_id=a");
    assert_eq!(reply.others(), 0, "nobody knows how many there are");
    line.report("leave", "1234", "a");
    assert_eq!(line.enter("1234", "b"), "joinConference");
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
fn an_absurdly_large_token_is_not_read_in() {
    let line = Line::in_directory();
    File::create(line.token("1234")).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(line.enter("1234", "a"), "joinConference");
    assert!(fs::metadata(line.token("1234")).unwrap().len() < 1000, "it has healed");
}

#[test]
fn a_token_that_makes_no_sense_counts_as_made_by_hand() {
    let line = Line::new();
    for text in ["in use", "\u{1}\u{ff}", "{\"version\":1}"] {
        line.keep("1234", text);
        assert_eq!(line.enter("1234", "a"), "joinConference");
        line.remove("1234");
    }
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
    use std::os::unix::fs::PermissionsExt;
    let line = Line::in_directory();
    File::create(line.token("1234")).unwrap().set_permissions(fs::Permissions::from_mode(0o444)).unwrap();
    assert_eq!(line.enter("1234", "a"), "joinConference");
}

#[test]
fn a_lease_ends_without_a_word_from_anybody() {
    let line = Line::new().with("CONFERENCE_LEASE", "1");
    assert_eq!(line.enter("1234", "a"), "createConference");
    until(|| {
        let document = line.enter("1234", "b");
        line.report("leave", "1234", "b");
        document == "createConference"
    });
}

#[test]
fn a_renewal_puts_back_whom_the_token_has_lost() {
    let line = Line::new();
    line.enter("1234", "a");
    line.remove("1234");
    assert_eq!(line.report("renew", "1234", "a").document(), "script");
    assert_eq!(line.enter("1234", "b"), "joinConference");
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
fn the_fullest_conference_stays_readable() {
    let line = Line::new();
    let longest = "s".repeat(250);
    let callers: Vec<_> = (0..999)
        .map(|n| {
            format!(
                "{{\"session\":\"{longest}{n:03}\",\"age\":0,\"lease\":100000,\"told\":{{\"joining\":1}}}}"
            )
        })
        .collect();
    line.enter("1234", "a");
    let token =
        line.kept("1234").unwrap().replace("\"callers\":[", &format!("\"callers\":[{},", callers.join(",")));
    line.keep("1234", &format!("{token}\n"));
    for _ in 0..12 {
        assert_eq!(line.enter("1234", "a"), "createConference", "it was lost");
    }
    assert!(line.get("conference_code=1234&session_id=late").body.contains("reason=full"));
}

#[test]
fn a_container_whose_clock_is_shifted_ends_no_lease_early() {
    let line = Line::in_directory();
    line.enter("1234", "a");
    let shifted = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["-T", "--boottime", "10000000", "--", BINARY]).args(arguments);
        command.env("CONFERENCE_DIR", line.tokens()).output()
    };
    let tried = Command::new("unshare").args(["-T", "true"]).output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        return crate::servers::skip("unshare, or the right to make a time namespace,");
    }
    let swept = shifted(&["sweep"]).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&swept.stdout),
        "0 numbers freed, 0 callers expired, 0 abandoned files removed\n"
    );
    // What is written there ends no lease here.
    shifted(&["lock", "1234"]).unwrap();
    assert!(line.report("renew", "1234", "a").body.contains("'open'"));
    assert!(!line.kept("1234").unwrap().contains("+"), "the token has this clock again");
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
        fs::set_permissions(line.folder(), std::fs::Permissions::from_mode(0o755)).unwrap();
        command.uid(65534);
    }
    let mut child = command.spawn().unwrap();
    until(|| child.try_wait().unwrap().is_some());
    let reply = finish(child);
    assert!(reply.stderr.contains("is not a regular file"), "{}", reply.stderr);
}

#[test]
fn sweep_removes_what_killed_processes_have_left_and_nothing_that_is_under_way() {
    let line = Line::in_directory();
    let old = std::time::SystemTime::now() - Duration::from_secs(1201);
    for (name, is_old) in [
        (".1234.99.123", true),
        (".5678.98.124", false),
        (".secret.97.125", true),
        (".1234.99", true),
        (".1234.99.123.bak", true),
        ("1234.99.123", true),
    ] {
        let file = File::create(line.tokens().join(name)).unwrap();
        if is_old {
            file.set_modified(old).unwrap();
        }
    }
    assert!(line.run(&["sweep"]).contains("2 abandoned files removed"));
    assert_eq!(line.files(), [".1234.99", ".1234.99.123.bak", ".5678.98.124", "1234.99.123"]);
}

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
