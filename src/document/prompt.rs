//! Prompts: which there are, the URL that asks for one, and the words each consists of.

use super::in_conference;
use super::language::{Language, Texts};
use super::utterance::{Utterance, utterance};
use crate::conference::{Ending, Refused, Words};

/// How often a caller may try to key in the right thing, in one call.
pub const MOST_TRIES: u8 = 3;

/// The largest count that a prompt speaks, so that no request can ask for an absurd one.
pub const MOST_OTHERS: usize = 99_999;

/// The most minutes that a prompt speaks.
pub const MOST_MINUTES: usize = 5;

/// Why a caller is asked again, or sent away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing was keyed in.
    Silence,
    /// What was keyed in can't be a number.
    NotANumber,
    /// The conference can't be entered.
    Refused(Refused),
}

/// A prompt and everything that its text depends on, so that platforms may cache it by its URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// In which language; none for the language of the line.
    pub lang: Option<Language>,
    /// What is said or asked.
    pub message: Message,
    /// Whether it ends with how to hear what the keys do.
    pub hint: bool,
}

/// What a prompt says or asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Asks for the number, after having said why the last one would not do.
    GetConferenceCode(Option<Reason>),
    /// Asks for the PIN in the same way.
    GetPin {
        /// Why the last one would not do.
        reason: Option<Reason>,
        /// Moderators only are asked: whoever keys nothing is an ordinary caller.
        optional: bool,
    },
    /// The caller is the first.
    FirstCaller,
    /// The caller is joining so many others; 0 when it is not known how many.
    Joining(usize),
    /// The caller waits for a moderator.
    Waiting,
    /// The moderator has come: the caller is joining now.
    Admitted,
    /// The conference was ended.
    Ended(Ending),
    /// How to hear what the keys do.
    KeysHint,
    /// The caller is alone, and hears music.
    Alone,
    /// The recording that plays to who waits or is alone.
    Music,
    /// Something that is said in the conference.
    InConference(Words),
    /// The caller was removed.
    Kicked,
    /// Something failed on our side.
    Apology,
    /// The end of the call, after having said why.
    Goodbye(Option<Reason>),
}

impl Reason {
    /// The reasons that callers hear.
    const SPOKEN: &[Self] = &[
        Self::Silence,
        Self::NotANumber,
        Self::Refused(Refused::Full),
        Self::Refused(Refused::Locked),
        Self::Refused(Refused::Ending),
        Self::Refused(Refused::Kicked),
        Self::Refused(Refused::NoRoom),
        Self::Refused(Refused::WrongPin),
        Self::Refused(Refused::PinClosed),
    ];

    /// The reason in one word, for URLs, recordings and the call log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Silence => "silence",
            Self::NotANumber => "not_a_number",
            Self::Refused(why) => why.word(),
        }
    }

    /// The reason of a word, if callers hear it.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::SPOKEN.iter().copied().find(|reason| reason.word() == word)
    }

    fn utterance(self, texts: &Texts) -> Utterance {
        let text = match self {
            Self::Silence => texts.silence,
            Self::NotANumber => texts.not_a_number,
            Self::Refused(Refused::Full) => texts.full,
            Self::Refused(Refused::Locked) => texts.locked,
            Self::Refused(Refused::Ending) => texts.ending,
            Self::Refused(Refused::Kicked) => texts.kicked,
            Self::Refused(Refused::NoRoom) => texts.no_room,
            Self::Refused(Refused::PinWanted) => texts.ask_pin,
            Self::Refused(Refused::WrongPin) => texts.wrong_pin,
            Self::Refused(Refused::PinClosed) => texts.pin_closed,
        };
        utterance(self.word(), text)
    }
}

impl Message {
    /// The name of the prompt, in URLs and of its recording.
    pub fn name(&self) -> &'static str {
        match self {
            Self::GetConferenceCode(_) => "get_conference_code",
            Self::GetPin { optional: false, .. } => "get_pin",
            Self::GetPin { optional: true, .. } => "get_moderator_pin",
            Self::FirstCaller => "first_caller",
            Self::Joining(_) => "joining",
            Self::Waiting => "waiting",
            Self::Admitted => "admitted",
            Self::KeysHint => "keys_hint",
            Self::Alone => "alone",
            Self::Music => "music",
            Self::InConference(words) => in_conference::name(*words),
            Self::Ended(Ending::Alone) => "alone_over",
            Self::Ended(Ending::Operator | Ending::Key) => "ended",
            Self::Ended(Ending::Moderator) => "moderator_left",
            Self::Ended(Ending::Time) => "time_over",
            Self::Kicked => "kicked",
            Self::Apology => "apology",
            Self::Goodbye(_) => "goodbye",
        }
    }

    /// What is said, and why first.
    pub fn words(&self, texts: &Texts) -> Vec<Utterance> {
        let text = match self {
            Self::Music => return Vec::new(),
            Self::InConference(words) => return in_conference::utterances(*words, texts),
            Self::GetConferenceCode(_) => texts.ask_number,
            Self::GetPin { optional: false, .. } => texts.ask_pin,
            Self::GetPin { optional: true, .. } => texts.ask_moderator_pin,
            Self::FirstCaller => texts.first_caller,
            Self::Joining(_) => texts.joining,
            Self::Waiting => texts.waiting,
            Self::Admitted => texts.admitted,
            Self::KeysHint => texts.keys_hint,
            Self::Alone => texts.alone,
            Self::Ended(Ending::Alone) => texts.alone_over,
            Self::Ended(Ending::Operator | Ending::Key) => texts.ended,
            Self::Ended(Ending::Moderator) => texts.moderator_left,
            Self::Ended(Ending::Time) => texts.time_over,
            Self::Kicked => texts.kicked,
            Self::Apology => texts.apology,
            Self::Goodbye(_) => texts.goodbye,
        };
        let mut words = vec![utterance(self.name(), text)];
        match self {
            Self::GetConferenceCode(Some(reason))
            | Self::GetPin { reason: Some(reason), .. }
            | Self::Goodbye(Some(reason)) => words.insert(0, reason.utterance(texts)),
            Self::Joining(count) if *count > 0 => words.extend(in_conference::others(*count, texts)),
            Self::Ended(_) | Self::Kicked | Self::Apology => words.push(utterance("goodbye", texts.goodbye)),
            _ => {}
        }
        words
    }

    /// The name, with the number that the text depends on, as a query has them.
    pub fn query(&self) -> String {
        match self {
            Self::Joining(count) => format!("{}&count={count}", self.name()),
            Self::InConference(Words::Others(count)) => format!("{}&count={count}", self.name()),
            Self::InConference(Words::MinutesLeft(count)) => format!("{}&count={count}", self.name()),
            _ => self.name().to_owned(),
        }
    }
}
