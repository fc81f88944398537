//! What changes one conference.

use crate::conference::{self, NoSuch};
use crate::line::Line;
use crate::number::{ConferenceNumber, SessionId};
use crate::room::Room;
use crate::store::StoreError;

/// A verb that changes one conference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Ends it for those who are in it.
    End,
    /// Takes no newcomers.
    Lock,
    /// Takes newcomers again.
    Unlock,
    /// Removes a caller.
    Kick(SessionId),
}

/// Changes a conference; the callers hear of it at their next renewal.
pub fn operate(
    line: &Line,
    number: &ConferenceNumber,
    operation: &Operation,
) -> Result<Result<(), NoSuch>, StoreError> {
    let terms = line.terms_in(room(line, number).as_ref());
    line.decide(number, |kept, now| match operation {
        Operation::End => conference::end(kept, now, &terms),
        Operation::Lock => conference::lock(kept, true, now, &terms),
        Operation::Unlock => conference::lock(kept, false, now, &terms),
        Operation::Kick(session) => conference::kick(kept, session, now, &terms),
    })
}

/// The room of a number, as far as it can be known: a broken file keeps no operator from acting.
pub fn room(line: &Line, number: &ConferenceNumber) -> Option<Room> {
    line.rooms().find(number).unwrap_or_else(|error| {
        line.warn(&error.to_string());
        None
    })
}
