//! Callers: what they will do, and what has become of them.

mod record;

pub use record::{CallRecord, Ended, Heard, Joined};

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::clock::secs;
use crate::faults::{Disturbance, Fault};

/// What a caller does when asked for input.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Presses keys, where `p` is a pause of a second; a `#` that is missing is a caller who waits until the platform gives
    /// up waiting for more.
    Digits(String),
    /// Presses keys at once, over the words of the question.
    Interrupting(String),
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

/// What somebody does who is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PicksUp {
    After(Duration),
    Busy,
    Never,
}

impl Default for PicksUp {
    fn default() -> Self {
        PicksUp::After(secs(3))
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

/// The number that is called unless told otherwise.
const CALLED: &str = "+49300";

type Answer = Box<dyn FnMut(&Ask) -> Entry>;

/// A caller who is going to call, and the script that they follow.
#[derive(Default)]
pub struct Caller {
    pub(crate) number: String,
    pub(crate) called: String,
    pub(crate) entries: VecDeque<Entry>,
    pub(crate) entries_for: BTreeMap<String, VecDeque<Entry>>,
    pub(crate) answer: Option<Answer>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) presses: Vec<(Duration, String)>,
    pub(crate) hang_up_at: Option<Duration>,
    pub(crate) patience: Option<Duration>,
    pub(crate) picks_up: PicksUp,
}

impl Caller {
    /// Somebody who rings from this telephone number, and does nothing when asked.
    pub fn new(number: &str) -> Self {
        Caller { number: number.into(), called: CALLED.into(), ..Caller::default() }
    }

    /// The telephone number that is called.
    pub fn dialing(mut self, number: &str) -> Self {
        self.called = number.into();
        self
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
        self.with(Fault::after_event(events, Disturbance::HangUp))
    }

    /// Hangs up when the n-th event is taken from the queue: it is handled while the call is gone already.
    pub fn hang_up_during(self, event: usize) -> Self {
        self.with(Fault::at_event(event, Disturbance::HangUp))
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

    /// When called: lets it ring so long before answering; three seconds unless told otherwise.
    pub fn picks_up_after(mut self, time: Duration) -> Self {
        self.picks_up = PicksUp::After(time);
        self
    }

    /// When called: is on the telephone already.
    pub fn busy(mut self) -> Self {
        self.picks_up = PicksUp::Busy;
        self
    }

    /// When called: does not answer.
    pub fn not_at_home(mut self) -> Self {
        self.picks_up = PicksUp::Never;
        self
    }

    /// Something that goes wrong in this caller's session.
    pub fn with(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Begins to press keys so long after having rung, whether asked or not.
    pub fn press_after(mut self, time: Duration, keys: &str) -> Self {
        self.presses.push((time, keys.into()));
        self
    }

    /// Begins to press keys right after the session has handled the n-th event whose name fits a pattern, whether asked
    /// or not: from `conference.joined` on while joined, from `dialog.started` on over the words of a dialog.
    pub fn press_on(self, nth: usize, pattern: &str, keys: &str) -> Self {
        self.with(Fault::after(nth, pattern, Disturbance::Press(keys.into())))
    }

    /// Begins to press keys right after the session has executed the n-th element of a name: with `join` while being
    /// joined.
    pub fn press_during(self, nth: usize, element: &str, keys: &str) -> Self {
        self.with(Fault::after_element(nth, element, Disturbance::Press(keys.into())))
    }

    /// The keys that the caller presses at once when a prompt begins, if that is the next entry for it.
    pub(crate) fn interruption(&mut self, prompt: &str) -> Option<String> {
        let entries = match self.entries_for.get_mut(prompt).filter(|entries| !entries.is_empty()) {
            Some(entries) => entries,
            None if self.answer.is_none() => &mut self.entries,
            None => return None,
        };
        let keys = entries.front().and_then(|entry| match entry {
            Entry::Interrupting(keys) => Some(keys.clone()),
            _ => None,
        })?;
        entries.pop_front();
        Some(keys)
    }

    pub(crate) fn answer(&mut self, ask: &Ask) -> Entry {
        if let Some(entry) = self.entries_for.get_mut(&ask.prompt).and_then(VecDeque::pop_front) {
            return entry;
        }
        match &mut self.answer {
            Some(answer) => answer(ask),
            None => self.entries.pop_front().unwrap_or(Entry::Silence),
        }
    }
}
