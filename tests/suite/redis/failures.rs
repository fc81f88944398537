//! Whatever is wrong with a Redis: 503 in time, and a text that says what to do.

use super::server::{RedisServer, always, losing_the_second_answer, serve, silent};
use super::{KEY, line, refused, refused_for, store};
use crate::program::until;
use crate::readme;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

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
    let (_silent, address) = silent();
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
    assert_eq!(line.get("conference_code=1234&session_id=b").others(), 1);
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
