//! The attributes of actions: expressions to be evaluated, variables to be set, identifiers that have to be known.

use std::time::Duration;

use super::Platform;
use super::actions::{Failed, Scene};
use super::document::Element;
use super::event::Value;

impl Platform {
    /// The connection that an element acts on: its own, or that of the event. None, with an `error.semantic`, for an
    /// identifier that was never given out.
    pub(super) fn connection(&mut self, scene: &Scene, element: &Element) -> Result<Option<String>, Failed> {
        let id = match element.attribute("connectionid") {
            Some(_) => self.text(scene, element, "connectionid")?,
            None => scene.connection.clone(),
        };
        Ok(self.known(scene, element, &id).then_some(id))
    }

    /// Whether an identifier was ever given out; otherwise `error.semantic`, and the transition goes on.
    pub(super) fn known(&mut self, scene: &Scene, element: &Element, id: &str) -> bool {
        let known = self.media.known.contains(id);
        if !known {
            self.semantic(scene.call, &scene.document, element, &format!("there is no {id:?}"));
        }
        known
    }

    /// The value of an attribute that is an expression.
    pub(super) fn value(
        &mut self,
        scene: &Scene,
        element: &Element,
        name: &str,
    ) -> Result<Option<Value>, Failed> {
        let Some(expression) = element.attribute(name) else { return Ok(None) };
        let value = self.engine.evaluate(self.sessions[scene.call.0].chain, expression);
        self.settle(scene, element, value).map(Some)
    }

    pub(super) fn needed(&mut self, scene: &Scene, element: &Element, name: &str) -> Result<Value, Failed> {
        Ok(self.value(scene, element, name)?.unwrap_or(Value::Undefined))
    }

    /// The value of an attribute that has to be a string.
    pub(super) fn text(&mut self, scene: &Scene, element: &Element, name: &str) -> Result<String, Failed> {
        match self.needed(scene, element, name)? {
            Value::Text(text) => Ok(text),
            Value::Undefined | Value::Null | Value::Object(_) => {
                self.fail(scene, element, &format!("{name} is no string"))
            }
            other => Ok(other.to_text()),
        }
    }

    /// The value of an attribute that may be left out, and is one of a few words.
    pub(super) fn word(
        &mut self,
        scene: &Scene,
        element: &Element,
        name: &str,
        words: &[&str],
    ) -> Result<String, Failed> {
        if element.attribute(name).is_none() {
            return Ok(words[0].into());
        }
        let text = self.text(scene, element, name)?;
        if words.contains(&text.as_str()) {
            return Ok(text);
        }
        self.fail(scene, element, &format!("{name} is {text:?}, not one of {words:?}"))
    }

    /// The value of an attribute that is a time, as a string with its unit.
    pub(super) fn time(
        &mut self,
        scene: &Scene,
        element: &Element,
        name: &str,
    ) -> Result<Option<Duration>, Failed> {
        match self.value(scene, element, name)? {
            None => Ok(None),
            Some(value) => match super::schema::duration(&value.to_text()) {
                Some(time) if matches!(value, Value::Text(_)) => Ok(Some(time)),
                _ => self.fail(scene, element, &format!("{name} is {:?}, which is no time", value.to_text())),
            },
        }
    }

    /// Names and values of a `namelist` or of `parameters`.
    pub(super) fn list(
        &mut self,
        scene: &Scene,
        element: &Element,
        name: &str,
    ) -> Result<Vec<(String, String)>, Failed> {
        let mut pairs = Vec::new();
        for variable in element.attribute(name).unwrap_or("").split_whitespace() {
            let value = self.engine.read(self.sessions[scene.call.0].chain, variable);
            let value = self.settle(scene, element, value)?;
            if matches!(value, Value::Undefined | Value::Null | Value::Object(_)) {
                let place = scene.document.place(element);
                self.violation(scene.call, format!("{place}: {variable} in {name} is {}", value.to_text()));
            }
            pairs.push((variable.to_string(), value.to_text()));
        }
        Ok(pairs)
    }

    /// Gives the variable that an attribute names a value.
    pub(super) fn set(
        &mut self,
        scene: &Scene,
        element: &Element,
        name: &str,
        value: &str,
    ) -> Result<(), Failed> {
        let Some(variable) = element.attribute(name) else { return Ok(()) };
        let set = self.engine.set(self.sessions[scene.call.0].chain, variable, value.into());
        self.settle(scene, element, set)
    }

    pub(super) fn settle<T>(
        &mut self,
        scene: &Scene,
        element: &Element,
        result: Result<T, String>,
    ) -> Result<T, Failed> {
        result.map_err(|reason| {
            self.semantic(scene.call, &scene.document, element, &reason);
            Failed
        })
    }

    pub(super) fn fail<T>(&mut self, scene: &Scene, element: &Element, reason: &str) -> Result<T, Failed> {
        self.settle(scene, element, Err(reason.to_string()))
    }
}
