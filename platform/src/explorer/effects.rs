//! What a transition starts around the session: plain data, so that the same transition is played only once.

use std::rc::Rc;

use super::record::Millis;
use crate::web::HttpRequest;

/// Something that an element starts.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// An event to oneself.
    Send {
        delay: Millis,
        name: String,
    },
    /// An event to another session.
    SendAway,
    Accept,
    Disconnect,
    Create(String),
    Destroy(String),
    Join {
        id1: String,
        id2: String,
        extras: bool,
    },
    Unjoin {
        id1: String,
        id2: String,
    },
    DialogStart {
        id: String,
        source: Rc<str>,
    },
    DialogTerminate(String),
    Fetch {
        id: String,
        request: Rc<HttpRequest>,
    },
    /// A document has been taken over.
    Loaded,
    /// The session ends.
    Exit,
}
