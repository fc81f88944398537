//! The numbers that a token is kept for, fetched page by page: Redis goes on serving calls in between, and
//! neither side ever holds the whole list.

use super::errand::{AFTER_NUMBER, BEFORE_NUMBER};
use super::url::Node;
use super::{Effect, Redis, Refusal, failure};
use crate::number::ConferenceNumber;
use crate::store::StoreError;
use redis::{Value, from_redis_value, pipe};

/// How many keys Redis looks at for one page.
const PAGE: usize = 1000;

/// A walk through the keys of every node. A number whose key Redis moves within its table meanwhile may come twice.
pub(super) struct Scan<'a> {
    redis: &'a Redis,
    /// The nodes that are left, the one under way last, with where its next page begins.
    nodes: Vec<(Node, u64)>,
    page: std::vec::IntoIter<ConferenceNumber>,
}

impl<'a> Scan<'a> {
    pub(super) fn begin(redis: &'a Redis) -> Result<Self, StoreError> {
        let nodes = masters(redis)?.into_iter().map(|node| (node, 0)).collect();
        Ok(Self { redis, nodes, page: Vec::new().into_iter() })
    }

    fn next_page(&mut self) -> Option<Result<(), StoreError>> {
        let (node, cursor) = self.nodes.pop()?;
        let mut commands = pipe();
        let pattern = format!("{BEFORE_NUMBER}*{AFTER_NUMBER}");
        commands.cmd("SCAN").arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(PAGE);
        // Each page may take as long as a request: an operator's list is as long as it is.
        let replies = match self.redis.converse(&node, &commands, Effect::None, self.redis.deadline()) {
            Ok(replies) => replies,
            Err(refusal) => return Some(Err(in_words(&node, refusal))),
        };
        let reply = replies.into_iter().next().unwrap_or(Value::Nil);
        let Ok((cursor, keys)) = from_redis_value::<(u64, Vec<Vec<u8>>)>(reply) else {
            return Some(Err(failure::senseless(&node)));
        };
        if cursor != 0 {
            self.nodes.push((node, cursor));
        }
        self.page = keys.iter().filter_map(|key| number_of(key)).collect::<Vec<_>>().into_iter();
        Some(Ok(()))
    }
}

impl Iterator for Scan<'_> {
    type Item = Result<ConferenceNumber, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(number) = self.page.next() {
                return Some(Ok(number));
            }
            if let Err(error) = self.next_page()? {
                self.nodes.clear();
                return Some(Err(error));
            }
        }
    }
}

fn number_of(key: &[u8]) -> Option<ConferenceNumber> {
    let key = std::str::from_utf8(key).ok()?;
    let number = key.strip_prefix(BEFORE_NUMBER)?.strip_suffix(AFTER_NUMBER)?;
    ConferenceNumber::from_token_name(number)
}

/// The nodes that together have every key: the masters of a cluster, or the one Redis there is.
fn masters(redis: &Redis) -> Result<Vec<Node>, StoreError> {
    let seed = &redis.url.node;
    let mut commands = pipe();
    commands.cmd("CLUSTER").arg("SLOTS");
    let reply = match redis.converse(seed, &commands, Effect::None, redis.deadline()) {
        Ok(replies) => replies.into_iter().next().unwrap_or(Value::Nil),
        // No cluster, or a server that has never heard of clusters.
        Err(Refusal::Said(error)) if error.code() == "ERR" => return Ok(vec![seed.clone()]),
        Err(refusal) => return Err(in_words(seed, refusal)),
    };
    let senseless = || failure::senseless(seed);
    let ranges: Vec<Vec<Value>> = from_redis_value(reply).map_err(|_| senseless())?;
    let mut nodes = Vec::new();
    for range in ranges {
        // First and last slot, then the master, then its replicas; of each its host, its port and more.
        let master = range.into_iter().nth(2).ok_or_else(senseless)?;
        let master: Vec<Value> = from_redis_value(master).map_err(|_| senseless())?;
        let mut parts = master.into_iter();
        let host: Option<String> = parts.next().and_then(|host| from_redis_value(host).ok()).flatten();
        let port = parts.next().and_then(|port| from_redis_value(port).ok()).ok_or_else(senseless)?;
        let node = seed.sibling_at(host.as_deref().unwrap_or_default(), port);
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }
    if nodes.is_empty() { Err(no_slots(seed)) } else { Ok(nodes) }
}

fn no_slots(node: &Node) -> StoreError {
    StoreError::Unreachable(format!(
        "the Redis at {node} is a node of a cluster without any slots; see `redis-cli --cluster check` there"
    ))
}

fn in_words(node: &Node, refusal: Refusal) -> StoreError {
    match refusal {
        Refusal::Said(error) => failure::refused(node, &error),
        Refusal::Failed(failed) => failed,
    }
}
