//! The trace of a run: all that happened, in order, as data and as text, and the rules that were broken.

mod entry;
mod violation;

pub use entry::{Bridge, Sender, TraceEntry, What};
pub use violation::{Rule, Violation};

use std::rc::Rc;
use std::time::Duration;

use crate::ids::CallId;

/// Whom an entry is about: a call, if it is one, and the name that the text calls it by.
#[derive(Clone, Debug)]
pub(crate) struct Whom {
    pub(crate) call: Option<CallId>,
    pub(crate) name: Rc<str>,
}

/// The trace so far.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) entries: Vec<TraceEntry>,
    pub(crate) violations: Vec<Violation>,
}

impl Trace {
    pub(crate) fn add(&mut self, at: Duration, whom: Whom, what: What) {
        if let What::Violation(violation) = &what
            && !self.violations.contains(violation)
        {
            self.violations.push(violation.clone());
        }
        self.entries.push(TraceEntry { at, call: whom.call, who: whom.name, what });
    }

    /// The whole trace as text, then the violations once more.
    pub(crate) fn report(&self) -> String {
        let lines: Vec<String> = self.entries.iter().map(ToString::to_string).collect();
        let mut text = lines.join("\n");
        if !self.violations.is_empty() {
            text.push_str("\n\nviolations:");
            for violation in &self.violations {
                text.push_str(&format!("\n  {violation}"));
            }
        }
        text
    }
}
