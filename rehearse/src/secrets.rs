//! Digits that nothing of what is printed may show, such as PINs.

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
    }
}
