//! All switches with all their settings, and combinations of them.

use std::time::Duration;

use super::{Abandoned, BasicHttp, Gets, LateValues, ORDERS, Sends, Signals, Variations};
use crate::clock::millis;

/// One way in which a switch may stand, in a few words.
type Setting = (&'static str, fn(&mut Variations));

/// All switches with all their settings.
#[rustfmt::skip]
const SWITCHES: &[&[Setting]] = &[
    &[
        ("hang-ups tell disconnected, unjoined, dialog.exit", |to| to.hangup_order = ORDERS[0]),
        ("hang-ups tell disconnected, dialog.exit, unjoined", |to| to.hangup_order = ORDERS[1]),
        ("hang-ups tell unjoined, disconnected, dialog.exit", |to| to.hangup_order = ORDERS[2]),
        ("hang-ups tell unjoined, dialog.exit, disconnected", |to| to.hangup_order = ORDERS[3]),
        ("hang-ups tell dialog.exit, disconnected, unjoined", |to| to.hangup_order = ORDERS[4]),
        ("hang-ups tell dialog.exit, unjoined, disconnected", |to| to.hangup_order = ORDERS[5]),
    ],
    &[
        ("at once", |to| to.hangup_gap = Duration::ZERO),
        ("0.7 s apart", |to| to.hangup_gap = millis(700)),
    ],
    &[
        ("errors wait their turn", |to| to.errors_first = false),
        ("errors overtake", |to| to.errors_first = true),
    ],
    &[
        ("ccxml.loaded waits its turn", |to| to.loaded_first = false),
        ("ccxml.loaded overtakes", |to| to.loaded_first = true),
    ],
    &[
        ("abandoned calls fail", |to| to.abandoned = Abandoned::Failed),
        ("abandoned calls are disconnected", |to| to.abandoned = Abandoned::Disconnected),
    ],
    &[
        ("keys without blanks", |to| to.blank_digits = false),
        ("keys with blanks", |to| to.blank_digits = true),
    ],
    &[
        ("plain ids", |to| to.hostile_ids = false),
        ("ids full of quotes", |to| to.hostile_ids = true),
    ],
    &[
        ("GET stays GET", |to| to.gets = Gets::Unchanged),
        ("GET with a namelist is POST", |to| to.gets = Gets::NamelistAsPost),
        ("GET with a query is POST", |to| to.gets = Gets::QueryAsPost),
    ],
    &[
        ("dialogs cut short return values", |to| to.late_values = LateValues::Kept),
        ("dialogs cut short return no values", |to| to.late_values = LateValues::Empty),
        ("dialogs cut short return nothing", |to| to.late_values = LateValues::Missing),
    ],
    &[
        ("entries end with a key", |to| to.eager_digits = false),
        ("entries end when they can", |to| to.eager_digits = true),
    ],
    &[
        ("sessions hear of their own joins", |to| to.bystanders = false),
        ("sessions hear of all joins", |to| to.bystanders = true),
    ],
    &[
        ("terminated dialogs start first", |to| to.stillborn_dialogs = false),
        ("terminated dialogs never start", |to| to.stillborn_dialogs = true),
    ],
    &[
        ("no cache", |to| to.caches = false),
        ("a cache", |to| to.caches = true),
    ],
    &[
        ("ends of dialogs are told at once", |to| to.exit_delay = Duration::ZERO),
        ("ends of dialogs are told late", |to| to.exit_delay = millis(150)),
    ],
    &[
        ("no basichttp", |to| to.basichttp = BasicHttp::Absent),
        ("basichttp is null", |to| to.basichttp = BasicHttp::Null),
        ("session.ioprocessors is null", |to| to.basichttp = BasicHttp::NoProcessors),
        ("no session.ioprocessors", |to| to.basichttp = BasicHttp::Missing),
        ("basichttp", |to| to.basichttp = BasicHttp::There),
    ],
    &[
        ("sends to other sessions arrive at once", |to| to.sends = Sends::Delivered(Duration::ZERO)),
        ("sends to other sessions arrive late", |to| to.sends = Sends::Delivered(millis(300))),
        ("sends to other sessions are refused", |to| to.sends = Sends::Refused),
    ],
    &[
        ("keys are no signals", |to| to.signals = Signals::None),
        ("keys are signals with dtmf", |to| to.signals = Signals::Dtmf),
        ("keys are signals with info", |to| to.signals = Signals::Info),
    ],
    &[
        ("no other signals", |to| to.foreign_signals = false),
        ("signals that are no keys", |to| to.foreign_signals = true),
    ],
];

/// How every switch stands, in their order.
type Choice = Vec<usize>;

impl Variations {
    /// Every combination of every switch: millions, for as long as there is time.
    pub fn all() -> impl Iterator<Item = Variations> {
        (0..SWITCHES.iter().map(|settings| settings.len()).product::<usize>()).map(|mut number| {
            let choice = SWITCHES.iter().map(|settings| {
                let setting = number % settings.len();
                number /= settings.len();
                setting
            });
            Variations::of(&choice.collect())
        })
    }

    /// A few combinations (some three dozen, always the same) in which any two settings of any two switches meet.
    pub fn pairs() -> Vec<Variations> {
        let mut missing = all_pairs();
        let mut rows = vec![Variations::default()];
        // A small generator of its own: the same rows on every machine.
        let mut seed: u64 = 2002;
        while !missing.is_empty() {
            let candidates = (0..200).map(|_| {
                let choice = SWITCHES.iter().map(|settings| {
                    seed =
                        seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (seed >> 33) as usize % settings.len()
                });
                choice.collect()
            });
            let gain = |choice: &Choice| missing.iter().filter(|pair| meets(choice, pair)).count();
            let best: Choice = candidates.max_by_key(gain).unwrap_or_default();
            missing.retain(|pair| !meets(&best, pair));
            rows.push(Variations::of(&best));
        }
        rows
    }

    /// How it differs from what is usual, in a few words for each switch.
    pub fn differences(&self) -> Vec<&'static str> {
        let stands = |variations: &Variations, (_, set): &Setting| {
            let mut same = variations.clone();
            set(&mut same);
            same == *variations
        };
        let usual = Variations::default();
        let differing = SWITCHES.iter().filter_map(|settings| {
            settings.iter().find(|setting| stands(self, setting) && !stands(&usual, setting))
        });
        differing.map(|(words, _)| *words).collect()
    }

    fn of(choice: &Choice) -> Variations {
        let mut variations = Variations::default();
        for (settings, setting) in SWITCHES.iter().zip(choice) {
            if let Some((_, set)) = settings.get(*setting) {
                set(&mut variations);
            }
        }
        variations
    }
}

