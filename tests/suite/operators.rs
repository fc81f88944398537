//! The operators' verbs (contract section 6), from the shell.

use crate::program::{BINARY, Line};
use crate::shell::Said;
use std::fs;
use std::process::{Command, Stdio};

impl Line {
    /// A verb that succeeds and says in one line what happens.
    fn does(&self, arguments: &[&str], what: &str) {
        assert_eq!(self.run(arguments), format!("{what}\n"), "{arguments:?}");
    }

    /// A verb that can't be done, and says why in one line.
    fn does_not(&self, arguments: &[&str], why: &str) {
        let said = self.says(arguments);
        assert_eq!((said.out.as_str(), said.code), ("", Some(1)), "{arguments:?}");
        assert_eq!(said.err.lines().count(), 1, "{arguments:?}");
        assert!(said.err.contains(why), "{arguments:?}: {}", said.err);
    }

    /// The state that a renewal tells.
    fn state(&self, session: &str) -> String {
        let script = self.report("renew", "1234", session).body;
        script.split('\'').nth(1).unwrap().to_owned()
    }
}

#[test]
fn list_shows_what_is_in_progress_in_columns_that_line_up() {
    let line = Line::new().with("CONFERENCE_LEASE", "9000");
    assert_eq!(line.run(&["list"]).lines().count(), 1, "the headings alone");
    line.enter("1234", "a");
    line.enter("1234", "b");
    line.keep("99887766", "");
    line.age("1234", 7_500_000);
    let said = line.says(&["list"]);
    let table: Vec<_> = said.out.lines().collect();
    assert_eq!(table[0], "NUMBER      CALLERS  WAITING          AGE      ENDS IN  STATE   NAME");
    assert_eq!(table[1], "1234              2        0   2 h 05 min            -  open");
    assert!(table[2].starts_with("99887766         0+        0"), "{}", table[2]);
    assert!(!said.out.contains('\u{1b}'), "a pipe is no terminal");
}

#[test]
fn list_tells_how_many_of_the_callers_wait_for_a_moderator() {
    let room = "pin = \"4711\"\nmoderator_pin = \"98765\"\nwait_for_moderator = true";
    let line = Line::with_rooms(&[("1234", room)]);
    let counts = || {
        let said = line.run(&["list"]);
        let row: Vec<_> = said.lines().nth(1).unwrap().split_whitespace().collect();
        (row[1].to_owned(), row[2].to_owned())
    };
    for session in ["a", "b"] {
        line.enter_with("4711", session).document();
    }
    assert_eq!(counts(), ("2".to_owned(), "2".to_owned()));
    line.enter_with("98765", "m").document();
    for session in ["a", "b"] {
        line.report("renew", "1234", session);
    }
    assert_eq!(counts(), ("3".to_owned(), "0".to_owned()));
}

#[test]
fn no_name_of_a_room_breaks_the_table_or_reaches_the_terminal() {
    let line = Line::with_rooms(&[("1234", "open = true\nname = \"a\\nb\\u001b[2J\\u009bc\"")]);
    line.enter("1234", "a");
    let shown = "a\u{fffd}b\u{fffd}[2J\u{fffd}c";
    let list = line.run(&["list"]);
    assert!(list.lines().count() == 2 && list.ends_with(&format!("  {shown}\n")), "{list:?}");
    let show = line.run(&["show", "1234"]);
    assert!(show.contains(&format!("name        {shown}\n")), "{show:?}");
    assert_eq!(line.json(&["list"])[0]["name"], "a\nb\u{1b}[2J\u{9b}c", "JSON has its own way to say it");
}

#[test]
fn json_has_a_stable_shape() {
    let line = Line::new();
    assert_eq!(line.json(&["list"]), serde_json::json!([]));
    line.enter("1234", "a");
    let list = line.json(&["list"]);
    let row = list[0].as_object().unwrap();
    let fields: Vec<_> = row.keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        [
            "age_seconds",
            "callers",
            "conference",
            "muted",
            "number",
            "sessions",
            "since",
            "state",
            "unknown",
            "waiting"
        ]
    );
    assert_eq!((row["number"].as_str(), row["callers"].as_u64()), (Some("1234"), Some(1)));
    let shown = line.json(&["show", "1234"]);
    assert_eq!(shown["sessions"], list[0]["sessions"]);
    let session = shown["sessions"][0].as_object().unwrap();
    let fields: Vec<_> = session.keys().map(String::as_str).collect();
    assert_eq!(fields, ["age_seconds", "hand", "lease_seconds", "role", "session", "since", "state"]);
    assert_eq!((session["session"].as_str(), session["state"].as_str()), (Some("a"), Some("in")));
}

