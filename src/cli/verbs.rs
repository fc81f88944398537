//! What operators do from the shell (contract section 6): the verbs, on the same tokens and the same decisions as
//! requests.

use crate::conference::{NotDone, Operation};
use crate::console::printable;
use crate::line::Line;
use crate::number::ConferenceNumber;
use crate::operated::{self, Told};
use std::io::{self, Write};

/// How a verb ended, when it did not do what was asked.
#[derive(Debug)]
pub enum Unsuccessful {
    /// There is no such conference or caller, or nothing can be done to it.
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

/// Changes a conference, and says in one line what happens now and when callers hear of it.
pub fn change(line: &Line, number: &ConferenceNumber, operation: &Operation, mut to: impl Write) -> Outcome {
    match line.operate(number, operation, None)? {
        Ok(done) => {
            let told = Told::of(operation, &done);
            let words = operated::done(number, operation, &told, &line.settings().times);
            Ok(writeln!(to, "{}", printable(&words))?)
        }
        Err(why) => Err(Unsuccessful::NoSuch(not_done(number, operation, why))),
    }
}

/// Why an operation was not done, and what to do.
fn not_done(number: &ConferenceNumber, operation: &Operation, why: NotDone) -> String {
    let remedy = match why {
        NotDone::NoConference => return no_such_conference(number),
        NotDone::NoCaller | NotDone::ManyCallers(_) => {
            format!("`ccxml-conference show {number}` shows which there are")
        }
        NotDone::Ending => "wait for that".to_owned(),
        NotDone::NoLimit => "`max_minutes` in its room's file sets one".to_owned(),
    };
    format!("{}; {remedy}", operated::not_done(number, operation, why))
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
    writeln!(to, "numbers freed: {freed}, callers expired: {callers}, abandoned files removed: {files}")?;
    if complete { Ok(()) } else { Err(Unsuccessful::FailedInPart) }
}

/// There is no such conference, and what to do.
pub(super) fn no_such_conference(number: &ConferenceNumber) -> String {
    format!("there is no conference {number}; `ccxml-conference list` shows which there are")
}
