//! What an explorer has to know of an application: its replies, and what its dialogs come to.

use crate::event::Value;
use crate::web::{HttpRequest, HttpResponse};

/// An application, as everything that it may do.
pub trait Application {
    /// All replies that a request may get. Asked once for each request.
    fn replies(&mut self, request: &HttpRequest) -> Vec<Reply>;

    /// What a dialog may come to, by the source that it is started from. Asked once for each source.
    fn dialog(&mut self, source: &str) -> Dialog;
}

/// What an application may answer to a request.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The response, as it comes.
    pub response: HttpResponse,
    /// What becomes of the caller's place.
    pub place: Place,
}

impl Reply {
    /// A reply that leaves the caller's place alone.
    pub fn new(response: HttpResponse) -> Self {
        Reply { response, place: Place::Untouched }
    }

    /// The same reply, with what becomes of the caller's place.
    pub fn with(self, place: Place) -> Self {
        Reply { place, ..self }
    }
}

/// What a request does to the caller's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nothing.
    Untouched,
    /// The caller holds one from then on.
    Taken,
    /// The caller goes on to hold it: the request is a renewal.
    Renewed,
    /// The caller holds none from then on. A request that has no other reply reports the end of the call.
    Freed,
}

/// What a dialog may come to. It starts, and ends of itself at any moment up to its longest.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// What it may return when it ends of itself: `event$.values`.
    pub returns: Vec<Value>,
    /// What it returns when it is terminated, or the caller hangs up.
    pub cut: Value,
    /// How long it lasts at most, in seconds.
    pub seconds: u64,
    /// What it is about.
    pub says: Says,
}

impl Dialog {
    /// A dialog of a few words that returns nothing.
    pub fn that_says(says: Says) -> Self {
        let nothing = Value::Object(Vec::new());
        Dialog { returns: vec![nothing.clone()], cut: nothing, seconds: 10, says }
    }
}

/// What a dialog is about, as far as the end of a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Says {
    /// Anything after which the call goes on.
    Anything,
    /// That the call ends because something does not work.
    Apology,
    /// That the call ends, for any other reason.
    Farewell,
}
