//! Tokens as keys of a Redis, for any number of machines behind one line (contract section 9).
//!
//! What Redis is relied on for: a script runs alone, from its first command to its last; a key that has an
//! expiry vanishes by itself when that has come; `TIME` is read from one clock, the server's. From this
//! follow the rules here:
//!
//! - Decisions are made by the same code as for files, in this process, so they can't be made within Redis.
//!   Instead the outcome is kept only if what it was decided on is still there, byte for byte; otherwise the
//!   same answer of Redis brings what is there now, and the decision is made anew. Somebody's decision is kept
//!   in each turn, so no crowd can block itself.
//! - Reading is an outcome for a state that can't be: one script does both, in one round trip each. The
//!   first carries login and database as well.
//! - The time of all decisions is that of Redis, so machines with different clocks agree on every lease.
//! - Every key expires, somewhat later than what is kept there can mean anything. A key without an expiry was
//!   made by hand, and gets one of `max_age` from when it is first seen: its expiry stands in for the
//!   time of writing, which Redis doesn't tell. One made by hand with an expiry lasts that long.
//! - A change whose answer is lost is not sent again: whether it was made is not known, and only the next
//!   request of the same session, which changes nothing that has been done, can tell.
//! - The keys of one number share a hash tag, so that a cluster keeps them on one node; a node that says where
//!   else to go is believed.

mod check;
mod errand;
mod failure;
mod scan;
mod tls;
mod url;
mod wire;

pub use url::RedisUrl;

use super::{StoreError, StoreSettings};
use crate::clock::{Millis, Moment};
use crate::conference::{Change, Conference, Decision};
use crate::number::ConferenceNumber;
use errand::{Errand, Left, Outcome, There};
use redis::{Pipeline, ServerError, Value};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use url::Node;
use wire::Wire;

/// How much longer than anything in it can last a key is there, so that whoever looks just after the end of the
/// last lease still sees, and can log, who was in.
const SLACK: Millis = 5_000;

/// The least time that Redis is given, which `CONFERENCE_LOCK_TIMEOUT=0` would not leave for one round trip.
const LEAST: Duration = Duration::from_millis(100);

/// The Redis that keeps the tokens.
pub struct Redis {
    url: RedisUrl,
    keeping: StoreSettings,
    /// Connections to be used again; an operator's command looks at many numbers.
    idle: Mutex<HashMap<Node, Wire>>,
}

impl Redis {
    /// The store in the Redis at `url`, which is not connected to before it is needed.
    pub fn new(url: RedisUrl, keeping: StoreSettings) -> Self {
        Self { url, keeping, idle: Mutex::default() }
    }

    pub(super) fn transact<T>(
        &self,
        number: &ConferenceNumber,
        mut decide: impl FnMut(Option<Conference>, &Moment) -> Decision<T>,
    ) -> Result<Decision<T>, StoreError> {
        let deadline = self.deadline();
        let mut errand = Errand::about(self, number, deadline);
        let mut seen = errand.read()?;
        loop {
            let decision = decide(seen.understood(number, self.keeping.max_age), &seen.now());
            let outcome = match &decision.change {
                Change::Keep(kept) => {
                    Outcome::Set { text: kept.to_text(), lasting: kept.lasts().saturating_add(SLACK) }
                }
                Change::Free if seen.there != There::Nothing => Outcome::Delete,
                Change::Nothing if seen.left == Left::Forever => Outcome::Expire(self.keeping.max_age),
                Change::Nothing | Change::Free => return Ok(decision),
            };
            match errand.replace(&seen, &outcome)? {
                None => return Ok(decision),
                Some(newer) => seen = newer,
            }
            // The rest of the time is for answers: others who are always faster are no Redis that is silent.
            if Instant::now() + self.patience() / 10 >= deadline {
                return Err(StoreError::Busy(number.clone()));
            }
        }
    }

    pub(super) fn look(&self, number: &ConferenceNumber) -> Result<(Option<Conference>, Moment), StoreError> {
        let seen = Errand::about(self, number, self.deadline()).read()?;
        Ok((seen.understood(number, self.keeping.max_age), seen.now()))
    }

    pub(super) fn numbers(
        &self,
    ) -> Result<impl Iterator<Item = Result<ConferenceNumber, StoreError>> + '_, StoreError> {
        scan::Scan::begin(self)
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.patience()
    }

    fn patience(&self) -> Duration {
        self.keeping.timeout.max(LEAST)
    }

    /// One round trip to one node: the answers to `commands`, or the first of them that is an error.
    fn converse(
        &self,
        node: &Node,
        commands: &Pipeline,
        effect: Effect,
        deadline: Instant,
    ) -> Result<Vec<Value>, Refusal> {
        loop {
            let idle = self.idle().remove(node);
            let used = idle.as_ref().is_some_and(Wire::is_used);
            let unreachable = |error| Refusal::Failed(failure::unreachable(node, &error));
            let mut wire = match idle {
                Some(wire) => wire,
                None => Wire::to(node, deadline).map_err(unreachable)?,
            };
            let login = self.url.login.as_ref();
            let answers = match wire.exchange(commands, login, self.url.db, deadline) {
                // The server may have closed the connection while nobody used it.
                Err(error) if used && effect == Effect::None && !timed_out(&error) => continue,
                answers => answers.map_err(unreachable)?,
            };
            if let Some(error) = first_error(&answers.greeting) {
                return Err(Refusal::Failed(failure::not_let_in(node, error)));
            }
            self.idle().insert(node.clone(), wire);
            return match first_error(&answers.replies) {
                Some(error) => Err(Refusal::Said(error.clone())),
                None => Ok(answers.replies),
            };
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, HashMap<Node, Wire>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis")
            .field("url", &self.url)
            .field("keeping", &self.keeping)
            .finish_non_exhaustive()
    }
}

/// What commands do to what is kept; those that do something are never sent twice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    None,
    Change,
}

/// Why there are no answers.
enum Refusal {
    /// Redis has answered a command with an error.
    Said(ServerError),
    /// It did not come to that.
    Failed(StoreError),
}

fn timed_out(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock)
}

fn first_error(replies: &[Value]) -> Option<&ServerError> {
    replies.iter().find_map(|reply| match reply {
        Value::ServerError(error) => Some(error),
        _ => None,
    })
}
