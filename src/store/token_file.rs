//! Single files of the token directory: tokens, opened without following a link or waiting for anybody, and the temporary
//! files that new tokens are written to.

use super::{MOST_BYTES, StoreError};
use crate::clock::Moment;
use crate::disk::directory_of;
use nix::libc;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{FileExt as _, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// An open token, which is a regular file. A lock on it lasts as long as this value.
pub(super) struct TokenFile {
    file: File,
    metadata: Metadata,
    writable: bool,
}

/// The lines of a token file, of which the last whole one counts.
pub(super) struct Text(Vec<u8>);

impl Text {
    /// The line that counts. A text without a whole line was not written by this program and counts as it is.
    pub(super) fn line(&self) -> &[u8] {
        let whole = match self.end() {
            0 => self.0.as_slice(),
            end => self.0.get(..end - 1).unwrap_or_default(),
        };
        whole.rsplit(|&byte| byte == b'\n').next().unwrap_or_default()
    }

    /// Where the next line begins: after the last whole one. What a killed process has left there is overwritten.
    fn end(&self) -> usize {
        self.0.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1)
    }
}

impl TokenFile {
    /// Opens a token; none when there is none.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        let open = |write| {
            OpenOptions::new()
                .read(true)
                .write(write)
                .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
                .open(path)
        };
        // Network file systems lock only what is open for writing. Elsewhere a token that can't be written can be locked
        // and replaced all the same.
        let opened = open(true).map(|file| (file, true)).or_else(|error| match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                open(false).map(|file| (file, false))
            }
            _ => Err(error),
        });
        let not_a_token =
            || StoreError::NotAToken(format!("{} is not a regular file and is not followed", path.display()));
        let (file, writable) = match opened {
            Ok(opened) => opened,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(match error.raw_os_error() {
                    Some(libc::ELOOP | libc::EISDIR | libc::ENXIO | libc::ENODEV) => not_a_token(),
                    _ => failed("open", path, &error),
                });
            }
        };
        let metadata = file.metadata().map_err(|error| failed("look at", path, &error))?;
        if metadata.is_file() { Ok(Some(Self { file, metadata, writable })) } else { Err(not_a_token()) }
    }

    /// Locks the file against every other process; false when others held it beyond the deadline.
    pub(super) fn lock(&self, path: &Path, deadline: Instant) -> Result<bool, StoreError> {
        let mut pause = Duration::from_micros(200);
        loop {
            match fs2::FileExt::try_lock_exclusive(&self.file) {
                Ok(()) => return Ok(true),
                Err(error) if error.raw_os_error() == fs2::lock_contended_error().raw_os_error() => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(failed("lock", path, &error)),
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            std::thread::sleep(pause.min(left));
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }

    /// Whether this file still has the token's name. Its size is looked up again as well: others may have written to it
    /// while one waited for the lock.
    pub(super) fn has_name(&mut self, path: &Path) -> bool {
        let identity = |metadata: &Metadata| (metadata.dev(), metadata.ino());
        match fs::symlink_metadata(path) {
            Ok(named) if identity(&named) == identity(&self.metadata) => {
                self.metadata = named;
                true
            }
            _ => false,
        }
    }

    /// The text. Of one that is absurdly large nothing is read, so that it can't be understood.
    pub(super) fn text(&self, path: &Path) -> Result<Text, StoreError> {
        let size = usize::try_from(self.metadata.size()).unwrap_or(usize::MAX);
        if size > MOST_BYTES {
            return Ok(Text(Vec::new()));
        }
        let mut text = vec![0; size];
        match self.file.read_exact_at(&mut text, 0) {
            // Somebody has just truncated it by hand.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(Text(Vec::new())),
            Err(error) => Err(failed("read", path, &error)),
            Ok(()) => Ok(Text(text)),
        }
    }

    /// Appends a line to `text`, which was read under the lock. False if the token has to be replaced instead, because it
    /// can't be written, has other names too, or has become long.
    pub(super) fn append(&self, path: &Path, text: &Text, line: &[u8]) -> Result<bool, StoreError> {
        // A page; for a large conference so many lines that replacing it stays the exception, but never more than is read.
        let most = line.len().saturating_mul(8).clamp(4096, MOST_BYTES) as u64;
        let size = self.metadata.size().saturating_add(line.len() as u64);
        if !self.writable || self.metadata.nlink() != 1 || size > most {
            return Ok(false);
        }
        self.file.write_all_at(line, text.end() as u64).map_err(|error| failed("write", path, &error))?;
        Ok(true)
    }

    /// When the file was last written.
    pub(super) fn written(&self) -> Moment {
        let modified = self.metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        let since_epoch = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Moment::from_wall(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
    }
}

/// A file with a token's next text. It is removed again unless it becomes the token.
pub(super) struct TemporaryFile {
    path: PathBuf,
}

impl TemporaryFile {
    /// Writes the whole text to a file next to `path`, with a hidden name that no other process uses.
    pub(super) fn write(path: &Path, text: &[u8]) -> Result<Self, StoreError> {
        Self::written(path, text, 0o666)
    }

    /// The same, readable by this user alone, and safe from a power cut: a token that comes out of one empty heals, and a
    /// secret does not.
    pub(super) fn write_private(path: &Path, text: &[u8]) -> Result<Self, StoreError> {
        let temporary = Self::written(path, text, 0o600)?;
        let synced = File::open(&temporary.path).and_then(|file| file.sync_all());
        synced.map_err(|error| failed("write a file in", directory_of(path), &error))?;
        Ok(temporary)
    }

    fn written(path: &Path, text: &[u8], mode: u32) -> Result<Self, StoreError> {
        Self::made(path, text, mode).map_err(|error| failed("write a file in", directory_of(path), &error))
    }

    /// The same, with what went wrong as the system tells it.
    pub(super) fn made(path: &Path, text: &[u8], mode: u32) -> io::Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name =
            format!(".{}.{}.{}", name.trim_start_matches('.'), std::process::id(), Moment::now_in_nanos());
        let temporary = Self { path: path.with_file_name(name) };
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&temporary.path)?;
        // If that fails, dropping `temporary` removes what there is of the file.
        file.write_all(text)?;
        Ok(temporary)
    }

    /// Whether the file can be locked.
    pub(super) fn try_lock(&self) -> io::Result<()> {
        fs2::FileExt::try_lock_exclusive(&File::open(&self.path)?)
    }

    /// Whether the file can have a second name, as every token has for a moment.
    pub(super) fn try_link(&self) -> io::Result<()> {
        let mut second = self.path.clone().into_os_string();
        second.push("0");
        fs::hard_link(&self.path, &second)?;
        fs::remove_file(second)
    }

    /// Whether [`Self::write`] makes files with such a name.
    pub(super) fn is_name(name: &OsStr) -> bool {
        let parts: Vec<_> = name.to_str().unwrap_or_default().split('.').collect();
        let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        matches!(parts.as_slice(), ["", rest @ ..] if rest.len() >= 3 && rest.iter().rev().take(2).all(digits))
    }

    /// Gives the file the token's name; false if another file has it.
    pub(super) fn become_new(self, path: &Path) -> Result<bool, StoreError> {
        match fs::hard_link(&self.path, path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) if matches!(error.raw_os_error(), Some(libc::EPERM | libc::EOPNOTSUPP)) => {
                let shown = path.display();
                Err(StoreError::Unreachable(format!(
                    "cannot create {shown}: {error}; CONFERENCE_DIR must be on a file system with hard links"
                )))
            }
            Err(error) => Err(failed("create", path, &error)),
        }
    }

    /// Gives the file the token's name in place of the file that has it. The caller must hold the lock of that one.
    pub(super) fn replace(mut self, path: &Path) -> Result<(), StoreError> {
        fs::rename(&self.path, path).map_err(|error| failed("replace", path, &error))?;
        self.path.clear();
        Ok(())
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // A file that stays behind disturbs nobody, and sweeping removes it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The error of an operation on a path, with what the operator can do.
pub(super) fn failed(what: &str, path: &Path, error: &io::Error) -> StoreError {
    let remedy = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => "; CONFERENCE_DIR must name a directory",
        // Whoever sees the file can use the directory.
        ErrorKind::PermissionDenied if path.is_file() => "; give this file to the web server's user",
        ErrorKind::PermissionDenied => "; the web server's user must own CONFERENCE_DIR",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "; make room on its file system",
        ErrorKind::ReadOnlyFilesystem => "; its file system must be writable",
        _ => "",
    };
    StoreError::Unreachable(format!("cannot {what} {}: {error}{remedy}", path.display()))
}
