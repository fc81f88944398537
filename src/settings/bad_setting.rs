//! What is wrong with a setting, and what would be right.

use super::table::{ALL, OTHER_VARIABLES};
use std::fmt;
use std::path::PathBuf;

/// A setting that can't be understood; says what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadSetting {
    /// A value that a setting can't have.
    Value {
        /// The environment variable of the setting.
        variable: &'static str,
        /// Where it is set, unless that is this variable.
        place: Option<String>,
        /// What it was set to; left out where a password may be in it.
        value: String,
        /// What it must be.
        wanted: String,
    },
    /// A variable that looks like a setting and is none.
    UnknownVariable(String),
    /// A key of the settings file that is no setting.
    UnknownKey {
        /// The settings file.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// A settings file that can't be used.
    File {
        /// The settings file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

impl fmt::Display for BadSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { variable, place, value, wanted } => {
                write!(f, "{variable}={value:?}")?;
                if let Some(place) = place {
                    write!(f, " ({place})")?;
                }
                write!(f, " cannot be used: it must be {wanted}")
            }
            Self::UnknownVariable(name) => {
                let settings = ALL.iter().map(|setting| setting.variable);
                let nearest =
                    nearest(name, settings.chain(OTHER_VARIABLES.iter().copied()).map(str::to_owned));
                write!(f, "{name} is no setting; the nearest one is {nearest}")
            }
            Self::UnknownKey { path, key } => {
                let nearest = nearest(key, ALL.iter().map(|setting| setting.key()));
                write!(f, "{}: {key} is no setting; the nearest one is {nearest}", path.display())
            }
            Self::File { path, problem } => {
                let path = path.display();
                write!(f, "the settings file {path}: {problem}; mend it, or set CONFERENCE_CONFIG")
            }
        }
    }
}

impl std::error::Error for BadSetting {}

/// The name that was most likely meant.
fn nearest(name: &str, known: impl Iterator<Item = String>) -> String {
    // What all have in common tells none from another.
    let own = |name: &str| name.to_lowercase().trim_start_matches("conference_").to_owned();
    let likeness = |to: &String| strsim::jaro_winkler(&own(name), &own(to));
    known.max_by(|one, other| likeness(one).total_cmp(&likeness(other))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_variable_is_told_with_the_nearest_one_that_there_is() {
        for (name, nearest) in [
            ("CONFERENCE_ROOM", "CONFERENCE_ROOMS"),
            ("CONFERENCE_lang", "CONFERENCE_LANG"),
            ("CONFERENCE_CONFIGURATION", "CONFERENCE_CONFIG"),
            ("CONFERENCE_FACES", "CONFERENCE_FACE"),
            ("CONFERENCE_DESKS", "CONFERENCE_DESK"),
        ] {
            let told = BadSetting::UnknownVariable(name.to_owned()).to_string();
            assert!(told.ends_with(&format!("; the nearest one is {nearest}")), "{told}");
        }
    }
}
