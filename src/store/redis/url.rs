//! Where Redis is and how to log in there, as `CONFERENCE_STORE` says.

use redis::{ConnectionAddr, IntoConnectionInfo, parse_redis_url};
use std::fmt;
use std::path::PathBuf;

/// A Redis, understood from its URL. The password in it appears in no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisUrl {
    pub(super) node: Node,
    pub(super) login: Option<Login>,
    pub(super) db: i64,
}

/// One server: what a connection leads to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Tcp { host: String, port: u16 },
    Tls { host: String, port: u16 },
    Unix(PathBuf),
}

/// Who to be.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Login {
    pub(super) user: Option<String>,
    pub(super) password: String,
}

impl RedisUrl {
    /// Understands a URL; the error says what it should be, without any part of it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = parse_redis_url(text).ok_or(WANTED)?;
        let info = text.into_connection_info().map_err(|_| WANTED)?;
        let (node, keys) = match info.addr() {
            ConnectionAddr::Tcp(host, port) => (Node::Tcp { host: host.clone(), port: *port }, NO_KEYS),
            ConnectionAddr::TcpTls { insecure: true, .. } => {
                return Err("a URL without #insecure: a certificate that nobody checks protects nothing; \
                            name the certificate's CA in SSL_CERT_FILE"
                    .into());
            }
            ConnectionAddr::TcpTls { host, port, .. } => {
                (Node::Tls { host: host.clone(), port: *port }, NO_KEYS)
            }
            ConnectionAddr::Unix(path) => (Node::Unix(path.clone()), UNIX_KEYS),
            _ => return Err(WANTED.into()),
        };
        if url.query_pairs().any(|(key, _)| !keys.contains(&key.as_ref())) || url.fragment().is_some() {
            return Err(WANTED.into());
        }
        if matches!(node, Node::Tcp { port: 0, .. } | Node::Tls { port: 0, .. }) {
            return Err("a URL with a port from 1 to 65535".into());
        }
        let settings = info.redis_settings();
        if settings.db() < 0 {
            return Err("a URL whose database number is 0 or more".into());
        }
        let user = settings.username().map(str::to_owned);
        let login = match settings.password() {
            Some(password) => Some(Login { user, password: password.to_owned() }),
            None if user.is_some() => {
                return Err("a URL whose user has a password, user:password@host".into());
            }
            None => None,
        };
        Ok(Self { node, login, db: settings.db() })
    }
}

/// The query of a TCP URL is not used for anything, so that a setting in it would be lost without a word.
const NO_KEYS: &[&str] = &[];
const UNIX_KEYS: &[&str] = &["db", "user", "pass"];

const WANTED: &str = "redis://[user:password@]host[:port][/db], rediss:// for the same with TLS, or \
                      unix:///path/to/socket[?db=N&user=USER&pass=PASSWORD]; a character of the password \
                      that means something in a URL is written as %XX";

impl Node {
    /// The node at an address as Redis tells it in `MOVED`, reached in the same manner as this one. Redis
    /// leaves out a host that it doesn't know, which is then that of the node that has answered.
    pub(super) fn sibling(&self, address: &str) -> Option<Self> {
        let (host, port) = address.rsplit_once(':')?;
        let port = port.parse().ok()?;
        Some(self.sibling_at(host, port))
    }

    /// The same for a host and a port.
    pub(super) fn sibling_at(&self, host: &str, port: u16) -> Self {
        let host = match (host.trim_matches(['[', ']']), self) {
            ("" | "?", Self::Tcp { host, .. } | Self::Tls { host, .. }) => host.clone(),
            ("" | "?", Self::Unix(_)) => "127.0.0.1".to_owned(),
            (named, _) => named.to_owned(),
        };
        match self {
            Self::Tls { .. } => Self::Tls { host, port },
            Self::Tcp { .. } | Self::Unix(_) => Self::Tcp { host, port },
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } | Self::Tls { host, port } if host.contains(':') => {
                write!(f, "[{host}]:{port}")
            }
            Self::Tcp { host, port } | Self::Tls { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(host: &str, port: u16) -> Node {
        Node::Tcp { host: host.into(), port }
    }

    #[test]
    fn hosts_ports_databases_and_logins_are_read() {
        let plain = RedisUrl::parse("redis://cache.example").unwrap();
        assert_eq!((plain.node, plain.login, plain.db), (tcp("cache.example", 6379), None, 0));
        let full = RedisUrl::parse("redis://line:p%40ss%2F@[::1]:7000/3").unwrap();
        let login = Login { user: Some("line".into()), password: "p@ss/".into() };
        assert_eq!((full.node, full.login, full.db), (tcp("::1", 7000), Some(login), 3));
        let tls = RedisUrl::parse("rediss://:secret@cache.example:6380").unwrap();
        assert_eq!(tls.node, Node::Tls { host: "cache.example".into(), port: 6380 });
        assert_eq!(tls.login.unwrap().user, None);
        for scheme in ["unix", "redis+unix"] {
            let unix = RedisUrl::parse(&format!("{scheme}:///run/redis/s?db=2&pass=x")).unwrap();
            assert_eq!((unix.node, unix.db), (Node::Unix("/run/redis/s".into()), 2));
            assert_eq!(unix.login.unwrap().password, "x");
        }
    }

    #[test]
    fn what_is_no_such_url_is_refused_without_repeating_it() {
        for text in [
            "",
            "secret",
            "cache.example:6379",
            "http://:secret@cache.example",
            "redis://",
            "redis://:secret@",
            "redis://:se/cret@cache.example",
            "redis://cache.example:secret",
            "redis://cache.example:0",
            "redis://cache.example/secret",
            "redis://cache.example/-1",
            "redis://cache.example/1/2",
            "redis://secret@cache.example",
            "redis://cache.example?db=secret",
            "redis://cache.example#secret",
            "redis://0.0.0.0",
            "rediss://:secret@cache.example#insecure",
            "unix://",
            "unix:///run/s?dbs=secret",
            "unix:///run/s?db=secret",
        ] {
            let wanted = RedisUrl::parse(text).expect_err(text);
            assert!(!wanted.contains("secret"), "{text}: {wanted}");
        }
    }

    #[test]
    fn no_text_shows_the_password() {
        let url = RedisUrl::parse("redis://line:hunter2@cache.example:7000/3").unwrap();
        let texts = format!("{url:?} {:#?} {}", url, url.node);
        assert!(texts.contains("cache.example:7000") && !texts.contains("hunter2"), "{texts}");
    }

    #[test]
    fn the_nodes_of_a_cluster_are_reached_like_the_one_that_names_them() {
        let seed = tcp("10.0.0.1", 6379);
        assert_eq!(seed.sibling("10.0.0.2:6380"), Some(tcp("10.0.0.2", 6380)));
        assert_eq!(seed.sibling("::2:6380"), Some(tcp("::2", 6380)));
        assert_eq!(seed.sibling(":6380"), Some(tcp("10.0.0.1", 6380)));
        assert_eq!(seed.sibling("10.0.0.2"), None);
        let tls = Node::Tls { host: "a".into(), port: 1 };
        assert_eq!(tls.sibling("b:2"), Some(Node::Tls { host: "b".into(), port: 2 }));
        assert_eq!(Node::Unix("/s".into()).sibling(":2"), Some(tcp("127.0.0.1", 2)));
        assert_eq!(tcp("::1", 7).to_string(), "[::1]:7");
    }
}
