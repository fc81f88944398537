//! Dialogs: how they are started, what the caller answers.

use std::rc::Rc;

use super::actions::{Context, Failed};
use super::fetching::VXML;
use crate::event::{Event, Value};
use crate::faults::{Effect, Step};
use crate::markup::{Document, Element};
use crate::media::{CallState, Input};
use crate::platform::{Dialog, Fetched, Platform, Purpose, Stage};
use crate::vxml::{Form, Next};

/// What a dialog is to be made of.
struct DialogSource {
    source: String,
    media_type: String,
    post: bool,
    list: Vec<(String, String)>,
    parameters: Vec<(String, String)>,
}

impl Platform {
    pub(crate) fn prepare_dialog(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let from = self.dialog_source(context, element)?;
        let dialog = match element.attribute("connectionid").or(element.attribute("conferenceid")) {
            Some(_) => match self.place(context, element)? {
                Some(dialog) => dialog,
                None => return Ok(()),
            },
            None => Dialog::new(context.session, String::new(), String::new()),
        };
        self.new_dialog(context, element, from, Dialog { stage: Stage::Preparing, ..dialog })
    }

    pub(crate) fn start_dialog(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        if element.attribute("prepareddialogid").is_some() {
            return self.start_prepared(context, element);
        }
        let from = self.dialog_source(context, element)?;
        let Some(dialog) = self.place(context, element)? else { return Ok(()) };
        self.new_dialog(context, element, from, dialog)
    }

    /// What a dialog is made of, by the attributes of an element.
    fn dialog_source(&mut self, context: &Context, element: &Element) -> Result<DialogSource, Failed> {
        let source = self.address(context, element, "src")?;
        let media_type = self.word(context, element, "type", &[VXML])?;
        let post = self.word(context, element, "method", &["get", "post"])? == "post";
        self.word(context, element, "mediadirection", &["both", "dialogtransmit", "dialogreceive"])?;
        let list = self.list(context, element, "namelist")?;
        let parameters = self.list(context, element, "parameters")?;
        Ok(DialogSource { source, media_type, post, list, parameters })
    }

    /// A dialog where an element wants it; none, with an `error.semantic`, where there is no such place.
    fn place(&mut self, context: &Context, element: &Element) -> Result<Option<Dialog>, Failed> {
        if element.attribute("conferenceid").is_some() {
            let id = self.text(context, element, "conferenceid")?;
            let dialog = Dialog::new(context.session, String::new(), String::new());
            let known = self.known(context, element, &id);
            return Ok(known.then_some(Dialog { conference: Some(id), ..dialog }));
        }
        let connection = self.connection(context, element)?;
        Ok(connection.map(|connection| Dialog::new(context.session, connection, String::new())))
    }

    fn new_dialog(
        &mut self,
        context: &Context,
        element: &Element,
        from: DialogSource,
        dialog: Dialog,
    ) -> Result<(), Failed> {
        let DialogSource { source, media_type, post, list, parameters } = from;
        let id = self.new_id("dialog");
        self.set(context, element, "dialogid", &id)?;
        self.action(context, element, format!("{id} {source}"));
        let effects = self.faults(context.session, &Step::DialogStart);
        let refused = if effects.iter().any(|effect| matches!(effect, Effect::Fails)) {
            Some("no resources")
        } else if matches!(dialog.stage, Stage::Preparing) {
            None
        } else {
            self.why_refused(&dialog)
        };
        let crashes = effects.iter().any(|effect| matches!(effect, Effect::Crashes));
        let prompt = named_prompt(&source, &list);
        self.dialogs.insert(id.clone(), Dialog { prompt, parameters, crashes, ..dialog });
        match refused {
            Some(reason) => {
                let event = self.not_started(&id, reason);
                self.set_stage(&id, Stage::Over);
                self.later(context.session, 50, event);
            }
            None => self.plan(context.session, Purpose::Dialog { id, media_type }, &source, post, &list),
        }
        Ok(())
    }

