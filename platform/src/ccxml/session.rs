//! A session's life: its document is loaded, its events are handled one after the other, it ends.

use std::rc::Rc;

use super::actions::Context;
use crate::caller::Ended;
use crate::event::{Event, Value, fits};
use crate::faults::{Disturbance, Effect, Step};
use crate::ids::SessionId;
use crate::markup::Document;
use crate::media::CallState;
use crate::platform::{Platform, Telling, Work};
use crate::trace::{Rule, What};

/// No call has so many events; a document that produces them runs in circles.
const TOO_MANY_EVENTS: usize = 10_000;

impl Platform {
    /// Puts an event into a session's queue.
    pub(crate) fn post(&mut self, session: SessionId, event: Event) {
        let first = self.variations.errors_first && event.is_error();
        let Some(receiver) = Some(&mut self.sessions[session]).filter(|session| session.alive) else {
            return;
        };
        let told_otherwise = &mut receiver.told_otherwise;
        if let Some(at) = told_otherwise.iter().position(|(pattern, _)| fits(pattern, &event.name)) {
            let (_, telling) = told_otherwise.swap_remove(at);
            let (how, again) = match telling {
                Telling::Never => ("never told of", None),
                Telling::Twice(after) => ("told twice of", Some(after)),
                Telling::Late(after) => ("told late of", Some(after)),
            };
            self.note(session, What::Fault(format!("{how} {event}")));
            if let Some(after) = again {
                self.agenda.after(after, Work::Deliver(session, event.clone()));
            }
            if !matches!(telling, Telling::Twice(_)) {
                return;
            }
        }
        let receiver = &mut self.sessions[session];
        if first {
            receiver.queue.push_front(event);
        } else {
            receiver.queue.push_back(event);
        }
    }

    /// Does everything that falls due at one instant. Requests of that instant are sent together.
    pub(crate) fn perform(&mut self, work: Vec<Work>) {
        let mut requests = Vec::new();
        for work in work {
            match work {
                Work::Request(request) => requests.push(*request),
                Work::Ring(call) => self.ring(call),
                Work::GiveUp(call) => self.give_up(call),
                Work::HangUp(call) => self.hang_up(call),
                Work::Accepted(call) => self.accepted(call),
                Work::PicksUp(call, joined) => self.picks_up(call, joined),
                Work::Fails(call, reason) => self.call_fails(call, reason),
                Work::Disconnect(call) => self.disconnect(call),
                Work::Deliver(session, event) => self.post(session, event),
                Work::Send(message) => self.send(*message),
                Work::Answer(answer) => self.answered(*answer),
                Work::Join(join) => self.join(*join),
                Work::Unjoin { session, id1, id2, fails } => self.unjoin(session, &id1, &id2, fails),
                Work::Press(call, key) => self.press(call, key),
                Work::DialogSpeaks(dialog) => self.speak(&dialog),
                Work::DialogHears(dialog, input) => self.dialog_hears(&dialog, input),
                Work::DialogTerminates { id, immediate } => self.dialog_terminates(&id, immediate),
            }
            self.observe_media();
        }
        self.send_requests(requests);
    }

    /// Lets the sessions handle what is in their queues, in turn.
    pub(crate) fn pump(&mut self) {
        let mut busy = true;
        while busy {
            busy = false;
            for session in self.sessions.ids() {
                if self.sessions[session].document.is_some() && self.sessions[session].alive {
                    busy |= self.handle_next(session);
                    self.observe_media();
                }
            }
        }
    }

    /// Takes the oldest event and offers it to the document; false when there is none.
    fn handle_next(&mut self, id: SessionId) -> bool {
        let session = &mut self.sessions[id];
        let Some(mut event) = session.queue.pop_front() else { return false };
        session.events += 1;
        let number = session.events;
        if let Some(call) = session.caller {
            let record = &mut self.calls[call].record;
            record.events = number;
            record.event_names.push(event.name.clone());
        }
        self.note(id, What::Event { number, state: self.state_of(id), event: event.clone() });
        if number > TOO_MANY_EVENTS {
            self.violation(id, Rule::Endless, "the session runs in circles");
            self.end_session(id);
            return true;
        }
        self.disturb_at(id, &Step::Event(&event.name));
        if !self.sessions[id].alive {
            return true;
        }
        self.complete(id, &mut event);
        self.update_view(id, &event);
        self.offer(id, &event);
        if self.sessions[id].alive {
            self.disturb_at(id, &Step::Handled(&event.name));
        }
        true
    }

