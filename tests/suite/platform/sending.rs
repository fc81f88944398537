//! `<send>` and `<cancel>`: timers, messages between sessions, reports to a web application.

use super::Platform;
use super::actions::{Failed, Scene};
use super::caller::CallId;
use super::document::Element;
use super::event::{Event, Value};
use super::session::Work;
use super::web::{Exchange, HttpRequest, form_encode};

/// A message on its way.
pub(super) struct Message {
    from: CallId,
    sendid: String,
    target: String,
    targettype: String,
    name: String,
    list: Vec<(String, String)>,
}

impl Platform {
    pub(super) fn start_send(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        if element.attribute("name").is_none() {
            return self.fail(scene, element, "inline content is more than this platform can do");
        }
        let target = self.text(scene, element, "target")?;
        let targettype = match element.attribute("targettype") {
            Some(_) => self.text(scene, element, "targettype")?,
            None => "ccxml".into(),
        };
        let name = self.text(scene, element, "name")?;
        let letters = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        };
        if !name.split('.').all(letters) {
            return self.fail(scene, element, &format!("{name:?} is no name of an event"));
        }
        let list = self.list(scene, element, "namelist")?;
        let delay = self.time(scene, element, "delay")?.unwrap_or_default();
        self.numbered += 1;
        let sendid = format!("send-{}", self.numbered);
        self.set(scene, element, "sendid", &sendid)?;
        self.note(scene.call, format!("  send {name} to {target} in {delay:?}"));
        let message = Message { from: scene.call, sendid: sendid.clone(), target, targettype, name, list };
        let ticket = self.agenda.after(delay, Work::Send(Box::new(message)));
        self.sessions[scene.call.0].sends.insert(sendid, ticket);
        Ok(())
    }

    pub(super) fn cancel(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let sendid = self.text(scene, element, "sendid")?;
        let ticket = self.sessions[scene.call.0].sends.remove(&sendid);
        let event = if ticket.is_some_and(|ticket| self.agenda.cancel(ticket)) {
            Event::new("cancel.successful")
        } else {
            Event::new("error.notallowed").with("tagname", "cancel").with("reason", "nothing left to cancel")
        };
        self.later(scene.call, 5, event.with("sendid", sendid));
        Ok(())
    }

    /// A message is due.
    pub(super) fn send(&mut self, message: Message) {
        let Message { from, sendid, target, targettype, name, list } = message;
        if !self.sessions[from.0].alive {
            return;
        }
        self.sessions[from.0].sends.remove(&sendid);
        let failed = match targettype.as_str() {
            "ccxml" => match self.sessions.iter().position(|session| session.alive && session.id == target) {
                Some(receiver) => {
                    let mut event = Event::new(name)
                        .with("eventid", &sendid)
                        .with("eventsource", &self.sessions[from.0].id);
                    event.fields.extend(list.into_iter().map(|(key, value)| (key, Value::Text(value))));
                    self.post(CallId(receiver), event);
                    None
                }
                None => Some("error.send.targetunavailable"),
            },
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

    /// Sends an event to a web application; whether it took it.
    fn post_event(&mut self, from: CallId, target: &str, name: &str, list: &[(String, String)]) -> bool {
        let own = [
            ("name".to_string(), name.to_string()),
            ("sessionid".to_string(), self.sessions[from.0].id.clone()),
        ];
        let pairs =
            own.iter().chain(list).map(|(key, value)| format!("{}={}", form_encode(key), form_encode(value)));
        let form = Some(pairs.collect::<Vec<_>>().join("&"));
        let (at, caller) = (self.agenda.now(), self.records[from.0].number.clone());
        let request = HttpRequest { method: "POST", url: target.into(), form, at, caller };
        let response = self.web.request(&request);
        let taken = (200..300).contains(&response.status);
        self.exchanges.push(Exchange { request, response: Some(response) });
        taken
    }
}
