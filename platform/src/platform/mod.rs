//! The platform as a whole: what there is on it, and how it is set up, run and looked at.
//!
//! What happens on it is in [`crate::ccxml`]; here are the things that it happens to.

mod dialog;
mod session;
mod setup;
mod view;
mod work;

pub(crate) use dialog::{Dialog, Stage, Then};
pub(crate) use session::{Call, Fetched, Leg, SCOPES, Session, Telling};
pub(crate) use work::{Answered, Direction, Join, KEY, Message, Purpose, Request, Work, presses};

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use crate::arena::Arena;
use crate::caller::Caller;
use crate::clock::Agenda;
use crate::faults::Fault;
use crate::ids::{CallId, SessionId};
use crate::media::Media;
use crate::script::Engine;
use crate::trace::{Rule, Trace, Violation, What, Whom};
use crate::variations::Variations;
use crate::vxml::Recordings;
use crate::web::{Exchange, HttpResponse, Web};
use std::rc::Rc;

/// A voice platform with its switch, its conferences, and its way to the web.
///
/// An id that one platform has given out means nothing on another: there it panics, or names something else.
pub struct Platform {
    pub(crate) web: Box<dyn Web>,
    pub(crate) variations: Variations,
    pub(crate) engine: Rc<Engine>,
    pub(crate) agenda: Agenda<Work>,
    pub(crate) trace: Trace,
    pub(crate) media: Media,
    pub(crate) sessions: Arena<SessionId, Session>,
    pub(crate) calls: Arena<CallId, Call>,
    pub(crate) dialogs: BTreeMap<String, Dialog>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) exchanges: Vec<Rc<Exchange>>,
    pub(crate) cache: HashMap<String, (Duration, HttpResponse)>,
    pub(crate) recordings: Recordings,
    /// How long recordings take of which that is known.
    pub(crate) lengths: BTreeMap<String, Duration>,
    pub(crate) address: String,
    /// Where HTTP requests bring events for sessions.
    pub(crate) basichttp_address: String,
    /// Who can be called and has not been.
    pub(crate) callees: Vec<Caller>,
    /// How long a word takes; without it everything that is said takes the same time.
    pub(crate) word: Option<Duration>,
    /// The tones so far: the conference's name, and whether somebody came.
    pub(crate) tones: Vec<(String, bool)>,
    /// Whom every caller hears, as the trace has it.
    pub(crate) hearing: BTreeMap<CallId, BTreeSet<CallId>>,
    numbered: usize,
}

/// Whom an entry of the trace is about.
#[derive(Clone, Copy)]
pub(crate) enum About {
    Call(CallId),
    Session(SessionId),
    Platform,
}

impl From<CallId> for About {
    fn from(call: CallId) -> Self {
        About::Call(call)
    }
}

impl From<SessionId> for About {
    fn from(session: SessionId) -> Self {
        About::Session(session)
    }
}

impl Platform {
    /// A new identifier, hostile to documents that do not escape it if that is the variation.
    pub(crate) fn new_id(&mut self, kind: &str) -> String {
        let id = self.numbered(kind, r#" "'&<>;\ %41+#?</var>"#);
        self.media.known.insert(id.clone());
        id
    }

    /// A session's identifier travels in requests: visible characters only.
    pub(crate) fn new_session_id(&mut self) -> String {
        self.numbered("session", r#"'"&<>;\%41+#?=</var>"#)
    }

    pub(crate) fn new_fetch_id(&mut self) -> String {
        self.numbered("fetch", r#" "'&<>;\ "#)
    }

    pub(crate) fn new_send_id(&mut self) -> String {
        self.numbered("send", "")
    }

    fn numbered(&mut self, kind: &str, hostile: &str) -> String {
        self.numbered += 1;
        format!("{kind}-{}{}", self.numbered, if self.variations.hostile_ids { hostile } else { "" })
    }

    /// Adds to the trace.
    pub(crate) fn note(&mut self, about: impl Into<About>, what: impl Into<What>) {
        let whom = self.whom(about.into());
        self.trace.add(self.agenda.now(), whom, what.into());
    }

    pub(crate) fn violation(&mut self, about: impl Into<About>, rule: Rule, text: impl Into<String>) {
        self.note(about, Violation::new(rule, text));
    }

    fn whom(&self, about: About) -> Whom {
        let call = match about {
            About::Call(call) => Some(call),
            About::Session(session) => self.sessions[session].caller,
            About::Platform => None,
        };
        let name = match (call, about) {
            (Some(call), _) => Rc::clone(&self.calls[call].name),
            (None, About::Session(session)) => self.sessions[session].id.as_str().into(),
            (None, _) => "platform".into(),
        };
        Whom { call, name }
    }

    /// The session that a connection belongs to.
    pub(crate) fn owner(&self, connection: &str) -> Option<SessionId> {
        self.media.connections.get(connection).map(|leg| self.calls[leg.call].session)
    }

    /// The address of the caller's own end of a call.
    pub(crate) fn remote(&self, call: CallId) -> String {
        address(&self.calls[call].caller.number)
    }

    /// The address that was called.
    pub(crate) fn local(&self, call: CallId) -> String {
        address(&self.calls[call].caller.called)
    }

    /// The value of the document's state variable.
    pub(crate) fn state_of(&self, session: SessionId) -> String {
        let session = &self.sessions[session];
        let processor = session.document.as_ref().and_then(|document| document.root.child("eventprocessor"));
        match processor.and_then(|processor| processor.attribute("statevariable")) {
            Some(variable) if session.alive => self
                .engine
                .read(session.chain, &format!("ccxml.{variable}"))
                .map_or(String::new(), |value| value.to_text()),
            _ => String::new(),
        }
    }
}

/// A telephone number as an address, unless it is one already.
pub(crate) fn address(number: &str) -> String {
    if number.contains(':') { number.into() } else { format!("tel:{number}") }
}

impl Drop for Platform {
    /// The engine outlives the platform; its scopes need not.
    fn drop(&mut self) {
        for (_, session) in self.sessions.iter().filter(|(_, session)| session.alive) {
            self.engine.close(session.chain);
        }
        for dialog in self.dialogs.values() {
            if let Stage::Running(form) = &dialog.stage {
                self.engine.close(form.chain);
            }
        }
    }
}
