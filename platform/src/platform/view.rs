//! What can be seen of a platform from outside.

use std::rc::Rc;
use std::time::Duration;

use super::{Platform, Session};
use crate::caller::CallRecord;
use crate::ids::{CallId, SessionId};
use crate::media::CallState;
use crate::trace::{TraceEntry, Violation};
use crate::web::Exchange;

impl Platform {
    /// The virtual time, from zero.
    pub fn now(&self) -> Duration {
        self.agenda.now()
    }

    /// Whether one caller hears another at this moment.
    pub fn hears(&self, listener: CallId, speaker: CallId) -> bool {
        self.heard_by(listener).contains(&speaker)
    }

    /// The callers that a caller hears at this moment.
    pub fn heard_by(&self, listener: CallId) -> Vec<CallId> {
        self.media.heard_by(&self.calls[listener].connection).into_iter().collect()
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
        let of_it = self.tones.iter().filter(|(conference, _)| conference == name);
        of_it.map(|(_, enter)| if *enter { "enter" } else { "exit" }).collect()
    }

    /// How many sessions have begun and not ended yet.
    pub fn live_sessions(&self) -> usize {
        self.sessions.iter().filter(|(_, session)| self.lives(session)).count()
    }

    /// Whether a session has begun and not ended yet.
    pub(crate) fn lives(&self, session: &Session) -> bool {
        let has_rung = |call: CallId| self.media.connections.contains_key(&self.calls[call].connection);
        session.alive && session.caller.is_none_or(has_rung)
    }

    /// How many dialogs have been started and have not ended.
    pub fn open_dialogs(&self) -> usize {
        self.dialogs.values().filter(|dialog| !dialog.is_over()).count()
    }

    /// Whether the call is up.
    pub fn is_up(&self, call: CallId) -> bool {
        self.media.state(&self.calls[call].connection) == CallState::Connected
    }

    /// Whether the session that serves the call has ended.
    pub fn is_over(&self, call: CallId) -> bool {
        !self.sessions[self.calls[call].session].alive
    }

    /// Whether a session has ended.
    pub fn has_ended(&self, session: SessionId) -> bool {
        !self.sessions[session].alive
    }

    /// The latest call of that number, of whoever has rung from it or been called at it.
    pub fn call_of(&self, number: &str) -> Option<CallId> {
        let calls = self.calls.iter().filter(|(_, call)| call.record.number == number);
        calls.last().map(|(id, _)| id)
    }

    /// What has become of a call so far.
    pub fn record(&self, call: CallId) -> &CallRecord {
        &self.calls[call].record
    }

    /// All that a caller has heard, in order.
    pub fn heard(&self, call: CallId) -> Vec<&str> {
        self.record(call).texts()
    }

    /// The value of the state variable of the call's session, empty when it has none.
    pub fn state(&self, call: CallId) -> String {
        self.state_of(self.calls[call].session)
    }

    /// All requests so far, with their responses.
    pub fn exchanges(&self) -> &[Rc<Exchange>] {
        &self.exchanges
    }

    /// The rules that documents have broken, each once.
    pub fn violations(&self) -> &[Violation] {
        &self.trace.violations
    }

    /// What has happened, in order.
    pub fn trace(&self) -> &[TraceEntry] {
        &self.trace.entries
    }

    /// What has happened as text, line by line.
    pub fn trace_lines(&self) -> Vec<String> {
        self.trace.entries.iter().map(ToString::to_string).collect()
    }

    /// Trace and violations as one text, for the message of a failed test.
    pub fn report(&self) -> String {
        self.trace.report()
    }

    /// For tests: fails if any rule was broken.
    ///
    /// # Panics
    ///
    /// With the trace, if there are [violations](Platform::violations).
    #[track_caller]
    pub fn assert_clean(&self) {
        assert!(self.trace.violations.is_empty(), "{}", self.report());
    }
}
