//! Tokens in Redis (contract section 9): what the directory promises holds there too, on any number of
//! machines, and whatever Redis does is answered within `CONFERENCE_LOCK_TIMEOUT`.

use crate::database::{DATABASES, TOKENS_IN_REDIS};
use crate::program::{Line, Reply, finish, until};
use crate::readme;
use crate::redis_server::{RedisServer, always, cluster, losing_the_second_answer, serve};
use ccxml_conference::store::{Redis, RedisUrl, Store, StoreError, StoreSettings};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Child, Command};
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

fn start(line: &Line, number: &str, session: &str) -> Child {
    line.ask("GET", format!("conference_code={number}&session_id={session}")).start()
}

/// The others whom a joining caller is told of.
fn others(reply: &Reply) -> usize {
    assert_eq!(reply.document(), "joinConference");
    let (_, rest) = reply.body.split_once("joining&amp;count=").expect("a count");
    rest.split('\'').next().unwrap().parse().unwrap()
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
    assert_eq!(redis.keys().iter().collect::<std::collections::BTreeSet<_>>(), keys.iter().collect());
    lines[1].enter("5678", "a");
    let listed = |line: &Line| line.run(&["list"]).lines().count();
    assert_eq!(lines.each_ref().map(listed), [2, 3], "headings and rows");
    lines[1].run(&["end", "1234"]);
    assert!(lines[1].report("renew", "1234", "a").body.contains("ended"));
    assert!(lines[0].report("renew", "1234", "a").body.contains("open"));
}

#[test]
fn what_holds_for_tokens_in_a_directory_holds_in_redis() {
    let calls = ["calls::gatherings::", "calls::rooms::", "calls::verbs::"];
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
    assert_eq!(others(&line.get("conference_code=1234&session_id=b")), 1);
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
    assert_eq!(others(&other.get("conference_code=1234&session_id=b")), 1);
    assert_eq!(others(&one.get("conference_code=1234&session_id=c")), 2);
    other.report("leave", "1234", "a").document();
    one.report("leave", "1234", "b").document();
    assert_eq!(others(&other.get("conference_code=1234&session_id=d")), 1);
}

#[test]
fn exactly_one_of_many_callers_at_the_same_instant_is_first() {
    let Some(redis) = RedisServer::start() else { return };
    for url in [redis.url(), redis.socket_url()] {
        redis.flush();
        let lines = [line(&url), line(&url)];
        let at_once: Vec<Child> = (0..20).map(|n| start(&lines[n % 2], "1234", &format!("s{n}"))).collect();
        let replies: Vec<Reply> = at_once.into_iter().map(finish).collect();
        let (created, joined): (Vec<&Reply>, Vec<&Reply>) =
            replies.iter().partition(|reply| reply.document() == "createConference");
        let mut counts: Vec<usize> = joined.into_iter().map(others).collect();
        counts.sort_unstable();
        assert_eq!((created.len(), counts), (1, (1..20).collect()));
    }
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
        assert_eq!(others(&line.get("conference_code=1234&session_id=a")), 0, "{text:?}");
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
    assert_eq!(others(&line.get("conference_code=1234&session_id=a")), 0);
    assert!(redis.cli(&["STRLEN", KEY]).parse::<usize>().unwrap() < 1000);
    let received = redis.cli(&["INFO", "stats"]);
    let output = received.lines().find_map(|line| line.strip_prefix("total_net_output_bytes:")).unwrap();
    assert!(output.trim().parse::<usize>().unwrap() < 500_000, "{output}");
}

