//! Everything that can go wrong, to be ordered at any point of a call.

use std::rc::Rc;
use std::time::Duration;

use crate::event::{Event, fits};
use crate::web::HttpRequest;

/// Where something can be made to go wrong.
#[derive(Clone)]
enum At {
    Accept,
    CreateConference,
    Join,
    /// A join that asks for more than ids and duplex.
    JoinWithExtras,
    Unjoin,
    DialogStart,
    Fetch(Rc<dyn Fn(&HttpRequest) -> bool>),
    /// An event whose name fits the pattern is taken from the queue.
    Event(String),
    /// An event whose name fits the pattern has been handled.
    Handled(String),
    /// An element of this name has been executed.
    Element(String),
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum FetchFault {
    /// The request never arrives: `error.fetch` without a status.
    NeverSent,
    /// The request is executed, its response never arrives: `error.fetch` without a status.
    ResponseLost,
    /// A response with this status comes from something in between; the program is never reached.
    Status(u16),
    /// The request is executed twice; the second response counts.
    Duplicate,
    /// The response takes this long.
    Late(Duration),
    /// The response is cut off in its middle, but taken as complete.
    Truncated,
    /// The response is taken as complete, and found to be no script only when it is run.
    Garbled,
}

/// What happens to a session, of itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Disturbance {
    /// The caller hangs up.
    HangUp,
    /// The caller begins to press keys at this moment; `p` is a pause of a second.
    Press(String),
    /// The connection is lost: `error.connection`.
    LoseConnection,
    /// `error.conference` about the conference that the session is attached to, which goes on nevertheless.
    ConferenceError,
    /// The caller drops out of the conference: `conference.unjoined`.
    Unjoined,
    /// The conference is gone: everybody in it is unjoined, every attached session hears `conference.destroyed`.
    ConferenceDestroyed,
    /// An operator ends the session: `ccxml.kill`.
    Kill,
    /// An operator ends the session without asking it.
    KillUnconditionally,
    /// An event out of nowhere.
    Stray(Event),
    /// The next event whose name fits the pattern happens, and the session is never told of it.
    Withheld(String),
    /// The session is told twice of the next event whose name fits the pattern, the second time so much later.
    Doubled(String, Duration),
    /// The session is told of the next event whose name fits the pattern only so much later.
    Delayed(String, Duration),
    /// The whole platform dies, without a word to anybody.
    PlatformDies,
}

#[derive(Clone)]
pub(crate) enum Effect {
    Fails,
    Unsupported,
    Crashes,
    Fetch(FetchFault),
    Disturb(Disturbance),
}

/// One thing that goes wrong: at the n-th occurrence of a step (of a caller's session when it is given to the caller, of
/// all sessions together when it is given to the platform), as often in a row as wanted.
#[derive(Clone)]
pub struct Fault {
    at: At,
    effect: Effect,
    nth: usize,
    times: usize,
    seen: usize,
}

impl Fault {
    fn new(at: At, nth: usize, effect: Effect) -> Self {
        Fault { at, effect, nth, times: 1, seen: 0 }
    }

    /// Not only at the n-th time, but so many times in a row.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// From then on always.
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// The n-th `accept` fails: `connection.accept.failed`. As with all of them, the first is 1.
    pub fn accept(nth: usize) -> Self {
        Fault::new(At::Accept, nth, Effect::Fails)
    }

    /// The n-th `createconference` fails: `error.conference.create`.
    pub fn create(nth: usize) -> Self {
        Fault::new(At::CreateConference, nth, Effect::Fails)
    }

    /// The n-th `join` fails: `error.conference.join`.
    pub fn join(nth: usize) -> Self {
        Fault::new(At::Join, nth, Effect::Fails)
    }

    /// The n-th `join` is not supported: `error.unsupported`.
    pub fn join_unsupported(nth: usize) -> Self {
        Fault::new(At::Join, nth, Effect::Unsupported)
    }

    /// The n-th `join` that asks for tones or clamps is not supported: `error.unsupported`. One without them works.
    pub fn join_extras_unsupported(nth: usize) -> Self {
        Fault::new(At::JoinWithExtras, nth, Effect::Unsupported)
    }

