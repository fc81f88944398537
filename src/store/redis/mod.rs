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
//! - The time of all decisions is that of Redis, so machines with different clocks agree on every lease.
//! - Every key expires, somewhat later than what is kept there can mean anything. A key without an expiry was
//!   made by hand, and gets one of `max_age` from when it is first seen: its expiry stands in for the
//!   time of writing, which Redis doesn't tell. One made by hand with an expiry lasts that long.
//! - One deadline holds for all that a request does with Redis: each exchange is left to a thread, and who waits for it
//!   gives up when the time is over, whatever the thread still waits for.
//! - A change whose answer is lost is not made twice: sent again, it no longer finds what it was decided on.
//! - The keys of one number share a hash tag, so that a cluster keeps them on one node.

mod check;
mod connection;
mod error;
mod script;
mod secret;
mod url;

pub use url::RedisUrl;

use super::{StoreError, StoreSettings};
use crate::clock::{Millis, Moment};
use crate::conference::{Change, Conference, Decision};
use crate::number::ConferenceNumber;
use connection::{Connection, Node};
use redis::{Cmd, FromRedisValue, RedisError, RedisResult};
use script::{Outcome, Seen};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{io, thread};

/// How long a key stays after the last lease in it has ended, so that whoever looks just then still sees, and can log, who
/// was in.
const SLACK: Millis = 5_000;

/// The least time that Redis is given, which `CONFERENCE_LOCK_TIMEOUT=0` would not leave for one round trip.
const LEAST: Duration = Duration::from_millis(100);

/// How many keys Redis looks at for one page of the list of numbers; in between it goes on serving calls.
const PAGE: usize = 1000;

// What stands in braces decides on the node of a cluster.
const AFTER_NUMBER: &str = "}:token";

/// The Redis that keeps the tokens.
pub struct Redis {
    url: RedisUrl,
    settings: StoreSettings,
    /// The connection, while nobody uses it: what operators ask for takes several numbers.
    idle: Cell<Option<Connection>>,
    /// What was under the token of a number when the secret was read, for the decision that comes next.
    ahead: Cell<Option<Box<(ConferenceNumber, Seen)>>>,
}

impl Redis {
    /// The store in the Redis at `url`, which is not connected to before it is needed.
    pub fn new(url: RedisUrl, settings: StoreSettings) -> Self {
        let timeout = settings.timeout.max(LEAST);
        Self {
            url,
            settings: StoreSettings { timeout, ..settings },
            idle: Cell::default(),
            ahead: Cell::default(),
        }
    }

    pub(super) fn transact<T>(
        &self,
        number: &ConferenceNumber,
        mut decide: impl FnMut(Option<Conference>, &Moment) -> Decision<T>,
    ) -> Result<Decision<T>, StoreError> {
        let (key, deadline) = (self.key(number), self.deadline());
        let mut seen = match self.ahead.take() {
            Some(ahead) if ahead.0 == *number => ahead.1,
            _ => self.run(&key, deadline, script::read(&key))?,
        };
        loop {
            let decision = decide(seen.understood(number, self.settings.max_age), &seen.now());
            let outcome = match &decision.change {
                Change::Keep(kept) => Outcome::Keep {
                    text: kept.to_text(),
                    lasting: kept.lasts().saturating_add(SLACK),
                    lets_in: decision.lets_in(),
                },
                Change::Free if seen.is_there() => Outcome::Delete,
                Change::Nothing if seen.stays() => Outcome::Expire(self.settings.max_age),
                Change::Nothing | Change::Free => return Ok(decision),
            };
            match self.run(&key, deadline, script::replace(&key, &seen, &outcome))? {
                None => return Ok(decision),
                Some(newer) => seen = newer,
            }
            // The rest of the time is for answers: others who are always faster are no Redis that is silent.
            if Instant::now() + self.settings.timeout / 10 >= deadline {
                return Err(StoreError::Busy(number.clone()));
            }
        }
    }

    pub(super) fn look(&self, number: &ConferenceNumber) -> Result<(Option<Conference>, Moment), StoreError> {
        let key = self.key(number);
        let seen: Seen = self.run(&key, self.deadline(), script::read(&key))?;
        Ok((seen.understood(number, self.settings.max_age), seen.now()))
    }

    pub(super) fn numbers(&self) -> Result<BTreeSet<ConferenceNumber>, StoreError> {
        let pattern = format!("{}*{AFTER_NUMBER}", self.before_number());
        let page = |cursor: u64| {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(PAGE);
            scan
        };
        let mut numbers = BTreeSet::new();
        // Each page may take as long as a request: a list is as long as it is.
        let first = page(0);
        let mut pages: Vec<(Node, Page)> =
            self.ask("", self.deadline(), move |redis| redis.ask_all(&first))?;
        while let Some((node, (cursor, keys))) = pages.pop() {
            numbers.extend(keys.iter().filter_map(|key| self.number_of(key)));
            if cursor != 0 {
                let next = page(cursor);
                let ask = move |redis: &mut Connection| Ok((redis.ask_one(&node, &next)?, node));
                let (page, node) = self.ask("", self.deadline(), ask)?;
                pages.push((node, page));
            }
        }
        Ok(numbers)
    }

    /// Sends a command about a key, and waits for the answer until `deadline`.
    fn run<T>(&self, key: &str, deadline: Instant, command: Cmd) -> Result<T, StoreError>
    where
        T: FromRedisValue + Send + 'static,
    {
        self.ask(key, deadline, move |redis| redis.ask(&command))
    }

    /// Has a thread connect, where need be, and ask Redis about a key, and waits for it until `deadline`.
    fn ask<T: Send + 'static>(
        &self,
        key: &str,
        deadline: Instant,
        ask: impl FnOnce(&mut Connection) -> RedisResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let left = deadline.saturating_duration_since(Instant::now());
        let (idle, url) = (self.idle.take(), self.url.clone());
        let (answered, answer) = mpsc::channel();
        let asking = thread::Builder::new().spawn(move || {
            let connection = idle.map_or_else(|| Connection::open(&url, left), Ok);
            let asked = connection.and_then(|mut connection| Ok((ask(&mut connection)?, connection)));
            // Nobody listens any more when the deadline has passed.
            let _ = answered.send(asked);
        });
        let late = |_| Err(io::Error::from(io::ErrorKind::TimedOut).into());
        let asked =
            asking.map_err(RedisError::from).and_then(|_| answer.recv_timeout(left).unwrap_or_else(late));
        let (answer, connection) = asked.map_err(|error| error::told(&self.url, key, &error))?;
        self.idle.set(Some(connection));
        Ok(answer)
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.settings.timeout
    }
}

/// Where the next page of keys begins, and the keys of this one.
type Page = (u64, Vec<Vec<u8>>);

impl Redis {
    fn key(&self, number: &ConferenceNumber) -> String {
        format!("{}{number}{AFTER_NUMBER}", self.before_number())
    }

    /// What comes before a number in the keys of this line, and in those of no other.
    fn before_number(&self) -> String {
        format!("{}{{", self.prefix())
    }

    /// What all keys of this line begin with.
    fn prefix(&self) -> String {
        match &self.settings.line {
            Some(line) => format!("ccxml-conference:{line}:"),
            None => "ccxml-conference:".to_owned(),
        }
    }

    fn number_of(&self, key: &[u8]) -> Option<ConferenceNumber> {
        let key = std::str::from_utf8(key).ok()?;
        let number = key.strip_prefix(&self.before_number())?.strip_suffix(AFTER_NUMBER)?;
        ConferenceNumber::from_token_name(number)
    }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis").field("url", &self.url).finish_non_exhaustive()
    }
}
