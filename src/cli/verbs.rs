//! What operators do from the shell (contract section 6): the verbs, on the same tokens and the same decisions as
//! requests.

use crate::conference::{Done, NotDone, Operation, Times, Whom};
use crate::console::{span, span_left};
use crate::line::Line;
use crate::number::ConferenceNumber;
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
        Ok(done) => Ok(writeln!(to, "{}", told(number, operation, &done, &line.settings().times))?),
        Err(why) => Err(Unsuccessful::NoSuch(not_done(number, operation, why))),
    }
}

/// What an operation has done, in words.
fn told(number: &ConferenceNumber, operation: &Operation, done: &Done, times: &Times) -> String {
    let within = match times.renewals {
        true => format!("at the next renewal, within {} s", times.renew / 1000),
        false => "never: sessions of this dialect do not ask".to_owned(),
    };
    let already = if done.changed { "" } else { " already" };
    let callers = match done.told.len() {
        1 => "the caller".to_owned(),
        several => format!("each of {several} callers"),
    };
    match operation {
        Operation::End if done.told.is_empty() => {
            format!("{number} is free: nobody is in its conference who could be told that it has ended")
        }
        Operation::End => format!("conference {number} is ending{already}; {callers} hears so {within}"),
        Operation::Lock => {
            format!("conference {number} is locked{already}; newcomers hear so at once, moderators get in")
        }
        Operation::Unlock => format!("conference {number} is open{already}; newcomers get in at once"),
        Operation::Kick(Whom::Session(session)) => {
            format!("{session} is removed from conference {number}{already}, and hears so {within}")
        }
        Operation::Kick(Whom::All) => match done.told.len() {
            1 => format!("1 caller is removed from conference {number}, and hears so {within}"),
            several => {
                format!("{several} callers are removed from conference {number}; each hears so {within}")
            }
        },
        Operation::Mute(_) | Operation::Unmute(_) if !done.changed => {
            format!("nobody in conference {number} is muted or unmuted by that: all are so already")
        }
        Operation::Mute(Whom::All) => {
            format!(
                "all but moderators are muted in conference {number}, newcomers too; {callers} hears so {within}"
            )
        }
        Operation::Unmute(Whom::All) => {
            format!("all can be heard in conference {number}, newcomers too; {callers} hears so {within}")
        }
        Operation::Mute(Whom::Session(session)) => {
            format!("{session} is muted in conference {number}, and hears so {within}")
        }
        Operation::Unmute(Whom::Session(session)) => {
            format!("{session} can be heard again in conference {number}, and hears so {within}")
        }
        Operation::Extend(by) => {
            let left = match done.ends_in {
                Some(left) => format!("now ends in {}", span_left(left)),
                None => "has not opened yet".to_owned(),
            };
            format!(
                "conference {number} may last {} longer and {left}; each session hears so {within}",
                span(*by)
            )
        }
        Operation::Reopen if done.changed => {
            format!("room {number} takes PINs again, from the next one on; the wrong ones are forgotten")
        }
        Operation::Reopen => format!("room {number} takes PINs as before; no wrong ones were remembered"),
    }
}

/// Why an operation was not done, and what to do.
fn not_done(number: &ConferenceNumber, operation: &Operation, why: NotDone) -> String {
    let show = format!("`ccxml-conference show {number}` shows which there are");
    match (why, operation) {
        (NotDone::NoConference, _) => no_such_conference(number),
        (
            NotDone::NoCaller,
            Operation::Kick(Whom::Session(session))
            | Operation::Mute(Whom::Session(session))
            | Operation::Unmute(Whom::Session(session)),
        ) => format!("there is no session or telephone number {session} in conference {number}; {show}"),
        (NotDone::ManyCallers(several), _) => {
            format!(
                "{several} callers in conference {number} have a number that ends so; give more digits; {show}"
            )
        }
        (NotDone::NoCaller, _) => {
            format!("there are no callers with a session but moderators in conference {number}; {show}")
        }
        (NotDone::Ending, _) => format!(
            "conference {number} is ending, takes no newcomers as it is, and stays so until the last caller has left; \
             wait for that"
        ),
        (NotDone::NoLimit, _) => format!(
            "conference {number} has no time limit that could be extended; `max_minutes` in its room's file sets one"
        ),
    }
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

/// There is no such conference, and what to do.
pub(super) fn no_such_conference(number: &ConferenceNumber) -> String {
    format!("there is no conference {number}; `ccxml-conference list` shows which there are")
}
