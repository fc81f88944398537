//! `<send>` and `<cancel>`: timers, messages between sessions, reports to a web application.

use super::actions::{Context, Failed};
use crate::event::{Event, Value};
use crate::ids::SessionId;
use crate::markup::Element;
use crate::platform::{Message, Platform, Work};
use crate::trace::{Sender, What};
use crate::variations::Sends;
use crate::web::address::encode_fields;
use crate::web::{Exchange, HttpRequest};

impl Platform {
    pub(crate) fn start_send(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        if element.attribute("name").is_none() {
            return self.fail(context, element, "inline content is more than this platform can do");
        }
        let target = self.text(context, element, "target")?;
        let targettype = match element.attribute("targettype") {
            Some(_) => self.text(context, element, "targettype")?,
            None => "ccxml".into(),
        };
        let name = self.text(context, element, "name")?;
        let letters = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        };
        if !name.split('.').all(letters) {
            return self.fail(context, element, &format!("{name:?} is no name of an event"));
        }
        let list = self.list(context, element, "namelist")?;
        let delay = self.time(context, element, "delay")?.unwrap_or_default();
        let sendid = self.new_send_id();
        self.set(context, element, "sendid", &sendid)?;
        self.action(context, element, format!("{name} to {target} in {delay:?}"));
        let message =
            Message { from: context.session, sendid: sendid.clone(), target, targettype, name, list };
        let work = self.agenda.after(delay, Work::Send(Box::new(message)));
        self.sessions[context.session].sends.insert(sendid, work);
        Ok(())
    }

    pub(crate) fn cancel(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let sendid = self.text(context, element, "sendid")?;
        let work = self.sessions[context.session].sends.remove(&sendid);
        let event = if work.is_some_and(|work| self.agenda.cancel(work)) {
            Event::new("cancel.successful")
        } else {
            Event::new("error.notallowed").with("tagname", "cancel").with("reason", "nothing left to cancel")
        };
        self.later(context.session, 5, event.with("sendid", sendid));
        Ok(())
    }

    /// A message is due.
    pub(crate) fn send(&mut self, message: Message) {
        let Message { from, sendid, target, targettype, name, list } = message;
        if !self.sessions[from].alive {
            return;
        }
        self.sessions[from].sends.remove(&sendid);
        let failed = match targettype.as_str() {
            "ccxml" => {
                let mut event =
                    Event::new(name).with("eventid", &sendid).with("eventsource", &self.sessions[from].id);
                event.fields.extend(list.into_iter().map(|(key, value)| (key, Value::Text(value))));
                self.send_to_session(from, &target, event).err()
            }
            "dialog" => (!self.send_to_dialog(&target, &name)).then_some("error.send.targetunavailable"),
            "basichttp" => (!self.post_event(from, &target, &name, &list)).then_some("error.send.failed"),
            _ => Some("error.send.targettypeinvalid"),
        };
        let event = match failed {
            None => Event::new("send.successful"),
            Some(name) => {
                Event::new(name).with("tagname", "send").with("reason", "the target did not take it")
            }
        };
        self.later(from, 5, event.with("sendid", sendid));
    }

    /// Delivers an event to the session of that identifier; the error that says why it can't be.
    fn send_to_session(&mut self, from: SessionId, target: &str, event: Event) -> Result<(), &'static str> {
        let receiver = self.live_session(target).ok_or("error.send.targetunavailable")?;
        if receiver == from {
            self.post(receiver, event);
            return Ok(());
        }
        let Sends::Delivered(delay) = self.variations.sends else { return Err("error.send.failed") };
        let by = match self.sessions[from].caller {
            Some(call) => Sender::Call(call),
            None => Sender::Session(self.sessions[from].id.clone()),
        };
        self.note(receiver, What::Told { by, event: event.clone() });
        if delay.is_zero() {
            self.post(receiver, event);
        } else {
            self.agenda.after(delay, Work::Deliver(receiver, event));
        }
        Ok(())
    }

    /// The session of that identifier, if it has begun and not ended.
    pub(crate) fn live_session(&self, id: &str) -> Option<SessionId> {
        let mut sessions = self.sessions.iter().filter(|(_, session)| session.id == id);
        sessions.find(|(_, session)| self.lives(session)).map(|(session, _)| session)
    }

    /// Sends an event to a web application; whether it took it.
    fn post_event(&mut self, from: SessionId, target: &str, name: &str, list: &[(String, String)]) -> bool {
        let own = [("name", name), ("sessionid", self.sessions[from].id.as_str())];
        let pairs = own.into_iter().chain(list.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        let form = Some(encode_fields(pairs));
        let at = self.agenda.now();
        let request =
            HttpRequest { method: "POST", url: target.into(), form, at, caller: self.name_of(from) };
        let response = self.web.request(&request);
        let taken = response.as_ref().is_ok_and(|response| (200..300).contains(&response.status));
        self.exchanged(from, Exchange { request, response });
        taken
    }
}

/// Whether it can name a property in a list of names.
pub(super) fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}
