//! What can be pressed: the verbs that change a conference, with their names and buttons.

use crate::conference::{Operation, Whom};

/// What kind of operation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// Ends the conference.
    End,
    /// Takes no newcomers.
    Lock,
    /// Takes newcomers again.
    Unlock,
    /// Removes a caller.
    Kick,
    /// Lets a caller only listen.
    Mute,
    /// Lets a caller be heard again.
    Unmute,
    /// Lengthens the time that it may last.
    Extend,
    /// Takes PINs again.
    Reopen,
}

/// What is missing for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Which callers are meant.
    Session,
    /// By how many minutes.
    Minutes,
}

impl OperationKind {
    const ALL: [Self; 8] = [
        Self::End,
        Self::Lock,
        Self::Unlock,
        Self::Kick,
        Self::Mute,
        Self::Unmute,
        Self::Extend,
        Self::Reopen,
    ];

    /// The kind of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The name, which is that of the verb.
    pub fn name(self) -> &'static str {
        match self {
            Self::End => "end",
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::Kick => "kick",
            Self::Mute => "mute",
            Self::Unmute => "unmute",
            Self::Extend => "extend",
            Self::Reopen => "reopen",
        }
    }

    /// What stands on the button.
    pub fn label(self) -> &'static str {
        match self {
            Self::End => "End",
            Self::Lock => "Lock",
            Self::Unlock => "Unlock",
            Self::Kick => "Kick",
            Self::Mute => "Mute",
            Self::Unmute => "Unmute",
            Self::Extend => "15 min more",
            Self::Reopen => "Take PINs again",
        }
    }

    /// By how many minutes its button lengthens a conference; none where there is nothing to lengthen.
    pub fn minutes(self) -> Option<u32> {
        (self == Self::Extend).then_some(15)
    }

    /// Whether it can't be undone, so that somebody is asked first whether they mean it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::End | Self::Kick)
    }

    /// The operation, about these callers and by so many minutes where it is about such.
    pub fn about(self, whom: Option<Whom>, minutes: Option<u32>) -> Result<Operation, Missing> {
        Ok(match self {
            Self::End => Operation::End,
            Self::Lock => Operation::Lock,
            Self::Unlock => Operation::Unlock,
            Self::Reopen => Operation::Reopen,
            Self::Kick => Operation::Kick(whom.ok_or(Missing::Session)?),
            Self::Mute => Operation::Mute(whom.ok_or(Missing::Session)?),
            Self::Unmute => Operation::Unmute(whom.ok_or(Missing::Session)?),
            Self::Extend => Operation::Extend(u64::from(minutes.ok_or(Missing::Minutes)?) * 60_000),
        })
    }
}

impl From<&Operation> for OperationKind {
    fn from(operation: &Operation) -> Self {
        match operation {
            Operation::End => Self::End,
            Operation::Lock => Self::Lock,
            Operation::Unlock => Self::Unlock,
            Operation::Kick(_) => Self::Kick,
            Operation::Mute(_) => Self::Mute,
            Operation::Unmute(_) => Self::Unmute,
            Operation::Extend(_) => Self::Extend,
            Operation::Reopen => Self::Reopen,
        }
    }
}
