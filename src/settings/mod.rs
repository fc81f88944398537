//! The settings of a line (contract section 5), from the environment; on the command line a flag wins.

pub mod environment;
mod lookup;
mod table;

pub use table::{ALL, Setting};

use crate::conference::{MOST_CALLERS, Terms};
use crate::document::{Dialect, Line};
#[cfg(feature = "redis")]
use crate::store::RedisUrl;
use environment::Environment;
use lookup::Lookup;
use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A setting that can't be understood; says what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSetting {
    /// The environment variable.
    pub variable: &'static str,
    /// What it was set to.
    pub value: String,
    /// What it should be.
    pub wanted: String,
}

impl fmt::Display for BadSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={:?}: {}", self.variable, self.value, self.wanted)
    }
}

impl std::error::Error for BadSetting {}

/// The settings, understood.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where tokens are.
    pub dir: PathBuf,
    /// The Redis where they are instead.
    #[cfg(feature = "redis")]
    pub store: Option<RedisUrl>,
    /// How long to wait for a token that others hold.
    pub lock_timeout: Duration,
    /// The file of the call log.
    pub log: Option<PathBuf>,
    /// The directory of rooms.
    pub rooms: Option<PathBuf>,
    /// What documents are built from.
    pub line: Line,
    /// For how long places are kept.
    pub terms: Terms,
}

impl Settings {
    /// Understands the settings in an environment.
    pub fn from_environment(environment: &Environment) -> Result<Self, BadSetting> {
        let lookup = Lookup(environment);
        let renew = lookup.seconds("CONFERENCE_RENEW", 1, 60)?;
        let max_age = lookup.seconds("CONFERENCE_MAX_AGE", 1, 43_200)?;
        let dialect =
            lookup.read("CONFERENCE_DIALECT", || "1.0 or 2002", Dialect::from_name)?.unwrap_or_default();
        // Where nobody renews, a lease of a few renewals would give away the places of callers who are still in.
        let usual_lease = if dialect.sends_forms() { renew.saturating_mul(3) } else { max_age };
        let lease = lookup.seconds("CONFERENCE_LEASE", 1, usual_lease)?;
        #[cfg(not(feature = "redis"))]
        lookup.no_store()?;
        Ok(Self {
            #[cfg(feature = "redis")]
            store: lookup.store()?,
            dir: PathBuf::from(lookup.get("CONFERENCE_DIR").unwrap_or(OsStr::new("conferences"))),
            lock_timeout: Duration::from_secs(lookup.seconds("CONFERENCE_LOCK_TIMEOUT", 0, 5)?),
            log: lookup.get("CONFERENCE_LOG").map(PathBuf::from),
            rooms: lookup.get("CONFERENCE_ROOMS").map(PathBuf::from),
            line: Line {
                dialect,
                url: lookup.line_url()?,
                lang: lookup.language()?,
                audio_url: lookup.url("CONFERENCE_AUDIO_URL")?,
                digits: lookup.digits()?,
                tones: true,
            },
            terms: Terms {
                lease: lease * 1000,
                max_age: max_age * 1000,
                renew: renew * 1000,
                renewals: dialect.sends_forms(),
                most_callers: MOST_CALLERS,
                most_millis: None,
                wait_for_moderator: false,
                end_with_moderator: false,
                muted: false,
            },
        })
    }

