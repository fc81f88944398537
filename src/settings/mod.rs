//! The settings of a line (contract section 5).

mod bad_setting;
mod contradictions;
pub mod environment;
mod face;
mod parse;
mod sources;
mod table;

pub use bad_setting::BadSetting;
pub use face::Face;
pub use sources::{CONFIG, DEFAULT_FILE, Flags, Origin, Sources};
pub use table::{ALL, DefaultValue, Setting, SettingKind};

use crate::call_log::CallLog;
use crate::clock::Millis;
use crate::conference::Times;
use crate::control::ControlUrl;
use crate::document::escape::url_path;
use crate::document::{Dialect, DocumentSettings, Keys};
use crate::identity::CallerId;
use crate::secret::Secret;
use crate::store::RedisUrl;
use environment::Environment;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;
use table::Typed;

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
    /// What tickets are signed with; none for the secret that is kept with the tokens.
    pub secret: Option<Secret>,
    /// For how long places are kept.
    pub times: Times,
    /// How long a conference may last whose room says nothing else, in milliseconds.
    pub max_millis: Option<Millis>,
    /// How much of callers' telephone numbers is kept.
    pub caller_id: CallerId,
    /// Below which URL sessions take events.
    pub control: Option<ControlUrl>,
}

impl Settings {
    /// Understands the settings in an environment, without any file.
    pub fn from_environment(environment: &Environment) -> Result<Self, BadSetting> {
        Self::from_sources(&Sources::without_file(environment)?)
    }

    /// Understands the settings, wherever they stand.
    pub fn from_sources(sources: &Sources<'_>) -> Result<Self, BadSetting> {
        let renew = value(sources, &table::RENEW)?;
        let max_age = value(sources, &table::MAX_AGE)?;
        let dialect: Dialect = value(sources, &table::DIALECT)?;
        // Where nobody renews, a lease of a few renewals would give away the places of callers who are still in.
        let usual_lease = if dialect.sends_forms() { renew.saturating_mul(3) } else { max_age };
        let lease = optional(sources, &table::LEASE)?.unwrap_or(usual_lease);
        let line: Option<String> = optional(sources, &table::LINE)?;
        let millis = |minutes: u64| minutes * 60_000;
        let music_url: Option<String> = optional(sources, &table::MUSIC_URL)?;
        let has_music = music_url.is_some();
        let rooms: Option<PathBuf> = optional(sources, &table::ROOMS)?;
        let keys = value(sources, &table::KEYS)?;
        let control: Option<ControlUrl> = optional(sources, &table::CONTROL)?;
        let secret: Option<Secret> = optional(sources, &table::SECRET)?;
        let secret = secret.map(|secret| secret.for_line(line.as_deref()));
        Ok(Self {
            store: optional(sources, &table::STORE)?,
            dir: value(sources, &table::DIR)?,
            lock_timeout: Duration::from_secs(value(sources, &table::LOCK_TIMEOUT)?),
            log: optional(sources, &table::LOG)?,
            documents: DocumentSettings {
                line,
                dialect,
                url: optional(sources, &table::URL)?.unwrap_or_else(|| own_path(sources.environment())),
                lang: value(sources, &table::LANG)?,
                audio_url: optional(sources, &table::AUDIO_URL)?,
                digits: value(sources, &table::DIGITS)?,
                tones: true,
                keys,
                control: control.is_some(),
                // The moderator wakes those who wait, the second caller the one who is alone, a key whom it is about.
                wakes: rooms.is_some() || has_music || keys != Keys::No,
                music_url,
            },
            secret,
            times: Times {
                lease: lease * 1000,
                max_age: max_age * 1000,
                renew: renew * 1000,
                renewals: dialect.sends_forms(),
                alone: optional(sources, &table::ALONE_MINUTES)?.map(millis),
                music: has_music && dialect.sends_forms(),
            },
            rooms,
            max_millis: optional(sources, &table::MAX_MINUTES)?.map(millis),
            caller_id: value(sources, &table::CALLER_ID)?,
            control,
        })
    }
}

