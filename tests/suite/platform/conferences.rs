//! Conferences: how sessions attach to them by name, how callers are joined, and who is told of it.

use super::Platform;
use super::actions::{Failed, Scene};
use super::caller::CallId;
use super::clock::millis;
use super::document::Element;
use super::event::{Event, Value};
use super::faults::{Effect, Happening};
use super::media::Conference;
use super::session::Work;

impl Platform {
    /// The sessions that hear of a bridge between a call's leg and a conference.
    pub(super) fn audience(&self, call: CallId, conference: &str) -> Vec<CallId> {
        let mut listeners = vec![call];
        if self.variations.bystanders
            && let Some(room) = self.media.conferences.get(conference)
        {
            listeners.extend(room.attached.iter().filter(|attached| **attached != call));
        }
        listeners
    }

    pub(super) fn create_conference(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let call = scene.call;
        let name = match element.attribute("confname") {
            Some(_) => Some(self.text(scene, element, "confname")?),
            None => None,
        };
        let fails = self
            .faults(call, &Happening::CreateConference)
            .iter()
            .any(|effect| matches!(effect, Effect::Fails));
        let existing = name.as_deref().and_then(|name| self.media.named(name)).map(|(id, _)| id.clone());
        let id = existing.unwrap_or_else(|| self.new_id("conference"));
        // A variable that does not exist is an error, and no conference is made.
        self.set(scene, element, "conferenceid", &id)?;
        self.note(call, format!("  createconference {}", name.as_deref().unwrap_or("without a name")));
        if fails {
            let event = Event::new("error.conference.create")
                .with("conferenceid", &id)
                .with("reason", "no resources");
            self.later(call, 50, event);
            return Ok(());
        }
        let room = self.media.conferences.entry(id.clone());
        let empty =
            || Conference { name: name.clone(), attached: Default::default(), members: Default::default() };
        room.or_insert_with(empty).attached.insert(call);
        let mut fields = vec![("conferenceid".to_string(), Value::from(&id))];
        fields.extend(name.map(|name| ("conferencename".to_string(), Value::from(name))));
        self.later(
            call,
            50,
            Event::new("conference.created")
                .with("conferenceid", &id)
                .with("conference", Value::Object(fields)),
        );
        Ok(())
    }

    pub(super) fn destroy_conference(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let id = self.text(scene, element, "conferenceid")?;
        if !self.known(scene, element, &id) {
            return Ok(());
        }
        self.note(scene.call, format!("  destroyconference {id}"));
        let attached =
            self.media.conferences.get(&id).is_some_and(|room| room.attached.contains(&scene.call));
        if attached {
            self.detach(scene.call, &id);
            self.later(scene.call, 40, Event::new("conference.destroyed").with("conferenceid", &id));
        } else {
            let event = Event::new("error.conference.destroy")
                .with("conferenceid", &id)
                .with("reason", "not attached");
            self.later(scene.call, 40, event);
        }
        Ok(())
    }

    /// Takes a session off a conference. One that nobody is attached to any more is gone, whoever is in it.
    pub(super) fn detach(&mut self, call: CallId, conference: &str) {
        let Some(room) = self.media.conferences.get_mut(conference) else { return };
        room.attached.remove(&call);
        if room.attached.is_empty() {
            self.dissolve(conference);
        }
    }

    /// Ends a conference: whoever is still in it is unjoined and told so.
    pub(super) fn dissolve(&mut self, conference: &str) {
        let Some(room) = self.media.conferences.get(conference) else { return };
        let members: Vec<String> = room.members.keys().cloned().collect();
        for member in members {
            self.media.unjoin(&member, conference);
            if let Some(leg) = self.media.connections.get(&member) {
                let event = Event::new("conference.unjoined").with("id1", &member).with("id2", conference);
                self.post(leg.call, event);
            }
        }
        self.media.conferences.remove(conference);
    }

    pub(super) fn start_bridge(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let call = scene.call;
        let (id1, id2) = (self.text(scene, element, "id1")?, self.text(scene, element, "id2")?);
        let duplex = self.word(scene, element, "duplex", &["full", "half"])?;
        let mut tones = [false; 2];
        for (tone, name) in tones.iter_mut().zip(["entertone", "exittone"]) {
            *tone = element.attribute(name).is_some() && self.text(scene, element, name)? != "false";
        }
        for name in ["dtmfclamp", "toneclamp"] {
            self.word(scene, element, name, &["true", "false"])?;
        }
        if !self.known(scene, element, &id1) || !self.known(scene, element, &id2) {
            return Ok(());
        }
        self.note(call, format!("  {} {id1} and {id2}, {duplex}", element.name));
        let join = element.name == "join";
        let fancy = ["entertone", "exittone", "autoinputgain", "autooutputgain", "dtmfclamp", "toneclamp"];
        let fancy = fancy.iter().any(|name| element.attribute(name).is_some());
        let happening = if join { Happening::Join { fancy } } else { Happening::Unjoin };
        let effects = self.faults(call, &happening);
        if effects.iter().any(|effect| matches!(effect, Effect::Unsupported)) {
            let event = Event::new("error.unsupported").with("tagname", &element.name);
            self.post(call, event.with("reason", "an attribute is not supported"));
            return Ok(());
        }
        let fails = effects.iter().any(|effect| matches!(effect, Effect::Fails));
        if join {
            self.agenda
                .after(millis(60), Work::Join { call, id1, id2, full: duplex == "full", tones, fails });
        } else {
            self.agenda.after(millis(40), Work::Unjoin { call, id1, id2, fails });
        }
        Ok(())
    }

    pub(super) fn join(
        &mut self,
        call: CallId,
        id1: &str,
        id2: &str,
        full: bool,
        tones: [bool; 2],
        fails: bool,
    ) {
        if !self.sessions[call.0].alive {
            return;
        }
        let joined = if fails { Err("no resources".into()) } else { self.media.join(id1, id2, full, tones) };
        if let Err(reason) = joined {
            let event =
                Event::new("error.conference.join").with("id1", id1).with("id2", id2).with("reason", reason);
            return self.post(call, event);
        }
        let event = Event::new("conference.joined").with("id1", id1).with("id2", id2);
        for listener in self.bridged(call, id1, id2) {
            if [id1, id2].contains(&self.sessions[listener.0].connection.as_str()) {
                self.records[listener.0].said.clear();
            }
            self.post(listener, event.clone());
        }
    }

    pub(super) fn unjoin(&mut self, call: CallId, id1: &str, id2: &str, fails: bool) {
        if !self.sessions[call.0].alive {
            return;
        }
        let reason = if fails {
            "refused"
        } else if self.media.unjoin(id1, id2) {
            let event = Event::new("conference.unjoined").with("id1", id1).with("id2", id2);
            for listener in self.bridged(call, id1, id2) {
                self.post(listener, event.clone());
            }
            return;
        } else {
            "they are not joined"
        };
        self.post(
            call,
            Event::new("error.conference.unjoin").with("id1", id1).with("id2", id2).with("reason", reason),
        );
    }

    /// The sessions that hear of a bridge: who asked for it, who owns one of the two, and perhaps the bystanders.
    pub(super) fn bridged(&self, call: CallId, id1: &str, id2: &str) -> Vec<CallId> {
        let mut listeners = vec![call];
        for id in [id1, id2] {
            let owner = self.media.connections.get(id).map(|leg| leg.call);
            listeners.extend(owner.into_iter().chain(self.audience(call, id)));
        }
        listeners.sort();
        listeners.dedup();
        listeners
    }
}
