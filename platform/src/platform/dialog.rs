//! A dialog: where it is, what it still has to say, what it waits for.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::clock::WorkId;
use crate::ids::{CallId, SessionId};
use crate::markup::Document;
use crate::vxml::{Form, Listen, Spoken, Values};

/// A dialog on a connection, or one that everybody in a conference hears.
pub(crate) struct Dialog {
    pub(crate) session: SessionId,
    /// The connection, empty as long as it is not known.
    pub(crate) connection: String,
    /// The conference in place of a connection.
    pub(crate) conference: Option<String>,
    pub(crate) stage: Stage,
    /// The `prompt=` of its address, or the whole address.
    pub(crate) prompt: String,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) crashes: bool,
    /// What is still to be said.
    pub(crate) speech: VecDeque<Spoken>,
    /// Who hears what is said, and which one it is in their records.
    pub(crate) audience: Vec<(CallId, usize)>,
    /// While something is said: whether it goes on when a key is pressed.
    pub(crate) saying: Option<bool>,
    /// What comes when everything is said.
    pub(crate) then: Then,
    /// A key that means nothing, right after an entry that has ended without it.
    pub(crate) needless: String,
    /// What it is waiting for, once it runs.
    pub(crate) pending: Option<WorkId>,
}

/// What a dialog does when everything is said.
pub(crate) enum Then {
    End(Option<Values>),
    Disconnect(Values),
    /// It listens, and has got these keys so far.
    Listen(Listen, String),
}

pub(crate) enum Stage {
    /// Its document is being fetched.
    Starting,
    /// The same, and it is not to start yet.
    Preparing,
    Prepared(Rc<Document>),
    Running(Box<Form>),
    Over,
}

impl Dialog {
    pub(crate) fn new(session: SessionId, connection: String, prompt: String) -> Self {
        Dialog {
            session,
            connection,
            conference: None,
            stage: Stage::Starting,
            prompt,
            parameters: Vec::new(),
            crashes: false,
            speech: VecDeque::new(),
            audience: Vec::new(),
            saying: None,
            then: Then::End(None),
            needless: String::new(),
            pending: None,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }
}
