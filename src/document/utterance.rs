//! Pieces of prompts, and their recordings.

use super::escape::url_component;
use super::language::Language;

/// A piece of a prompt: a recording where there is one, a text in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// The name of the recording.
    pub name: String,
    /// The text.
    pub text: String,
}

/// An utterance of a recording's name and a text.
pub(super) fn utterance(name: &str, text: &str) -> Utterance {
    Utterance { name: name.to_owned(), text: text.to_owned() }
}

/// The URL of an utterance's recording: `<base>/<name>.wav`, and in a language other than the line's own
/// `<base>/<tag>/<name>.wav`.
pub fn recording(base: &str, foreign: Option<&Language>, name: &str) -> String {
    let base = base.trim_end_matches('/');
    match foreign {
        Some(language) => format!("{base}/{}/{name}.wav", url_component(&language.tag)),
        None => format!("{base}/{name}.wav"),
    }
}
