//! What names calls and sessions.

use std::fmt;

use crate::arena::Id;

/// Names a call of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(usize);

/// Names a session of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(usize);

impl Id for CallId {
    fn at(place: usize) -> Self {
        CallId(place)
    }

    fn place(self) -> usize {
        self.0
    }
}

impl Id for SessionId {
    fn at(place: usize) -> Self {
        SessionId(place)
    }

    fn place(self) -> usize {
        self.0
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "call {}", self.0)
    }
}
