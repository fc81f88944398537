//! The elements inside a transition, each of which does its work at once or starts something that ends in an event.

use std::rc::Rc;

use crate::clock::millis;
use crate::event::Event;
use crate::faults::Step;
use crate::ids::SessionId;
use crate::markup::{Document, Element, Node};
use crate::media::CallState;
use crate::platform::{Fetched, Platform, Purpose, Work};
use crate::trace::{Rule, What};

/// What becomes of a transition after an action.
pub(crate) enum Outcome {
    Next,
    /// An expression failed: the rest of the transition is left out.
    Skip,
    Goto(Rc<Document>),
    Exit,
}

/// An expression failed, and `error.semantic` is on its way.
pub(crate) struct Failed;

/// Where an action takes place.
pub(crate) struct Scene {
    pub(crate) session: SessionId,
    pub(crate) document: Rc<Document>,
    /// The connection of the event that is being handled, empty for none.
    pub(crate) connection: String,
}

impl Scene {
    pub(crate) fn new(session: SessionId, document: Rc<Document>, connection: &str) -> Self {
        Scene { session, document, connection: connection.into() }
    }
}

impl Platform {
    /// Runs actions in order until one of them leaves the transition.
    pub(crate) fn run(&mut self, scene: &Scene, nodes: &[Node]) -> Outcome {
        for node in nodes {
            let Node::Element(element) = node else { continue };
            let outcome = match element.name.as_str() {
                "if" => self.alternative(scene, element),
                "goto" => self.goto(scene, element),
                "exit" => self.result(scene, element).map(|result| {
                    self.sessions[scene.session].result = result;
                    Outcome::Exit
                }),
                _ => self.act(scene, element).map(|()| Outcome::Next),
            };
            match outcome {
                Ok(Outcome::Next) => self.disturb_at(scene.session, &Step::Element(&element.name)),
                Ok(other) => return other,
                Err(Failed) => return Outcome::Skip,
            }
        }
        Outcome::Next
    }

    fn act(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        match element.name.as_str() {
            "var" => self.declare(scene, element, "transition"),
            "assign" => self.assign(scene, element),
            "script" => self.script(scene, element),
            "log" => {
                let label = match element.attribute("label") {
                    Some(_) => self.text(scene, element, "label")?,
                    None => String::new(),
                };
                let text = self.text(scene, element, "expr")?;
                self.note(scene.session, What::Logs { label, text });
                Ok(())
            }
            "send" => self.start_send(scene, element),
            "cancel" => self.cancel(scene, element),
            "fetch" => self.start_fetch(scene, element),
            "accept" | "reject" | "disconnect" => self.act_on_connection(scene, element),
            "createconference" => self.create_conference(scene, element),
            "destroyconference" => self.destroy_conference(scene, element),
            "join" | "unjoin" => self.start_bridge(scene, element),
            "createcall" => self.create_call(scene, element),
            "redirect" => self.redirect(scene, element),
            "createccxml" => self.create_session(scene, element),
            "move" => self.move_to(scene, element),
            "dialogprepare" => self.prepare_dialog(scene, element),
            "dialogstart" => self.start_dialog(scene, element),
            "dialogterminate" => self.terminate_dialog(scene, element),
            name => {
                let place = scene.document.place(element);
                let text = format!("{place}: <{name}> is more than this platform can do");
                self.violation(scene.session, Rule::Unsupported, text);
                self.later(
                    scene.session,
                    0,
                    Event::new("error.unsupported").with("tagname", name).with("reason", "unsupported"),
                );
                Ok(())
            }
        }
    }

    fn alternative(&mut self, scene: &Scene, element: &Element) -> Result<Outcome, Failed> {
        for (marker, part) in element.branches() {
            if marker.name == "else" || self.needed(scene, marker, "cond")?.is_true() {
                return Ok(self.run(scene, part));
            }
        }
        Ok(Outcome::Next)
    }

