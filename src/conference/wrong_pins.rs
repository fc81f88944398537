//! Against guessing: too many wrong PINs close a room to PINs for a while (contract section 8).

use super::terms::is_default;
use crate::clock::Millis;
use crate::secret::Digest;
use serde::{Deserialize, Serialize};

/// How many wrong PINs from one telephone number close the room to that number.
const MOST_OF_ONE: usize = 5;

/// How many wrong PINs close the room to everybody.
const MOST_OF_ALL: usize = 20;

/// How long a wrong PIN counts.
const WITHIN: Millis = 600_000;

/// How long a room is closed the first time.
const CLOSED_FOR: Millis = 600_000;

/// How long a closure is remembered: the next one within this time lasts twice as long. None lasts longer.
const DAY: Millis = 86_400_000;

/// Who keys a PIN, as far as that matters for guessing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempt {
    /// Stands for the caller's telephone number, if there is one.
    pub caller: Option<Digest>,
    /// Stands for session and PIN. The same again is the same attempt; without a session each is another one.
    pub id: Option<Digest>,
}

/// The wrong PINs for a room, and what they have closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WrongPins {
    /// Those that still count.
    #[serde(skip_serializing_if = "is_default")]
    recent: Vec<WrongPin>,
    /// Whom the room was closed to within a day.
    #[serde(skip_serializing_if = "is_default")]
    closures: Vec<Closure>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct WrongPin {
    age: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caller: Option<Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Digest>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Closure {
    /// Closed to this telephone number; none if to everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caller: Option<Digest>,
    /// How long ago it was closed the last time.
    age: Millis,
    /// How often it was closed.
    times: u32,
}

impl WrongPins {
    /// Counts a wrong PIN. Those that come while the room is closed to their caller don't count, nor does one that is sent
    /// again.
    pub(super) fn count(&mut self, attempt: &Attempt) {
        let again = attempt.id.is_some() && self.recent.iter().any(|pin| pin.id == attempt.id);
        if again || self.are_closed_to(attempt) {
            return;
        }
        let Attempt { caller, id } = attempt.clone();
        self.recent.push(WrongPin { age: 0, caller, id });
        let of_one = self.recent.iter().filter(|pin| pin.caller == attempt.caller).count();
        if attempt.caller.is_some() && of_one >= MOST_OF_ONE {
            self.close_to(attempt.caller.clone());
        }
        if self.recent.len() >= MOST_OF_ALL {
            self.close_to(None);
        }
    }

    /// Whether the room takes no PIN from this caller at the moment.
    pub(super) fn are_closed_to(&self, attempt: &Attempt) -> bool {
        let is_meant = |closure: &&Closure| closure.caller.is_none() || closure.caller == attempt.caller;
        self.closures.iter().filter(is_meant).any(|closure| closure.left() > 0)
    }

    /// How much longer the room takes no PIN from anybody, if it takes none.
    pub fn closed_to_all(&self) -> Option<Millis> {
        self.closures
            .iter()
            .find(|closure| closure.caller.is_none())
            .map(Closure::left)
            .filter(|left| *left > 0)
    }

    /// How many telephone numbers the room takes no PIN from.
    pub fn closed_to_numbers(&self) -> usize {
        self.closures.iter().filter(|closure| closure.caller.is_some() && closure.left() > 0).count()
    }

    /// Brings them up to the present, and forgets those that have ceased to count.
    pub(super) fn age_by(&mut self, elapsed: Millis) {
        self.recent.iter_mut().for_each(|pin| pin.age = pin.age.saturating_add(elapsed));
        self.recent.retain(|pin| pin.age < WITHIN);
        self.closures.iter_mut().for_each(|closure| closure.age = closure.age.saturating_add(elapsed));
        self.closures.retain(|closure| closure.age < DAY);
    }

    /// How long after now anything can still mean something.
    pub(super) fn lasts(&self) -> Millis {
        let recent = self.recent.iter().map(|pin| WITHIN.saturating_sub(pin.age));
        let closures = self.closures.iter().map(|closure| DAY.saturating_sub(closure.age));
        recent.chain(closures).max().unwrap_or(0)
    }

    fn close_to(&mut self, caller: Option<Digest>) {
        match self.closures.iter_mut().find(|closure| closure.caller == caller) {
            Some(closure) => (closure.age, closure.times) = (0, closure.times.saturating_add(1)),
            None => self.closures.push(Closure { caller, age: 0, times: 1 }),
        }
    }
}

impl Closure {
    /// How much longer it lasts.
    fn left(&self) -> Millis {
        let doubled = 1_u64.checked_shl(self.times.saturating_sub(1)).unwrap_or(u64::MAX);
        CLOSED_FOR.saturating_mul(doubled).min(DAY).saturating_sub(self.age)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{number, session};
    use super::*;
    use crate::number::TelephoneNumber;
    use crate::secret::Secret;

    const MINUTE: Millis = 60_000;

    /// The wrong PIN with this number, keyed by a caller with this telephone number.
    fn attempt(caller: &str, pin: usize) -> Attempt {
        let secret = Secret::parse("0123456789abcdef").unwrap();
        Attempt {
            caller: TelephoneNumber::from_address(caller)
                .map(|caller| secret.digest_of_caller(&number(), &caller)),
            id: Some(secret.digest_of_attempt(&number(), &session("s"), &pin.to_string())),
        }
    }

    fn keyed(pins: &mut WrongPins, caller: &str, numbers: std::ops::Range<usize>) {
        for pin in numbers {
            pins.count(&attempt(caller, pin));
        }
    }

    fn is_closed(pins: &WrongPins, caller: &str) -> bool {
        pins.are_closed_to(&attempt(caller, 0))
    }

    #[test]
    fn five_from_one_telephone_number_close_the_room_to_it_alone() {
        let mut pins = WrongPins::default();
        keyed(&mut pins, "+1", 0..4);
        assert!(!is_closed(&pins, "+1"));
        keyed(&mut pins, "+1", 4..5);
        assert!(is_closed(&pins, "+1") && !is_closed(&pins, "+2") && !is_closed(&pins, ""));
        assert_eq!((pins.closed_to_all(), pins.closed_to_numbers()), (None, 1));
        pins.age_by(10 * MINUTE - 1);
        assert!(is_closed(&pins, "+1"));
        pins.age_by(1);
        assert!(!is_closed(&pins, "+1"));
    }

    #[test]
    fn twenty_close_the_room_to_everybody_whoever_keyed_them() {
        for callers in [["", "", "", "", ""], ["+1", "+2", "+3", "+4", ""], ["+1", "+2", "+3", "+4", "+5"]] {
            let mut pins = WrongPins::default();
            for (n, caller) in callers.iter().enumerate() {
                keyed(&mut pins, caller, 4 * n..4 * n + 3);
            }
            keyed(&mut pins, "", 100..104);
            assert_eq!(pins.closed_to_all(), None, "{callers:?}");
            keyed(&mut pins, "+9", 200..201);
            assert!(is_closed(&pins, "+1") && is_closed(&pins, ""), "{callers:?}");
            assert_eq!(pins.closed_to_all(), Some(10 * MINUTE));
        }
    }

    #[test]
    fn a_wrong_pin_counts_for_ten_minutes_and_once() {
        let mut pins = WrongPins::default();
        keyed(&mut pins, "+1", 0..4);
        for _ in 0..100 {
            keyed(&mut pins, "+1", 3..4);
        }
        pins.age_by(10 * MINUTE);
        assert_eq!(pins, WrongPins::default());
        keyed(&mut pins, "+1", 4..8);
        assert!(!is_closed(&pins, "+1"));
        let nobody = Attempt { id: None, ..attempt("+2", 0) };
        (0..5).for_each(|_| pins.count(&nobody));
        assert!(is_closed(&pins, "+2"), "without a session none is known to be sent again");
    }

    #[test]
    fn each_further_closure_within_a_day_lasts_twice_as_long() {
        let mut pins = WrongPins::default();
        for minutes in [10, 20, 40, 80, 160, 320] {
            keyed(&mut pins, "+1", 0..5);
            pins.age_by(minutes * MINUTE - 1);
            assert!(is_closed(&pins, "+1"), "{minutes}");
            pins.age_by(1);
            assert!(!is_closed(&pins, "+1"), "{minutes}");
        }
        pins.age_by(DAY);
        assert_eq!((pins.clone(), pins.lasts()), (WrongPins::default(), 0));
        keyed(&mut pins, "+1", 0..5);
        pins.age_by(10 * MINUTE);
        assert!(!is_closed(&pins, "+1"), "the ones before are forgotten");
    }

    #[test]
    fn no_closure_lasts_longer_than_a_day() {
        for times in [8, 9, 63, 64, 65, u32::MAX] {
            let closure = Closure { caller: None, age: 0, times };
            assert!((DAY / 2..=DAY).contains(&closure.left()), "{times}");
        }
    }

    #[test]
    fn while_a_room_is_closed_nothing_counts_and_nothing_prolongs_it() {
        let mut pins = WrongPins::default();
        keyed(&mut pins, "+1", 0..5);
        for minute in 0..10 {
            keyed(&mut pins, "+1", 10 * minute..10 * minute + 10);
            pins.age_by(MINUTE);
        }
        assert!(!is_closed(&pins, "+1"));
        assert_eq!(pins.closed_to_all(), None);
    }
}
