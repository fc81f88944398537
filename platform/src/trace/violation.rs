//! Rules that a document, or the server that it came from, has broken.

use std::fmt;

/// What sort of rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The server's response is wrong, whatever the platform makes of it: no length, another type than was asked for.
    Response,
    /// The document is one that a platform refuses: not well-formed, an element or attribute that there is not.
    Invalid,
    /// The document runs here and fails on some platforms: a later edition of ECMAScript, a list of events.
    Unportable,
    /// An `error.semantic` of CCXML or of VoiceXML: an expression that fails, a name that nothing has.
    Semantic,
    /// An `error.*` that no transition or handler takes, which ends the session or the dialog.
    Unhandled,
    /// A session or a dialog that does not come to an end.
    Endless,
    /// The document asks for something that this platform leaves out.
    Unsupported,
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What sort of rule it is.
    pub rule: Rule,
    /// Where it was broken and how, in one line: an address, a line number, the reason.
    pub text: String,
}

impl Violation {
    pub(crate) fn new(rule: Rule, text: impl Into<String>) -> Self {
        Violation { rule, text: text.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
