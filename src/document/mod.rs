//! The documents, rendered from the templates. What a document says was decided before; here it gets its
//! words and its markup.

pub mod escape;
pub mod in_conference;
pub mod language;
pub mod prompt;

mod ccxml;
mod ccxml_2002;
mod utterance;
mod vxml;

pub use ccxml::{get_pin, goodbye, left, state};
pub use vxml::dialog;

use crate::conference::Entered;
use crate::number::{ConferenceNumber, SessionId};
use crate::response::{MediaType, Response};
use prompt::Reason;

/// The settings that documents depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSettings {
    /// The name of the line, where one platform serves several: letters, digits and `-`.
    pub line: Option<String>,
    /// Which CCXML the platform speaks.
    pub dialect: Dialect,
    /// S: the program's own URL as the platform reaches it.
    pub url: String,
    /// The language of the prompts.
    pub lang: language::Language,
    /// The base URL of recorded prompts.
    pub audio_url: Option<String>,
    /// The shortest and the longest number.
    pub digits: std::ops::RangeInclusive<usize>,
    /// Whether tones tell of callers' coming and going.
    pub tones: bool,
    /// Whether keys do something in the call.
    pub keys: Keys,
    /// A recording for whoever waits or is alone.
    pub music_url: Option<String>,
    /// Whether the program sends events to sessions.
    pub control: bool,
    /// Whether sessions wake one another up.
    pub wakes: bool,
}

/// Whether keys do something in the call (contract section 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// They do.
    Yes,
    /// They do nothing, and documents say nothing of them.
    No,
    /// They do, and callers hear so on entry.
    Announce,
}

impl Keys {
    /// The setting of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "yes" => Some(Self::Yes),
            "no" => Some(Self::No),
            "announce" => Some(Self::Announce),
            _ => None,
        }
    }
}

impl DocumentSettings {
    /// What the platform knows the conference of a number by.
    pub fn conference(&self, number: &ConferenceNumber) -> String {
        match &self.line {
            Some(line) => format!("conference_{line}_{number}"),
            None => format!("conference_{number}"),
        }
    }
}

/// A dialect of CCXML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The Recommendation of 2011.
    V1_0,
    /// The draft that the program began with in December 2002.
    V2002,
}

/// What has to travel from document to document in the dialect of 2002. Those of 1.0 find it in the session itself.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The platform's id of the call, which stands in for the session's.
    pub id: Option<&'a SessionId>,
    /// How many tries are left to key in the right thing.
    pub tries_left: u8,
}

impl Dialect {
    /// The dialect of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "1.0" => Some(Self::V1_0),
            "2002" => Some(Self::V2002),
            _ => None,
        }
    }

    /// Whether sessions can send forms: renew their places, and so hear the state of their conference, leave, and
    /// key PINs.
    pub fn sends_forms(self) -> bool {
        self == Self::V1_0
    }
}

/// The document that answers a call and asks for the number; with a reason when it is asked for again.
pub fn get_conference(
    settings: &DocumentSettings,
    call: Call<'_>,
    reason: Option<Reason>,
) -> anyhow::Result<Response> {
    match settings.dialect {
        Dialect::V1_0 => match reason {
            Some(reason) if call.tries_left == 0 => ccxml::goodbye(settings, reason),
            _ => ccxml::get_conference(settings, reason),
        },
        Dialect::V2002 => ccxml_2002::get_conference(settings, call, reason, None),
    }
}

/// The document that answers a call to a conference itself. Without a number nobody is let in.
pub fn direct(
    settings: &DocumentSettings,
    call: Call<'_>,
    number: Option<&ConferenceNumber>,
) -> anyhow::Result<Response> {
    match settings.dialect {
        Dialect::V1_0 => ccxml::direct(settings, number),
        Dialect::V2002 => {
            let number = number.map(ConferenceNumber::as_str).unwrap_or_default();
            ccxml_2002::get_conference(settings, call, None, Some(number))
        }
    }
}

/// The document of a caller who got in: createConference for the first one, else joinConference. Sessions that send forms
/// get a ticket.
pub fn conference(
    settings: &DocumentSettings,
    call: Call<'_>,
    number: &ConferenceNumber,
    entered: &Entered,
    ticket: &str,
) -> anyhow::Result<Response> {
    match settings.dialect {
        Dialect::V1_0 => ccxml::conference(settings, number, entered, ticket),
        Dialect::V2002 => ccxml_2002::conference(settings, call, number, entered),
    }
}

/// Renders a template as a document of the given type.
fn rendered<T: askama::Template>(template: &T, media_type: MediaType) -> anyhow::Result<Response> {
    // Room for the values and for the headers as well, so that the document need not move.
    let mut body = String::with_capacity(T::SIZE_HINT + 2048);
    template.render_into(&mut body)?;
    // Standard output is written by whole lines: without the end of the last one, which askama takes off a template, a
    // response would go out in two pieces.
    body.push('\n');
    Ok(Response::document(media_type, body))
}

/// Filters of the templates, one for each place that XML escaping alone does not protect.
pub(crate) mod filters {
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
