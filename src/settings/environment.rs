//! The environment: the only place that reads it.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

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
        self.set(name).filter(|value| !value.is_empty())
    }

    /// The value of a variable, also when it is set to nothing.
    pub fn set(&self, name: &str) -> Option<&OsStr> {
        let (_, value) = self.0.iter().rev().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// The names of the variables that begin with a prefix.
    pub fn names<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a OsStr> {
        let names = self.0.iter().map(|(name, _)| name.as_os_str());
        names.filter(move |name| name.as_bytes().starts_with(prefix.as_bytes()))
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
