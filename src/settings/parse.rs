//! How single values are understood. Every error says what the value must be.

use crate::document::escape::escapes_are_whole;
use crate::document::language::Language;
use crate::number::ConferenceNumber;
use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// A text that `understand` takes.
pub(super) fn word<T>(
    value: &OsStr,
    understand: impl FnOnce(&str) -> Option<T>,
    wanted: impl Into<String>,
) -> Result<T, String> {
    value.to_str().and_then(understand).ok_or_else(|| wanted.into())
}

/// The name of a line, which becomes part of the names of conferences and keys.
pub(super) fn line_name(value: &OsStr) -> Result<String, String> {
    const MOST: usize = 32;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let name = |text: &str| ((1..=MOST).contains(&text.len()) && plain(text)).then(|| text.to_owned());
    word(value, name, format!("up to {MOST} letters, digits and hyphens"))
}

/// A path, whatever it leads to.
pub(super) fn path(value: &OsStr) -> Result<PathBuf, String> {
    Ok(value.into())
}

/// A number of seconds.
pub(super) fn seconds(value: &OsStr, least: u64) -> Result<u64, String> {
    // A year: longer than anything meant, and far from where sums of milliseconds could overflow.
    const MOST: u64 = 366 * 24 * 3600;
    let within = |text: &str| whole(text).filter(|seconds| (least..=MOST).contains(seconds));
    word(value, within, format!("a number of seconds from {least} to {MOST}"))
}

/// A number of minutes.
pub(super) fn minutes(value: &OsStr) -> Result<u64, String> {
    // Some three weeks: longer than any conference.
    const MOST: u64 = 30_000;
    let within = |text: &str| whole(text).filter(|minutes| (1..=MOST).contains(minutes));
    word(value, within, format!("a number of minutes from 1 to {MOST}"))
}

/// How many digits a number has.
pub(super) fn digits(value: &OsStr) -> Result<RangeInclusive<usize>, String> {
    const MOST: usize = ConferenceNumber::MOST_DIGITS;
    let range = |text: &str| {
        let (fewest, most) = text.split_once('-').unwrap_or((text, text));
        let (fewest, most) = (whole(fewest)? as usize, whole(most)? as usize);
        (1 <= fewest && fewest <= most && most <= MOST).then_some(fewest..=most)
    };
    word(value, range, format!("the fewest and the most digits, such as 4-10, from 1 to {MOST}"))
}

/// A language that there are prompts in.
pub(super) fn language(value: &OsStr) -> Result<Language, String> {
    let wanted = || format!("a language tag such as en-US; there are prompts in {}", Language::known());
    value.to_str().and_then(Language::from_tag).ok_or_else(wanted)
}

/// A URL that fields or names can be appended to.
pub(super) fn url(value: &OsStr) -> Result<String, String> {
    let wanted = "an http or https URL or a path, percent-encoded, without query or fragment";
    word(value, |text| is_url(text).then(|| text.to_owned()), wanted)
}

fn whole(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn is_url(text: &str) -> bool {
    let authority_and_path = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let (authority, path) = match authority_and_path {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", text),
    };
    let placed = match authority_and_path {
        Some(_) => !authority.is_empty(),
        None => text.starts_with('/') && !text.starts_with("//"),
    };
    // RFC 3986: unreserved characters, sub-delims, escapes; in a path also `:`, `@` and `/`, in an authority brackets.
    let allowed = |more: &'static [u8]| {
        move |byte: u8| {
            byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%:@".contains(&byte) || more.contains(&byte)
        }
    };
    placed
        && escapes_are_whole(text.as_bytes())
        && authority.bytes().all(allowed(b"[]"))
        && path.bytes().all(allowed(b"/"))
}
