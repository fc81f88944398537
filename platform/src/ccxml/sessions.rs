//! Sessions that start others, end with a result, and hand over their calls.

use super::actions::{Context, Failed};
use crate::event::{Event, Value};
use crate::ids::SessionId;
use crate::markup::Element;
use crate::platform::{Platform, Purpose};

impl Platform {
    pub(crate) fn create_session(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let url = self.address(context, element, "next")?;
        let post = self.word(context, element, "method", &["get", "post"])? == "post";
        let list = self.list(context, element, "namelist")?;
        let values = self.list(context, element, "parameters")?;
        let session = self.new_session(Some(context.session), values);
        let id = self.sessions[session].id.clone();
        self.set(context, element, "sessionid", &id)?;
        self.action(context, element, format!("{id} {url}"));
        self.plan(session, Purpose::First, &url, post, &list);
        Ok(())
    }

    /// A session begins without a call: the one that started it hears so.
    pub(crate) fn begin(&mut self, session: SessionId) {
        let loaded = self.loaded(session);
        self.post(session, loaded);
        if let Some(parent) = self.sessions[session].parent {
            let created = Event::new("ccxml.created").with("sessionid", &self.sessions[session].id);
            self.post(parent, created);
        }
    }

    /// A session has no document to begin with: the one that started it hears so.
    pub(crate) fn not_begun(&mut self, session: SessionId, reason: &str) {
        if let Some(parent) = self.sessions[session].parent.take() {
            let event = Event::new("error.createccxml").with("sessionid", &self.sessions[session].id);
            self.post(parent, event.with("reason", reason));
        }
    }

    /// `<exit>`: what the session tells the one that started it.
    pub(crate) fn result(
        &mut self,
        context: &Context,
        element: &Element,
    ) -> Result<Vec<(String, Value)>, Failed> {
        let list = self.list(context, element, "namelist")?;
        let values = list.into_iter().map(|(name, value)| (name, Value::Text(value))).collect();
        let mut result = vec![("values".to_string(), Value::Object(values))];
        if let Some(value) = self.value(context, element, "expr")? {
            result.push(("expr".into(), value));
        }
        Ok(result)
    }

    /// A session ends: the one that started it hears so.
    pub(crate) fn tell_parent(&mut self, session: SessionId) {
        let Some(parent) = self.sessions[session].parent.take() else { return };
        let mut event = Event::new("ccxml.exit").with("sessionid", &self.sessions[session].id);
        event.fields.append(&mut self.sessions[session].result);
        self.post(parent, event);
    }

    /// `<move>`: a call goes to another session, or an event does.
    pub(crate) fn move_to(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let target = self.text(context, element, "sessionid")?;
        let event = self.value(context, element, "event")?;
        let source = match (&event, element.attribute("source")) {
            (_, Some(_)) => self.text(context, element, "source")?,
            (Some(Value::Object(fields)), None) => {
                Event::with_fields("", fields.clone()).text("connectionid").into()
            }
            _ => String::new(),
        };
        self.action(context, element, format!("{source} to {target}"));
        let leg = self.media.connections.get(&source).map(|leg| leg.call);
        let own = leg.filter(|call| self.calls[*call].session == context.session);
        let (Some(to), Some(call)) = (self.live_session(&target), own) else {
            let failed =
                Event::new("error.move").with("reason", "there is no such session, or no such call here");
            self.post(context.session, failed);
            return Ok(());
        };
        self.calls[call].session = to;
        if let Some(leg) = self.sessions[context.session].view.legs.remove(&source) {
            self.sessions[to].view.legs.insert(source, leg);
        }
        self.show_view(context.session);
        self.show_view(to);
        if let Some(Value::Object(fields)) = event {
            let name = Event::with_fields("", fields.clone()).text("name").to_string();
            self.post(to, Event::with_fields(&name, fields));
        }
        Ok(())
    }
}
