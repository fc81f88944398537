//! What the call log tells of a conference (contract section 7).

use super::caller::{Caller, Role};
use super::state::Conference;
use crate::clock::Millis;
use crate::number::SessionId;
use serde::{Deserialize, Serialize};

/// The kind of an [`Event`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// The first caller of a conference came in.
    Created,
    /// A later caller came in, or one whose place was lost was put back.
    Joined,
    /// A caller left.
    Left,
    /// A caller's lease ended without a word from the session.
    Expired,
    /// Somebody was not let in.
    Refused,
    /// The conference was ended for those who are in it.
    Ended,
    /// The conference takes no newcomers from now on.
    Locked,
    /// The conference takes newcomers again.
    Unlocked,
    /// A caller was removed.
    Kicked,
    /// A caller only listens from now on, or, if no session is named, so do all but moderators.
    Muted,
    /// A caller, or everybody, can be heard again.
    Unmuted,
    /// Something broke on our side, and the request was answered with an error.
    Failed,
}

/// One line of the call log, but for its time and number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// What happened.
    pub event: EventKind,
    /// The conference it happened to; none when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conference: Option<String>,
    /// Whom it happened to; none for a caller without a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// The caller's number, as far as it is known and kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// The number that the caller has dialled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
    /// What the caller may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// How many callers are in after the event; none when it is not about a conference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callers: Option<usize>,
    /// How long the caller was in, in whole seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// Why, where there is more than one possible reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The operator who did it, where there is a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl Event {
    /// An event of a conference, and of one of its callers if it has a session.
    pub fn of(event: EventKind, conference: &Conference, session: Option<&SessionId>) -> Self {
        Self {
            conference: Some(conference.id.clone()),
            callers: Some(conference.count()),
            ..Self::new(event, session)
        }
    }

    /// An event of one caller of a conference.
    pub fn of_caller(event: EventKind, conference: &Conference, caller: &Caller) -> Self {
        Self {
            caller: caller.identity.caller.clone(),
            called: caller.identity.called.clone(),
            role: Some(caller.role),
            ..Self::of(event, conference, caller.session.as_ref())
        }
    }

    /// The end of a caller's stay, which lasted for `after`. The caller must be out already: they are not counted.
    pub fn end_of_stay(event: EventKind, conference: &Conference, caller: &Caller, after: Millis) -> Self {
        Self { seconds: Some(after / 1000), ..Self::of_caller(event, conference, caller) }
    }

    /// An event that is about no conference.
    pub fn outside(event: EventKind, session: Option<&SessionId>, reason: &'static str) -> Self {
        Self::new(event, session).because(reason)
    }

    fn new(event: EventKind, session: Option<&SessionId>) -> Self {
        Self {
            event,
            conference: None,
            session: session.cloned(),
            caller: None,
            called: None,
            role: None,
            callers: None,
            seconds: None,
            reason: None,
            by: None,
        }
    }

    /// The same event with its reason.
    pub fn because(self, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..self }
    }
}
