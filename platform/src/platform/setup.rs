//! How a platform is set up and run.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::time::Duration;

use super::{Call, Platform, Purpose, SCOPES, Session, Work, presses};
use crate::arena::Arena;
use crate::caller::Caller;
use crate::clock::Agenda;
use crate::faults::Fault;
use crate::ids::{CallId, SessionId};
use crate::media::Media;
use crate::script::Engine;
use crate::trace::Trace;
use crate::variations::Variations;
use crate::web::Web;

/// The address of the document that answers calls, unless told otherwise.
const FIRST_DOCUMENT: &str = "http://line.example/cgi-bin/ccxml-conference";

/// The address of basichttp, unless told otherwise.
const BASICHTTP: &str = "http://platform.example/ccxml/basichttp";

impl Platform {
    /// A platform that gets its documents from a server, and reads the standard in this way.
    pub fn new(web: impl Web + 'static, variations: Variations) -> Self {
        Platform {
            web: Box::new(web),
            variations,
            engine: Engine::shared(),
            agenda: Agenda::new(),
            trace: Trace::default(),
            media: Media::default(),
            sessions: Arena::new(),
            calls: Arena::new(),
            dialogs: BTreeMap::new(),
            faults: Vec::new(),
            exchanges: Vec::new(),
            cache: HashMap::new(),
            recordings: Rc::new(|_| false),
            lengths: BTreeMap::new(),
            address: FIRST_DOCUMENT.into(),
            basichttp_address: BASICHTTP.into(),
            callees: Vec::new(),
            word: None,
            tones: Vec::new(),
            hearing: BTreeMap::new(),
            numbered: 0,
        }
    }

    /// The address of the document that answers calls; `http://line.example/cgi-bin/ccxml-conference` unless told
    /// otherwise.
    pub fn at_address(mut self, url: &str) -> Self {
        self.address = url.into();
        self
    }

    /// The address of basichttp, where sessions are told that there is one;
    /// `http://platform.example/ccxml/basichttp` unless told otherwise. Whoever listens there hands what comes to
    /// [`Platform::basichttp`].
    pub fn at_basichttp(mut self, url: &str) -> Self {
        self.basichttp_address = url.into();
        self
    }

    /// Tells which recordings can be had; none, unless told otherwise.
    pub fn with_recordings(mut self, can_be_had: impl Fn(&str) -> bool + 'static) -> Self {
        self.recordings = Rc::new(can_be_had);
        self
    }

    /// A recording that can be had, besides the others, and how long it takes: music, for instance. What is said with
    /// such a recording takes that time, whatever the words are.
    pub fn with_recording(mut self, url: &str, length: Duration) -> Self {
        self.lengths.insert(url.into(), length);
        let (others, url) = (Rc::clone(&self.recordings), url.to_string());
        self.recordings = Rc::new(move |wanted| wanted == url || others(wanted));
        self
    }

    /// How long a spoken word takes. Unless told so, every prompt takes two seconds, whatever its words are.
    pub fn with_words_of(mut self, word: Duration) -> Self {
        self.word = Some(word);
        self
    }

    /// Something that goes wrong, counted over all sessions.
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Something that goes wrong from now on, counted over all sessions.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Lets a caller ring at a moment of the virtual clock; the past is taken as now.
    pub fn call(&mut self, caller: Caller, at: Duration) -> CallId {
        let (id, connection) = (self.new_session_id(), self.new_id("leg"));
        let call = self.calls.next_id();
        let session = Session::new(id.clone(), Some(call), self.engine.open(SCOPES));
        let session = self.sessions.push(session);
        self.plan_caller(call, &caller, at);
        self.agenda.at(at, Work::Ring(call));
        self.calls.push(Call::new(caller, session, &id, connection))
    }

    /// Plans what a caller does whatever happens, from the moment of ringing on.
    pub(crate) fn plan_caller(&mut self, call: CallId, caller: &Caller, at: Duration) {
        if let Some(moment) = caller.hang_up_at {
            self.agenda.at(moment, Work::HangUp(call));
        }
        if let Some(patience) = caller.patience {
            self.agenda.at(at + patience, Work::GiveUp(call));
        }
        for (time, keys) in &caller.presses {
            for (moment, key) in presses(at + *time, keys) {
                self.agenda.at(moment, Work::Press(call, key));
            }
        }
    }

    /// Somebody who can be called by a session, once, at the number that they would ring from.
    pub fn with_callee(mut self, callee: Caller) -> Self {
        self.callees.push(callee);
        self
    }

    /// Starts a session without a call, with the document at an address and the values that it finds in `session.values`.
    pub fn start_session(&mut self, url: &str, values: &[(&str, &str)]) -> SessionId {
        let values = values.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let session = self.new_session(None, values);
        self.plan(session, Purpose::First, url, false, &[]);
        session
    }

    pub(crate) fn new_session(
        &mut self,
        parent: Option<SessionId>,
        values: Vec<(String, String)>,
    ) -> SessionId {
        let id = self.new_session_id();
        let session = Session { parent, values, ..Session::new(id, None, self.engine.open(SCOPES)) };
        self.sessions.push(session)
    }

    /// When the next thing is due, if anything is.
    pub fn next_due(&self) -> Option<Duration> {
        self.agenda.next_due()
    }

    /// Lets everything happen that is due up to a moment.
    pub fn run_until(&mut self, moment: Duration) {
        self.pump();
        loop {
            let work = self.agenda.next_instant(moment);
            if work.is_empty() {
                break;
            }
            self.perform(work);
            self.pump();
            self.account_for_silence();
        }
        self.agenda.pass_until(moment);
        self.account_for_silence();
    }

    /// Lets everything happen that is due within a time from now.
    pub fn run_for(&mut self, time: Duration) {
        self.run_until(self.now() + time);
    }

    /// Runs until nothing is left to happen. A caller in a conference renews for ever, so there is a limit; false when
    /// it was reached.
    pub fn run_until_idle(&mut self, limit: Duration) -> bool {
        self.run_until(limit);
        self.agenda.is_empty()
    }
}
