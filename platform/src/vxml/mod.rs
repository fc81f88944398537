//! VoiceXML dialogs, without time and without callers: what is said, what is asked, what comes back.

mod content;
mod fields;
mod form;
pub(crate) mod grammar;
mod handlers;
mod speech;
mod spoken;

pub(crate) use form::{Form, Input, Listen, Next, Values};
pub(crate) use spoken::{Recordings, Spoken};
