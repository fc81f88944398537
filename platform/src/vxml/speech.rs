//! What a dialog says.

use super::form::{Form, Thrown};
use super::spoken::Spoken;
use crate::clock::parse_time;
use crate::markup::{Element, Node};
use crate::script::Engine;

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