#[test]
fn the_fullest_conference_goes_there_and_back() {
    let Some(redis) = RedisServer::start() else { return };
    let line = line(&redis.socket_url());
    line.enter("1234", "first");
    let token = redis.cli(&["GET", KEY]);
    let (head, caller) = token.split_once("\"callers\":[").unwrap();
    let (caller, tail) = caller.split_once("}]").unwrap();
    let callers: Vec<String> =
        (0..999).map(|n| format!("{caller}}}").replacen("first\",", &format!("{n:0>250}\","), 1)).collect();
    redis.set(KEY, &format!("{head}\"callers\":[{}]{tail}", callers.join(",")));
    assert_eq!(others(&line.get("conference_code=1234&session_id=a")), 999);
    let full = line.get("conference_code=1234&session_id=b");
    assert_eq!(full.document(), "getConference");
    line.report("leave", "1234", "a").document();
    assert_eq!(others(&line.get("conference_code=1234&session_id=c")), 999);
}

#[test]
fn a_request_takes_one_connection_and_two_round_trips_and_one_more_to_log_in() {
    let Some(redis) = RedisServer::start_with_password("secret") else { return };
    let connections = || {
        let stats = redis.cli(&["INFO", "stats"]);
        let line = stats.lines().find_map(|line| line.strip_prefix("total_connections_received:"));
        line.unwrap().trim().parse::<u64>().unwrap()
    };
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
fn a_secret_in_redis_costs_no_round_trip() {
    let Some(redis) = RedisServer::start() else { return };
    let (set, kept) = (line(&redis.url()), with_secret_in(&redis.url()));
    kept.enter("5678", "makes-it");
    let reads = || {
        let stats = redis.cli(&["INFO", "stats"]);
        let line = stats.lines().find_map(|line| line.strip_prefix("total_reads_processed:"));
        line.map(|reads| reads.trim().parse::<u64>().unwrap())
    };
    let reads_of = |line: &Line, session: &str| {
        let before = reads()?;
        line.enter("1234", session);
        Some(reads()? - before)
    };
    reads_of(&set, "first");
    assert_eq!(reads_of(&kept, "b"), reads_of(&set, "c"));
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
    let listed = numbers(&format!("redis://line:se%2Fcret@{address}/3"));
    assert_eq!(listed.into_iter().map(Result::unwrap).collect::<Vec<_>>(), ["1234"]);
}

#[test]
fn a_host_is_found_by_its_name() {
    let Some(redis) = RedisServer::start() else { return };
    let url = redis.url().replace("127.0.0.1", "localhost");
    assert_eq!(line(&url).enter("1234", "a"), "createConference");
}

#[test]
fn no_waiting_still_leaves_time_for_an_answer() {
    let Some(redis) = RedisServer::start() else { return };
    let line = line(&redis.url()).with("CONFERENCE_LOCK_TIMEOUT", "0");
    assert_eq!(line.enter("1234", "a"), "createConference");
    redis.stop();
    let began = Instant::now();
    assert_eq!(line.get("conference_code=1234&session_id=b").status, "503 Service Unavailable");
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_redis_that_is_not_there_or_does_not_answer_is_503_in_time() {
    refused_for("redis://127.0.0.1:1", "127.0.0.1:1 refuses connections");
    refused_for("unix:///nowhere/socket", "/nowhere/socket has no socket there");
    refused_for("redis://:secret@nowhere.invalid", "the Redis at nowhere.invalid:6379");
    // The backlog takes the connection, and nobody ever reads from it.
    let hole = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = hole.local_addr().unwrap();
    refused_for(&format!("redis://:secret@{address}"), "has not answered within CONFERENCE_LOCK_TIMEOUT");
    refused_for(&format!("rediss://:secret@{address}"), "has not answered within CONFERENCE_LOCK_TIMEOUT");
    let trickling = serve(|mut connection| {
        let _ = connection.write_all(b"$100000\r\n");
        while connection.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(300));
        }
    });
    refused_for(&trickling, "has not answered within CONFERENCE_LOCK_TIMEOUT");
}

