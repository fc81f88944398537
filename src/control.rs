//! Control: how sessions learn at once that something has changed for them (contract section 10).
//!
//! A session has a URL that takes events, if its platform speaks basichttp. An event that arrives makes the session ask
//! for its state. One that does not arrive costs time only: the session asks at its next renewal.

use crate::conference::Hears;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use url::Url;

/// The event that makes a session ask for its state.
pub const LOOK: &str = "line.look";

/// How long all sessions together are waited for.
const IN_ALL: Duration = Duration::from_secs(2);

/// How many sessions are called at the same time.
const SIDE_BY_SIDE: usize = 64;

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
    let (next, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let deadline = Instant::now() + IN_ALL;
    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder().max_redirects(0).proxy(None).http_status_as_error(false).build(),
    );
    let work = || {
        while let Some((url, session)) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            if is_taken(&agent, url, session, left) {
                taken.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..calls.len().min(SIDE_BY_SIDE) {
            // Without another thread those that there are do its work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
    });
    taken.into_inner()
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
