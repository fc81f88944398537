//! What the documents see of the session's objects, and of events: the state as of the event that is being handled, not
//! as of now.

use std::collections::BTreeMap;

use super::Platform;
use super::caller::CallId;
use super::event::{Event, Value};
use super::session::Session;

/// What the documents see of the session's objects: the state as of the event being handled, not as of now.
#[derive(Clone, Default, PartialEq)]
pub(super) struct View {
    pub(super) state: &'static str,
    pub(super) input: String,
    /// Identifiers and names.
    pub(super) conferences: BTreeMap<String, String>,
    /// Identifiers, and the connections that they speak to.
    pub(super) dialogs: BTreeMap<String, String>,
}

impl Platform {
    /// Adds the fields that every event has.
    pub(super) fn complete(&mut self, call: CallId, event: &mut Event) {
        let source =
            ["dialog", "connection", "conference"].into_iter().find(|kind| event.name.starts_with(kind));
        let common = [
            ("name", Value::from(&event.name)),
            ("eventid", Value::from(format!("event-{}-{}", call.0, self.records[call.0].events))),
            ("eventsource", Value::Undefined),
            ("eventsourcetype", Value::from(source.unwrap_or("ccxml"))),
        ];
        for (key, value) in common {
            if !event.fields.iter().any(|(name, _)| name == key) {
                event.fields.push((key.into(), value));
            }
        }
    }

    /// Brings the session's objects to the state that an event implies.
    pub(super) fn update_view(&mut self, call: CallId, event: &Event) {
        let session = &mut self.sessions[call.0];
        let before = session.view.clone();
        let own = session.connection == event.text("connectionid");
        match event.name.as_str() {
            "connection.connected" if own => session.view.state = "CONNECTED",
            "connection.disconnected" if own => session.view.state = "DISCONNECTED",
            "connection.failed" | "connection.rejected" | "error.connection" if own => {
                session.view.state = "FAILED"
            }
            "conference.created" => {
                let name =
                    self.media.conferences.get(event.text("conferenceid")).and_then(|room| room.name.clone());
                session.view.conferences.insert(event.text("conferenceid").into(), name.unwrap_or_default());
            }
            "conference.destroyed" => {
                session.view.conferences.remove(event.text("conferenceid"));
            }
            "conference.joined" if event.text("id1") == session.connection => {
                session.view.input = event.text("id2").into()
            }
            "conference.unjoined" if event.text("id1") == session.connection => {
                session.view.input = String::new()
            }
            "dialog.started" => {
                session.view.dialogs.insert(event.text("dialogid").into(), event.text("connectionid").into());
            }
            "dialog.exit" => {
                session.view.dialogs.remove(event.text("dialogid"));
            }
            _ => {}
        }
        if session.view != before {
            self.show_view(call);
        }
    }

    pub(super) fn show_view(&mut self, call: CallId) {
        let Session { chain, connection, view, .. } = &self.sessions[call.0];
        let conferences = view.conferences.iter().map(|(id, name)| {
            let fields = vec![("conferenceid".into(), id.into()), ("conferencename".into(), name.into())];
            (id.clone(), Value::Object(fields))
        });
        let dialogs =
            view.dialogs.keys().map(|id| (id.clone(), Value::Object(vec![("dialogid".into(), id.into())])));
        let legs = vec![(connection.clone(), self.connection_object(call))];
        self.engine.put(*chain, "session", "connections", Value::Object(legs));
        self.engine.put(*chain, "session", "conferences", Value::Object(conferences.collect()));
        self.engine.put(*chain, "session", "dialogs", Value::Object(dialogs.collect()));
    }

    /// The connection as the session sees it.
    pub(super) fn connection_object(&self, call: CallId) -> Value {
        let Session { connection, view, .. } = &self.sessions[call.0];
        let input = if view.input.is_empty() { Value::Undefined } else { Value::from(&view.input) };
        let fields: [(&str, Value); 6] = [
            ("connectionid", connection.into()),
            ("protocol", Value::Object(vec![("name".into(), "sip".into())])),
            ("state", view.state.into()),
            ("local", "tel:+49300".into()),
            ("remote", format!("tel:{}", self.records[call.0].number).into()),
            ("input", input),
        ];
        Value::Object(fields.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
    }
}
