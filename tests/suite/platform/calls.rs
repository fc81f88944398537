//! Calls and conferences: how legs are answered, joined, released, and who is told of it.

use super::Platform;
use super::caller::{CallId, Ended};
use super::clock::millis;
use super::event::{Event, Value};
use super::faults::{Effect, Happening};
use super::media::{CallState, Connection, Input};
use super::session::Work;
use super::variations::{Abandoned, Aftermath};

impl Platform {
    /// A caller rings: from here on there is a connection, and a session that asks for its first document.
    pub(super) fn ring(&mut self, call: CallId) {
        if self.records[call.0].ended != Ended::NotYet {
            return self.end_session(call);
        }
        self.note(call, "rings");
        let connection = self.sessions[call.0].connection.clone();
        let leg = Connection { call, state: CallState::Alerting, input: Input::Nothing };
        self.media.connections.insert(connection, leg);
        self.request_first_document(call);
    }

    /// The first document is there: the session begins.
    pub(super) fn alert(&mut self, call: CallId) {
        let alerting = self.connection_event(call, "connection.alerting");
        let loaded = self.loaded(call);
        // A caller who has given up in the meantime is reported after the ringing.
        let queue = &mut self.sessions[call.0].queue;
        queue.push_front(alerting);
        queue.push_front(loaded);
    }

    pub(super) fn connection_event(&self, call: CallId, name: &str) -> Event {
        Event::new(name)
            .with("connectionid", &self.sessions[call.0].connection)
            .with("protocol", "sip")
            .with("info", Value::Undefined)
            .with("connection", self.connection_object(call))
    }

    pub(super) fn start_accept(&mut self, call: CallId) {
        let fails =
            self.faults(call, &Happening::Accept).iter().any(|effect| matches!(effect, Effect::Fails));
        if fails {
            let failed = self
                .connection_event(call, "connection.accept.failed")
                .with("reason", "refused by the network");
            return self.later(call, 60, failed);
        }
        self.agenda.after(millis(100), Work::Accepted(call));
    }

    pub(super) fn accepted(&mut self, call: CallId) {
        let connection = self.sessions[call.0].connection.clone();
        if self.media.state(&connection) != CallState::Alerting {
            return;
        }
        if let Some(leg) = self.media.connections.get_mut(&connection) {
            leg.state = CallState::Connected;
        }
        let connected = self.connection_event(call, "connection.connected");
        self.post(call, connected);
    }

    pub(super) fn reject(&mut self, call: CallId) {
        let rejected = self.connection_event(call, "connection.rejected").with("reason", "rejected");
        self.release(call, rejected, Ended::NeverAnswered);
    }

    /// Lets a caller hang up now, or give up if it is still ringing.
    pub fn hang_up(&mut self, call: CallId) {
        let (name, ended) =
            match self.media.connections.get(&self.sessions[call.0].connection).map(|leg| leg.state) {
                Some(CallState::Alerting) if self.variations.abandoned == Abandoned::Failed => {
                    ("connection.failed", Ended::CallerHungUp)
                }
                Some(CallState::Alerting | CallState::Connected) => {
                    ("connection.disconnected", Ended::CallerHungUp)
                }
                Some(CallState::Gone) => return,
                // Not even ringing yet: the call never comes.
                None => return self.records[call.0].end(Ended::CallerHungUp, self.agenda.now()),
            };
        self.note(call, "hangs up");
        let event = self.connection_event(call, name).with("reason", "hang-up").with("trigger", "remote");
        self.release(call, event, ended);
    }

    pub(super) fn give_up(&mut self, call: CallId) {
        if self.media.state(&self.sessions[call.0].connection) == CallState::Alerting {
            self.hang_up(call);
        }
    }

    /// The call is released as the session has asked for.
    pub(super) fn disconnect(&mut self, call: CallId) {
        if self.media.state(&self.sessions[call.0].connection) == CallState::Connected {
            let event = self.connection_event(call, "connection.disconnected").with("reason", "released");
            let last_words = self.records[call.0].said.clone();
            self.release(call, event.with("trigger", "local"), Ended::Disconnected { last_words });
        }
    }

    /// Takes a connection down, with its bridges and its dialog, and tells whoever has to know, in the order of the
    /// variation.
    pub(super) fn release(&mut self, call: CallId, event: Event, ended: Ended) {
        let connection = self.sessions[call.0].connection.clone();
        self.records[call.0].end(ended, self.agenda.now());
        if let Some(leg) = self.media.connections.get_mut(&connection) {
            leg.state = CallState::Gone;
        }
        let mut unjoined = Vec::new();
        for conference in self.media.memberships(&connection) {
            self.media.unjoin(&connection, &conference);
            let event = Event::new("conference.unjoined").with("id1", &connection).with("id2", &conference);
            unjoined.extend(
                self.audience(call, &conference).into_iter().map(|listener| (listener, event.clone())),
            );
        }
        let exits = self.hang_up_dialogs(call);
        let mut delay = std::time::Duration::ZERO;
        for kind in self.variations.hangup_order {
            let events = match kind {
                Aftermath::Disconnected => vec![(call, event.clone())],
                Aftermath::Unjoined => unjoined.clone(),
                Aftermath::DialogExit => exits.clone(),
            };
            if events.is_empty() {
                continue;
            }
            for (listener, event) in events {
                if delay.is_zero() {
                    self.post(listener, event);
                } else {
                    self.agenda.after(delay, Work::Deliver(listener, event));
                }
            }
            delay += self.variations.hangup_gap;
        }
    }

    /// Keeps account of callers who hear nothing although they are connected.
    pub(super) fn account_for_silence(&mut self) {
        let now = self.agenda.now();
        for leg in self.media.connections.values() {
            let silent = leg.state == CallState::Connected && leg.input == Input::Nothing;
            self.records[leg.call.0].silence(silent, now);
        }
    }
}
