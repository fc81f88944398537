//! What the documents see of the session's objects, and of events: the state as of the event that is being handled, not
//! as of now.

use crate::arena::Id;
use crate::event::{Event, Value};
use crate::ids::SessionId;
use crate::platform::Platform;

impl Platform {
    /// Adds the fields that every event has.
    pub(crate) fn complete(&mut self, session: SessionId, event: &mut Event) {
        let source =
            ["dialog", "connection", "conference"].into_iter().find(|kind| event.name.starts_with(kind));
        let number = self.sessions[session].events;
        let common = [
            ("name", Value::from(&event.name)),
            ("eventid", Value::from(format!("event-{}-{number}", session.place()))),
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
    pub(crate) fn update_view(&mut self, session: SessionId, event: &Event) {
        let before = self.sessions[session].view.clone();
        let view = &mut self.sessions[session].view;
        let state = match event.name.as_str() {
            "connection.connected" => Some("CONNECTED"),
            "connection.disconnected" => Some("DISCONNECTED"),
            "connection.failed" | "connection.rejected" | "error.connection" => Some("FAILED"),
            _ => None,
        };
        if let (Some(state), Some(leg)) = (state, view.legs.get_mut(event.text("connectionid"))) {
            leg.state = state;
        }
        match event.name.as_str() {
            "conference.created" => {
                let id = event.text("conferenceid");
                let name = self.media.conferences.get(id).and_then(|room| room.name.clone());
                view.conferences.insert(id.into(), name.unwrap_or_default());
            }
            "conference.destroyed" => {
                view.conferences.remove(event.text("conferenceid"));
            }
            "conference.joined" => {
                if let Some(leg) = view.legs.get_mut(event.text("id1")) {
                    leg.input = event.text("id2").into();
                }
            }
            "conference.unjoined" => {
                if let Some(leg) = view.legs.get_mut(event.text("id1")) {
                    leg.input.clear();
                }
            }
            "dialog.started" => {
                view.dialogs.insert(event.text("dialogid").into(), event.text("connectionid").into());
            }
            "dialog.exit" => {
                view.dialogs.remove(event.text("dialogid"));
            }
            _ => {}
        }
        if self.sessions[session].view != before {
            self.show_view(session);
        }
    }

    pub(crate) fn show_view(&mut self, session: SessionId) {
        let view = &self.sessions[session].view;
        let conferences = view.conferences.iter().map(|(id, name)| {
            let fields = vec![("conferenceid".into(), id.into()), ("conferencename".into(), name.into())];
            (id.clone(), Value::Object(fields))
        });
        let dialogs =
            view.dialogs.keys().map(|id| (id.clone(), Value::Object(vec![("dialogid".into(), id.into())])));
        let legs = view.legs.keys().map(|id| (id.clone(), self.connection_object(id)));
        let chain = self.sessions[session].chain;
        self.engine.put(chain, "session", "connections", Value::Object(legs.collect()));
        self.engine.put(chain, "session", "conferences", Value::Object(conferences.collect()));
        self.engine.put(chain, "session", "dialogs", Value::Object(dialogs.collect()));
    }

    /// A connection as its session sees it.
    pub(crate) fn connection_object(&self, connection: &str) -> Value {
        let Some(session) = self.owner(connection) else { return Value::Undefined };
        let Some(leg) = self.sessions[session].view.legs.get(connection) else { return Value::Undefined };
        let Some(call) = self.media.connections.get(connection).map(|leg| leg.call) else {
            return Value::Undefined;
        };
        let input = if leg.input.is_empty() { Value::Undefined } else { Value::from(&leg.input) };
        let fields: [(&str, Value); 6] = [
            ("connectionid", connection.into()),
            ("protocol", Value::Object(vec![("name".into(), "sip".into())])),
            ("state", leg.state.into()),
            ("local", self.local(call).into()),
            ("remote", self.remote(call).into()),
            ("input", input),
        ];
        Value::Object(fields.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
    }
}
