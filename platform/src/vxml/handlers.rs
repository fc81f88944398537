//! The handlers of a form: what runs when nothing was heard, when it made no sense, when the caller is gone.

use std::rc::Rc;

use super::form::{Form, Next, Values};
use crate::markup::Element;
use crate::script::Engine;
use crate::trace::Rule;

/// How often a handler may throw an event whose handler throws another one.
const TOO_DEEP: usize = 4;

impl Form {
    /// Runs the handler of an event: what comes then, or None to go on with the form.
    pub(super) fn handle(&mut self, engine: &Engine, event: &str) -> Option<Next> {
        let document = Rc::clone(&self.document);
        let form = self.element(&document);
        let mut event = event.to_string();
        for _ in 0..TOO_DEEP {
            let (item, count) = match self.items.get_mut(self.current) {
                Some(item) => {
                    let count = item.events.entry(event.clone()).or_default();
                    *count += 1;
                    (self.current, *count)
                }
                None => (0, 1),
            };
            let item = self.items.get(item).and_then(|item| self.item_element(form?, item));
            let item = item.filter(|item| item.name != "menu");
            let handlers = item.into_iter().chain(form).chain([&document.root]).flat_map(Element::elements);
            let handlers: Vec<&Element> = handlers.filter(|handler| catches(handler, &event)).collect();
            let Some(handler) = self.choose(engine, &handlers, count) else {
                // The platform's own handlers: ask again, or end.
                if matches!(event.as_str(), "noinput" | "nomatch") {
                    return None;
                }
                if event.starts_with("error") {
                    self.violate(Rule::Unhandled, format!("{}: the dialog died of {event}", document.url));
                }
                return Some(Next::End(None));
            };
            engine.renew(self.chain, "local");
            self.reprompt = false;
            match self.execute(engine, handler) {
                Ok(None) => {
                    self.prompting = self.reprompt;
                    return None;
                }
                Ok(Some(exit)) => return Some(self.leave(engine, exit)),
                Err(thrown) => event = thrown.0,
            }
        }
        self.violate(Rule::Endless, format!("{}: handlers throw {event} at one another", document.url));
        Some(Next::End(None))
    }

    /// The handler with the highest count that is not above the present one; the innermost of these.
    fn choose<'a>(&mut self, engine: &Engine, handlers: &[&'a Element], count: u32) -> Option<&'a Element> {
        let wanted =
            |handler: &Element| handler.attribute("count").map_or(1, |count| count.parse().unwrap_or(1));
        let mut chosen: Option<&Element> = None;
        for handler in handlers {
            let better = chosen.is_none_or(|chosen| wanted(handler) > wanted(chosen));
            if wanted(handler) <= count && better && self.condition(engine, handler).unwrap_or(false) {
                chosen = Some(handler);
            }
        }
        chosen
    }

    /// An event comes from outside: its handler runs at once, and the form goes on after it.
    pub(crate) fn receive(&mut self, engine: &Engine, event: &str) -> Next {
        self.handle(engine, event).unwrap_or_else(|| self.advance(engine))
    }

    /// The caller is gone, or the dialog is told to go: what it returns, if it had a handler for that.
    pub(crate) fn hang_up(&mut self, engine: &Engine) -> Option<Values> {
        self.hung_up = true;
        match self.handle(engine, "connection.disconnect.hangup") {
            Some(Next::End(values)) => values,
            Some(Next::Disconnect(values)) => Some(values),
            Some(Next::Listen(_)) | None => None,
        }
    }
}

/// Whether an element is a handler for an event: names match by dotted prefix, no name matches all.
fn catches(handler: &Element, event: &str) -> bool {
    let prefix =
        |name: &str| event.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    match handler.name.as_str() {
        "noinput" | "nomatch" | "error" | "help" => prefix(&handler.name),
        "catch" => handler.attribute("event").is_none_or(|names| names.split_whitespace().any(prefix)),
        _ => false,
    }
}
