//! The secret that tickets are signed with, where it is in Redis too.

use super::server::RedisServer;
use super::{KEY, line, refused, with_secret_in};
use crate::program::{Line, finish};
use std::process::Child;

/// A caller who is in a room, and what they have got.
fn in_a_room(line: Line) -> (Line, String) {
    let line = line.restricted_to(&[("1234", "pin = \"271828\"")]);
    let ticket = line.enter_with("271828", "a").ticket().unwrap().to_owned();
    (line, ticket)
}

#[test]
fn a_redis_that_lost_everything_loses_nobody_if_the_secret_is_set() {
    let Some(redis) = RedisServer::start() else { return };
    let (line, ticket) = in_a_room(line(&redis.url()));
    let before = redis.cli(&["GET", KEY]);
    redis.flush();
    assert_eq!(line.renew("1234", "a", &ticket).state(), "open");
    let id = before.split("\"id\":").nth(1).unwrap().split(',').next().unwrap();
    assert!(redis.cli(&["GET", KEY]).contains(id), "{id}");
}

#[test]
fn a_secret_that_is_lost_with_redis_brings_nobody_back_into_a_room() {
    let Some(redis) = RedisServer::start() else { return };
    let (line, ticket) = in_a_room(with_secret_in(&redis.url()));
    redis.cli(&["DEL", KEY]);
    assert_eq!(line.renew("1234", "a", &ticket).state(), "open");
    redis.flush();
    assert_eq!(line.renew("1234", "a", &ticket).state(), "waiting");
    assert_eq!(redis.cli(&["EXISTS", KEY]).trim(), "0");
    assert!(line.says(&["check"]).out.contains("set CONFERENCE_SECRET"));
}

#[test]
fn the_secret_in_redis_is_made_once_stays_and_is_never_replaced() {
    const SECRET: &str = "ccxml-conference:secret";
    let Some(redis) = RedisServer::start() else { return };
    let lines = [with_secret_in(&redis.url()), with_secret_in(&redis.url())];
    let at_once: Vec<Child> = (0..10)
        .map(|n| lines[n % 2].ask("GET", format!("conference_code=100{n}&session_id=s")).start())
        .collect();
    let tickets: Vec<String> =
        at_once.into_iter().map(|child| finish(child).ticket().unwrap().to_owned()).collect();
    assert_eq!(redis.cli(&["TTL", SECRET]).trim(), "-1");
    for (n, ticket) in tickets.iter().enumerate() {
        let key = format!("ccxml-conference:{{100{n}}}:token");
        redis.cli(&["DEL", &key]);
        lines[0].renew(&format!("100{n}"), "s", ticket);
        assert!(redis.cli(&["GET", &key]).contains("\"told\":\"first\""), "100{n}");
    }
    redis.cli(&["SET", SECRET, "short"]);
    let told = refused(with_secret_in(&redis.url()));
    assert!(told.contains(SECRET) && told.contains("16 characters"), "{told}");
    redis.cli(&["DEL", SECRET]);
    redis.cli(&["LPUSH", SECRET, "x"]);
    let told = refused(with_secret_in(&redis.url()));
    assert!(told.contains(&format!("{SECRET} in ")) && told.contains("not a string"), "{told}");
    assert_eq!(redis.cli(&["TYPE", SECRET]).trim(), "list");
}

#[test]
fn a_secret_in_redis_costs_no_round_trip() {
    let Some(redis) = RedisServer::start() else { return };
    let (set, kept) = (line(&redis.url()), with_secret_in(&redis.url()));
    kept.enter("5678", "makes-it");
    // Redis before version 6 does not count them.
    let reads = || redis.stat("total_reads_processed");
    let reads_of = |line: &Line, session: &str| {
        let before = reads()?;
        line.enter("1234", session);
        Some(reads()? - before)
    };
    reads_of(&set, "first");
    assert_eq!(reads_of(&kept, "b"), reads_of(&set, "c"));
}
