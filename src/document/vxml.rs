//! The VoiceXML dialogs.

use super::prompt::{Kind, Prompt, Utterance, recording, refusal, utterance};
use super::{Line, rendered};
use crate::language::Language;
use crate::response::{MediaType, Response};
use askama::Template;

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

#[derive(Template)]
#[template(path = "get_conference_code.vxml")]
struct GetConferenceCode<'a> {
    lang: &'a str,
    refusal: Vec<Spoken>,
    question: Vec<Spoken>,
    silence: Vec<Spoken>,
    nonsense: Vec<Spoken>,
    most_tries: u8,
    shortest: usize,
    longest: usize,
}

/// The dialog of a prompt.
pub fn dialog(line: &Line, prompt: &Prompt) -> anyhow::Result<Response> {
    let language = prompt.lang.as_ref().unwrap_or(&line.lang);
    let texts = language.texts;
    let lang = language.tag.as_str();
    let spoken = |utterances| spoken(line, language, utterances);
    let words = spoken(prompt.kind.words(texts));
    match prompt.kind {
        Kind::GetConferenceCode(reason, most_tries) => {
            let document = GetConferenceCode {
                lang,
                refusal: spoken(refusal(reason, texts)),
                question: words,
                silence: spoken(vec![utterance("silence", texts.silence)]),
                nonsense: spoken(vec![utterance("not_a_number", texts.not_a_number)]),
                most_tries,
                shortest: *line.digits.start(),
                longest: *line.digits.end(),
            };
            rendered(&document, MediaType::VoiceXml)
        }
        _ => rendered(&Announcement { lang, words }, MediaType::VoiceXml),
    }
}

fn spoken(line: &Line, language: &Language, utterances: Vec<Utterance>) -> Vec<Spoken> {
    let foreign = (*language != line.lang).then_some(language);
    let audio = |name: &str| line.audio_url.as_deref().map(|base| recording(base, foreign, name));
    utterances.into_iter().map(|piece| Spoken { audio: audio(&piece.name), text: piece.text }).collect()
}
