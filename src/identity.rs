//! Who a caller is, as the platform tells it (contract section 10).

use crate::number::number_of;
use serde::{Deserialize, Serialize};

/// What a session says of its connection, as far as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// Who calls: a telephone number, or the address of a caller who has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// The number that was dialled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
    /// The URL that takes events for the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
}

/// How much of a caller's telephone number is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerId {
    /// All of it.
    Full,
    /// Its last four digits.
    Last4,
    /// Nothing.
    Nothing,
}

/// The most characters of an address that are kept.
pub const MOST: usize = 64;

/// What people dial to reach an address that a platform tells: `tel:`, `sip:`, a quoted name before it, or a form of its
/// own. `None` if the number is withheld, or there is none that anybody could dial.
pub fn dialled(address: &str) -> Option<String> {
    let address = address.rsplit_once('<').map_or(address, |(_, inner)| inner);
    let address = match address.split_once(':') {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => rest,
        _ => address,
    };
    let address = address.split([';', '?', '>']).next().unwrap_or_default().trim();
    let (user, host) = address.split_once('@').map_or((address, None), |(user, host)| (user, Some(host)));
    let number = number_of(user)?;
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit() || b"+*#".contains(&byte));
    let shown = match host {
        _ if is_number => number,
        Some(host) => format!("{user}@{host}"),
        None => user.to_owned(),
    };
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"'<>&\\".contains(&byte);
    (shown.len() <= MOST && shown.bytes().all(plain)).then_some(shown)
}

/// Whether somebody who names a caller so means the one with this number: it, or the digits in which it ends.
pub fn is_meant(number: &str, named: &str) -> bool {
    let digits = named.trim_start_matches(['+', '.']);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    named == number || is_number && !number.contains('@') && number.ends_with(digits)
}

impl CallerId {
    /// The setting of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "full" => Some(Self::Full),
            "last4" => Some(Self::Last4),
            "none" => Some(Self::Nothing),
            _ => None,
        }
    }

    /// What is kept of the caller's address.
    pub fn keeps(self, shown: String) -> Option<String> {
        match self {
            Self::Full => Some(shown),
            Self::Last4 => {
                let last = shown.char_indices().rev().nth(3).map_or(0, |(start, _)| start);
                Some(format!("...{}", shown.get(last..).unwrap_or_default()))
            }
            Self::Nothing => None,
        }
    }
}

impl Identity {
    /// What is known of somebody of whom something was known before: a report that says nothing takes nothing away.
    pub fn or(self, before: &Self) -> Self {
        Self {
            caller: self.caller.or_else(|| before.caller.clone()),
            called: self.called.or_else(|| before.called.clone()),
            control: self.control.or_else(|| before.control.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_as_people_dial_it() {
        for (address, shown) in [
            ("tel:+49-30-1234;phone-context=example.com", "+49301234"),
            ("sip:+49301234@gateway1.example;user=phone", "+49301234"),
            ("\"A: B\" <sips:*31#123@192.0.2.1:5061>;tag=x", "*31#123"),
            (" +49 (30) 1234 ", "+49301234"),
            ("sip:alice@example.com:5060;transport=tcp", "alice@example.com:5060"),
            ("extension.12a", "extension.12a"),
        ] {
            assert_eq!(dialled(address).as_deref(), Some(shown), "{address}");
        }
    }

    #[test]
    fn nobody_is_shown_who_hides_or_could_hurt() {
        let long = "9".repeat(400);
        for address in [
            "",
            "sip:@host",
            "sip:Anonymous@anonymous.invalid",
            "tel:unknown",
            "sip:a\u{1b}[2J@host",
            "sip:\u{202e}1234@host",
            "sip:müller@host",
            "sip:a\"b@host",
            "sip:a&b@host",
            &long,
        ] {
            assert_eq!(dialled(address), None, "{address}");
        }
    }

    #[test]
    fn so_much_of_a_number_is_kept_as_is_allowed() {
        let kept = |keeps: CallerId, shown: &str| keeps.keeps(shown.to_owned());
        assert_eq!(kept(CallerId::Full, "+49301234").as_deref(), Some("+49301234"));
        assert_eq!(kept(CallerId::Last4, "+49301234").as_deref(), Some("...1234"));
        assert_eq!(kept(CallerId::Last4, "12").as_deref(), Some("...12"));
        assert_eq!(kept(CallerId::Nothing, "+49301234"), None);
    }

    #[test]
    fn a_number_is_meant_by_itself_and_by_its_last_digits() {
        for (number, named) in [
            ("+49301234", "+49301234"),
            ("+49301234", "49301234"),
            ("+49301234", "1234"),
            ("...1234", "...1234"),
            ("...1234", "234"),
            ("alice@host1234", "alice@host1234"),
        ] {
            assert!(is_meant(number, named), "{number} {named}");
        }
        for (number, named) in [
            ("+49301234", ""),
            ("+49301234", "+"),
            ("+49301234", "0000"),
            ("+49301234", "123"),
            ("alice@host1234", "1234"),
            ("extension.12a", "12a"),
        ] {
            assert!(!is_meant(number, named), "{number} {named}");
        }
    }
}
