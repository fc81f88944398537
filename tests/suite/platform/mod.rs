//! A call platform for tests: CCXML 1.0 and VoiceXML 2.1 interpreted strictly, with any number of callers.
//!
//! It plays callers against a web application and answers what matters on a conference line: who hears whom, what was
//! said, how each call ended. Time is virtual, everything is deterministic, and a rule that a document breaks is a
//! *violation*, collected with the address and line of the document.
//!
//! ```ignore
//! let web = CgiWeb::new(env!("CARGO_BIN_EXE_ccxml-conference")).env("CONFERENCE_DIR", folder.path());
//! let mut line = Platform::new(web, Variations::default());
//! let anna = line.call(Caller::new("+49301").keys("1234#"), secs(0));
//! let ben = line.call(Caller::new("+49302").keys("1234#"), secs(20));
//! line.run_until(secs(120));
//! assert!(line.hears(anna, ben));
//! line.hang_up(anna);
//! line.run_until(secs(130));
//! assert_eq!(line.record(anna).ended, Ended::CallerHungUp);
//! assert!(line.is_over(anna));
//! line.assert_clean();
//! ```
//!
//! # How a call runs
//!
//! | what happens | where to read on |
//! |---|---|
//! | a caller rings: a session is made, the line's first document is fetched | [`calls`], [`session`] |
//! | events wait in the session's queue, each is offered to the document's transitions | [`session`], [`view`] |
//! | the actions of a transition start things, which end in further events | [`actions`], [`attributes`] |
//! | legs are joined to conferences, who hears whom | [`conferences`], [`media`] |
//! | timers and messages | [`sending`], [`clock`] |
//! | variables and expressions, in their scopes | [`script`], `host.js` |
//! | documents and scripts are fetched, also by way of a real CGI program | [`fetching`], [`reading`], [`web`], [`cgi`] |
//! | a dialog is started and ends | [`dialog`], [`dialog_end`] |
//! | a dialog speaks and listens | [`form`], [`speech`], [`listening`], [`handlers`], [`grammar`] |
//! | what a document may contain | [`schema`], [`ccxml_rules`], [`vxml_rules`], [`lint`] |
//! | what differs from platform to platform, and what goes wrong | [`variations`], [`faults`], [`disturb`] |

mod actions;
mod attributes;
mod caller;
mod calls;
mod ccxml_rules;
mod cgi;
mod clock;
mod conferences;
mod dialog;
mod dialog_end;
mod disturb;
mod document;
mod event;
mod faults;
mod fetching;
mod form;
mod grammar;
mod handlers;
mod lint;
mod listening;
mod media;
mod reading;
mod schema;
mod script;
mod selftest;
mod sending;
mod session;
mod speech;
mod trace;
mod variations;
mod view;
mod vxml_rules;
mod web;

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::time::Duration;

pub use caller::{Ask, CallId, CallRecord, Caller, Ended, Entry, Heard};
pub use cgi::CgiWeb;
pub use clock::{millis, secs};
pub use event::{Event, Value};
pub use faults::{Disturbance, Fault, FetchFault};
pub use variations::{Abandoned, Aftermath, Gets, LateValues, Variations};
pub use web::{Exchange, HttpRequest, HttpResponse, Web};

use dialog::Dialog;
use media::{CallState, Media};
use session::{Session, Work};
use speech::Recordings;

/// The address of the line's first document, unless told otherwise.
const LINE: &str = "http://line.example/cgi-bin/ccxml-conference";

/// A telephone line with its switch, its conferences, and its way to the web.
pub struct Platform {
    web: Box<dyn Web>,
    variations: Variations,
    engine: Rc<script::Engine>,
    agenda: clock::Agenda<Work>,
    trace: trace::Trace,
    media: Media,
    sessions: Vec<Session>,
    callers: Vec<Caller>,
    records: Vec<CallRecord>,
    dialogs: BTreeMap<String, Dialog>,
    faults: Vec<Fault>,
    exchanges: Vec<Exchange>,
    cache: HashMap<String, (Duration, HttpResponse)>,
    recordings: Recordings,
    address: String,
    numbered: usize,
}

impl Platform {
    pub fn new(web: impl Web + 'static, variations: Variations) -> Self {
        Platform {
            web: Box::new(web),
            variations,
            engine: script::Engine::shared(),
            agenda: clock::Agenda::new(),
            trace: trace::Trace::default(),
            media: Media::default(),
            sessions: Vec::new(),
            callers: Vec::new(),
            records: Vec::new(),
            dialogs: BTreeMap::new(),
            faults: Vec::new(),
            exchanges: Vec::new(),
            cache: HashMap::new(),
            recordings: Rc::new(|_| false),
            address: LINE.into(),
            numbered: 0,
        }
    }

    /// The address of the document that answers calls.
    pub fn at_address(mut self, url: &str) -> Self {
        self.address = url.into();
        self
    }

