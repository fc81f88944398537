//! The words callers hear, one file per language: a translator finds and changes them there.

mod english;
mod french;
mod german;
mod spanish;

use std::fmt;

/// A language that there are prompts in, as the operator named it.
#[derive(Clone, Debug)]
pub struct Language {
    /// The language tag (BCP 47), such as `en-US`; it tells the platform which voice to take.
    pub tag: String,
    /// What is said in it.
    pub texts: &'static Texts,
}

/// Every text of one language. Numbers are spoken by the platform's voice; whatever depends on how many
/// others there are is a function, because plural forms differ.
#[derive(Debug)]
pub struct Texts {
    /// Asks for the conference number.
    pub ask_number: &'static str,
    /// Nothing was keyed in.
    pub silence: &'static str,
    /// What was keyed in is no number of the right length.
    pub not_a_number: &'static str,
    /// The caller is the first.
    pub first_caller: &'static str,
    /// The caller is joining.
    pub joining: &'static str,
    /// How many others are in, from 1 on.
    pub others: fn(usize) -> String,
    /// Something failed on our side.
    pub apology: &'static str,
    /// The end of the call.
    pub goodbye: &'static str,
    /// The conference takes no more callers.
    pub full: &'static str,
    /// The conference is locked.
    pub locked: &'static str,
    /// The conference is just ending.
    pub ending: &'static str,
    /// The caller was removed by an operator.
    pub kicked: &'static str,
    /// There is no conference of that number.
    pub no_room: &'static str,
    /// Asks for the PIN.
    pub ask_pin: &'static str,
    /// Asks for the PIN of moderators, which others need not have.
    pub ask_moderator_pin: &'static str,
    /// The PIN is wrong.
    pub wrong_pin: &'static str,
    /// There were too many wrong PINs.
    pub pin_closed: &'static str,
    /// The caller waits for a moderator.
    pub waiting: &'static str,
    /// The moderator has come.
    pub admitted: &'static str,
    /// The conference was ended.
    pub ended: &'static str,
    /// The conference ended because its moderator has left.
    pub moderator_left: &'static str,
    /// The conference ended because its time is over.
    pub time_over: &'static str,
}

const LANGUAGES: &[(&str, &Texts)] =
    &[("de", &german::TEXTS), ("en", &english::TEXTS), ("es", &spanish::TEXTS), ("fr", &french::TEXTS)];

impl Language {
    /// The language of a tag such as `en-US`, whose first part decides; none when there are no texts in it
    /// or the tag is not one.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let subtags_are_words = tag
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        let primary = tag.split('-').next()?.to_ascii_lowercase();
        let (_, texts) = LANGUAGES.iter().find(|(name, _)| subtags_are_words && *name == primary)?;
        Some(Self { tag: tag.to_owned(), texts })
    }

    /// The languages there are, for those who have to choose one.
    pub fn known() -> String {
        LANGUAGES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// The tag tells languages apart: the texts follow from it.
impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.tag == other.tag
    }
}

impl Eq for Language {}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_of_a_tag_decides() {
        for tag in ["en", "en-US", "EN-gb"] {
            assert_eq!(Language::from_tag(tag).unwrap().tag, tag);
        }
        for tag in ["", "tlh", "en_US", "en-", "en-\"", "english", "en-123456789"] {
            assert_eq!(Language::from_tag(tag), None, "{tag}");
        }
    }
}
