//! The session itself: its document and its variables, each different one kept once.

use std::collections::HashMap;
use std::fmt::Write;
use std::rc::Rc;

use super::page::Page;
use super::telling::{Telling, ids};
use crate::event::{Event, Value};

/// A session between two events.
#[derive(Debug)]
pub(super) struct Session {
    /// Equal sessions have the same.
    pub(super) number: usize,
    pub(super) page: Rc<Page>,
    /// The state of the connection as the session has been told of it.
    pub(super) view: &'static str,
    pub(super) application: Value,
    pub(super) variables: Value,
    /// The value of the document's state variable.
    pub(super) state: String,
    /// What each of the counters is: 0 at first, else 1.
    pub(super) counters: Vec<i64>,
    /// All identifiers that variables hold.
    pub(super) ids: Vec<String>,
}

/// All sessions that have been.
#[derive(Default)]
pub(super) struct Sessions {
    kept: HashMap<String, Rc<Session>>,
    counters: Vec<Counter>,
    events: HashMap<(usize, i64), Rc<Telling>>,
}

/// A variable that numbers events to oneself, and what their names begin with.
struct Counter {
    variable: String,
    prefix: String,
}

impl Sessions {
    pub(super) fn count(&mut self, variable: &str, prefix: &str) {
        let (variable, prefix) = (variable.into(), prefix.into());
        self.counters.push(Counter { variable, prefix });
    }

    /// Which counter an event's name has its number from, and the number.
    pub(super) fn numbered(&self, name: &str) -> Option<(usize, i64)> {
        self.counters.iter().enumerate().find_map(|(at, counter)| {
            let number = name.strip_prefix(counter.prefix.as_str())?;
            Some((at, number.parse().ok()?))
        })
    }

    /// A numbered event.
    pub(super) fn event(&mut self, counter: usize, number: i64) -> Rc<Telling> {
        let prefix = self.counters.get(counter).map_or("", |counter| counter.prefix.as_str());
        let made = self.events.entry((counter, number));
        Rc::clone(made.or_insert_with(|| Telling::new(Event::new(format!("{prefix}{number}")))))
    }

    /// Keeps a session. Its counters are set back to one, if they have left zero; by how much is given with it. What the
    /// application scope knows under the name of a counter is where the next document goes on counting, and counts as up to
    /// date.
    pub(super) fn keep(
        &mut self,
        page: &Rc<Page>,
        view: &'static str,
        state: String,
        mut application: Value,
        mut variables: Value,
    ) -> (Rc<Session>, Vec<i64>) {
        let (mut counters, mut shifts) = (Vec::new(), Vec::new());
        for Counter { variable, .. } in &self.counters {
            let number = number_of(&mut variables, variable).map_or(0, |number| *number as i64);
            let kept = number.min(1);
            for scope in [&mut application, &mut variables] {
                if let Some(number) = number_of(scope, variable) {
                    *number = kept as f64;
                }
            }
            counters.push(kept);
            shifts.push(number - kept);
        }
        if let Value::Object(fields) = &mut application {
            fields.retain(|(name, _)| page.may_use(name));
        }
        let mut text = format!("{page:?} {view}");
        for scope in [&application, &variables] {
            let Value::Object(fields) = scope else { continue };
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|one, other| one.0.cmp(&other.0));
            // Writing to a string cannot fail.
            let _ = write!(text, "|{fields:?}");
        }
        let number = self.kept.len();
        let session = self.kept.entry(text).or_insert_with_key(|text| {
            let ids = ids(text);
            let page = Rc::clone(page);
            Rc::new(Session { number, page, counters, view, application, variables, state, ids })
        });
        (Rc::clone(session), shifts)
    }
}

fn number_of<'a>(scope: &'a mut Value, name: &str) -> Option<&'a mut f64> {
    let Value::Object(fields) = scope else { return None };
    fields.iter_mut().find_map(|(key, value)| match value {
        Value::Number(number) if key == name => Some(number),
        _ => None,
    })
}
