//! The settings there are: name, default, meaning and parser of each stand here, and nowhere else.

use super::parse;
use crate::control::ControlUrl;
use crate::document::language::Language;
use crate::document::{Dialect, Keys};
use crate::identity::CallerId;
use crate::secret::Secret;
use crate::store::RedisUrl;
use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// A setting as the operator sees it: what the help and the table of the documentation are made of.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The environment variable.
    pub variable: &'static str,
    /// The flag of the command line, without its dashes.
    pub flag: &'static str,
    /// The default.
    pub default: DefaultValue,
    /// What it means, in a line.
    pub meaning: &'static str,
    /// What becomes of its values besides.
    pub kind: SettingKind,
    /// The values that are words, for shells to offer.
    pub words: fn() -> Vec<String>,
}

/// What becomes of a setting's values, besides being understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// Nothing.
    Plain,
    /// A relative one counts from the settings file that it stands in.
    Path,
    /// There may be a password in it, so that it is never shown.
    Secret,
}

impl Setting {
    /// A value of it, for the operator.
    pub(super) fn shown(&self, value: &OsStr) -> String {
        let hidden = self.kind == SettingKind::Secret;
        if hidden { "...".to_owned() } else { value.to_string_lossy().into_owned() }
    }

    /// What the settings file calls it.
    pub(super) fn key(&self) -> String {
        self.flag.replace('-', "_")
    }

    /// Whether the settings file calls it so: like its flag, with `_`.
    pub(super) fn has_key(&self, key: &str) -> bool {
        let same = |(in_key, in_flag): (u8, u8)| in_key == if in_flag == b'-' { b'_' } else { in_flag };
        key.len() == self.flag.len() && key.bytes().zip(self.flag.bytes()).all(same)
    }
}

/// Variables that begin like those of settings and are none (contract sections 5 and 11).
pub(super) const OTHER_VARIABLES: &[&str] = &["CONFERENCE_CONFIG", "CONFERENCE_DESK", "CONFERENCE_FACE"];

/// What holds where a setting is not set.
#[derive(Clone, Copy, Debug)]
pub enum DefaultValue {
    /// This value.
    Value(&'static str),
    /// No value, or one that follows from something else, in words.
    Words(&'static str),
}

impl std::fmt::Display for DefaultValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(text) | Self::Words(text) => f.write_str(text),
        }
    }
}

/// A setting whose value is a `T`.
pub(super) struct Typed<T: 'static> {
    pub(super) setting: Setting,
    /// Understands a value; the error says what it must be.
    pub(super) parse: fn(&OsStr) -> Result<T, String>,
}

