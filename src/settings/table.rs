//! The settings as the operator sees them: what the help, the command line and the README's table are made of.

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
    setting(
        "CONFERENCE_STORE",
        "store",
        "none",
        "redis://host:port/db that keeps the tokens in place of the directory",
    ),
];

const fn setting(
    variable: &'static str,
    flag: &'static str,
    default: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting { variable, flag, default, meaning }
}
