//! Where settings come from: a flag wins over a variable, a variable over the settings file (contract section 5).

use super::environment::Environment;
use super::table::{ALL, DefaultValue, Setting, SettingKind};
use super::{BadSetting, table};
use crate::{disk, toml_file};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The settings file where none is named.
pub const DEFAULT_FILE: &str = "/etc/ccxml-conference.toml";

/// Names the settings file; set to nothing there is none.
pub const CONFIG: &str = "CONFERENCE_CONFIG";

/// The flags of settings that were given on the command line.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The settings file.
    pub config: Option<OsString>,
    /// Values by the variables of their settings.
    pub values: Vec<(&'static str, OsString)>,
}

/// All that settings are read from.
#[derive(Debug)]
pub struct Sources<'a> {
    flags: Flags,
    environment: &'a Environment,
    file: Option<SettingsFile>,
}

#[derive(Debug)]
struct SettingsFile {
    path: PathBuf,
    values: toml::Table,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// The command line.
    Flag,
    /// The environment.
    Variable,
    /// The settings file.
    File(&'a Path),
    /// Nobody has set it.
    Default,
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Variable => f.write_str("environment"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

impl<'a> Sources<'a> {
    /// An environment alone, whatever file it names.
    pub fn without_file(environment: &'a Environment) -> Result<Self, BadSetting> {
        let unknown = environment.names("CONFERENCE_").find(|name| !is_variable(name));
        match unknown {
            Some(name) => Err(BadSetting::UnknownVariable(name.to_string_lossy().into_owned())),
            None => Ok(Self { flags: Flags::default(), environment, file: None }),
        }
    }

    /// Flags, an environment, and the settings file that these name.
    pub fn read(flags: Flags, environment: &'a Environment) -> Result<Self, BadSetting> {
        let sources = Self::without_file(environment)?;
        let named = flags.config.as_deref().or_else(|| environment.set(CONFIG));
        let file = match named {
            Some(path) if path.is_empty() => None,
            Some(path) => Some(SettingsFile::read(Path::new(path))?),
            None => SettingsFile::read_if_there(Path::new(DEFAULT_FILE))?,
        };
        Ok(Self { flags, file, ..sources })
    }

    /// The settings file that was read.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_ref().map(|file| file.path.as_path())
    }

    /// What is wrong with a settings file that has a password in it, or the secret, and that everybody can read.
    pub fn public_secret(&self) -> Option<String> {
        let file = self.file.as_ref()?;
        let holds = |setting: &&&Setting| {
            setting.kind == SettingKind::Secret && file.values.contains_key(&setting.key())
        };
        let setting = ALL.iter().find(holds)?;
        disk::public(&file.path, &format!("{} in {}", setting.key(), file.path.display()))
    }

    /// The text of a setting and where it comes from; none where it is not set and its default is no text.
    pub(super) fn find(&self, setting: &Setting) -> Result<Option<(Cow<'_, OsStr>, Origin<'_>)>, BadSetting> {
        let flag = self.flags.values.iter().find(|(variable, _)| *variable == setting.variable);
        if let Some((_, value)) = flag.filter(|(_, value)| !value.is_empty()) {
            return Ok(Some((value.as_os_str().into(), Origin::Flag)));
        }
        // A flag that is set to nothing hides what else there is.
        if flag.is_none() {
            if let Some(value) = self.environment.get(setting.variable) {
                return Ok(Some((value.into(), Origin::Variable)));
            }
            if let Some(file) = &self.file
                && let Some(value) = file.value(setting)?
            {
                return Ok(Some((value.into(), Origin::File(&file.path))));
            }
        }
        Ok(match setting.default {
            DefaultValue::Value(value) => Some((OsStr::new(value).into(), Origin::Default)),
            DefaultValue::Words(_) => None,
        })
    }

    pub(super) fn environment(&self) -> &'a Environment {
        self.environment
    }
}

impl SettingsFile {
    fn read_if_there(path: &Path) -> Result<Option<Self>, BadSetting> {
        match toml_file::read(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            read => Self::understood(path, read).map(Some),
        }
    }

    fn read(path: &Path) -> Result<Self, BadSetting> {
        Self::understood(path, toml_file::read(path))
    }

    fn understood(path: &Path, read: std::io::Result<String>) -> Result<Self, BadSetting> {
        let bad = |problem: String| BadSetting::File { path: path.to_owned(), problem };
        let text = read.map_err(|error| bad(format!("cannot be read: {error}")))?;
        let values: toml::Table = toml_file::parse(&text).map_err(bad)?;
        match values.keys().find(|key| !ALL.iter().any(|setting| setting.has_key(key))) {
            Some(key) => Err(BadSetting::UnknownKey { path: path.to_owned(), key: key.clone() }),
            None => Ok(Self { path: path.to_owned(), values }),
        }
    }

    /// The text that a variable would have for what the file says; relative paths count from the file.
    fn value(&self, setting: &Setting) -> Result<Option<OsString>, BadSetting> {
        let Some((key, value)) = self.values.iter().find(|(key, _)| setting.has_key(key)) else {
            return Ok(None);
        };
        let text = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            // As it is written: 1.0 is the name of a dialect.
            toml::Value::Float(number) => format!("{number:?}"),
            toml::Value::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            _ => {
                let problem = format!("{key} must be a text or a number");
                return Err(BadSetting::File { path: self.path.clone(), problem });
            }
        };
        Ok(match setting.kind {
            _ if text.is_empty() => None,
            SettingKind::Path => {
                Some(self.path.parent().unwrap_or(Path::new("")).join(text).into_os_string())
            }
            SettingKind::Plain | SettingKind::Secret => Some(text.into()),
        })
    }
}

/// Whether a variable is one that the program knows.
fn is_variable(name: &OsStr) -> bool {
    table::OTHER_VARIABLES.iter().any(|known| name == *known)
        || ALL.iter().any(|known| name == known.variable)
}
