//! The form interpretation algorithm of VoiceXML: which form and which item of it comes next.
//!
//! The form knows neither time nor callers. It runs until it has to listen or is over, leaves behind what it wants to
//! say, and is told later what was heard.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::spoken::{Recordings, Spoken};
use crate::event::Value;
use crate::markup::{Document, Element};
use crate::script::{Chain, Engine};
use crate::trace::{Rule, Violation};

const SCOPES: &[&str] = &["session", "application", "document", "dialog", "local"];

/// How many items a dialog may visit without listening.
const TOO_MANY_ROUNDS: usize = 200;

/// What the dialog returns: names and values.
pub(crate) type Values = Vec<(String, Value)>;

/// What the form does next, once everything that it has to say is said.
#[derive(Debug)]
pub(crate) enum Next {
    /// It waits for keys.
    Listen(Listen),
    /// It is over; without values when no `<exit>` was run.
    End(Option<Values>),
    /// It asks for the call to be disconnected, and is over when that has happened.
    Disconnect(Values),
}

/// How a field waits for keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listen {
    /// How long it waits for the first key.
    pub(crate) timeout: Duration,
    /// How long it waits for a further key.
    pub(crate) interdigit: Duration,
    /// How long it waits for the key that ends the entry, once no other could follow.
    pub(crate) termtimeout: Duration,
    /// The key that ends the entry, empty for none.
    pub(crate) termchar: String,
}

/// What a field heard.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Input {
    /// Keys, without the one that ended the entry.
    Keys(String),
    Silence,
    Noise,
}

/// The forms and menus of a document in progress.
pub(crate) struct Form {
    pub(super) document: Rc<Document>,
    pub(crate) chain: Chain,
    pub(crate) violations: Vec<Violation>,
    /// What is to be said before anything else.
    pub(crate) spoken: Vec<Spoken>,
    pub(super) recordings: Recordings,
    pub(super) hung_up: bool,
    /// Recognised keys come back with blanks between them.
    pub(super) blanks: bool,
    /// The place of the form or menu among the document's elements.
    place: usize,
    pub(super) items: Vec<Item>,
    pub(super) current: usize,
    /// Whether the prompts of the next field are played: not after a handler that did not ask for it.
    pub(super) prompting: bool,
    pub(super) reprompt: bool,
    rounds: usize,
}

/// A field, a block, or a menu as a whole.
pub(super) struct Item {
    /// Its place among the elements of the form.
    place: usize,
    pub(super) name: String,
    pub(super) prompted: u32,
    pub(super) events: BTreeMap<String, u32>,
}

/// An event that interrupts the form.
pub(super) struct Thrown(pub(super) String);

/// Where executable content leads, if not to what comes after it.
pub(super) enum Exit {
    /// Out of the dialog.
    Values(Values),
    Disconnect(Values),
    /// To the form or menu with this id.
    Form(String),
    /// To the item of this name.
    Item(String),
}

/// What executable content leads to: going on, or elsewhere.
pub(super) type Flow = Result<Option<Exit>, Thrown>;

impl Form {
    pub(crate) fn new(document: Rc<Document>, engine: &Engine, recordings: Recordings, blanks: bool) -> Self {
        Form {
            document,
            chain: engine.open(SCOPES),
            violations: Vec::new(),
            spoken: Vec::new(),
            recordings,
            hung_up: false,
            blanks,
            place: 0,
            items: Vec::new(),
            current: 0,
            prompting: true,
            reprompt: false,
            rounds: 0,
        }
    }

    /// The language of the document, empty if it names none.
    pub(crate) fn language(&self) -> &str {
        self.document.root.attribute("xml:lang").unwrap_or("")
    }

    /// Initialises the document and its first form, and runs to the first question.
    pub(crate) fn start(&mut self, engine: &Engine) -> Next {
        let document = Rc::clone(&self.document);
        let first = document.root.elements().position(is_form);
        let Some(first) = first.filter(|_| self.initialise(engine, &document.root, "document").is_ok())
        else {
            return Next::End(None);
        };
        self.enter(engine, first)
    }

