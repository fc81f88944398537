//! Redis Cluster and Sentinel.

use super::server::{RedisServer, cluster, silent};
use super::{KEY, line, numbers, refused_for, store};
use crate::program::until;

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
        assert_eq!(numbers(&url), all);
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
    let (_silent, address) = silent();
    refused_for(&format!("redis-cluster://:secret@{address},127.0.0.1:1"), "cannot be reached");
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
    assert_eq!(line.get("conference_code=1234&session_id=c").others(), 2);
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
    let (_silent, address) = silent();
    let both = format!("{address},{}", sentinel.address());
    let line = line(&url(&both, "line", "?sentinel_pass=secret-too"));
    assert_eq!(line.enter("1234", "a"), "createConference");
    assert_eq!(first.cli(&["-n", "2", "EXISTS", KEY]), "1");
    until(|| sentinel.cli(&["SENTINEL", "REPLICAS", "line"]).contains(&second.address()));
    until(|| second.cli(&["-a", "secret", "-n", "2", "EXISTS", KEY]).ends_with('1'));
    first.stop();
    until(|| line.get("conference_code=1234&session_id=b").status == "200 OK");
    assert_eq!(line.get("conference_code=1234&session_id=c").others(), 2);
    let one = sentinel.address();
    refused_for(&url(&one, "other", "?sentinel_pass=secret-too"), "has no master there that is up");
    refused_for(&url(&one, "line", ""), "asks for a password");
    refused_for(&url(&one, "line", "?sentinel_pass=secret"), "does not accept user and password");
    refused_for(&url(&second.address(), "line", "?sentinel_pass=secret"), "does not point to a sentinel");
    refused_for(&url("127.0.0.1:1", "line", ""), "refuses connections");
}
