//! `connection.signal`: keys outside of dialogs, and what else comes by the same event.

use crate::event::Value;
use crate::ids::CallId;
use crate::media::CallState;
use crate::platform::Platform;
use crate::variations::Signals;

impl Platform {
    /// Tells the session of a key, if the platform does so; `taken` says whether a dialog has it already.
    pub(crate) fn signal_key(&mut self, call: CallId, key: char, taken: bool) {
        self.signal_something(call);
        let key = Value::Text(key.into());
        match self.variations.signals {
            Signals::Dtmf => self.signal(call, &[("info", Some(Value::Undefined)), ("dtmf", Some(key))]),
            Signals::Info if !taken => {
                let info = object(&[("type", "dtmf".into()), ("value", key)]);
                self.signal(call, &[("info", Some(info))]);
            }
            Signals::Info | Signals::None => {}
        }
    }

    /// Tells the session of something that is no key, another thing each time, if the platform does so.
    pub(crate) fn signal_something(&mut self, call: CallId) {
        if !self.variations.foreign_signals
            || self.media.state(&self.calls[call].connection) != CallState::Connected
        {
            return;
        }
        let info = |fields: &[(&str, Value)]| vec![("info", Some(object(fields)))];
        let signals = [
            info(&[("callprogress", "connected".into())]),
            vec![("info", Some(Value::Null))],
            vec![("info", None)],
            info(&[("type", "sip".into()), ("value", "*".into())]),
            vec![("info", Some("dtmf".into()))],
            info(&[("type", "dtmf".into())]),
            vec![("info", Some(Value::Null)), ("dtmf", Some(Value::Null))],
            info(&[("type", "dtmf".into()), ("value", Value::Null)]),
            vec![("info", Some(Value::Undefined)), ("dtmf", Some("".into()))],
            info(&[("type", Value::Null), ("value", "6".into())]),
        ];
        let number = self.calls[call].signals;
        self.calls[call].signals += 1;
        if let Some(signal) = signals.get(number % signals.len()) {
            self.signal(call, signal);
        }
    }

    /// Tells the session of a signal, in whose event these properties are as given, or missing.
    fn signal(&mut self, call: CallId, properties: &[(&str, Option<Value>)]) {
        let mut event = self.connection_event(call, "connection.signal");
        for (name, value) in properties {
            event.fields.retain(|(key, _)| key != name);
            event.fields.extend(value.clone().map(|value| (name.to_string(), value)));
        }
        self.post(self.calls[call].session, event);
    }
}

fn object(fields: &[(&str, Value)]) -> Value {
    Value::Object(fields.iter().map(|(key, value)| (key.to_string(), value.clone())).collect())
}
