//! The virtual clock: nothing on the platform waits, the next thing that is due simply happens.

use std::collections::BTreeMap;
use std::time::Duration;

/// A number of virtual seconds.
pub const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A number of virtual milliseconds.
pub const fn millis(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// What names a piece of work that is still to be done, so that it can be called off.
pub(super) type Ticket = (Duration, u64);

/// Work in the order in which it falls due; what falls due together happens in the order it was planned.
#[derive(Debug)]
pub(super) struct Agenda<W> {
    now: Duration,
    planned: u64,
    work: BTreeMap<Ticket, W>,
}

impl<W> Agenda<W> {
    pub(super) fn new() -> Self {
        Agenda { now: Duration::ZERO, planned: 0, work: BTreeMap::new() }
    }

    pub(super) fn now(&self) -> Duration {
        self.now
    }

    pub(super) fn after(&mut self, delay: Duration, work: W) -> Ticket {
        self.at(self.now + delay, work)
    }

    /// Plans work for a moment; the past is taken as now.
    pub(super) fn at(&mut self, moment: Duration, work: W) -> Ticket {
        self.planned += 1;
        let ticket = (moment.max(self.now), self.planned);
        self.work.insert(ticket, work);
        ticket
    }

    /// Calls planned work off; false when it has been done already.
    pub(super) fn cancel(&mut self, ticket: Ticket) -> bool {
        self.work.remove(&ticket).is_some()
    }

    /// Takes everything that falls due at the next busy instant up to `until`, and moves the clock there.
    pub(super) fn next_instant(&mut self, until: Duration) -> Vec<W> {
        let Some((&(moment, _), _)) = self.work.first_key_value() else { return Vec::new() };
        if moment > until {
            return Vec::new();
        }
        self.now = moment;
        let later = self.work.split_off(&(moment, u64::MAX));
        std::mem::replace(&mut self.work, later).into_values().collect()
    }

    /// Moves the clock on when nothing more is due before `moment`.
    pub(super) fn pass_until(&mut self, moment: Duration) {
        self.now = self.now.max(moment);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.work.is_empty()
    }

    /// Forgets all planned work but what is picked.
    pub(super) fn retain(&mut self, picks: impl Fn(&W) -> bool) {
        self.work.retain(|_, work| picks(work));
    }
}
