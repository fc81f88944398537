//! The elements inside a transition, each of which does its work at once or starts something that ends in an event.

use std::rc::Rc;

use super::Platform;
use super::caller::CallId;
use super::clock::millis;
use super::document::{Document, Element, Node};
use super::event::Event;
use super::fetching::Fetched;
use super::media::CallState;
use super::session::Work;

/// What becomes of a transition after an action.
pub(super) enum Outcome {
    Next,
    /// An expression failed: the rest of the transition is left out.
    Skip,
    Goto(Rc<Document>),
    Exit,
}

/// An expression failed, and `error.semantic` is on its way.
pub(super) struct Failed;

/// Where an action takes place.
pub(super) struct Scene {
    pub(super) call: CallId,
    pub(super) document: Rc<Document>,
    /// The connection of the event that is being handled, empty for none.
    pub(super) connection: String,
}

impl Scene {
    pub(super) fn new(call: CallId, document: Rc<Document>, connection: &str) -> Self {
        Scene { call, document, connection: connection.into() }
    }
}

impl Platform {
    /// Runs actions in order until one of them leaves the transition.
    pub(super) fn run(&mut self, scene: &Scene, nodes: &[Node]) -> Outcome {
        for node in nodes {
            let Node::Element(element) = node else { continue };
            let outcome = match element.name.as_str() {
                "if" => self.alternative(scene, element),
                "goto" => self.goto(scene, element),
                "exit" => Ok(Outcome::Exit),
                _ => self.act(scene, element).map(|()| Outcome::Next),
            };
            match outcome {
                Ok(Outcome::Next) => {}
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
                let text = self.text(scene, element, "expr")?;
                self.note(scene.call, format!("  log: {text}"));
                Ok(())
            }
            "send" => self.start_send(scene, element),
            "cancel" => self.cancel(scene, element),
            "fetch" => self.start_fetch(scene, element),
            "accept" | "reject" | "disconnect" => self.act_on_connection(scene, element),
            "createconference" => self.create_conference(scene, element),
            "destroyconference" => self.destroy_conference(scene, element),
            "join" | "unjoin" => self.start_bridge(scene, element),
            "dialogstart" => self.start_dialog(scene, element),
            "dialogterminate" => self.terminate_dialog(scene, element),
            name => {
                let place = scene.document.place(element);
                self.violation(scene.call, format!("{place}: <{name}> is more than this platform can do"));
                self.later(
                    scene.call,
                    0,
                    Event::new("error.unsupported").with("tagname", name).with("reason", "unsupported"),
                );
                Ok(())
            }
        }
    }

    fn alternative(&mut self, scene: &Scene, element: &Element) -> Result<Outcome, Failed> {
        let is_marker =
            |node: &Node| matches!(node, Node::Element(e) if matches!(e.name.as_str(), "else" | "elseif"));
        let mut rest = element.children.as_slice();
        let mut marker = element;
        loop {
            let chosen = marker.name == "else" || self.needed(scene, marker, "cond")?.is_true();
            let length = rest.iter().position(is_marker).unwrap_or(rest.len());
            if chosen {
                return Ok(self.run(scene, &rest[..length]));
            }
            let Some(Node::Element(next)) = rest.get(length) else { return Ok(Outcome::Next) };
            marker = next;
            rest = &rest[length + 1..];
        }
    }

    fn goto(&mut self, scene: &Scene, element: &Element) -> Result<Outcome, Failed> {
        let fetchid = self.text(scene, element, "fetchid")?;
        match self.sessions[scene.call.0].fetches.get(&fetchid) {
            Some(Fetched::Document(document)) => Ok(Outcome::Goto(Rc::clone(document))),
            _ => self.fail(scene, element, &format!("{fetchid:?} is no document that has been fetched")),
        }
    }

    pub(super) fn declare(&mut self, scene: &Scene, element: &Element, scope: &str) -> Result<(), Failed> {
        let name = element.attribute("name").unwrap_or("");
        let chain = self.sessions[scene.call.0].chain;
        let declared = self.engine.declare(chain, scope, name, element.attribute("expr"));
        self.settle(scene, element, declared)
    }

    pub(super) fn assign(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let (name, expr) = (element.attribute("name").unwrap_or(""), element.attribute("expr").unwrap_or(""));
        let chain = self.sessions[scene.call.0].chain;
        let assigned = self.engine.assign(chain, name, expr);
        self.settle(scene, element, assigned)?;
        if let Ok(value) = self.engine.read(chain, name) {
            self.note(scene.call, format!("  {name} = {:?}", value.to_text()));
        }
        Ok(())
    }

    pub(super) fn script(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let chain = self.sessions[scene.call.0].chain;
        let source = match (element.attribute("fetchid"), element.attribute("src")) {
            (Some(_), _) => {
                let fetchid = self.text(scene, element, "fetchid")?;
                match self.sessions[scene.call.0].fetches.get(&fetchid) {
                    Some(Fetched::Script(source)) => source.clone(),
                    // No document can help it, so it breaks no rule.
                    Some(Fetched::Garbled) => {
                        self.note(scene.call, "  the script is none");
                        let event = Event::new("error.semantic").with("tagname", "script");
                        self.post(scene.call, event.with("reason", "unexpected token"));
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
            (None, Some(_)) => {
                return self.fail(scene, element, "script/@src is more than this platform can do");
            }
            (None, None) => element.text(),
        };
        let run = self.engine.run(chain, "ccxml", &source);
        self.settle(scene, element, run)
    }

    fn act_on_connection(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let call = scene.call;
        let Some(connection) = self.connection(scene, element)? else { return Ok(()) };
        let state = if connection == self.sessions[call.0].connection {
            self.media.state(&connection)
        } else {
            CallState::Gone
        };
        self.note(call, format!("  {} {connection}", element.name));
        match (element.name.as_str(), state) {
            ("accept", CallState::Alerting) => self.start_accept(call),
            ("reject", CallState::Alerting) => self.reject(call),
            ("disconnect", CallState::Connected) => {
                self.sessions[call.0].disconnecting = true;
                self.agenda.after(millis(50), Work::Disconnect(call));
            }
            _ => {
                let wrong = Event::new("error.connection.wrongstate").with("connectionid", &connection);
                self.later(
                    call,
                    20,
                    wrong
                        .with("tagname", &element.name)
                        .with("reason", "the connection is not in that state"),
                );
            }
        }
        Ok(())
    }

    /// Delivers an event to a session some milliseconds from now.
    pub(super) fn later(&mut self, call: CallId, milliseconds: u64, event: Event) {
        self.agenda.after(millis(milliseconds), Work::Deliver(call, event));
    }
}
