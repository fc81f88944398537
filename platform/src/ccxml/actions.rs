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
pub(crate) struct Context {
    pub(crate) session: SessionId,
    pub(crate) document: Rc<Document>,
    /// The connection of the event that is being handled, empty for none.
    pub(crate) connection: String,
}

impl Context {
    pub(crate) fn new(session: SessionId, document: Rc<Document>, connection: &str) -> Self {
        Context { session, document, connection: connection.into() }
    }
}

impl Platform {
    /// Runs actions in order until one of them leaves the transition.
    pub(crate) fn run(&mut self, context: &Context, nodes: &[Node]) -> Outcome {
        for node in nodes {
            let Node::Element(element) = node else { continue };
            let outcome = match element.name.as_str() {
                "if" => self.alternative(context, element),
                "goto" => self.goto(context, element),
                "exit" => self.result(context, element).map(|result| {
                    self.sessions[context.session].result = result;
                    Outcome::Exit
                }),
                _ => self.act(context, element).map(|()| Outcome::Next),
            };
            match outcome {
                Ok(Outcome::Next) => self.disturb_at(context.session, &Step::Element(&element.name)),
                Ok(other) => return other,
                Err(Failed) => return Outcome::Skip,
            }
        }
        Outcome::Next
    }

    fn act(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        match element.name.as_str() {
            "var" => self.declare(context, element, "transition"),
            "assign" => self.assign(context, element),
            "script" => self.script(context, element),
            "log" => {
                let label = match element.attribute("label") {
                    Some(_) => self.text(context, element, "label")?,
                    None => String::new(),
                };
                let text = self.text(context, element, "expr")?;
                self.note(context.session, What::Logs { label, text });
                Ok(())
            }
            "send" => self.start_send(context, element),
            "cancel" => self.cancel(context, element),
            "fetch" => self.start_fetch(context, element),
            "accept" | "reject" | "disconnect" => self.act_on_connection(context, element),
            "createconference" => self.create_conference(context, element),
            "destroyconference" => self.destroy_conference(context, element),
            "join" | "unjoin" => self.start_bridge(context, element),
            "createcall" => self.create_call(context, element),
            "redirect" => self.redirect(context, element),
            "createccxml" => self.create_session(context, element),
            "move" => self.move_to(context, element),
            "dialogprepare" => self.prepare_dialog(context, element),
            "dialogstart" => self.start_dialog(context, element),
            "dialogterminate" => self.terminate_dialog(context, element),
            name => {
                let place = context.document.place(element);
                let text = format!("{place}: <{name}> is more than this platform can do");
                self.violation(context.session, Rule::Unsupported, text);
                self.later(
                    context.session,
                    0,
                    Event::new("error.unsupported").with("tagname", name).with("reason", "unsupported"),
                );
                Ok(())
            }
        }
    }

    fn alternative(&mut self, context: &Context, element: &Element) -> Result<Outcome, Failed> {
        for (marker, part) in element.branches() {
            if marker.name == "else" || self.needed(context, marker, "cond")?.is_true() {
                return Ok(self.run(context, part));
            }
        }
        Ok(Outcome::Next)
    }

    fn goto(&mut self, context: &Context, element: &Element) -> Result<Outcome, Failed> {
        if context.document.draft {
            let url = self.address(context, element, "next")?;
            self.action(context, element, url.as_str());
            self.plan(context.session, Purpose::Goto, &url, false, &[]);
            return Ok(Outcome::Next);
        }
        let fetchid = self.text(context, element, "fetchid")?;
        match self.sessions[context.session].fetches.get(&fetchid) {
            Some(Fetched::Document(document)) => Ok(Outcome::Goto(Rc::clone(document))),
            _ => self.fail(context, element, &format!("{fetchid:?} is no document that has been fetched")),
        }
    }

    pub(crate) fn declare(
        &mut self,
        context: &Context,
        element: &Element,
        scope: &str,
    ) -> Result<(), Failed> {
        let name = element.attribute("name").unwrap_or("");
        let chain = self.sessions[context.session].chain;
        let declared = self.engine.declare(chain, scope, name, element.attribute("expr"));
        self.settle(context, element, declared)
    }

    pub(crate) fn assign(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let (name, expr) = (element.attribute("name").unwrap_or(""), element.attribute("expr").unwrap_or(""));
        let chain = self.sessions[context.session].chain;
        let assigned = self.engine.assign(chain, name, expr);
        self.settle(context, element, assigned)?;
        if let Ok(value) = self.engine.read(chain, name) {
            let (name, value) = (name.to_string(), value.to_text());
            self.note(context.session, What::Assigns { name, value });
        }
        Ok(())
    }

    pub(crate) fn script(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let chain = self.sessions[context.session].chain;
        let source = match (element.attribute("fetchid"), element.attribute("src")) {
            (Some(_), _) => {
                let fetchid = self.text(context, element, "fetchid")?;
                match self.sessions[context.session].fetches.get(&fetchid) {
                    Some(Fetched::Script(source)) => source.clone(),
                    // No document can help it, so it breaks no rule.
                    Some(Fetched::Garbled) => {
                        self.note(context.session, "the script is none");
                        let event = Event::new("error.semantic").with("tagname", "script");
                        self.post(context.session, event.with("reason", "unexpected token"));
                        return Err(Failed);
                    }
                    _ => {
                        return self.fail(
                            context,
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
        self.settle(context, element, run)
    }

    fn act_on_connection(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let session = context.session;
        let Some(connection) = self.connection(context, element)? else { return Ok(()) };
        let leg = self.media.connections.get(&connection).map(|leg| (leg.call, leg.state));
        let own = leg.filter(|(call, _)| self.calls[*call].session == session);
        self.action(context, element, connection.as_str());
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
    pub(crate) fn action(&mut self, context: &Context, element: &Element, detail: impl Into<String>) {
        let action = What::Action { element: element.name.clone(), detail: detail.into() };
        self.note(context.session, action);
    }

    /// Delivers an event to a session some milliseconds from now.
    pub(crate) fn later(&mut self, session: SessionId, milliseconds: u64, event: Event) {
        self.agenda.after(millis(milliseconds), Work::Deliver(session, event));
    }
}
