//! basichttp inwards: events that HTTP requests bring from outside.

use super::sending::is_name;
use crate::event::{Event, Value};
use crate::platform::{Platform, Work};
use crate::trace::{Sender, What};
use crate::variations::BasicHttp;

/// Queued for the session, which says nothing of what becomes of it.
const QUEUED: u16 = 204;

/// A field is missing, or can't be what it has to be.
const BAD_REQUEST: u16 = 400;

/// There is no such session, or it has ended.
const FORBIDDEN: u16 = 403;

/// Nobody is at that address.
const NOT_FOUND: u16 = 404;

impl Platform {
    /// What an HTTP request to the [address](Platform::at_basichttp) brings: an event for a session, which has it in its
    /// queue at this moment of the virtual clock, and handles it when the platform runs on. The answer is the status of
    /// the response, whose body is empty.
    ///
    /// `sessionid` and `name` say which session and which event, `eventsource` is a reply address. Every other field is
    /// a property of the event, and of an object within it where its name has dots.
    ///
    /// - 204: the event is queued.
    /// - 400: `sessionid` or `name` is missing or comes twice, the event's name has other characters than letters, digits
    ///   and dots or begins with a dot, or a field can be no property.
    /// - 403: there is no such session, or it has ended.
    /// - 404: the platform has no basichttp ([`BasicHttp`]).
    pub fn basichttp(&mut self, fields: &[(&str, &str)]) -> u16 {
        if self.variations.basichttp != BasicHttp::There {
            return NOT_FOUND;
        }
        let only = |wanted: &str| {
            let mut values = fields.iter().filter(|(name, _)| *name == wanted).map(|(_, value)| *value);
            values.next().filter(|value| !value.is_empty() && values.next().is_none())
        };
        let (Some(id), Some(name)) = (only("sessionid"), only("name")) else { return BAD_REQUEST };
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '.';
        if name.starts_with('.') || !name.chars().all(legal) {
            return BAD_REQUEST;
        }
        let mut event = Event::new(name).with("eventsourcetype", "basichttp");
        for (path, value) in fields.iter().filter(|(name, _)| *name != "sessionid" && *name != "name") {
            if !put(&mut event.fields, path, value) {
                return BAD_REQUEST;
            }
        }
        let Some(session) = self.live_session(id) else { return FORBIDDEN };
        self.note(session, What::Told { by: Sender::Http, event: event.clone() });
        self.agenda.at(self.agenda.now(), Work::Deliver(session, event));
        QUEUED
    }

    /// The same for a form as it stands in the query of a GET or the body of a POST.
    pub fn basichttp_form(&mut self, form: &str) -> u16 {
        let fields: Vec<_> = url::form_urlencoded::parse(form.as_bytes()).collect();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        self.basichttp(&fields)
    }

    /// `session.ioprocessors`; none where there is no such property.
    pub(crate) fn io_processors(&self) -> Option<Value> {
        let basichttp = |value| Some(Value::Object(vec![("basichttp".into(), value)]));
        match self.variations.basichttp {
            BasicHttp::Absent => Some(Value::Object(Vec::new())),
            BasicHttp::Null => basichttp(Value::Null),
            BasicHttp::NoProcessors => Some(Value::Null),
            BasicHttp::Missing => None,
            BasicHttp::There => basichttp(Value::from(&self.basichttp_address)),
        }
    }
}

/// Gives an object a property, whose dotted name leads to objects within objects; false where that can't be.
fn put(fields: &mut Vec<(String, Value)>, path: &str, value: &str) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    if !is_name(name) {
        return false;
    }
    let place = fields.iter_mut().find(|(known, _)| known == name).map(|(_, value)| value);
    match (place, rest) {
        (None, None) => fields.push((name.into(), value.into())),
        (None, Some(rest)) => {
            let mut inner = Vec::new();
            if !put(&mut inner, rest, value) {
                return false;
            }
            fields.push((name.into(), Value::Object(inner)));
        }
        (Some(Value::Object(inner)), Some(rest)) => return put(inner, rest, value),
        (Some(_), _) => return false,
    }
    true
}
