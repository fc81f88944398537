//! Things that befall a session from outside, at any moment that a test picks.

use super::Platform;
use super::caller::{CallId, Ended};
use super::dialog::Stage;
use super::event::Event;
use super::faults::Disturbance;
use super::media::{CallState, Media};
use super::session::Work;

impl Platform {
    /// Lets something befall a session now.
    pub fn disturb(&mut self, call: CallId, disturbance: Disturbance) {
        let connection = self.sessions[call.0].connection.clone();
        self.note(call, format!("  ! {disturbance:?}"));
        match disturbance {
            Disturbance::HangUp => self.hang_up(call),
            Disturbance::LoseConnection => {
                if self.media.state(&connection) != CallState::Gone {
                    let event =
                        self.connection_event(call, "error.connection").with("reason", "the network is gone");
                    self.release(call, event, Ended::Lost);
                }
            }
            Disturbance::ConferenceError => {
                for conference in self.conferences_of(call) {
                    let event = Event::new("error.conference")
                        .with("conferenceid", conference)
                        .with("reason", "mixer trouble");
                    self.post(call, event);
                }
            }
            Disturbance::Unjoined => {
                for conference in self.media.memberships(&connection) {
                    self.media.unjoin(&connection, &conference);
                    let event =
                        Event::new("conference.unjoined").with("id1", &connection).with("id2", &conference);
                    for listener in self.audience(call, &conference) {
                        self.post(listener, event.clone());
                    }
                }
            }
            Disturbance::ConferenceDestroyed => {
                for conference in self.conferences_of(call) {
                    let attached: Vec<CallId> =
                        self.media.conferences[&conference].attached.iter().copied().collect();
                    self.dissolve(&conference);
                    for listener in attached {
                        self.post(
                            listener,
                            Event::new("conference.destroyed").with("conferenceid", &conference),
                        );
                    }
                }
            }
            Disturbance::Kill => self.kill(call, "ccxml.kill"),
            Disturbance::KillUnconditionally => self.kill(call, "ccxml.kill.unconditional"),
            Disturbance::Stray(event) => self.post(call, event),
            Disturbance::Withheld(pattern) => self.sessions[call.0].withheld.push(pattern),
            Disturbance::PlatformDies => self.die(),
        }
    }

    fn kill(&mut self, call: CallId, name: &str) {
        let event = Event::new(name).with("sessionid", &self.sessions[call.0].id).with("reason", "operator");
        self.post(call, event);
    }

    fn conferences_of(&self, call: CallId) -> Vec<String> {
        let attached = self.media.conferences.iter().filter(|(_, room)| room.attached.contains(&call));
        attached.map(|(id, _)| id.clone()).collect()
    }

    /// The whole platform dies without a word: every session, call and conference is gone at once. Calls that come later
    /// find it restarted.
    pub fn die(&mut self) {
        let now = self.agenda.now();
        self.trace.note(now, "platform", "dies");
        for (session, record) in self.sessions.iter_mut().zip(&mut self.records) {
            if self.media.connections.contains_key(&session.connection) {
                if std::mem::replace(&mut session.alive, false) {
                    self.engine.close(session.chain);
                }
                session.queue.clear();
                record.end(Ended::PlatformDied, now);
            }
        }
        for dialog in std::mem::take(&mut self.dialogs).into_values() {
            if let Stage::Running(form) = dialog.stage {
                self.engine.close(form.chain);
            }
        }
        let known = std::mem::take(&mut self.media.known);
        let tones = std::mem::take(&mut self.media.tones);
        self.media = Media { known, tones, ..Media::default() };
        // Who has not rung yet knows nothing of it.
        self.agenda.retain(|work| matches!(work, Work::Ring(_) | Work::HangUp(_) | Work::GiveUp(_)));
    }
}
