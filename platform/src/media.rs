//! Who hears whom: connections, named conferences, and the bridges between them.
//!
//! A connection has one input - a conference, a dialog, another connection - and any number of outputs. Giving it
//! another input tears the old bridge down in silence; that is why a dialog on a joined connection cuts the caller off.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{CallId, SessionId};
use crate::trace::Bridge;

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallState {
    Alerting,
    Connected,
    Gone,
}

/// What a connection hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Nothing,
    Conference(String),
    Dialog(String),
    Connection(String),
}

/// One call leg.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) call: CallId,
    pub(crate) state: CallState,
    pub(crate) input: Input,
}

/// A conference, which lives as long as some session is attached to it.
#[derive(Debug, Default)]
pub(crate) struct Conference {
    pub(crate) name: Option<String>,
    pub(crate) attached: BTreeSet<SessionId>,
    /// Connections that were joined and not unjoined since.
    pub(crate) members: BTreeMap<String, Member>,
}

/// A connection's place in a conference.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    /// Whether the others hear it.
    pub(crate) speaks: bool,
    /// Whether a tone is played when it goes.
    pub(crate) exit_tone: bool,
}

/// How a connection is to be joined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// Both directions; otherwise the first only hears the second.
    pub(crate) full: bool,
    pub(crate) enter_tone: bool,
    pub(crate) exit_tone: bool,
}

/// Something about the bridges that bystanders notice.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Joined { call: CallId, to: Bridge, hears: bool, speaks: bool },
    Unjoined { call: CallId, from: Bridge },
    Tone { conference: String, enter: bool },
}

/// All bridges of the platform.
#[derive(Debug, Default)]
pub(crate) struct Media {
    pub(crate) connections: BTreeMap<String, Connection>,
    pub(crate) conferences: BTreeMap<String, Conference>,
    /// Identifiers that were once given out, so that a stale one can be told from an invented one.
    pub(crate) known: BTreeSet<String>,
    /// What has changed and is not in the trace yet.
    pub(crate) changes: Vec<Change>,
    /// Connections that may hear somebody else than before, and conferences in which everybody may.
    pub(crate) touched: BTreeSet<String>,
}

impl Media {
    /// The conference of that name, if there is one.
    pub(crate) fn named(&self, name: &str) -> Option<(&String, &Conference)> {
        self.conferences.iter().find(|(_, conference)| conference.name.as_deref() == Some(name))
    }

    /// What people call a conference or a connection: the name if it has one.
    pub(crate) fn name_of(&self, id: &str) -> String {
        self.conferences.get(id).and_then(|room| room.name.clone()).unwrap_or_else(|| id.into())
    }

    pub(crate) fn state(&self, connection: &str) -> CallState {
        self.connections.get(connection).map_or(CallState::Gone, |connection| connection.state)
    }

    pub(crate) fn set_state(&mut self, connection: &str, state: CallState) {
        self.touched.insert(connection.into());
        self.touched.extend(self.memberships(connection));
        if let Some(connection) = self.connections.get_mut(connection) {
            connection.state = state;
        }
    }

    pub(crate) fn input(&self, connection: &str) -> Input {
        self.connections.get(connection).map_or(Input::Nothing, |connection| connection.input.clone())
    }

    /// Joins a connection to a conference or to another connection. The reason when it cannot be done.
    pub(crate) fn join(&mut self, id1: &str, id2: &str, terms: Terms) -> Result<(), String> {
        for id in [id1, id2] {
            if !self.conferences.contains_key(id) && self.state(id) != CallState::Connected {
                return Err(format!("{id} is neither a conference nor a connection that is up"));
            }
        }
        match (self.conferences.contains_key(id1), self.conferences.contains_key(id2)) {
            (true, true) => return Err("conferences cannot be joined to one another".into()),
            (false, true) => {
                self.hear(id1, Input::Conference(id2.into()));
                self.speak(id1, id2, terms.full, terms);
            }
            (true, false) => {
                if terms.full {
                    self.hear(id2, Input::Conference(id1.into()));
                }
                self.speak(id2, id1, true, terms);
            }
            (false, false) => {
                self.hear(id1, Input::Connection(id2.into()));
                self.joined(id1, id2, terms.full);
                if terms.full {
                    self.hear(id2, Input::Connection(id1.into()));
                }
                self.joined(id2, id1, true);
            }
        }
        Ok(())
    }

    fn joined(&mut self, connection: &str, to: &str, speaks: bool) {
        self.touched.insert(to.into());
        if let Some(call) = self.call(connection) {
            let input = self.input(connection);
            let hears = [Input::Conference(to.into()), Input::Connection(to.into())].contains(&input);
            self.changes.push(Change::Joined { call, to: self.bridge(to), hears, speaks });
        }
    }

