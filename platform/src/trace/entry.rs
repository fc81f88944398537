//! One thing that happened.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use super::Violation;
use crate::caller::{Ended, Entry, Heard};
use crate::event::Event;
use crate::ids::CallId;
use crate::web::Exchange;

/// One thing that happened, at its moment of the virtual clock. As text it is one line.
#[derive(Clone, Debug)]
pub struct TraceEntry {
    /// When it happened.
    pub at: Duration,
    /// The call that it is about; none for the platform and for sessions without a call.
    pub call: Option<CallId>,
    /// The caller's number, or the session's identifier, or `platform`.
    pub who: Rc<str>,
    /// What happened.
    pub what: What,
}

/// What a connection is joined to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bridge {
    /// A conference, by its name; by its identifier where it has none.
    Conference(String),
    /// Another call.
    Call(CallId),
}

/// Who sends an event to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// An HTTP request, by basichttp.
    Http,
    /// The session that serves a call.
    Call(CallId),
    /// A session without a call, by its identifier.
    Session(String),
}

/// What happened. From [`What::Rings`] to [`What::Over`] it is what a bystander at the telephone would tell, then what
/// goes on between the session and the server, and last what the session does.
#[derive(Clone, Debug)]
pub enum What {
    /// The caller rings.
    Rings,
    /// The telephone of somebody whom a session calls rings.
    IsCalled,
    /// The call is up.
    Answered,
    /// A dialog says something to the caller.
    Hears(Heard),
    /// A dialog says something, and the caller hears something else.
    Misses(Heard),
    /// The caller is asked something, and decides what to do about it.
    Answers {
        /// The `prompt=` of the dialog's address, or the whole address.
        prompt: String,
        /// What the caller does.
        entry: Entry,
    },
    /// The caller presses a key.
    Presses(char),
    /// The key cuts off what was being said.
    Interrupts,
    /// The caller is joined.
    Joined {
        /// To what.
        to: Bridge,
        /// Whether the others hear the caller; otherwise the caller only listens.
        speaks: bool,
    },
    /// The caller is joined no longer.
    Unjoined {
        /// From what.
        from: Bridge,
    },
    /// From here on the caller hears another caller.
    HearsCaller(CallId),
    /// From here on the caller does not hear that other caller.
    LosesCaller(CallId),
    /// A tone is played into the conference of that name.
    Tone {
        /// The conference.
        conference: String,
        /// Whether somebody comes; otherwise somebody goes.
        enter: bool,
    },
    /// The caller hangs up, or gives up while it rings.
    HangsUp,
    /// The call is over.
    Over(Ended),
    /// A session begins, with the document at this address.
    Begins(String),
    /// A session goes to the document at this address.
    GoesTo(String),
    /// A request, and the response or the reason why there is none.
    Exchange(Rc<Exchange>),
    /// The session is sent an event from outside.
    Told {
        /// Who sends it.
        by: Sender,
        /// The event.
        event: Event,
    },
    /// The session takes an event from its queue.
    Event {
        /// Which one it is, counted from one.
        number: usize,
        /// The value of the state variable.
        state: String,
        /// The event.
        event: Event,
    },
    /// No transition takes the event, which is dropped.
    Dropped(Event),
    /// An element of a transition starts something; `detail` says with what.
    Action {
        /// The element's name.
        element: String,
        /// Identifiers, addresses, times.
        detail: String,
    },
    /// A variable gets a value.
    Assigns {
        /// The variable as the document names it.
        name: String,
        /// The value as a string.
        value: String,
    },
    /// The document writes into the log.
    Logs {
        /// The label, empty for none.
        label: String,
        /// The text.
        text: String,
    },
    /// The session ends.
    SessionEnds,
    /// Something that was ordered goes wrong.
    Fault(String),
    /// A rule is broken.
    Violation(Violation),
    /// Anything else that helps to understand the trace.
    Note(String),
}

impl fmt::Display for TraceEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>9.3} {:<12} {}", self.at.as_secs_f64(), self.who, self.what)
    }
}

impl fmt::Display for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bridge::Conference(name) => f.write_str(name),
            Bridge::Call(call) => write!(f, "{call}"),
        }
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sender::Http => f.write_str("HTTP"),
            Sender::Call(call) => write!(f, "{call}"),
            Sender::Session(id) => f.write_str(id),
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Rings => f.write_str("rings"),
            What::IsCalled => f.write_str("is called"),
            What::Answered => f.write_str("  is connected"),
            What::Hears(Heard { text, audio, .. }) => write!(f, "  hears {text:?} {audio:?}"),
            What::Misses(Heard { text, audio, .. }) => write!(f, "  cannot hear {text:?} {audio:?}"),
            What::Answers { prompt, entry } => write!(f, "  answers {prompt} with {entry:?}"),
            What::Presses(key) => write!(f, "  presses {key}"),
            What::Interrupts => f.write_str("  does not hear it to the end"),
            What::Joined { to, speaks: true } => write!(f, "  is joined to {to}"),
            What::Joined { to, speaks: false } => write!(f, "  is joined to {to}, only to listen"),
            What::Unjoined { from } => write!(f, "  is unjoined from {from}"),
            What::HearsCaller(other) => write!(f, "  hears {other}"),
            What::LosesCaller(other) => write!(f, "  no longer hears {other}"),
            What::Tone { conference, enter } => {
                write!(f, "  {} tone in {conference}", if *enter { "enter" } else { "exit" })
            }
            What::HangsUp => f.write_str("hangs up"),
            What::Over(ended) => write!(f, "  the call is over: {ended:?}"),
            What::Begins(url) => write!(f, "  the session begins with {url}"),
            What::GoesTo(url) => write!(f, "  goes to {url}"),
            What::Exchange(exchange) => write!(f, "  {exchange}"),
            What::Told { by, event } => write!(f, "  is sent {event} by {by}"),
            What::Event { number, state, event } => write!(f, "[{state}] #{number} {event}"),
            What::Dropped(event) => write!(f, "  (no transition for {})", event.name),
            What::Action { element, detail } => write!(f, "  {element} {detail}"),
            What::Assigns { name, value } => write!(f, "  {name} = {value:?}"),
            What::Logs { label, text } if label.is_empty() => write!(f, "  log: {text}"),
            What::Logs { label, text } => write!(f, "  {label} log: {text}"),
            What::SessionEnds => f.write_str("  the session ends"),
            What::Fault(fault) => write!(f, "  ! {fault}"),
            What::Violation(violation) => write!(f, "VIOLATION {violation}"),
            What::Note(note) => write!(f, "  {note}"),
        }
    }
}

impl From<String> for What {
    fn from(note: String) -> Self {
        What::Note(note)
    }
}

impl From<&str> for What {
    fn from(note: &str) -> Self {
        What::Note(note.into())
    }
}

impl From<Violation> for What {
    fn from(violation: Violation) -> Self {
        What::Violation(violation)
    }
}
