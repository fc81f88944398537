//! Where Redis is and how to log in there, as `CONFERENCE_STORE` says.

use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisConnectionInfo, parse_redis_url};
use std::fmt;

/// A Redis, understood from its URL. The password in it appears in no text.
#[derive(Clone, Debug)]
pub struct RedisUrl {
    /// The servers that it names, with the login and the database for Redis itself.
    pub(super) servers: Vec<ConnectionInfo>,
    pub(super) are: Servers,
    pub(super) tls: bool,
}

/// What the servers of a URL are.
#[derive(Clone, Debug)]
pub(super) enum Servers {
    /// The one Redis that there is.
    Redis,
    /// Nodes of a cluster, which know all the others.
    Cluster,
    /// Sentinels, with a login of their own, which know where the master is that they call `service`.
    Sentinels { service: String, login: RedisConnectionInfo },
}

const DEFAULT_PORT: u16 = 6379;
const DEFAULT_SENTINEL_PORT: u16 = 26379;

const WANTED: &str = "redis://[user:password@]host[:port][/db], redis-cluster://[user:password@]host[:port],..., \
                      redis-sentinel://[user:password@]host[:port],.../service[/db][?sentinel_pass=PASSWORD], each \
                      with rediss for TLS, or unix:///path/to/socket[?db=N&user=USER&pass=PASSWORD]; ports and \
                      databases are numbers, and a character of a password that means something in a URL is %XX";

impl RedisUrl {
    /// Understands a URL; the error says what it should be, without any part of it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").ok_or(WANTED)?;
        let tls = scheme.starts_with("rediss") || scheme == "valkeys";
        let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (servers, are) = match scheme.split_once('-') {
            None => (vec![server(text)?], Servers::Redis),
            Some((scheme, "cluster")) if path.is_empty() => {
                (each(scheme, hosts, DEFAULT_PORT, "")?, Servers::Cluster)
            }
            Some((_, "cluster")) => {
                return Err("a URL that ends with a host: a cluster has no databases".into());
            }
            Some((scheme, "sentinel")) => {
                let (path, query) = path.split_once('?').unwrap_or((path, ""));
                let (service, db) = path.split_once('/').unwrap_or((path, ""));
                let mut login = RedisConnectionInfo::default().set_skip_set_lib_name();
                for (key, value) in
                    serde_urlencoded::from_str::<Vec<(&str, String)>>(query).map_err(|_| WANTED)?
                {
                    login = match key {
                        "sentinel_user" => login.set_username(value),
                        "sentinel_pass" => login.set_password(value),
                        _ => return Err(WANTED.into()),
                    };
                }
                if service.is_empty() || service.contains('#') {
                    return Err(WANTED.into());
                }
                let service = service.to_owned();
                (each(scheme, hosts, DEFAULT_SENTINEL_PORT, db)?, Servers::Sentinels { service, login })
            }
            _ => return Err(WANTED.into()),
        };
        Ok(Self { servers, are, tls })
    }
}

/// The servers of `[user:password@]host[:port],host[:port]`.
fn each(scheme: &str, hosts: &str, port: u16, db: &str) -> Result<Vec<ConnectionInfo>, String> {
    let (login, hosts) = hosts.split_at(hosts.rfind('@').map_or(0, |at| at + 1));
    let url = |host: &str| match host.rsplit_once(':') {
        Some((_, port)) if !port.ends_with(']') => format!("{scheme}://{login}{host}/{db}"),
        _ => format!("{scheme}://{login}{host}:{port}/{db}"),
    };
    hosts.split(',').map(|host| server(&url(host))).collect()
}

fn server(url: &str) -> Result<ConnectionInfo, String> {
    let parsed = parse_redis_url(url).ok_or(WANTED)?;
    let info = url.into_connection_info().map_err(|_| WANTED)?;
    let login = info.redis_settings().clone().set_skip_set_lib_name();
    let (host, port, keys): (_, _, &[_]) = match info.addr() {
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
            (host.as_str(), *port, &[])
        }
        _ => ("", DEFAULT_PORT, &["db", "user", "pass"]),
    };
    // What is not used would be lost without a word.
    let lost = parsed.fragment().is_some()
        || parsed.query_pairs().any(|(key, _)| !keys.contains(&key.as_ref()))
        || (login.username().is_some() && login.password().is_none());
    let wrong = host.contains(',') || port == 0 || login.db() < 0;
    if lost || wrong { Err(WANTED.into()) } else { Ok(info.set_redis_settings(login)) }
}

