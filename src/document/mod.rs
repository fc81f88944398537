//! The documents, rendered from the templates. What a document says was decided before; here it gets its
//! words and its markup.

pub mod escape;
pub mod prompt;

mod ccxml;
mod vxml;

pub use ccxml::{conference, dismissal, get_conference, get_pin, left, standing};
pub use vxml::dialog;

use crate::response::{MediaType, Response};

/// What all documents of a line have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// S: the program's own URL as the platform reaches it.
    pub url: String,
    /// The language of the prompts.
    pub lang: crate::language::Language,
    /// The base URL of recorded prompts.
    pub audio_url: Option<String>,
    /// The shortest and the longest number.
    pub digits: std::ops::RangeInclusive<usize>,
    /// Whether tones tell of callers' coming and going.
    pub tones: bool,
}

/// Renders a template as a document of the given type.
fn rendered(template: &impl askama::Template, media_type: MediaType) -> anyhow::Result<Response> {
    let text = template.render()?;
    // Templates that are put together from parts leave blank lines and an indentation that means nothing; no
    // text of a document spans several lines.
    let mut body = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        body.push_str(line);
        body.push('\n');
    }
    Ok(Response::document(media_type, body))
}

/// Filters of the templates, one for each place that XML escaping alone does not protect.
mod filters {
    use super::escape;
    use std::fmt::Display;

    /// The inside of an ECMAScript string.
    #[askama::filter_fn]
    pub fn ecmascript(value: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(escape::ecmascript(&value.to_string()))
    }

    /// A component of a URL.
    #[askama::filter_fn]
    pub fn url(value: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(escape::url_component(&value.to_string()))
    }
}