/// Every setting with its value, as the operator may see it, and where that comes from.
pub fn shown<'a>(
    sources: &'a Sources<'_>,
) -> Result<Vec<(&'static Setting, String, Origin<'a>)>, BadSetting> {
    let shown = |setting: &'static &Setting| {
        Ok(match sources.find(setting)? {
            Some((value, origin)) => (*setting, setting.shown(&value), origin),
            None => (*setting, setting.default.to_string(), Origin::Default),
        })
    };
    ALL.iter().map(shown).collect()
}

/// The call log, also where other settings can't be understood.
pub fn call_log(sources: &Sources<'_>) -> CallLog {
    let (path, line) = (optional(sources, &table::LOG), optional(sources, &table::LINE));
    CallLog::new(path.ok().flatten(), line.ok().flatten())
}

/// The value of a setting, if it has one.
fn optional<T>(sources: &Sources<'_>, typed: &Typed<T>) -> Result<Option<T>, BadSetting> {
    let Typed { setting, parse } = typed;
    let Some((text, origin)) = sources.find(setting)? else { return Ok(None) };
    parse(&text).map(Some).map_err(|wanted| BadSetting::Value {
        variable: setting.variable,
        place: (origin != Origin::Variable).then(|| origin.to_string()),
        value: setting.shown(&text),
        wanted,
    })
}

/// The value of a setting that always has one.
fn value<T>(sources: &Sources<'_>, typed: &Typed<T>) -> Result<T, BadSetting> {
    let variable = typed.setting.variable;
    let missing =
        || BadSetting::Value { variable, place: None, value: String::new(), wanted: "set".to_owned() };
    optional(sources, typed)?.ok_or_else(missing)
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
        let times = defaults.times;
        assert_eq!((times.renew, times.lease, times.max_age), (60_000, 180_000, 43_200_000));
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
        assert_eq!(settings(&[("CONFERENCE_RENEW", "7")]).unwrap().times.lease, 21_000);
        assert_eq!(settings(&[("CONFERENCE_LEASE", "7")]).unwrap().times.lease, 7_000);
    }

    #[test]
    fn where_nobody_renews_the_lease_is_as_long_as_a_caller_may_be_in() {
        let of_2002 =
            |more: &[(&str, &str)]| settings(&[&[("CONFERENCE_DIALECT", "2002")], more].concat()).unwrap();
        let usual = of_2002(&[("CONFERENCE_RENEW", "7"), ("CONFERENCE_MAX_AGE", "7200")]);
        assert_eq!((usual.times.lease, usual.times.renewals), (7_200_000, false));
        assert!(usual.contradictions().is_empty());
        let brief = of_2002(&[("CONFERENCE_LEASE", "600")]);
        assert_eq!(brief.times.lease, 600_000);
        assert!(brief.contradictions().concat().contains("nobody renews"));
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        for (variable, value) in [
            ("CONFERENCE_LINE", "sales_1"),
            ("CONFERENCE_LINE", "a/b"),
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
            let bad = settings(&[(variable, value)]).unwrap_err().to_string();
            assert!(bad.starts_with(&format!("{variable}={value:?} cannot be used: it must be ")), "{bad}");
        }
    }

    #[test]
    fn a_store_that_cannot_be_used_is_named_without_its_password() {
        assert!(settings(&[("CONFERENCE_STORE", "redis://:secret@host:7000/3")]).unwrap().store.is_some());
        for value in ["redis://:secret@", "secret", "http://:secret@host"] {
            let bad = settings(&[("CONFERENCE_STORE", value)]).unwrap_err().to_string();
            assert!(bad.starts_with("CONFERENCE_STORE=") && !bad.contains("secret"), "{bad}");
        }
    }

    #[test]
    fn a_variable_set_to_nothing_is_not_set() {
        assert_eq!(settings(&[("CONFERENCE_RENEW", "")]).unwrap().times.renew, 60_000);
    }
}