    /// Tells which recordings can be had; none, unless told otherwise.
    pub fn with_recordings(mut self, can_be_had: impl Fn(&str) -> bool + 'static) -> Self {
        self.recordings = Rc::new(can_be_had);
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

    /// Lets a caller ring at a moment.
    pub fn call(&mut self, caller: Caller, at: Duration) -> CallId {
        let call = CallId(self.sessions.len());
        let (session, connection) = (self.new_session_id(), self.new_id("leg"));
        self.records.push(CallRecord::new(&caller.number, &session));
        self.sessions.push(Session::new(session, connection, self.engine.open(session::SCOPES)));
        if let Some(moment) = caller.hang_up_at {
            self.agenda.at(moment, Work::HangUp(call));
        }
        if let Some(patience) = caller.patience {
            self.agenda.at(at + patience, Work::GiveUp(call));
        }
        self.callers.push(caller);
        self.agenda.at(at, Work::Ring(call));
        call
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

    pub fn now(&self) -> Duration {
        self.agenda.now()
    }

    /// Whether one caller hears another at this moment.
    pub fn hears(&self, listener: CallId, speaker: CallId) -> bool {
        self.media.hears(&self.sessions[listener.0].connection, &self.sessions[speaker.0].connection)
    }

    /// Whether a conference of that name is there.
    pub fn conference_exists(&self, name: &str) -> bool {
        self.media.named(name).is_some()
    }

    /// How many sessions are attached to the conference of that name.
    pub fn attached(&self, name: &str) -> usize {
        self.media.named(name).map_or(0, |(_, conference)| conference.attached.len())
    }

    /// How many connections are joined to the conference of that name.
    pub fn joined(&self, name: &str) -> usize {
        self.media.named(name).map_or(0, |(_, conference)| conference.members.len())
    }

    /// The tones played into a conference so far: `enter` and `exit`, in order.
    pub fn tones(&self, name: &str) -> Vec<&'static str> {
        self.media.tones.iter().filter(|(conference, _)| conference == name).map(|(_, tone)| *tone).collect()
    }

    /// How many sessions have begun and not ended yet.
    pub fn live_sessions(&self) -> usize {
        let has_rung = |session: &&Session| self.media.connections.contains_key(&session.connection);
        self.sessions.iter().filter(|session| session.alive).filter(has_rung).count()
    }

    /// How many dialogs have been started and have not ended.
    pub fn open_dialogs(&self) -> usize {
        self.dialogs.values().filter(|dialog| !dialog.is_over()).count()
    }

    /// Whether the call is up.
    pub fn is_up(&self, call: CallId) -> bool {
        self.media.state(&self.sessions[call.0].connection) == CallState::Connected
    }

    /// Whether the session that served the call has ended.
    pub fn is_over(&self, call: CallId) -> bool {
        !self.sessions[call.0].alive
    }

    /// What has become of a call so far.
    pub fn record(&self, call: CallId) -> &CallRecord {
        &self.records[call.0]
    }

    /// All that a caller has heard, in order.
    pub fn heard(&self, call: CallId) -> Vec<&str> {
        self.records[call.0].texts()
    }

    /// The value of the state variable of the call's session, empty when it has none.
    pub fn state(&self, call: CallId) -> String {
        self.state_of(call)
    }

    /// All requests so far, with their responses.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// The rules that documents have broken, each once.
    pub fn violations(&self) -> &[String] {
        &self.trace.violations
    }

    /// What has happened, line by line.
    pub fn trace(&self) -> &[String] {
        &self.trace.lines
    }

    /// Trace and violations as one text, for the message of a failed test.
    pub fn report(&self) -> String {
        self.trace.report()
    }

    /// Fails with the trace if any rule was broken.
    #[track_caller]
    pub fn assert_clean(&self) {
        assert!(self.trace.violations.is_empty(), "{}", self.report());
    }

    /// A new identifier, hostile to documents that do not escape it if that is the variation.
    fn new_id(&mut self, kind: &str) -> String {
        self.numbered += 1;
        let nasty = if self.variations.hostile_ids { r#" "'&<>;\ %41+#?</var>"# } else { "" };
        let id = format!("{kind}-{}{nasty}", self.numbered);
        self.media.known.insert(id.clone());
        id
    }

    /// A session's identifier travels in requests: visible characters only.
    fn new_session_id(&mut self) -> String {
        self.numbered += 1;
        let nasty = if self.variations.hostile_ids { r#"'"&<>;\%41+#?=</var>"# } else { "" };
        format!("session-{}{nasty}", self.numbered)
    }

    fn note(&mut self, call: CallId, what: impl AsRef<str>) {
        self.trace.note(self.agenda.now(), &self.records[call.0].number, what);
    }

    fn violation(&mut self, call: CallId, what: impl Into<String>) {
        self.trace.violation(self.agenda.now(), &self.records[call.0].number, what);
    }
}

impl Drop for Platform {
    /// The engine outlives the platform; its scopes need not.
    fn drop(&mut self) {
        for session in self.sessions.iter().filter(|session| session.alive) {
            self.engine.close(session.chain);
        }
        for dialog in self.dialogs.values() {
            if let dialog::Stage::Running(form) = &dialog.stage {
                self.engine.close(form.chain);
            }
        }
    }
}
