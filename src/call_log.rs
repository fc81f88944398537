//! The call log (contract section 7): one JSON object per line, for programs that count and operators who search.
//!
//! Any number of processes append to one file, each event with the others of its request in a single write; the
//! file is opened for each, so that it can be rotated at any moment.

use crate::clock::Millis;
use crate::conference::{Event, Refused};
use crate::number::ConferenceNumber;
use nix::fcntl::{AT_FDCWD, AtFlags};
use nix::libc;
use nix::unistd::{AccessFlags, faccessat};
use serde::Serialize;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// The call log of a line; keeps nothing when the line has none.
#[derive(Clone, Debug, Default)]
pub struct CallLog {
    path: Option<PathBuf>,
}

#[derive(Serialize)]
struct Entry<'a> {
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(flatten)]
    event: &'a Event,
}

impl CallLog {
    /// The log in a file.
    pub fn new(path: Option<PathBuf>) -> Self {
        Self { path }
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
        let lines = lines(time, number, events);
        self.open(path)
            .and_then(|mut file| match file.write(&lines)? {
                written if written == lines.len() => Ok(()),
                _ => Err(io::ErrorKind::WriteZero.into()),
            })
            .map_err(|error| format!("CONFERENCE_LOG {} cannot be written: {error}", path.display()))
    }

    /// Whether the log could be written; changes nothing.
    pub fn check(&self) -> Result<Option<String>, String> {
        let Some(path) = &self.path else { return Ok(None) };
        let problem = |error: io::Error| format!("{} cannot be written: {error}", path.display());
        if path.exists() {
            OpenOptions::new().append(true).custom_flags(libc::O_NONBLOCK).open(path).map_err(problem)?;
        } else {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            let parent = parent.unwrap_or(std::path::Path::new("."));
            faccessat(AT_FDCWD, parent, AccessFlags::W_OK | AccessFlags::X_OK, AtFlags::AT_EACCESS)
                .map_err(|error| problem(error.into()))?;
        }
        Ok(Some(path.display().to_string()))
    }

    fn open(&self, path: &PathBuf) -> io::Result<std::fs::File> {
        // A pipe that nobody reads must not make a call wait.
        OpenOptions::new().append(true).create(true).custom_flags(libc::O_NONBLOCK).open(path)
    }
}

fn lines(time: Millis, number: Option<&ConferenceNumber>, events: &[Event]) -> Vec<u8> {
    let time = rfc3339(time);
    let number = number.map(ConferenceNumber::as_str);
    let mut lines = Vec::new();
    for event in events {
        let number = number.filter(|_| event.reason != Some(Refused::NoRoom.word()));
        // Texts and numbers: there is nothing in an entry that JSON could refuse.
        let _ = serde_json::to_writer(&mut lines, &Entry { time: time.clone(), number, event });
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
    use crate::conference::EventKind;
    use crate::number::SessionId;

    #[test]
    fn a_line_has_every_field_that_is_known_and_none_that_is_not() {
        let number = ConferenceNumber::from_token_name("1234").unwrap();
        let event = Event {
            event: EventKind::Left,
            conference: Some("1234-1".into()),
            session: SessionId::parse("a\"b"),
            callers: Some(2),
            seconds: Some(61),
            reason: None,
        };
        let text =
            String::from_utf8(lines(1_700_000_000_123, Some(&number), std::slice::from_ref(&event))).unwrap();
        assert_eq!(
            text,
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"number\":\"1234\",\"event\":\"left\",\
             \"conference\":\"1234-1\",\"session\":\"a\\\"b\",\"callers\":2,\"seconds\":61}\n"
        );
        let refused = Event { conference: None, session: None, callers: None, seconds: None, ..event };
        let text = String::from_utf8(lines(u64::MAX, None, &[refused])).unwrap();
        assert_eq!(text, "{\"time\":\"9999-12-31T23:59:59.999Z\",\"event\":\"left\"}\n");
    }
}
