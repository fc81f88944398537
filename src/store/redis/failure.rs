//! What the operator is told when Redis does not do what it should: which Redis, what happened, what to do.
//!
//! No text repeats what was sent to Redis: an answer to a login may quote the password.

use super::url::Node;
use crate::store::StoreError;
use redis::ServerError;
use std::io::{self, ErrorKind};

/// There is no answer, or none that makes sense.
pub(super) fn unreachable(node: &Node, error: &io::Error) -> StoreError {
    let what = match (error.kind(), node) {
        (ErrorKind::TimedOut | ErrorKind::WouldBlock, _) => {
            "has not answered within CONFERENCE_LOCK_TIMEOUT; see whether it runs, is stopped or overloaded, \
             and whether a firewall is between"
                .to_owned()
        }
        (ErrorKind::ConnectionRefused, _) => {
            "refuses connections; start it, or correct CONFERENCE_STORE".to_owned()
        }
        (ErrorKind::NotFound, Node::Unix(_)) => {
            "has no socket there; start it, or correct CONFERENCE_STORE".to_owned()
        }
        (ErrorKind::PermissionDenied, Node::Unix(_)) => {
            "has a socket that the web server's user may not use; see unixsocketperm of Redis".to_owned()
        }
        (ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe, _) => {
            "has closed the connection; see its log, and whether it expects TLS (rediss://)".to_owned()
        }
        (ErrorKind::InvalidData, Node::Tls { .. }) => {
            format!("cannot be trusted or does not speak TLS: {error}; name its CA in SSL_CERT_FILE")
        }
        (ErrorKind::InvalidData, _) => {
            "gives answers that are not Redis's; correct CONFERENCE_STORE".to_owned()
        }
        _ => format!("cannot be reached: {error}; see CONFERENCE_STORE"),
    };
    StoreError::Unreachable(format!("the Redis at {node} {what}"))
}

/// There is an answer, which is not Redis's.
pub(super) fn senseless(node: &Node) -> StoreError {
    unreachable(node, &ErrorKind::InvalidData.into())
}

/// Redis does not let the program in; `error` answers a login or the choice of a database.
pub(super) fn not_let_in(node: &Node, error: &ServerError) -> StoreError {
    let details = error.details().unwrap_or_default();
    let what = match error.code() {
        "WRONGPASS" => "does not accept user and password of CONFERENCE_STORE",
        "NOAUTH" => NO_PASSWORD,
        "ERR" if details.contains("without any password configured") => {
            "has no password; leave it out of CONFERENCE_STORE"
        }
        "ERR" if details.contains("invalid password") => "does not accept the password of CONFERENCE_STORE",
        "ERR" if details.contains("DB index") => "has no database of the number in CONFERENCE_STORE",
        "ERR" if details.contains("cluster mode") => {
            "is a cluster, which has no databases; leave the number out of CONFERENCE_STORE"
        }
        _ => return refused(node, error),
    };
    StoreError::Unreachable(format!("the Redis at {node} {what}"))
}

/// Redis refuses a command.
pub(super) fn refused(node: &Node, error: &ServerError) -> StoreError {
    let (code, details) = (error.code(), error.details().unwrap_or_default());
    if code == "NOAUTH" {
        return StoreError::Unreachable(format!("the Redis at {node} {NO_PASSWORD}"));
    }
    // What fails within a script comes wrapped into a text about the script, by older servers under ERR.
    let code = if details.contains("The user executing the script can't") { "NOPERM" } else { code };
    let known = REMEDIES.iter().find(|(known, ..)| *known == code).or_else(|| {
        REMEDIES.iter().find(|(known, ..)| details.split([' ', ':', '-']).any(|word| word == *known))
    });
    let what = match known {
        Some((known, state, remedy)) => format!("{state} ({known}); {remedy}"),
        // Redis quotes the beginning of a command that it doesn't know, which may be anything.
        None if details.contains("unknown command") => "does not know a command that is needed; \
             it must be Redis 5 or later, with EVAL and SCAN under these names"
            .to_owned(),
        None => format!("refuses: {code} {}", first_sentence(details)),
    };
    StoreError::Unreachable(format!("the Redis at {node} {what}"))
}

/// Whether what is kept under the key is no string, and so nothing of ours.
pub(super) fn is_wrong_type(error: &ServerError) -> bool {
    error.code() == "WRONGTYPE" || error.details().is_some_and(|details| details.contains("WRONGTYPE"))
}

const NO_PASSWORD: &str = "asks for a password; put it into CONFERENCE_STORE, redis://:password@host";

/// Codes of Redis's errors, what each says about the server, and what to do.
const REMEDIES: &[(&str, &str, &str)] = &[
    ("LOADING", "is still loading its data", "wait until it is done"),
    (
        "READONLY",
        "is a read-only replica",
        "CONFERENCE_STORE must name the master, by a name or an address that follows it",
    ),
    ("MASTERDOWN", "is a replica that has lost its master", "CONFERENCE_STORE must name the master"),
    ("OOM", "is out of memory", "raise its maxmemory or remove what fills it"),
    ("MISCONF", "cannot save its data and so takes no changes", "see its log, and its disk"),
    ("NOREPLICAS", "has too few replicas to take changes", "see min-replicas-to-write, and its replicas"),
    ("CLUSTERDOWN", "is a node of a cluster that is down", "see `redis-cli cluster info` there"),
    ("TRYAGAIN", "is moving the keys elsewhere", "wait until the cluster is balanced"),
    ("BUSY", "is kept busy by a script", "see `redis-cli script kill` there"),
    (
        "NOPERM",
        "does not let the user of CONFERENCE_STORE do what is needed",
        "grant ~ccxml-conference:* +eval +getrange +pttl +time +set +del +pexpire +scan +select +asking +cluster|slots",
    ),
    ("DENIED", "is in protected mode", "give it a password, or bind it to the network it should serve"),
];

fn first_sentence(text: &str) -> &str {
    let sentence = text.split(['\r', '\n']).next().unwrap_or_default();
    let end = sentence.char_indices().nth(200).map_or(sentence.len(), |(end, _)| end);
    sentence.get(..end).unwrap_or_default()
}
