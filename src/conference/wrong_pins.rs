//! Against guessing: too many wrong PINs close a number to PINs for a while (contract section 8).

use crate::clock::Millis;
use serde::{Deserialize, Serialize};

/// How many wrong PINs within [`WITHIN`] close a number.
const TOO_MANY: usize = 10;

/// How long a wrong PIN counts.
const WITHIN: Millis = 600_000;

/// How long a number stays closed.
const CLOSED_FOR: Millis = 600_000;

/// The wrong PINs for a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongPins {
    /// How long ago each of them was keyed.
    ages: Vec<Millis>,
    /// For how long the number stays closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed: Option<Millis>,
}

impl WrongPins {
    /// Counts one more. Those that come while the number is closed don't count.
    pub(super) fn count(&mut self) {
        if self.closed.is_none() {
            self.ages.push(0);
            if self.ages.len() >= TOO_MANY {
                self.closed = Some(CLOSED_FOR);
                self.ages.clear();
            }
        }
    }

    /// Whether the number is closed to PINs.
    pub(super) fn are_too_many(&self) -> bool {
        self.closed.is_some()
    }

    /// Forgets what no longer counts after so much time.
    pub(super) fn age_by(&mut self, elapsed: Millis) {
        self.ages.iter_mut().for_each(|age| *age = age.saturating_add(elapsed));
        self.ages.retain(|age| *age < WITHIN);
        let left = self.closed.and_then(|left| left.min(CLOSED_FOR).checked_sub(elapsed));
        self.closed = left.filter(|left| *left > 0);
    }

    /// How long after now they can still mean something.
    pub(super) fn last(&self) -> Millis {
        if *self == Self::default() { 0 } else { WITHIN.max(CLOSED_FOR) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries PINs at these times, and tells after which of them PINs are still taken.
    fn tried(times: impl IntoIterator<Item = (Millis, bool)>) -> Vec<bool> {
        let (mut pins, mut before) = (WrongPins::default(), 0);
        let mut taken = Vec::new();
        for (time, wrong) in times {
            pins.age_by(time - before);
            before = time;
            if wrong {
                pins.count();
            }
            taken.push(!pins.are_too_many());
        }
        taken
    }

    #[test]
    fn ten_wrong_pins_within_ten_minutes_close_a_number_for_ten_minutes() {
        let ten = (0..10).map(|n| (n * 60_000, true));
        let mut expected = vec![true; 9];
        expected.extend([false, false, true]);
        assert_eq!(tried(ten.chain([(540_000 + 599_999, false), (540_000 + 600_000, false)])), expected);
    }

    #[test]
    fn wrong_pins_are_forgotten_after_ten_minutes() {
        let nine_at_once = (0..9).map(|_| (0, true));
        assert!(tried(nine_at_once.chain([(600_000, true), (600_001, true)])).iter().all(|taken| *taken));
    }

    #[test]
    fn while_it_is_closed_nothing_counts_and_nothing_prolongs_it() {
        let ten = (0..10).map(|_| (0, true));
        let meanwhile = (1..50).map(|n| (n * 1000, true));
        let all = tried(ten.chain(meanwhile).chain([(600_000, false)]));
        assert!(!all[58] && all[59]);
    }

    #[test]
    fn nothing_is_remembered_for_longer_than_it_counts() {
        let mut pins = WrongPins::default();
        assert_eq!(pins.last(), 0);
        pins.count();
        assert_eq!(pins.last(), WITHIN);
        pins.age_by(WITHIN);
        assert_eq!(pins, WrongPins::default());
    }
}
