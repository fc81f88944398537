//! Dialogs: how they are started, what the caller answers, how they end.

use std::time::Duration;

use super::Platform;
use super::actions::{Failed, Scene};
use super::caller::{Ask, CallId, Entry, Heard};
use super::clock::{Ticket, millis};
use super::document::Element;
use super::event::{Event, Value};
use super::faults::{Effect, Happening};
use super::fetching::{Fetched, Purpose, VXML};
use super::form::{self, Form, Keying, Next};
use super::media::{CallState, Input};
use super::session::Work;
use super::web::resolve;

/// How long a caller needs for a key.
const KEY: Duration = millis(300);

/// A dialog on a connection.
pub(super) struct Dialog {
    pub(super) call: CallId,
    pub(super) connection: String,
    pub(super) stage: Stage,
    /// The `prompt=` of its address, or the whole address.
    prompt: String,
    parameters: Vec<(String, String)>,
    crashes: bool,
    /// What it is waiting for, once it runs.
    pub(super) pending: Option<Ticket>,
}

pub(super) enum Stage {
    /// Its document is being fetched.
    Starting,
    Running(Box<Form>),
    Over,
}

impl Dialog {
    pub(super) fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }
}

impl Platform {
    pub(super) fn start_dialog(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let call = scene.call;
        for name in ["prepareddialogid", "conferenceid"] {
            if element.attribute(name).is_some() {
                return self.fail(
                    scene,
                    element,
                    &format!("dialogstart/@{name} is more than this platform can do"),
                );
            }
        }
        let source = resolve(scene.document.base(), &self.text(scene, element, "src")?);
        let media_type = self.word(scene, element, "type", &[VXML])?;
        let post = self.word(scene, element, "method", &["get", "post"])? == "post";
        self.word(scene, element, "mediadirection", &["both", "dialogtransmit", "dialogreceive"])?;
        let list = self.list(scene, element, "namelist")?;
        let parameters = self.list(scene, element, "parameters")?;
        let Some(connection) = self.connection(scene, element)? else { return Ok(()) };
        let id = self.new_id("dialog");
        self.set(scene, element, "dialogid", &id)?;
        self.note(call, format!("  dialogstart {id} {source}"));
        let effects = self.faults(call, &Happening::DialogStart);
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
        let dialog = Dialog { call, connection, stage, prompt, parameters, crashes, pending: None };
        self.dialogs.insert(id.clone(), dialog);
        match refused {
            Some(reason) => {
                let event = self.not_started(&id, reason);
                self.later(call, 50, event);
            }
            None => self.plan(call, Purpose::Dialog { id, media_type }, &source, post, &list),
        }
        Ok(())
    }

    pub(super) fn dialog_event(&self, id: &str, name: &str) -> Event {
        Event::new(name).with("dialogid", id).with("connectionid", &self.dialogs[id].connection)
    }

    pub(super) fn not_started(&self, id: &str, reason: &str) -> Event {
        self.dialog_event(id, "error.dialog.notstarted").with("reason", reason)
    }

    /// The document of a dialog has come, or has not.
    pub(super) fn dialog_fetched(&mut self, id: &str, content: Result<Fetched, String>) {
        let Some(dialog) = self.dialogs.get(id).filter(|dialog| matches!(dialog.stage, Stage::Starting))
        else {
            return;
        };
        let (call, connection, crashes) = (dialog.call, dialog.connection.clone(), dialog.crashes);
        let document = match content {
            Ok(Fetched::Document(document)) => document,
            content => {
                let reason = content.err().unwrap_or("no VoiceXML document".into());
                let event = self.not_started(id, &reason);
                self.set_stage(id, Stage::Over);
                return self.post(call, event);
            }
        };
        let keying = Keying { blanks: self.variations.blank_digits, eager: self.variations.eager_digits };
        let mut form = Form::new(document, &self.engine, self.recordings.clone(), keying);
        self.engine.put(form.chain, "session", "connection", self.dialog_session(id));
        if let super::media::Input::Conference(conference) = &self.media.connections[&connection].input {
            let text = format!("  (the dialog cuts the caller off from {conference})");
            self.note(call, text);
        }
        self.media.hear(&connection, Input::Dialog(id.into()));
        let started = self.dialog_event(id, "dialog.started");
        self.post(call, started);
        let next = if crashes { Next::End { values: None } } else { form.start(&self.engine) };
        self.set_stage(id, Stage::Running(Box::new(form)));
        self.proceed(id, next);
    }

