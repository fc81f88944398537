//! The settings of a line (contract section 5), from the environment; on the command line a flag wins.

pub mod environment;
mod parse;
mod table;

pub use table::{ALL, Default, Setting};

use crate::conference::{MOST_CALLERS, Terms};
use crate::document::escape::url_path;
use crate::document::{Dialect, DocumentSettings};
use crate::store::RedisUrl;
use environment::Environment;
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;
use table::Typed;

/// A setting that can't be understood; says what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSetting {
    /// The environment variable.
    pub variable: &'static str,
    /// What it was set to; left out where a password may be in it.
    pub value: String,
    /// What it must be.
    pub wanted: String,
}

impl fmt::Display for BadSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={:?} cannot be used: it must be {}", self.variable, self.value, self.wanted)
    }
}

impl std::error::Error for BadSetting {}

/// The settings, understood.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where tokens are.
    pub dir: PathBuf,
    /// The Redis where they are instead.
    pub store: Option<RedisUrl>,
    /// How long to wait for a token that others hold.
    pub lock_timeout: Duration,
    /// The file of the call log.
    pub log: Option<PathBuf>,
    /// The directory of rooms.
    pub rooms: Option<PathBuf>,
    /// What documents are built from.
    pub documents: DocumentSettings,
    /// For how long places are kept.
    pub terms: Terms,
}

impl Settings {
    /// Understands the settings in an environment.
    pub fn from_environment(environment: &Environment) -> Result<Self, BadSetting> {
        let renew = value(environment, &table::RENEW)?;
        let max_age = value(environment, &table::MAX_AGE)?;
        let dialect: Dialect = value(environment, &table::DIALECT)?;
        // Where nobody renews, a lease of a few renewals would give away the places of callers who are still in.
        let usual_lease = if dialect.sends_forms() { renew.saturating_mul(3) } else { max_age };
        let lease = optional(environment, &table::LEASE)?.unwrap_or(usual_lease);
        Ok(Self {
            store: optional(environment, &table::STORE)?,
            dir: value(environment, &table::DIR)?,
            lock_timeout: Duration::from_secs(value(environment, &table::LOCK_TIMEOUT)?),
            log: optional(environment, &table::LOG)?,
            rooms: optional(environment, &table::ROOMS)?,
            documents: DocumentSettings {
                dialect,
                url: optional(environment, &table::URL)?.unwrap_or_else(|| own_path(environment)),
                lang: value(environment, &table::LANG)?,
                audio_url: optional(environment, &table::AUDIO_URL)?,
                digits: value(environment, &table::DIGITS)?,
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
        if !self.documents.dialect.sends_forms() {
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

/// The value of a setting, if it has one.
fn optional<T>(environment: &Environment, typed: &Typed<T>) -> Result<Option<T>, BadSetting> {
    let Typed { setting, parse } = typed;
    let text = match (environment.get(setting.variable), setting.default) {
        (Some(value), _) => value,
        (None, Default::Value(value)) => OsStr::new(value),
        (None, Default::Words(_)) => return Ok(None),
    };
    parse(text).map(Some).map_err(|wanted| bad(setting, text, wanted))
}

/// The value of a setting that always has one.
fn value<T>(environment: &Environment, typed: &Typed<T>) -> Result<T, BadSetting> {
    let missing = || bad(&typed.setting, OsStr::new(""), "set".to_owned());
    optional(environment, typed)?.ok_or_else(missing)
}

fn bad(setting: &Setting, text: &OsStr, wanted: String) -> BadSetting {
    // There may be a password anywhere in a store's URL that can't be understood.
    let value =
        if setting.variable == table::STORE.setting.variable { "...".into() } else { text.to_string_lossy() };
    BadSetting { variable: setting.variable, value: value.into_owned(), wanted }
}

/// The path of this program by what the web server says of it.
fn own_path(environment: &Environment) -> String {
    let path = environment.get("SCRIPT_NAME").unwrap_or_default();
    // Two slashes at the beginning would make the name of a host of what follows.
    format!("/{}", url_path(path.as_bytes()).trim_start_matches('/'))
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
        let documents = defaults.documents;
        assert_eq!((documents.url.as_str(), documents.lang.tag.as_str()), ("/cgi-bin/a%20b", "en-US"));
        assert_eq!((documents.digits, documents.audio_url), (4..=10, None));
    }

    #[test]
    fn a_url_may_hold_every_character_that_its_standard_allows() {
        for url in ["http://h/it's", "/a!$&'()*+,;=:@-._~%20b", "https://u:p@[::1]:8443", "http://h/a//b/"] {
            assert_eq!(settings(&[("CONFERENCE_URL", url)]).unwrap().documents.url, url);
        }
    }

    #[test]
    fn a_script_name_is_a_path_however_it_begins() {
        assert_eq!(settings(&[("SCRIPT_NAME", "//cgi-bin/line")]).unwrap().documents.url, "/cgi-bin/line");
        assert_eq!(settings(&[]).unwrap().documents.url, "/");
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
            ("CONFERENCE_AUDIO_URL", "/a[b]"),
            ("CONFERENCE_AUDIO_URL", "http://host/[b]"),
            ("CONFERENCE_AUDIO_URL", "/a^b"),
            ("CONFERENCE_AUDIO_URL", "/a\\b"),
            ("CONFERENCE_AUDIO_URL", "/a#b"),
        ] {
            let bad = settings(&[(variable, value)]).unwrap_err();
            assert_eq!((bad.variable, bad.value.as_str()), (variable, value));
        }
    }

    #[test]
    fn a_store_that_cannot_be_used_is_named_without_its_password() {
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
