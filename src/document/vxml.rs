//! The VoiceXML dialogs.

use super::language::Language;
use super::prompt::{Message, Prompt};
use super::utterance::recording;
use super::{DocumentSettings, rendered};
use crate::number::PIN_DIGITS;
use crate::response::{MediaType, Response};
use askama::Template;
use std::ops::RangeInclusive;

/// An utterance with the URL of its recording, if the line has recordings.
struct Spoken {
    audio: Option<String>,
    text: String,
}

/// Something that is said.
#[derive(Template)]
#[template(path = "announcement.vxml")]
struct Announcement<'a> {
    lang: &'a str,
    words: Vec<Spoken>,
}

/// A question that is answered with digits.
#[derive(Template)]
#[template(path = "question.vxml")]
struct Question<'a> {
    lang: &'a str,
    words: Vec<Spoken>,
    /// How many digits an answer has.
    digits: &'a RangeInclusive<usize>,
    /// All answers have as many.
    exact: bool,
    /// No digits at all are an answer too.
    optional: bool,
}

/// The dialog of a prompt.
pub fn dialog(settings: &DocumentSettings, prompt: &Prompt) -> anyhow::Result<Response> {
    let language = prompt.lang.as_ref().unwrap_or(&settings.lang);
    let lang = language.tag.as_str();
    let hint = prompt.hint.then_some(&Message::KeysHint);
    let words = [&prompt.message].into_iter().chain(hint);
    let mut words: Vec<_> = words.flat_map(|message| spoken(settings, language, message)).collect();
    if prompt.message == Message::Music {
        let audio = settings.music_url.clone();
        words.push(Spoken { audio, text: String::new() });
    }
    let question = match prompt.message {
        Message::GetConferenceCode(_) => Some((&settings.digits, false)),
        Message::GetPin { optional, .. } => Some((&PIN_DIGITS, optional)),
        _ => None,
    };
    match question {
        Some((digits, optional)) => {
            let exact = digits.start() == digits.end();
            rendered(&Question { lang, words, digits, exact, optional }, MediaType::VoiceXml)
        }
        None => rendered(&Announcement { lang, words }, MediaType::VoiceXml),
    }
}

fn spoken(settings: &DocumentSettings, language: &Language, message: &Message) -> Vec<Spoken> {
    let foreign = (*language != settings.lang).then_some(language);
    let audio = |name: &str| settings.audio_url.as_deref().map(|base| recording(base, foreign, name));
    let words = message.words(language.texts).into_iter();
    words.map(|piece| Spoken { audio: audio(&piece.name), text: piece.text }).collect()
}
