//! Requests for a prompt, by its name.

use super::{Fields, Rejected};
use crate::conference::{Ending, Words};
use crate::document::in_conference;
use crate::document::language::Language;
use crate::document::prompt::{MOST_MINUTES, MOST_OTHERS, Message, Prompt, Reason};
use std::ops::RangeInclusive;

/// The prompt of a name, with what the other fields say about it.
pub(super) fn prompt(name: &str, fields: &Fields) -> Result<Prompt, Rejected> {
    let unknown = Rejected::NotFound("there are no prompts in that language");
    let lang = match &fields.lang {
        Some(tag) => Some(Language::from_tag(tag).ok_or(unknown)?),
        None => None,
    };
    Ok(Prompt { lang, message: message(name, fields)?, hint: fields.hint.is_some() })
}

/// What the prompt of a name says.
fn message(name: &str, fields: &Fields) -> Result<Message, Rejected> {
    let unknown = Rejected::NotFound("there is no such reason");
    let reason = || {
        let word = fields.reason.as_deref();
        word.map(|word| Reason::from_word(word).ok_or(unknown.clone())).transpose()
    };
    let simple = [
        Message::FirstCaller,
        Message::Waiting,
        Message::Admitted,
        Message::Ended(Ending::Operator),
        Message::Ended(Ending::Moderator),
        Message::Ended(Ending::Time),
        Message::Ended(Ending::Alone),
        Message::KeysHint,
        Message::Alone,
        Message::Music,
        Message::Kicked,
        Message::Apology,
    ];
    match name {
        "get_conference_code" => Ok(Message::GetConferenceCode(reason()?)),
        "get_pin" => Ok(Message::GetPin { reason: reason()?, optional: false }),
        "get_moderator_pin" => Ok(Message::GetPin { reason: reason()?, optional: true }),
        "joining" => Ok(Message::Joining(number(fields.count.as_deref(), 0, 0..=MOST_OTHERS)?)),
        "goodbye" => Ok(Message::Goodbye(reason()?)),
        "others" => {
            let count = number(fields.count.as_deref(), 0, 0..=MOST_OTHERS)?;
            Ok(Message::InConference(Words::Others(count)))
        }
        "minutes_left" => {
            let minutes = number(fields.count.as_deref(), 1, 1..=MOST_MINUTES)?;
            Ok(Message::InConference(Words::MinutesLeft(minutes as u64)))
        }
        _ => simple
            .into_iter()
            .chain(in_conference::SIMPLE.iter().copied().map(Message::InConference))
            .find(|message| message.name() == name)
            .ok_or(Rejected::NotFound("there is no prompt of that name")),
    }
}

fn number(field: Option<&str>, default: usize, bounds: RangeInclusive<usize>) -> Result<usize, Rejected> {
    let Some(text) = field else { return Ok(default) };
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| plain && bounds.contains(number));
    number.ok_or(Rejected::Malformed("that is not a number this prompt can have"))
}