    /// What is allowed, but will hardly do what was meant.
    pub fn contradictions(&self) -> Vec<String> {
        let Terms { lease, max_age, renew, .. } = self.terms;
        let mut found = Vec::new();
        if !self.line.dialect.sends_forms() {
            if lease < max_age {
                found.push(format!(
                    "CONFERENCE_LEASE ({} s) ends conferences that go on for longer: with CONFERENCE_DIALECT=2002 \
                     nobody renews; leave it out, CONFERENCE_MAX_AGE takes its place",
                    lease / 1000
                ));
            }
        } else if lease < 2 * renew {
            found.push(format!(
                "CONFERENCE_LEASE ({} s) is shorter than two renewals ({} s each): one lost renewal gives a \
                 caller's place away; make it three times CONFERENCE_RENEW",
                lease / 1000,
                renew / 1000
            ));
        }
        if max_age < lease {
            found.push(format!(
                "CONFERENCE_MAX_AGE ({} s) is shorter than CONFERENCE_LEASE ({} s): callers without a session \
                 are lost before those with one",
                max_age / 1000,
                lease / 1000
            ));
        }
        if self.lock_timeout.as_secs() >= 10 {
            found.push(format!(
                "CONFERENCE_LOCK_TIMEOUT ({} s) is as long as the documents wait for an answer (10 s), so \
                 that callers hear an apology first; make it 5",
                self.lock_timeout.as_secs()
            ));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Result<Settings, BadSetting> {
        Settings::from_environment(&Environment::from_iter(variables.iter().copied()))
    }

    #[test]
    fn the_defaults_are_those_of_the_contract() {
        let defaults = settings(&[("SCRIPT_NAME", "/cgi-bin/a b")]).unwrap();
        assert_eq!(defaults.dir, PathBuf::from("conferences"));
        assert_eq!(defaults.lock_timeout, Duration::from_secs(5));
        let terms = defaults.terms;
        assert_eq!((terms.renew, terms.lease, terms.max_age), (60_000, 180_000, 43_200_000));
        let line = defaults.line;
        assert_eq!((line.url.as_str(), line.lang.tag.as_str()), ("/cgi-bin/a%20b", "en-US"));
        assert_eq!((line.digits, line.audio_url), (4..=10, None));
    }

    #[test]
    fn a_script_name_is_a_path_however_it_begins() {
        assert_eq!(settings(&[("SCRIPT_NAME", "//cgi-bin/line")]).unwrap().line.url, "/cgi-bin/line");
        assert_eq!(settings(&[]).unwrap().line.url, "/");
    }

    #[test]
    fn the_lease_follows_the_renewals_unless_it_is_set() {
        assert_eq!(settings(&[("CONFERENCE_RENEW", "7")]).unwrap().terms.lease, 21_000);
        assert_eq!(settings(&[("CONFERENCE_LEASE", "7")]).unwrap().terms.lease, 7_000);
    }

    #[test]
    fn where_nobody_renews_the_lease_is_as_long_as_a_caller_may_be_in() {
        let of_2002 =
            |more: &[(&str, &str)]| settings(&[&[("CONFERENCE_DIALECT", "2002")], more].concat()).unwrap();
        let usual = of_2002(&[("CONFERENCE_RENEW", "7"), ("CONFERENCE_MAX_AGE", "7200")]);
        assert_eq!((usual.terms.lease, usual.terms.renewals), (7_200_000, false));
        assert!(usual.contradictions().is_empty());
        let brief = of_2002(&[("CONFERENCE_LEASE", "600")]);
        assert_eq!(brief.terms.lease, 600_000);
        assert!(brief.contradictions().concat().contains("nobody renews"));
    }

    #[test]
    fn what_will_hardly_do_is_told_to_the_second() {
        let told = |variable, value| settings(&[(variable, value)]).unwrap().contradictions().concat();
        for (variable, well, ill, words) in [
            ("CONFERENCE_LEASE", "120", "119", "two renewals"),
            ("CONFERENCE_MAX_AGE", "180", "179", "shorter than CONFERENCE_LEASE"),
            ("CONFERENCE_LOCK_TIMEOUT", "9", "10", "hear an apology first"),
        ] {
            assert_eq!(told(variable, well), "");
            assert!(told(variable, ill).contains(words), "{variable}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        for (variable, value) in [
            ("CONFERENCE_RENEW", "0"),
            ("CONFERENCE_RENEW", "60s"),
            ("CONFERENCE_LEASE", "-1"),
            ("CONFERENCE_MAX_AGE", "18446744073709551615"),
            ("CONFERENCE_LOCK_TIMEOUT", "1.5"),
            ("CONFERENCE_DIALECT", "2001"),
            ("CONFERENCE_DIGITS", "10-4"),
            ("CONFERENCE_DIGITS", "0-4"),
            ("CONFERENCE_DIGITS", "4-33"),
            ("CONFERENCE_LANG", "tlh"),
            ("CONFERENCE_URL", "ftp://host/"),
            ("CONFERENCE_URL", "http://"),
            ("CONFERENCE_URL", "/line?x=1"),
            ("CONFERENCE_URL", "/50%"),
            ("CONFERENCE_URL", "//host/line"),
            ("CONFERENCE_AUDIO_URL", "/a b"),
            ("CONFERENCE_AUDIO_URL", "/a'b"),
            ("CONFERENCE_AUDIO_URL", "/a\\b"),
            ("CONFERENCE_AUDIO_URL", "/a#b"),
        ] {
            let bad = settings(&[(variable, value)]).unwrap_err();
            assert_eq!((bad.variable, bad.value.as_str()), (variable, value));
        }
    }

    #[test]
    fn a_store_that_cannot_be_used_is_named_without_its_password() {
        #[cfg(feature = "redis")]
        assert!(settings(&[("CONFERENCE_STORE", "redis://:secret@host:7000/3")]).unwrap().store.is_some());
        for value in ["redis://:secret@", "secret", "http://:secret@host"] {
            let bad = settings(&[("CONFERENCE_STORE", value)]).unwrap_err();
            assert_eq!(bad.variable, "CONFERENCE_STORE");
            assert!(!bad.to_string().contains("secret"), "{bad}");
        }
    }

    #[test]
    fn a_variable_set_to_nothing_is_not_set() {
        assert_eq!(settings(&[("CONFERENCE_RENEW", "")]).unwrap().terms.renew, 60_000);
    }
}
