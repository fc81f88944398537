//! What the operator is told when Redis does not do what it should: which Redis, what happened, what to do.
//!
//! No text repeats what was sent to Redis: an answer to a login may quote the password.

use super::RedisUrl;
use crate::store::StoreError;
use redis::{ConnectionAddr, ErrorKind, RedisError};
use std::error::Error;
use std::io;
use std::sync::Arc;

/// There is no answer to what was asked about `key`, none that makes sense, or one that says no.
pub(super) fn told(url: &RedisUrl, key: &str, error: &RedisError) -> StoreError {
    let detail = error.detail().unwrap_or_default();
    if error.code() == Some("WRONGTYPE") || detail.contains("WRONGTYPE") {
        return StoreError::NotAToken(format!("{key} in {url} is not a string"));
    }
    let what = match error.kind() {
        ErrorKind::Parse => "gives answers that are not Redis's; correct CONFERENCE_STORE",
        ErrorKind::AuthenticationFailed => {
            "does not accept user and password of CONFERENCE_STORE, has no password itself, or takes no more clients"
        }
        ErrorKind::MasterNameNotFoundBySentinel => {
            "has no master there that is up; see SENTINEL MASTERS there, and the name in CONFERENCE_STORE"
        }
        ErrorKind::ClusterConnectionNotFound => {
            "has no node that answers, or is no cluster (redis://); see `redis-cli cluster info` there"
        }
        _ => &match (error.code(), io_error(error)) {
            (Some(code), _) => refused(code, detail),
            (None, Some(io)) => failed(url, io),
            (None, None) if url.tls && error.source().is_some() => untrusted(error),
            (None, None) => format!("cannot be reached: {error}; see CONFERENCE_STORE"),
        },
    };
    StoreError::Unreachable(format!("{url} {what}"))
}

fn io_error(error: &RedisError) -> Option<&io::Error> {
    error.source()?.downcast_ref::<Arc<dyn Error + Send + Sync>>()?.downcast_ref()
}

fn failed(url: &RedisUrl, error: &io::Error) -> String {
    let socket = url.servers.iter().any(|server| matches!(server.addr(), ConnectionAddr::Unix(_)));
    let what = match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock if url.tls => {
            "has not answered within CONFERENCE_LOCK_TIMEOUT; see whether its port speaks TLS, for one that does not \
             (redis://) is silent as well, and whether it runs, is stopped or overloaded, or behind a firewall"
        }
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
            "has not answered within CONFERENCE_LOCK_TIMEOUT; see whether it runs, is stopped or overloaded, and \
             whether a firewall is between"
        }
        io::ErrorKind::ConnectionRefused => "refuses connections; start it, or correct CONFERENCE_STORE",
        io::ErrorKind::NotFound if socket => "has no socket there; start it, or correct CONFERENCE_STORE",
        io::ErrorKind::PermissionDenied if socket => {
            "has a socket that the web server's user may not use; see unixsocketperm of Redis"
        }
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            "has closed the connection; see its log, and whether it expects TLS (rediss://)"
        }
        io::ErrorKind::InvalidData if speaks_no_tls(error) => {
            "does not speak TLS; write redis:// in place of rediss:// into CONFERENCE_STORE, or its TLS port"
        }
        io::ErrorKind::InvalidData if url.tls => return untrusted(error),
        _ => return format!("cannot be reached: {error}; see CONFERENCE_STORE"),
    };
    what.to_owned()
}

fn speaks_no_tls(error: &io::Error) -> bool {
    let tls = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
    matches!(tls, Some(rustls::Error::InvalidMessage(_)))
}

fn untrusted(error: &dyn Error) -> String {
    format!("cannot be trusted: {error}; name its CA in SSL_CERT_FILE")
}

/// Redis refuses a command, a login or a database.
fn refused(code: &str, details: &str) -> String {
    let said = |words: &str| details.contains(words);
    // What fails within a script comes wrapped into a text about the script, by older servers under ERR.
    let code = if said("The user executing the script can't") { "NOPERM" } else { code };
    let known = REMEDIES.iter().find(|(known, ..)| *known == code).or_else(|| {
        REMEDIES.iter().find(|(known, ..)| details.split([' ', ':', '-']).any(|word| word == *known))
    });
    let what = match known {
        Some((known, state, remedy)) => return format!("{state} ({known}); {remedy}"),
        None if code == "NOAUTH" || said("Authentication required") => {
            "asks for a password; put it into CONFERENCE_STORE, redis://:password@host"
        }
        None if matches!(code, "MOVED" | "ASK") || said("cluster mode") => ONE_NODE,
        None if said("DB index") => "has no database of the number in CONFERENCE_STORE",
        // Redis quotes the beginning of a command that it doesn't know, which may be anything.
        None if said("unknown command") => {
            "does not know a command that is needed; it must be Redis 5 or later, with EVAL and SCAN under these names"
        }
        None => return format!("refuses: {code} {}", first_sentence(details)),
    };
    what.to_owned()
}

/// What is wrong with the URL of one server where there are several that share the keys.
pub(super) const ONE_NODE: &str = "is a node of a cluster; write redis-cluster:// in place of redis:// into \
                                   CONFERENCE_STORE, without a database number";

/// Codes of Redis's errors, what each says about the server, and what to do.
const REMEDIES: &[(&str, &str, &str)] = &[
    ("LOADING", "is still loading its data", "wait until it is done"),
    (
        "READONLY",
        "is a read-only replica",
        "CONFERENCE_STORE must name the master, or Sentinels that know it (redis-sentinel://)",
    ),
    ("MASTERDOWN", "is a replica that has lost its master", "CONFERENCE_STORE must name the master"),
    ("OOM", "is out of memory", "raise its maxmemory or remove what fills it"),
    ("MISCONF", "cannot save its data and so takes no changes", "see its log, and its disk"),
    ("NOREPLICAS", "has too few replicas to take changes", "see min-replicas-to-write, and its replicas"),
    ("CLUSTERDOWN", "is a cluster that is down", "see `redis-cli cluster info` there"),
    ("TRYAGAIN", "is moving the keys elsewhere", "wait until the cluster is balanced"),
    ("BUSY", "is kept busy by a script", "see `redis-cli script kill` there"),
    (
        "NOPERM",
        "does not let the user of CONFERENCE_STORE do what is needed",
        "grant ~ccxml-conference:* +eval +getrange +pttl +time +set +del +pexpire +scan +select +ping +role +asking \
         +cluster|slots",
    ),
    ("DENIED", "is in protected mode", "give it a password, or bind it to the network it should serve"),
];

fn first_sentence(text: &str) -> &str {
    let sentence = text.split(['\r', '\n']).next().unwrap_or_default();
    let end = sentence.char_indices().nth(200).map_or(sentence.len(), |(end, _)| end);
    sentence.get(..end).unwrap_or_default()
}
