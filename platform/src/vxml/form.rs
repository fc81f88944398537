//! The form interpretation algorithm of VoiceXML: what is said, what is asked, what the dialog returns.
//!
//! The form knows neither time nor callers. It runs until it has to listen or is over, leaves behind what it wants to
//! say, and is told later what was heard.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::speech::{Recordings, Spoken};
use crate::clock::parse_time;
use crate::event::Value;
use crate::markup::{Document, Element};
use crate::script::{Chain, Engine};
use crate::trace::{Rule, Violation};

const SCOPES: &[&str] = &["session", "application", "document", "dialog", "local"];

/// What the dialog returns: names and values.
pub(crate) type Values = Vec<(String, Value)>;

/// What the form does next, once everything that it has to say is said.
#[derive(Debug)]
pub(crate) enum Next {
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
pub(crate) enum Input {
    Keys(String),
    Silence,
    Noise,
}

/// How the platform recognises keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keying {
    pub(crate) blanks: bool,
    pub(crate) eager: bool,
}

/// A form in progress.
pub(crate) struct Form {
    pub(crate) document: Rc<Document>,
    pub(crate) chain: Chain,
    pub(crate) violations: Vec<Violation>,
    /// What is to be said before anything else.
    pub(crate) spoken: Vec<Spoken>,
    pub(crate) recordings: Recordings,
    pub(crate) hung_up: bool,
    pub(crate) keying: Keying,
    pub(crate) items: Vec<Item>,
    pub(crate) current: usize,
    /// Whether the prompts of the next field are played: not after a handler that did not ask for it.
    pub(crate) prompting: bool,
    pub(crate) reprompt: bool,
    pub(crate) typed: String,
    rounds: usize,
}

/// A field or a block.
pub(crate) struct Item {
    /// Its place among the children of the form.
    pub(crate) place: usize,
    pub(crate) name: String,
    pub(crate) prompted: u32,
    pub(crate) events: BTreeMap<String, u32>,
}

/// An event that interrupts the form.
pub(crate) struct Thrown(pub(crate) String);

/// What executable content leads to: going on, or the end of the dialog.
pub(crate) type Flow = Result<Option<Values>, Thrown>;

impl Form {
    pub(crate) fn new(
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
    pub(crate) fn start(&mut self, engine: &Engine) -> Next {
        let document = Rc::clone(&self.document);
        let Some(form) = document.root.child("form") else { return Next::End { values: None } };
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
        let Some(form) = document.root.child("form") else { return Next::End { values: None } };
        loop {
            self.rounds += 1;
            if self.rounds > 200 {
                self.violate(Rule::Endless, format!("{}: the dialog does not come to an end", document.url));
                return Next::End { values: None };
            }
            let Some((index, element)) = self.next_item(engine, form) else {
                return Next::End { values: None };
            };
            self.current = index;
            engine.renew(self.chain, "local");
            if element.name == "field" {
                if self.hung_up {
                    let text = format!("{}: asks for input after the hang-up", document.place(element));
                    self.violate(Rule::Semantic, text);
                    return Next::End { values: None };
                }
                return match self.prompts(engine, element) {
                    Ok(timeout) => self.listen(element, timeout),
                    Err(thrown) => self.handle(engine, &thrown.0).unwrap_or_else(|| self.advance(engine)),
                };
            }
            if let Some(item) = self.items.get(index) {
                engine.put(self.chain, "dialog", &item.name, Value::Bool(true));
            }
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
        let items = self.items.iter().map(|item| (item.place, format!("dialog.{}", item.name)));
        for (index, (place, name)) in items.collect::<Vec<_>>().into_iter().enumerate() {
            let element = form.elements().nth(place)?;
            let open = engine.read(self.chain, &name);
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
        let Some(item) = self.items.get_mut(self.current) else { return Ok(None) };
        item.prompted += 1;
        let visit = item.prompted;
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
            timeout = prompt.attribute("timeout").and_then(parse_time).or(timeout);
        }
        Ok(timeout)
    }

    /// Tells the form what the field that listens has heard.
    pub(crate) fn hear(&mut self, engine: &Engine, input: Input) -> Next {
        let document = Rc::clone(&self.document);
        let form = document.root.child("form");
        let item = self.items.get(self.current).map(|item| (item.place, item.name.clone()));
        let (Some(form), Some((place, name))) = (form, item) else { return Next::End { values: None } };
        let Some(field) = form.elements().nth(place) else { return Next::End { values: None } };
        let event = match input {
            Input::Silence => "noinput",
            Input::Noise => "nomatch",
            Input::Keys(keys) => match self.recognise(field, &keys) {
                Some(result) => {
                    engine.put(self.chain, "dialog", &name, Value::Text(result));
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
    pub(crate) fn clear(&mut self, engine: &Engine, names: Option<&str>) {
        for item in &mut self.items {
            if names.is_none_or(|names| names.split_whitespace().any(|name| name == item.name)) {
                engine.put(self.chain, "dialog", &item.name, Value::Undefined);
                item.prompted = 0;
                item.events.clear();
            }
        }
    }

    pub(crate) fn ask_again(&mut self) {
        self.reprompt = true;
    }

    pub(crate) fn condition(&mut self, engine: &Engine, element: &Element) -> Result<bool, Thrown> {
        match element.attribute("cond") {
            Some(cond) => {
                let value = engine.evaluate(self.chain, cond);
                self.semantic(element, value).map(|value| value.is_true())
            }
            None => Ok(true),
        }
    }

    /// Turns a script error into the event that it throws; none should ever arise.
    pub(crate) fn semantic<T>(&mut self, element: &Element, result: Result<T, String>) -> Result<T, Thrown> {
        result.map_err(|reason| {
            let place = self.document.place(element);
            self.violate(Rule::Semantic, format!("{place}: error.semantic in {element}: {reason}"));
            Thrown("error.semantic".into())
        })
    }

    pub(crate) fn violate(&mut self, rule: Rule, text: String) {
        self.violations.push(Violation::new(rule, text));
    }
}
