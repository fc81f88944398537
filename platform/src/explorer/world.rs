//! A state of the call: the session, and everything around it that may still happen.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use super::page::Fetched;
use super::record::{Millis, Record};
use super::session::Session;
use super::telling::Telling;
use crate::event::Event;
use crate::web::HttpRequest;

/// The only connection.
pub(super) const LEG: &str = "@leg@";

/// Where the call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Call {
    Alerting,
    Connected,
    Gone,
}

/// Where something comes from: what one source tells comes in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Source {
    /// The session, at once.
    Own,
    /// The session, after a delay.
    Timer,
    Connection,
    /// How dialogs start and end.
    Dialog,
    /// What is answered to elements about dialogs, which may run in a process of their own.
    DialogElement,
    Bridge,
    Web,
    /// Operators, other applications.
    Outside,
}

/// Something that is going to happen.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// When it happens.
    pub(super) due: Millis,
    /// It may as well happen at any moment before.
    pub(super) early: bool,
    pub(super) source: Source,
    pub(super) what: What,
}

#[derive(Clone, Debug, Hash)]
pub(super) enum What {
    /// The session is told of an event.
    Told(Rc<Telling>),
    /// The same for one that answers a step, which may have failed instead.
    Answered(Rc<Telling>, Step),
    /// The same for one of a counter's events to oneself.
    Numbered {
        counter: usize,
        number: i64,
    },
    /// A dialog ends of itself.
    Ends(String),
    Terminates(String),
    /// A request reaches the application, and its reply the session.
    Arrives {
        fetchid: String,
        request: Rc<Sent>,
    },
    /// Another session is told of an event, if it is there.
    SentAway,
}

/// A request that is under way.
#[derive(Debug)]
pub(super) struct Sent(pub(super) Rc<HttpRequest>);

impl Hash for Sent {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.0.url, &self.0.form).hash(state);
    }
}

/// A step that may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// The first attachment makes the mixer.
    Create {
        first: bool,
    },
    /// One that asks for tones or clamps may be unsupported; one of those who are joined already changes nothing.
    Join {
        extras: bool,
        first: bool,
    },
    Unjoin,
    DialogStart,
}

/// A dialog on the call.
#[derive(Clone, Debug, Hash)]
pub(super) struct Running {
    pub(super) id: String,
    pub(super) source: Rc<str>,
}

/// A conference, and whether the session is attached to it.
#[derive(Clone, Debug, Hash)]
pub(super) struct Mixer {
    pub(super) id: String,
    pub(super) attached: bool,
}

#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) now: Millis,
    pub(super) alive: bool,
    pub(super) session: Rc<Session>,
    /// What is going to happen, the next first.
    pub(super) pending: Vec<Pending>,
    pub(super) call: Call,
    pub(super) dialog: Option<Running>,
    pub(super) mixer: Option<Mixer>,
    pub(super) joined: bool,
    pub(super) fetched: Vec<(String, Fetched)>,
    pub(super) record: Record,
    path: Option<Rc<Happened>>,
}

#[derive(Debug)]
struct Happened {
    at: Millis,
    what: String,
    before: Option<Rc<Happened>>,
}

impl Drop for Happened {
    /// A long way would take as many calls within one another to drop.
    fn drop(&mut self) {
        let mut before = self.before.take();
        while let Some(mut happened) = before.and_then(Rc::into_inner) {
            before = happened.before.take();
        }
    }
}

impl World {
    /// A call that comes.
    pub(super) fn new(session: Rc<Session>, outside: usize) -> Self {
        World {
            now: 0,
            alive: true,
            session,
            pending: Vec::new(),
            call: Call::Alerting,
            dialog: None,
            mixer: None,
            joined: false,
            fetched: Vec::new(),
            record: Record::new(outside),
            path: None,
        }
    }

    fn add(&mut self, after: Millis, early: bool, source: Source, what: What) {
        let due = self.now + after;
        let at = self.pending.partition_point(|one| (one.due, one.source) <= (due, source));
        self.pending.insert(at, Pending { due, early, source, what });
    }

    /// Something happens when so much time has passed.
    pub(super) fn later(&mut self, after: Millis, source: Source, what: What) {
        self.add(after, false, source, what);
    }

    /// Something happens at any moment until so much time has passed.
    pub(super) fn within(&mut self, at_most: Millis, source: Source, what: What) {
        self.add(at_most, true, source, what);
    }

    /// The session is told of an event next.
    pub(super) fn tell(&mut self, source: Source, event: Event) {
        self.later(0, source, What::Told(Telling::new(event)));
    }

    /// The session is told next that a step is done, if it is.
    pub(super) fn answer(&mut self, source: Source, step: Step, event: Event) {
        self.later(0, source, What::Answered(Telling::new(event), step));
    }

    /// Adds to the way that has led here.
    pub(super) fn happened(&mut self, what: String) {
        self.path = Some(Rc::new(Happened { at: self.now, what, before: self.path.take() }));
    }

    /// The way that has led here.
    pub(super) fn path(&self) -> Vec<String> {
        let mut steps = Vec::new();
        let mut step = self.path.as_ref();
        while let Some(happened) = step {
            steps.push(format!("{:>4} s  {}", happened.at / 1000, happened.what));
            step = happened.before.as_ref();
        }
        steps.reverse();
        steps
    }

    /// All identifiers that anything may still speak of.
    pub(super) fn used(&self) -> Vec<&str> {
        let mut used: Vec<&str> = self.session.ids.iter().map(String::as_str).collect();
        for pending in &self.pending {
            match &pending.what {
                What::Told(telling) | What::Answered(telling, _) => {
                    used.extend(telling.ids.iter().map(String::as_str));
                }
                What::Ends(id) | What::Terminates(id) | What::Arrives { fetchid: id, .. } => used.push(id),
                What::Numbered { .. } | What::SentAway => {}
            }
        }
        used.extend(self.dialog.iter().map(|dialog| dialog.id.as_str()));
        used.extend(self.mixer.iter().map(|mixer| mixer.id.as_str()));
        used.sort_unstable();
        used.dedup();
        used
    }

    /// Fetches that nothing speaks of any more make no difference.
    pub(super) fn forget_fetches(&mut self) {
        if self.fetched.is_empty() {
            return;
        }
        let mut fetched = std::mem::take(&mut self.fetched);
        let used = self.used();
        fetched.retain(|(id, _)| used.contains(&id.as_str()));
        self.fetched = fetched;
    }

    /// What the state comes to, whatever the clock says.
    pub(super) fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.session.number, self.call, self.joined).hash(&mut hasher);
        (&self.dialog, &self.mixer, &self.fetched).hash(&mut hasher);
        self.record.hash_at(self.now, &mut hasher);
        for Pending { due, early, source, what } in &self.pending {
            (due - self.now, early, source, what).hash(&mut hasher);
        }
        hasher.finish()
    }
}
