//! A session: a document, a queue of events, and the loop that brings the two together.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::Platform;
use super::actions::{Outcome, Scene};
use super::caller::{CallId, Ended};
use super::clock::Ticket;
use super::document::{Document, Element};
use super::event::{Event, Value, fits};
use super::faults::{Disturbance, Effect, Happening};
use super::fetching::{Answer, Fetched, Request};
use super::form::{Input, Values};
use super::media::CallState;
use super::script::Chain;
use super::sending::Message;
use super::view::View;

/// The scopes of CCXML, outermost first.
pub(super) const SCOPES: &[&str] = &["session", "application", "ccxml", "transition"];

/// No call has so many events; a document that produces them runs in circles.
const TOO_MANY_EVENTS: usize = 10_000;

/// Something that will happen at its moment.
pub(super) enum Work {
    Ring(CallId),
    GiveUp(CallId),
    HangUp(CallId),
    Deliver(CallId, Event),
    Send(Box<Message>),
    Request(Box<Request>),
    Answer(Box<Answer>),
    Accepted(CallId),
    Disconnect(CallId),
    Join { call: CallId, id1: String, id2: String, full: bool, tones: [bool; 2], fails: bool },
    Unjoin { call: CallId, id1: String, id2: String, fails: bool },
    DialogHears(String, Input),
    DialogEnds(String, Option<Values>),
    DialogTerminates(String, bool),
}

/// One call's session. Here a session and its call are made together, so a [`CallId`] names both.
pub(super) struct Session {
    pub(super) id: String,
    pub(super) connection: String,
    pub(super) chain: Chain,
    pub(super) document: Option<Rc<Document>>,
    pub(super) queue: VecDeque<Event>,
    pub(super) alive: bool,
    /// `<disconnect>` has been asked for.
    pub(super) disconnecting: bool,
    pub(super) fetches: BTreeMap<String, Fetched>,
    pub(super) sends: BTreeMap<String, Ticket>,
    /// Patterns of events, each of which keeps one event from being told.
    pub(super) withheld: Vec<String>,
    pub(super) view: View,
}

impl Session {
    pub(super) fn new(id: String, connection: String, chain: Chain) -> Self {
        Session {
            id,
            connection,
            chain,
            document: None,
            queue: VecDeque::new(),
            alive: true,
            disconnecting: false,
            fetches: BTreeMap::new(),
            sends: BTreeMap::new(),
            withheld: Vec::new(),
            view: View { state: "ALERTING", ..View::default() },
        }
    }
}

impl Platform {
    /// Puts an event into a session's queue.
    pub(super) fn post(&mut self, call: CallId, event: Event) {
        let first = self.variations.errors_first && event.is_error();
        let session = &mut self.sessions[call.0];
        if !session.alive {
            return;
        }
        if let Some(at) = session.withheld.iter().position(|pattern| fits(pattern, &event.name)) {
            session.withheld.swap_remove(at);
            return self.note(call, format!("  ! never told of {event}"));
        }
        if first {
            session.queue.push_front(event);
        } else {
            session.queue.push_back(event);
        }
    }

    /// Does everything that falls due at one instant. Requests of that instant are sent together.
    pub(super) fn perform(&mut self, work: Vec<Work>) {
        let mut requests = Vec::new();
        for work in work {
            match work {
                Work::Request(request) => requests.push(*request),
                Work::Ring(call) => self.ring(call),
                Work::GiveUp(call) => self.give_up(call),
                Work::HangUp(call) => self.hang_up(call),
                Work::Deliver(call, event) => self.post(call, event),
                Work::Send(message) => self.send(*message),
                Work::Answer(answer) => self.answered(*answer),
                Work::Accepted(call) => self.accepted(call),
                Work::Disconnect(call) => self.disconnect(call),
                Work::Join { call, id1, id2, full, tones, fails } => {
                    self.join(call, &id1, &id2, full, tones, fails)
                }
                Work::Unjoin { call, id1, id2, fails } => self.unjoin(call, &id1, &id2, fails),
                Work::DialogHears(dialog, input) => self.dialog_hears(&dialog, input),
                Work::DialogEnds(dialog, values) => self.dialog_ends(&dialog, values),
                Work::DialogTerminates(dialog, immediate) => self.dialog_terminates(&dialog, immediate),
            }
        }
        self.request(requests);
    }

