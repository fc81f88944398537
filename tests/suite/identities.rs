//! Root works as the owner of the tokens (contract section 6). Without root there is nothing to be seen of that.

use crate::program::{BINARY, Line, finish};
use crate::servers::User;
use crate::shell::Said;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// A line whose tokens belong to the web server's user; none where this is not root.
fn owned() -> Option<(Line, User)> {
    if !nix::unistd::geteuid().is_root() {
        return None;
    }
    let (line, user) =
        (Line::in_directory().with("CONFERENCE_LOG", "tokens/calls.log"), User::of_web_servers());
    fs::set_permissions(line.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    chown(line.tokens(), Some(user.uid), Some(user.gid)).unwrap();
    Some((line, user))
}

/// Runs the program as root, which lets nobody else use what it makes.
fn as_root(line: &Line, arguments: &str) -> Said {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("umask 077; exec \"$0\" {arguments}"), BINARY]).current_dir(line.folder());
    Said::by(shell.env_clear().env("CONFERENCE_DIR", line.tokens()).envs(line.settings()))
}

#[test]
fn what_root_does_leaves_nothing_that_the_web_server_cannot_use() {
    let Some((line, user)) = owned() else { return };
    for arguments in ["--query 'conference_code=1234&session_id=a'", "lock 1234", "sweep", "list", "check"] {
        let said = as_root(&line, arguments);
        assert_eq!(said.code, Some(0), "{arguments}: {said:?}");
    }
    let entries = fs::read_dir(line.tokens()).unwrap().map(|entry| entry.unwrap());
    let made: Vec<_> = entries.map(|entry| (entry.file_name(), entry.metadata().unwrap().uid())).collect();
    assert_eq!(made.len(), 3, "token, secret and log: {made:?}");
    assert!(made.iter().all(|(_, owner)| *owner == user.uid), "{made:?}");
    let mut command = line.ask("POST", "").form("event=leave&conference_code=1234&session_id=a").command();
    let reply =
        finish_with(command.uid(user.uid).gid(user.gid), "event=leave&conference_code=1234&session_id=a");
    assert_eq!((reply.status.as_str(), reply.stderr.as_str()), ("200 OK", ""));
}

fn finish_with(command: &mut Command, form: &str) -> crate::program::Reply {
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), form.as_bytes()).unwrap();
    finish(child)
}

#[test]
fn check_finds_what_the_owner_of_the_tokens_cannot_use() {
    let Some((line, user)) = owned() else { return };
    let well = as_root(&line, "check");
    assert!(well.code == Some(0) && well.out.contains(&format!("({}), who owns", user.uid)), "{well:?}");
    for name in ["1234", "calls.log", ".secret"] {
        fs::write(line.tokens().join(name), "").unwrap();
        fs::set_permissions(line.tokens().join(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let found = as_root(&line, "check");
    assert_eq!(found.code, Some(1));
    for name in ["tokens/1234", "tokens/calls.log", "tokens/.secret"] {
        let named = found.out.lines().any(|row| {
            row.starts_with("problem  ") && row.contains(name) && row.contains("web server's user")
        });
        assert!(named, "{name}: {found:?}");
    }
    let mut command = line.ask("GET", "conference_code=1234&session_id=a").command();
    let reply = finish(command.uid(user.uid).gid(user.gid).spawn().unwrap());
    assert_eq!(reply.status, "503 Service Unavailable");
    assert!(reply.stderr.contains("give this file to the web server's user"), "{}", reply.stderr);
}
