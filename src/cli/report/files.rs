//! The files of a call log: which there are, and their lines.

use crate::clock::Millis;
use crate::disk;
use crate::report::time_of;
use flate2::bufread::MultiGzDecoder;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The most bytes of a line that are looked at. The program writes none that is half as long.
const MOST_BYTES: u64 = 64 << 10;

/// How much of a file is read to learn when it begins.
const BEGINNING: u64 = 4096;

/// What every file of gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A file of the call log, about to be read.
pub struct LogFile {
    /// Its name.
    pub path: PathBuf,
    /// When its first line was written, if there is one that tells.
    pub begins: Option<Millis>,
    /// Device and number, by which a file is the same under any name; none for what is no regular file.
    identity: Option<(u64, u64)>,
    reader: Box<dyn BufRead>,
}

impl LogFile {
    /// Opens a file, compressed or not.
    pub fn open(path: PathBuf) -> io::Result<Self> {
        let mut file = File::open(&path)?;
        let metadata = file.metadata()?;
        let identity = metadata.is_file().then(|| (metadata.dev(), metadata.ino()));
        // What has been read of a pipe can't be read again.
        let mut beginning = Vec::new();
        file.by_ref().take(BEGINNING).read_to_end(&mut beginning)?;
        let compressed = beginning.starts_with(&GZIP);
        let mut text = Vec::new();
        if compressed {
            // It is cut off somewhere.
            let _ = MultiGzDecoder::new(&*beginning).take(MOST_BYTES).read_to_end(&mut text);
        } else {
            text.clone_from(&beginning);
        }
        let begins = text.split(|byte| *byte == b'\n').find_map(time_of);
        let bytes = BufReader::with_capacity(64 << 10, Cursor::new(beginning).chain(file));
        let reader: Box<dyn BufRead> = if compressed {
            Box::new(BufReader::with_capacity(64 << 10, MultiGzDecoder::new(bytes)))
        } else {
            Box::new(bytes)
        };
        Ok(Self { path, begins, identity, reader })
    }

    /// Whether it is a file that another name has been given for as well.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.identity.is_some() && self.identity == other.identity
    }

    /// Reads the next line, without what goes beyond the most that is looked at; `false` at the end.
    pub fn next_line(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        self.reader.by_ref().take(MOST_BYTES).read_until(b'\n', line)?;
        if line.len() as u64 == MOST_BYTES && !line.ends_with(b"\n") {
            self.reader.skip_until(b'\n')?;
        }
        Ok(!line.is_empty())
    }
}

/// The files of a log that is rotated: its own, if it is there, and the older ones beside it, which have its name and
/// then a number or a date, and `.gz` if they are compressed.
pub fn of_log(log: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(name) = log.file_name() else { return Ok(vec![log.to_owned()]) };
    let mut files = Vec::new();
    for entry in fs::read_dir(disk::directory_of(log))? {
        let entry = entry?.file_name();
        let rest = entry.as_bytes().strip_prefix(name.as_bytes());
        let path = log.with_file_name(&entry);
        if rest.is_some_and(|rest| rest.is_empty() || is_of_rotation(rest)) && path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

/// Whether this is what rotation puts behind a log's name: `.1`, `.2.gz`, `-20261122.gz`, `-2026-11-22_10`.
fn is_of_rotation(rest: &[u8]) -> bool {
    let rest = rest.strip_suffix(b".gz").unwrap_or(rest);
    matches!(rest, [b'.' | b'-', first, rest @ ..]
        if first.is_ascii_digit() && rest.iter().all(|byte| byte.is_ascii_digit() || b"-_.:T".contains(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rotation_puts_behind_a_name_is_told_from_what_else_lies_there() {
        for rest in [".1", ".12.gz", "-20261122", "-20261122.gz", "-2026-11-22T10:00", ".2026.11"] {
            assert!(is_of_rotation(rest.as_bytes()), "{rest}");
        }
        for rest in ["", ".", ".gz", ".bak", ".1.bak", ".1.xz", "1", "-a", ".1~", "x.1"] {
            assert!(!is_of_rotation(rest.as_bytes()), "{rest}");
        }
    }
}