    /// Lets the sessions handle what is in their queues, in turn.
    pub(super) fn pump(&mut self) {
        let mut busy = true;
        while busy {
            busy = false;
            for call in (0..self.sessions.len()).map(CallId) {
                if self.sessions[call.0].document.is_some() && self.sessions[call.0].alive {
                    busy |= self.handle_next(call);
                }
            }
        }
    }

    /// Takes the oldest event and offers it to the document; false when there is none.
    fn handle_next(&mut self, call: CallId) -> bool {
        let Some(mut event) = self.sessions[call.0].queue.pop_front() else { return false };
        self.records[call.0].events += 1;
        self.records[call.0].event_names.push(event.name.clone());
        let number = self.records[call.0].events;
        self.note(call, format!("[{}] #{number} {event}", self.state_of(call)));
        if number > TOO_MANY_EVENTS {
            self.violation(call, "the session runs in circles");
            self.end_session(call);
            return true;
        }
        for disturbance in self.disturbances(call, &Happening::Event(&event.name)) {
            self.disturb(call, disturbance);
        }
        if !self.sessions[call.0].alive {
            return true;
        }
        self.complete(call, &mut event);
        self.update_view(call, &event);
        self.offer(call, &event);
        if self.sessions[call.0].alive {
            for disturbance in self.disturbances(call, &Happening::Handled(&event.name)) {
                self.disturb(call, disturbance);
            }
        }
        true
    }

    /// Finds the transition for an event and runs it.
    fn offer(&mut self, call: CallId, event: &Event) {
        if event.name == "ccxml.kill.unconditional" {
            return self.end_session(call);
        }
        let chain = self.sessions[call.0].chain;
        self.engine.renew(chain, "transition");
        let Some(document) = self.sessions[call.0].document.clone() else { return };
        let Some(transition) = self.select(call, &document, event) else {
            if event.is_error() {
                let state = self.state_of(call);
                self.violation(
                    call,
                    format!("{}: no transition for {} in state {state:?}", document.url, event.name),
                );
            }
            if event.is_error() || event.name == "ccxml.kill" {
                self.end_session(call);
            }
            return;
        };
        self.engine.put(chain, "transition", "event$", Value::Object(event.fields.clone()));
        let scene = Scene::new(call, Rc::clone(&document), event.text("connectionid"));
        match self.run(&scene, &transition.children) {
            Outcome::Next | Outcome::Skip => {}
            Outcome::Exit => self.end_session(call),
            Outcome::Goto(next) => {
                self.note(call, format!("  goes to {}", next.url));
                if self.load(call, next) {
                    let loaded = self.loaded(call);
                    let queue = &mut self.sessions[call.0].queue;
                    if self.variations.loaded_first {
                        queue.push_front(loaded);
                    } else {
                        queue.push_back(loaded);
                    }
                }
            }
        }
    }

