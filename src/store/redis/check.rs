//! What would fail in Redis, found out before anybody calls.

use super::errand::{Errand, Outcome};
use super::{Effect, Redis, SLACK};
use crate::clock::Moment;
use crate::store::StoreError;
use redis::{Value, from_redis_value, pipe};

impl Redis {
    /// Problems of the Redis in plain words, each with what to do; none when requests will succeed.
    pub(in crate::store) fn problems(&self) -> Vec<String> {
        match self.try_out() {
            Ok(()) => self.evicting().into_iter().collect(),
            Err(error) => vec![error.to_string()],
        }
    }

    /// What is well when there are no problems.
    pub(in crate::store) fn well(&self) -> String {
        format!("database {} of the Redis at {} can be written", self.url.db, self.url.node)
    }

    /// Writes, reads and removes a key that means nothing, as a request would do with a token.
    fn try_out(&self) -> Result<(), StoreError> {
        let key = format!("ccxml-conference:trial:{}", Moment::now_in_nanos());
        let mut errand = Errand::to_key(self, key, self.deadline());
        let nothing = errand.read()?;
        let text = b"written by `ccxml-conference check`".to_vec();
        errand.replace(&nothing, &Outcome::Set { text, lasting: SLACK })?;
        let written = errand.read()?;
        errand.replace(&written, &Outcome::Delete).map(|_| ())
    }

    /// Whether Redis may throw tokens away before they expire. A user who may not ask gets no warning.
    fn evicting(&self) -> Option<String> {
        let node = &self.url.node;
        let mut commands = pipe();
        commands.cmd("INFO").arg("memory");
        let replies = self.converse(node, &commands, Effect::None, self.deadline()).ok()?;
        let info: String = from_redis_value(replies.into_iter().next().unwrap_or(Value::Nil)).ok()?;
        let of = |name: &str| info.lines().find_map(|line| line.strip_prefix(name));
        let (limit, policy) = (of("maxmemory:")?, of("maxmemory_policy:")?);
        (limit != "0" && policy != "noeviction").then(|| {
            format!(
                "the Redis at {node} throws keys away when its memory is full (maxmemory-policy {policy}), \
                 conferences in progress too; set it to noeviction"
            )
        })
    }
}
