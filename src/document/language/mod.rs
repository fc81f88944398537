//! The words callers hear, one file per language: a translator finds and changes them there.

mod english;
mod french;
mod german;
mod spanish;

/// A language that there are prompts in, as the operator named it.
#[derive(Clone, Debug)]
pub struct Language {
    /// The language tag (BCP 47), such as `en-US`; it tells the platform which voice to take.
    pub tag: String,
    /// What is said in it.
    pub texts: &'static Texts,
}

/// Every text of one language. Numbers are spoken by the platform's voice, or by a recording for each.
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
    /// One other caller is in.
    pub one_other: &'static str,
    /// More are in: what is said before their number.
    pub there_are: &'static str,
    /// And behind it.
    pub other_callers: &'static str,
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
    /// The caller is alone, and hears music.
    pub alone: &'static str,
    /// The caller only listens.
    pub muted: &'static str,
    /// The caller can be heard again.
    pub unmuted: &'static str,
    /// The caller only listens, and can't change that.
    pub muted_by_moderator: &'static str,
    /// The caller's hand is up.
    pub hand_raised: &'static str,
    /// The caller's hand is down.
    pub hand_lowered: &'static str,
    /// Nobody else is in.
    pub no_others: &'static str,
    /// How to hear what the keys do.
    pub keys_hint: &'static str,
    /// What the keys do.
    pub keys: &'static str,
    /// What the keys do, those of moderators too.
    pub moderator_keys: &'static str,
    /// The caller has locked the conference.
    pub now_locked: &'static str,
    /// The caller has unlocked it.
    pub now_unlocked: &'static str,
    /// The caller has muted all but moderators.
    pub all_muted: &'static str,
    /// The caller has let them be heard again.
    pub all_unmuted: &'static str,
    /// Asks for the key that ends the conference a second time.
    pub confirm_end: &'static str,
    /// The conference ends in a minute.
    pub one_minute_left: &'static str,
    /// It ends in some minutes: what is said before their number.
    pub ends_in: &'static str,
    /// And behind it.
    pub minutes: &'static str,
    /// The end that was announced is put off.
    pub goes_on: &'static str,
    /// The last moderator has left a conference that ends with them.
    pub no_moderator: &'static str,
    /// A moderator is there again.
    pub moderator_back: &'static str,
    /// The conference ended because its last caller was alone.
    pub alone_over: &'static str,
}

/// The texts of a language as a region has them.
type TextsOfRegion = fn(Option<&str>) -> &'static Texts;

/// The languages there are.
const LANGUAGES: &[(&str, TextsOfRegion)] =
    &[("de", |_| &german::TEXTS), ("en", english::texts), ("es", spanish::texts), ("fr", |_| &french::TEXTS)];

impl Language {
    /// The language of a tag such as `en-US`; none when there are no texts in it or the tag is not one. Regions differ in
    /// some words.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let subtags_are_words = tag
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        let primary = tag.split('-').next()?.to_ascii_lowercase();
        let (_, texts) = LANGUAGES.iter().find(|(name, _)| subtags_are_words && *name == primary)?;
        Some(Self { tag: tag.to_owned(), texts: texts(region(tag).as_deref()) })
    }

    /// The languages there are, for those who have to choose one.
    pub fn known() -> String {
        LANGUAGES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// The region of a tag: the first part of two letters or three digits after the language (BCP 47), before what extends it.
fn region(tag: &str) -> Option<String> {
    let is_region = |part: &&str| match part.len() {
        2 => part.bytes().all(|byte| byte.is_ascii_alphabetic()),
        3 => part.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    let before_extensions = tag.split('-').skip(1).take_while(|part| part.len() > 1);
    before_extensions.map(str::to_ascii_uppercase).find(|part| is_region(&part.as_str()))
}

/// The tag tells languages apart: the texts follow from it.
impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.tag == other.tag
    }
}

impl Eq for Language {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_name_the_key_as_their_people_do() {
        for (tag, key) in [
            ("en", "the pound key."),
            ("en-US", "the pound key."),
            ("en-Latn-ca", "the pound key."),
            ("en-GB", "the hash key."),
            ("en-gb-oxendict", "the hash key."),
            ("en-001", "the hash key."),
            ("en-x-gb", "the pound key."),
            ("es", "la tecla almohadilla."),
            ("es-ES", "la tecla almohadilla."),
            ("es-MX", "la tecla gato."),
            ("es-cl", "la tecla gato."),
            ("es-419", "la tecla numeral."),
            ("es-AR", "la tecla numeral."),
            ("fr-CA", "la touche dièse."),
            ("de-AT", "Raute-Taste."),
        ] {
            let texts = Language::from_tag(tag).unwrap().texts;
            for asked in [texts.ask_number, texts.ask_pin, texts.ask_moderator_pin] {
                assert!(asked.ends_with(key), "{tag}: {asked}");
            }
        }
    }

    #[test]
    fn no_voice_has_anything_to_spell() {
        for tag in ["de", "en-US", "en-GB", "es-ES", "es-AR", "es-MX", "fr"] {
            let texts = format!("{:?}", Language::from_tag(tag).unwrap().texts);
            assert!(!texts.contains("PIN"), "{tag}");
        }
    }

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
