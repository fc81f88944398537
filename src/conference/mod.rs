//! What a token means: one conference in progress and its callers (contract section 4).
//!
//! Everything here is pure. A [`Transaction`] takes what is kept for a number and the time, one step of it changes that,
//! and its [`Decision`] says what is to be kept from now on and what is to be answered. Keeping it is the business of
//! [`crate::store`].

mod decision;
mod enter;
mod event;
mod expiry;
mod leave;
mod operate;
mod renew;
mod state;
mod sweep;
mod terms;
mod ticket;
mod token;
mod transaction;
mod wrong_pins;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod fixtures;

pub use decision::{Change, Decision};
pub use enter::{Entered, Entry, Refused};
pub use event::{Event, EventKind};
pub use operate::{Done, NotDone, Operation, Whom};
pub use renew::{Renewed, SessionState};
pub use state::{Caller, Conference, Ending, Kicked, Role, Told};
pub use sweep::Swept;
pub use terms::{MOST_CALLERS, Terms, Times};
pub use ticket::Ticket;
pub use transaction::Transaction;
pub use wrong_pins::{Attempt, WrongPins};
