//! What a run leaves behind: a readable trace of all that happened, and the rules that were broken.

use std::time::Duration;

/// The record of a run.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) lines: Vec<String>,
    pub(super) violations: Vec<String>,
}

impl Trace {
    /// Notes what happened to `who` (a caller's number, or `platform`).
    pub(super) fn note(&mut self, at: Duration, who: &str, what: impl AsRef<str>) {
        self.lines.push(format!("{:>9.3} {who:<12} {}", at.as_secs_f64(), what.as_ref()));
    }

    /// Notes that a document (or the program that made it) broke a rule; each breach counts once, however
    /// often the document is run.
    pub(super) fn violation(&mut self, at: Duration, who: &str, what: impl Into<String>) {
        let what = what.into();
        self.note(at, who, format!("VIOLATION {what}"));
        if !self.violations.contains(&what) {
            self.violations.push(what);
        }
    }

    /// The whole record as text, for the message of a failed test.
    pub(super) fn report(&self) -> String {
        let mut text = self.lines.join("\n");
        if !self.violations.is_empty() {
            text.push_str("\n\nviolations:\n  ");
            text.push_str(&self.violations.join("\n  "));
        }
        text
    }
}
