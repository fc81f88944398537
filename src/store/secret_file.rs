//! The secret of a directory's tokens: a file made once, by whoever needs it first.

use super::StoreError;
use super::directory::Directory;
use super::token_file::{TemporaryFile, TokenFile, failed};
use crate::disk;
use crate::secret::Secret;
use std::path::Path;

/// Its name, which is no number's.
const NAME: &str = ".secret";

impl Directory {
    /// The secret, made if there is none. One that can't be used is never replaced: tickets signed with it are out.
    pub(super) fn secret(&self) -> Result<Secret, StoreError> {
        let path = self.path().join(NAME);
        if let Some(secret) = read(&path)? {
            return Ok(secret);
        }
        let made = Secret::random()
            .map_err(|why| StoreError::Unreachable(format!("cannot make {}: {why}", path.display())))?;
        let text = format!("{}\n", made.text());
        // Others may be faster: the secret is that of whoever was first.
        TemporaryFile::write_private(&path, text.as_bytes())?.become_new(&path)?;
        read(&path)?.ok_or_else(|| failed("read", &path, &std::io::ErrorKind::NotFound.into()))
    }

    /// What is wrong with the secret; nothing if it is yet to be made.
    pub(super) fn problem_of_secret(&self) -> Option<String> {
        let path = self.path().join(NAME);
        match read(&path) {
            Err(error) => Some(error.to_string()),
            Ok(_) => disk::public(&path, &path.display().to_string()),
        }
    }
}

/// The secret in a file; none if there is no file.
fn read(path: &Path) -> Result<Option<Secret>, StoreError> {
    let Some(file) = TokenFile::open(path)? else { return Ok(None) };
    let text = file.text(path)?;
    let secret = std::str::from_utf8(text.line()).ok().and_then(Secret::parse);
    secret.map(Some).ok_or_else(|| {
        StoreError::Unreachable(format!(
            "{} is not a secret of {} characters or more; put the right one back, or remove it: whoever is in a \
             conference then is lost if their token is",
            path.display(),
            Secret::LEAST
        ))
    })
}
