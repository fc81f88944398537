//! Bridges: how connections are joined and unjoined, and who is told of it.

use super::actions::{Context, Failed};
use crate::clock::millis;
use crate::event::Event;
use crate::faults::{Effect, Step};
use crate::ids::SessionId;
use crate::markup::Element;
use crate::media::Terms;
use crate::platform::{Join, Platform, Work};

/// What a join asks for beyond who hears whom.
const EXTRAS: &[&str] =
    &["entertone", "exittone", "autoinputgain", "autooutputgain", "dtmfclamp", "toneclamp"];

impl Platform {
    pub(crate) fn start_bridge(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let session = context.session;
        let (id1, mut id2) = (self.text(context, element, "id1")?, self.text(context, element, "id2")?);
        if context.document.draft {
            // Here a name does for an id; of a conference that is gone there is none.
            id2 = self.media.named(&id2).map_or(id2, |(id, _)| id.clone());
            if !self.media.known.contains(&id2) {
                let event = Event::new("error.conference.join").with("id1", id1).with("id2", id2);
                self.later(session, 60, event.with("reason", "there is no such conference"));
                return Ok(());
            }
        }
        let duplex = self.word(context, element, "duplex", &["full", "half"])?;
        let enter_tone = self.tone(context, element, "entertone")?;
        let exit_tone = self.tone(context, element, "exittone")?;
        for name in ["dtmfclamp", "toneclamp"] {
            self.word(context, element, name, &["true", "false"])?;
        }
        if !self.known(context, element, &id1) || !self.known(context, element, &id2) {
            return Ok(());
        }
        self.action(context, element, format!("{id1} and {id2}, {duplex}"));
        let join = element.name == "join";
        let extras = EXTRAS.iter().any(|name| element.attribute(name).is_some());
        let effects = self.faults(session, &if join { Step::Join { extras } } else { Step::Unjoin });
        if effects.iter().any(|effect| matches!(effect, Effect::Unsupported)) {
            let event = Event::new("error.unsupported").with("tagname", &element.name);
            self.post(session, event.with("reason", "an attribute is not supported"));
            return Ok(());
        }
        let fails = effects.iter().any(|effect| matches!(effect, Effect::Fails));
        if join {
            let terms = Terms { full: duplex == "full", enter_tone, exit_tone };
            self.agenda.after(millis(60), Work::Join(Box::new(Join { session, id1, id2, terms, fails })));
        } else {
            self.agenda.after(millis(40), Work::Unjoin { session, id1, id2, fails });
        }
        Ok(())
    }

    /// Whether a tone is wanted: `'false'` is none, `'true'` or an address is one.
    fn tone(&mut self, context: &Context, element: &Element, name: &str) -> Result<bool, Failed> {
        Ok(element.attribute(name).is_some() && self.text(context, element, name)? != "false")
    }

    pub(crate) fn join(&mut self, join: Join) {
        let Join { session, id1, id2, terms, fails } = join;
        if !self.sessions[session].alive {
            return;
        }
        let joined = if fails { Err("no resources".into()) } else { self.media.join(&id1, &id2, terms) };
        if let Err(reason) = joined {
            let event = Event::new("error.conference.join").with("id1", id1).with("id2", id2);
            return self.post(session, event.with("reason", reason));
        }
        let legs = [&id1, &id2].map(|id| self.media.connections.get(id).map(|leg| leg.call));
        let event = Event::new("conference.joined").with("id1", &id1).with("id2", &id2);
        for listener in self.bridged(session, &id1, &id2) {
            self.post(listener, event.clone());
        }
        for call in legs.into_iter().flatten() {
            self.calls[call].record.said.clear();
            self.signal_something(call);
        }
    }

    pub(crate) fn unjoin(&mut self, session: SessionId, id1: &str, id2: &str, fails: bool) {
        if !self.sessions[session].alive {
            return;
        }
        let with_ids = |name: &str| Event::new(name).with("id1", id1).with("id2", id2);
        let reason = if fails {
            "refused"
        } else if self.media.unjoin(id1, id2) {
            for listener in self.bridged(session, id1, id2) {
                self.post(listener, with_ids("conference.unjoined"));
            }
            return;
        } else {
            "they are not joined"
        };
        self.post(session, with_ids("error.conference.unjoin").with("reason", reason));
    }

    /// The sessions that hear of a bridge: who asked for it, who owns one of the two, and perhaps the bystanders.
    fn bridged(&self, session: SessionId, id1: &str, id2: &str) -> Vec<SessionId> {
        let mut listeners = vec![session];
        for id in [id1, id2] {
            listeners.extend(self.owner(id).into_iter().chain(self.audience(session, id)));
        }
        listeners.sort();
        listeners.dedup();
        listeners
    }

    /// The sessions that hear of a bridge between a session's leg and a conference.
    pub(crate) fn audience(&self, session: SessionId, conference: &str) -> Vec<SessionId> {
        let mut listeners = vec![session];
        if self.variations.bystanders
            && let Some(room) = self.media.conferences.get(conference)
        {
            listeners.extend(room.attached.iter().filter(|attached| **attached != session));
        }
        listeners
    }
}
