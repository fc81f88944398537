//! How a session handles an event: the transition that fits is played, once for each session and event.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use super::effects::Effect;
use super::page::{Fetched, Page};
use super::session::Session;
use super::telling::{MARK, Telling};
use super::world::{LEG, World};
use super::{Answered, Breach, Explorer};
use crate::event::{Event, Value, fits};
use crate::markup::{Document, Element, Node};
use crate::rules;
use crate::web::HttpRequest;

/// The only session.
pub(super) const SESSION: &str = "session-1";

/// What has come of an event.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) session: Rc<Session>,
    /// By how much the counters were set back.
    pub(super) shifts: Vec<i64>,
    pub(super) effects: Vec<Effect>,
    pub(super) breach: Option<String>,
}

/// A transition while it is played.
pub(super) struct Context {
    pub(super) page: Rc<Page>,
    pub(super) effects: Vec<Effect>,
    pub(super) fetched: Vec<(String, Fetched)>,
    pub(super) mixer: Option<String>,
    used: Vec<String>,
}

impl Context {
    /// An identifier that nothing speaks of: the smallest, so that calls that differ in their past do not differ in it.
    pub(super) fn new_id(&mut self, kind: &str) -> String {
        let mut id = String::new();
        for number in 1.. {
            id = format!("{MARK}{kind}-{number}{MARK}");
            if !self.used.contains(&id) {
                break;
            }
        }
        self.used.push(id.clone());
        id
    }
}

/// What becomes of a transition after an element.
pub(super) enum Flow {
    Next,
    Goto(Rc<Page>),
    Exit,
}

/// A transition can't go on, for this reason.
pub(super) struct Failed(pub(super) String);

impl From<String> for Failed {
    fn from(reason: String) -> Self {
        Failed(reason)
    }
}

impl Explorer {
    /// What comes of an event.
    pub(super) fn play(&mut self, world: &World, telling: &Telling) -> Rc<Played> {
        let used = world.used();
        let mixer = world.mixer.as_ref().map(|mixer| mixer.id.as_str());
        let mut hasher = DefaultHasher::new();
        (telling, &used, mixer, &world.fetched).hash(&mut hasher);
        let key = (world.session.number, hasher.finish());
        if let Some(played) = self.played.get(&key) {
            return Rc::clone(played);
        }
        let context = Context {
            page: Rc::clone(&world.session.page),
            effects: Vec::new(),
            fetched: world.fetched.clone(),
            mixer: mixer.map(str::to_owned),
            used: used.into_iter().map(str::to_owned).collect(),
        };
        let played = Rc::new(self.play_anew(&world.session, context, &telling.event));
        self.played.insert(key, Rc::clone(&played));
        played
    }

    fn play_anew(&mut self, session: &Session, mut context: Context, event: &Event) -> Played {
        let view = match event.name.as_str() {
            "connection.connected" => "CONNECTED",
            "connection.disconnected" | "connection.failed" | "error.connection" => "DISCONNECTED",
            _ => session.view,
        };
        self.enter(view, session.application.clone(), session.variables.clone());
        let outcome = self.handle(&mut context, event);
        let breach = match outcome {
            Ok(Flow::Next) => None,
            Ok(Flow::Goto(next)) => {
                context.page = next;
                self.initialise(view, &mut context).err().map(|Failed(reason)| reason)
            }
            Ok(Flow::Exit) => {
                context.effects.push(Effect::Exit);
                None
            }
            Err(Failed(reason)) => Some(reason),
        };
        let (session, shifts) = self.leave(&context.page, view);
        Played { session, shifts, effects: context.effects, breach }
    }

    /// A session with its first document.
    pub(super) fn first_session(&mut self, page: &Rc<Page>) -> Result<Rc<Session>, String> {
        let context = &mut Context {
            page: Rc::clone(page),
            effects: Vec::new(),
            fetched: Vec::new(),
            mixer: None,
            used: Vec::new(),
        };
        self.enter("ALERTING", Value::Object(Vec::new()), Value::Object(Vec::new()));
        self.initialise("ALERTING", context).map_err(|Failed(reason)| reason)?;
        Ok(self.leave(page, "ALERTING").0)
    }

    /// Makes a document the session's own: its variables get their values, and the session hears so.
    fn initialise(&mut self, view: &'static str, context: &mut Context) -> Result<(), Failed> {
        let application = self.engine.evaluate(self.chain, "application").unwrap_or(Value::Undefined);
        self.enter(view, application, Value::Object(Vec::new()));
        for element in context.page.document.root.elements() {
            match element.name.as_str() {
                "var" => {
                    let name = element.attribute("name").unwrap_or_default();
                    self.engine.declare(self.chain, "ccxml", name, element.attribute("expr"))?;
                }
                "assign" => self.assign(element)?,
                "script" => self.engine.run(self.chain, "ccxml", &element.text())?,
                _ => {}
            }
        }
        context.effects.push(Effect::Loaded);
        Ok(())
    }

