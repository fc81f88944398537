//! Tokens in Redis (contract section 9): what the directory promises holds there too, on any number of
//! machines, and whatever Redis does is answered within `CONFERENCE_LOCK_TIMEOUT`.

mod cluster;
mod failures;
mod secret;
mod server;

use crate::database::{DATABASES, TOKENS_IN_REDIS};
use crate::program::{Line, until};
use crate::readme;
use ccxml_conference::store::{Redis, RedisUrl, Store, StoreError, StoreSettings};
use server::RedisServer;
use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

/// The key of the token of 1234.
const KEY: &str = "ccxml-conference:{1234}:token";

/// A line whose tokens are in the Redis at `url`.
fn line(url: &str) -> Line {
    with_secret_in(url).with("CONFERENCE_SECRET", "0123456789abcdef")
}

/// The same, whose secret is there as well.
fn with_secret_in(url: &str) -> Line {
    Line::in_directory().with("CONFERENCE_STORE", url)
}

/// A request that must be answered with 503 within the two seconds that it is given; what the operator reads.
fn refused(line: Line) -> String {
    let line = line.with("CONFERENCE_LOCK_TIMEOUT", "2");
    let began = Instant::now();
    let reply = line.get("conference_code=1234&session_id=a");
    let took = began.elapsed();
    assert_eq!(reply.status, "503 Service Unavailable", "{reply:?}");
    assert!(reply.headers.contains_key("Retry-After"));
    assert!(reply.exit.success());
    assert!(took < Duration::from_millis(3500), "{took:?}");
    assert_eq!(reply.stderr.lines().count(), 1, "{}", reply.stderr);
    let hides = |text: &str| !text.replace("ccxml-conference:secret", "").contains("secret");
    assert!(hides(&reply.stderr) && hides(&reply.body), "{reply:?}");
    reply.stderr
}

/// The same, the operator being told `what`.
fn refused_for(url: &str, what: &str) {
    let told = refused(line(url));
    assert!(told.contains(what), "{told}");
}

fn store(url: &str) -> Store {
    store_within(url, Duration::from_secs(5))
}

fn store_within(url: &str, timeout: Duration) -> Store {
    let settings = StoreSettings { line: None, timeout, max_age: 43_200_000 };
    Store::Redis(Box::new(Redis::new(RedisUrl::parse(url).unwrap(), settings)))
}

fn numbers(url: &str) -> Vec<String> {
    store(url).numbers().unwrap().map(|number| number.unwrap().to_string()).collect()
}

/// Runs tests of the directory once more, with their tokens in Redis.
fn run_in_redis(tests: &[&str]) {
    let databases = DATABASES.to_string();
    let Some(redis) = RedisServer::start_with(&["--databases", &databases]) else { return };
    let mut same_tests = Command::new(std::env::current_exe().unwrap());
    let output = same_tests.args(tests).env(TOKENS_IN_REDIS, redis.socket()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains(" passed; 0 failed"), "{told}");
}

#[test]
fn lines_of_one_redis_have_nothing_to_do_with_each_other() {
    let Some(redis) = RedisServer::start() else { return };
    let lines = [with_secret_in(&redis.url()), with_secret_in(&redis.url()).with("CONFERENCE_LINE", "sales")];
    for line in &lines {
        assert_eq!(line.enter("1234", "a"), "createConference");
        assert_eq!(line.enter("1234", "b"), "joinConference");
    }
    let prefixes = ["ccxml-conference:sales:", "ccxml-conference:"];
    let keys = prefixes.map(|prefix| ["secret", "{1234}:token"].map(|key| format!("{prefix}{key}"))).concat();
    assert_eq!(redis.keys().iter().collect::<BTreeSet<_>>(), keys.iter().collect());
    lines[1].enter("5678", "a");
    let listed = |line: &Line| line.run(&["list"]).lines().count();
    assert_eq!(lines.each_ref().map(listed), [2, 3], "headings and rows");
    lines[1].run(&["end", "1234"]);
    assert!(lines[1].report("renew", "1234", "a").body.contains("ended"));
    assert!(lines[0].report("renew", "1234", "a").body.contains("open"));
}

#[test]
fn what_holds_for_tokens_in_a_directory_holds_in_redis() {
    let calls = ["calls::gatherings::", "calls::rooms::", "calls::verbs::", "calls::waiting::"];
    run_in_redis(&[&calls[..], &["call_log::", "operators::", "requests::", "rooms::", "tokens::"]].concat());
}

