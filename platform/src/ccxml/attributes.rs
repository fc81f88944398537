//! The attributes of actions: expressions to be evaluated, variables to be set, identifiers that have to be known.

use std::time::Duration;

use super::actions::{Context, Failed};
use crate::clock::parse_time;
use crate::event::Value;
use crate::markup::Element;
use crate::platform::Platform;
use crate::trace::Rule;
use crate::web::address::is_escaped;

impl Platform {
    /// The connection that an element acts on: its own, or that of the event. None, with an `error.semantic`, for an
    /// identifier that was never given out.
    pub(crate) fn connection(
        &mut self,
        context: &Context,
        element: &Element,
    ) -> Result<Option<String>, Failed> {
        let id = match element.attribute("connectionid") {
            Some(_) => self.text(context, element, "connectionid")?,
            None => context.connection.clone(),
        };
        Ok(self.known(context, element, &id).then_some(id))
    }

    /// Whether an identifier was ever given out; otherwise `error.semantic`, and the transition goes on.
    pub(crate) fn known(&mut self, context: &Context, element: &Element, id: &str) -> bool {
        let known = self.media.known.contains(id);
        if !known {
            self.semantic(context.session, &context.document, element, &format!("there is no {id:?}"));
        }
        known
    }

    /// The value of an attribute that is an expression.
    pub(crate) fn value(
        &mut self,
        context: &Context,
        element: &Element,
        name: &str,
    ) -> Result<Option<Value>, Failed> {
        let Some(expression) = element.attribute(name) else { return Ok(None) };
        let value = self.engine.evaluate(self.sessions[context.session].chain, expression);
        self.settle(context, element, value).map(Some)
    }

    pub(crate) fn needed(
        &mut self,
        context: &Context,
        element: &Element,
        name: &str,
    ) -> Result<Value, Failed> {
        Ok(self.value(context, element, name)?.unwrap_or(Value::Undefined))
    }

    /// The value of an attribute that has to be a string.
    pub(crate) fn text(
        &mut self,
        context: &Context,
        element: &Element,
        name: &str,
    ) -> Result<String, Failed> {
        match self.needed(context, element, name)? {
            Value::Text(text) => Ok(text),
            Value::Undefined | Value::Null | Value::Object(_) => {
                self.fail(context, element, &format!("{name} is no string"))
            }
            other => Ok(other.to_text()),
        }
    }

    /// The value of an attribute that may be left out, and is one of a few words.
    pub(crate) fn word(
        &mut self,
        context: &Context,
        element: &Element,
        name: &str,
        words: &[&str],
    ) -> Result<String, Failed> {
        if element.attribute(name).is_none() {
            return Ok(words.first().copied().unwrap_or_default().into());
        }
        let text = self.text(context, element, name)?;
        if words.contains(&text.as_str()) {
            return Ok(text);
        }
        self.fail(context, element, &format!("{name} is {text:?}, not one of {words:?}"))
    }

    /// The value of an attribute that is a time, as a string with its unit.
    pub(crate) fn time(
        &mut self,
        context: &Context,
        element: &Element,
        name: &str,
    ) -> Result<Option<Duration>, Failed> {
        match self.value(context, element, name)? {
            None => Ok(None),
            Some(value) => match parse_time(&value.to_text()) {
                Some(time) if matches!(value, Value::Text(_)) => Ok(Some(time)),
                _ => {
                    self.fail(context, element, &format!("{name} is {:?}, which is no time", value.to_text()))
                }
            },
        }
    }

    /// The value of an attribute that is an address, made absolute.
    pub(crate) fn address(
        &mut self,
        context: &Context,
        element: &Element,
        name: &str,
    ) -> Result<String, Failed> {
        let reference = self.text(context, element, name)?;
        if !is_escaped(&reference) {
            let place = context.document.place(element);
            let text = format!("{place}: {reference:?} is not escaped as an address has to be");
            self.violation(context.session, Rule::Invalid, text);
        }
        Ok(context.document.resolve(&reference))
    }

    /// Names and values of a `namelist` or of `parameters`.
    pub(crate) fn list(
        &mut self,
        context: &Context,
        element: &Element,
        name: &str,
    ) -> Result<Vec<(String, String)>, Failed> {
        let mut pairs = Vec::new();
        for variable in element.attribute(name).unwrap_or("").split_whitespace() {
            let value = self.engine.read(self.sessions[context.session].chain, variable);
            let value = self.settle(context, element, value)?;
            if matches!(value, Value::Undefined | Value::Null | Value::Object(_)) {
                let place = context.document.place(element);
                let text = format!("{place}: {variable} in {name} is {}", value.to_text());
                self.violation(context.session, Rule::Semantic, text);
            }
            pairs.push((variable.to_string(), value.to_text()));
        }
        Ok(pairs)
    }

    /// Gives the variable that an attribute names a value.
    pub(crate) fn set(
        &mut self,
        context: &Context,
        element: &Element,
        name: &str,
        value: &str,
    ) -> Result<(), Failed> {
        let Some(variable) = element.attribute(name) else { return Ok(()) };
        let set = self.engine.set(self.sessions[context.session].chain, variable, value.into());
        self.settle(context, element, set)
    }

    pub(crate) fn settle<T>(
        &mut self,
        context: &Context,
        element: &Element,
        result: Result<T, String>,
    ) -> Result<T, Failed> {
        result.map_err(|reason| {
            self.semantic(context.session, &context.document, element, &reason);
            Failed
        })
    }

    pub(crate) fn fail<T>(
        &mut self,
        context: &Context,
        element: &Element,
        reason: &str,
    ) -> Result<T, Failed> {
        self.settle(context, element, Err(reason.to_string()))
    }
}
