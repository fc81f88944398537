//! What operators do from the shell (contract section 6): the verbs, on the same tokens and the same decisions as
//! requests.

use crate::conference::{NotFound, Operation};
use crate::line::Line;
use crate::number::{ConferenceNumber, SessionId};
use std::io::{self, Write};

/// How a verb ended, when it did not do what was asked.
#[derive(Debug)]
pub enum Unsuccessful {
    /// There is no such conference or caller.
    NoSuch(String),
    /// The command line can't be understood; says what would be right.
    Usage(String),
    /// It failed; what to do about it.
    Failed(anyhow::Error),
    /// A part of it failed; each failure was printed when it was met.
    FailedInPart,
    /// Standard output could not be written.
    Output(io::Error),
}

/// What a verb comes to.
pub type Outcome = Result<(), Unsuccessful>;

impl From<crate::store::StoreError> for Unsuccessful {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<io::Error> for Unsuccessful {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Changes a conference; the callers hear of it at their next renewal.
pub fn change(line: &Line, number: &ConferenceNumber, operation: &Operation) -> Outcome {
    line.operate(number, operation)?.map_err(|missing| match (missing, operation) {
        (NotFound::Caller, Operation::Kick(session)) => no_such_caller(number, session),
        _ => no_such_conference(number),
    })
}

/// Removes what has expired, from every number, and says how much that was. It fails when a token can't be read, so
/// that whatever runs it every day notices, but not before all others have been swept.
pub fn sweep(line: &Line, mut to: impl Write) -> Outcome {
    let (mut callers, mut freed, mut complete) = (0, 0, true);
    for number in line.store().numbers()? {
        // One token that can't be read is no reason to leave the others as they are.
        match number.and_then(|number| line.sweep(&number)) {
            Ok(swept) => {
                callers += swept.expired;
                freed += usize::from(swept.freed);
            }
            Err(error) => {
                line.warn(&error.to_string());
                complete = false;
            }
        }
    }
    let files = line.store().tidy()?;
    writeln!(to, "{freed} numbers freed, {callers} callers expired, {files} abandoned files removed")?;
    if complete { Ok(()) } else { Err(Unsuccessful::FailedInPart) }
}

pub(super) fn no_such_conference(number: &ConferenceNumber) -> Unsuccessful {
    Unsuccessful::NoSuch(format!(
        "there is no conference {number}; `ccxml-conference list` shows which there are"
    ))
}

fn no_such_caller(number: &ConferenceNumber, session: &SessionId) -> Unsuccessful {
    Unsuccessful::NoSuch(format!(
        "there is no session {session} in conference {number}; `ccxml-conference show {number}` shows which there are"
    ))
}
