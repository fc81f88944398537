//! Things that befall a session from outside.

use crate::caller::Ended;
use crate::event::Event;
use crate::faults::Disturbance;
use crate::ids::SessionId;
use crate::media::{CallState, Media};
use crate::platform::{About, Platform, Stage, Telling, Work};
use crate::trace::What;

impl Platform {
    /// Lets something befall a session now; what concerns a call befalls the one that it was made for.
    pub(crate) fn disturb_session(&mut self, session: SessionId, disturbance: Disturbance) {
        if !matches!(disturbance, Disturbance::Press(_)) {
            self.note(session, What::Fault(format!("{disturbance:?}")));
        }
        let caller = self.sessions[session].caller;
        match disturbance {
            Disturbance::HangUp => {
                if let Some(call) = caller {
                    self.hang_up(call);
                }
            }
            Disturbance::Press(keys) => {
                if let Some(call) = caller {
                    self.press_from(self.agenda.now(), call, &keys);
                }
            }
            Disturbance::LoseConnection => {
                if let Some(call) = caller
                    && self.media.state(&self.calls[call].connection) != CallState::Gone
                {
                    let event = self.connection_event(call, "error.connection");
                    self.release(call, event.with("reason", "the network is gone"), Ended::Lost);
                }
            }
            Disturbance::ConferenceError => {
                for conference in self.attachments(session) {
                    let event = Event::new("error.conference")
                        .with("conferenceid", conference)
                        .with("reason", "mixer trouble");
                    self.post(session, event);
                }
            }
            Disturbance::Unjoined => {
                let Some(call) = caller else { return };
                let connection = self.calls[call].connection.clone();
                for conference in self.media.memberships(&connection) {
                    self.media.unjoin(&connection, &conference);
                    let event =
                        Event::new("conference.unjoined").with("id1", &connection).with("id2", &conference);
                    for listener in self.audience(session, &conference) {
                        self.post(listener, event.clone());
                    }
                }
            }
            Disturbance::ConferenceDestroyed => {
                for conference in self.attachments(session) {
                    let room = self.media.conferences.get(&conference);
                    let attached: Vec<_> =
                        room.into_iter().flat_map(|room| &room.attached).copied().collect();
                    self.dissolve(&conference);
                    for listener in attached {
                        let event = Event::new("conference.destroyed").with("conferenceid", &conference);
                        self.post(listener, event);
                    }
                }
            }
            Disturbance::Kill => self.kill(session, "ccxml.kill"),
            Disturbance::KillUnconditionally => self.kill(session, "ccxml.kill.unconditional"),
            Disturbance::Stray(event) => self.post(session, event),
            Disturbance::Withheld(pattern) => self.tell_otherwise(session, pattern, Telling::Never),
            Disturbance::Doubled(pattern, after) => {
                self.tell_otherwise(session, pattern, Telling::Twice(after))
            }
            Disturbance::Delayed(pattern, after) => {
                self.tell_otherwise(session, pattern, Telling::Late(after))
            }
            Disturbance::PlatformDies => self.die(),
        }
    }

    fn tell_otherwise(&mut self, session: SessionId, pattern: String, telling: Telling) {
        self.sessions[session].told_otherwise.push((pattern, telling));
    }

    fn kill(&mut self, session: SessionId, name: &str) {
        let event = Event::new(name).with("sessionid", &self.sessions[session].id);
        self.post(session, event.with("reason", "operator"));
    }

    /// The whole platform dies without a word: every session, call and conference is gone at once. Calls that come later
    /// find it restarted.
    pub fn die(&mut self) {
        self.note(About::Platform, "dies");
        // Who has not rung yet knows nothing of it.
        let rung: Vec<_> = self.media.connections.values().map(|leg| leg.call).collect();
        let waiting = |call: &crate::CallId| !rung.contains(call);
        for (_, session) in self.sessions.iter_mut() {
            if session.caller.as_ref().is_some_and(waiting) {
                continue;
            }
            if std::mem::replace(&mut session.alive, false) {
                self.engine.close(session.chain);
            }
            session.queue.clear();
        }
        for call in rung {
            self.over(call, Ended::PlatformDied);
        }
        for dialog in std::mem::take(&mut self.dialogs).into_values() {
            if let Stage::Running(form) = dialog.stage {
                self.engine.close(form.chain);
            }
        }
        let known = std::mem::take(&mut self.media.known);
        self.media = Media { known, ..Media::default() };
        self.hearing.clear();
        self.agenda.retain(|work| matches!(work, Work::Ring(_) | Work::HangUp(_) | Work::GiveUp(_)));
    }
}
