//! How an event finds its transition.

use std::rc::Rc;

use super::actions::{Context, Outcome};
use crate::event::{Event, Value, fits};
use crate::ids::SessionId;
use crate::markup::{Document, Element};
use crate::platform::Platform;
use crate::trace::{Rule, What};

impl Platform {
    /// Finds the transition for an event and runs it.
    pub(crate) fn offer(&mut self, session: SessionId, event: &Event) {
        if event.name == "ccxml.kill.unconditional" {
            return self.end_session(session);
        }
        let chain = self.sessions[session].chain;
        self.engine.renew(chain, "transition");
        let Some(document) = self.sessions[session].document.clone() else { return };
        let Some(transition) = self.select(session, &document, event) else {
            return self.dropped(session, &document, event);
        };
        self.engine.put(chain, "transition", "event$", Value::Object(event.fields.clone()));
        let context = Context::new(session, Rc::clone(&document), event.text("connectionid"));
        match self.run(&context, &transition.children) {
            Outcome::Next | Outcome::Skip => {}
            Outcome::Exit => self.end_session(session),
            Outcome::Goto(next) => self.go_to(session, next),
        }
    }

    /// Goes on in another document.
    pub(crate) fn go_to(&mut self, session: SessionId, next: Rc<Document>) {
        self.note(session, What::GoesTo(next.url.clone()));
        if self.load(session, next) {
            let loaded = self.loaded(session);
            let queue = &mut self.sessions[session].queue;
            if self.variations.loaded_first {
                queue.push_front(loaded);
            } else {
                queue.push_back(loaded);
            }
        }
    }

    fn select<'a>(
        &mut self,
        session: SessionId,
        document: &'a Document,
        event: &Event,
    ) -> Option<&'a Element> {
        let state = self.state_of(session);
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
            match self.engine.evaluate(self.sessions[session].chain, cond) {
                Ok(value) if value.is_true() => return Some(transition),
                Ok(_) => {}
                Err(reason) => self.semantic(session, document, transition, &format!("cond: {reason}")),
            }
        }
        None
    }

    /// No transition takes the event: an error or a kill ends the session, anything else is forgotten.
    fn dropped(&mut self, session: SessionId, document: &Document, event: &Event) {
        if event.is_error() {
            let state = self.state_of(session);
            let text = format!("{}: no transition for {} in state {state:?}", document.url, event.name);
            self.violation(session, Rule::Unhandled, text);
        }
        if event.is_error() || event.name == "ccxml.kill" {
            self.end_session(session);
        } else {
            self.note(session, What::Dropped(event.clone()));
        }
    }

    /// An action could not be evaluated, or names what is not there. No document should ever get so far.
    pub(crate) fn semantic(
        &mut self,
        session: SessionId,
        document: &Document,
        element: &Element,
        reason: &str,
    ) {
        let text = format!("{}: error.semantic in {element}: {reason}", document.place(element));
        self.violation(session, Rule::Semantic, text);
        self.post(
            session,
            Event::new("error.semantic").with("tagname", &element.name).with("reason", reason),
        );
    }
}
