//! Connections: how calls come, are answered, and go.

use crate::caller::Ended;
use crate::clock::millis;
use crate::event::{Event, Value};
use crate::faults::{Effect, Step};
use crate::ids::CallId;
use crate::media::{CallState, Connection, Input};
use crate::platform::{Leg, Platform, Work};
use crate::trace::What;
use crate::variations::Abandoned;

impl Platform {
    /// A caller rings: from here on there is a connection, and a session that asks for its first document.
    pub(crate) fn ring(&mut self, call: CallId) {
        let session = self.calls[call].session;
        if self.calls[call].record.ended != Ended::NotYet {
            return self.end_session(session);
        }
        self.note(call, What::Rings);
        let connection = self.calls[call].connection.clone();
        let leg = Leg { state: "ALERTING", input: String::new() };
        self.sessions[session].view.legs.insert(connection.clone(), leg);
        let leg = Connection { call, state: CallState::Alerting, input: Input::Nothing };
        self.media.connections.insert(connection, leg);
        self.request_first_document(session);
    }

    /// The first document is there: the session begins with the call that it was made for.
    pub(crate) fn alert(&mut self, call: CallId) {
        let session = self.calls[call].session;
        let alerting = self.connection_event(call, "connection.alerting");
        let loaded = self.loaded(session);
        // A caller who has given up in the meantime is reported after the ringing.
        let queue = &mut self.sessions[session].queue;
        queue.push_front(alerting);
        queue.push_front(loaded);
    }

    pub(crate) fn connection_event(&self, call: CallId, name: &str) -> Event {
        let connection = &self.calls[call].connection;
        Event::new(name)
            .with("connectionid", connection)
            .with("protocol", "sip")
            .with("info", Value::Undefined)
            .with("connection", self.connection_object(connection))
    }

    pub(crate) fn start_accept(&mut self, call: CallId) {
        let session = self.calls[call].session;
        let effects = self.faults(session, &Step::Accept);
        if effects.iter().any(|effect| matches!(effect, Effect::Fails)) {
            let failed = self
                .connection_event(call, "connection.accept.failed")
                .with("reason", "refused by the network");
            return self.later(session, 60, failed);
        }
        self.agenda.after(millis(100), Work::Accepted(call));
    }

    pub(crate) fn accepted(&mut self, call: CallId) {
        let connection = self.calls[call].connection.clone();
        if self.media.state(&connection) != CallState::Alerting {
            return;
        }
        self.media.set_state(&connection, CallState::Connected);
        self.note(call, What::Answered);
        let connected = self.connection_event(call, "connection.connected");
        self.post(self.calls[call].session, connected);
        self.signal_something(call);
    }

    pub(crate) fn reject(&mut self, call: CallId) {
        let rejected = self.connection_event(call, "connection.rejected").with("reason", "rejected");
        self.release(call, rejected, Ended::NeverAnswered);
    }

    /// Lets a caller hang up now, or give up if it is still ringing.
    pub fn hang_up(&mut self, call: CallId) {
        let name = match self.media.connections.get(&self.calls[call].connection).map(|leg| leg.state) {
            Some(CallState::Alerting) if self.variations.abandoned == Abandoned::Failed => {
                "connection.failed"
            }
            Some(CallState::Alerting | CallState::Connected) => "connection.disconnected",
            Some(CallState::Gone) => return,
            // Not even ringing yet: the call never comes.
            None => return self.over(call, Ended::CallerHungUp),
        };
        self.note(call, What::HangsUp);
        let event = self.connection_event(call, name).with("reason", "hang-up").with("trigger", "remote");
        self.release(call, event, Ended::CallerHungUp);
        self.observe_media();
    }

    pub(crate) fn give_up(&mut self, call: CallId) {
        if self.media.state(&self.calls[call].connection) == CallState::Alerting {
            self.hang_up(call);
        }
    }

    /// The call is released as the session has asked for.
    pub(crate) fn disconnect(&mut self, call: CallId) {
        if self.media.state(&self.calls[call].connection) == CallState::Connected {
            let event = self.connection_event(call, "connection.disconnected").with("reason", "released");
            let last_words = self.calls[call].record.said.clone();
            self.release(call, event.with("trigger", "local"), Ended::Disconnected { last_words });
        }
    }
}
