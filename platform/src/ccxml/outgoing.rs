//! Calls that sessions make, and callers whom they send elsewhere.

use super::actions::{Context, Failed};
use crate::caller::{Caller, Ended, PicksUp};
use crate::clock::{millis, secs};
use crate::event::Event;
use crate::ids::CallId;
use crate::markup::Element;
use crate::media::{CallState, Connection, Input, Terms};
use crate::platform::{Call, Direction, Leg, Platform, Work, address};
use crate::trace::What;

/// How long a telephone rings that nobody answers.
const RINGING: std::time::Duration = secs(60);

impl Platform {
    pub(crate) fn create_call(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let session = context.session;
        let dest = self.text(context, element, "dest")?;
        let callerid = match element.attribute("callerid") {
            Some(_) => Some(self.text(context, element, "callerid")?),
            None => None,
        };
        let timeout = self.time(context, element, "timeout")?.unwrap_or(RINGING);
        let directions = ["both", "calltransmit", "callreceive"];
        let direction = match self.word(context, element, "joindirection", &directions)?.as_str() {
            "calltransmit" => Direction::Transmit,
            "callreceive" => Direction::Receive,
            _ => Direction::Both,
        };
        let joined = match element.attribute("joinid") {
            Some(_) => Some((self.text(context, element, "joinid")?, direction)),
            None => None,
        };
        let connection = self.new_id("leg");
        self.set(context, element, "connectionid", &connection)?;
        self.action(context, element, format!("{connection} {dest}"));
        let place = self.callees.iter().position(|callee| address(&callee.number) == dest);
        let known = place.is_some();
        let number = dest.strip_prefix("tel:").unwrap_or(&dest);
        let mut callee = place.map_or_else(|| Caller::new(number), |place| self.callees.remove(place));
        if let Some(number) = callerid {
            callee.called = number;
        }
        let picks_up = callee.picks_up;
        let now = self.agenda.now();
        let call = self.calls.next_id();
        self.plan_caller(call, &callee, now);
        let id = self.sessions[session].id.clone();
        self.calls.push(Call { outgoing: true, ..Call::new(callee, session, &id, connection.clone()) });
        let leg = Leg { state: "PROGRESSING", input: String::new() };
        self.sessions[session].view.legs.insert(connection.clone(), leg);
        let leg = Connection { call, state: CallState::Alerting, input: Input::Nothing };
        self.media.connections.insert(connection, leg);
        self.show_view(session);
        let progressing = self.connection_event(call, "connection.progressing");
        self.later(session, 50, progressing);
        let work = match picks_up {
            _ if !known => (millis(500), Work::Fails(call, "unknown number")),
            PicksUp::Busy => (millis(500), Work::Fails(call, "busy")),
            PicksUp::After(time) if time < timeout => (time, Work::PicksUp(call, joined)),
            PicksUp::After(_) | PicksUp::Never => (timeout, Work::Fails(call, "noanswer")),
        };
        if known {
            self.note(call, What::IsCalled);
        }
        self.agenda.after(work.0, work.1);
        Ok(())
    }

    pub(crate) fn picks_up(&mut self, call: CallId, joined: Option<(String, Direction)>) {
        let connection = self.calls[call].connection.clone();
        if self.media.state(&connection) != CallState::Alerting {
            return;
        }
        self.media.set_state(&connection, CallState::Connected);
        self.note(call, What::Answered);
        if let Some((other, direction)) = joined {
            let (id1, id2) = match direction {
                Direction::Both | Direction::Receive => (connection.as_str(), other.as_str()),
                Direction::Transmit => (other.as_str(), connection.as_str()),
            };
            let terms = Terms { full: direction == Direction::Both, enter_tone: false, exit_tone: false };
            if let Err(reason) = self.media.join(id1, id2, terms) {
                self.note(call, format!("(not joined: {reason})"));
            }
        }
        let connected = self.connection_event(call, "connection.connected");
        self.post(self.calls[call].session, connected);
    }

    pub(crate) fn call_fails(&mut self, call: CallId, reason: &str) {
        if self.media.state(&self.calls[call].connection) == CallState::Alerting {
            let failed = self.connection_event(call, "connection.failed").with("reason", reason);
            self.release(call, failed, Ended::NeverAnswered);
        }
    }

    /// Sends a caller to another number, where this platform does not follow.
    pub(crate) fn redirect(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let dest = self.text(context, element, "dest")?;
        let Some(connection) = self.connection(context, element)? else { return Ok(()) };
        self.action(context, element, format!("{connection} to {dest}"));
        let leg = self.media.connections.get(&connection).map(|leg| (leg.call, leg.state));
        match leg
            .filter(|(call, state)| self.calls[*call].session == context.session && *state != CallState::Gone)
        {
            Some((call, _)) => {
                let event = self.connection_event(call, "connection.redirected").with("reason", "redirected");
                self.release(call, event, Ended::Redirected);
            }
            None => {
                let event = Event::new("connection.redirect.failed").with("connectionid", &connection);
                self.later(context.session, 20, event.with("reason", "the connection is not in that state"));
            }
        }
        Ok(())
    }
}
