//! How single settings are understood.

use super::BadSetting;
use super::environment::Environment;
use crate::document::escape::{escapes_are_whole, url_path};
use crate::document::language::Language;
use crate::number::ConferenceNumber;
#[cfg(feature = "redis")]
use crate::store::RedisUrl;
use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::os::unix::ffi::OsStrExt;

/// The environment, read as settings.
pub(super) struct Lookup<'a>(pub(super) &'a Environment);

impl<'a> Lookup<'a> {
    pub(super) fn get(&self, variable: &str) -> Option<&'a OsStr> {
        self.0.get(variable)
    }

    /// The value as `understand` reads it; its error says what the value should be, which `wanted` puts into words.
    pub(super) fn read<T, W: Into<String>>(
        &self,
        variable: &'static str,
        wanted: impl FnOnce() -> W,
        understand: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, BadSetting> {
        let Some(value) = self.get(variable) else { return Ok(None) };
        let understood = value.to_str().and_then(understand);
        understood.map(Some).ok_or_else(|| BadSetting {
            variable,
            value: value.to_string_lossy().into_owned(),
            wanted: wanted().into(),
        })
    }

    pub(super) fn seconds(
        &self,
        variable: &'static str,
        least: u64,
        default: u64,
    ) -> Result<u64, BadSetting> {
        // A year: longer than anything meant, and far from where sums of milliseconds could overflow.
        const MOST: u64 = 366 * 24 * 3600;
        let wanted = || format!("a number of seconds from {least} to {MOST}");
        let seconds = self
            .read(variable, wanted, |text| whole(text).filter(|seconds| (least..=MOST).contains(seconds)))?;
        Ok(seconds.unwrap_or(default))
    }

    pub(super) fn digits(&self) -> Result<RangeInclusive<usize>, BadSetting> {
        let wanted = || {
            let most = ConferenceNumber::MOST_DIGITS;
            format!("the fewest and the most digits, such as 4-10, from 1 to {most}")
        };
        let digits = self.read("CONFERENCE_DIGITS", wanted, |text| {
            let (fewest, most) = text.split_once('-').unwrap_or((text, text));
            let (fewest, most) = (whole(fewest)? as usize, whole(most)? as usize);
            (1 <= fewest && fewest <= most && most <= ConferenceNumber::MOST_DIGITS).then_some(fewest..=most)
        })?;
        Ok(digits.unwrap_or(4..=10))
    }

    pub(super) fn language(&self) -> Result<Language, BadSetting> {
        let wanted = || format!("a language tag such as en-US; there are prompts in {}", Language::known());
        let language = self.read("CONFERENCE_LANG", wanted, Language::from_tag)?;
        match language.or_else(|| Language::from_tag("en-US")) {
            Some(language) => Ok(language),
            None => Err(BadSetting { variable: "CONFERENCE_LANG", value: String::new(), wanted: wanted() }),
        }
    }

    pub(super) fn url(&self, variable: &'static str) -> Result<Option<String>, BadSetting> {
        let wanted = || "an http or https URL or a path, percent-encoded, without query or fragment";
        self.read(variable, wanted, |text| is_url(text).then(|| text.to_owned()))
    }

    #[cfg(feature = "redis")]
    pub(super) fn store(&self) -> Result<Option<RedisUrl>, BadSetting> {
        let Some(value) = self.get("CONFERENCE_STORE") else { return Ok(None) };
        RedisUrl::parse(&value.to_string_lossy()).map(Some).map_err(bad_store)
    }

    #[cfg(not(feature = "redis"))]
    pub(super) fn no_store(&self) -> Result<(), BadSetting> {
        let without = "nothing: this program was built without Redis; build it with `--features redis`";
        self.get("CONFERENCE_STORE").map_or(Ok(()), |_| Err(bad_store(without.to_owned())))
    }

    pub(super) fn line_url(&self) -> Result<String, BadSetting> {
        let from_server = || match self.get("SCRIPT_NAME") {
            // Two slashes at the beginning would make the name of a host of what follows.
            Some(path) => format!("/{}", url_path(path.as_bytes()).trim_start_matches('/')),
            None => "/".to_owned(),
        };
        Ok(self.url("CONFERENCE_URL")?.unwrap_or_else(from_server))
    }
}

/// The value is left out: there may be a password anywhere in one that can't be understood.
fn bad_store(wanted: String) -> BadSetting {
    BadSetting { variable: "CONFERENCE_STORE", value: "...".to_owned(), wanted }
}

fn whole(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn is_url(text: &str) -> bool {
    let authority_and_path = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let placed = match authority_and_path {
        Some(rest) => !rest.is_empty() && !rest.starts_with('/'),
        None => text.starts_with('/') && !text.starts_with("//"),
    };
    placed
        && escapes_are_whole(text.as_bytes())
        && text.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>\\^`{|}?#".contains(&b))
}
