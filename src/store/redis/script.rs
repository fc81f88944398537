//! The script that Redis runs for a request: it tells what is under a key, or keeps the outcome of a decision on that.

use crate::clock::{Millis, Moment};
use crate::conference::Conference;
use crate::number::ConferenceNumber;
use crate::store::MOST_BYTES;
use redis::{Cmd, FromRedisValue, ParsingError, Value, from_redis_value};

const DECIDE: &str = include_str!("decide.lua");

/// The longest that any key is kept, so that no sum of times overflows in Redis.
const LONGEST: Millis = 1 << 45;

/// What was under a key when Redis looked, and when that was.
pub(super) struct Seen {
    /// None if there was nothing.
    text: Option<Vec<u8>>,
    /// The time after which it vanishes by itself; none if it doesn't.
    vanishes_in: Option<Millis>,
    now: Millis,
}

/// What is to become of a key.
pub(super) enum Outcome {
    /// It has this text, and vanishes after so long. If it lets somebody in a full Redis refuses it.
    Keep { text: Vec<u8>, lasting: Millis, lets_in: bool },
    /// It stays as it is, and vanishes after so long.
    Expire(Millis),
    /// It goes.
    Delete,
}

/// Asks what is under a key; the answer is a [`Seen`].
pub(super) fn read(key: &str) -> Cmd {
    // No key is in the state `unread`, so none is changed.
    run(key, ["unread", "", "expire", "0", ""].map(str::as_bytes))
}

/// Keeps an outcome if what was `seen` is still there; the answer is nothing, or what is there instead.
pub(super) fn replace(key: &str, seen: &Seen, outcome: &Outcome) -> Cmd {
    let there = if seen.is_there() { "text" } else { "none" };
    let old = seen.text.as_deref().unwrap_or_default();
    let (what, lasting, new) = match outcome {
        Outcome::Keep { text, lasting, lets_in: true } => ("set", *lasting, text.as_slice()),
        Outcome::Keep { text, lasting, lets_in: false } => ("replace", *lasting, text.as_slice()),
        Outcome::Expire(lasting) => ("expire", *lasting, &[][..]),
        Outcome::Delete => ("del", 0, &[][..]),
    };
    let lasting = lasting.clamp(1, LONGEST).to_string();
    run(key, [there.as_bytes(), old, what.as_bytes(), lasting.as_bytes(), new])
}

fn run(key: &str, [there, old, what, lasting, new]: [&[u8]; 5]) -> Cmd {
    let mut command = redis::cmd("EVAL");
    command.arg(DECIDE).arg(1).arg(key);
    command.arg(there).arg(old).arg(MOST_BYTES).arg(what).arg(lasting).arg(new);
    command
}

impl Seen {
    pub(super) fn now(&self) -> Moment {
        Moment::from_wall(self.now)
    }

    pub(super) fn is_there(&self) -> bool {
        self.text.is_some()
    }

    /// Whether it is there for good, as only something made by hand is.
    pub(super) fn stays(&self) -> bool {
        self.is_there() && self.vanishes_in.is_none()
    }

    pub(super) fn understood(&self, number: &ConferenceNumber, max_age: Millis) -> Option<Conference> {
        // A text that is not one of ours is supposed to have been written so long ago that its callers have as much of
        // their lease left as the key has to last.
        let left = self.vanishes_in.map_or(max_age, |left| left.min(max_age));
        let written = Moment::from_wall(self.now.saturating_sub(max_age - left));
        self.text.as_ref().map(|text| Conference::from_text(text, number, &written, max_age))
    }
}

impl FromRedisValue for Seen {
    fn from_redis_value(answer: Value) -> Result<Self, ParsingError> {
        let (left, text, (seconds, micros)): (i64, Vec<u8>, (u64, u64)) = from_redis_value(answer)?;
        Ok(Self {
            // PTTL: -2 where there is no key, -1 where it has no expiry.
            text: (left != -2).then_some(text),
            vanishes_in: u64::try_from(left).ok(),
            now: seconds.saturating_mul(1000).saturating_add(micros / 1000),
        })
    }
}
