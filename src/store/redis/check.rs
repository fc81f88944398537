//! What would fail in Redis, found out before anybody calls.

use super::script::{self, Outcome, Seen};
use super::url::Servers;
use super::{Redis, SLACK, error};
use crate::clock::Moment;
use crate::store::StoreError;

impl Redis {
    /// Problems of the Redis in plain words, each with what to do; none when requests will succeed.
    pub(in crate::store) fn problems(&self) -> Vec<String> {
        match self.try_out() {
            Ok(()) => self.odd_settings(),
            Err(error) => vec![error.to_string()],
        }
    }

    /// What is well when there are no problems.
    pub(in crate::store) fn well(&self) -> String {
        format!("{} can be written", self.url)
    }

    /// Writes, reads and removes a key that means nothing, as a request would do with a token.
    fn try_out(&self) -> Result<(), StoreError> {
        let key = format!("ccxml-conference:trial:{}", Moment::now_in_nanos());
        let text = b"written by `ccxml-conference check`".to_vec();
        for outcome in [Outcome::Keep { text, lasting: SLACK, lets_in: true }, Outcome::Delete] {
            let seen: Seen = self.run(&key, self.deadline(), script::read(&key))?;
            let _: Option<Seen> = self.run(&key, self.deadline(), script::replace(&key, &seen, &outcome))?;
        }
        Ok(())
    }

    /// Settings of a server with which it will fail some day. A user who may not ask gets no warning.
    fn odd_settings(&self) -> Vec<String> {
        let info = redis::cmd("INFO");
        let asked = self.ask("", self.deadline(), move |redis| redis.ask_all::<String>(&info));
        let mut problems = Vec::new();
        for (_, info) in asked.unwrap_or_default() {
            let says = |setting: &str| info.lines().any(|line| line == setting);
            let policy = info.lines().find_map(|line| line.strip_prefix("maxmemory_policy:"));
            if let Some(policy) = policy.filter(|policy| *policy != "noeviction" && !says("maxmemory:0")) {
                problems.push(format!(
                    "{} throws keys away when its memory is full (maxmemory-policy {policy}), conferences in \
                     progress too; set it to noeviction",
                    self.url
                ));
            }
            if says("cluster_enabled:1") && matches!(self.url.are, Servers::Redis) {
                problems.push(format!("{} {}", self.url, error::ONE_NODE));
            }
        }
        problems.dedup();
        problems
    }
}