#[test]
fn a_locked_conference_takes_no_newcomers_until_it_is_unlocked() {
    let line = Line::new();
    line.enter("1234", "a");
    let locked = "newcomers hear so at once, moderators get in";
    line.does(&["lock", "1234"], &format!("conference 1234 is locked; {locked}"));
    line.does(&["lock", "1234"], &format!("conference 1234 is locked already; {locked}"));
    let refused = line.get("conference_code=1234&session_id=b");
    assert_eq!(refused.document(), "getConference");
    assert!(refused.body.contains("reason=locked"));
    assert_eq!(line.enter("1234", "a"), "createConference", "who is in stays in");
    assert_eq!(line.state("a"), "open");
    assert!(line.run(&["show", "1234"]).contains("locked"));
    line.does(&["unlock", "1234"], "conference 1234 is open; newcomers get in at once");
    assert_eq!(line.enter("1234", "b"), "joinConference");
}

#[test]
fn an_ended_conference_is_told_so_and_takes_nobody_until_the_last_has_left() {
    let line = Line::new();
    line.enter("1234", "a");
    line.enter("1234", "b");
    let hear = "2 callers hear so at the next renewal, within 60 s";
    line.does(&["end", "1234"], &format!("conference 1234 is ending; {hear}"));
    line.does(&["end", "1234"], &format!("conference 1234 is ending already; {hear}"));
    for verb in [&["lock", "1234"][..], &["unlock", "1234"], &["extend", "1234", "5"]] {
        line.does_not(verb, "conference 1234 is ending");
    }
    assert!(line.get("conference_code=1234&session_id=c").body.contains("reason=ending"));
    for session in ["a", "b"] {
        assert_eq!(line.state(session), "ended");
        line.report("leave", "1234", session);
    }
    assert_eq!(line.enter("1234", "c"), "createConference");
}

#[test]
fn ending_frees_a_number_at_once_where_nobody_can_be_told() {
    let line = Line::new();
    line.keep("1234", "");
    line.get("conference_code=1234");
    line.does(
        &["end", "1234"],
        "1234 is free: nobody is in its conference who could be told that it has ended",
    );
    assert!(line.files().is_empty());
}

#[test]
fn a_kicked_caller_is_told_so_and_does_not_get_back_in_with_the_same_session() {
    let line = Line::new();
    line.enter("1234", "a");
    line.enter("1234", "b");
    line.does(
        &["kick", "1234", "b"],
        "caller b is removed from conference 1234; 1 caller hears so at the next renewal, within 60 s",
    );
    assert_eq!(line.state("b"), "kicked");
    assert!(line.get("conference_code=1234&session_id=b").body.contains("reason=kicked"));
    assert_eq!(line.state("a"), "open");
    line.report("leave", "1234", "a");
    assert!(
        line.get("conference_code=1234&session_id=b").body.contains("reason=kicked"),
        "nobody else is in"
    );
    line.report("leave", "1234", "b");
    assert!(line.files().is_empty());
    assert_eq!(line.enter("1234", "b"), "createConference");
}

#[test]
fn all_but_moderators_can_be_kicked_at_once() {
    let line = Line::with_rooms(&[("1234", "open = true\nmoderator_pin = \"98765\"")]);
    for (session, pin) in [("a", ""), ("m", "98765"), ("b", "")] {
        line.enter_with(pin, session).document();
    }
    line.does(
        &["kick", "1234", "all"],
        "all but moderators are removed from conference 1234; 2 callers hear so at the next renewal, within 60 s",
    );
    assert_eq!(["a", "m", "b"].map(|session| line.state(session)), ["kicked", "open", "kicked"]);
    line.does_not(&["kick", "1234", "all"], "no callers with a session but moderators");
}

#[test]
fn a_conference_with_a_limit_is_given_more_time() {
    let line = Line::with_rooms(&[("1234", "open = true\nmax_minutes = 150")]);
    line.enter("1234", "a");
    let limited = line.run(&["list"]);
    assert!(limited.contains("2 h 30 min  open"), "{limited}");
    line.does(
        &["extend", "1234", "95"],
        "conference 1234 may last 1 h 35 min longer and ends in 4 h 05 min; 1 session knows at the next renewal, within \
         60 s",
    );
    assert_eq!(line.json(&["list"])[0]["ends_in_seconds"].as_u64().unwrap().div_ceil(60), 245);
    let show = line.run(&["show", "1234"]);
    assert!(show.contains("ends        in 4 h 05 min\n"), "{show}");
    assert_eq!(line.says(&["extend", "1234", "0"]).code, Some(2));
    let without = Line::new();
    without.enter("1234", "a");
    without.does_not(&["extend", "1234", "5"], "no time limit");
    without.does_not(&["extend", "4321", "5"], "no conference 4321");
}

