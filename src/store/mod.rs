//! Where tokens are kept. A store runs one decision at a time on what is kept for one number, and has kept its outcome
//! before it returns. What the outcome means is the business of [`crate::conference`].

mod directory;
mod secret_file;
mod token_file;

mod directory_check;
mod redis;

pub use self::redis::{Redis, RedisUrl};
pub use directory::Directory;

use crate::clock::{Millis, Moment};
use crate::conference::{Conference, Decision};
use crate::number::ConferenceNumber;
use crate::secret::Secret;
use std::time::Duration;

/// Why a token could not be read or changed. It is as it was before.
#[derive(Debug)]
pub enum StoreError {
    /// Others held the token for longer than the time allowed for waiting.
    Busy(ConferenceNumber),
    /// Something that is no token has the token's name. The text says what and where.
    NotAToken(String),
    /// The directory or Redis failed, or is not there. The text says what was tried, on what, and how it failed.
    Unreachable(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Busy(number) => write!(
                f,
                "others were at the token of {number} for longer than CONFERENCE_LOCK_TIMEOUT; \
                 see which processes they are"
            ),
            Self::NotAToken(what) => write!(f, "{what}; remove it"),
            Self::Unreachable(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for StoreError {}

/// The most bytes of a token that are read: several times what the fullest conference needs.
pub const MOST_BYTES: usize = 2 << 20;

/// What every store needs to know.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// The name of the line, where one Redis serves several.
    pub line: Option<String>,
    /// The longest time to wait for others.
    pub timeout: Duration,
    /// The lease of the unknown callers of a token made by hand, in milliseconds.
    pub max_age: Millis,
}

/// The store that the settings ask for.
#[derive(Debug)]
pub enum Store {
    /// One file per conference in a directory.
    Directory(Directory),
    /// One key per conference in a Redis.
    Redis(Box<Redis>),
}

impl Store {
    /// Decides on what is kept for a number, alone among all processes, and keeps the outcome.
    ///
    /// `decide` may be called more than once if others were faster. Only its last outcome counts.
    pub fn transact<T>(
        &self,
        number: &ConferenceNumber,
        decide: impl FnMut(Option<Conference>, &Moment) -> Decision<T>,
    ) -> Result<Decision<T>, StoreError> {
        match self {
            Self::Directory(directory) => directory.transact(number, decide),
            Self::Redis(redis) => redis.transact(number, decide),
        }
    }

    /// What is kept for a number, and the time at which that was read.
    pub fn look(&self, number: &ConferenceNumber) -> Result<(Option<Conference>, Moment), StoreError> {
        match self {
            Self::Directory(directory) => directory.look(number),
            Self::Redis(redis) => redis.look(number),
        }
    }

    /// The secret that is kept with the tokens, made if there is none yet. `number` is decided on next: a Redis can be asked
    /// for its token at the same time.
    pub fn secret(&self, number: &ConferenceNumber) -> Result<Secret, StoreError> {
        match self {
            Self::Directory(directory) => directory.secret(),
            Self::Redis(redis) => redis.secret(number),
        }
    }

    /// The numbers that have a token, in no order. One that comes or goes meanwhile may be among them or not.
    pub fn numbers(
        &self,
    ) -> Result<Box<dyn Iterator<Item = Result<ConferenceNumber, StoreError>> + '_>, StoreError> {
        match self {
            Self::Directory(directory) => Ok(Box::new(directory.numbers()?)),
            Self::Redis(redis) => Ok(Box::new(redis.numbers()?.into_iter().map(Ok))),
        }
    }

    /// Removes what killed processes have left behind; what is kept for a number is not touched. How many files
    /// there were.
    pub fn tidy(&self) -> Result<usize, StoreError> {
        match self {
            Self::Directory(directory) => directory.tidy(),
            // What is left behind there vanishes by itself.
            Self::Redis(_) => Ok(0),
        }
    }

    /// What would fail, in plain words, each with what to do; changes nothing.
    pub fn problems(&self) -> Vec<String> {
        match self {
            Self::Directory(directory) => directory.problems(),
            Self::Redis(redis) => redis.problems(),
        }
    }

    /// What is wrong with the secret that is kept with the tokens; nothing if it is yet to be made.
    pub fn problem_of_secret(&self) -> Option<String> {
        match self {
            Self::Directory(directory) => directory.problem_of_secret(),
            Self::Redis(redis) => redis.problem_of_secret(),
        }
    }

    /// What is well when there are no problems.
    pub fn well(&self) -> String {
        match self {
            Self::Directory(directory) => {
                format!("{} can be written and locked", directory.path().display())
            }
            Self::Redis(redis) => redis.well(),
        }
    }
}