    /// Gives the scopes of the engine the values of a session.
    fn enter(&self, view: &str, application: Value, variables: Value) {
        for scope in ["session", "application", "ccxml", "transition"] {
            self.engine.renew(self.chain, scope);
        }
        let leg = Value::Object(vec![
            ("state".into(), view.into()),
            ("remote".into(), "tel:+49301".into()),
            ("local".into(), "tel:+49302".into()),
            ("connectionid".into(), LEG.into()),
        ]);
        self.engine.put(self.chain, "session", "id", SESSION.into());
        self.engine.put(self.chain, "session", "ioprocessors", Value::Object(Vec::new()));
        self.engine.put(self.chain, "session", "connections", Value::Object(vec![(LEG.into(), leg)]));
        self.engine.fill(self.chain, "application", application);
        self.engine.fill(self.chain, "ccxml", variables);
    }

    /// Takes the values of a session from the scopes of the engine.
    fn leave(&mut self, page: &Rc<Page>, view: &'static str) -> (Rc<Session>, Vec<i64>) {
        let scope = |name: &str| self.engine.evaluate(self.chain, name).unwrap_or(Value::Undefined);
        let (application, variables) = (scope("application"), scope("ccxml"));
        let state = self.state(&page.document);
        self.sessions.keep(page, view, state, application, variables)
    }

    fn state(&self, document: &Document) -> String {
        let processor = document.root.child("eventprocessor");
        let variable = processor.and_then(|processor| processor.attribute("statevariable"));
        let value = variable.and_then(|variable| self.engine.read(self.chain, variable).ok());
        value.map_or(String::new(), |value| value.to_text())
    }

    /// Plays the first transition that fits.
    fn handle(&mut self, context: &mut Context, event: &Event) -> Result<Flow, Failed> {
        let mut fields = event.fields.clone();
        fields.push(("name".into(), Value::from(&event.name)));
        self.engine.put(self.chain, "transition", "event$", Value::Object(fields));
        let page = Rc::clone(&context.page);
        let state = self.state(&page.document);
        let processor = page.document.root.child("eventprocessor");
        for transition in processor.into_iter().flat_map(Element::elements) {
            let elsewhere = |states: &str| !states.split_whitespace().any(|one| one == state);
            if transition.attribute("state").is_some_and(elsewhere)
                || transition.attribute("event").is_some_and(|pattern| !fits(pattern, &event.name))
            {
                continue;
            }
            let meant = match transition.attribute("cond") {
                Some(cond) => self.engine.evaluate(self.chain, cond)?.is_true(),
                None => true,
            };
            if meant {
                return self.run(context, &transition.children);
            }
        }
        match event.is_error() || event.name == "ccxml.kill" {
            true => Err(Failed(format!("no transition for {} in {state:?}", event.name))),
            false => Ok(Flow::Next),
        }
    }

    fn run(&mut self, context: &mut Context, nodes: &[Node]) -> Result<Flow, Failed> {
        for node in nodes {
            let Node::Element(element) = node else { continue };
            let flow = if element.name == "if" {
                self.alternative(context, element)?
            } else {
                self.execute(context, element)
                    .map_err(|Failed(reason)| Failed(format!("<{}>: {reason}", element.name)))?
            };
            if !matches!(flow, Flow::Next) {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn alternative(&mut self, context: &mut Context, element: &Element) -> Result<Flow, Failed> {
        for (marker, part) in element.branches() {
            let cond = marker.attribute("cond").unwrap_or_default();
            if marker.name == "else" || self.engine.evaluate(self.chain, cond)?.is_true() {
                return self.run(context, part);
            }
        }
        Ok(Flow::Next)
    }

    /// All that may be answered to a request, read.
    pub(super) fn answers(&mut self, request: &HttpRequest) -> Rc<Vec<Answered>> {
        let key = format!("{} {} {:?}", request.method, request.url, request.form);
        if let Some(answers) = self.answered.get(&key) {
            return Rc::clone(answers);
        }
        let replies = self.application.replies(request);
        let answers = replies.into_iter().map(|reply| {
            let response = &reply.response;
            let content = match response.status {
                200..=299 => {
                    let content = self.read(&request.url, &response.media_type(), &response.body);
                    if let Err(what) = &content {
                        self.exploration.breaches.push(Breach { what: what.clone(), path: Vec::new() });
                    }
                    content
                }
                status => Err(format!("status {status}")),
            };
            Answered { place: reply.place, content }
        });
        let answers = Rc::new(answers.collect::<Vec<_>>());
        self.answered.insert(key, Rc::clone(&answers));
        answers
    }

    fn read(&mut self, url: &str, media_type: &str, body: &str) -> Result<Fetched, String> {
        if media_type != "application/ccxml+xml" {
            return Ok(Fetched::Script(body.into()));
        }
        let document = Document::parse(url, body)?;
        if let Some(problem) = rules::ccxml::check(&document, &self.engine).into_iter().next() {
            return Err(problem.text);
        }
        let page = Page::new(self.pages, document);
        self.pages += 1;
        Ok(Fetched::Document(page))
    }
}
