//! Control: how sessions learn at once that something has changed for them (contract section 10).
//!
//! A session has a URL that takes events, if its platform speaks basichttp. An event that arrives makes the session ask
//! for its state. One that does not arrive costs time only: the session asks at its next renewal.

use crate::conference::Hears;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

/// The event that makes a session ask for its state.
pub const LOOK: &str = "line.look";

/// How long all sessions together are waited for (contract section 10).
const IN_ALL: Duration = Duration::from_secs(2);

/// How many sessions are called at the same time, and how many more whenever no call has ended for a while. So a platform
/// that answers gets no more connections at once than it can queue, and sessions that hang keep no other waiting.
const SIDE_BY_SIDE: usize = 64;

/// How long that while is.
const PATIENCE: Duration = Duration::from_millis(100);

/// The stack of a thread, and the room for an answer, in bytes: there may be a thousand of them.
const STACK: usize = 512 * 1024;
const BUFFER: usize = 8 * 1024;

/// The most addresses of a host that are tried; ureq has no room for more than 16.
const MOST_ADDRESSES: usize = 4;

/// The most characters of a session's URL that are kept.
const MOST: usize = 256;

/// The URL below which sessions may be called: nothing else is ever called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlUrl(Url);

impl ControlUrl {
    /// Reads the setting: an absolute http or https URL without user, query or fragment.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok().filter(is_plain)?;
        (url.query().is_none() && matches!(url.scheme(), "http" | "https")).then_some(Self(url))
    }

    /// The URL of a session as it is kept, if it may be called: with the same scheme, host and port, no user in it, and a
    /// path that begins with the path of this one.
    pub fn admits(&self, session: &str) -> Option<String> {
        let url = Url::parse(session).ok().filter(is_plain)?;
        let is_below = url.origin() == self.0.origin() && url.path().starts_with(self.0.path());
        (is_below && url.as_str().len() <= MOST).then(|| url.into())
    }
}

fn is_plain(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none() && url.fragment().is_none() && url.has_host()
}

/// Tells sessions that something has changed, all of them side by side, and says how many have taken it. Only the URLs that
/// are kept below `control` are called; no redirect is followed and no proxy asked.
pub fn look(control: &ControlUrl, sessions: &[Hears]) -> usize {
    let calls = |hears: &Hears| {
        let url = hears.control.as_deref().and_then(|url| control.admits(url))?;
        Some((url, hears.session.as_str().to_owned()))
    };
    let calls: Vec<_> = sessions.iter().filter_map(calls).collect();
    let deadline = Instant::now() + IN_ALL;
    let left = || deadline.saturating_duration_since(Instant::now());
    if calls.is_empty() {
        return 0;
    }
    let Some(agent) = agent(control, left()) else { return 0 };
    let (next, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (answered, answers) = mpsc::channel();
    let work = |answered: Sender<()>| {
        while let Some((url, session)) =
            calls.get(next.fetch_add(1, Ordering::Relaxed)).filter(|_| !left().is_zero())
        {
            if is_taken(&agent, url, session, left()) {
                taken.fetch_add(1, Ordering::Relaxed);
            }
            // Nobody listens once the time is over.
            let _ = answered.send(());
        }
    };
    std::thread::scope(|scope| {
        let mut missing = calls.len();
        while missing > 0 && !left().is_zero() {
            let mut started = 0;
            let waiting = calls.len().saturating_sub(next.load(Ordering::Relaxed));
            for _ in 0..waiting.min(SIDE_BY_SIDE) {
                let answered = answered.clone();
                let thread = std::thread::Builder::new().stack_size(STACK);
                started += usize::from(thread.spawn_scoped(scope, move || work(answered)).is_ok());
            }
            if started == 0 && waiting == calls.len() {
                // A machine that gives no thread at all.
                work(answered.clone());
            }
            while missing > 0 && answers.recv_timeout(left().min(PATIENCE)).is_ok() {
                missing -= 1;
            }
        }
    });
    taken.into_inner()
}

/// What calls sessions. Their host is looked up once, and not by each; each has a connection of its own, because one that
/// the platform closes at that moment would take an event with it.
fn agent(control: &ControlUrl, within: Duration) -> Option<ureq::Agent> {
    let (found, addresses) = mpsc::channel();
    let url = control.0.clone();
    let look_up = move || found.send(url.socket_addrs(|| None));
    std::thread::Builder::new().spawn(look_up).ok()?;
    let addresses = addresses.recv_timeout(within).ok()?.ok()?;
    let config = ureq::Agent::config_builder()
        .max_redirects(0)
        .proxy(None)
        .http_status_as_error(false)
        .max_idle_connections(0)
        .input_buffer_size(BUFFER)
        .output_buffer_size(BUFFER)
        .build();
    Some(ureq::Agent::with_parts(config, DefaultConnector::default(), KnownHost(addresses)))
}

/// The addresses of the one host that is ever called.
#[derive(Debug)]
struct KnownHost(Vec<SocketAddr>);

impl Resolver for KnownHost {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut addresses = self.empty();
        for address in self.0.iter().take(MOST_ADDRESSES) {
            addresses.push(*address);
        }
        Ok(addresses)
    }
}

/// Whether a session has taken the event: any answer of 2xx, such as the 204 of the specification (appendix K).
fn is_taken(agent: &ureq::Agent, url: &str, session: &str, within: Duration) -> bool {
    let request = agent.post(url).config().timeout_global(Some(within)).build();
    let sent = request.send_form([("sessionid", session), ("name", LOOK)]);
    sent.is_ok_and(|answer| answer.status().is_success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_below_the_setting_is_called() {
        let control = ControlUrl::parse("http://good:1971/ccxml/").unwrap();
        let below =
            ["http://good:1971/ccxml/basichttp", "HTTP://GOOD:1971/ccxml/x?y=1", "http://good:1971/ccxml/"];
        for url in below {
            assert!(control.admits(url).is_some(), "{url}");
        }
        let long = format!("http://good:1971/ccxml/{}", "x".repeat(MOST));
        for url in [
            "",
            "/ccxml/x",
            "https://good:1971/ccxml/x",
            "http://good/ccxml/x",
            "http://good.evil:1971/ccxml/x",
            "http://good:1971@evil/ccxml/x",
            "http://evil@good:1971/ccxml/x",
            "http://good:1971/other",
            "http://good:1971/ccxml/../other",
            "http://good:1971/ccxml/%2e%2e/other",
            "http://good:1971/ccxml/x#y",
            "file:///ccxml/",
            &long,
        ] {
            assert_eq!(control.admits(url), None, "{url}");
        }
    }

    #[test]
    fn a_setting_that_could_mean_anything_is_none() {
        for url in
            ["", "good", "ftp://good/", "http://user@good/", "http://good/?x", "http://good/#x", "//good/"]
        {
            assert_eq!(ControlUrl::parse(url), None, "{url}");
        }
        assert!(ControlUrl::parse("https://good").is_some());
    }
}
