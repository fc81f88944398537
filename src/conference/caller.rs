//! Callers: the place of each in a conference, and what their sessions were last told.

use super::terms::is_default;
use crate::clock::Millis;
use crate::identity::Identity;
use crate::number::SessionId;
use serde::{Deserialize, Serialize};

/// One caller's place in a conference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The platform's session; none for a caller who came without one and can't be told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// How long the caller has been in.
    pub age: Millis,
    /// What is left of the lease.
    pub lease: Millis,
    /// What the caller was told on entering. A repeated request is told the same.
    pub told: Greeting,
    /// What the caller may do, as decided at entry.
    #[serde(default, skip_serializing_if = "is_default")]
    pub role: Role,
    /// Holds a place, but is not in the mix before a moderator comes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub waiting: bool,
    /// Muted by the room, a moderator or an operator. Only they can lift that.
    #[serde(default, skip_serializing_if = "is_default")]
    pub muted: bool,
    /// Muted by a key of their own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub self_muted: bool,
    /// Has raised a hand.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hand: bool,
    /// The number of the last key press that was done, counted by the session. A repeated one is not done again.
    #[serde(default, skip_serializing_if = "is_default")]
    pub press: u32,
    /// Has not renewed yet.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fresh: bool,
    /// What the session was last told.
    #[serde(default, skip_serializing_if = "is_default")]
    pub heard: Heard,
    /// Who the caller is, as the platform tells it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub identity: Identity,
}

/// What a session was last told, but for whether its caller waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Heard {
    /// That the caller only listens.
    #[serde(skip_serializing_if = "is_default")]
    pub listens: bool,
    /// That the caller is alone, and hears music.
    #[serde(skip_serializing_if = "is_default")]
    pub alone: bool,
    /// What is ahead of the conference.
    #[serde(skip_serializing_if = "is_default")]
    pub notice: Notice,
}

/// What callers are told of the end that is ahead of their conference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Nothing is ahead.
    #[default]
    Nothing,
    /// It ends within five minutes.
    FiveMinutes,
    /// It ends within a minute.
    OneMinute,
    /// It ends within a minute unless a moderator returns.
    NoModerator,
}

/// A caller who was removed and does not get back in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kicked {
    /// The session that was removed.
    pub session: SessionId,
    /// What is left of its lease.
    pub lease: Millis,
    /// The caller's number, as far as it was known and is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
}

/// What a caller may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Take part.
    #[default]
    Caller,
    /// Open a conference that waits for a moderator, speak in a muted one, and use the keys of moderators.
    Moderator,
}

/// What a caller is told on entering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Greeting {
    /// Nobody else was there: the conference has been created.
    First,
    /// How many others were there, if that is known.
    Joining(Option<usize>),
}

impl Role {
    /// The role in one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Moderator => "moderator",
        }
    }
}

impl Caller {
    /// An ordinary caller who comes in at the moment.
    pub(super) fn new(session: Option<&SessionId>, lease: Millis, told: Greeting) -> Self {
        Self {
            session: session.cloned(),
            age: 0,
            lease,
            told,
            role: Role::Caller,
            waiting: false,
            muted: false,
            self_muted: false,
            hand: false,
            press: 0,
            fresh: false,
            heard: Heard::default(),
            identity: Identity::default(),
        }
    }

    /// Whether the caller only listens.
    pub fn listens(&self) -> bool {
        self.muted || self.self_muted
    }
}
