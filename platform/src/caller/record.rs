//! What has become of a call.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::trace::Bridge;

/// One prompt that a caller heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// When it began, by the virtual clock.
    pub at: Duration,
    /// When it stopped, at its end or before; none as long as it is heard.
    pub until: Option<Duration>,
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

/// A bridge from a call to a conference, or to another call.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    /// When it was made, by the virtual clock.
    pub at: Duration,
    /// When it was taken down, or made anew on other terms; none as long as it stands.
    pub until: Option<Duration>,
    /// What the caller is joined to.
    pub to: Bridge,
    /// Whether the caller hears what is said there, when it is made.
    pub hears: bool,
    /// Whether the caller is heard there: in full duplex, otherwise the caller only listens.
    pub speaks: bool,
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
    /// What the caller was joined to, in order.
    pub joined: Vec<Joined>,
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
            joined: Vec::new(),
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

    /// What the caller hears a dialog say at this moment: words, or a recording such as music.
    pub fn hearing(&self) -> Option<&Heard> {
        self.heard.iter().rev().find(|heard| heard.until.is_none())
    }

    /// What the caller is joined to at this moment; the latest, if there are several.
    pub fn bridge(&self) -> Option<&Joined> {
        self.joined.iter().rev().find(|joined| joined.until.is_none())
    }

    /// What is heard as the n-th thing stops, unless it has stopped already.
    pub(crate) fn stop(&mut self, number: usize, at: Duration) {
        if let Some(heard) = self.heard.get_mut(number) {
            heard.until.get_or_insert(at);
        }
    }

    /// The bridge to something is gone, if there is one.
    pub(crate) fn unjoin(&mut self, from: &Bridge, at: Duration) {
        for joined in self.joined.iter_mut().filter(|joined| joined.to == *from) {
            joined.until.get_or_insert(at);
        }
    }

    /// Ends the call, unless it is over already; whether it was not.
    pub(crate) fn end(&mut self, how: Ended, at: Duration) -> bool {
        let first = self.ended == Ended::NotYet;
        if first {
            self.ended = how;
            self.ended_at = Some(at);
            (0..self.heard.len()).for_each(|number| self.stop(number, at));
            for joined in &mut self.joined {
                joined.until.get_or_insert(at);
            }
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