#[test]
#[ignore = "takes minutes: `cargo test -- --ignored`"]
fn calls_that_go_well_with_a_directory_go_well_with_redis() {
    // What may happen to one call at every event is about its documents, wherever the token is. Three hundred who change one
    // key at the same instant get in each other's way there: some of them ask again ten seconds later.
    let skipped = ["disturbances", "events", "fetches", "hang_ups", "untold", "at_once::an_end"];
    let skipped = skipped.map(|name| format!("--skip=calls::{name}"));
    run_in_redis(&[&["calls::"][..], &skipped.each_ref().map(String::as_str)].concat());
}

#[test]
fn the_first_creates_the_others_join_and_the_last_who_leaves_frees_the_number() {
    let Some(redis) = RedisServer::start() else { return };
    let line = line(&redis.url());
    assert_eq!(line.enter("1234", "a"), "createConference");
    assert_eq!(line.get("conference_code=1234&session_id=b").others(), 1);
    assert_eq!(line.enter("1234", "a"), "createConference", "the same request again");
    assert_eq!(line.enter("5678", "c"), "createConference");
    assert_eq!(redis.keys(), [KEY, "ccxml-conference:{5678}:token"]);
    line.report("renew", "1234", "a").document();
    for session in ["a", "b", "b"] {
        line.report("leave", "1234", session).document();
    }
    assert_eq!(redis.keys(), ["ccxml-conference:{5678}:token"]);
    assert_eq!(line.enter("1234", "d"), "createConference");
    assert_eq!(line.files(), [""; 0], "the directory is not used");
}

#[test]
fn two_programs_with_nothing_else_in_common_hold_one_conference() {
    let Some(redis) = RedisServer::start() else { return };
    let (one, other) = (line(&redis.url()), line(&redis.socket_url()));
    assert_eq!(one.enter("1234", "a"), "createConference");
    assert_eq!(other.get("conference_code=1234&session_id=b").others(), 1);
    assert_eq!(one.get("conference_code=1234&session_id=c").others(), 2);
    other.report("leave", "1234", "a").document();
    one.report("leave", "1234", "b").document();
    assert_eq!(other.get("conference_code=1234&session_id=d").others(), 1);
}

#[test]
fn a_lease_ends_by_the_clock_of_redis_and_the_key_vanishes_by_itself_some_seconds_later() {
    let Some(redis) = RedisServer::start() else { return };
    let line = line(&redis.url()).with("CONFERENCE_LEASE", "1");
    let lasts = || redis.cli(&["PTTL", KEY]).parse::<i64>().unwrap();
    let began = Instant::now();
    line.enter("1234", "a");
    let most = 6000;
    assert!((most - 2000..=most).contains(&lasts()), "{}", lasts());
    until(|| lasts() < most - 1000);
    assert!(began.elapsed() > Duration::from_secs(1));
    assert_eq!(line.enter("1234", "b"), "createConference", "the lease of a is over, its key is still there");
    until(|| redis.keys().is_empty());
    assert!(began.elapsed() > Duration::from_secs(6), "{:?}", began.elapsed());
}

#[test]
fn a_key_made_by_hand_is_a_conference_with_unknown_callers_for_as_long_as_it_has_to_last() {
    let Some(redis) = RedisServer::start() else { return };
    let line = line(&redis.url()).with("CONFERENCE_MAX_AGE", "100");
    for text in ["", "by hand", "{\"version\":99}"] {
        redis.cli(&["SET", KEY, text]);
        line.ask("HEAD", "conference_code=1234&session_id=a").reply();
        assert_eq!(redis.cli(&["PTTL", KEY]), "-1", "looking changes nothing");
        line.report("leave", "1234", "nobody").document();
        assert_eq!(redis.cli(&["GET", KEY]), text);
        let lasts: i64 = redis.cli(&["PTTL", KEY]).parse().unwrap();
        assert!((90_000..=100_000).contains(&lasts), "{lasts}");
        assert_eq!(line.get("conference_code=1234&session_id=a").others(), 0, "{text:?}");
        line.report("leave", "1234", "a").document();
        assert_eq!(redis.keys(), [KEY], "the unknown callers are still in");
    }
    redis.cli(&["SET", KEY, "", "PX", "700"]);
    line.enter("1234", "a");
    line.report("leave", "1234", "a").document();
    assert_eq!(redis.keys(), [KEY]);
    std::thread::sleep(Duration::from_millis(800));
    assert_eq!(line.enter("1234", "a"), "createConference", "no longer than the expiry it was made with");
}

