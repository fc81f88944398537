//! The call log (contract section 7): one JSON object per line, for programs that count and operators who search.
//!
//! Any number of processes append to one file, the events of a request in a single write; the file is opened for each, so
//! that it can be rotated at any moment. A write that a full disk, or the end of its process, has cut short leaves a part
//! of a line behind. So whoever has appended looks at the byte before their own lines, and writes these once more if it
//! does not end a line. That holds whatever others append meanwhile.

use crate::clock::Millis;
use crate::conference::{Event, Refused};
use crate::disk;
use crate::number::ConferenceNumber;
use nix::fcntl::{AT_FDCWD, AtFlags};
use nix::libc;
use nix::sys::stat::{FileStat, fstat};
use nix::unistd::{AccessFlags, faccessat};
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The call log of a line; keeps nothing when the line has none.
#[derive(Clone, Debug, Default)]
pub struct CallLog {
    path: Option<PathBuf>,
    line: Option<String>,
}

#[derive(Serialize)]
struct Entry<'a> {
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(flatten)]
    event: &'a Event,
}

impl CallLog {
    /// The log in a file, of the line of a name.
    pub fn new(path: Option<PathBuf>, line: Option<String>) -> Self {
        Self { path, line }
    }

    /// Appends what happened to a number at a time. A number without a room is left out: a caller who was asked for
    /// the number again may have keyed a PIN.
    ///
    /// The error says what the operator has to mend; the call must go on without it.
    pub fn append(
        &self,
        time: Millis,
        number: Option<&ConferenceNumber>,
        events: &[Event],
    ) -> Result<(), String> {
        let Some(path) = self.path.as_ref().filter(|_| !events.is_empty()) else { return Ok(()) };
        let lines = lines(time, self.line.as_deref(), number, events);
        opened(path, true)
            .and_then(|mut file| {
                write(&mut file, &lines)?;
                // What was written has ended the line that was cut short.
                if stands_apart(&mut file, lines.len())? { Ok(()) } else { write(&mut file, &lines) }
            })
            .map_err(|error| format!("CONFERENCE_LOG {} cannot be written: {error}", path.display()))
    }

    /// Whether the log could be written; changes nothing.
    pub fn check(&self) -> Result<Option<String>, String> {
        let Some(path) = &self.path else { return Ok(None) };
        let problem = |error: io::Error, remedy: &str| {
            format!("{} cannot be written: {error}; {remedy}, or set CONFERENCE_LOG", path.display())
        };
        if path.exists() {
            let remedy = "make it a regular file that belongs to the web server's user";
            opened(path, false).map_err(|error| problem(error, remedy))?;
        } else {
            let parent = disk::directory_of(path);
            let remedy = format!("make {} a directory of the web server's user", parent.display());
            faccessat(AT_FDCWD, parent, AccessFlags::W_OK | AccessFlags::X_OK, AtFlags::AT_EACCESS)
                .map_err(|error| problem(error.into(), &remedy))?;
        }
        match disk::problem(disk::directory_of(path)) {
            Some(problem) => Err(problem),
            None => Ok(Some(path.display().to_string())),
        }
    }
}

/// The log, open for adding to it. What is no regular file, or where the response goes, is refused.
fn opened(path: &Path, create: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // A pipe that nobody reads must not make a call wait.
    let file = options.read(true).append(true).create(create).custom_flags(libc::O_NONBLOCK).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let is_it = |output: FileStat| (output.st_dev, output.st_ino) == (metadata.dev(), metadata.ino());
    if fstat(io::stdout()).is_ok_and(is_it) {
        return Err(io::Error::other("it is the program's standard output"));
    }
    Ok(file)
}

fn write(file: &mut File, lines: &[u8]) -> io::Result<()> {
    // In one piece or not at all, as far as that can be had.
    match file.write(lines)? {
        written if written == lines.len() => Ok(()),
        _ => Err(io::ErrorKind::WriteZero.into()),
    }
}

/// Whether what was just written, so many bytes, begins where a line begins.
fn stands_apart(file: &mut File, length: usize) -> io::Result<bool> {
    let start = file.stream_position()?.saturating_sub(length as u64);
    let mut before = [b'\n'];
    if start > 0 {
        file.read_exact_at(&mut before, start - 1)?;
    }
    Ok(before == [b'\n'])
}

fn lines(time: Millis, line: Option<&str>, number: Option<&ConferenceNumber>, events: &[Event]) -> Vec<u8> {
    let time = rfc3339(time);
    let number = number.map(ConferenceNumber::as_str);
    let mut lines = Vec::new();
    for event in events {
        let number = number.filter(|_| event.reason != Some(Refused::NoRoom.word()));
        // Texts and numbers: there is nothing in an entry that JSON could refuse.
        let _ = serde_json::to_writer(&mut lines, &Entry { time: time.clone(), line, number, event });
        lines.push(b'\n');
    }
    lines
}

/// A time of the wall clock as RFC 3339 has it, in UTC with milliseconds.
pub fn rfc3339(time: Millis) -> String {
    // humantime takes times up to the year 9999.
    let time = Duration::from_millis(time.min(253_402_300_799_999));
    humantime::format_rfc3339_millis(SystemTime::UNIX_EPOCH + time).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conference::{EventKind, Role};
    use crate::number::SessionId;

    #[test]
    fn a_line_has_every_field_that_is_known_and_none_that_is_not() {
        let number = ConferenceNumber::from_token_name("1234").unwrap();
        let event = Event {
            event: EventKind::Left,
            conference: Some("1234-1".into()),
            session: SessionId::parse("a\"b"),
            caller: Some("+49301234".into()),
            called: Some("4930".into()),
            role: Some(Role::Moderator),
            callers: Some(2),
            seconds: Some(61),
            reason: None,
            by: Some("anna".into()),
        };
        let text = String::from_utf8(lines(
            1_700_000_000_123,
            Some("sales"),
            Some(&number),
            std::slice::from_ref(&event),
        ))
        .unwrap();
        assert_eq!(
            text,
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"line\":\"sales\",\"number\":\"1234\",\"event\":\"left\",\
             \"conference\":\"1234-1\",\"session\":\"a\\\"b\",\"caller\":\"+49301234\",\"called\":\"4930\",\
             \"role\":\"moderator\",\"callers\":2,\"seconds\":61,\"by\":\"anna\"}\n"
        );
        let refused = Event::outside(EventKind::Left, None, "");
        let refused = Event { reason: None, ..refused };
        let text = String::from_utf8(lines(u64::MAX, None, None, &[refused])).unwrap();
        assert_eq!(text, "{\"time\":\"9999-12-31T23:59:59.999Z\",\"event\":\"left\"}\n");
    }
}
