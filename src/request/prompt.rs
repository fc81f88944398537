//! Requests for a prompt, by its name.

use super::{Fields, Rejected};
use crate::conference::Ending;
use crate::document::language::Language;
use crate::document::prompt::{Kind, MOST_OTHERS, MOST_TRIES, Prompt, Reason};
use std::ops::RangeInclusive;

/// The prompt of a name, with what the other fields say about it.
pub(super) fn prompt(name: &str, fields: &Fields) -> Result<Prompt, Rejected> {
    let unknown = Rejected::NotFound("there are no prompts in that language");
    let lang = match &fields.lang {
        Some(tag) => Some(Language::from_tag(tag).ok_or(unknown)?),
        None => None,
    };
    Ok(Prompt { lang, kind: kind(name, fields)? })
}

/// The kind of prompt that has the name.
fn kind(name: &str, fields: &Fields) -> Result<Kind, Rejected> {
    let unknown = Rejected::NotFound("there is no such reason");
    let reason = || {
        let word = fields.reason.as_deref();
        word.map(|word| Reason::from_word(word).ok_or(unknown.clone())).transpose()
    };
    let tries = || {
        let tries = number(fields.tries.as_deref(), MOST_TRIES.into(), 1..=MOST_TRIES.into())?;
        Ok(u8::try_from(tries).unwrap_or(MOST_TRIES))
    };
    let simple = [
        Kind::FirstCaller,
        Kind::Waiting,
        Kind::Admitted,
        Kind::Ended(Ending::Operator),
        Kind::Ended(Ending::Moderator),
        Kind::Ended(Ending::Time),
        Kind::Kicked,
        Kind::Apology,
    ];
    match name {
        "get_conference_code" => Ok(Kind::GetConferenceCode(reason()?, tries()?)),
        "get_pin" => Ok(Kind::GetPin { reason: reason()?, tries: tries()?, optional: false }),
        "get_moderator_pin" => Ok(Kind::GetPin { reason: reason()?, tries: tries()?, optional: true }),
        "joining" => Ok(Kind::Joining(number(fields.count.as_deref(), 0, 0..=MOST_OTHERS)?)),
        "goodbye" => Ok(Kind::Goodbye(reason()?)),
        _ => simple
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or(Rejected::NotFound("there is no prompt of that name")),
    }
}

fn number(field: Option<&str>, default: usize, bounds: RangeInclusive<usize>) -> Result<usize, Rejected> {
    let Some(text) = field else { return Ok(default) };
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| plain && bounds.contains(number));
    number.ok_or(Rejected::Malformed("that is not a number this prompt can have"))
}
