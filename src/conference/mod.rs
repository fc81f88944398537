//! What a token means: one conference in progress and its callers (contract section 4).
//!
//! Everything here is pure. A [`Transaction`] takes what is kept for a number and the time, one step of it changes that,
//! and its [`Decision`] says what is to be kept from now on and what is to be answered. Keeping it is the business of
//! [`crate::store`].

mod caller;
mod decision;
mod enter;
mod event;
mod expiry;
mod key;
mod leave;
mod operate;
mod renew;
mod state;
mod sweep;
mod terms;
mod ticket;
mod token;
mod transaction;
mod words;
mod wrong_pins;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod fixtures;

pub use caller::{Caller, Greeting, Kicked, Role};
pub use decision::{Change, Decision};
pub use enter::{Entered, Entry, Refused};
pub use event::{Event, EventKind};
pub use key::{Key, KeyPress};
pub use leave::Parting;
pub use operate::{ALL, Done, Hears, NotDone, Operation, Whom};
pub use renew::{Renewed, Report, SessionState};
pub use state::{Conference, Ending};
pub use sweep::Swept;
pub use terms::{MOST_CALLERS, Terms, Times};
pub use ticket::Ticket;
pub use transaction::Transaction;
pub use words::Words;
pub use wrong_pins::{Attempt, WrongPins};