    /// Makes a document the session's own and initialises it; false when that failed, which ends the session.
    pub(crate) fn load(&mut self, id: SessionId, document: Rc<Document>) -> bool {
        let chain = self.sessions[id].chain;
        self.engine.renew(chain, "ccxml");
        self.engine.renew(chain, "transition");
        self.engine.put(chain, "session", "id", Value::from(&self.sessions[id].id));
        self.engine.put(chain, "session", "uri", Value::from(&document.url));
        let parent = self.sessions[id].parent.map(|parent| Value::from(&self.sessions[parent].id));
        let values = self.sessions[id].values.iter().map(|(name, value)| (name.clone(), value.into()));
        let values = Value::Object(values.collect());
        let mode = match (self.sessions[id].caller, &parent) {
            (Some(_), _) => "newcall",
            (None, Some(_)) => "createccxml",
            (None, None) => "external",
        };
        self.engine.put(chain, "session", "parentid", parent.unwrap_or(Value::Undefined));
        self.engine.put(chain, "session", "startupmode", mode.into());
        self.engine.put(chain, "session", "values", values);
        if let Some(processors) = self.io_processors() {
            self.engine.put(chain, "session", "ioprocessors", processors);
        }
        self.sessions[id].document = Some(Rc::clone(&document));
        self.show_view(id);
        let context = Context::new(id, Rc::clone(&document), "");
        for element in document.root.elements() {
            let done = match element.name.as_str() {
                "var" => self.declare(&context, element, "ccxml"),
                "assign" => self.assign(&context, element),
                "script" => self.script(&context, element),
                _ => Ok(()),
            };
            if done.is_err() {
                self.note(id, "the document cannot be initialised");
                self.end_session(id);
                return false;
            }
        }
        true
    }

    pub(crate) fn loaded(&self, session: SessionId) -> Event {
        let parent = self.sessions[session].parent;
        let parent = parent.map_or(Value::Undefined, |parent| Value::from(&self.sessions[parent].id));
        Event::new("ccxml.loaded").with("sessionid", &self.sessions[session].id).with("parent", parent)
    }

    /// Ends a session: its calls are cut off, its dialogs and timers are gone, its conferences are left.
    pub(crate) fn end_session(&mut self, id: SessionId) {
        if !self.sessions[id].alive {
            return;
        }
        self.note(id, What::SessionEnds);
        self.sessions[id].alive = false;
        self.sessions[id].queue.clear();
        self.tell_parent(id);
        let calls: Vec<_> =
            self.calls.iter().filter(|(_, call)| call.session == id).map(|(call, _)| call).collect();
        for call in calls {
            let leg = &self.calls[call];
            let ended = match self.media.state(&leg.connection) {
                CallState::Gone => continue,
                CallState::Alerting => Ended::NeverAnswered,
                CallState::Connected if leg.disconnecting => {
                    Ended::Disconnected { last_words: leg.record.said.clone() }
                }
                CallState::Connected => Ended::BareHangUp,
            };
            self.release(call, Event::new("connection.disconnected"), ended);
        }
        let of_session = self.dialogs.iter().filter(|(_, dialog)| dialog.session == id);
        let dialogs: Vec<String> = of_session.map(|(dialog, _)| dialog.clone()).collect();
        for dialog in dialogs {
            self.dialog_ends(&dialog, None);
        }
        for (_, work) in std::mem::take(&mut self.sessions[id].sends) {
            self.agenda.cancel(work);
        }
        for conference in self.attachments(id) {
            self.detach(id, &conference);
        }
        self.engine.close(self.sessions[id].chain);
    }

    /// Counts a step in all faults of the session's caller and of the platform; the effects that are due.
    pub(crate) fn faults(&mut self, session: SessionId, step: &Step) -> Vec<Effect> {
        let caller = self.sessions[session].caller.map(|call| &mut self.calls[call].caller);
        let own = caller.into_iter().flat_map(|caller| &mut caller.faults);
        own.chain(&mut self.faults).filter_map(|fault| fault.effect_at(step)).collect()
    }

    /// Lets befall the session what is due at this step.
    pub(crate) fn disturb_at(&mut self, session: SessionId, step: &Step) {
        for effect in self.faults(session, step) {
            if let Effect::Disturb(disturbance) = effect {
                self.disturb_session(session, disturbance);
            }
        }
    }

    /// The same for a call's session, at any moment that a test picks.
    pub fn disturb(&mut self, call: crate::CallId, disturbance: Disturbance) {
        self.disturb_session(self.calls[call].session, disturbance);
        self.observe_media();
    }
}