    fn unjoined(&mut self, connection: &str, from: &str) {
        self.touched.insert(from.into());
        if let Some(call) = self.call(connection) {
            self.changes.push(Change::Unjoined { call, from: self.bridge(from) });
        }
    }

    fn call(&self, connection: &str) -> Option<CallId> {
        self.connections.get(connection).map(|leg| leg.call)
    }

    fn bridge(&self, id: &str) -> Bridge {
        self.call(id).map_or_else(|| Bridge::Conference(self.name_of(id)), Bridge::Call)
    }

    /// Gives a connection an input in place of the one it has.
    pub(crate) fn hear(&mut self, connection: &str, input: Input) {
        self.touched.insert(connection.into());
        let Some(leg) = self.connections.get_mut(connection) else { return };
        let before = std::mem::replace(&mut leg.input, input.clone());
        // A dialog takes both directions: whoever talks to it is not heard in the conference either.
        if let (Input::Conference(id), Input::Dialog(_)) = (&before, &input)
            && let Some(conference) = self.conferences.get_mut(id)
            && conference.members.remove(connection).is_some()
        {
            let id = id.clone();
            self.unjoined(connection, &id);
        }
    }

    fn speak(&mut self, connection: &str, conference: &str, speaks: bool, terms: Terms) {
        let Some(room) = self.conferences.get_mut(conference) else { return };
        room.members.insert(connection.into(), Member { speaks, exit_tone: terms.exit_tone });
        self.joined(connection, conference, speaks);
        if terms.enter_tone {
            self.tone(conference, true);
        }
    }

    fn tone(&mut self, conference: &str, enter: bool) {
        let conference = self.name_of(conference);
        self.changes.push(Change::Tone { conference, enter });
    }

    /// Takes a bridge down that was explicitly joined; false when there is none.
    pub(crate) fn unjoin(&mut self, id1: &str, id2: &str) -> bool {
        for (connection, other) in [(id1, id2), (id2, id1)] {
            let room = self.conferences.get_mut(other);
            if let Some(member) = room.and_then(|room| room.members.remove(connection)) {
                self.unjoined(connection, other);
                if member.exit_tone {
                    self.tone(other, false);
                }
                self.forget(connection, &Input::Conference(other.into()));
                return true;
            }
        }
        let mut any = false;
        for (connection, other) in [(id1, id2), (id2, id1)] {
            if self.input(connection) == Input::Connection(other.into()) {
                self.forget(connection, &Input::Connection(other.into()));
                self.unjoined(connection, other);
                any = true;
            }
        }
        any
    }

    /// Lets a connection hear nothing, if that is what it heard.
    pub(crate) fn forget(&mut self, connection: &str, input: &Input) {
        self.touched.insert(connection.into());
        if let Some(connection) = self.connections.get_mut(connection)
            && connection.input == *input
        {
            connection.input = Input::Nothing;
        }
    }

    /// The conferences that a connection is a member of.
    pub(crate) fn memberships(&self, connection: &str) -> Vec<String> {
        let member = |(_, room): &(&String, &Conference)| room.members.contains_key(connection);
        self.conferences.iter().filter(member).map(|(id, _)| id.clone()).collect()
    }

    /// The callers who hear what is said into a conference.
    pub(crate) fn listeners(&self, conference: &str) -> Vec<CallId> {
        let hears = |leg: &&Connection| leg.input == Input::Conference(conference.into());
        self.connections.values().filter(hears).map(|leg| leg.call).collect()
    }

    /// The callers who may hear somebody else than when this was last asked.
    pub(crate) fn take_touched(&mut self) -> BTreeSet<CallId> {
        let mut calls = BTreeSet::new();
        for id in std::mem::take(&mut self.touched) {
            let members = self.conferences.get(&id).into_iter().flat_map(|room| room.members.keys());
            calls.extend(members.chain([&id]).filter_map(|connection| self.call(connection)));
        }
        calls
    }

    /// The callers that a connection hears, directly or by way of a conference.
    pub(crate) fn heard_by(&self, listener: &str) -> BTreeSet<CallId> {
        let Some(ear) = self.connections.get(listener) else { return BTreeSet::new() };
        let up = |id: &String| {
            self.connections.get(id).filter(|leg| leg.state == CallState::Connected).map(|leg| leg.call)
        };
        if ear.state != CallState::Connected {
            return BTreeSet::new();
        }
        match &ear.input {
            Input::Conference(id) => {
                let members = self.conferences.get(id).into_iter().flat_map(|room| &room.members);
                let others = members.filter(|(id, member)| member.speaks && *id != listener);
                others.filter_map(|(id, _)| up(id)).collect()
            }
            Input::Connection(other) => up(other).into_iter().collect(),
            Input::Nothing | Input::Dialog(_) => BTreeSet::new(),
        }
    }
}