    /// The n-th `unjoin` fails: `error.conference.unjoin`.
    pub fn unjoin(nth: usize) -> Self {
        Fault::new(At::Unjoin, nth, Effect::Fails)
    }

    /// The n-th dialog does not start: `error.dialog.notstarted`.
    pub fn dialog(nth: usize) -> Self {
        Fault::new(At::DialogStart, nth, Effect::Fails)
    }

    /// The n-th dialog starts, and ends at once without having said a word.
    pub fn dialog_crash(nth: usize) -> Self {
        Fault::new(At::DialogStart, nth, Effect::Crashes)
    }

    /// Something happens to the n-th request of a `fetch`, counted without the first document and without dialogs.
    pub fn fetch(nth: usize, fault: FetchFault) -> Self {
        Fault::new(At::Fetch(Rc::new(|_| true)), nth, Effect::Fetch(fault))
    }

    /// The n-th of those requests that a predicate picks.
    pub fn fetch_where(
        nth: usize,
        picks: impl Fn(&HttpRequest) -> bool + 'static,
        fault: FetchFault,
    ) -> Self {
        Fault::new(At::Fetch(Rc::new(picks)), nth, Effect::Fetch(fault))
    }

    /// The n-th request with this field, as in `fetch_with(1, "event", "renew", FetchFault::NeverSent)`.
    pub fn fetch_with(nth: usize, field: &'static str, value: &'static str, fault: FetchFault) -> Self {
        Fault::fetch_where(nth, move |request| request.field(field).as_deref() == Some(value), fault)
    }

    /// When the n-th event is taken from the queue, before it is handled.
    pub fn at_event(nth: usize, disturbance: Disturbance) -> Self {
        Fault::at(nth, "*", disturbance)
    }

    /// When the n-th event has been handled, before anything that was started by it is done.
    pub fn after_event(nth: usize, disturbance: Disturbance) -> Self {
        Fault::after(nth, "*", disturbance)
    }

    /// Like [`Fault::at_event`], counting only events whose name fits a pattern.
    pub fn at(nth: usize, pattern: &str, disturbance: Disturbance) -> Self {
        Fault::new(At::Event(pattern.into()), nth, Effect::Disturb(disturbance))
    }

    /// Like [`Fault::after_event`], counting only events whose name fits a pattern.
    pub fn after(nth: usize, pattern: &str, disturbance: Disturbance) -> Self {
        Fault::new(At::Handled(pattern.into()), nth, Effect::Disturb(disturbance))
    }

    /// When the n-th element of a name has been executed, before the rest of its transition is.
    pub fn after_element(nth: usize, name: &str, disturbance: Disturbance) -> Self {
        Fault::new(At::Element(name.into()), nth, Effect::Disturb(disturbance))
    }

    /// Counts an occurrence of a step; gives the effect if it is this one's turn.
    pub(crate) fn effect_at(&mut self, step: &Step) -> Option<Effect> {
        let concerned = match (&self.at, step) {
            (At::Accept, Step::Accept)
            | (At::CreateConference, Step::CreateConference)
            | (At::Join, Step::Join { .. })
            | (At::JoinWithExtras, Step::Join { extras: true })
            | (At::Unjoin, Step::Unjoin)
            | (At::DialogStart, Step::DialogStart) => true,
            (At::Fetch(picks), Step::Fetch(request)) => picks(request),
            (At::Event(pattern), Step::Event(name)) => fits(pattern, name),
            (At::Handled(pattern), Step::Handled(name)) => fits(pattern, name),
            (At::Element(wanted), Step::Element(name)) => wanted == name,
            _ => false,
        };
        if !concerned {
            return None;
        }
        self.seen += 1;
        let due = self.seen >= self.nth && self.seen - self.nth < self.times;
        due.then(|| self.effect.clone())
    }
}

/// A step of a session that is about to be taken.
pub(crate) enum Step<'a> {
    Accept,
    CreateConference,
    Join { extras: bool },
    Unjoin,
    DialogStart,
    Fetch(&'a HttpRequest),
    Event(&'a str),
    Handled(&'a str),
    Element(&'a str),
}