/// Which Redis it is, as the subject of a sentence.
impl fmt::Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = |server: &ConnectionInfo| match server.addr() {
            ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. }
                if host.contains(':') =>
            {
                format!("[{host}]:{port}")
            }
            address => address.to_string(),
        };
        let at = self.servers.iter().map(address).collect::<Vec<_>>().join(",");
        match &self.are {
            Servers::Redis => write!(f, "the Redis at {at}"),
            Servers::Cluster => write!(f, "the Redis cluster at {at}"),
            Servers::Sentinels { service, .. } => write!(f, "the Redis {service} of the Sentinels at {at}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a URL says: where that is, the first server's database, user and password, TLS.
    fn read(text: &str) -> (String, i64, String, String, bool) {
        let url = RedisUrl::parse(text).unwrap();
        let login = url.servers[0].redis_settings();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        (url.to_string(), login.db(), text(login.username()), text(login.password()), url.tls)
    }

    #[test]
    fn hosts_ports_databases_and_logins_are_read() {
        for (url, place, db, user, password, tls) in [
            ("redis://cache.example", "the Redis at cache.example:6379", 0, "", "", false),
            ("redis://line:p%40ss%2F@[::1]:7000/3", "the Redis at [::1]:7000", 3, "line", "p@ss/", false),
            ("rediss://:p%40ss@cache.example", "the Redis at cache.example:6379", 0, "", "p@ss", true),
            ("unix:///run/redis/s?db=2&user=line&pass=x", "the Redis at /run/redis/s", 2, "line", "x", false),
            ("redis+unix:///run/redis/s", "the Redis at /run/redis/s", 0, "", "", false),
            ("redis-cluster://a", "the Redis cluster at a:6379", 0, "", "", false),
            (
                "rediss-cluster://line:x@a,b:7000,[::1],[::1]:7000",
                "the Redis cluster at a:6379,b:7000,[::1]:6379,[::1]:7000",
                0,
                "line",
                "x",
                true,
            ),
            ("redis-sentinel://a/line", "the Redis line of the Sentinels at a:26379", 0, "", "", false),
            (
                "rediss-sentinel://:x@a:1,b/line/3?sentinel_user=me&sentinel_pass=p%40ss",
                "the Redis line of the Sentinels at a:1,b:26379",
                3,
                "",
                "x",
                true,
            ),
        ] {
            assert_eq!(read(url), (place.into(), db, user.into(), password.into(), tls), "{url}");
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
            "redis://a,b",
            "redis://0.0.0.0",
            "rediss://:secret@cache.example#insecure",
            "unix://",
            "unix:///run/s?dbs=secret",
            "unix:///run/s?db=secret",
            "redis-cluster://",
            "redis-cluster://:secret@a,",
            "redis-cluster://:secret@a/1",
            "redis-cluster://:secret@a,b?db=1",
            "rediss-cluster://:secret@a,b#insecure",
            "redis-sentinel://:secret@a,b",
            "redis-sentinel://:secret@a,b/",
            "redis-sentinel://:secret@a,b/line/secret",
            "redis-sentinel://a,b/line?secret=1",
            "redis-sentinel://a,b/line#secret",
        ] {
            let wanted = RedisUrl::parse(text).expect_err(text);
            assert!(!wanted.contains("secret"), "{text}: {wanted}");
        }
    }

    #[test]
    fn no_text_shows_a_password() {
        let url =
            "redis-sentinel://line:hunter2@cache.example/line/3?sentinel_user=me&sentinel_pass=hunter%32";
        let url = RedisUrl::parse(url).unwrap();
        let texts = format!("{url:?} {url:#?} {url}");
        assert!(texts.contains("cache.example") && !texts.contains("hunter2"), "{texts}");
        let Servers::Sentinels { login, .. } = url.are else { panic!("they are Sentinels") };
        assert_eq!((login.username(), login.password(), login.db()), (Some("me"), Some("hunter2"), 0));
    }
}
