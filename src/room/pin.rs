//! The PINs of rooms.

use crate::number::PIN_DIGITS;
use serde::{Deserialize, Deserializer};
use std::fmt;
use subtle::{Choice, ConstantTimeEq};

/// A PIN of a room. It is compared in constant time and never printed.
#[derive(Clone)]
pub(super) struct Pin(String);

impl Pin {
    /// The digits, to compare two PINs of one room.
    pub(super) fn digits(&self) -> &str {
        &self.0
    }

    /// Whether it is easily guessed.
    pub(super) fn is_short(&self) -> bool {
        self.0.len() < 6
    }

    /// Whether this is what was keyed.
    pub(super) fn is(&self, keyed: &str) -> Choice {
        // Both get the same length, so that not even the length of the PIN shows.
        let padded = |text: &str| {
            let mut bytes = [0_u8; 16];
            bytes.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
            bytes
        };
        padded(&self.0).ct_eq(&padded(keyed)) & self.0.len().ct_eq(&keyed.len())
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin")
    }
}

/// The errors of serde quote the value. Those of a PIN must not.
impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer) {
            Ok(toml::Value::String(pin))
                if PIN_DIGITS.contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                Ok(Self(pin))
            }
            _ => Err(serde::de::Error::custom("a PIN must be 4 to 12 digits in quotation marks")),
        }
    }
}
