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

/// A time as CSS2 writes it: a number that is not negative, with `s` or `ms`.
pub(crate) fn parse_time(text: &str) -> Option<Duration> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s')?, 1.0),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let complete = digits(whole) && digits(part) && !part.is_empty() && !number.is_empty();
    let seconds = format!("0{number}").parse::<f64>().ok().filter(|_| complete)? * unit;
    Duration::try_from_secs_f64(seconds).ok()
}

/// What names a piece of work that is still to be done, so that it can be called off.
pub(crate) type WorkId = (Duration, u64);

/// Work in the order in which it falls due; what falls due together happens in the order it was planned.
#[derive(Debug)]
pub(crate) struct Agenda<W> {
    now: Duration,
    planned: u64,
    work: BTreeMap<WorkId, W>,
}

impl<W> Agenda<W> {
    pub(crate) fn new() -> Self {
        Agenda { now: Duration::ZERO, planned: 0, work: BTreeMap::new() }
    }

    pub(crate) fn now(&self) -> Duration {
        self.now
    }

    pub(crate) fn after(&mut self, delay: Duration, work: W) -> WorkId {
        self.at(self.now + delay, work)
    }

    /// Plans work for a moment; the past is taken as now.
    pub(crate) fn at(&mut self, moment: Duration, work: W) -> WorkId {
        self.planned += 1;
        let id = (moment.max(self.now), self.planned);
        self.work.insert(id, work);
        id
    }

    /// Calls planned work off; false when it has been done already.
    pub(crate) fn cancel(&mut self, id: WorkId) -> bool {
        self.work.remove(&id).is_some()
    }

    /// Takes everything that falls due at the next busy instant up to `until`, and moves the clock there.
    pub(crate) fn next_instant(&mut self, until: Duration) -> Vec<W> {
        let Some((&(moment, _), _)) = self.work.first_key_value() else { return Vec::new() };
        if moment > until {
            return Vec::new();
        }
        self.now = moment;
        let later = self.work.split_off(&(moment, u64::MAX));
        std::mem::replace(&mut self.work, later).into_values().collect()
    }

    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.work.first_key_value().map(|((moment, _), _)| *moment)
    }

    /// Moves the clock on when nothing more is due before `moment`.
    pub(crate) fn pass_until(&mut self, moment: Duration) {
        self.now = self.now.max(moment);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.work.is_empty()
    }

    /// Forgets all planned work but what is picked.
    pub(crate) fn retain(&mut self, picks: impl Fn(&W) -> bool) {
        self.work.retain(|_, work| picks(work));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_css2_writes_them() {
        for (text, millis) in
            [("3s", 3000), ("850ms", 850), ("0.7s", 700), (".5s", 500), ("+1.5s", 1500), ("0s", 0)]
        {
            assert_eq!(parse_time(text).unwrap().as_millis(), millis, "{text}");
        }
        for wrong in ["5", "", "s", "-1s", "6 sec", "5.s", "1e3s", " 5s", "ms", ".s"] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
    }
}
