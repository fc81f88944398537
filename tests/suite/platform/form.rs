//! The form interpretation algorithm of VoiceXML: what is said, what is asked, what the dialog returns.
//!
//! The form knows neither time nor callers. It runs until it has to listen or is over, leaves behind what it wants to
//! say, and is told later what was heard.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::document::{Document, Element};
use super::event::Value;
use super::schema::duration;
use super::script::{Chain, Engine};
use super::speech::{Recordings, Spoken};

const SCOPES: &[&str] = &["session", "application", "document", "dialog", "local"];

/// What the dialog returns: names and values.
pub(super) type Values = Vec<(String, Value)>;

/// What the form does next, once everything that it has to say is said.
#[derive(Debug)]
pub(super) enum Next {
    /// It waits for keys.
    Listen {
        timeout: Duration,
        /// How long it waits for a further key.
        interdigit: Duration,
        termchar: String,
        /// Keys that were pressed too early, and answer this question.
        typed: String,
    },
    /// It is over; without values when no `<exit>` was run.
    End { values: Option<Values> },
}

/// What a field heard.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Input {
    Keys(String),
    Silence,
    Noise,
}

/// How the platform recognises keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keying {
    pub(super) blanks: bool,
    pub(super) eager: bool,
}

/// A form in progress.
pub(super) struct Form {
    pub(super) document: Rc<Document>,
    pub(super) chain: Chain,
    pub(super) violations: Vec<String>,
    /// What is to be said before anything else.
    pub(super) spoken: Vec<Spoken>,
    pub(super) recordings: Recordings,
    pub(super) hung_up: bool,
    pub(super) keying: Keying,
    pub(super) items: Vec<Item>,
    pub(super) current: usize,
    /// Whether the prompts of the next field are played: not after a handler that did not ask for it.
    pub(super) prompting: bool,
    pub(super) reprompt: bool,
    pub(super) typed: String,
    rounds: usize,
}

/// A field or a block.
pub(super) struct Item {
    /// Its place among the children of the form.
    pub(super) place: usize,
    pub(super) name: String,
    pub(super) prompted: u32,
    pub(super) events: BTreeMap<String, u32>,
}

/// An event that interrupts the form.
pub(super) struct Thrown(pub(super) String);

/// What executable content leads to: going on, or the end of the dialog.
pub(super) type Flow = Result<Option<Values>, Thrown>;

impl Form {
    pub(super) fn new(
        document: Rc<Document>,
        engine: &Engine,
        recordings: Recordings,
        keying: Keying,
    ) -> Self {
        let chain = engine.open(SCOPES);
        Form {
            document,
            chain,
            violations: Vec::new(),
            spoken: Vec::new(),
            recordings,
            hung_up: false,
            keying,
            items: Vec::new(),
            current: 0,
            prompting: true,
            reprompt: false,
            typed: String::new(),
            rounds: 0,
        }
    }

    /// Initialises the document and its first form, and runs to the first question.
    pub(super) fn start(&mut self, engine: &Engine) -> Next {
        let document = Rc::clone(&self.document);
        let form = document.root.child("form").expect("a checked document has a form");
        if self.initialise(engine, &document.root, "document").is_err()
            || self.initialise(engine, form, "dialog").is_err()
        {
            return Next::End { values: None };
        }
        for (place, element) in form.elements().enumerate() {
            if !matches!(element.name.as_str(), "field" | "block") {
                continue;
            }
            let name = element.attribute("name").map_or_else(|| format!("$item{place}"), str::to_string);
            let declared = engine.declare(self.chain, "dialog", &name, element.attribute("expr"));
            if self.semantic(element, declared).is_err() {
                return Next::End { values: None };
            }
            self.items.push(Item { place, name, prompted: 0, events: BTreeMap::new() });
        }
        self.advance(engine)
    }

