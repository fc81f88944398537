//! `sweep`: what has expired goes, all else stays.

use crate::program::Line;
use std::fs::{self, File};
use std::time::{Duration, SystemTime};

#[test]
fn sweep_removes_what_has_expired_and_what_killed_processes_have_left_and_nothing_else() {
    let line = Line::in_directory().with("CONFERENCE_LEASE", "1").with("CONFERENCE_LOG", "calls.log");
    line.enter("1111", "a");
    line.age("1111", 1000);
    line.get("conference_code=2222");
    line.keep("3333", "");
    let old = SystemTime::now() - Duration::from_secs(1201);
    for (name, is_old) in [
        (".1234.99.123", true),
        (".5678.98.124", false),
        (".secret.97.125", true),
        (".1234.99", true),
        (".1234.99.123.bak", true),
        ("1234.99.123", true),
        ("README", true),
    ] {
        let file = File::create(line.tokens().join(name)).unwrap();
        if is_old {
            file.set_modified(old).unwrap();
        }
    }
    let swept = line.run(&["sweep"]);
    assert_eq!(
        swept,
        "numbers freed: 1, callers expired: 1, abandoned files removed: 2
"
    );
    let kept = [".1234.99", ".1234.99.123.bak", ".5678.98.124", "1234.99.123", "2222", "3333", "README"];
    assert_eq!(line.files(), kept);
    assert!(line.log().contains("\"event\":\"expired\""), "{}", line.log());
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
    assert_eq!(sweep.out, "numbers freed: 2, callers expired: 2, abandoned files removed: 0\n");
    assert_eq!(line.files(), ["1234", "5678"]);
}
