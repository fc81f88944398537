//! One line of the call log, as far as a report needs it.

use crate::clock::Millis;
use crate::conference::EventKind;
use crate::number::ConferenceNumber;
use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// The longest name of a line and identifier of a conference: longer ones are none of ours, and would be kept in memory.
const LONGEST: usize = 128;

/// One line of the call log. A text that it does not have is empty; fields that a report has no use for are passed over.
#[derive(Debug, Deserialize)]
pub struct Entry<'a> {
    /// When it happened, since 1970.
    #[serde(deserialize_with = "millis")]
    pub time: Millis,
    /// What happened.
    pub event: EventKind,
    /// The name of the line.
    #[serde(borrow, default)]
    pub line: Cow<'a, str>,
    /// The conference number.
    #[serde(borrow, default)]
    pub number: Cow<'a, str>,
    /// The conference it happened to.
    #[serde(borrow, default)]
    pub conference: Cow<'a, str>,
    /// Whom it happened to.
    #[serde(borrow, default)]
    pub session: Cow<'a, str>,
    /// The caller's number.
    #[serde(borrow, default)]
    pub caller: Cow<'a, str>,
    /// How many callers were in after it.
    pub callers: Option<u64>,
    /// How long the caller had been in.
    pub seconds: Option<u64>,
}

impl<'a> Entry<'a> {
    /// Reads a line of the log; none when it can't be one.
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let entry: Self = serde_json::from_slice(text).ok()?;
        let number = entry.number.is_empty() || ConferenceNumber::from_token_name(&entry.number).is_some();
        let line = entry.line.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let short = entry.line.len().max(entry.conference.len()) <= LONGEST;
        (number && line && short).then_some(entry)
    }

    /// When the stay began that ended with this event, or the event itself if it ended none.
    pub fn began(&self) -> Millis {
        self.time.saturating_sub(self.stayed())
    }

    /// How long the stay was that ended with this event.
    pub fn stayed(&self) -> Millis {
        self.seconds.unwrap_or(0).saturating_mul(1000)
    }
}

fn millis<'de, D: Deserializer<'de>>(time: D) -> Result<Millis, D::Error> {
    let time = Timestamp::deserialize(time)?;
    Millis::try_from(time.as_millisecond()).map_err(|_| D::Error::custom("before 1970"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_with_whatever_else_is_in_it() {
        let text = r#"{"time":"1970-01-01T00:01:40.500Z","event":"left","line":"sales","number":"1234",
            "conference":"c","session":"a\"b","caller":"tel:+1","called":"sip:x","role":"moderator","by":"root",
            "callers":2,"seconds":61,"reason":"hangup","later":{"more":[1,null]}}"#;
        let entry = Entry::parse(text.as_bytes()).unwrap();
        assert_eq!((entry.time, entry.event, entry.began()), (100_500, EventKind::Left, 39_500));
        assert_eq!((&*entry.line, &*entry.number, &*entry.session), ("sales", "1234", "a\"b"));
        assert_eq!((entry.callers, entry.seconds), (Some(2), Some(61)));
    }

    #[test]
    fn what_is_no_line_of_the_log_is_told_apart() {
        let good = r#"{"time":"2026-11-22T10:00:00Z","event":"left","number":"1234","line":"a-1"}"#;
        assert!(Entry::parse(good.as_bytes()).is_some());
        for (part, damage) in [
            ("2026-11-22", "2026-13-22"),
            ("2026", "1926"),
            ("left", "lost"),
            ("\"1234\"", "\"12\\u001b[2J\""),
            ("\"1234\"", "1234"),
            ("a-1", "a/1"),
            ("a-1", &"a".repeat(129)),
            ("}", ""),
            ("}", "}{"),
            ("1234", "\u{fffd}\u{0}"),
        ] {
            let bad = good.replace(part, damage);
            assert!(Entry::parse(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(Entry::parse(b"{\"time\":\"2026-11-22T10:00:00Z\",\"event\":\"\xff\"}").is_none());
    }
}
