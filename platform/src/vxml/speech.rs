//! Executable content of VoiceXML, and the prompts in it.

use std::rc::Rc;
use std::time::Duration;

use super::form::{Flow, Form, Thrown, Values};
use crate::event::Value;
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
}

impl Spoken {
    /// How long it takes to say it.
    pub(crate) fn length(&self) -> Duration {
        Duration::from_secs(2)
    }

    fn add(&mut self, words: &str) {
        for word in words.split_whitespace() {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
    }
}

impl Form {
    /// Runs the children of an element in order.
    pub(crate) fn execute(&mut self, engine: &Engine, parent: &Element) -> Flow {
        self.run(engine, &parent.children)
    }

    fn run(&mut self, engine: &Engine, nodes: &[Node]) -> Flow {
        for node in nodes {
            let element = match node {
                Node::Text(text) => {
                    let mut spoken = Spoken::default();
                    spoken.add(text);
                    self.queue(spoken);
                    continue;
                }
                Node::Element(element) => element,
            };
            let attribute = |name: &str| element.attribute(name).unwrap_or("");
            match element.name.as_str() {
                "var" => {
                    let done =
                        engine.declare(self.chain, "local", attribute("name"), element.attribute("expr"));
                    self.semantic(element, done)?;
                }
                "assign" => {
                    let done = engine.assign(self.chain, attribute("name"), attribute("expr"));
                    self.semantic(element, done)?;
                }
                "script" => {
                    let done = engine.run(self.chain, "local", &element.text());
                    self.semantic(element, done)?;
                }
                "log" => {
                    if let Some(expr) = element.attribute("expr") {
                        let value = engine.evaluate(self.chain, expr);
                        self.semantic(element, value)?;
                    }
                }
                "if" => {
                    if let Some(values) = self.alternative(engine, element)? {
                        return Ok(Some(values));
                    }
                }
                "clear" => self.clear(engine, element.attribute("namelist")),
                "reprompt" => self.ask_again(),
                "exit" => return self.exit(engine, element).map(Some),
                "prompt" => self.say(engine, element)?,
                "audio" | "value" => {
                    let mut spoken = Spoken::default();
                    self.speech(engine, element, &mut spoken)?;
                    self.queue(spoken);
                }
                // The table knows all elements; the rest stand where they do nothing by themselves.
                _ => {}
            }
        }
        Ok(None)
    }

    fn alternative(&mut self, engine: &Engine, element: &Element) -> Flow {
        for (marker, part) in element.branches() {
            if self.condition(engine, marker)? {
                return self.run(engine, part);
            }
        }
        Ok(None)
    }

    fn exit(&mut self, engine: &Engine, element: &Element) -> Result<Values, Thrown> {
        let names = element.attribute("namelist").unwrap_or("").split_whitespace();
        names
            .map(|name| {
                let read = engine.read(self.chain, name).and_then(|value| match value {
                    Value::Object(_) => Err(format!("{name} is an object")),
                    Value::Undefined => Ok(Value::Undefined),
                    // A session has to take them as strings, so strings they are.
                    value => Ok(Value::Text(value.to_text())),
                });
                self.semantic(element, read).map(|value| (name.to_string(), value))
            })
            .collect()
    }

    /// Queues a prompt.
    pub(crate) fn say(&mut self, engine: &Engine, prompt: &Element) -> Result<(), Thrown> {
        if !self.condition(engine, prompt)? {
            return Ok(());
        }
        let mut spoken = Spoken::default();
        self.spoken_children(engine, prompt, &mut spoken)?;
        self.queue(spoken);
        Ok(())
    }

    fn queue(&mut self, spoken: Spoken) {
        if !self.hung_up && spoken != Spoken::default() {
            self.spoken.push(spoken);
        }
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
                self.spoken_children(engine, element, spoken)
            }
            _ => self.spoken_children(engine, element, spoken),
        }
    }
}
