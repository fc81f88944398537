//! Something that is said, and how long that takes.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use crate::clock::secs;

/// Tells whether the recording at an address can be had.
pub(crate) type Recordings = Rc<dyn Fn(&str) -> bool>;

/// Something that is said to the caller.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Spoken {
    pub(crate) text: String,
    pub(crate) audio: Vec<String>,
    pub(crate) missing: Vec<String>,
    /// Whether a space is due before the next word.
    pub(super) gap: bool,
    /// How long it pauses.
    pub(super) pause: Duration,
    /// Whether it goes on when a key is pressed, and the key is lost.
    pub(crate) deaf: bool,
}

impl Spoken {
    pub(super) fn of(words: &str) -> Spoken {
        let mut spoken = Spoken::default();
        spoken.add(words);
        spoken
    }

    /// How long it takes to say it: as long as its recordings, if that is known of any; otherwise so long for each word, or
    /// two seconds whatever it is.
    pub(crate) fn length(&self, word: Option<Duration>, recordings: &BTreeMap<String, Duration>) -> Duration {
        let known: Vec<Duration> = self.audio.iter().filter_map(|url| recordings.get(url)).copied().collect();
        if !known.is_empty() {
            return known.iter().sum::<Duration>() + self.pause;
        }
        let words = u32::try_from(self.text.split_whitespace().count()).unwrap_or(u32::MAX);
        word.map_or(secs(2), |word| word.saturating_mul(words)) + self.pause
    }

    pub(super) fn add(&mut self, words: &str) {
        self.gap |= words.starts_with(char::is_whitespace);
        for word in words.split_whitespace() {
            if self.gap && !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(word);
            self.gap = true;
        }
        if !words.is_empty() {
            self.gap = words.ends_with(char::is_whitespace);
        }
    }
}
