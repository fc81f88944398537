//! Keeps the trace of what can be heard.

use crate::caller::Ended;
use crate::ids::CallId;
use crate::media::{CallState, Change, Input};
use crate::platform::{About, Platform};
use crate::trace::What;

impl Platform {
    /// Brings the trace up to what the bridges have come to.
    pub(crate) fn observe_media(&mut self) {
        for change in std::mem::take(&mut self.media.changes) {
            match change {
                Change::Joined { call, to, speaks } => self.note(call, What::Joined { to, speaks }),
                Change::Unjoined { call, from } => self.note(call, What::Unjoined { from }),
                Change::Tone { conference, enter } => {
                    self.tones.push((conference.clone(), enter));
                    self.note(About::Platform, What::Tone { conference, enter });
                }
            }
        }
        for listener in self.media.take_touched() {
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

    /// Keeps account of callers who hear nothing although they are connected.
    pub(crate) fn account_for_silence(&mut self) {
        let now = self.agenda.now();
        for leg in self.media.connections.values() {
            let silent = leg.state == CallState::Connected && leg.input == Input::Nothing;
            self.calls[leg.call].record.silence(silent, now);
        }
    }

    /// A call is over, whyever.
    pub(crate) fn over(&mut self, call: CallId, ended: Ended) {
        let now = self.agenda.now();
        if self.calls[call].record.end(ended.clone(), now) {
            self.note(call, What::Over(ended));
        }
    }
}
