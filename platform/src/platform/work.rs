//! What is planned for a moment of the virtual clock.

use std::time::Duration;

use crate::clock::{millis, secs};
use crate::event::Event;
use crate::ids::{CallId, SessionId};
use crate::media::Terms;
use crate::vxml::Input;
use crate::web::{Answer, HttpRequest};

/// How long a caller needs for a key.
pub(crate) const KEY: Duration = millis(300);

/// The moments at which a caller who begins at one presses these keys; `p` is a pause of a second.
pub(crate) fn presses(first: Duration, keys: &str) -> impl Iterator<Item = (Duration, char)> {
    let mut next = first;
    keys.chars().filter_map(move |key| {
        let at = next;
        next += if key == 'p' { secs(1) } else { KEY };
        (key != 'p').then_some((at, key))
    })
}

/// Something that will happen at its moment.
pub(crate) enum Work {
    Ring(CallId),
    GiveUp(CallId),
    HangUp(CallId),
    Accepted(CallId),
    /// Somebody who was called answers, and is joined as the session has asked for.
    PicksUp(CallId, Option<(String, Direction)>),
    /// Somebody who was called does not answer.
    Fails(CallId, &'static str),
    Disconnect(CallId),
    Deliver(SessionId, Event),
    Send(Box<Message>),
    Request(Box<Request>),
    Answer(Box<Answered>),
    Join(Box<Join>),
    Unjoin {
        session: SessionId,
        id1: String,
        id2: String,
        fails: bool,
    },
    /// A caller presses a key.
    Press(CallId, char),
    /// A dialog says the next thing that it has to say, or goes on.
    DialogSpeaks(String),
    DialogHears(String, Input),
    DialogTerminates {
        id: String,
        immediate: bool,
    },
}

/// Which way a call goes that is joined as soon as it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Both,
    /// What is said on the new call is heard where it is joined.
    Receive,
    Transmit,
}

/// A join under way.
pub(crate) struct Join {
    pub(crate) session: SessionId,
    pub(crate) id1: String,
    pub(crate) id2: String,
    pub(crate) terms: Terms,
    pub(crate) fails: bool,
}

/// A message on its way.
pub(crate) struct Message {
    pub(crate) from: SessionId,
    pub(crate) sendid: String,
    pub(crate) target: String,
    pub(crate) targettype: String,
    pub(crate) name: String,
    pub(crate) list: Vec<(String, String)>,
}

/// Whose request it is.
#[derive(Clone)]
pub(crate) enum Purpose {
    /// The document that a session begins with.
    First,
    /// The document that a session of the draft goes on to.
    Goto,
    Fetch {
        fetchid: String,
        media_type: String,
        timeout: Duration,
    },
    Dialog {
        id: String,
        media_type: String,
    },
}

/// A request that is about to be sent.
pub(crate) struct Request {
    pub(crate) session: SessionId,
    pub(crate) purpose: Purpose,
    pub(crate) request: HttpRequest,
}

/// A response that is about to arrive, or the reason why none will.
pub(crate) struct Answered {
    pub(crate) session: SessionId,
    pub(crate) purpose: Purpose,
    pub(crate) url: String,
    pub(crate) answer: Answer,
}
