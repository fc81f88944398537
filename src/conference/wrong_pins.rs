//! Against guessing PINs: too many wrong ones for a number close it to PINs for a while (contract section 8).

use super::decision::{Change, Decision, Kept, Kind};
use crate::clock::{Millis, Moment};
use crate::number::ConferenceNumber;
use serde::{Deserialize, Serialize};

/// How many wrong PINs within [`WITHIN`] close a number.
const TOO_MANY: usize = 10;

/// How long a wrong PIN counts.
const WITHIN: Millis = 600_000;

/// How long a number stays closed.
const CLOSED_FOR: Millis = 600_000;

/// The wrong PINs for a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongPins {
    as_of: Moment,
    /// How long ago each of them was keyed.
    ages: Vec<Millis>,
    /// For how long the number stays closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed: Option<Millis>,
}

/// Whether PINs are taken for a number, after one more was tried if `wrong`.
pub fn takes_pins(kept: Option<WrongPins>, wrong: bool, now: &Moment) -> Decision<bool, WrongPins> {
    let existed = kept.is_some();
    let mut pins = match kept {
        Some(pins) => pins.aged(now),
        None => WrongPins { as_of: now.clone(), ages: Vec::new(), closed: None },
    };
    if wrong && pins.closed.is_none() {
        pins.ages.push(0);
        if pins.ages.len() >= TOO_MANY {
            pins.closed = Some(CLOSED_FOR);
            pins.ages.clear();
        }
    }
    let answer = pins.closed.is_none();
    let change = match (pins.ages.is_empty() && answer, wrong, existed) {
        (true, _, true) => Change::Free,
        (false, true, _) => Change::Keep(pins),
        _ => Change::Nothing,
    };
    // Who is turned away for it is noted where they are.
    Decision { change, answer, events: Vec::new() }
}

impl WrongPins {
    fn aged(mut self, now: &Moment) -> Self {
        let elapsed = now.since(&self.as_of);
        self.as_of = now.clone();
        let older = |age: Millis| age.saturating_add(elapsed);
        self.ages = self.ages.into_iter().map(older).filter(|age| *age < WITHIN).collect();
        self.closed =
            self.closed.and_then(|left| left.min(CLOSED_FOR).checked_sub(elapsed)).filter(|left| *left > 0);
        self
    }
}

/// One line of JSON. What can't be understood is forgotten.
impl Kept for WrongPins {
    const KIND: Kind = Kind::WrongPins;

    fn from_text(text: &[u8], _: &ConferenceNumber, written: &Moment, _: Millis) -> Self {
        let nothing = || Self { as_of: written.clone(), ages: Vec::new(), closed: None };
        serde_json::from_slice(text).unwrap_or_else(|_| nothing())
    }

    fn as_of(&self) -> &Moment {
        &self.as_of
    }

    fn lasts(&self) -> Millis {
        WITHIN.max(CLOSED_FOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: Millis) -> Moment {
        Moment::from_wall(1_700_000_000_000 + millis)
    }

    /// Tries PINs at these times, and tells after which of them PINs are still taken.
    fn tried(times: impl IntoIterator<Item = (Millis, bool)>) -> Vec<bool> {
        let mut kept = None;
        let mut taken = Vec::new();
        for (time, wrong) in times {
            let decision = takes_pins(kept.clone(), wrong, &at(time));
            match decision.change {
                Change::Keep(pins) => kept = Some(pins),
                Change::Free => kept = None,
                Change::Nothing => {}
            }
            taken.push(decision.answer);
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
    fn a_right_pin_leaves_nothing_behind() {
        assert_eq!(takes_pins(None, false, &at(0)).change, Change::Nothing);
        let Change::Keep(one) = takes_pins(None, true, &at(0)).change else { panic!("it was wrong") };
        assert_eq!(takes_pins(Some(one.clone()), false, &at(1)).change, Change::Nothing);
        assert_eq!(takes_pins(Some(one), false, &at(WITHIN)).change, Change::Free);
    }

    #[test]
    fn what_is_written_is_read_again_and_nonsense_is_forgotten() {
        let number = ConferenceNumber::from_token_name("1234").unwrap();
        let pins = WrongPins { as_of: at(0), ages: vec![1, 2], closed: Some(3) };
        assert_eq!(WrongPins::from_text(&pins.to_text(), &number, &at(9), 0), pins);
        assert!(WrongPins::from_text(b"\xff", &number, &at(9), 0).ages.is_empty());
    }
}
