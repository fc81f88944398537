//! What would fail in Redis, found out before anybody calls.

use super::script::{self, Outcome, Seen};
use super::url::Servers;
use super::{Redis, SLACK, error};
use crate::clock::{Millis, Moment};
use crate::store::StoreError;

impl Redis {
    /// Problems of the Redis in plain words, each with what to do; none when requests will succeed.
    pub(in crate::store) fn problems(&self) -> Vec<String> {
        match self.try_out() {
            Ok(()) => self.odd_settings().into_iter().chain(self.odd_clock()).collect(),
            Err(error) => vec![error.to_string()],
        }
    }

    /// What is well when there are no problems.
    pub(in crate::store) fn well(&self) -> String {
        let mut well = format!("{} can be written", self.url);
        for info in self.info() {
            let replicas = says(&info, "connected_slaves").unwrap_or("0");
            let kept = if says(&info, "aof_enabled") == Some("1") { "an" } else { "no" };
            well += &format!("; it has {replicas} replicas and {kept} append-only file");
        }
        well
    }

    /// What each server says of itself; nothing where the user may not ask.
    fn info(&self) -> Vec<String> {
        let info = redis::cmd("INFO");
        let asked = self.ask("", self.deadline(), move |redis| redis.ask_all::<String>(&info));
        asked.unwrap_or_default().into_iter().map(|(_, info)| info).collect()
    }

    /// What is wrong between the clock of Redis and that of this machine.
    fn odd_clock(&self) -> Option<String> {
        let time: (u64, u64) = self.run("", self.deadline(), redis::cmd("TIME")).ok()?;
        let there = time.0.saturating_mul(1000).saturating_add(time.1 / 1000);
        clock_problem(&self.url.to_string(), there, Moment::now().wall)
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

    /// Settings and states of a server with which it will fail some day.
    fn odd_settings(&self) -> Vec<String> {
        let redis = self.url.to_string();
        let mut problems = Vec::new();
        for info in self.info() {
            problems.extend(problems_in(&info, &redis));
            if says(&info, "cluster_enabled") == Some("1") && matches!(self.url.are, Servers::Redis) {
                problems.push(format!("{redis} {}", error::ONE_NODE));
            }
        }
        problems.dedup();
        problems
    }
}

/// What is wrong with a server by what INFO says.
fn problems_in(info: &str, redis: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let limited = says(info, "maxmemory") != Some("0");
    if let Some(policy) = says(info, "maxmemory_policy").filter(|policy| limited && *policy != "noeviction") {
        problems.push(format!(
            "{redis} throws keys away when its memory is full (maxmemory-policy {policy}), conferences in progress too; \
             set it to noeviction"
        ));
    }
    for (status, what) in
        [("rdb_last_bgsave_status", "snapshot"), ("aof_last_write_status", "append-only file")]
    {
        if says(info, status) == Some("err") {
            problems.push(format!(
                "{redis} could not write its {what}, and may soon refuse to change anything; look at its log"
            ));
        }
    }
    problems
}

/// What INFO says of something.
fn says<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
}

/// More than this between two clocks shows in leases and in the log.
const MOST_APART: Millis = 2_000;

fn clock_problem(redis: &str, there: Millis, here: Millis) -> Option<String> {
    let (apart, which) = (there.abs_diff(here), if there > here { "ahead of" } else { "behind" });
    (apart > MOST_APART).then(|| {
        format!(
            "the clock of {redis} is {} s {which} this machine's; let both follow a time server",
            apart / 1000
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_info_says_of_evictions_and_disks_is_told() {
        let of = |info: &str| problems_in(info, "the Redis").concat();
        assert_eq!(of("maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\naof_last_write_status:ok\r\n"), "");
        assert!(of("maxmemory:9\r\nmaxmemory_policy:allkeys-lru\r\n").contains("set it to noeviction"));
        assert!(of("rdb_last_bgsave_status:err\r\n").contains("could not write its snapshot"));
        assert!(of("aof_last_write_status:err\r\n").contains("could not write its append-only file"));
    }

    #[test]
    fn clocks_that_are_apart_are_told() {
        assert_eq!(clock_problem("it", 10_000, 12_000), None);
        let told = |there, here| clock_problem("the Redis", there, here).unwrap();
        assert!(told(9_000, 1_000).contains("8 s ahead of this machine's"));
        assert!(told(1_000, 4_000).contains("the Redis is 3 s behind this machine's"));
    }
}