    fn select<'a>(&mut self, call: CallId, document: &'a Document, event: &Event) -> Option<&'a Element> {
        let state = self.state_of(call);
        let processor = document.root.child("eventprocessor")?;
        for transition in processor.elements() {
            let states = transition.attribute("state");
            let pattern = transition.attribute("event");
            if states.is_some_and(|states| !states.split_whitespace().any(|one| one == state))
                || pattern.is_some_and(|pattern| !fits(pattern, &event.name))
            {
                continue;
            }
            let Some(cond) = transition.attribute("cond") else { return Some(transition) };
            match self.engine.evaluate(self.sessions[call.0].chain, cond) {
                Ok(value) if value.is_true() => return Some(transition),
                Ok(_) => {}
                Err(reason) => self.semantic(call, document, transition, &format!("cond: {reason}")),
            }
        }
        None
    }

    /// The value of the document's state variable.
    pub(super) fn state_of(&self, call: CallId) -> String {
        let session = &self.sessions[call.0];
        let processor = session.document.as_ref().and_then(|document| document.root.child("eventprocessor"));
        match processor.and_then(|processor| processor.attribute("statevariable")) {
            Some(variable) if session.alive => self
                .engine
                .read(session.chain, &format!("ccxml.{variable}"))
                .map_or(String::new(), |value| value.to_text()),
            _ => String::new(),
        }
    }

    /// Makes a document the session's own and initialises it; false when that failed, which ends the session.
    pub(super) fn load(&mut self, call: CallId, document: Rc<Document>) -> bool {
        let chain = self.sessions[call.0].chain;
        self.engine.renew(chain, "ccxml");
        self.engine.renew(chain, "transition");
        self.engine.put(chain, "session", "id", Value::from(&self.sessions[call.0].id));
        self.engine.put(chain, "session", "uri", Value::from(&document.url));
        self.engine.put(chain, "session", "parentid", Value::Undefined);
        self.engine.put(chain, "session", "startupmode", "newcall".into());
        self.engine.put(chain, "session", "values", Value::Object(Vec::new()));
        self.engine.put(chain, "session", "ioprocessors", Value::Object(Vec::new()));
        self.sessions[call.0].document = Some(Rc::clone(&document));
        self.show_view(call);
        let scene = Scene::new(call, Rc::clone(&document), "");
        for element in document.root.elements() {
            let done = match element.name.as_str() {
                "var" => self.declare(&scene, element, "ccxml"),
                "assign" => self.assign(&scene, element),
                "script" => self.script(&scene, element),
                _ => Ok(()),
            };
            if done.is_err() {
                self.note(call, "  the document cannot be initialised");
                self.end_session(call);
                return false;
            }
        }
        true
    }

    pub(super) fn loaded(&self, call: CallId) -> Event {
        Event::new("ccxml.loaded")
            .with("sessionid", &self.sessions[call.0].id)
            .with("parent", Value::Undefined)
    }

    /// An action could not be evaluated, or names what is not there. No document should ever get so far.
    pub(super) fn semantic(&mut self, call: CallId, document: &Document, element: &Element, reason: &str) {
        self.violation(call, format!("{}: error.semantic in {element}: {reason}", document.place(element)));
        self.post(call, Event::new("error.semantic").with("tagname", &element.name).with("reason", reason));
    }

    /// Ends a session: its call is cut off, its dialogs and timers are gone, its conferences are left.
    pub(super) fn end_session(&mut self, call: CallId) {
        if !self.sessions[call.0].alive {
            return;
        }
        self.note(call, "  the session ends");
        self.sessions[call.0].alive = false;
        self.sessions[call.0].queue.clear();
        let connection = self.sessions[call.0].connection.clone();
        if self.media.state(&connection) != CallState::Gone {
            let ended = match self.media.state(&connection) {
                CallState::Alerting => Ended::NeverAnswered,
                _ if self.sessions[call.0].disconnecting => {
                    Ended::Disconnected { last_words: self.records[call.0].said.clone() }
                }
                _ => Ended::BareHangUp,
            };
            self.release(call, Event::new("connection.disconnected"), ended);
        }
        let dialogs: Vec<String> =
            self.dialogs.iter().filter(|(_, dialog)| dialog.call == call).map(|(id, _)| id.clone()).collect();
        for dialog in dialogs {
            self.dialog_ends(&dialog, None);
        }
        for (_, ticket) in std::mem::take(&mut self.sessions[call.0].sends) {
            self.agenda.cancel(ticket);
        }
        let attached: Vec<String> = self
            .media
            .conferences
            .iter()
            .filter(|(_, room)| room.attached.contains(&call))
            .map(|(id, _)| id.clone())
            .collect();
        for conference in attached {
            self.detach(call, &conference);
        }
        self.engine.close(self.sessions[call.0].chain);
    }

    /// Counts a happening in all faults of the session and of the platform; the effects that are due.
    pub(super) fn faults(&mut self, call: CallId, happening: &Happening) -> Vec<Effect> {
        let faults = self.callers[call.0].faults.iter_mut().chain(&mut self.faults);
        faults.filter_map(|fault| fault.meet(happening)).collect()
    }

    fn disturbances(&mut self, call: CallId, happening: &Happening) -> Vec<Disturbance> {
        let effects = self.faults(call, happening).into_iter();
        effects
            .filter_map(
                |effect| if let Effect::Disturb(disturbance) = effect { Some(disturbance) } else { None },
            )
            .collect()
    }
}