#[test]
fn a_list_is_sorted_by_number_and_its_columns_hold_for_every_value() {
    let line = Line::new();
    let longest = "9".repeat(32);
    for number in [&*longest, "10000", "2000", "02000", "300"] {
        line.keep(number, "");
    }
    let said = line.run(&["list"]);
    let numbers: Vec<_> = said.lines().skip(1).map(|row| row.split(' ').next().unwrap()).collect();
    assert_eq!(numbers, ["300", "2000", "02000", "10000", &longest]);
    let ends: Vec<_> = said.lines().skip(1).map(|row| row.find("  open").unwrap()).collect();
    assert!(ends.iter().all(|end| *end + 2 == said.find("STATE").unwrap()), "{said}");
    let numbers = line.json(&["list"]);
    let numbers: Vec<_> = numbers.as_array().unwrap().iter().map(|row| row["number"].clone()).collect();
    assert_eq!(numbers, ["300", "2000", "02000", "10000", &longest]);
}

#[test]
fn only_a_terminal_can_be_watched() {
    let line = Line::new();
    for arguments in [&["list", "--watch"][..], &["list", "--watch", "--json"]] {
        let said = line.says(arguments);
        assert_eq!((said.out.as_str(), said.code), ("", Some(2)), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn what_is_not_there_is_said_in_one_line_with_status_1() {
    let line = Line::new();
    line.enter("1234", "a");
    for arguments in [
        &["show", "4321"][..],
        &["end", "4321"],
        &["lock", "4321"],
        &["kick", "4321", "a"],
        &["kick", "1234", "x"],
    ] {
        let said = line.says(arguments);
        assert_eq!(
            (said.out.as_str(), said.code, said.err.lines().count()),
            ("", Some(1), 1),
            "{arguments:?}"
        );
        assert!(said.err.contains("`ccxml-conference "), "what to do: {}", said.err);
    }
    for arguments in [&["show"][..], &["end", "12a"], &["kick", "1234"], &["kick", "1234", "a b"]] {
        assert_eq!(line.says(arguments).code, Some(2), "{arguments:?}");
    }
}

#[test]
fn sweep_removes_what_has_expired_and_nothing_else() {
    let line = Line::in_directory().with("CONFERENCE_LEASE", "1").with("CONFERENCE_LOG", "calls.log");
    line.enter("1111", "a");
    line.age("1111", 1000);
    line.get("conference_code=2222");
    fs::write(line.token("3333"), "").unwrap();
    fs::write(line.tokens().join("README"), "not a token").unwrap();
    let abandoned = line.tokens().join(".1234.17.99");
    for (name, age) in [(&abandoned, "21 minutes ago"), (&line.tokens().join(".1234.17.98"), "now")] {
        assert!(Command::new("touch").args(["-d", age]).arg(name).status().unwrap().success());
    }
    let said = line.says(&["sweep"]);
    assert_eq!(said.out, "1 numbers freed, 1 callers expired, 1 abandoned files removed\n");
    assert_eq!(line.files(), [".1234.17.98", "2222", "3333", "README"]);
    let log = line.log();
    assert!(log.contains("\"event\":\"expired\""), "{log}");
}

#[test]
fn one_token_that_cannot_be_read_keeps_no_other_from_being_listed_or_swept() {
    let line = Line::in_directory().with("CONFERENCE_LEASE", "1");
    for number in ["1111", "9999"] {
        line.enter(number, "a");
        line.age(number, 1000);
    }
    line.get("conference_code=1234");
    fs::create_dir(line.token("5678")).unwrap();
    let list = line.says(&["list"]);
    assert_eq!((list.code, list.err.lines().count()), (Some(1), 1), "it is incomplete: {}", list.err);
    assert!(list.out.contains("1234"), "{}", list.out);
    let sweep = line.says(&["sweep"]);
    assert_eq!((sweep.code, sweep.err.lines().count()), (Some(1), 1), "cron is to notice: {}", sweep.err);
    assert_eq!(sweep.out, "2 numbers freed, 2 callers expired, 0 abandoned files removed\n");
    assert_eq!(line.files(), ["1234", "5678"]);
}

#[test]
fn a_pipe_that_is_closed_early_is_no_error() {
    let line = Line::in_directory();
    for number in 1000..3000 {
        fs::write(line.token(&number.to_string()), "").unwrap();
    }
    let mut list = line.shell(&["list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(list.stdout.take());
    let output = list.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn check_says_what_would_fail_and_changes_nothing() {
    let line = Line::in_directory().with("CONFERENCE_LOG", "calls.log");
    let well = line.says(&["check"]);
    assert_eq!((well.code, well.err.as_str()), (Some(0), ""));
    assert!(well.out.lines().all(|row| row.starts_with("ok       ")), "{}", well.out);
    assert!(line.files().is_empty() && !line.folder().join("calls.log").exists(), "nothing was made");

    let says = |line: &Line, words: &str| {
        let said = line.says(&["check"]);
        let found = said.out.lines().any(|row| row.starts_with("problem  ") && row.contains(words));
        assert!(found && said.code == Some(1), "{words}: {} {:?}", said.out, said.code);
    };
    says(&Line::in_directory().with("CONFERENCE_DIR", "missing"), "make the directory");
    let file = Line::in_directory().with("CONFERENCE_DIR", "file");
    fs::write(file.folder().join("file"), "").unwrap();
    says(&file, "is not a directory");
    says(&Line::in_directory().with("CONFERENCE_LEASE", "100"), "shorter than two renewals");
    says(&Line::in_directory().with("CONFERENCE_MAX_AGE", "100"), "shorter than CONFERENCE_LEASE");
    says(&Line::in_directory().with("CONFERENCE_LOCK_TIMEOUT", "60"), "CONFERENCE_LOCK_TIMEOUT");
    says(&Line::in_directory().with("CONFERENCE_LOG", "/nowhere/calls.log"), "cannot be written");
    let odd = Line::in_directory();
    std::os::unix::fs::symlink("x", odd.token("1234")).unwrap();
    says(&odd, "not a regular file");
}

#[test]
fn check_finds_a_directory_that_another_user_owns() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let line = Line::in_directory();
    fs::set_permissions(line.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(line.tokens(), fs::Permissions::from_mode(0o555)).unwrap();
    let mut check = line.shell(&["check"]);
    // Permissions do not stop root, who can be somebody else instead.
    if nix::unistd::geteuid().is_root() {
        check.uid(65534).gid(65534);
    }
    let said = Said::by(&mut check);
    assert!(said.out.contains("cannot be written by this user"), "{said:?}");
}

#[test]
fn completions_and_the_manual_come_from_the_command_line_itself() {
    let line = Line::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(line.run(&["completion", shell]).contains("ccxml-conference"), "{shell}");
    }
    let manual = line.run(&["manual"]);
    assert!(manual.starts_with(".ie") || manual.starts_with(".TH"), "{manual}");
    for words in [
        "max\\-age",
        "\\fBkick\\fR \\fINUMBER\\fR \\fISESSION\\fR",
        "Removes a caller",
        "\\fB\\-\\-verbose\\fR",
    ] {
        assert!(manual.contains(words), "{words}: {manual}");
    }
    assert!(!manual.contains("(1)"), "there is no other page: {manual}");
}

/// What `check` says of a file system of our own, mounted on the tokens with these options; none where there can't be one.
fn checked_on(options: &str) -> Option<String> {
    let mut probe = Command::new("unshare");
    if probe.args(["-rm", "true"]).output().map_or(true, |tried| !tried.status.success()) {
        crate::servers::skip("unshare, or the right to use it,");
        return None;
    }
    let line = Line::in_directory();
    let mut command = Command::new("unshare");
    let script = format!("mount -t tmpfs -o {options} none tokens && exec \"$0\" check");
    command.args(["-rm", "sh", "-c", &script, BINARY]).current_dir(line.folder()).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("CONFERENCE_DIR", "tokens");
    let said = Said::by(&mut command);
    assert_eq!(said.code, Some(1), "{options}: {said:?}");
    Some(said.out)
}

#[test]
fn check_has_a_remedy_for_each_file_system_that_cannot_be_used() {
    for (options, words) in [
        ("ro", "is mounted read-only; mount it for writing"),
        ("size=512k", "KiB only; make some"),
        ("nr_inodes=20", "more files only; remove some"),
        ("nr_inodes=1", "there is no room left on the file system"),
    ] {
        let Some(told) = checked_on(options) else { return };
        let found = told.lines().any(|row| row.starts_with("problem  tokens: ") && row.contains(words));
        assert!(found, "{options}: {told}");
    }
}
