//! Events, and the identifiers in them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use crate::event::Event;

/// What ids begin and end with, so that they can be told from everything else.
pub(super) const MARK: char = '@';

/// An event, with what it takes to compare it.
#[derive(Debug)]
pub(super) struct Telling {
    pub(super) event: Event,
    digest: u64,
    pub(super) ids: Vec<String>,
}

impl Hash for Telling {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

impl Telling {
    pub(super) fn new(event: Event) -> Rc<Self> {
        let text = format!("{event:?}");
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Rc::new(Telling { event, digest: hasher.finish(), ids: ids(&text) })
    }
}

/// The identifiers in a text.
pub(super) fn ids(text: &str) -> Vec<String> {
    let marked = text.split(MARK).skip(1).step_by(2);
    marked.map(|id| format!("{MARK}{id}{MARK}")).collect()
}
