//! Dialogs: how they are started, what the caller answers.

use super::actions::{Failed, Scene};
use super::fetching::VXML;
use crate::event::{Event, Value};
use crate::faults::{Effect, Step};
use crate::markup::Element;
use crate::media::{CallState, Input};
use crate::platform::{Dialog, Fetched, Platform, Purpose, Stage};
use crate::vxml::{Form, Next};

impl Platform {
    pub(crate) fn start_dialog(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let session = scene.session;
        for name in ["prepareddialogid", "conferenceid"] {
            if element.attribute(name).is_some() {
                return self.fail(
                    scene,
                    element,
                    &format!("dialogstart/@{name} is more than this platform can do"),
                );
            }
        }
        let source = self.address(scene, element, "src")?;
        let media_type = self.word(scene, element, "type", &[VXML])?;
        let post = self.word(scene, element, "method", &["get", "post"])? == "post";
        self.word(scene, element, "mediadirection", &["both", "dialogtransmit", "dialogreceive"])?;
        let list = self.list(scene, element, "namelist")?;
        let parameters = self.list(scene, element, "parameters")?;
        let Some(connection) = self.connection(scene, element)? else { return Ok(()) };
        let id = self.new_id("dialog");
        self.set(scene, element, "dialogid", &id)?;
        self.action(scene, element, format!("{id} {source}"));
        let effects = self.faults(session, &Step::DialogStart);
        let busy = self.dialogs.values().any(|dialog| dialog.connection == connection && !dialog.is_over());
        let refused = if effects.iter().any(|effect| matches!(effect, Effect::Fails)) {
            Some("no resources")
        } else if busy {
            Some("the connection has a dialog already")
        } else if self.media.state(&connection) != CallState::Connected {
            Some("the connection is not up")
        } else {
            None
        };
        let prompt = named_prompt(&source, &list);
        let crashes = effects.iter().any(|effect| matches!(effect, Effect::Crashes));
        let stage = if refused.is_some() { Stage::Over } else { Stage::Starting };
        let dialog = Dialog { stage, parameters, crashes, ..Dialog::new(session, connection, prompt) };
        self.dialogs.insert(id.clone(), dialog);
        match refused {
            Some(reason) => {
                let event = self.not_started(&id, reason);
                self.later(session, 50, event);
            }
            None => self.plan(session, Purpose::Dialog { id, media_type }, &source, post, &list),
        }
        Ok(())
    }

    pub(crate) fn dialog_event(&self, id: &str, name: &str) -> Event {
        let connection = self.dialogs.get(id).map_or("", |dialog| dialog.connection.as_str());
        Event::new(name).with("dialogid", id).with("connectionid", connection)
    }

    pub(crate) fn not_started(&self, id: &str, reason: &str) -> Event {
        self.dialog_event(id, "error.dialog.notstarted").with("reason", reason)
    }

    /// The document of a dialog has come, or has not.
    pub(crate) fn dialog_fetched(&mut self, id: &str, content: Result<Fetched, String>) {
        let Some(dialog) = self.dialogs.get(id).filter(|dialog| matches!(dialog.stage, Stage::Starting))
        else {
            return;
        };
        let (session, connection, crashes) = (dialog.session, dialog.connection.clone(), dialog.crashes);
        let document = match content {
            Ok(Fetched::Document(document)) => document,
            content => {
                let reason = content.err().unwrap_or("no VoiceXML document".into());
                let event = self.not_started(id, &reason);
                self.set_stage(id, Stage::Over);
                return self.post(session, event);
            }
        };
        let blanks = self.variations.blank_digits;
        let mut form = Form::new(document, &self.engine, self.recordings.clone(), blanks);
        self.engine.put(form.chain, "session", "connection", self.dialog_session(id));
        if let Input::Conference(conference) = self.media.input(&connection) {
            self.note(session, format!("(the dialog cuts the caller off from {conference})"));
        }
        self.media.hear(&connection, Input::Dialog(id.into()));
        let started = self.dialog_event(id, "dialog.started");
        self.post(session, started);
        let next = if crashes { Next::End(None) } else { form.start(&self.engine) };
        self.set_stage(id, Stage::Running(Box::new(form)));
        self.proceed(id, next);
    }

    /// `session.connection` of VoiceXML.
    fn dialog_session(&self, id: &str) -> Value {
        let Some(dialog) = self.dialogs.get(id) else { return Value::Undefined };
        let uri = |uri: String| Value::Object(vec![("uri".into(), Value::Text(uri))]);
        let values = dialog.parameters.iter().map(|(key, value)| (key.clone(), Value::from(value))).collect();
        let ccxml = vec![
            ("sessionid".to_string(), Value::from(&self.sessions[dialog.session].id)),
            ("connectionid".to_string(), Value::from(&dialog.connection)),
            ("dialogid".to_string(), Value::from(id)),
            ("values".to_string(), Value::Object(values)),
        ];
        let mut fields = vec![("ccxml".into(), Value::Object(ccxml))];
        if let Some(call) = self.media.connections.get(&dialog.connection).map(|leg| leg.call) {
            fields.push(("local".into(), uri(self.local(call))));
            fields.push(("remote".into(), uri(self.remote(call))));
        }
        Value::Object(fields)
    }

    pub(crate) fn set_stage(&mut self, id: &str, stage: Stage) {
        if let Some(dialog) = self.dialogs.get_mut(id) {
            dialog.stage = stage;
        }
    }
}

/// What a dialog is about: the `prompt=` among its parameters, otherwise its address.
fn named_prompt(source: &str, list: &[(String, String)]) -> String {
    let query = source.split_once('?').map_or("", |(_, query)| query);
    let in_query = query.split('&').find_map(|pair| pair.strip_prefix("prompt="));
    let in_list = list.iter().find(|(name, _)| name == "prompt").map(|(_, value)| value.as_str());
    in_query.or(in_list).unwrap_or(source).to_string()
}