    /// Why a dialog cannot be where it is to be.
    fn why_refused(&self, dialog: &Dialog) -> Option<&'static str> {
        if let Some(conference) = &dialog.conference {
            let there = self.media.conferences.contains_key(conference);
            return (!there).then_some("the conference is gone");
        }
        let busy = |other: &Dialog| {
            let waits = matches!(other.stage, Stage::Over | Stage::Preparing | Stage::Prepared(_));
            other.connection == dialog.connection && !waits
        };
        if self.dialogs.values().any(busy) {
            Some("the connection has a dialog already")
        } else if self.media.state(&dialog.connection) != CallState::Connected {
            Some("the connection is not up")
        } else {
            None
        }
    }

    fn start_prepared(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let id = self.text(context, element, "prepareddialogid")?;
        self.set(context, element, "dialogid", &id)?;
        let told = element.attribute("connectionid").or(element.attribute("conferenceid")).is_some();
        let placed = self
            .dialogs
            .get(&id)
            .is_some_and(|dialog| !dialog.connection.is_empty() || dialog.conference.is_some());
        let place = if told || !placed { self.place(context, element)? } else { None };
        self.action(context, element, id.as_str());
        let session = context.session;
        let Some(mut dialog) = self.dialogs.remove(&id) else {
            let reason = format!("there is no dialog {id:?}");
            self.semantic(session, &context.document, element, &reason);
            return Ok(());
        };
        if let Some(place) = place {
            (dialog.connection, dialog.conference) = (place.connection, place.conference);
        }
        let refused = if told && placed {
            Some("it was told already where to start")
        } else {
            self.why_refused(&dialog)
        };
        let document = match (std::mem::replace(&mut dialog.stage, Stage::Starting), refused) {
            (Stage::Prepared(document), None) => Some(document),
            _ => None,
        };
        self.dialogs.insert(id.clone(), dialog);
        match document {
            Some(document) => self.begin_dialog(&id, document),
            None => {
                let event = self.not_started(&id, refused.unwrap_or("it is not prepared"));
                self.set_stage(&id, Stage::Over);
                self.post(session, event);
            }
        }
        Ok(())
    }

    pub(crate) fn dialog_event(&self, id: &str, name: &str) -> Event {
        let event = Event::new(name).with("dialogid", id);
        match self.dialogs.get(id) {
            Some(Dialog { conference: Some(conference), .. }) => event.with("conferenceid", conference),
            Some(dialog) => event.with("connectionid", &dialog.connection),
            None => event,
        }
    }

    pub(crate) fn not_started(&self, id: &str, reason: &str) -> Event {
        self.dialog_event(id, "error.dialog.notstarted").with("reason", reason)
    }

    /// The document of a dialog has come, or has not.
    pub(crate) fn dialog_fetched(&mut self, id: &str, content: Result<Fetched, String>) {
        let Some(dialog) = self.dialogs.get(id) else { return };
        let session = dialog.session;
        let preparing = match dialog.stage {
            Stage::Starting => false,
            Stage::Preparing => true,
            _ => return,
        };
        match content {
            Ok(Fetched::Document(document)) if preparing => {
                self.set_stage(id, Stage::Prepared(document));
                let event = self.dialog_event(id, "dialog.prepared");
                self.post(session, event);
            }
            Ok(Fetched::Document(document)) => self.begin_dialog(id, document),
            content => {
                let reason = content.err().unwrap_or("no VoiceXML document".into());
                let name = if preparing { "error.dialog.notprepared" } else { "error.dialog.notstarted" };
                let event = self.dialog_event(id, name).with("reason", reason);
                self.set_stage(id, Stage::Over);
                self.post(session, event);
            }
        }
    }

    fn begin_dialog(&mut self, id: &str, document: Rc<Document>) {
        let Some(dialog) = self.dialogs.get(id) else { return };
        let (session, connection, crashes) = (dialog.session, dialog.connection.clone(), dialog.crashes);
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

    /// `<send targettype="'dialog'">`: the dialog catches the event by its name; whether there is such a dialog.
    pub(crate) fn send_to_dialog(&mut self, id: &str, name: &str) -> bool {
        let Some(dialog) = self.dialogs.get_mut(id) else { return false };
        let Stage::Running(form) = &mut dialog.stage else { return false };
        let next = form.receive(&self.engine, name);
        self.proceed(id, next);
        true
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
