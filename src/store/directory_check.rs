//! What would fail in a token directory, found out by trying; nothing is left behind in it.

use super::directory::Directory;
use super::token_file::TemporaryFile;
use crate::disk;
use crate::number::ConferenceNumber;
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, AtFlags};
use nix::unistd::{AccessFlags, faccessat};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// How many odd files are named, before it is said only that there are more.
const MOST_NAMED: usize = 5;

impl Directory {
    /// Problems of the directory in plain words, each with what to do; none when requests will succeed.
    pub(super) fn problems(&self) -> Vec<String> {
        let path = self.path();
        let shown = path.display();
        let made =
            match TemporaryFile::made(&path.join("check"), b"made by `ccxml-conference check`\n", 0o666) {
                Ok(made) => made,
                Err(error) => return vec![unusable(path, &error)],
            };
        let mut problems = Vec::new();
        if let Err(error) = made.try_lock() {
            problems.push(format!(
                "files in {shown} cannot be locked: {error}; take a directory on a file system with locks"
            ));
        }
        if let Err(error) = made.try_link() {
            problems.push(format!(
                "files in {shown} cannot have a second name: {error}; take a directory on a file system with hard links"
            ));
        }
        problems.extend(disk::problem(path));
        problems.extend(self.odd_files());
        problems
    }

    /// Names of numbers that are no tokens.
    fn odd_files(&self) -> Vec<String> {
        let shown = self.path().display();
        let entries = match fs::read_dir(self.path()) {
            Ok(entries) => entries.flatten(),
            Err(error) => return vec![format!("{shown} cannot be listed: {error}")],
        };
        let mut odd = entries.filter_map(|entry| {
            entry.file_name().to_str().and_then(ConferenceNumber::from_token_name)?;
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| !kind.is_file()) {
                let shown = path.display();
                return Some(format!("{shown} is not a regular file, so its number cannot be used; remove it"));
            }
            match faccessat(AT_FDCWD, &path, AccessFlags::R_OK, AtFlags::AT_EACCESS) {
                Err(Errno::EACCES) => Some(format!(
                    "{} cannot be read by this user, so its number cannot be used; give it to the web server's user",
                    path.display()
                )),
                _ => None,
            }
        });
        let mut problems: Vec<_> = odd.by_ref().take(MOST_NAMED).collect();
        let more = odd.count();
        if more > 0 {
            problems.push(format!("and {more} more like these in {shown}"));
        }
        problems
    }
}

/// Why no file can be made in a directory, and what to do.
fn unusable(directory: &Path, error: &io::Error) -> String {
    let shown = directory.display();
    match error.kind() {
        ErrorKind::NotFound => {
            format!(
                "there is no directory {shown}; make the directory for the web server's user, or set CONFERENCE_DIR"
            )
        }
        ErrorKind::NotADirectory => format!("{shown} is not a directory; set CONFERENCE_DIR to one"),
        ErrorKind::PermissionDenied => format!(
            "{shown} cannot be written by this user; give it to the web server's user, and check as that user or as root"
        ),
        ErrorKind::ReadOnlyFilesystem => {
            format!(
                "the file system of {shown} is mounted read-only; mount it for writing, or set CONFERENCE_DIR"
            )
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!("there is no room left on the file system of {shown}; make some")
        }
        _ => format!("no file can be made in {shown}: {error}; mend that, or set CONFERENCE_DIR"),
    }
}