#[test]
fn a_stopped_redis_is_503_in_time_even_when_its_queue_is_full() {
    let Some(redis) = RedisServer::start() else { return };
    let settled = line(&redis.url());
    settled.enter("1234", "a");
    redis.stop();
    for url in [redis.url(), redis.socket_url()] {
        refused_for(&url, "has not answered within CONFERENCE_LOCK_TIMEOUT");
    }
    let folder = tempfile::TempDir::new().unwrap();
    let socket = folder.path().join("socket");
    let listener = UnixListener::bind(&socket).unwrap();
    nix::sys::socket::listen(&listener, nix::sys::socket::Backlog::new(0).unwrap()).unwrap();
    let _queued = UnixStream::connect(&socket).unwrap();
    refused_for(&format!("unix://{}", socket.display()), "has not answered within CONFERENCE_LOCK_TIMEOUT");
}

#[test]
fn a_wrong_login_is_503_and_no_text_tells_the_password() {
    let Some(redis) = RedisServer::start_with_password("other") else { return };
    let address = redis.address();
    refused_for(
        &format!("redis://:secret@{address}"),
        "does not accept user and password of CONFERENCE_STORE",
    );
    refused_for(&format!("redis://line:secret@{address}/3"), "does not accept user and password");
    refused_for(&format!("redis://{address}"), "asks for a password");
    refused_for(&format!("redis://{address}/2"), "asks for a password");
    redis.cli(&["ACL", "SETUSER", "line", "on", ">secret", "~*", "+eval", "+time"]);
    let rights = readme::fenced("config: rights");
    let rights = format!("grant {}", rights.trim_end().split_once("PASSWORD ").unwrap().1);
    refused_for(&format!("redis://line:secret@{address}"), &rights);
    redis.cli(&["ACL", "SETUSER", "line", "+@all", "resetkeys", "~other:*"]);
    refused_for(&format!("redis://line:secret@{address}"), "does not let the user of CONFERENCE_STORE");
    let Some(open) = RedisServer::start() else { return };
    refused_for(&format!("redis://:secret@{}", open.address()), "has no password itself");
    refused_for(&format!("{}/99", open.url()), "has no database of the number");
    // What a server that has another name for AUTH says quotes it.
    let quoting = always("-ERR unknown command `AUTH`, with args beginning with: `secret`, \r\n");
    refused_for(&quoting.replace("//", "//:secret@"), "does not accept user and password");
}

#[test]
fn a_replica_is_503_until_it_is_none() {
    let Some(replica) = RedisServer::start_with(&["--replicaof", "127.0.0.1 1"]) else { return };
    refused_for(&replica.url(), "is a read-only replica (READONLY)");
    replica.cli(&["REPLICAOF", "NO", "ONE"]);
    assert_eq!(line(&replica.url()).enter("1234", "a"), "createConference");
}

#[test]
fn a_full_redis_lets_nobody_in_and_takes_all_else() {
    let Some(redis) = RedisServer::start() else { return };
    let line = line(&redis.url());
    for (number, session) in
        ["a", "b", "c", "d"].map(|session| ("1234", session)).into_iter().chain([("5678", "a")])
    {
        line.enter(number, session);
    }
    redis.cli(&["CONFIG", "SET", "maxmemory", "1mb"]);
    for number in ["1234", "9999"] {
        let reply = line.get(&format!("conference_code={number}&session_id=e"));
        assert_eq!(reply.status, "503 Service Unavailable");
        assert!(reply.stderr.contains("is out of memory (OOM)"), "{}", reply.stderr);
    }
    let in_it = || redis.cli(&["GET", KEY]).matches("\"session\"").count();
    line.report("leave", "1234", "a").document();
    assert_eq!(in_it(), 3, "the others are still in");
    line.report("renew", "1234", "b").document();
    assert_eq!(line.enter("1234", "b"), "joinConference", "who is in is told so again");
    line.run(&["kick", "1234", "b"]);
    assert!(redis.cli(&["GET", KEY]).contains("\"kicked\""));
    line.run(&["lock", "1234"]);
    line.run(&["end", "1234"]);
    assert!(redis.cli(&["GET", KEY]).contains("\"ending\""));
    for session in ["b", "c", "d"] {
        line.report("leave", "1234", session).document();
    }
    line.report("leave", "5678", "a").document();
    assert_eq!(redis.keys(), [""; 0]);
}

