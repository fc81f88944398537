//! The VoiceXML dialogs.

use super::prompt::{Kind, Prompt, Utterance, recording, refusal, utterance};
use super::{Line, rendered};
use crate::document::language::Language;
use crate::number::PIN_DIGITS;
use crate::response::{MediaType, Response};
use askama::Template;
use std::ops::RangeInclusive;

/// An utterance with the URL of its recording, if the line has recordings.
struct Spoken {
    audio: Option<String>,
    text: String,
}

#[derive(Template)]
#[template(path = "announcement.vxml")]
struct Announcement<'a> {
    lang: &'a str,
    words: Vec<Spoken>,
}

/// A question that is answered with digits.
struct Question {
    /// Why it is asked again.
    refusal: Vec<Spoken>,
    words: Vec<Spoken>,
    /// Said when nothing was keyed in.
    silence: Vec<Spoken>,
    /// Said when what was keyed in can't be an answer.
    nonsense: Vec<Spoken>,
    most_tries: u8,
    shortest: usize,
    longest: usize,
    /// No digits at all are an answer too.
    optional: bool,
}

#[derive(Template)]
#[template(path = "get_conference_code.vxml")]
struct GetConferenceCode<'a> {
    lang: &'a str,
    question: Question,
}

#[derive(Template)]
#[template(path = "get_pin.vxml")]
struct GetPin<'a> {
    lang: &'a str,
    question: Question,
}

/// The dialog of a prompt.
pub fn dialog(line: &Line, prompt: &Prompt) -> anyhow::Result<Response> {
    let language = prompt.lang.as_ref().unwrap_or(&line.lang);
    let texts = language.texts;
    let lang = language.tag.as_str();
    let spoken = |utterances| spoken(line, language, utterances);
    let question =
        |reason, most_tries, nonsense: Utterance, digits: &RangeInclusive<usize>, optional| Question {
            refusal: spoken(refusal(reason, texts)),
            words: spoken(prompt.kind.words(texts)),
            silence: spoken(vec![utterance("silence", texts.silence)]),
            nonsense: spoken(vec![nonsense]),
            most_tries,
            shortest: *digits.start(),
            longest: *digits.end(),
            optional,
        };
    match prompt.kind {
        Kind::GetConferenceCode(reason, tries) => {
            let nonsense = utterance("not_a_number", texts.not_a_number);
            let question = question(reason, tries, nonsense, &line.digits, false);
            rendered(&GetConferenceCode { lang, question }, MediaType::VoiceXml)
        }
        Kind::GetPin { reason, tries, optional } => {
            let nonsense = utterance("wrong_pin", texts.wrong_pin);
            let question = question(reason, tries, nonsense, &PIN_DIGITS, optional);
            rendered(&GetPin { lang, question }, MediaType::VoiceXml)
        }
        _ => {
            let words = spoken(prompt.kind.words(texts));
            rendered(&Announcement { lang, words }, MediaType::VoiceXml)
        }
    }
}

fn spoken(line: &Line, language: &Language, utterances: Vec<Utterance>) -> Vec<Spoken> {
    let foreign = (*language != line.lang).then_some(language);
    let audio = |name: &str| line.audio_url.as_deref().map(|base| recording(base, foreign, name));
    utterances.into_iter().map(|piece| Spoken { audio: audio(&piece.name), text: piece.text }).collect()
}