/// Two settings that should meet: switch and setting, twice.
type Pair = [(usize, usize); 2];

fn all_pairs() -> Vec<Pair> {
    let numbered = SWITCHES.iter().enumerate();
    let all: Vec<_> = numbered
        .flat_map(|(switch, settings)| (0..settings.len()).map(move |setting| (switch, setting)))
        .collect();
    let with_later = |one: &(usize, usize)| {
        let one = *one;
        all.iter().filter(move |other| other.0 > one.0).map(move |other| [one, *other]).collect::<Vec<_>>()
    };
    all.iter().flat_map(with_later).collect()
}

fn meets(choice: &Choice, pair: &Pair) -> bool {
    pair.iter().all(|(switch, setting)| choice.get(*switch) == Some(setting))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_rows_let_any_two_settings_meet() {
        let rows = Variations::pairs();
        assert!(rows.len() < 40, "{} rows", rows.len());
        for order in ORDERS {
            for gets in [Gets::Unchanged, Gets::NamelistAsPost, Gets::QueryAsPost] {
                assert!(rows.iter().any(|row| row.hangup_order == order && row.gets == gets));
            }
        }
        assert_eq!(rows, Variations::pairs());
    }

    #[test]
    fn differences_are_told() {
        assert_eq!(Variations::default().differences(), [""; 0]);
        let other = Variations { caches: true, gets: Gets::QueryAsPost, ..Variations::default() };
        assert_eq!(other.differences(), ["GET with a query is POST", "a cache"]);
    }

    #[test]
    fn all_combinations_differ() {
        let first: Vec<_> = Variations::all().take(500).collect();
        for (at, row) in first.iter().enumerate() {
            assert!(!first[..at].contains(row));
        }
    }
}
