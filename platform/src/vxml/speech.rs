//! What a dialog says.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::form::{Form, Thrown};
use crate::clock::{parse_time, secs};
use crate::markup::{Element, Node};
use crate::script::Engine;

/// Tells whether the recording at an address can be had.
pub(crate) type Recordings = Rc<dyn Fn(&str) -> bool>;

/// Something that is said to the caller.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Spoken {
    pub(crate) text: String,
    pub(crate) audio: Vec<String>,
    pub(crate) missing: Vec<String>,
    /// Whether a space is due before the next word.
    gap: bool,
    /// How long it pauses.
    pause: Duration,
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

    fn add(&mut self, words: &str) {
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

impl Form {
    /// Queues a prompt.
    pub(super) fn say(&mut self, engine: &Engine, prompt: &Element) -> Result<(), Thrown> {
        if !self.condition(engine, prompt)? {
            return Ok(());
        }
        let mut spoken = Spoken::default();
        self.spoken_children(engine, prompt, &mut spoken)?;
        let bargein = prompt.attribute("bargein").map(str::to_string);
        spoken.deaf = bargein.or_else(|| self.property(None, "bargein")).as_deref() == Some("false");
        self.queue(spoken);
        Ok(())
    }

    pub(super) fn queue(&mut self, spoken: Spoken) {
        let silent = Spoken { deaf: spoken.deaf, gap: spoken.gap, ..Spoken::default() };
        if !self.hung_up && spoken != silent {
            self.spoken.push(spoken);
        }
    }

    pub(super) fn spoken_by(&mut self, engine: &Engine, element: &Element) -> Result<Spoken, Thrown> {
        let mut spoken = Spoken::default();
        self.speech(engine, element, &mut spoken)?;
        Ok(spoken)
    }

    fn spoken_children(
        &mut self,
        engine: &Engine,
        parent: &Element,
        spoken: &mut Spoken,
    ) -> Result<(), Thrown> {
        for node in &parent.children {
            match node {
                Node::Text(text) => spoken.add(text),
                Node::Element(element) => self.speech(engine, element, spoken)?,
            }
        }
        Ok(())
    }

    fn speech(&mut self, engine: &Engine, element: &Element, spoken: &mut Spoken) -> Result<(), Thrown> {
        match element.name.as_str() {
            "value" => {
                let value = engine.evaluate(self.chain, element.attribute("expr").unwrap_or(""));
                let value = self.semantic(element, value)?;
                spoken.add(&value.to_text());
                Ok(())
            }
            "sub" => {
                spoken.add(element.attribute("alias").unwrap_or(""));
                Ok(())
            }
            "break" => {
                spoken.pause += element.attribute("time").and_then(parse_time).unwrap_or_default();
                Ok(())
            }
            "audio" => {
                let address = match element.attribute("expr") {
                    Some(expr) => {
                        let value = engine.evaluate(self.chain, expr);
                        self.semantic(element, value)?.to_text()
                    }
                    None => element.attribute("src").unwrap_or("").to_string(),
                };
                let address = self.document.resolve(&address);
                if (self.recordings)(&address) {
                    spoken.audio.push(address);
                } else {
                    spoken.missing.push(address);
                }
                spoken.gap = true;
                self.spoken_children(engine, element, spoken)?;
                spoken.gap = true;
                Ok(())
            }
            _ => self.spoken_children(engine, element, spoken),
        }
    }
}