    fn goto(&mut self, scene: &Scene, element: &Element) -> Result<Outcome, Failed> {
        if scene.document.draft {
            let url = self.address(scene, element, "next")?;
            self.action(scene, element, url.as_str());
            self.plan(scene.session, Purpose::Goto, &url, false, &[]);
            return Ok(Outcome::Next);
        }
        let fetchid = self.text(scene, element, "fetchid")?;
        match self.sessions[scene.session].fetches.get(&fetchid) {
            Some(Fetched::Document(document)) => Ok(Outcome::Goto(Rc::clone(document))),
            _ => self.fail(scene, element, &format!("{fetchid:?} is no document that has been fetched")),
        }
    }

    pub(crate) fn declare(&mut self, scene: &Scene, element: &Element, scope: &str) -> Result<(), Failed> {
        let name = element.attribute("name").unwrap_or("");
        let chain = self.sessions[scene.session].chain;
        let declared = self.engine.declare(chain, scope, name, element.attribute("expr"));
        self.settle(scene, element, declared)
    }

    pub(crate) fn assign(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let (name, expr) = (element.attribute("name").unwrap_or(""), element.attribute("expr").unwrap_or(""));
        let chain = self.sessions[scene.session].chain;
        let assigned = self.engine.assign(chain, name, expr);
        self.settle(scene, element, assigned)?;
        if let Ok(value) = self.engine.read(chain, name) {
            let (name, value) = (name.to_string(), value.to_text());
            self.note(scene.session, What::Assigns { name, value });
        }
        Ok(())
    }

    pub(crate) fn script(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let chain = self.sessions[scene.session].chain;
        let source = match (element.attribute("fetchid"), element.attribute("src")) {
            (Some(_), _) => {
                let fetchid = self.text(scene, element, "fetchid")?;
                match self.sessions[scene.session].fetches.get(&fetchid) {
                    Some(Fetched::Script(source)) => source.clone(),
                    // No document can help it, so it breaks no rule.
                    Some(Fetched::Garbled) => {
                        self.note(scene.session, "the script is none");
                        let event = Event::new("error.semantic").with("tagname", "script");
                        self.post(scene.session, event.with("reason", "unexpected token"));
                        return Err(Failed);
                    }
                    _ => {
                        return self.fail(
                            scene,
                            element,
                            &format!("{fetchid:?} is no script that has been fetched"),
                        );
                    }
                }
            }
            // What stood elsewhere has been fetched with the document.
            (None, _) => element.text(),
        };
        let run = self.engine.run(chain, "ccxml", &source);
        self.settle(scene, element, run)
    }

    fn act_on_connection(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let session = scene.session;
        let Some(connection) = self.connection(scene, element)? else { return Ok(()) };
        let leg = self.media.connections.get(&connection).map(|leg| (leg.call, leg.state));
        let own = leg.filter(|(call, _)| self.calls[*call].session == session);
        self.action(scene, element, connection.as_str());
        match (element.name.as_str(), own) {
            ("accept", Some((call, CallState::Alerting))) if !self.calls[call].outgoing => {
                self.start_accept(call);
            }
            ("reject", Some((call, CallState::Alerting))) if !self.calls[call].outgoing => self.reject(call),
            ("disconnect", Some((call, CallState::Alerting))) if self.calls[call].outgoing => {
                self.agenda.after(millis(50), Work::Fails(call, "given up"));
            }
            ("disconnect", Some((call, CallState::Connected))) => {
                self.calls[call].disconnecting = true;
                self.agenda.after(millis(50), Work::Disconnect(call));
            }
            _ => {
                let wrong = Event::new("error.connection.wrongstate")
                    .with("connectionid", &connection)
                    .with("tagname", &element.name)
                    .with("reason", "the connection is not in that state");
                self.later(session, 20, wrong);
            }
        }
        Ok(())
    }

    /// Notes that an element starts something.
    pub(crate) fn action(&mut self, scene: &Scene, element: &Element, detail: impl Into<String>) {
        let action = What::Action { element: element.name.clone(), detail: detail.into() };
        self.note(scene.session, action);
    }

    /// Delivers an event to a session some milliseconds from now.
    pub(crate) fn later(&mut self, session: SessionId, milliseconds: u64, event: Event) {
        self.agenda.after(millis(milliseconds), Work::Deliver(session, event));
    }
}