    /// `session.connection` of VoiceXML.
    fn dialog_session(&self, id: &str) -> Value {
        let dialog = &self.dialogs[id];
        let uri = |uri: String| Value::Object(vec![("uri".into(), Value::Text(uri))]);
        let values = dialog.parameters.iter().map(|(key, value)| (key.clone(), Value::from(value))).collect();
        let ccxml = vec![
            ("sessionid".to_string(), Value::from(&self.sessions[dialog.call.0].id)),
            ("connectionid".to_string(), Value::from(&dialog.connection)),
            ("dialogid".to_string(), Value::from(id)),
            ("values".to_string(), Value::Object(values)),
        ];
        Value::Object(vec![
            ("local".into(), uri("tel:+49300".into())),
            ("remote".into(), uri(format!("tel:{}", self.records[dialog.call.0].number))),
            ("ccxml".into(), Value::Object(ccxml)),
        ])
    }

    pub(super) fn set_stage(&mut self, id: &str, stage: Stage) {
        if let Some(dialog) = self.dialogs.get_mut(id) {
            dialog.stage = stage;
        }
    }

    /// The dialog speaks, and then listens or ends.
    fn proceed(&mut self, id: &str, next: Next) {
        let Some(Dialog { call, connection, prompt, stage: Stage::Running(form), .. }) =
            self.dialogs.get_mut(id)
        else {
            return;
        };
        let (call, prompt, connection) = (*call, prompt.clone(), connection.clone());
        let (spoken, violations) = (std::mem::take(&mut form.spoken), std::mem::take(&mut form.violations));
        for violation in violations {
            self.violation(call, violation);
        }
        let audible = self.media.connections[&connection].input == Input::Dialog(id.into());
        let mut length = Duration::ZERO;
        for words in spoken {
            length += words.length();
            self.note(
                call,
                format!(
                    "  {} {:?} {:?}",
                    if audible { "hears" } else { "cannot hear" },
                    words.text,
                    words.audio
                ),
            );
            if audible {
                let record = &mut self.records[call.0];
                record.said = format!("{} {}", record.said, words.text).trim().to_string();
                record.heard.push(Heard {
                    at: self.agenda.now(),
                    text: words.text,
                    audio: words.audio,
                    missing_audio: words.missing,
                    prompt: prompt.clone(),
                });
            }
        }
        let (delay, work) = match next {
            Next::End { values } => (length.max(millis(10)), Work::DialogEnds(id.into(), values)),
            Next::Listen { timeout, interdigit, termchar, typed } => {
                if !typed.is_empty() {
                    (length + KEY, Work::DialogHears(id.into(), form::Input::Keys(typed)))
                } else {
                    match self.answer(call, &prompt) {
                        Entry::Digits(keys) => {
                            let finished = !termchar.is_empty() && keys.contains(&termchar);
                            let time =
                                KEY * keys.len() as u32 + if finished { Duration::ZERO } else { interdigit };
                            (length + time, Work::DialogHears(id.into(), form::Input::Keys(keys)))
                        }
                        Entry::Silence => {
                            (length + timeout, Work::DialogHears(id.into(), form::Input::Silence))
                        }
                        Entry::Nonsense => (length + KEY, Work::DialogHears(id.into(), form::Input::Noise)),
                        Entry::HangUp => (length + KEY, Work::HangUp(call)),
                    }
                }
            }
        };
        let ticket = self.agenda.after(delay, work);
        if let Some(dialog) = self.dialogs.get_mut(id) {
            dialog.pending = Some(ticket);
        }
    }

    fn answer(&mut self, call: CallId, prompt: &str) -> Entry {
        let record = &mut self.records[call.0];
        let time = record.asked.entry(prompt.into()).or_default();
        *time += 1;
        let ask = Ask { prompt: prompt.into(), said: std::mem::take(&mut record.said), time: *time };
        let entry = self.callers[call.0].answer(&ask);
        self.note(call, format!("  answers {prompt} with {entry:?}"));
        entry
    }

    pub(super) fn dialog_hears(&mut self, id: &str, input: form::Input) {
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