#[test]
fn what_would_fail_is_found_before_anybody_calls() {
    let Some(redis) = RedisServer::start() else { return };
    let store = store(&format!("{}/2", redis.url()));
    let found = |what: &str| {
        let problems = store.problems();
        assert!(matches!(&problems[..], [problem] if problem.contains(what)), "{what}: {problems:?}");
    };
    assert_eq!(store.problems(), [""; 0]);
    let replicas = "it has 0 replicas and no append-only file";
    let well = format!("the Redis at {} can be written; {replicas}", redis.address());
    assert_eq!(store.well(), well);
    assert_eq!(redis.cli(&["-n", "2", "DBSIZE"]), "0", "nothing is left behind");
    redis.cli(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
    redis.cli(&["CONFIG", "SET", "maxmemory", "1gb"]);
    found("set it to noeviction");
    redis.cli(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    redis.cli(&["CONFIG", "SET", "maxmemory", "1mb"]);
    found("out of memory");
    redis.cli(&["REPLICAOF", "127.0.0.1", "1"]);
    found("read-only replica");
    redis.stop();
    found("has not answered");
}

#[test]
fn a_key_of_another_type_is_refused_and_left_alone() {
    let Some(redis) = RedisServer::start() else { return };
    redis.cli(&["LPUSH", KEY, "x"]);
    let told = refused(line(&redis.url()));
    assert!(told.contains(KEY) && told.contains("is not a string; remove it"), "{told}");
    assert_eq!(redis.cli(&["LLEN", KEY]), "1");
}

#[test]
fn what_a_redis_says_instead_of_serving_is_told_with_a_remedy() {
    for (answer, told) in [
        ("-LOADING Redis is loading the dataset in memory\r\n", "is still loading its data (LOADING); wait"),
        ("-MASTERDOWN Link with MASTER is down\r\n", "has lost its master (MASTERDOWN)"),
        ("-CLUSTERDOWN The cluster is down\r\n", "a cluster that is down (CLUSTERDOWN)"),
        ("-MISCONF Errors writing to the AOF file: No space left\r\n", "cannot save its data"),
        (
            "-ERR Error running script (call to f_1): @user_script:5: -OOM command not allowed when used memory\r\n",
            "is out of memory (OOM)",
        ),
        ("-ERR max number of clients reached\r\n", "refuses: ERR max number of clients reached"),
        ("-MOVED 1 127.0.0.1:1\r\n", "is a node of a cluster; write redis-cluster://"),
        ("+OK\r\n", "answers that are not Redis's"),
        ("*1\r\n:1\r\n", "answers that are not Redis's"),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "answers that are not Redis's"),
    ] {
        refused_for(&always(answer), told);
        refused_for(
            &format!("{}/", always(answer).replace("//", "//user:secret@")),
            "the Redis at 127.0.0.1:",
        );
    }
    refused_for(&serve(drop), "has closed the connection");
    let Some(redis) = RedisServer::start_with(&["--maxclients", "1"]) else { return };
    let mut the_one = UnixStream::connect(redis.socket()).unwrap();
    until(|| {
        // The one that has seen Redis come up may still count.
        the_one = UnixStream::connect(redis.socket()).unwrap();
        let mut answer = [0; 7];
        let answered = the_one.write_all(b"PING\r\n").and_then(|()| the_one.read_exact(&mut answer));
        answered.is_ok() && answer == *b"+PONG\r\n"
    });
    refused_for(&redis.url(), "refuses: ERR max number of clients reached");
    let with_login = redis.url().replace("//", "//:secret@");
    refused_for(&format!("{}/3", redis.url()), "refuses: ERR max number of clients reached");
    refused_for(&with_login, "takes no more clients");
}

#[test]
fn a_token_that_others_change_all_the_time_is_503_in_time() {
    // Nothing is there, again and again, but never what the decision was made on.
    let changing = always("*3\r\n:-2\r\n$0\r\n\r\n*2\r\n$1\r\n1\r\n$1\r\n0\r\n");
    refused_for(&changing, "others were at the token of 1234 for longer than CONFERENCE_LOCK_TIMEOUT");
}

#[test]
fn an_answer_that_is_lost_is_503_and_the_next_try_counts_nobody_twice() {
    let Some(redis) = RedisServer::start() else { return };
    refused_for(&losing_the_second_answer(&redis), "has closed the connection");
    assert_eq!(redis.cli(&["GET", KEY]).matches("\"session\"").count(), 1);
    let line = line(&redis.url());
    assert_eq!(line.enter("1234", "a"), "createConference", "the same answer as the lost one");
    assert_eq!(others(&line.get("conference_code=1234&session_id=b")), 1);
}

#[test]
fn a_certificate_is_checked_against_the_cas_of_this_machine_or_of_ssl_cert_file() {
    let Some(redis) = RedisServer::start_with_tls() else { return };
    let url = format!("rediss://{}", redis.address());
    let trusting = |url: &str| line(url).with("SSL_CERT_FILE", redis.ca());
    assert_eq!(trusting(&url).enter("1234", "a"), "createConference");
    assert_eq!(trusting(&url).enter("1234", "b"), "joinConference");
    let unknown = refused(line(&url));
    assert!(unknown.contains("name its CA in SSL_CERT_FILE"), "{unknown}");
    let nothing = refused(line(&url).with("SSL_CERT_FILE", "/nowhere"));
    assert!(nothing.contains("name its CA in SSL_CERT_FILE"), "{nothing}");
    let wrong_name = refused(trusting(&url.replace("127.0.0.1", "localhost")));
    assert!(wrong_name.contains("not valid for name"), "{wrong_name}");
    refused_for(&format!("redis://{}", redis.address()), "whether it expects TLS (rediss://)");
    let Some(plain) = RedisServer::start() else { return };
    let no_tls = refused(trusting(&format!("rediss://:secret@{}", plain.address())));
    assert!(no_tls.contains("see whether its port speaks TLS"), "{no_tls}");
    let other = always("-ERR max number of clients reached\r\n").replace("redis:", "rediss:");
    refused_for(&other, "does not speak TLS; write redis://");
}

fn store(url: &str) -> Store {
    let keeping = StoreSettings { line: None, timeout: Duration::from_secs(5), max_age: 43_200_000 };
    Store::Redis(Box::new(Redis::new(RedisUrl::parse(url).unwrap(), keeping)))
}

fn numbers(url: &str) -> Vec<Result<String, StoreError>> {
    let store = store(url);
    store.numbers().unwrap().map(|number| number.map(|number| number.to_string())).collect()
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
    let listed: BTreeSet<String> = numbers(&redis.url()).into_iter().map(Result::unwrap).collect();
    assert_eq!(listed, (100_001..=105_000).map(|n| n.to_string()).collect());
    assert!(redis.calls("scan") >= 5, "{}", redis.calls("scan"));
    assert_eq!(redis.calls("keys"), 0);
    redis.flush();
    assert_eq!(numbers(&redis.url()).len(), 0);
    redis.stop();
    let keeping = StoreSettings { line: None, timeout: Duration::from_millis(300), max_age: 1 };
    let stopped = Store::Redis(Box::new(Redis::new(RedisUrl::parse(&redis.url()).unwrap(), keeping)));
    assert!(matches!(stopped.numbers().map(|_| ()), Err(StoreError::Unreachable(_))));
}

/// The URL of the cluster of these nodes, which begins with one that is not there.
fn cluster_url(nodes: &[RedisServer]) -> String {
    let nodes: Vec<_> = nodes.iter().map(RedisServer::address).collect();
    format!("redis-cluster://127.0.0.1:1,{}", nodes.join(","))
}

#[test]
fn a_cluster_is_reached_through_any_of_its_nodes() {
    let Some(nodes) = cluster() else { return };
    let lines = [&nodes[..1], &nodes[1..]].map(|some| line(&cluster_url(some)));
    let all: Vec<String> = (1000..1030).map(|n| n.to_string()).collect();
    for number in &all {
        assert_eq!(lines[0].enter(number, "a"), "createConference");
        assert_eq!(lines[1].enter(number, "b"), "joinConference");
    }
    assert!(nodes.iter().all(|node| node.keys().len() > 2), "the numbers are on all nodes");
    for node in &nodes {
        let url = format!("redis-cluster://{}", node.address());
        let listed: Vec<_> = numbers(&url).into_iter().map(Result::unwrap).collect();
        assert_eq!(listed, all);
        assert_eq!(store(&url).problems(), [""; 0]);
        let one = store(&node.url()).problems().concat();
        assert!(one.contains("is a node of a cluster; write redis-cluster://"), "{one}");
    }
    for number in &all {
        lines[1].report("leave", number, "a").document();
        lines[0].report("leave", number, "b").document();
    }
    assert!(nodes.iter().all(|node| node.keys().is_empty()));
    refused_for(&format!("{}/1", nodes[0].url()), "is a node of a cluster; write redis-cluster://");
}

#[test]
fn a_cluster_that_cannot_be_reached_is_503_in_time() {
    refused_for("redis-cluster://127.0.0.1:1", "the Redis cluster at 127.0.0.1:1 cannot be reached");
    let hole = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let hole = hole.local_addr().unwrap();
    refused_for(&format!("redis-cluster://:secret@{hole},127.0.0.1:1"), "cannot be reached");
    let Some(redis) = RedisServer::start() else { return };
    refused_for(&format!("redis-cluster://{}", redis.address()), "or is no cluster (redis://)");
}

#[test]
fn a_slot_that_moves_to_another_node_of_a_cluster_is_followed() {
    let Some(nodes) = cluster() else { return };
    let slot = nodes[0].cli(&["CLUSTER", "KEYSLOT", KEY]);
    let owner = (0..3).find(|n| !nodes[*n].cli(&["GET", KEY]).contains("MOVED")).unwrap();
    let (from, to) = (&nodes[owner], &nodes[(owner + 1) % 3]);
    let (from_id, to_id) = (from.cli(&["CLUSTER", "MYID"]), to.cli(&["CLUSTER", "MYID"]));
    assert_eq!(to.cli(&["CLUSTER", "SETSLOT", &slot, "IMPORTING", &from_id]), "OK");
    assert_eq!(from.cli(&["CLUSTER", "SETSLOT", &slot, "MIGRATING", &to_id]), "OK");
    let line = line(&cluster_url(&nodes));
    assert_eq!(line.enter("1234", "a"), "createConference");
    assert_eq!((from.keys().len(), to.keys().len()), (0, 1), "what is new is made where the slot goes");
    assert_eq!(line.enter("1234", "b"), "joinConference");
    for node in [to, from] {
        assert_eq!(node.cli(&["CLUSTER", "SETSLOT", &slot, "NODE", &to_id]), "OK");
    }
    assert_eq!(others(&line.get("conference_code=1234&session_id=c")), 2);
}

#[test]
fn sentinels_lead_to_the_master_and_after_a_failover_to_the_next() {
    let Some(first) = RedisServer::start_with_password("secret") else { return };
    let of_first = format!("127.0.0.1 {}", first.address().rsplit(':').next().unwrap());
    let replica = ["--replicaof", &of_first, "--masterauth", "secret", "--requirepass", "secret"];
    let Some(second) = RedisServer::start_with(&replica) else { return };
    let Some(sentinel) = RedisServer::start_sentinel(&first, "secret-too") else { return };
    let url = |sentinels: &str, name: &str, tail: &str| {
        format!("redis-sentinel://:secret@{sentinels}/{name}/2{tail}")
    };
    // The first Sentinel takes connections and says nothing.
    let hole = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let both = format!("{},{}", hole.local_addr().unwrap(), sentinel.address());
    let line = line(&url(&both, "line", "?sentinel_pass=secret-too"));
    assert_eq!(line.enter("1234", "a"), "createConference");
    assert_eq!(first.cli(&["-n", "2", "EXISTS", KEY]), "1");
    until(|| sentinel.cli(&["SENTINEL", "REPLICAS", "line"]).contains(&second.address()));
    until(|| second.cli(&["-a", "secret", "-n", "2", "EXISTS", KEY]).ends_with('1'));
    first.stop();
    until(|| line.get("conference_code=1234&session_id=b").status == "200 OK");
    assert_eq!(others(&line.get("conference_code=1234&session_id=c")), 2);
    let one = sentinel.address();
    refused_for(&url(&one, "other", "?sentinel_pass=secret-too"), "has no master there that is up");
    refused_for(&url(&one, "line", ""), "asks for a password");
    refused_for(&url(&one, "line", "?sentinel_pass=secret"), "does not accept user and password");
    refused_for(&url(&second.address(), "line", "?sentinel_pass=secret"), "does not point to a sentinel");
    refused_for(&url("127.0.0.1:1", "line", ""), "refuses connections");
}

/// A caller who is in a room, and what they have got.
fn in_a_room(line: Line) -> (Line, String) {
    let rooms = line.folder().join("rooms");
    std::fs::create_dir(&rooms).unwrap();
    std::fs::write(rooms.join("1234.toml"), "pin = \"271828\"").unwrap();
    let line = line.with("CONFERENCE_ROOMS", "rooms");
    let ticket = line.post("conference_code=1234&session_id=a&pin=271828").ticket().unwrap().to_owned();
    (line, ticket)
}

#[test]
fn a_redis_that_lost_everything_loses_nobody_if_the_secret_is_set() {
    let Some(redis) = RedisServer::start() else { return };
    let (line, ticket) = in_a_room(line(&redis.url()));
    let before = redis.cli(&["GET", KEY]);
    redis.flush();
    assert!(line.renew("1234", "a", &ticket).body.starts_with("conference_state = 'open'"));
    let id = before.split("\"id\":").nth(1).unwrap().split(',').next().unwrap();
    assert!(redis.cli(&["GET", KEY]).contains(id), "{id}");
}

#[test]
fn a_secret_that_is_lost_with_redis_brings_nobody_back_into_a_room() {
    let Some(redis) = RedisServer::start() else { return };
    let (line, ticket) = in_a_room(with_secret_in(&redis.url()));
    redis.cli(&["DEL", KEY]);
    assert!(line.renew("1234", "a", &ticket).body.starts_with("conference_state = 'open'"));
    redis.flush();
    assert!(line.renew("1234", "a", &ticket).body.starts_with("conference_state = 'waiting'"));
    assert_eq!(redis.cli(&["EXISTS", KEY]).trim(), "0");
    assert!(line.says(&["check"]).out.contains("set CONFERENCE_SECRET"));
}

#[test]
fn the_secret_in_redis_is_made_once_stays_and_is_never_replaced() {
    const SECRET: &str = "ccxml-conference:secret";
    let Some(redis) = RedisServer::start() else { return };
    let lines = [with_secret_in(&redis.url()), with_secret_in(&redis.url())];
    let at_once: Vec<Child> = (0..10).map(|n| start(&lines[n % 2], &format!("100{n}"), "s")).collect();
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
