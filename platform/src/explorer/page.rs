//! What fetches bring: documents, read once and compared by their number, and scripts.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::markup::Document;

/// What a fetch has brought.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fetched {
    Document(Rc<Page>),
    Script(Rc<str>),
}

/// A document that was served.
pub(super) struct Page {
    pub(super) number: usize,
    pub(super) document: Document,
    /// It is the last one of its session.
    last: bool,
    /// All its expressions and scripts.
    text: String,
}

impl Page {
    pub(super) fn new(number: usize, document: Document) -> Rc<Self> {
        let (mut last, mut text) = (true, String::new());
        document.root.walk(&mut |element| {
            last &= element.name != "goto";
            for (_, value) in &element.attributes {
                text.push_str(value);
                text.push('\n');
            }
            text.push_str(&element.text());
        });
        Rc::new(Page { number, document, last, text })
    }

    /// Whether an application variable can make a difference from here on.
    pub(super) fn may_use(&self, variable: &str) -> bool {
        !self.last || self.text.contains(variable)
    }
}

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Page {}

impl Hash for Page {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "document {}", self.number)
    }
}
