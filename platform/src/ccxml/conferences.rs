//! Conferences: how sessions attach to them by name, and leave them.

use super::actions::{Context, Failed};
use crate::event::{Event, Value};
use crate::faults::{Effect, Step};
use crate::ids::SessionId;
use crate::markup::Element;
use crate::media::Conference;
use crate::platform::Platform;

impl Platform {
    pub(crate) fn create_conference(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let session = context.session;
        let name = match element.attribute("confname") {
            Some(_) => Some(self.text(context, element, "confname")?),
            None => None,
        };
        let effects = self.faults(session, &Step::CreateConference);
        let existing = name.as_deref().and_then(|name| self.media.named(name)).map(|(id, _)| id.clone());
        let id = existing.unwrap_or_else(|| self.new_id("conference"));
        // A variable that does not exist is an error, and no conference is made.
        self.set(context, element, "conferenceid", &id)?;
        self.action(context, element, name.as_deref().unwrap_or("without a name"));
        if effects.iter().any(|effect| matches!(effect, Effect::Fails)) {
            let event = Event::new("error.conference.create").with("conferenceid", &id);
            self.later(session, 50, event.with("reason", "no resources"));
            return Ok(());
        }
        let room = self.media.conferences.entry(id.clone());
        let empty = || Conference { name: name.clone(), ..Conference::default() };
        room.or_insert_with(empty).attached.insert(session);
        let mut fields = vec![("conferenceid".to_string(), Value::from(&id))];
        fields.extend(name.map(|name| ("conferencename".to_string(), Value::from(name))));
        let event = Event::new("conference.created").with("conferenceid", &id);
        self.later(session, 50, event.with("conference", Value::Object(fields)));
        Ok(())
    }

    pub(crate) fn destroy_conference(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let id = self.text(context, element, "conferenceid")?;
        if !self.known(context, element, &id) {
            return Ok(());
        }
        self.action(context, element, id.as_str());
        if self.attachments(context.session).contains(&id) {
            self.detach(context.session, &id);
            self.later(context.session, 40, Event::new("conference.destroyed").with("conferenceid", &id));
        } else {
            let event = Event::new("error.conference.destroy").with("conferenceid", &id);
            self.later(context.session, 40, event.with("reason", "not attached"));
        }
        Ok(())
    }

    /// The conferences that a session is attached to.
    pub(crate) fn attachments(&self, session: SessionId) -> Vec<String> {
        let attached = self.media.conferences.iter().filter(|(_, room)| room.attached.contains(&session));
        attached.map(|(id, _)| id.clone()).collect()
    }

    /// Takes a session off a conference. One that nobody is attached to any more is gone, whoever is in it.
    pub(crate) fn detach(&mut self, session: SessionId, conference: &str) {
        let Some(room) = self.media.conferences.get_mut(conference) else { return };
        room.attached.remove(&session);
        if room.attached.is_empty() {
            self.dissolve(conference);
        }
    }

    /// Ends a conference: whoever is still in it is unjoined and told so.
    pub(crate) fn dissolve(&mut self, conference: &str) {
        let Some(room) = self.media.conferences.get(conference) else { return };
        let members: Vec<String> = room.members.keys().cloned().collect();
        for member in members {
            self.media.unjoin(&member, conference);
            if let Some(owner) = self.owner(&member) {
                let event = Event::new("conference.unjoined").with("id1", &member).with("id2", conference);
                self.post(owner, event);
            }
        }
        self.media.conferences.remove(conference);
    }
}
