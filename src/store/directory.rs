//! Tokens as files of a directory, each named exactly like its number (contract section 4).
//!
//! The file system must do three things: `link` fails if the name exists, `rename` replaces a name in one step, and the
//! lock of `flock` ends with its process, however that ends. The rules that follow:
//!
//! - A token is made whole. Its text is written to a temporary file, which takes the token's name by `link`. So a token is
//!   never empty, and a process killed meanwhile leaves at most a file that nobody reads.
//! - The text in a token is never overwritten. A new text is appended as another line, and the last whole line counts. A
//!   line that a killed process or a full disk has left unfinished does not. When the lines have become many, a file with
//!   the last one alone takes the name by `rename`. To make a file for each new text would be simpler, but on a disk that
//!   costs more than all the rest of a request.
//! - Only the holder of the lock on the file that has the token's name may replace or remove it. A file may lose its name
//!   while one waits for its lock, so the name is looked up again when the lock is held.
//! - Nothing is done to a token after it was replaced or removed.

use super::token_file::{TemporaryFile, Text, TokenFile, failed};
use super::{StoreError, StoreSettings};
use crate::clock::Moment;
use crate::conference::{Change, Conference, Decision};
use crate::number::ConferenceNumber;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The directory that keeps the tokens.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    settings: StoreSettings,
}

impl Directory {
    /// The store in the directory at `path`, which is not looked at before it is needed.
    pub fn new(path: PathBuf, settings: StoreSettings) -> Self {
        Self { path, settings }
    }

    pub(super) fn transact<T>(
        &self,
        number: &ConferenceNumber,
        mut decide: impl FnMut(Option<Conference>, &Moment) -> Decision<T>,
    ) -> Result<Decision<T>, StoreError> {
        let path = self.path.join(number.as_str());
        let deadline = Instant::now() + self.settings.timeout;
        until(deadline, || self.try_to_transact(number, &path, deadline, &mut decide))?
            .ok_or_else(|| StoreError::Busy(number.clone()))
    }

    /// Decides and keeps the outcome; nothing if another process was faster, so that what was decided on is out of date.
    fn try_to_transact<T>(
        &self,
        number: &ConferenceNumber,
        path: &Path,
        deadline: Instant,
        decide: &mut impl FnMut(Option<Conference>, &Moment) -> Decision<T>,
    ) -> Result<Option<Decision<T>>, StoreError> {
        let Some(mut token) = TokenFile::open(path)? else {
            let decision = decide(None, &Moment::now());
            let made = match &decision.change {
                Change::Keep(kept) => TemporaryFile::write(path, &kept.to_text())?.become_new(path)?,
                Change::Nothing | Change::Free => self.must_exist().map(|()| true)?,
            };
            return Ok(made.then_some(decision));
        };
        if !token.lock(path, deadline)? || !token.has_name(path) {
            return Ok(None);
        }
        let text = token.text(path)?;
        let (kept, now) = self.understood(&token, &text, number);
        let decision = decide(Some(kept), &now);
        match &decision.change {
            Change::Nothing => {}
            Change::Keep(kept) => {
                let line = kept.to_text();
                if !token.append(path, &text, &line)? {
                    TemporaryFile::write(path, &line)?.replace(path)?;
                }
            }
            Change::Free => remove(path)?,
        }
        Ok(Some(decision))
    }

    pub(super) fn look(&self, number: &ConferenceNumber) -> Result<(Option<Conference>, Moment), StoreError> {
        let path = self.path.join(number.as_str());
        // It takes no lock: a whole line stays as it was written, so what is read was right at some instant.
        let Some(token) = TokenFile::open(&path)? else {
            return self.must_exist().map(|()| (None, Moment::now()));
        };
        let (kept, now) = self.understood(&token, &token.text(&path)?, number);
        Ok((Some(kept), now))
    }

    pub(super) fn numbers(
        &self,
    ) -> Result<impl Iterator<Item = Result<ConferenceNumber, StoreError>> + '_, StoreError> {
        let entries = fs::read_dir(&self.path).map_err(|error| failed("list", &self.path, &error))?;
        Ok(entries.filter_map(|entry| match entry {
            Ok(entry) => entry.file_name().to_str().and_then(ConferenceNumber::from_token_name).map(Ok),
            Err(error) => Some(Err(failed("list", &self.path, &error))),
        }))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the files that killed processes have written and not given a token's name.
    pub(super) fn tidy(&self) -> Result<usize, StoreError> {
        let entries = fs::read_dir(&self.path).map_err(|error| failed("list", &self.path, &error))?;
        let abandoned = |entry: &fs::DirEntry| {
            let age = entry.metadata().and_then(|metadata| metadata.modified());
            TemporaryFile::is_name(&entry.file_name())
                && age.is_ok_and(|written| written.elapsed().is_ok_and(|age| age > Self::ABANDONED))
        };
        let files = entries.flatten().filter(abandoned);
        Ok(files.filter(|entry| fs::remove_file(entry.path()).is_ok()).count())
    }

    /// The age at which such a file was left behind: writing it and giving it its name takes milliseconds.
    const ABANDONED: Duration = Duration::from_secs(1200);

    /// What the text of a token says, and the present time.
    fn understood(&self, token: &TokenFile, text: &Text, number: &ConferenceNumber) -> (Conference, Moment) {
        let kept = Conference::from_text(text.line(), number, &token.written(), self.settings.max_age);
        let now = Moment::now_since(&kept.as_of);
        (kept, now)
    }

    /// Fails if the directory is not there: only in one that is there a number is free if it has no token.
    fn must_exist(&self) -> Result<(), StoreError> {
        match fs::metadata(&self.path) {
            Ok(metadata) if metadata.is_dir() => Ok(()),
            Ok(_) => Err(failed("use", &self.path, &ErrorKind::NotADirectory.into())),
            Err(error) => Err(failed("use", &self.path, &error)),
        }
    }
}

/// Tries again and again, at least once, until there is a result; nothing if there is none by the deadline.
fn until<T, E>(deadline: Instant, mut attempt: impl FnMut() -> Result<Option<T>, E>) -> Result<Option<T>, E> {
    loop {
        let result = attempt()?;
        if result.is_some() || Instant::now() >= deadline {
            return Ok(result);
        }
    }
}

/// Removes a token. The caller holds its lock, but an operator may have removed it by hand.
fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("remove", path, &error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_succeeds_is_tried_until_the_deadline() {
        let tried = |patience| {
            let mut tries = 0;
            let never = || -> Result<Option<()>, ()> {
                tries += 1;
                Ok(None)
            };
            assert_eq!(until(Instant::now() + patience, never), Ok(None));
            tries
        };
        assert_eq!(tried(Duration::ZERO), 1);
        assert!(tried(Duration::from_millis(20)) > 1);
        assert_eq!(until(Instant::now(), || Ok::<_, ()>(Some(1))), Ok(Some(1)));
        assert_eq!(until(Instant::now() + Duration::from_secs(60), || Err::<Option<()>, _>(2)), Err(2));
    }
}
