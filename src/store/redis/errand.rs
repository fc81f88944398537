//! What is asked of Redis about one key: what is there, and to keep the outcome of a decision on it.

use super::url::Node;
use super::{Effect, Redis, Refusal, failure};
use crate::clock::{Millis, Moment};
use crate::conference::Conference;
use crate::number::ConferenceNumber;
use crate::store::{MOST_BYTES, StoreError};
use redis::{ServerError, ServerErrorKind, Value, from_redis_value, pipe};
use std::time::Instant;

const DECIDE: &str = include_str!("decide.lua");

/// The longest that any key is kept, so that no sum of times overflows in Redis.
const LONGEST: Millis = 1 << 45;

/// How often one request is sent elsewhere by the nodes of a cluster.
const MOST_REDIRECTIONS: usize = 5;

// The keys. What stands in braces decides on the node of a cluster.
pub(super) const BEFORE_NUMBER: &str = "ccxml-conference:{";

pub(super) const AFTER_NUMBER: &str = "}:token";

/// What was there when Redis looked, and when that was.
pub(super) struct Seen {
    pub(super) there: There,
    pub(super) left: Left,
    now: Millis,
}

#[derive(PartialEq, Eq)]
pub(super) enum There {
    Nothing,
    Text(Vec<u8>),
    /// Something that is too large to be read in, which is as good as a text that makes no sense.
    Huge,
}

/// The time after which a key vanishes by itself.
#[derive(PartialEq, Eq)]
pub(super) enum Left {
    Forever,
    For(Millis),
}

impl Seen {
    pub(super) fn now(&self) -> Moment {
        Moment::from_wall(self.now)
    }

    pub(super) fn understood(&self, number: &ConferenceNumber, max_age: Millis) -> Option<Conference> {
        let text = match &self.there {
            There::Nothing => return None,
            There::Text(text) => text.as_slice(),
            There::Huge => &[],
        };
        Some(Conference::from_text(text, number, &self.written(max_age), max_age))
    }

    /// When a text that is not one of ours is supposed to have been written: so long ago that its callers have
    /// as much of their lease left as the key has to last.
    fn written(&self, max_age: Millis) -> Moment {
        let left = match self.left {
            Left::Forever => max_age,
            Left::For(left) => left.min(max_age),
        };
        Moment::from_wall(self.now.saturating_sub(max_age - left))
    }

    /// Reads the script's answer.
    fn from_reply(reply: Value) -> Option<Self> {
        let (there, text, left, (seconds, micros)): (String, Vec<u8>, i64, (u64, u64)) =
            from_redis_value(reply).ok()?;
        let there = match there.as_str() {
            "none" => There::Nothing,
            "text" => There::Text(text),
            "huge" => There::Huge,
            _ => return None,
        };
        let left = u64::try_from(left).map_or(Left::Forever, Left::For);
        Some(Self { there, left, now: seconds.checked_mul(1000)?.checked_add(micros / 1000)? })
    }
}

/// What is to become of a key.
pub(super) enum Outcome {
    Set { text: Vec<u8>, lasting: Millis },
    Delete,
    Expire(Millis),
}

/// The commands about one key, and the node that they go to.
pub(super) struct Errand<'a> {
    redis: &'a Redis,
    key: String,
    deadline: Instant,
    node: Node,
}

impl<'a> Errand<'a> {
    pub(super) fn about(redis: &'a Redis, number: &ConferenceNumber, deadline: Instant) -> Self {
        Self::to_key(redis, format!("{BEFORE_NUMBER}{number}{AFTER_NUMBER}"), deadline)
    }

    pub(super) fn to_key(redis: &'a Redis, key: String, deadline: Instant) -> Self {
        Self { redis, key, deadline, node: redis.url.node.clone() }
    }

    pub(super) fn read(&mut self) -> Result<Seen, StoreError> {
        self.run(Effect::None, &["unread", "", "", "0", ""].map(str::as_bytes))?
            .ok_or_else(|| failure::senseless(&self.node))
    }

    /// Keeps the outcome if `seen` is still what is there; otherwise tells what is.
    pub(super) fn replace(&mut self, seen: &Seen, outcome: &Outcome) -> Result<Option<Seen>, StoreError> {
        let (there, old) = match &seen.there {
            There::Nothing => ("none", &[][..]),
            There::Text(text) => ("text", text.as_slice()),
            There::Huge => ("huge", &[][..]),
        };
        let (what, lasting, new) = match outcome {
            Outcome::Set { text, lasting } => ("set", *lasting, text.as_slice()),
            Outcome::Delete => ("del", 0, &[][..]),
            Outcome::Expire(lasting) => ("expire", *lasting, &[][..]),
        };
        let lasting = lasting.clamp(1, LONGEST).to_string();
        self.run(Effect::Change, &[there.as_bytes(), old, what.as_bytes(), lasting.as_bytes(), new])
    }

    /// Runs the script on the node that has the key: nothing when it has done what it should.
    fn run(
        &mut self,
        effect: Effect,
        [there, old, what, lasting, new]: &[&[u8]; 5],
    ) -> Result<Option<Seen>, StoreError> {
        let mut asking = false;
        for _ in 0..=MOST_REDIRECTIONS {
            let mut commands = pipe();
            if asking {
                commands.cmd("ASKING");
            }
            commands.cmd("EVAL").arg(DECIDE).arg(1).arg(&self.key);
            commands.arg(there).arg(old).arg(MOST_BYTES).arg(what).arg(lasting).arg(new);
            let error = match self.redis.converse(&self.node, &commands, effect, self.deadline) {
                Ok(replies) => {
                    return match replies.into_iter().next_back() {
                        Some(Value::Nil) => Ok(None),
                        reply => reply
                            .and_then(Seen::from_reply)
                            .ok_or_else(|| failure::senseless(&self.node))
                            .map(Some),
                    };
                }
                Err(Refusal::Said(error)) => error,
                Err(Refusal::Failed(failed)) => return Err(failed),
            };
            match redirection(&self.node, &error) {
                Some((node, ask)) => (self.node, asking) = (node, ask),
                None if failure::is_wrong_type(&error) => {
                    let what = format!("{} in the Redis at {} is not a string", self.key, self.node);
                    return Err(StoreError::NotAToken(what));
                }
                None => return Err(failure::refused(&self.node, &error)),
            }
        }
        Err(StoreError::Unreachable(format!(
            "the nodes of the Redis cluster at {} send requests in a circle; see `redis-cli --cluster check` there",
            self.redis.url.node
        )))
    }
}

/// The node that `node` sends a request to, and whether it is to be asked as an exception.
fn redirection(node: &Node, error: &ServerError) -> Option<(Node, bool)> {
    let ask = match error.kind() {
        Some(ServerErrorKind::Moved) => false,
        Some(ServerErrorKind::Ask) => true,
        _ => return None,
    };
    let (_slot, address) = error.details()?.split_once(' ')?;
    Some((node.sibling(address)?, ask))
}
