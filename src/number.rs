//! Conference numbers, session ids and telephone numbers: the values of a request that reach tokens and documents.

use std::fmt;
use std::ops::RangeInclusive;

/// A conference number: ASCII digits only, as many as the line allows (contract section 2).
///
/// It is the only value of a request that becomes part of a path. Nothing but digits can be in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConferenceNumber(String);

impl ConferenceNumber {
    /// The most digits that any setting may allow.
    pub const MOST_DIGITS: usize = 32;

    /// Reads what a caller keyed in. White space is dropped, because some platforms separate digits with it.
    ///
    /// `None` if the rest is not made of ASCII digits alone, or has more or fewer than `digits`.
    pub fn parse(keyed: &str, digits: &RangeInclusive<usize>) -> Option<Self> {
        let number: String = keyed.chars().filter(|c| !c.is_whitespace()).collect();
        let well_formed = number.bytes().all(|b| b.is_ascii_digit()) && digits.contains(&number.len());
        well_formed.then_some(Self(number))
    }

    /// Reads the name of a token: digits only, as many as any setting may allow.
    pub fn from_token_name(name: &str) -> Option<Self> {
        let plain = !name.is_empty() && name.len() <= Self::MOST_DIGITS;
        (plain && name.bytes().all(|b| b.is_ascii_digit())).then(|| Self(name.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What puts numbers into the order of their values, as people count. Those that zeros alone tell apart follow one
    /// another.
    pub fn by_value(&self) -> impl Ord + '_ {
        let digits = self.0.trim_start_matches('0');
        (digits.len(), digits, self.0.len())
    }
}

impl fmt::Display for ConferenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many digits a PIN has (contract section 8).
pub const PIN_DIGITS: RangeInclusive<usize> = 4..=12;

/// The identifier that a platform gives to one CCXML session, which is one caller: 1 to 256 visible ASCII characters
/// (contract section 2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(String);

impl SessionId {
    /// The most characters an identifier may have.
    pub const MOST: usize = 256;

    /// `None` if the text is empty, too long, or has anything but visible ASCII in it.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed =
            (1..=Self::MOST).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The identifier as the platform wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SessionId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a session id is 1 to 256 visible ASCII characters")
    }
}

impl From<SessionId> for String {
    fn from(session: SessionId) -> Self {
        session.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What stands in place of a number that is withheld (RFC 3323, and vendors).
const WITHHELD: [&str; 4] = ["anonymous", "restricted", "unavailable", "unknown"];

/// The user of an address without what people put between digits. `None` if there is nothing else, or the number is
/// withheld.
pub fn number_of(user: &str) -> Option<String> {
    let number: String = user.chars().filter(|c| !c.is_whitespace() && !"-.()".contains(*c)).collect();
    (!number.is_empty() && !WITHHELD.contains(&number.to_lowercase().as_str())).then_some(number)
}

/// The telephone number of a caller, as far as it tells callers apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelephoneNumber(String);

impl TelephoneNumber {
    /// Reads the address of a caller as a platform tells it: `tel:`, `sip:`, or a form of its own. What only says by which
    /// way the call came is left out. `None` if there is no number.
    pub fn from_address(address: &str) -> Option<Self> {
        let address = address.rsplit_once('<').map_or(address, |(_, inner)| inner);
        let address = address.split_once(':').map_or(address, |(_, after_scheme)| after_scheme);
        let user = address.split(['@', ';', '?', '>']).next().unwrap_or_default();
        number_of(user).map(|number| Self(number.to_lowercase()))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_number_is_the_same_by_whatever_way_the_call_came() {
        for address in [
            "tel:+49-30-1234",
            "sip:+49301234@gateway1.example;user=phone",
            "sips:+49301234@192.0.2.1:5061",
            "\"A: B\" <sip:+49301234@gateway2.example>;tag=x",
            " +49 (30) 1234 ",
        ] {
            assert_eq!(TelephoneNumber::from_address(address).unwrap().as_str(), "+49301234", "{address}");
        }
        for nobody in ["", " ", "sip:@host", "sip:anonymous@anonymous.invalid", "Anonymous", "tel:unknown"] {
            assert_eq!(TelephoneNumber::from_address(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn white_space_between_digits_is_dropped() {
        let number = ConferenceNumber::parse(" 1 2\t3\n4 ", &(4..=10));
        assert_eq!(number.unwrap().as_str(), "1234");
    }

    #[test]
    fn only_ascii_digits_in_the_allowed_count_make_a_number() {
        for keyed in ["", "123", "12345678901", "12a4", "../1", "12.4", "-1234", "١٢٣٤", "1234\0"] {
            assert_eq!(ConferenceNumber::parse(keyed, &(4..=10)), None, "{keyed:?}");
        }
        assert!(ConferenceNumber::parse("0000", &(4..=10)).is_some());
        assert!(ConferenceNumber::parse("1234567890", &(4..=10)).is_some());
    }

    #[test]
    fn a_session_id_is_visible_ascii_of_bounded_length() {
        for text in ["", "a b", "a\n", "é", &"x".repeat(257)] {
            assert_eq!(SessionId::parse(text), None, "{text:?}");
        }
        for text in ["s1", "\"'<&>%+", &"x".repeat(256)] {
            assert_eq!(SessionId::parse(text).unwrap().as_str(), text);
        }
    }
}