    fn initialise(&mut self, engine: &Engine, parent: &Element, scope: &str) -> Result<(), Thrown> {
        for element in parent.elements() {
            match element.name.as_str() {
                "var" => {
                    let name = element.attribute("name").unwrap_or("");
                    let declared = engine.declare(self.chain, scope, name, element.attribute("expr"));
                    self.semantic(element, declared)?;
                }
                "script" => {
                    let run = engine.run(self.chain, scope, &element.text());
                    self.semantic(element, run)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Visits one item after the other until one has to listen.
    fn advance(&mut self, engine: &Engine) -> Next {
        let document = Rc::clone(&self.document);
        let form = document.root.child("form").expect("a checked document has a form");
        loop {
            self.rounds += 1;
            if self.rounds > 200 {
                self.violations.push(format!("{}: the dialog does not come to an end", document.url));
                return Next::End { values: None };
            }
            let Some((index, element)) = self.next_item(engine, form) else {
                return Next::End { values: None };
            };
            self.current = index;
            engine.renew(self.chain, "local");
            if element.name == "field" {
                if self.hung_up {
                    self.violations
                        .push(format!("{}: asks for input after the hang-up", document.place(element)));
                    return Next::End { values: None };
                }
                return match self.prompts(engine, element) {
                    Ok(timeout) => self.listen(element, timeout),
                    Err(thrown) => self.handle(engine, &thrown.0).unwrap_or_else(|| self.advance(engine)),
                };
            }
            engine.put(self.chain, "dialog", &self.items[index].name, Value::Bool(true));
            match self.execute(engine, element) {
                Ok(None) => {}
                Ok(values) => return Next::End { values },
                Err(thrown) => {
                    if let Some(next) = self.handle(engine, &thrown.0) {
                        return next;
                    }
                }
            }
        }
    }

    fn next_item<'a>(&mut self, engine: &Engine, form: &'a Element) -> Option<(usize, &'a Element)> {
        for index in 0..self.items.len() {
            let element = form.elements().nth(self.items[index].place)?;
            let open = engine.read(self.chain, &format!("dialog.{}", self.items[index].name));
            if matches!(open, Ok(Value::Undefined)) && self.condition(engine, element).unwrap_or(false) {
                return Some((index, element));
            }
        }
        None
    }

    /// Queues the prompts of a field, as often as it has been visited, and gives its own timeout.
    fn prompts(&mut self, engine: &Engine, field: &Element) -> Result<Option<Duration>, Thrown> {
        if !std::mem::replace(&mut self.prompting, true) {
            return Ok(None);
        }
        self.items[self.current].prompted += 1;
        let visit = self.items[self.current].prompted;
        let count =
            |element: &Element| element.attribute("count").map_or(1, |count| count.parse().unwrap_or(1));
        let mut candidates = Vec::new();
        for prompt in field.elements().filter(|element| element.name == "prompt") {
            if count(prompt) <= visit && self.condition(engine, prompt)? {
                candidates.push(prompt);
            }
        }
        let highest = candidates.iter().map(|prompt| count(prompt)).max().unwrap_or(1);
        let mut timeout = None;
        for prompt in candidates.into_iter().filter(|prompt| count(prompt) == highest) {
            self.say(engine, prompt)?;
            timeout = prompt.attribute("timeout").and_then(duration).or(timeout);
        }
        Ok(timeout)
    }

    /// Tells the form what the field that listens has heard.
    pub(super) fn hear(&mut self, engine: &Engine, input: Input) -> Next {
        let document = Rc::clone(&self.document);
        let form = document.root.child("form").expect("a checked document has a form");
        let field = form.elements().nth(self.items[self.current].place).expect("the field that listens");
        let event = match input {
            Input::Silence => "noinput",
            Input::Noise => "nomatch",
            Input::Keys(keys) => match self.recognise(field, &keys) {
                Some(result) => {
                    engine.put(self.chain, "dialog", &self.items[self.current].name, Value::Text(result));
                    return self.filled(engine, field, form);
                }
                None => "nomatch",
            },
        };
        self.handle(engine, event).unwrap_or_else(|| self.advance(engine))
    }

    fn filled(&mut self, engine: &Engine, field: &Element, form: &Element) -> Next {
        let open = |item: &Item| {
            matches!(engine.read(self.chain, &format!("dialog.{}", item.name)), Ok(Value::Undefined))
        };
        let is_field =
            |item: &&Item| form.elements().nth(item.place).is_some_and(|element| element.name == "field");
        let complete = !self.items.iter().filter(is_field).any(open);
        let of_form = form.elements().filter(|element| complete || element.attribute("mode") == Some("any"));
        let handlers: Vec<&Element> =
            field.elements().chain(of_form).filter(|element| element.name == "filled").collect();
        for handler in handlers {
            engine.renew(self.chain, "local");
            match self.execute(engine, handler) {
                Ok(None) => {}
                Ok(values) => return Next::End { values },
                Err(thrown) => {
                    if let Some(next) = self.handle(engine, &thrown.0) {
                        return next;
                    }
                }
            }
        }
        self.advance(engine)
    }

    /// `<clear>`: fields are asked again, and their counters start anew.
    pub(super) fn clear(&mut self, engine: &Engine, names: Option<&str>) {
        for item in &mut self.items {
            if names.is_none_or(|names| names.split_whitespace().any(|name| name == item.name)) {
                engine.put(self.chain, "dialog", &item.name, Value::Undefined);
                item.prompted = 0;
                item.events.clear();
            }
        }
    }

    pub(super) fn ask_again(&mut self) {
        self.reprompt = true;
    }

    pub(super) fn condition(&mut self, engine: &Engine, element: &Element) -> Result<bool, Thrown> {
        match element.attribute("cond") {
            Some(cond) => {
                let value = engine.evaluate(self.chain, cond);
                self.semantic(element, value).map(|value| value.is_true())
            }
            None => Ok(true),
        }
    }

    /// Turns a script error into the event that it throws; none should ever arise.
    pub(super) fn semantic<T>(&mut self, element: &Element, result: Result<T, String>) -> Result<T, Thrown> {
        result.map_err(|reason| {
            self.violations
                .push(format!("{}: error.semantic in {element}: {reason}", self.document.place(element)));
            Thrown("error.semantic".into())
        })
    }
}
