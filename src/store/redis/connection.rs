//! Connecting to Redis: to one server, to a cluster, or to the master that Sentinels name.

use super::url::{RedisUrl, Servers};
use redis::cluster::{ClusterClient, ClusterConnection, NodeAddress};
use redis::cluster_routing::{MultipleNodeRoutingInfo, RoutingInfo, SingleNodeRoutingInfo};
use redis::io::tcp::TcpSettings;
use redis::sentinel::{Sentinel, SentinelNodeConnectionInfo};
use redis::{
    Client, Cmd, ConnectionInfo, FromRedisValue, RedisConnectionInfo, RedisError, RedisResult, TlsMode,
    from_redis_value,
};
use std::io::{self, ErrorKind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A connection that commands are sent on.
pub(super) enum Connection {
    Server(redis::Connection),
    Cluster(Box<ClusterConnection>),
}

/// A master of a cluster; none where there is but one server.
pub(super) type Node = Option<NodeAddress>;

impl Connection {
    /// Connects. Each server that the URL names gets its share of `patience` and leaves one for what is asked, so that
    /// one that is gone without a word takes no time from the others.
    pub(super) fn open(url: &RedisUrl, patience: Duration) -> RedisResult<Self> {
        let shares = u32::try_from(url.servers.len()).unwrap_or(u32::MAX).saturating_add(1);
        let share = patience / shares;
        let server = match &url.are {
            Servers::Redis => url.servers.first().cloned().ok_or(io::Error::from(ErrorKind::NotFound))?,
            Servers::Sentinels { service, login } => master(url, service, login, share)?,
            Servers::Cluster => {
                // The crate waits three times for a node that is silent: for the answers to the login and to two more.
                let nodes = ClusterClient::builder(url.servers.clone()).connection_timeout(share / 3);
                // Enough for a slot that moves; more would hide what the cluster says until the time is over.
                let nodes =
                    nodes.retries(3).min_retry_wait(10).max_retry_wait(100).tcp_settings(tcp_settings());
                return Ok(Self::Cluster(Box::new(nodes.build()?.get_connection()?)));
            }
        };
        let server = Client::open(server.set_tcp_settings(tcp_settings()))?;
        server.get_connection_with_timeout(share).map(Self::Server)
    }

    /// Sends a command to the server that has its key.
    pub(super) fn ask<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<T> {
        match self {
            Self::Server(server) => command.query(server),
            Self::Cluster(cluster) => command.query(cluster.as_mut()),
        }
    }

    /// Sends two commands, in one round trip unless the servers of a cluster share their keys.
    pub(super) fn ask_both<T: FromRedisValue, U: FromRedisValue>(
        &mut self,
        first: &Cmd,
        second: &Cmd,
    ) -> RedisResult<(T, U)> {
        match self {
            Self::Server(server) => {
                redis::pipe().add_command(first.clone()).add_command(second.clone()).query(server)
            }
            Self::Cluster(_) => Ok((self.ask(first)?, self.ask(second)?)),
        }
    }

    /// Sends a command to each server that has keys of its own.
    pub(super) fn ask_all<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<Vec<(Node, T)>> {
        let Self::Cluster(cluster) = self else { return Ok(vec![(None, self.ask(command)?)]) };
        let masters = RoutingInfo::MultiNode((MultipleNodeRoutingInfo::AllMasters, None));
        let answers: Vec<(String, T)> = from_redis_value(cluster.route_command(command, masters)?)?;
        answers.into_iter().map(|(node, answer)| Ok((Some(node.parse()?), answer))).collect()
    }

    /// Sends a command to one of those servers.
    pub(super) fn ask_one<T: FromRedisValue>(&mut self, node: &Node, command: &Cmd) -> RedisResult<T> {
        let (Self::Cluster(cluster), Some(node)) = (&mut *self, node) else { return self.ask(command) };
        let (host, port) = (node.host().to_owned(), node.port());
        let node = RoutingInfo::SingleNode(SingleNodeRoutingInfo::ByAddress { host, port });
        Ok(from_redis_value(cluster.route_command(command, node)?)?)
    }
}

/// Commands are whole when they are sent, so that there is nothing to wait for.
fn tcp_settings() -> TcpSettings {
    TcpSettings::default().set_nodelay(true)
}

/// The master that the first Sentinel to answer names. Each is asked on a thread of its own, for the redis crate sets no
/// limit to the wait for a Sentinel.
fn master(
    url: &RedisUrl,
    service: &str,
    login: &RedisConnectionInfo,
    share: Duration,
) -> RedisResult<ConnectionInfo> {
    let (found, answer) = mpsc::channel();
    let mut failed = RedisError::from(io::Error::from(ErrorKind::TimedOut));
    for server in &url.servers {
        let sentinel = server.clone().set_redis_settings(login.clone());
        let mut master =
            SentinelNodeConnectionInfo::default().set_redis_connection_info(server.redis_settings().clone());
        if url.tls {
            master = master.set_tls_mode(TlsMode::Secure);
        }
        let (found, service) = (found.clone(), service.to_owned());
        thread::Builder::new().spawn(move || {
            let asked =
                Sentinel::build(vec![sentinel]).and_then(|mut it| it.master_for(&service, Some(&master)));
            // Nobody listens any more when another one was faster.
            let _ = found.send(asked);
        })?;
        match answer.recv_timeout(share) {
            Ok(Ok(client)) => return Ok(client.get_connection_info().clone()),
            Ok(Err(error)) => failed = error,
            // The next one is asked, and this one may still be the first to answer.
            Err(_) => {}
        }
    }
    Err(failed)
}
