//! Dialogs: how they are started, what the caller answers.

use std::time::Duration;

use super::actions::{Failed, Scene};
use super::fetching::VXML;
use crate::caller::{Ask, Entry, Heard};
use crate::clock::millis;
use crate::event::{Event, Value};
use crate::faults::{Effect, Step};
use crate::ids::CallId;
use crate::markup::Element;
use crate::media::{CallState, Input};
use crate::platform::{Call, Dialog, Fetched, Platform, Purpose, Stage, Work};
use crate::trace::What;
use crate::vxml::{self, Form, Keying, Next, Spoken};

/// How long a caller needs for a key.
const KEY: Duration = millis(300);

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
        let dialog = Dialog { session, connection, stage, prompt, parameters, crashes, pending: None };
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
        let keying = Keying { blanks: self.variations.blank_digits, eager: self.variations.eager_digits };
        let mut form = Form::new(document, &self.engine, self.recordings.clone(), keying);
        self.engine.put(form.chain, "session", "connection", self.dialog_session(id));
        if let Input::Conference(conference) = self.media.input(&connection) {
            self.note(session, format!("(the dialog cuts the caller off from {conference})"));
        }
        self.media.hear(&connection, Input::Dialog(id.into()));
        let started = self.dialog_event(id, "dialog.started");
        self.post(session, started);
        let next = if crashes { Next::End { values: None } } else { form.start(&self.engine) };
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

    /// The dialog speaks, and then listens or ends.
    fn proceed(&mut self, id: &str, next: Next) {
        let Some(dialog) = self.dialogs.get_mut(id) else { return };
        let Stage::Running(form) = &mut dialog.stage else { return };
        let (session, connection) = (dialog.session, dialog.connection.clone());
        let (spoken, violations) = (std::mem::take(&mut form.spoken), std::mem::take(&mut form.violations));
        for violation in violations {
            self.note(session, violation);
        }
        let Some(call) = self.media.connections.get(&connection).map(|leg| leg.call) else { return };
        let length = self.speak(id, call, spoken);
        let (delay, work) = match next {
            Next::End { values } => (length.max(millis(10)), Work::DialogEnds(id.into(), values)),
            Next::Listen { typed, .. } if !typed.is_empty() => {
                (length + KEY, Work::DialogHears(id.into(), vxml::Input::Keys(typed)))
            }
            Next::Listen { timeout, interdigit, termchar, .. } => {
                let (time, work) = match self.answer(id, call) {
                    Entry::Digits(keys) => {
                        let finished = !termchar.is_empty() && keys.contains(&termchar);
                        let pause = if finished { Duration::ZERO } else { interdigit };
                        let time = KEY * keys.len().try_into().unwrap_or(u32::MAX) + pause;
                        (time, Work::DialogHears(id.into(), vxml::Input::Keys(keys)))
                    }
                    Entry::Silence => (timeout, Work::DialogHears(id.into(), vxml::Input::Silence)),
                    Entry::Nonsense => (KEY, Work::DialogHears(id.into(), vxml::Input::Noise)),
                    Entry::HangUp => (KEY, Work::HangUp(call)),
                };
                (length + time, work)
            }
        };
        let ticket = self.agenda.after(delay, work);
        if let Some(dialog) = self.dialogs.get_mut(id) {
            dialog.pending = Some(ticket);
        }
    }

    /// The dialog speaks to a caller, who may hear something else; how long it takes.
    fn speak(&mut self, id: &str, call: CallId, spoken: Vec<Spoken>) -> Duration {
        let audible = self.media.input(&self.calls[call].connection) == Input::Dialog(id.into());
        let prompt = self.dialogs.get(id).map_or(String::new(), |dialog| dialog.prompt.clone());
        let mut length = Duration::ZERO;
        for words in spoken {
            let heard = Heard {
                at: self.agenda.now() + length,
                text: words.text.clone(),
                audio: words.audio.clone(),
                missing_audio: words.missing.clone(),
                prompt: prompt.clone(),
            };
            length += words.length();
            if audible {
                let record = &mut self.calls[call].record;
                record.said = format!("{} {}", record.said, heard.text).trim().to_string();
                record.heard.push(heard.clone());
                self.note(call, What::Hears(heard));
            } else {
                self.note(call, What::Misses(heard));
            }
        }
        length
    }

    fn answer(&mut self, id: &str, call: CallId) -> Entry {
        let prompt = self.dialogs.get(id).map_or(String::new(), |dialog| dialog.prompt.clone());
        let Call { record, caller, .. } = &mut self.calls[call];
        let time = record.asked.entry(prompt.clone()).or_default();
        *time += 1;
        let ask = Ask { prompt: prompt.clone(), said: std::mem::take(&mut record.said), time: *time };
        let entry = caller.answer(&ask);
        self.note(call, What::Answers { prompt, entry: entry.clone() });
        entry
    }

    pub(crate) fn dialog_hears(&mut self, id: &str, input: vxml::Input) {
        let Some(Dialog { stage: Stage::Running(form), .. }) = self.dialogs.get_mut(id) else { return };
        let next = form.hear(&self.engine, input);
        self.proceed(id, next);
    }
}

/// What a dialog is about: the `prompt=` among its parameters, otherwise its address.
fn named_prompt(source: &str, list: &[(String, String)]) -> String {
    let query = source.split_once('?').map_or("", |(_, query)| query);
    let in_query = query.split('&').find_map(|pair| pair.strip_prefix("prompt="));
    let in_list = list.iter().find(|(name, _)| name == "prompt").map(|(_, value)| value.as_str());
    in_query.or(in_list).unwrap_or(source).to_string()
}
