//! Sessions and calls: what the platform keeps of each.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use crate::caller::{CallRecord, Caller};
use crate::clock::WorkId;
use crate::event::{Event, Value};
use crate::ids::{CallId, SessionId};
use crate::markup::Document;
use crate::media::Input;
use crate::script::Chain;

/// The scopes of CCXML, outermost first.
pub(crate) const SCOPES: &[&str] = &["session", "application", "ccxml", "transition"];

/// A session: a document, a queue of events, and what it has under way.
pub(crate) struct Session {
    pub(crate) id: String,
    /// The call that it was made for.
    pub(crate) caller: Option<CallId>,
    /// The session that started it.
    pub(crate) parent: Option<SessionId>,
    /// What it was started with.
    pub(crate) values: Vec<(String, String)>,
    /// What it tells the session that started it when it ends.
    pub(crate) result: Vec<(String, Value)>,
    pub(crate) chain: Chain,
    pub(crate) document: Option<Rc<Document>>,
    pub(crate) queue: VecDeque<Event>,
    pub(crate) alive: bool,
    /// How many events it has handled.
    pub(crate) events: usize,
    pub(crate) fetches: BTreeMap<String, Fetched>,
    pub(crate) sends: BTreeMap<String, WorkId>,
    /// Patterns of events, each of which changes how one event is told.
    pub(crate) told_otherwise: Vec<(String, Telling)>,
    pub(crate) view: View,
}

impl Session {
    pub(crate) fn new(id: String, caller: Option<CallId>, chain: Chain) -> Self {
        Session {
            id,
            caller,
            parent: None,
            values: Vec::new(),
            result: Vec::new(),
            chain,
            document: None,
            queue: VecDeque::new(),
            alive: true,
            events: 0,
            fetches: BTreeMap::new(),
            sends: BTreeMap::new(),
            told_otherwise: Vec::new(),
            view: View::default(),
        }
    }
}

/// How a session is told of an event.
#[derive(Clone, Copy)]
pub(crate) enum Telling {
    Never,
    /// Again after this time.
    Twice(Duration),
    /// Only after this time.
    Late(Duration),
}

/// A fetch of a session, by its fetchid.
pub(crate) enum Fetched {
    UnderWay,
    Document(Rc<Document>),
    Script(String),
    /// Taken for a script, but none.
    Garbled,
    Other,
}

/// What the documents see of the session's objects: the state as of the event being handled, not as of now.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct View {
    pub(crate) legs: BTreeMap<String, Leg>,
    /// Identifiers and names.
    pub(crate) conferences: BTreeMap<String, String>,
    /// Identifiers, and the connections that they speak to.
    pub(crate) dialogs: BTreeMap<String, String>,
}

/// A connection as its session sees it.
#[derive(Clone, PartialEq)]
pub(crate) struct Leg {
    pub(crate) state: &'static str,
    /// What it hears, empty for nothing.
    pub(crate) input: String,
}

impl Call {
    pub(crate) fn new(caller: Caller, session: SessionId, session_id: &str, connection: String) -> Self {
        Call {
            name: caller.number.as_str().into(),
            record: CallRecord::new(&caller.number, session_id),
            caller,
            connection,
            session,
            outgoing: false,
            disconnecting: false,
            pressing: Duration::ZERO,
            signals: 0,
            listening: Vec::new(),
        }
    }
}

/// A call: a person, a connection, and the session that it belongs to.
pub(crate) struct Call {
    /// What the trace calls it.
    pub(crate) name: Rc<str>,
    pub(crate) caller: Caller,
    pub(crate) record: CallRecord,
    pub(crate) connection: String,
    pub(crate) session: SessionId,
    /// The session has called; otherwise the caller has rung.
    pub(crate) outgoing: bool,
    /// `<disconnect>` has been asked for.
    pub(crate) disconnecting: bool,
    /// Until when the caller is busy with keys.
    pub(crate) pressing: Duration,
    /// How many signals there were that are no keys.
    pub(crate) signals: usize,
    /// What is being said to the caller: where it comes from, and which one it is in the record.
    pub(crate) listening: Vec<(Input, usize)>,
}
