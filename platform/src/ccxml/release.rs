//! What becomes of a call's bridges and dialogs when it is over, and who is told in which order.

use std::time::Duration;

use crate::caller::Ended;
use crate::event::Event;
use crate::ids::CallId;
use crate::media::CallState;
use crate::platform::{Platform, Work};
use crate::variations::Aftermath;

impl Platform {
    /// Takes a connection down, with its bridges and its dialog, and tells whoever has to know, in the order of the
    /// variation.
    pub(crate) fn release(&mut self, call: CallId, event: Event, ended: Ended) {
        let (session, connection) = (self.calls[call].session, self.calls[call].connection.clone());
        self.over(call, ended);
        self.media.set_state(&connection, CallState::Gone);
        let mut unjoined = Vec::new();
        for conference in self.media.memberships(&connection) {
            self.media.unjoin(&connection, &conference);
            let event = Event::new("conference.unjoined").with("id1", &connection).with("id2", &conference);
            let listeners = self.audience(session, &conference);
            unjoined.extend(listeners.into_iter().map(|listener| (listener, event.clone())));
        }
        let exits = self.hang_up_dialogs(&connection);
        let mut delay = Duration::ZERO;
        for kind in self.variations.hangup_order {
            let events = match kind {
                Aftermath::Disconnected => vec![(session, event.clone())],
                Aftermath::Unjoined => unjoined.clone(),
                Aftermath::DialogExit => exits.clone(),
            };
            if events.is_empty() {
                continue;
            }
            for (listener, event) in events {
                if delay.is_zero() {
                    self.post(listener, event);
                } else {
                    self.agenda.after(delay, Work::Deliver(listener, event));
                }
            }
            delay += self.variations.hangup_gap;
        }
    }
}
