//! VoiceXML dialogs, without time and without callers: what is said, what is asked, what comes back.

mod form;
pub(crate) mod grammar;
mod handlers;
mod listening;
mod speech;

pub(crate) use form::{Form, Input, Keying, Next, Values};
pub(crate) use speech::{Recordings, Spoken};
