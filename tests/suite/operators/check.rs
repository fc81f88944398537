//! `check`: what would fail is found before anybody calls.

use crate::program::{BINARY, Line};
use crate::shell::{Said, unshare};
use std::fs;

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

/// What `check` says of a file system of our own, mounted on the tokens with these options; none where there can't be one.
fn checked_on(options: &str) -> Option<String> {
    let mut command = unshare("-rm")?;
    let line = Line::in_directory();
    let script = format!("mount -t tmpfs -o {options} none tokens && exec \"$0\" check");
    command.args(["sh", "-c", &script, BINARY]).current_dir(line.folder()).env_clear();
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
