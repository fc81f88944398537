//! Root works as the owner of the tokens (contract section 6): what root left behind, the web server's user could not use.

use crate::disk;
use crate::settings::Settings;
use anyhow::Context;
use nix::unistd::{Gid, Uid, geteuid, setgid, setgroups, setuid};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A user of this machine, with all groups.
#[derive(Debug, PartialEq, Eq)]
struct Account {
    user: u32,
    group: u32,
    supplementary: Vec<u32>,
}

/// Makes this process, if it is root's, one of whoever the token directory belongs to, with all groups. Where the tokens are
/// in Redis it is the log's directory.
///
/// A directory that is not there changes nothing: whoever needs it says so.
pub fn become_owner(settings: &Settings) -> anyhow::Result<()> {
    if !geteuid().is_root() {
        return Ok(());
    }
    let Some(Ok(owned)) = directory(settings).map(fs::metadata) else { return Ok(()) };
    if owned.uid() == 0 {
        return Ok(());
    }
    // Read as they are, for glibc's look-up needs libraries that a static program has no part of.
    let text = |path| fs::read_to_string(path).unwrap_or_default();
    let owner = Account::of(owned.uid(), owned.gid(), &text("/etc/passwd"), &text("/etc/group"));
    let groups: Vec<Gid> = owner.supplementary.iter().copied().map(Gid::from_raw).collect();
    let changed = setgroups(&groups)
        .and_then(|()| setgid(Gid::from_raw(owner.group)))
        .and_then(|()| setuid(Uid::from_raw(owner.user)));
    changed.with_context(|| format!("cannot work as user {}, who owns the tokens", owner.user))
}

/// Who this process works as, and whom the tokens belong to, for the operator.
pub fn shown(settings: &Settings) -> String {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = |user: u32| {
        let account = rows(&passwd).find(|row| number(row, 2) == Some(user));
        format!("{} ({user})", account.and_then(|row| row.first().copied()).unwrap_or("nameless"))
    };
    let this = geteuid().as_raw();
    let what = if directory(settings) == Some(&settings.dir) { "token directory" } else { "log's directory" };
    match directory(settings).map(fs::metadata) {
        Some(Ok(owned)) if owned.uid() == this => format!("{}, who owns the {what}", named(this)),
        Some(Ok(owned)) => format!("{}; the {what} belongs to {}", named(this), named(owned.uid())),
        _ => named(this),
    }
}

/// The directory whose owner the web server's user is.
fn directory(settings: &Settings) -> Option<&Path> {
    if settings.store.is_some() {
        return settings.log.as_deref().map(disk::directory_of);
    }
    Some(&settings.dir)
}

impl Account {
    /// The account of a user by the texts of /etc/passwd and /etc/group; one who is not in them has the one group given.
    fn of(user: u32, group: u32, passwd: &str, groups: &str) -> Self {
        let account = rows(passwd).find(|row| number(row, 2) == Some(user));
        let name = account.as_ref().and_then(|row| row.first().copied()).unwrap_or_default();
        let group = account.as_ref().and_then(|row| number(row, 3)).unwrap_or(group);
        let is_member = |row: &Vec<&str>| {
            !name.is_empty()
                && row.get(3).is_some_and(|members| members.split(',').any(|member| member == name))
        };
        let others = rows(groups).filter(is_member).filter_map(|row| number(&row, 2));
        let supplementary = [group].into_iter().chain(others.filter(|other| *other != group)).collect();
        Self { user, group, supplementary }
    }
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(|line| line.split(':').collect())
}

fn number(row: &[&str], column: usize) -> Option<u32> {
    row.get(column)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str =
        "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:34:www:/var/www:/usr/sbin/nologin\nhalf:x\n";
    const GROUP: &str =
        "root:x:0:\nwww-data:x:34:\nadm:x:4:syslog,www-data\nline:x:900:www-data\nother:x:901:www\n";

    #[test]
    fn an_owner_brings_every_group_that_the_system_gives() {
        let owner = Account::of(33, 900, PASSWD, GROUP);
        assert_eq!(owner, Account { user: 33, group: 34, supplementary: vec![34, 4, 900] });
    }

    #[test]
    fn an_owner_without_a_name_has_the_directory_s_group_alone() {
        let owner = Account::of(1234, 900, PASSWD, GROUP);
        assert_eq!(owner, Account { user: 1234, group: 900, supplementary: vec![900] });
    }
}
