//! The secret of the tokens in a Redis: one key, made once, by whoever needs it first.

use super::Redis;
use super::script;
use crate::number::ConferenceNumber;
use crate::secret::Secret;
use crate::store::StoreError;
use redis::{Cmd, Value};

impl Redis {
    /// Its key, which is no number's and never expires.
    fn secret_key(&self) -> String {
        format!("{}secret", self.prefix())
    }

    /// The secret, made if there is none. The same round trip reads the token of the number that is decided on next.
    pub(in crate::store) fn secret(&self, number: &ConferenceNumber) -> Result<Secret, StoreError> {
        let (token, key, deadline) = (self.key(number), self.secret_key(), self.deadline());
        let (read, get) = (script::read(&token), get(&key));
        let both = self.ask(&token, deadline, move |redis| redis.ask_both(&read, &get));
        let (seen, text) = match both {
            Ok(both) => both,
            // Alone each of them says what is wrong with it.
            Err(_) => (
                self.run(&token, deadline, script::read(&token))?,
                self.run(&key, deadline, self::get(&key))?,
            ),
        };
        self.ahead.set(Some(Box::new((number.clone(), seen))));
        if let Some(secret) = self.understood(text)? {
            return Ok(secret);
        }
        let made = Secret::random().map_err(|error| self.unusable(&error))?;
        let mut set = redis::cmd("SET");
        set.arg(&key).arg(made.text()).arg("NX");
        let _: Value = self.run(&key, deadline, set)?;
        // Others may have been faster: the secret is that of whoever was first.
        let text = self.run(&key, deadline, self::get(&key))?;
        self.understood(text)?.ok_or_else(|| self.unusable("it was removed a moment ago"))
    }

    /// What is wrong with the secret; nothing if it is yet to be made.
    pub(in crate::store) fn problem_of_secret(&self) -> Option<String> {
        let key = self.secret_key();
        let text = self.run(&key, self.deadline(), get(&key));
        text.and_then(|text| self.understood(text)).err().map(|error| error.to_string())
    }

    /// The secret in a text; none if there is no text.
    fn understood(&self, text: Vec<u8>) -> Result<Option<Secret>, StoreError> {
        if text.is_empty() {
            return Ok(None);
        }
        let secret = std::str::from_utf8(&text).ok().and_then(Secret::parse);
        let least = Secret::LEAST;
        let problem = || {
            self.unusable(&format!(
                "it is not of {least} characters or more; put the right one back, or remove it: whoever is in a \
                 conference then is lost if their token is"
            ))
        };
        secret.map(Some).ok_or_else(problem)
    }

    fn unusable(&self, why: &str) -> StoreError {
        StoreError::Unreachable(format!("{} in {} cannot be used: {why}", self.secret_key(), self.url))
    }
}

/// Reads it, by a command that tokens are read with as well.
fn get(key: &str) -> Cmd {
    let mut get = redis::cmd("GETRANGE");
    get.arg(key).arg(0).arg(4 * 1024);
    get
}
