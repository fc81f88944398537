//! Callers: what they will do, and what happened to them.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use super::faults::Fault;

/// What a caller does when asked for input.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Presses keys; a `#` that is missing is a caller who waits until the platform gives up waiting for more.
    Digits(String),
    /// Does nothing until the time is up.
    Silence,
    /// Makes a noise that no grammar knows.
    Nonsense,
    /// Hangs up.
    HangUp,
}

impl From<&str> for Entry {
    fn from(keys: &str) -> Self {
        Entry::Digits(keys.into())
    }
}

/// What a caller is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The `prompt=` of the dialog's address, or the whole address.
    pub prompt: String,
    /// What was said since the last entry.
    pub said: String,
    /// How often this caller has been asked this prompt, from one.
    pub time: usize,
}

type Answer = Box<dyn FnMut(&Ask) -> Entry>;

/// A caller who is going to call, and the script that they follow.
#[derive(Default)]
pub struct Caller {
    pub(super) number: String,
    pub(super) entries: VecDeque<Entry>,
    pub(super) entries_for: BTreeMap<String, VecDeque<Entry>>,
    pub(super) answer: Option<Answer>,
    pub(super) faults: Vec<Fault>,
    pub(super) hang_up_at: Option<Duration>,
    pub(super) patience: Option<Duration>,
}

impl Caller {
    pub fn new(number: &str) -> Self {
        Caller { number: number.into(), ..Caller::default() }
    }

    /// The next entry; every input field consumes one. Who has none left is silent.
    pub fn keys(self, keys: &str) -> Self {
        self.entry(Entry::from(keys))
    }

    /// The next entry, of any sort.
    pub fn entry(mut self, entry: Entry) -> Self {
        self.entries.push_back(entry);
        self
    }

    /// The next entry for one prompt (the `prompt=` of the dialog's address); it goes before the others.
    pub fn keys_for(mut self, prompt: &str, entry: impl Into<Entry>) -> Self {
        self.entries_for.entry(prompt.into()).or_default().push_back(entry.into());
        self
    }

    /// Decides every entry by a function.
    pub fn answering(mut self, answer: impl FnMut(&Ask) -> Entry + 'static) -> Self {
        self.answer = Some(Box::new(answer));
        self
    }

    /// Hangs up right after the session has handled its n-th event, before any result of it can come.
    pub fn hang_up_after(self, events: usize) -> Self {
        self.with(Fault::after_event(events, super::faults::Disturbance::HangUp))
    }

    /// Hangs up when the n-th event is taken from the queue: it is handled while the call is gone already.
    pub fn hang_up_during(self, event: usize) -> Self {
        self.with(Fault::at_event(event, super::faults::Disturbance::HangUp))
    }

    /// Hangs up at a moment of the virtual clock.
    pub fn hang_up_at(mut self, moment: Duration) -> Self {
        self.hang_up_at = Some(moment);
        self
    }

    /// Gives up when the call is still ringing after that time.
    pub fn patience(mut self, time: Duration) -> Self {
        self.patience = Some(time);
        self
    }

    /// Something that goes wrong in this caller's session.
    pub fn with(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    pub(super) fn answer(&mut self, ask: &Ask) -> Entry {
        if let Some(entry) = self.entries_for.get_mut(&ask.prompt).and_then(VecDeque::pop_front) {
            return entry;
        }
        match &mut self.answer {
            Some(answer) => answer(ask),
            None => self.entries.pop_front().unwrap_or(Entry::Silence),
        }
    }
}

/// Names a call of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub(super) usize);

/// One prompt that a caller heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    pub at: Duration,
    /// The words, from the text or the fallback inside `<audio>`.
    pub text: String,
    /// Addresses of the recordings that were played in place of their fallback.
    pub audio: Vec<String>,
    /// Addresses of recordings that could not be had, so that the words were spoken.
    pub missing_audio: Vec<String>,
    /// The `prompt=` of the dialog that spoke.
    pub prompt: String,
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
    /// The session disconnected the call. `last_words` is what it had said since the caller's last key or since the
    /// conference was left, empty for a disconnect without a word.
    Disconnected { last_words: String },
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
    pub number: String,
    /// The identifier of the session that served it.
    pub session_id: String,
    pub heard: Vec<Heard>,
    pub ended: Ended,
    pub ended_at: Option<Duration>,
    /// How many events its session has handled.
    pub events: usize,
    /// Their names, in order: the points at which something can go wrong.
    pub event_names: Vec<String>,
    /// The longest time that the caller, once connected, heard neither a dialog nor a conference.
    pub longest_silence: Duration,
    pub(super) said: String,
    pub(super) silent_since: Option<Duration>,
    pub(super) asked: BTreeMap<String, usize>,
}

impl CallRecord {
    pub(super) fn new(number: &str, session_id: &str) -> Self {
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

    pub(super) fn end(&mut self, how: Ended, at: Duration) {
        if self.ended == Ended::NotYet {
            self.ended = how;
            self.ended_at = Some(at);
        }
        self.silence(false, at);
    }

    /// Keeps account of the time in which the caller hears nothing.
    pub(super) fn silence(&mut self, silent: bool, at: Duration) {
        if let Some(since) = self.silent_since {
            self.longest_silence = self.longest_silence.max(at - since);
        }
        self.silent_since = if silent { self.silent_since.or(Some(at)) } else { None };
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "call {}", self.0)
    }
}
