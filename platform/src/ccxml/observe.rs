//! Keeps the trace of what can be heard.

use crate::caller::{Ended, Joined};
use crate::ids::CallId;
use crate::media::{CallState, Change, Input};
use crate::platform::{About, Call, Platform};
use crate::trace::What;

impl Platform {
    /// Brings the trace up to what the bridges have come to.
    pub(crate) fn observe_media(&mut self) {
        let at = self.agenda.now();
        for change in std::mem::take(&mut self.media.changes) {
            match change {
                Change::Joined { call, to, hears, speaks } => {
                    let record = &mut self.calls[call].record;
                    record.unjoin(&to, at);
                    record.joined.push(Joined { at, until: None, to: to.clone(), hears, speaks });
                    self.note(call, What::Joined { to, speaks });
                }
                Change::Unjoined { call, from } => {
                    self.calls[call].record.unjoin(&from, at);
                    self.note(call, What::Unjoined { from });
                }
                Change::Tone { conference, enter } => {
                    self.tones.push((conference.clone(), enter));
                    self.note(About::Platform, What::Tone { conference, enter });
                }
            }
        }
        for listener in self.media.take_touched() {
            self.stop_what_is_not_heard(listener);
            let hears = self.media.heard_by(&self.calls[listener].connection);
            let before = self.hearing.remove(&listener).unwrap_or_default();
            for other in before.difference(&hears) {
                self.note(listener, What::LosesCaller(*other));
            }
            for other in hears.difference(&before) {
                self.note(listener, What::HearsCaller(*other));
            }
            self.hearing.insert(listener, hears);
        }
    }

    /// What a dialog says is over for a caller who hears something else.
    fn stop_what_is_not_heard(&mut self, call: CallId) {
        let Call { connection, listening, record, .. } = &mut self.calls[call];
        let (input, now) = (self.media.input(connection), self.agenda.now());
        listening.retain(|(source, number)| {
            let heard = *source == input;
            if !heard {
                record.stop(*number, now);
            }
            heard
        });
    }

    /// Keeps account of callers who hear nothing although they are connected.
    pub(crate) fn account_for_silence(&mut self) {
        let now = self.agenda.now();
        for leg in self.media.connections.values() {
            let silent = leg.state == CallState::Connected && leg.input == Input::Nothing;
            self.calls[leg.call].record.silence(silent, now);
        }
    }

    /// A call is over, for whatever reason.
    pub(crate) fn over(&mut self, call: CallId, ended: Ended) {
        let now = self.agenda.now();
        if self.calls[call].record.end(ended.clone(), now) {
            self.note(call, What::Over(ended));
        }
    }
}
