//! Tokens as files of a directory, each named exactly like its number (contract section 4).
//!
//! What the file system is relied on for: `link` fails when the name exists, `rename` replaces a name in one
//! step, and `flock` is given up when a process ends, however it ends. From this follow the rules here:
//!
//! - A token is made whole: its text is written to a file of its own, which then takes the token's name by
//!   `link`. So a token is never empty, and a process killed on the way leaves at the most a file that nobody
//!   reads.
//! - What is kept in a token is never written over. A new text becomes another line behind it, and the last
//!   whole line counts: one that a killed process or a full disk has left unfinished is none. Once in a while,
//!   when the lines have become many, a file with the last one alone takes the name by `rename`. Making a file
//!   for each new text would be simpler, but on a disk it costs more than all the rest of a request.
//! - Only the holder of the lock on the file that has the token's name *now* may replace or remove it. A lock
//!   on a file that was replaced or removed while one waited for it protects nothing, so after locking the
//!   name is looked up again.
//! - Nothing is done to a token after it was replaced or removed.

use super::token_file::{Aside, Text, TokenFile, failed};
use super::{StoreError, StoreSettings};
use crate::clock::Moment;
use crate::conference::decision::{Change, Decision, Kept, Kind};
use crate::number::ConferenceNumber;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The directory that keeps the tokens.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    keeping: StoreSettings,
}

impl Directory {
    /// The store in the directory at `path`, which is not looked at before it is needed.
    pub fn new(path: PathBuf, keeping: StoreSettings) -> Self {
        Self { path, keeping }
    }

    pub(super) fn transact<T, K: Kept>(
        &self,
        number: &ConferenceNumber,
        mut decide: impl FnMut(Option<K>, &Moment) -> Decision<T, K>,
    ) -> Result<Decision<T, K>, StoreError> {
        let path = self.file_of::<K>(number);
        let deadline = Instant::now() + self.keeping.timeout;
        // Each turn that ends without an answer has seen another process finish its own.
        loop {
            let Some(mut token) = TokenFile::open(&path)? else {
                let decision = decide(None, &Moment::now());
                let made = match &decision.change {
                    Change::Keep(kept) => Aside::write(&path, &kept.to_text())?.become_new(&path)?,
                    Change::Nothing | Change::Free => self.must_exist().map(|()| true)?,
                };
                if made {
                    return Ok(decision);
                }
                continue;
            };
            if !token.lock(&path, deadline)? {
                return Err(StoreError::Busy(number.clone()));
            }
            if !token.has_name(&path) {
                continue;
            }
            let text = token.text(&path)?;
            let (kept, now) = self.understood(&token, &text, number);
            let decision = decide(Some(kept), &now);
            match &decision.change {
                Change::Nothing => {}
                Change::Keep(kept) => {
                    let line = kept.to_text();
                    if !token.append(&path, &text, &line)? {
                        Aside::write(&path, &line)?.replace(&path)?;
                    }
                }
                Change::Free => remove(&path)?,
            }
            return Ok(decision);
        }
    }

    pub(super) fn look<K: Kept>(&self, number: &ConferenceNumber) -> Result<(Option<K>, Moment), StoreError> {
        let path = self.file_of::<K>(number);
        // No lock: whole lines stand as they were written, so what is read is right for some instant.
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

    /// Removes the files that killed processes have written aside and not renamed, and wrong PINs long forgotten.
    pub(super) fn tidy(&self) -> Result<usize, StoreError> {
        let entries = fs::read_dir(&self.path).map_err(|error| failed("list", &self.path, &error))?;
        let abandoned = |entry: &fs::DirEntry| {
            let name = entry.file_name();
            let hidden = name.to_str().is_some_and(|name| name.starts_with('.') && name.ends_with(".pins"));
            let age = entry.metadata().and_then(|metadata| metadata.modified());
            (hidden || Aside::is_name(&name))
                && age.is_ok_and(|written| written.elapsed().is_ok_and(|age| age > Self::ABANDONED))
        };
        let files = entries.flatten().filter(abandoned);
        Ok(files.filter(|entry| fs::remove_file(entry.path()).is_ok()).count())
    }

    /// The age at which such a file means nothing any more: writing one aside takes milliseconds, and wrong PINs
    /// count for ten minutes and close a number for ten more.
    const ABANDONED: Duration = Duration::from_secs(1200);

    fn file_of<K: Kept>(&self, number: &ConferenceNumber) -> PathBuf {
        match K::KIND {
            Kind::Token => self.path.join(number.as_str()),
            // Hidden, for it is no conference in progress.
            Kind::WrongPins => self.path.join(format!(".{number}.pins")),
        }
    }

    /// What the text of a token says, and the time now, to be compared with it.
    fn understood<K: Kept>(&self, token: &TokenFile, text: &Text, number: &ConferenceNumber) -> (K, Moment) {
        let kept = K::from_text(text.line(), number, &token.written(), self.keeping.max_age);
        let now = Moment::now_since(kept.as_of());
        (kept, now)
    }

    /// Tells a number without a token from a directory that is not there.
    fn must_exist(&self) -> Result<(), StoreError> {
        match fs::metadata(&self.path) {
            Ok(metadata) if metadata.is_dir() => Ok(()),
            Ok(_) => Err(failed("use", &self.path, &ErrorKind::NotADirectory.into())),
            Err(error) => Err(failed("use", &self.path, &error)),
        }
    }
}

/// Removes a token whose lock the caller holds; an operator may have been faster.
fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("remove", path, &error)),
        _ => Ok(()),
    }
}
