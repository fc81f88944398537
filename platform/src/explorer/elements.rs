//! What the elements of a transition do: change variables, start things around the session.

use std::rc::Rc;
use std::time::Duration;

use super::Explorer;
use super::effects::Effect;
use super::page::Fetched;
use super::play::{Context, Failed, Flow, SESSION};
use super::telling::MARK;
use crate::clock::parse_time;
use crate::event::Value;
use crate::markup::Element;
use crate::web::HttpRequest;
use crate::web::address::encode_fields;

/// What a join asks for beyond who hears whom.
const EXTRAS: &[&str] = &["entertone", "exittone", "dtmfclamp", "toneclamp"];

impl Explorer {
    pub(super) fn execute(&mut self, context: &mut Context, element: &Element) -> Result<Flow, Failed> {
        match element.name.as_str() {
            "var" => {
                let name = element.attribute("name").unwrap_or_default();
                self.engine.declare(self.chain, "transition", name, element.attribute("expr"))?;
            }
            "assign" => self.assign(element)?,
            "log" => {
                self.value(element, "expr")?;
            }
            "script" => self.script(context, element)?,
            "send" => self.send(context, element)?,
            "fetch" => self.fetch(context, element)?,
            "accept" => {
                self.id(element, "connectionid")?;
                context.effects.push(Effect::Accept);
            }
            "disconnect" => {
                self.id(element, "connectionid")?;
                context.effects.push(Effect::Disconnect);
            }
            "createconference" => {
                // There is only one name.
                let id = context.mixer.clone().unwrap_or_else(|| context.new_id("conference"));
                context.mixer = Some(id.clone());
                self.set(element, "conferenceid", &id)?;
                context.effects.push(Effect::Create(id));
            }
            "destroyconference" => {
                let id = self.id(element, "conferenceid")?;
                context.effects.push(Effect::Destroy(id));
            }
            "join" => {
                let (id1, id2) = (self.id(element, "id1")?, self.id(element, "id2")?);
                let extras = EXTRAS.iter().any(|name| element.attribute(name).is_some());
                context.effects.push(Effect::Join { id1, id2, extras });
            }
            "unjoin" => {
                let (id1, id2) = (self.id(element, "id1")?, self.id(element, "id2")?);
                context.effects.push(Effect::Unjoin { id1, id2 });
            }
            "dialogstart" => {
                self.id(element, "connectionid")?;
                let source = self.text(element, "src")?.into();
                let id = context.new_id("dialog");
                self.set(element, "dialogid", &id)?;
                context.effects.push(Effect::DialogStart { id, source });
            }
            "dialogterminate" => {
                let id = self.id(element, "dialogid")?;
                context.effects.push(Effect::DialogTerminate(id));
            }
            "exit" => return Ok(Flow::Exit),
            "goto" => {
                let id = self.text(element, "fetchid")?;
                return match fetched(context, &id) {
                    Some(Fetched::Document(next)) => Ok(Flow::Goto(Rc::clone(next))),
                    _ => Err(Failed("no document has been fetched".into())),
                };
            }
            _ => return Err(Failed("is more than the explorer plays".into())),
        }
        Ok(Flow::Next)
    }

    fn script(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let source = if element.attribute("fetchid").is_some() {
            match fetched(context, &self.text(element, "fetchid")?) {
                Some(Fetched::Script(source)) => source.to_string(),
                _ => return Err(Failed("no script has been fetched".into())),
            }
        } else {
            element.text()
        };
        Ok(self.engine.run(self.chain, "ccxml", &source)?)
    }

    fn send(&mut self, context: &mut Context, element: &Element) -> Result<(), Failed> {
        let (target, name) = (self.text(element, "target")?, self.text(element, "name")?);
        let delay = match element.attribute("delay") {
            Some(_) => {
                let delay = self.text(element, "delay")?;
                parse_time(&delay).ok_or_else(|| Failed(format!("{delay:?} is no time")))?
            }
            None => Duration::ZERO,
        };
        // Nobody waits for longer than a year.
        let delay = delay.as_millis().try_into().unwrap_or(u64::MAX).min(365 * 86_400_000);
        context.effects.push(match target == SESSION {
            true => Effect::Send { delay, name },
            false => Effect::SendAway,
        });
        Ok(())
    }

    fn fetch(&mut self, context: &mut Context, element: &Element) -> Result<(), Failed> {
        let url = context.page.document.resolve(&self.text(element, "next")?);
        let post = element.attribute("method").is_some() && self.text(element, "method")? == "post";
        let mut fields = Vec::new();
        for name in element.attribute("namelist").unwrap_or_default().split_whitespace() {
            fields.push((name, self.engine.read(self.chain, name)?.to_text()));
        }
        let encoded = encode_fields(fields.iter().map(|(name, value)| (*name, value.as_str())));
        let (method, url, form) = if post {
            ("POST", url, Some(encoded))
        } else {
            ("GET", format!("{url}{}{encoded}", if url.contains('?') { '&' } else { '?' }), None)
        };
        let id = context.new_id("fetch");
        self.set(element, "fetchid", &id)?;
        let request = HttpRequest { method, url, form, at: Duration::ZERO, caller: SESSION.into() };
        context.effects.push(Effect::Fetch { id, request: Rc::new(request) });
        Ok(())
    }

    pub(super) fn assign(&self, element: &Element) -> Result<(), Failed> {
        let (name, expr) = (element.attribute("name"), element.attribute("expr"));
        Ok(self.engine.assign(self.chain, name.unwrap_or_default(), expr.unwrap_or_default())?)
    }

    fn set(&self, element: &Element, name: &str, value: &str) -> Result<(), Failed> {
        let Some(variable) = element.attribute(name) else { return Ok(()) };
        Ok(self.engine.set(self.chain, variable, value.into())?)
    }

    fn value(&self, element: &Element, name: &str) -> Result<Value, Failed> {
        Ok(self.engine.evaluate(self.chain, element.attribute(name).unwrap_or("undefined"))?)
    }

    fn text(&self, element: &Element, name: &str) -> Result<String, Failed> {
        match self.value(element, name)? {
            Value::Text(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(Failed(format!("{name} is no string"))),
        }
    }

    /// An identifier, which has to be one that was given out.
    fn id(&self, element: &Element, name: &str) -> Result<String, Failed> {
        let id = self.text(element, name)?;
        if id.starts_with(MARK) { Ok(id) } else { Err(Failed(format!("{name} is {id:?}"))) }
    }
}

fn fetched<'a>(context: &'a Context, id: &str) -> Option<&'a Fetched> {
    context.fetched.iter().find_map(|(one, fetched)| (one == id).then_some(fetched))
}