const fn typed<T>(
    [variable, flag]: [&'static str; 2],
    default: DefaultValue,
    meaning: &'static str,
    parse: fn(&OsStr) -> Result<T, String>,
) -> Typed<T> {
    Typed {
        setting: Setting { variable, flag, default, meaning, kind: SettingKind::Plain, words: Vec::new },
        parse,
    }
}

impl<T> Typed<T> {
    const fn with_words(self, words: fn() -> Vec<String>) -> Self {
        Self { setting: Setting { words, ..self.setting }, ..self }
    }

    const fn of_kind(self, kind: SettingKind) -> Self {
        Self { setting: Setting { kind, ..self.setting }, ..self }
    }
}

/// Every setting, in the order of the help.
pub static ALL: &[&Setting] = &[
    &LINE.setting,
    &DIR.setting,
    &URL.setting,
    &DIALECT.setting,
    &LANG.setting,
    &AUDIO_URL.setting,
    &MUSIC_URL.setting,
    &DIGITS.setting,
    &RENEW.setting,
    &LEASE.setting,
    &MAX_AGE.setting,
    &MAX_MINUTES.setting,
    &ALONE_MINUTES.setting,
    &KEYS.setting,
    &CALLER_ID.setting,
    &CONTROL.setting,
    &LOG.setting,
    &ROOMS.setting,
    &LOCK_TIMEOUT.setting,
    &STORE.setting,
    &SECRET.setting,
];

const NONE: DefaultValue = DefaultValue::Words("none");

pub(super) static LINE: Typed<String> = typed(
    ["CONFERENCE_LINE", "line"],
    NONE,
    "name of the line; lines of one platform or one Redis need different ones",
    parse::line_name,
);

pub(super) static DIR: Typed<PathBuf> = typed(
    ["CONFERENCE_DIR", "dir"],
    DefaultValue::Value("conferences"),
    "directory of the tokens",
    parse::path,
)
.of_kind(SettingKind::Path);

pub(super) static URL: Typed<String> = typed(
    ["CONFERENCE_URL", "url"],
    DefaultValue::Words("SCRIPT_NAME"),
    "this program's URL as the voice platform reaches it",
    parse::url,
);

pub(super) static DIALECT: Typed<Dialect> = typed(
    ["CONFERENCE_DIALECT", "dialect"],
    DefaultValue::Value("1.0"),
    "CCXML that the voice platform speaks, 1.0 or 2002",
    |value| parse::word(value, Dialect::from_name, "1.0 or 2002"),
)
.with_words(|| ["1.0", "2002"].map(String::from).into());

pub(super) static LANG: Typed<Language> = typed(
    ["CONFERENCE_LANG", "lang"],
    DefaultValue::Value("en-US"),
    "language of the prompts",
    parse::language,
)
.with_words(|| Language::known().split(", ").map(String::from).collect());

pub(super) static AUDIO_URL: Typed<String> = typed(
    ["CONFERENCE_AUDIO_URL", "audio-url"],
    NONE,
    "base URL of recorded prompts (BASE/PROMPT.wav)",
    parse::url,
);

pub(super) static MUSIC_URL: Typed<String> = typed(
    ["CONFERENCE_MUSIC_URL", "music-url"],
    NONE,
    "URL of a recording that plays to who waits or is alone",
    parse::url,
);

pub(super) static DIGITS: Typed<RangeInclusive<usize>> = typed(
    ["CONFERENCE_DIGITS", "digits"],
    DefaultValue::Value("4-10"),
    "shortest and longest number",
    parse::digits,
);

pub(super) static RENEW: Typed<u64> =
    typed(["CONFERENCE_RENEW", "renew"], DefaultValue::Value("60"), "seconds between renewals", |value| {
        parse::seconds(value, 1)
    });

pub(super) static LEASE: Typed<u64> = typed(
    ["CONFERENCE_LEASE", "lease"],
    DefaultValue::Words("3 x CONFERENCE_RENEW"),
    "seconds that a caller who does not renew is kept",
    |value| parse::seconds(value, 1),
);

pub(super) static MAX_AGE: Typed<u64> = typed(
    ["CONFERENCE_MAX_AGE", "max-age"],
    DefaultValue::Value("43200"),
    "seconds that a caller without a session, or a token made by hand, is kept",
    |value| parse::seconds(value, 1),
);

pub(super) static MAX_MINUTES: Typed<u64> = typed(
    ["CONFERENCE_MAX_MINUTES", "max-minutes"],
    NONE,
    "minutes after which a conference ends; a room's max_minutes wins",
    parse::minutes,
);

pub(super) static ALONE_MINUTES: Typed<u64> = typed(
    ["CONFERENCE_ALONE_MINUTES", "alone-minutes"],
    NONE,
    "minutes after which the conference of somebody who stayed behind alone ends",
    parse::minutes,
);

pub(super) static KEYS: Typed<Keys> = typed(
    ["CONFERENCE_KEYS", "keys"],
    DefaultValue::Value("yes"),
    "keys in the call: yes, no, or announce for a hint on entry as well",
    |value| parse::word(value, Keys::from_name, "yes, no or announce"),
)
.with_words(|| ["yes", "no", "announce"].map(String::from).into());

pub(super) static CALLER_ID: Typed<CallerId> = typed(
    ["CONFERENCE_CALLER_ID", "caller-id"],
    DefaultValue::Value("full"),
    "how much of a caller's telephone number is kept: full, last4 or none",
    |value| parse::word(value, CallerId::from_name, "full, last4 or none"),
)
.with_words(|| ["full", "last4", "none"].map(String::from).into());

pub(super) static CONTROL: Typed<ControlUrl> = typed(
    ["CONFERENCE_CONTROL", "control"],
    NONE,
    "URL below which the platform's sessions take events; without it no URL is ever called",
    |value| parse::word(value, ControlUrl::parse, "an http or https URL without user, query or fragment"),
);

pub(super) static LOG: Typed<PathBuf> =
    typed(["CONFERENCE_LOG", "log"], NONE, "file of the call log", parse::path).of_kind(SettingKind::Path);

pub(super) static ROOMS: Typed<PathBuf> = typed(
    ["CONFERENCE_ROOMS", "rooms"],
    NONE,
    "directory of rooms (NUMBER.toml); without it any number makes a conference",
    parse::path,
)
.of_kind(SettingKind::Path);

pub(super) static LOCK_TIMEOUT: Typed<u64> = typed(
    ["CONFERENCE_LOCK_TIMEOUT", "lock-timeout"],
    DefaultValue::Value("5"),
    "seconds to wait for a token that others hold",
    |value| parse::seconds(value, 0),
);

pub(super) static STORE: Typed<RedisUrl> = typed(
    ["CONFERENCE_STORE", "store"],
    NONE,
    "redis://host:port/db that keeps the tokens in place of the directory",
    |value| RedisUrl::parse(&value.to_string_lossy()),
)
.of_kind(SettingKind::Secret);

pub(super) static SECRET: Typed<Secret> = typed(
    ["CONFERENCE_SECRET", "secret"],
    DefaultValue::Words("made once, kept with the tokens"),
    "what tickets are signed with, 16 characters or more",
    |value| parse::word(value, Secret::parse, "16 characters or more, all of them visible ASCII"),
)
.of_kind(SettingKind::Secret);
