//! The environment: the only place that reads it.

use std::ffi::{OsStr, OsString};

/// The environment as it was when the program started. Names and values need not be UTF-8. Of a name that is there
/// twice the last value counts.
#[derive(Clone, Debug, Default)]
pub struct Environment(Vec<(OsString, OsString)>);

impl Environment {
    /// The environment of this process.
    #[allow(clippy::disallowed_methods)]
    pub fn of_this_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// The value of a variable; none when it is not set, or set to nothing, which web servers do where
    /// others leave a variable out.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let (_, value) = self.0.iter().rev().find(|(known, _)| known == name)?;
        Some(value.as_os_str()).filter(|value| !value.is_empty())
    }

    /// The same environment with one variable set.
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
