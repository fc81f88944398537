//! What has become of a call.

use std::collections::BTreeMap;
use std::time::Duration;

/// One prompt that a caller heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// When it began, by the virtual clock.
    pub at: Duration,
    /// The words, from the text or the fallback inside `<audio>`.
    pub text: String,
    /// Addresses of the recordings that were played in place of their fallback.
    pub audio: Vec<String>,
    /// Addresses of recordings that could not be had, so that the words were spoken.
    pub missing_audio: Vec<String>,
    /// The `prompt=` of the dialog that spoke.
    pub prompt: String,
    /// The language of the dialog's document, empty if it names none.
    pub lang: String,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    /// It has not.
    NotYet,
    /// It was never answered, and nobody disconnected it: refused, or its first document could not be had.
    NeverAnswered,
    /// The caller hung up, or gave up while it was ringing.
    CallerHungUp,
    /// The session disconnected the call.
    Disconnected {
        /// What it had said since the caller's last key or since the conference was left, empty for a disconnect without
        /// a word.
        last_words: String,
    },
    /// The session has sent the caller to another number.
    Redirected,
    /// The session ended with the call still up, and the platform cut it off.
    BareHangUp,
    /// The connection failed.
    Lost,
    /// The platform died.
    PlatformDied,
}

/// What became of a call.
#[derive(Clone, Debug)]
pub struct CallRecord {
    /// The caller's telephone number.
    pub number: String,
    /// The identifier of the session that serves it.
    pub session_id: String,
    /// What the caller has heard, in order.
    pub heard: Vec<Heard>,
    /// How the call ended.
    pub ended: Ended,
    /// When it ended, by the virtual clock.
    pub ended_at: Option<Duration>,
    /// How many events its session has handled.
    pub events: usize,
    /// Their names, in order: the points at which something can go wrong.
    pub event_names: Vec<String>,
    /// The longest time that the caller, once connected, heard neither a dialog nor a conference.
    pub longest_silence: Duration,
    pub(crate) said: String,
    pub(crate) silent_since: Option<Duration>,
    pub(crate) asked: BTreeMap<String, usize>,
}

impl CallRecord {
    pub(crate) fn new(number: &str, session_id: &str) -> Self {
        CallRecord {
            number: number.into(),
            session_id: session_id.into(),
            heard: Vec::new(),
            ended: Ended::NotYet,
            ended_at: None,
            events: 0,
            event_names: Vec::new(),
            longest_silence: Duration::ZERO,
            said: String::new(),
            silent_since: None,
            asked: BTreeMap::new(),
        }
    }

    /// All that the caller heard, in order.
    pub fn texts(&self) -> Vec<&str> {
        self.heard.iter().map(|heard| heard.text.as_str()).collect()
    }

    /// Ends the call, unless it is over already; whether it was not.
    pub(crate) fn end(&mut self, how: Ended, at: Duration) -> bool {
        let first = self.ended == Ended::NotYet;
        if first {
            self.ended = how;
            self.ended_at = Some(at);
        }
        self.silence(false, at);
        first
    }

    /// Keeps account of the time in which the caller hears nothing.
    pub(crate) fn silence(&mut self, silent: bool, at: Duration) {
        if let Some(since) = self.silent_since {
            self.longest_silence = self.longest_silence.max(at - since);
        }
        self.silent_since = if silent { self.silent_since.or(Some(at)) } else { None };
    }
}
