//! Files in TOML that operators write: the settings, and a room each.

use nix::libc;
use serde::de::DeserializeOwned;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The largest file that is read, in bytes.
const MOST_BYTES: u64 = 64 << 10;

/// The text of a file, which must be a regular one of a reasonable size.
pub fn read(path: &Path) -> io::Result<String> {
    // A pipe must not make a call wait.
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    if metadata.len() > MOST_BYTES {
        return Err(ErrorKind::FileTooLarge.into());
    }
    let mut text = String::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    file.take(MOST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

/// What a text says; the error names the line, and quotes nothing of it, for it may be the one with a PIN or a password.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        format!("line {line}: {}", error.message().lines().next().unwrap_or_default())
    })
}
