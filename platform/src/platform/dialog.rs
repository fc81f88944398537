//! Dialogs.

use crate::clock::Ticket;
use crate::ids::SessionId;
use crate::vxml::Form;

/// A dialog on a connection.
pub(crate) struct Dialog {
    pub(crate) session: SessionId,
    pub(crate) connection: String,
    pub(crate) stage: Stage,
    /// The `prompt=` of its address, or the whole address.
    pub(crate) prompt: String,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) crashes: bool,
    /// What it is waiting for, once it runs.
    pub(crate) pending: Option<Ticket>,
}

pub(crate) enum Stage {
    /// Its document is being fetched.
    Starting,
    Running(Box<Form>),
    Over,
}

impl Dialog {
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }
}
