//! Sweeping: what has expired goes, although no request looks at the number.

use super::event::EventKind;
use super::transaction::Transaction;

/// What was swept from a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// How many callers' leases had ended.
    pub expired: usize,
    /// The number is free: nothing is kept for it any more.
    pub freed: bool,
}

impl Transaction<'_> {
    /// Removes what time has brought to an end.
    pub fn sweep(&mut self) -> Swept {
        if !self.conference.is_occupied() {
            self.conference.close();
        }
        Swept {
            expired: self.events.iter().filter(|event| event.event == EventKind::Expired).count(),
            freed: self.frees(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::decision::{Change, Decision};
    use super::super::fixtures::*;
    use super::super::state::Conference;
    use super::*;

    fn swept(kept: Option<Conference>, millis: u64) -> Decision<Swept> {
        decided(kept, millis, &TIMES, |number| number.sweep())
    }

    #[test]
    fn sweeping_removes_what_has_expired_and_touches_nothing_else() {
        let live = swept(Some(conference_of(&["a"])), LEASE - 1);
        assert_eq!((live.change, live.answer), (Change::Nothing, Swept::default()));
        let dead = swept(Some(conference_of(&["a", "b"])), LEASE);
        assert_eq!((dead.change, dead.answer), (Change::Free, Swept { expired: 2, freed: true }));
        let nothing = swept(None, 0);
        assert_eq!((nothing.change, nothing.answer), (Change::Nothing, Swept::default()));
    }

    #[test]
    fn sweeping_brings_a_token_from_the_future_back_to_now() {
        let mut conference = conference_of(&["a"]);
        conference.as_of = at(1_000_000_000);
        let rebased = swept(Some(conference), 0);
        assert_eq!(swept(Some(kept(&rebased).clone()), LEASE).change, Change::Free);
    }
}
