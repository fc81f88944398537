//! Who may use the desk, and from where (contract section 11). Where it is in doubt the answer is no.

use crate::settings::environment::Environment;
use std::net::IpAddr;

/// Whoever has been let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// Somebody whom the web server knows by this name.
    User(String),
    /// Whoever sits at this machine.
    Local,
}

/// What everybody else is told; it is the web server's configuration that has to change.
pub const NO_LOG_IN: &str = "The desk is for people who have logged in. Have the web server ask for a password at this \
                             address, so that it sets REMOTE_USER; for a trial on your own machine set \
                             CONFERENCE_DESK=open.";

/// What is told to whoever comes to an open desk from elsewhere.
pub const NOT_LOCAL: &str = "CONFERENCE_DESK=open serves browsers on this machine alone, at http://localhost/ and \
                             without a proxy between. For everybody else have the web server ask for a password at \
                             this address, so that it sets REMOTE_USER.";

impl Visitor {
    /// Who sends a request; or what to tell somebody who is not let in.
    pub fn of(environment: &Environment, open: bool) -> Result<Self, &'static str> {
        match environment.get("REMOTE_USER") {
            Some(user) => Ok(Self::User(user.to_string_lossy().into_owned())),
            None if !open => Err(NO_LOG_IN),
            None if is_local(environment) => Ok(Self::Local),
            None => Err(NOT_LOCAL),
        }
    }

    /// The name of whoever has logged in.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::User(name) => Some(name),
            Self::Local => None,
        }
    }
}

/// Whether the request comes from a browser on this machine, and was sent to this machine: a page from elsewhere can
/// have its own name point here.
fn is_local(environment: &Environment) -> bool {
    let word = |name| environment.get(name).and_then(|value| value.to_str());
    let passed_on =
        ["HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR"].iter().any(|name| environment.get(name).is_some());
    let from_here = word("REMOTE_ADDR").is_some_and(is_loopback);
    let to_here = word("HTTP_HOST").map(without_port).is_some_and(|host| {
        host.eq_ignore_ascii_case("localhost") || is_loopback(host.trim_matches(['[', ']']))
    });
    from_here && to_here && !passed_on
}

fn is_loopback(address: &str) -> bool {
    address.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whether a page of another site may have sent the request. Browsers say so in one of two ways; a program that is no
/// browser says neither, and no page can make it send anything.
pub fn is_cross_site(environment: &Environment) -> bool {
    let word = |name| environment.get(name).map(|value| value.to_string_lossy());
    match (word("HTTP_SEC_FETCH_SITE"), word("HTTP_ORIGIN")) {
        (Some(site), _) => site != "same-origin" && site != "none",
        (None, Some(origin)) => {
            let from = origin.split_once("://").map(|(_, host)| host);
            let to = word("HTTP_HOST");
            !from.zip(to).is_some_and(|(from, to)| from.eq_ignore_ascii_case(&to))
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::from_iter(variables.iter().copied())
    }

    #[test]
    fn nobody_gets_in_whom_the_web_server_does_not_know() {
        let of = |variables: &[(&str, &str)]| Visitor::of(&environment(variables), false);
        assert_eq!(of(&[("REMOTE_USER", "anna")]), Ok(Visitor::User("anna".into())));
        let here = [("REMOTE_ADDR", "127.0.0.1"), ("HTTP_HOST", "localhost")];
        for strange in [&[][..], &[("REMOTE_USER", "")], &[("HTTP_REMOTE_USER", "anna")], &here] {
            assert_eq!(of(strange), Err(NO_LOG_IN), "{strange:?}");
        }
    }

    #[test]
    fn an_open_desk_is_open_to_browsers_on_this_machine_alone() {
        let of = |variables: &[(&str, &str)]| Visitor::of(&environment(variables), true);
        for (from, to) in [
            ("127.0.0.1", "localhost"),
            ("127.8.9.1", "LOCALHOST:8080"),
            ("::1", "[::1]:8080"),
            ("::ffff:127.0.0.1", "127.0.0.1:80"),
        ] {
            assert_eq!(of(&[("REMOTE_ADDR", from), ("HTTP_HOST", to)]), Ok(Visitor::Local), "{from} {to}");
            for header in ["HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR"] {
                let passed_on = [("REMOTE_ADDR", from), ("HTTP_HOST", to), (header, "127.0.0.1")];
                assert_eq!(of(&passed_on), Err(NOT_LOCAL), "{header}");
            }
        }
        for (from, to) in [
            ("192.0.2.1", "localhost"),
            ("::ffff:192.0.2.1", "localhost"),
            ("localhost", "localhost"),
            ("", "localhost"),
            ("127.0.0.1", "evil.example"),
            ("127.0.0.1", "localhost.evil.example"),
            ("127.0.0.1", "127.0.0.1.evil.example:80"),
            ("127.0.0.1", "evil.example:localhost"),
            ("127.0.0.1", ""),
        ] {
            assert_eq!(of(&[("REMOTE_ADDR", from), ("HTTP_HOST", to)]), Err(NOT_LOCAL), "{from} {to}");
        }
        assert_eq!(of(&[("REMOTE_USER", "anna")]), Ok(Visitor::User("anna".into())), "a log-in still does");
    }

    #[test]
    fn what_a_page_of_another_site_sends_is_recognised() {
        let host = ("HTTP_HOST", "desk.example:8443");
        for own in [
            &[("HTTP_SEC_FETCH_SITE", "same-origin")][..],
            &[("HTTP_SEC_FETCH_SITE", "none")],
            &[("HTTP_ORIGIN", "https://desk.example:8443")],
            &[("HTTP_ORIGIN", "https://DESK.example:8443")],
            &[("HTTP_SEC_FETCH_SITE", "same-origin"), ("HTTP_ORIGIN", "https://behind.a.proxy")],
            &[],
        ] {
            assert!(!is_cross_site(&environment(&[&[host], own].concat())), "{own:?}");
        }
        for strange in [
            &[("HTTP_SEC_FETCH_SITE", "cross-site")][..],
            &[("HTTP_SEC_FETCH_SITE", "same-site")],
            &[("HTTP_SEC_FETCH_SITE", "Same-Origin")],
            &[("HTTP_SEC_FETCH_SITE", "cross-site"), ("HTTP_ORIGIN", "https://desk.example:8443")],
            &[("HTTP_ORIGIN", "null")],
            &[("HTTP_ORIGIN", "https://desk.example")],
            &[("HTTP_ORIGIN", "https://desk.example:8443.evil.example")],
            &[("HTTP_ORIGIN", "desk.example:8443")],
        ] {
            assert!(is_cross_site(&environment(&[&[host], strange].concat())), "{strange:?}");
        }
        assert!(is_cross_site(&environment(&[("HTTP_ORIGIN", "https://desk.example")])), "without a Host");
    }
}
