//! What would fail in a token directory, found out without changing anything in it.

use super::directory::Directory;
use crate::number::ConferenceNumber;
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, AtFlags};
use nix::libc;
use nix::sys::statvfs::statvfs;
use nix::unistd::{AccessFlags, faccessat};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// How many odd files are named, before it is said only that there are more.
const MOST_NAMED: usize = 5;

impl Directory {
    /// Problems of the directory in plain words, each with what to do; none when requests will succeed.
    pub(super) fn problems(&self) -> Vec<String> {
        let path = self.path();
        let shown = path.display();
        match fs::metadata(path) {
            Err(error) => {
                return vec![format!("{shown}: {error}; make the directory, or set CONFERENCE_DIR")];
            }
            Ok(metadata) if !metadata.is_dir() => {
                return vec![format!("{shown} is not a directory; set CONFERENCE_DIR to one")];
            }
            Ok(_) => {}
        }
        if let Err(error) = can_write_in(path) {
            return vec![format!(
                "{shown} cannot be written by this user: {error}; give it to the web server's user, and check as \
                 that user"
            )];
        }
        let mut problems = Vec::new();
        if let Err(error) = locks_work_in(path) {
            problems.push(format!(
                "files in {shown} cannot be locked: {error}; take a directory on a file system with locks"
            ));
        }
        if let Ok(space) = statvfs(path)
            && (space.blocks_available() == 0 || (space.files() > 0 && space.files_available() == 0))
        {
            problems.push(format!("there is no room left on the file system of {shown}; make some"));
        }
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

/// Whether this process may make and remove files in a directory.
fn can_write_in(directory: &Path) -> io::Result<()> {
    let access = AccessFlags::R_OK | AccessFlags::W_OK | AccessFlags::X_OK;
    Ok(faccessat(AT_FDCWD, directory, access, AtFlags::AT_EACCESS)?)
}

/// Tries a lock on a file without a name, or on the directory itself where there can be no such file.
fn locks_work_in(directory: &Path) -> io::Result<()> {
    let unnamed = OpenOptions::new().read(true).write(true).custom_flags(libc::O_TMPFILE).open(directory);
    match unnamed {
        Ok(file) => fs2::FileExt::try_lock_exclusive(&file),
        Err(error)
            if matches!(error.raw_os_error(), Some(libc::EOPNOTSUPP | libc::EISDIR | libc::EINVAL)) =>
        {
            match fs2::FileExt::try_lock_shared(&File::open(directory)?) {
                // Somebody else holds it, so locks work.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
                tried => tried,
            }
        }
        Err(error) => Err(error),
    }
}
