//! The settings of a line (contract section 5), from the environment; on the command line a flag wins.

use crate::conference::{MOST_CALLERS, Terms};
use crate::document::escape::url_path;
use crate::document::{Dialect, Line};
use crate::environment::Environment;
use crate::keeper::{Directory, Keeper, Keeping};
use crate::language::Language;
use crate::number::ConferenceNumber;
use std::ffi::OsStr;
use std::fmt;
use std::ops::RangeInclusive;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

/// One setting, as the operator sees it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The environment variable.
    pub variable: &'static str,
    /// The flag of the command line, without its dashes.
    pub flag: &'static str,
    /// The default, in words.
    pub default: &'static str,
    /// What it means, in a line.
    pub meaning: &'static str,
}

/// Every setting there is.
pub const ALL: &[Setting] = &[
    setting("CONFERENCE_DIR", "dir", "conferences in the working directory", "directory of the tokens"),
    setting("CONFERENCE_URL", "url", "SCRIPT_NAME", "this program's URL as the voice platform reaches it"),
    setting("CONFERENCE_DIALECT", "dialect", "1.0", "CCXML that the voice platform speaks, 1.0 or 2002"),
    setting("CONFERENCE_LANG", "lang", "en-US", "language of the prompts"),
    setting("CONFERENCE_AUDIO_URL", "audio-url", "none", "base URL of recorded prompts (BASE/PROMPT.wav)"),
    setting("CONFERENCE_DIGITS", "digits", "4-10", "shortest and longest number"),
    setting("CONFERENCE_RENEW", "renew", "60", "seconds between renewals"),
    setting("CONFERENCE_LEASE", "lease", "three times that", "seconds a silent caller is kept"),
    setting(
        "CONFERENCE_MAX_AGE",
        "max-age",
        "43200",
        "seconds an anonymous caller or a hand-made token is kept",
    ),
    setting("CONFERENCE_LOG", "log", "none", "file of the call log"),
    setting(
        "CONFERENCE_ROOMS",
        "rooms",
        "none",
        "directory of rooms (NUMBER.toml); without it any number makes a conference",
    ),
    setting("CONFERENCE_LOCK_TIMEOUT", "lock-timeout", "5", "seconds to wait for a token that others hold"),
];

const fn setting(
    variable: &'static str,
    flag: &'static str,
    default: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting { variable, flag, default, meaning }
}

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
            lookup.read("CONFERENCE_DIALECT", "1.0 or 2002", Dialect::from_name)?.unwrap_or_default();
        // Where nobody renews, a lease of a few renewals would give away the places of callers who are still in.
        let usual_lease = if dialect.sends_forms() { renew.saturating_mul(3) } else { max_age };
        let lease = lookup.seconds("CONFERENCE_LEASE", 1, usual_lease)?;
        Ok(Self {
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

    /// The keeper of the tokens.
    pub fn keeper(&self) -> Keeper {
        let keeping = Keeping { timeout: self.lock_timeout, max_age: self.terms.max_age };
        Keeper::Directory(Directory::new(self.dir.clone(), keeping))
    }
}

struct Lookup<'a>(&'a Environment);

impl<'a> Lookup<'a> {
    fn get(&self, variable: &str) -> Option<&'a OsStr> {
        self.0.get(variable)
    }

    /// The value as `understand` reads it; its error says what the value should be.
    fn read<T>(
        &self,
        variable: &'static str,
        wanted: &str,
        understand: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, BadSetting> {
        let Some(value) = self.get(variable) else { return Ok(None) };
        let understood = value.to_str().and_then(understand);
        understood.map(Some).ok_or_else(|| BadSetting {
            variable,
            value: value.to_string_lossy().into_owned(),
            wanted: wanted.to_owned(),
        })
    }

    fn seconds(&self, variable: &'static str, least: u64, default: u64) -> Result<u64, BadSetting> {
        // A year: longer than anything meant, and far from where sums of milliseconds could overflow.
        const MOST: u64 = 366 * 24 * 3600;
        let wanted = format!("a number of seconds from {least} to {MOST}");
        let seconds = self
            .read(variable, &wanted, |text| whole(text).filter(|seconds| (least..=MOST).contains(seconds)))?;
        Ok(seconds.unwrap_or(default))
    }

    fn digits(&self) -> Result<RangeInclusive<usize>, BadSetting> {
        let wanted = format!(
            "the fewest and the most digits, such as 4-10, from 1 to {}",
            ConferenceNumber::MOST_DIGITS
        );
        let digits = self.read("CONFERENCE_DIGITS", &wanted, |text| {
            let (fewest, most) = text.split_once('-').unwrap_or((text, text));
            let (fewest, most) = (whole(fewest)? as usize, whole(most)? as usize);
            (1 <= fewest && fewest <= most && most <= ConferenceNumber::MOST_DIGITS).then_some(fewest..=most)
        })?;
        Ok(digits.unwrap_or(4..=10))
    }

    fn language(&self) -> Result<Language, BadSetting> {
        let wanted = format!("a language tag such as en-US; there are prompts in {}", Language::known());
        let language = self.read("CONFERENCE_LANG", &wanted, Language::from_tag)?;
        match language.or_else(|| Language::from_tag("en-US")) {
            Some(language) => Ok(language),
            None => Err(BadSetting { variable: "CONFERENCE_LANG", value: String::new(), wanted }),
        }
    }

    fn url(&self, variable: &'static str) -> Result<Option<String>, BadSetting> {
        let wanted = "an http or https URL or a path, percent-encoded, without query or fragment";
        self.read(variable, wanted, |text| is_url(text).then(|| text.to_owned()))
    }

    fn line_url(&self) -> Result<String, BadSetting> {
        let from_server = || match self.get("SCRIPT_NAME") {
            Some(path) => url_path(path.as_bytes()),
            None => "/".to_owned(),
        };
        Ok(self.url("CONFERENCE_URL")?.unwrap_or_else(from_server))
    }
}

fn whole(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn is_url(text: &str) -> bool {
    let authority_and_path = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let placed = match authority_and_path {
        Some(rest) => !rest.is_empty() && !rest.starts_with('/'),
        None => text.starts_with('/'),
    };
    placed && text.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>\\^`{|}?#".contains(&b))
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
            ("CONFERENCE_AUDIO_URL", "/a b"),
        ] {
            let bad = settings(&[(variable, value)]).unwrap_err();
            assert_eq!((bad.variable, bad.value.as_str()), (variable, value));
        }
    }

    #[test]
    fn a_variable_set_to_nothing_is_not_set() {
        assert_eq!(settings(&[("CONFERENCE_RENEW", "")]).unwrap().terms.renew, 60_000);
    }
}
