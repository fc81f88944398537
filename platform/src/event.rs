//! What travels between the platform and a session: plain values and events.
//!
//! Both are copies without any tie to a script engine, so that an event is what the standard wants it
//! to be: a snapshot, taken when it was raised, whatever has happened since.

use std::fmt;

/// A value as it crosses the border of a session: an event's field, a request's parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// An object's own properties.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The value as an ECMAScript string conversion gives it.
    pub fn to_text(&self) -> String {
        match self {
            Value::Undefined => "undefined".into(),
            Value::Null => "null".into(),
            Value::Bool(yes) => yes.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Object(_) => "[object Object]".into(),
        }
    }

    /// The value as an ECMAScript condition takes it.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Undefined | Value::Null => false,
            Value::Bool(yes) => *yes,
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::Text(text) => !text.is_empty(),
            Value::Object(_) => true,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Value::Text(text.clone())
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Value::Number(f64::from(number))
    }
}

/// Something that happened, on its way to a session's queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The name, as patterns of transitions are compared with it.
    pub name: String,
    /// What documents read as `event$.<key>`.
    pub fields: Vec<(String, Value)>,
}

impl Event {
    /// An event without fields.
    pub fn new(name: impl Into<String>) -> Self {
        Event { name: name.into(), fields: Vec::new() }
    }

    pub(crate) fn with_fields(name: &str, fields: Vec<(String, Value)>) -> Self {
        Event { name: name.into(), fields }
    }

    /// Adds a field that the documents read as `event$.<key>`.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.fields.push((key.into(), value.into()));
        self
    }

    /// The text of a field, empty when there is none.
    pub fn text(&self, key: &str) -> &str {
        self.fields
            .iter()
            .find_map(|(name, value)| match value {
                Value::Text(text) if name == key => Some(text.as_str()),
                _ => None,
            })
            .unwrap_or("")
    }

    /// Whether the event reports an error, which kills a session that has no transition for it.
    pub fn is_error(&self) -> bool {
        self.name.starts_with("error.")
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        for (key, value) in &self.fields {
            match value {
                Value::Object(fields) if key == "values" => {
                    for (name, value) in fields {
                        write!(f, " values.{name}={:?}", value.to_text())?;
                    }
                }
                Value::Object(_) | Value::Undefined => {}
                value => write!(f, " {key}={:?}", value.to_text())?,
            }
        }
        Ok(())
    }
}

/// Whether an event's name fits a transition's pattern: a literal without regard to case, where `*` stands
/// for any run of characters, dots included.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|start| name.strip_prefix(start)) else { return false };
    let Some(end) = parts.next_back() else { return rest.is_empty() };
    // The first place where a part is found leaves the most room for the others.
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_literal_without_case_and_with_stars() {
        for (pattern, name, expected) in [
            ("error.*", "error.fetch", true),
            ("error.*", "error", false),
            ("error.conference.*", "error.conference", false),
            ("dialog*", "dialogue", true),
            ("connection.ALERTING", "connection.alerting", true),
            ("*", "anything.at.all", true),
            ("*.kill", "ccxml.kill", true),
            ("connection", "connection.connected", false),
            ("", "", true),
            ("a*a", "a", false),
            ("a*b*c", "abbc", true),
            ("a*b*c", "acb", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} on {name}");
        }
    }
}