    /// Begins a form or a menu.
    fn enter(&mut self, engine: &Engine, place: usize) -> Next {
        let document = Rc::clone(&self.document);
        self.place = place;
        self.items.clear();
        self.prompting = true;
        engine.renew(self.chain, "dialog");
        let Some(form) = document.root.elements().nth(place) else { return Next::End(None) };
        if self.initialise(engine, form, "dialog").is_err() {
            return Next::End(None);
        }
        let items: Vec<(usize, &Element)> = match form.name.as_str() {
            "menu" => vec![(0, form)],
            _ => {
                let elements = form.elements().enumerate();
                elements.filter(|(_, element)| matches!(element.name.as_str(), "field" | "block")).collect()
            }
        };
        for (place, element) in items {
            let name = element.attribute("name").map_or_else(|| format!("$item{place}"), str::to_string);
            let declared = engine.declare(self.chain, "dialog", &name, element.attribute("expr"));
            if self.semantic(element, declared).is_err() {
                return Next::End(None);
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

    /// The form or menu in progress.
    pub(super) fn element<'a>(&self, document: &'a Document) -> Option<&'a Element> {
        document.root.elements().nth(self.place)
    }

    /// The element of an item, which is the menu itself if it is one.
    pub(super) fn item_element<'a>(&self, form: &'a Element, item: &Item) -> Option<&'a Element> {
        if form.name == "menu" { Some(form) } else { form.elements().nth(item.place) }
    }

    /// Visits one item after the other until one has to listen.
    pub(super) fn advance(&mut self, engine: &Engine) -> Next {
        let document = Rc::clone(&self.document);
        let Some(form) = self.element(&document) else { return Next::End(None) };
        loop {
            self.rounds += 1;
            if self.rounds > TOO_MANY_ROUNDS {
                self.violate(Rule::Endless, format!("{}: the dialog does not come to an end", document.url));
                return Next::End(None);
            }
            let Some((index, element)) = self.next_item(engine, form) else { return Next::End(None) };
            self.current = index;
            engine.renew(self.chain, "local");
            if element.name != "block" {
                return self.visit(engine, element);
            }
            if let Some(item) = self.items.get(index) {
                engine.put(self.chain, "dialog", &item.name, Value::Bool(true));
            }
            let flow = self.execute(engine, element);
            if let Some(next) = self.follow(engine, flow) {
                return next;
            }
        }
    }

    /// What comes after executable content; None to go on with the form.
    pub(super) fn follow(&mut self, engine: &Engine, flow: Flow) -> Option<Next> {
        match flow {
            Ok(None) => None,
            Ok(Some(exit)) => Some(self.leave(engine, exit)),
            Err(thrown) => self.handle(engine, &thrown.0),
        }
    }

    /// Goes where executable content leads.
    pub(super) fn leave(&mut self, engine: &Engine, exit: Exit) -> Next {
        match exit {
            Exit::Values(values) => Next::End(Some(values)),
            Exit::Disconnect(values) => Next::Disconnect(values),
            Exit::Item(name) => {
                self.clear(engine, Some(&name));
                self.advance(engine)
            }
            Exit::Form(id) => self.go_to(engine, &id),
        }
    }

    fn go_to(&mut self, engine: &Engine, id: &str) -> Next {
        self.rounds += 1;
        let wanted = |element: &Element| is_form(element) && element.attribute("id") == Some(id);
        let place = self.document.root.elements().position(wanted);
        match place {
            Some(place) if self.rounds <= TOO_MANY_ROUNDS => self.enter(engine, place),
            // Goes no further, and says that there is no end.
            Some(_) => self.advance(engine),
            None => {
                self.violate(Rule::Semantic, format!("{}: there is no form {id:?}", self.document.url));
                self.handle(engine, "error.badfetch").unwrap_or(Next::End(None))
            }
        }
    }

    fn next_item<'a>(&mut self, engine: &Engine, form: &'a Element) -> Option<(usize, &'a Element)> {
        for index in 0..self.items.len() {
            let item = self.items.get(index)?;
            let element = self.item_element(form, item)?;
            let open = engine.read(self.chain, &format!("dialog.{}", item.name));
            if matches!(open, Ok(Value::Undefined)) && self.condition(engine, element).unwrap_or(false) {
                return Some((index, element));
            }
        }
        None
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
            let place = self.document.place(element);
            self.violate(Rule::Semantic, format!("{place}: error.semantic in {element}: {reason}"));
            Thrown("error.semantic".into())
        })
    }

    pub(super) fn violate(&mut self, rule: Rule, text: String) {
        self.violations.push(Violation::new(rule, text));
    }
}

fn is_form(element: &Element) -> bool {
    matches!(element.name.as_str(), "form" | "menu")
}
