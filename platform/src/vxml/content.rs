//! Executable content of VoiceXML.

use super::form::{Exit, Flow, Form, Thrown, Values};
use super::spoken::Spoken;
use crate::event::Value;
use crate::markup::{Element, Node};
use crate::script::Engine;

impl Form {
    /// Runs the children of an element in order.
    pub(super) fn execute(&mut self, engine: &Engine, parent: &Element) -> Flow {
        self.run(engine, &parent.children)
    }

    fn run(&mut self, engine: &Engine, nodes: &[Node]) -> Flow {
        for node in nodes {
            let element = match node {
                Node::Text(text) => {
                    self.queue(Spoken::of(text));
                    continue;
                }
                Node::Element(element) => element,
            };
            if let Some(exit) = self.act(engine, element)? {
                return Ok(Some(exit));
            }
        }
        Ok(None)
    }

    fn act(&mut self, engine: &Engine, element: &Element) -> Flow {
        let attribute = |name: &str| element.attribute(name).unwrap_or("");
        let done = match element.name.as_str() {
            "var" => engine.declare(self.chain, "local", attribute("name"), element.attribute("expr")),
            "assign" => engine.assign(self.chain, attribute("name"), attribute("expr")),
            "script" => engine.run(self.chain, "local", &element.text()),
            "log" => {
                element.attribute("expr").map_or(Ok(()), |expr| engine.evaluate(self.chain, expr).map(drop))
            }
            "if" => return self.alternative(engine, element),
            "clear" => {
                self.clear(engine, element.attribute("namelist"));
                Ok(())
            }
            "reprompt" => {
                self.reprompt = true;
                Ok(())
            }
            "throw" => return Err(self.thrown(engine, element)?),
            "goto" => return self.goto(engine, element),
            "exit" => return Ok(Some(Exit::Values(self.namelist(engine, element)?))),
            "disconnect" => return Ok(Some(Exit::Disconnect(self.namelist(engine, element)?))),
            "prompt" => return self.say(engine, element).map(|()| None),
            "audio" | "value" => {
                let spoken = self.spoken_by(engine, element)?;
                self.queue(spoken);
                Ok(())
            }
            // The table knows all elements; the rest stand where they do nothing by themselves.
            _ => Ok(()),
        };
        self.semantic(element, done).map(|()| None)
    }

    fn alternative(&mut self, engine: &Engine, element: &Element) -> Flow {
        for (marker, part) in element.branches() {
            if self.condition(engine, marker)? {
                return self.run(engine, part);
            }
        }
        Ok(None)
    }

    fn thrown(&mut self, engine: &Engine, element: &Element) -> Result<Thrown, Thrown> {
        match element.attribute("eventexpr") {
            Some(expr) => {
                let event = engine.evaluate(self.chain, expr);
                Ok(Thrown(self.semantic(element, event)?.to_text()))
            }
            None => Ok(Thrown(element.attribute("event").unwrap_or("").into())),
        }
    }

    fn goto(&mut self, engine: &Engine, element: &Element) -> Flow {
        if let Some(item) = element.attribute("nextitem") {
            return Ok(Some(Exit::Item(item.into())));
        }
        Ok(self.target(engine, element, "next", "expr")?.map(Exit::Form))
    }

    /// Names and values of a `namelist`.
    fn namelist(&mut self, engine: &Engine, element: &Element) -> Result<Values, Thrown> {
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
}
