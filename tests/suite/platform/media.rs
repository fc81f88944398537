//! Who hears whom: connections, named conferences, and the bridges between them.
//!
//! A connection has one input - a conference, a dialog, another connection - and any number of outputs. Giving it
//! another input tears the old bridge down in silence; that is why a dialog on a joined connection cuts the caller off.

use std::collections::{BTreeMap, BTreeSet};

use super::caller::CallId;

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallState {
    Alerting,
    Connected,
    Gone,
}

/// What a connection hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Nothing,
    Conference(String),
    Dialog(String),
    Connection(String),
}

/// One call leg.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) call: CallId,
    pub(super) state: CallState,
    pub(super) input: Input,
}

/// A conference, which lives as long as some session is attached to it.
#[derive(Debug)]
pub(super) struct Conference {
    pub(super) name: Option<String>,
    pub(super) attached: BTreeSet<CallId>,
    /// Connections that were joined and not unjoined since, with whether they are heard by the others.
    pub(super) members: BTreeMap<String, bool>,
}

/// All bridges of the platform.
#[derive(Debug, Default)]
pub(super) struct Media {
    pub(super) connections: BTreeMap<String, Connection>,
    pub(super) conferences: BTreeMap<String, Conference>,
    /// Identifiers that were once given out, so that a stale one can be told from an invented one.
    pub(super) known: BTreeSet<String>,
    /// Tones that were played into conferences: the name, and `enter` or `exit`.
    pub(super) tones: Vec<(String, &'static str)>,
    pub(super) exit_tones: BTreeSet<(String, String)>,
}

impl Media {
    /// The conference of that name, if there is one.
    pub(super) fn named(&self, name: &str) -> Option<(&String, &Conference)> {
        self.conferences.iter().find(|(_, conference)| conference.name.as_deref() == Some(name))
    }

    pub(super) fn state(&self, connection: &str) -> CallState {
        self.connections.get(connection).map_or(CallState::Gone, |connection| connection.state)
    }

    /// Joins a connection to a conference or to another connection. `full` is both directions, otherwise the first
    /// only hears the second. The reason when it cannot be done.
    pub(super) fn join(&mut self, id1: &str, id2: &str, full: bool, tones: [bool; 2]) -> Result<(), String> {
        for id in [id1, id2] {
            if !self.conferences.contains_key(id) && self.state(id) != CallState::Connected {
                return Err(format!("{id} is neither a conference nor a connection that is up"));
            }
        }
        match (self.conferences.contains_key(id1), self.conferences.contains_key(id2)) {
            (true, true) => return Err("conferences cannot be joined to one another".into()),
            (false, true) => {
                self.hear(id1, Input::Conference(id2.into()));
                self.speak(id1, id2, full, tones);
            }
            (true, false) => {
                if full {
                    self.hear(id2, Input::Conference(id1.into()));
                }
                self.speak(id2, id1, true, tones);
            }
            (false, false) => {
                self.hear(id1, Input::Connection(id2.into()));
                if full {
                    self.hear(id2, Input::Connection(id1.into()));
                }
            }
        }
        Ok(())
    }

    /// Gives a connection an input in place of the one it has.
    pub(super) fn hear(&mut self, connection: &str, input: Input) {
        let Some(connection_state) = self.connections.get_mut(connection) else { return };
        let before = std::mem::replace(&mut connection_state.input, input.clone());
        // A dialog takes both directions: whoever talks to it is not heard in the conference either.
        if let (Input::Conference(conference), Input::Dialog(_)) = (&before, &input)
            && let Some(conference) = self.conferences.get_mut(conference)
        {
            conference.members.remove(connection);
        }
    }

    fn speak(&mut self, connection: &str, conference: &str, heard: bool, [enter, exit]: [bool; 2]) {
        let Some(room) = self.conferences.get_mut(conference) else { return };
        room.members.insert(connection.into(), heard);
        let name = room.name.clone().unwrap_or_default();
        if enter {
            self.tones.push((name, "enter"));
        }
        let key = (connection.to_string(), conference.to_string());
        if exit {
            self.exit_tones.insert(key);
        } else {
            self.exit_tones.remove(&key);
        }
    }

    /// Takes a bridge down that was explicitly joined; false when there is none.
    pub(super) fn unjoin(&mut self, id1: &str, id2: &str) -> bool {
        for (connection, other) in [(id1, id2), (id2, id1)] {
            if let Some(room) = self.conferences.get_mut(other)
                && room.members.remove(connection).is_some()
            {
                let name = room.name.clone().unwrap_or_default();
                if self.exit_tones.remove(&(connection.to_string(), other.to_string())) {
                    self.tones.push((name, "exit"));
                }
                self.forget(connection, &Input::Conference(other.into()));
                return true;
            }
        }
        let linked = |from: &str, to: &str| {
            self.connections
                .get(from)
                .is_some_and(|connection| connection.input == Input::Connection(to.into()))
        };
        let any = linked(id1, id2) || linked(id2, id1);
        self.forget(id1, &Input::Connection(id2.into()));
        self.forget(id2, &Input::Connection(id1.into()));
        any
    }

    /// Lets a connection hear nothing, if that is what it heard.
    pub(super) fn forget(&mut self, connection: &str, input: &Input) {
        if let Some(connection) = self.connections.get_mut(connection)
            && connection.input == *input
        {
            connection.input = Input::Nothing;
        }
    }

    /// The conferences that a connection is a member of.
    pub(super) fn memberships(&self, connection: &str) -> Vec<String> {
        let member = |(_, room): &(&String, &Conference)| room.members.contains_key(connection);
        self.conferences.iter().filter(member).map(|(id, _)| id.clone()).collect()
    }

    /// Whether one connection hears another, directly or by way of a conference.
    pub(super) fn hears(&self, listener: &str, speaker: &str) -> bool {
        if listener == speaker
            || self.state(speaker) != CallState::Connected
            || self.state(listener) != CallState::Connected
        {
            return false;
        }
        match &self.connections[listener].input {
            Input::Conference(conference) => {
                self.conferences.get(conference).is_some_and(|room| room.members.get(speaker) == Some(&true))
            }
            Input::Connection(other) => other == speaker,
            Input::Nothing | Input::Dialog(_) => false,
        }
    }
}
