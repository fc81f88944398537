//! Fields and menus: what they ask, how they listen, what they make of keys.

use std::rc::Rc;
use std::time::Duration;

use super::form::{Exit, Flow, Form, Input, Item, Listen, Next, Thrown};
use super::grammar::{Fit, Grammar};
use crate::clock::{parse_time, secs};
use crate::event::Value;
use crate::markup::Element;
use crate::script::Engine;
use crate::trace::Rule;

impl Form {
    /// Asks what a field or a menu has to ask.
    pub(super) fn visit(&mut self, engine: &Engine, field: &Element) -> Next {
        if self.hung_up {
            let text = format!("{}: asks for input after the hang-up", self.document.place(field));
            self.violate(Rule::Semantic, text);
            return Next::End(None);
        }
        match self.prompts(engine, field) {
            Ok(timeout) => Next::Listen(self.listen(field, timeout)),
            Err(thrown) => self.handle(engine, &thrown.0).unwrap_or_else(|| self.advance(engine)),
        }
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

    fn listen(&self, field: &Element, timeout: Option<Duration>) -> Listen {
        let time = |name: &str| self.property(Some(field), name).as_deref().and_then(parse_time);
        Listen {
            timeout: timeout.or_else(|| time("timeout")).unwrap_or(secs(7)),
            interdigit: time("interdigittimeout").unwrap_or(secs(4)),
            termtimeout: time("termtimeout").unwrap_or_default(),
            termchar: self.property(Some(field), "termchar").unwrap_or("#".into()),
        }
    }

    /// The innermost property of that name.
    pub(super) fn property(&self, field: Option<&Element>, name: &str) -> Option<String> {
        let holders = field.into_iter().chain(self.element(&self.document)).chain([&self.document.root]);
        holders.into_iter().find_map(|holder| {
            let set = holder
                .elements()
                .filter(|element| element.name == "property")
                .filter(|p| p.attribute("name") == Some(name));
            set.last()?.attribute("value").map(str::to_string)
        })
    }

    /// How the keys so far fit what the field that listens takes.
    pub(crate) fn fit(&self, keys: &str) -> Fit {
        let field = self.items.get(self.current).and_then(|item| {
            let form = self.element(&self.document)?;
            self.item_element(form, item)
        });
        field.map_or(Fit::default(), |field| fit(field, keys))
    }

    /// Tells the form what the field that listens has heard.
    pub(crate) fn hear(&mut self, engine: &Engine, input: Input) -> Next {
        let document = Rc::clone(&self.document);
        let Some(form) = self.element(&document) else { return Next::End(None) };
        let Some(item) = self.items.get(self.current) else { return Next::End(None) };
        let name = item.name.clone();
        let Some(field) = self.item_element(form, item) else { return Next::End(None) };
        let event = match input {
            Input::Silence => "noinput",
            Input::Noise => "nomatch",
            Input::Keys(keys) if fit(field, &keys).complete => {
                let blank = if self.blanks { " " } else { "" };
                let result = keys.chars().map(String::from).collect::<Vec<_>>().join(blank);
                engine.put(self.chain, "dialog", &name, Value::Text(result));
                return match field.name.as_str() {
                    "menu" => self.choose_from(engine, field, &keys),
                    _ => self.filled(engine, field, form),
                };
            }
            Input::Keys(_) => "nomatch",
        };
        self.handle(engine, event).unwrap_or_else(|| self.advance(engine))
    }

    fn filled(&mut self, engine: &Engine, field: &Element, form: &Element) -> Next {
        let open = |item: &Item| {
            matches!(engine.read(self.chain, &format!("dialog.{}", item.name)), Ok(Value::Undefined))
        };
        let is_field =
            |item: &&Item| self.item_element(form, item).is_some_and(|element| element.name == "field");
        let complete = !self.items.iter().filter(is_field).any(open);
        let of_form = form.elements().filter(|element| complete || element.attribute("mode") == Some("any"));
        let handlers: Vec<&Element> =
            field.elements().chain(of_form).filter(|element| element.name == "filled").collect();
        for handler in handlers {
            engine.renew(self.chain, "local");
            let flow = self.execute(engine, handler);
            if let Some(next) = self.follow(engine, flow) {
                return next;
            }
        }
        self.advance(engine)
    }

    /// Goes where a choice of a menu leads.
    fn choose_from(&mut self, engine: &Engine, menu: &Element, keys: &str) -> Next {
        let choice = choices(menu).into_iter().find(|(key, _)| key == keys).map(|(_, choice)| choice);
        let flow = choice.map_or(Ok(None), |choice| self.chosen(engine, choice));
        self.follow(engine, flow).unwrap_or_else(|| self.advance(engine))
    }

    fn chosen(&mut self, engine: &Engine, choice: &Element) -> Flow {
        if let Some(event) = choice.attribute("event") {
            return Err(Thrown(event.into()));
        }
        self.target(engine, choice, "next", "expr").map(|target| target.map(Exit::Form))
    }

    /// The form that an element leads to; other documents are more than this platform can do.
    pub(super) fn target(
        &mut self,
        engine: &Engine,
        element: &Element,
        literal: &str,
        expression: &str,
    ) -> Result<Option<String>, Thrown> {
        let target = match element.attribute(expression) {
            Some(expr) => {
                let value = engine.evaluate(self.chain, expr);
                self.semantic(element, value)?.to_text()
            }
            None => match element.attribute(literal) {
                Some(target) => target.into(),
                None => return Ok(None),
            },
        };
        if let Some(id) = target.strip_prefix('#') {
            return Ok(Some(id.into()));
        }
        let place = self.document.place(element);
        self.violate(
            Rule::Unsupported,
            format!("{place}: another document is more than this platform can do"),
        );
        Err(Thrown("error.unsupported.goto".into()))
    }
}

/// How keys fit the grammars of a field, or the choices of a menu.
fn fit(field: &Element, keys: &str) -> Fit {
    let fits: Vec<Fit> = if field.name == "menu" {
        let keyed = |(wanted, _): (String, &Element)| Fit {
            complete: wanted == keys,
            extensible: wanted.len() > keys.len() && wanted.starts_with(keys),
        };
        choices(field).into_iter().map(keyed).collect()
    } else {
        let grammars = field.elements().filter(|element| element.name == "grammar");
        grammars.map(|grammar| Grammar(grammar).fit(keys)).collect()
    };
    Fit { complete: fits.iter().any(|fit| fit.complete), extensible: fits.iter().any(|fit| fit.extensible) }
}

/// The choices of a menu with their keys: as written, or from 1 upwards with `dtmf="true"` on the menu.
fn choices(menu: &Element) -> Vec<(String, &Element)> {
    let counts = menu.attribute("dtmf") == Some("true");
    let choices = menu.elements().filter(|element| element.name == "choice").zip(1..);
    let keyed = choices.filter_map(|(choice, number): (&Element, usize)| {
        let own = choice.attribute("dtmf").map(|keys| keys.split_whitespace().collect::<String>());
        let key = own.or_else(|| (counts && number < 10).then(|| number.to_string()))?;
        Some((key, choice))
    });
    keyed.collect()
}
