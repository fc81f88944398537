//! Digits that nothing of what is printed may show, such as PINs.

use ccxml_platform::{CallId, Entry, TraceEntry, What};
use std::collections::BTreeMap;

/// What stands in place of a digit.
const DOT: char = '•';

/// Texts to be hidden.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// Hides a text from now on; an empty one has nothing to hide.
    pub fn add(&mut self, secret: &str) {
        if !secret.is_empty() {
            self.0.push(secret.into());
        }
    }

    /// All secrets of both.
    pub fn extend(&mut self, others: &Secrets) {
        self.0.extend(others.0.iter().cloned());
    }

    /// The text with dots in place of every secret.
    pub fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_string(), |text, secret| text.replace(secret, "••••"))
    }

    fn are_in(&self, text: &str) -> bool {
        self.0.iter().any(|secret| text.contains(secret))
    }
}

/// Hides the keys of a trace one by one, in the order in which they are pressed.
#[derive(Debug, Default)]
pub struct Mask {
    /// How many keys of an entry with a secret in it callers still have to press.
    pending: BTreeMap<CallId, usize>,
}

impl Mask {
    /// The entry as everybody may see it.
    pub fn apply(&mut self, entry: &TraceEntry, secrets: &Secrets) -> TraceEntry {
        let mut seen = entry.clone();
        let Some(call) = entry.call else { return seen };
        match &mut seen.what {
            What::Answers { entry: Entry::Digits(keys) | Entry::Interrupting(keys), .. }
                if secrets.are_in(keys) =>
            {
                self.pending.insert(call, keys.chars().filter(|key| *key != 'p').count());
                *keys = secrets.hide(keys);
            }
            What::Presses(key) => {
                if let Some(pending) = self.pending.get_mut(&call).filter(|pending| **pending > 0) {
                    *pending -= 1;
                    if key.is_ascii_digit() {
                        *key = DOT;
                    }
                }
            }
            _ => {}
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let mut secrets = Secrets::default();
        secrets.add("271828");
        secrets.add("");
        assert_eq!(secrets.hide("pin=271828&x, 271828#"), "pin=••••&x, ••••#");
        assert!(secrets.are_in("4711#271828") && !secrets.are_in("27182"));
    }
}