#[test]
fn an_absurdly_large_value_is_not_read_in_and_heals() {
    let Some(redis) = RedisServer::start() else { return };
    redis.cli(&["SETRANGE", KEY, "3000000", "x"]);
    let line = line(&redis.url());
    assert_eq!(line.get("conference_code=1234&session_id=a").others(), 0);
    assert!(redis.cli(&["STRLEN", KEY]).parse::<usize>().unwrap() < 1000);
    let sent = redis.stat("total_net_output_bytes").unwrap();
    assert!(sent < 500_000, "{sent}");
}

#[test]
fn a_request_takes_one_connection_and_two_round_trips_and_one_more_to_log_in() {
    let Some(redis) = RedisServer::start_with_password("secret") else { return };
    let connections = || redis.stat("total_connections_received").unwrap();
    let before = connections();
    let line = line(&format!("{}/3", redis.url()));
    line.enter("1234", "a");
    // The two of redis-cli are among them: this one, and none between.
    assert_eq!(connections() - before, 2);
    let calls = || ["eval", "select", "hello", "client|setinfo", "ping", "get"].map(|name| redis.calls(name));
    assert_eq!(calls(), [2, 1, 0, 0, 0, 0]);
    assert_eq!(redis.calls("time"), 1);
    line.report("leave", "5678", "a").document();
    assert_eq!(calls()[0], 3, "leaving a free number is reading alone");
}

#[test]
fn user_password_and_database_of_the_url_are_used() {
    let Some(redis) = RedisServer::start_with_password("secret") else { return };
    let rights = readme::fenced("config: rights").replace("PASSWORD", "se/cret");
    assert_eq!(redis.cli(&rights.split_whitespace().collect::<Vec<_>>()), "OK");
    let address = redis.address();
    assert_eq!(line(&format!("redis://line:se%2Fcret@{address}/3")).enter("1234", "a"), "createConference");
    assert_eq!(line(&format!("redis://:secret@{address}/3")).enter("1234", "b"), "joinConference");
    let socket = format!("{}?user=line&pass=se%2Fcret&db=3", redis.socket_url());
    assert_eq!(line(&socket).enter("1234", "c"), "joinConference");
    assert_eq!(line(&redis.url()).enter("1234", "d"), "createConference", "in another database");
    assert_eq!(redis.cli(&["-n", "3", "EXISTS", KEY]), "1");
    assert_eq!(numbers(&format!("redis://line:se%2Fcret@{address}/3")), ["1234"]);
}

#[test]
fn a_host_is_found_by_its_name() {
    let Some(redis) = RedisServer::start() else { return };
    let url = redis.url().replace("127.0.0.1", "localhost");
    assert_eq!(line(&url).enter("1234", "a"), "createConference");
}

#[test]
fn the_list_of_numbers_comes_in_pages_and_has_tokens_alone() {
    let Some(redis) = RedisServer::start() else { return };
    let fill = "for n = 1, 5000 do redis.call('SET', ARGV[1] .. n + 100000 .. ARGV[2], '') end";
    redis.cli(&["EVAL", fill, "0", "ccxml-conference:{", "}:token"]);
    for other in ["ccxml-conference:{12a4}:token", "ccxml-conference:{1234}:other", "x:{1234}:token", "other"]
    {
        redis.cli(&["SET", other, ""]);
    }
    let listed: BTreeSet<String> = numbers(&redis.url()).into_iter().collect();
    assert_eq!(listed, (100_001..=105_000).map(|n| n.to_string()).collect());
    assert!(redis.calls("scan") >= 5, "{}", redis.calls("scan"));
    assert_eq!(redis.calls("keys"), 0);
    redis.flush();
    assert_eq!(numbers(&redis.url()), [""; 0]);
    redis.stop();
    let stopped = store_within(&redis.url(), Duration::from_millis(300));
    assert!(matches!(stopped.numbers().map(|_| ()), Err(StoreError::Unreachable(_))));
}
