//! Prompts: which there are, the URL that asks for one, and the words each consists of.

use super::escape::url_component;
use crate::language::{Language, Texts};
use crate::request::Fields;
use std::ops::RangeInclusive;

/// How often a caller may try to key in the right thing, in one call.
pub const MOST_TRIES: u8 = 3;

/// The largest count that a prompt speaks, so that no request can ask for an absurd one.
const MOST_OTHERS: usize = 99_999;

/// Why a caller is asked again, or sent away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// What was keyed in can't be a number.
    NotANumber,
    /// The conference takes no more callers.
    Full,
}

/// A prompt and everything that its text depends on, so that platforms may cache it by its URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// In which language; none for the language of the line.
    pub lang: Option<Language>,
    /// What is said.
    pub kind: Kind,
}

/// What a prompt says or asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Asks for the number, so many times, after having said why the last one would not do.
    GetConferenceCode(Option<Reason>, u8),
    /// The caller is the first.
    FirstCaller,
    /// The caller is joining so many others; 0 when it is not known how many.
    Joining(usize),
    /// Something failed on our side.
    Apology,
    /// The end of the call, after having said why.
    Goodbye(Option<Reason>),
}

/// What is wrong with a request for a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownPrompt {
    /// There is none of that name.
    Name,
    /// There are none in that language.
    Language,
    /// There is no such reason.
    Reason,
    /// A count or a number of tries that can't be.
    Number,
}

/// A piece of a prompt: a recording where there is one, a text in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// The name of the recording.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Reason {
    const ALL: &[Self] = &[Self::NotANumber, Self::Full];

    /// The reason in one word, for URLs, recordings and the call log.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::Full => "full",
        }
    }

    fn parse(word: &str) -> Result<Self, UnknownPrompt> {
        Self::ALL.iter().copied().find(|reason| reason.word() == word).ok_or(UnknownPrompt::Reason)
    }

    fn utterance(self, texts: &Texts) -> Utterance {
        utterance(
            self.word(),
            match self {
                Self::NotANumber => texts.not_a_number,
                Self::Full => texts.full,
            },
        )
    }
}

impl Prompt {
    /// The prompt of a request's fields.
    pub fn from_fields(name: &str, fields: &Fields) -> Result<Self, UnknownPrompt> {
        let reason = || fields.reason.as_deref().map(Reason::parse).transpose();
        let kind = match name {
            "get_conference_code" => {
                let tries = number(fields.tries.as_deref(), MOST_TRIES.into(), 1..=MOST_TRIES.into())?;
                Kind::GetConferenceCode(reason()?, u8::try_from(tries).unwrap_or(MOST_TRIES))
            }
            "first_caller" => Kind::FirstCaller,
            "joining" => Kind::Joining(number(fields.count.as_deref(), 0, 0..=MOST_OTHERS)?),
            "apology" => Kind::Apology,
            "goodbye" => Kind::Goodbye(reason()?),
            _ => return Err(UnknownPrompt::Name),
        };
        let lang = match &fields.lang {
            Some(tag) => Some(Language::from_tag(tag).ok_or(UnknownPrompt::Language)?),
            None => None,
        };
        Ok(Self { lang, kind })
    }
}

impl Kind {
    /// What is said; for a question, the question itself.
    pub fn words(&self, texts: &Texts) -> Vec<Utterance> {
        match self {
            Self::GetConferenceCode(..) => vec![utterance("get_conference_code", texts.ask_number)],
            Self::FirstCaller => vec![utterance("first_caller", texts.first_caller)],
            Self::Joining(0) => vec![utterance("joining", texts.joining)],
            Self::Joining(count) => {
                let others = (texts.others)(*count);
                vec![utterance("joining", texts.joining), utterance(&format!("others_{count}"), &others)]
            }
            Self::Apology => vec![utterance("apology", texts.apology)],
            Self::Goodbye(reason) => {
                let why = reason.map(|reason| reason.utterance(texts));
                why.into_iter().chain([utterance("goodbye", texts.goodbye)]).collect()
            }
        }
    }
}

/// What is said before a question that is asked again.
pub fn refusal(reason: Option<Reason>, texts: &Texts) -> Vec<Utterance> {
    reason.map(|reason| reason.utterance(texts)).into_iter().collect()
}

/// An utterance of a recording's name and a text.
pub fn utterance(name: &str, text: &str) -> Utterance {
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

fn number(
    field: Option<&str>,
    default: usize,
    bounds: RangeInclusive<usize>,
) -> Result<usize, UnknownPrompt> {
    let Some(text) = field else { return Ok(default) };
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| plain && bounds.contains(number));
    number.ok_or(UnknownPrompt::Number)
}
