//! What the standard leaves open, as switches: a document that works here has to work whichever way they stand.

use std::time::Duration;

use crate::clock::millis;

/// What a session is told after a hang-up, in no order that anybody promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aftermath {
    /// `connection.disconnected`.
    Disconnected,
    /// `conference.unjoined`, if the caller was in a conference.
    Unjoined,
    /// `dialog.exit`, if the caller was in a dialog.
    DialogExit,
}

/// How a caller who gave up while it was ringing is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abandoned {
    /// By `connection.failed`.
    Failed,
    /// By `connection.disconnected`.
    Disconnected,
}

/// What a platform makes of a GET that carries parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gets {
    /// It stays one.
    Unchanged,
    /// The variables of a `namelist` travel in the body of a POST.
    NamelistAsPost,
    /// The whole query does, whoever wrote it.
    QueryAsPost,
}

/// What `dialog.exit` carries when the dialog ended otherwise than by its own `<exit>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateValues {
    /// What the dialog's own handler returned, if it had one.
    Kept,
    /// An object without properties.
    Empty,
    /// No `values` at all.
    Missing,
}

/// One way in which a conforming platform may behave.
#[derive(Clone, Debug, PartialEq)]
pub struct Variations {
    /// The order of the events after a hang-up.
    pub hangup_order: [Aftermath; 3],
    /// How long after one another they come; with zero they are all queued before the first is handled.
    pub hangup_gap: Duration,
    /// `error.*` events overtake what is queued already.
    pub errors_first: bool,
    /// After `goto`, `ccxml.loaded` comes before what is queued already.
    pub loaded_first: bool,
    /// How it is reported that a caller gave up while it was ringing.
    pub abandoned: Abandoned,
    /// Recognised keys come back as `1 2 3 4`.
    pub blank_digits: bool,
    /// Identifiers are full of quotes, brackets and ampersands.
    pub hostile_ids: bool,
    /// What becomes of a GET with parameters.
    pub gets: Gets,
    /// What `dialog.exit` carries after a dialog that was cut short.
    pub late_values: LateValues,
    /// Input ends as soon as the grammar could take no further key (a `termtimeout` of zero taken literally), and the
    /// keys that follow answer the next question. Otherwise a key too many makes it a nomatch.
    pub eager_digits: bool,
    /// Sessions hear of the joins of everybody in a conference that they are attached to, not only of their own.
    pub bystanders: bool,
    /// A dialog that is terminated before it has started never starts; otherwise it starts and ends at once.
    pub stillborn_dialogs: bool,
    /// How long after its end a dialog is reported to have ended, as where dialogs run in a process of their own.
    pub exit_delay: Duration,
    /// Responses are cached as far as their headers allow.
    pub caches: bool,
}

impl Default for Variations {
    fn default() -> Self {
        Variations {
            hangup_order: ORDERS[0],
            hangup_gap: Duration::ZERO,
            errors_first: false,
            loaded_first: true,
            abandoned: Abandoned::Failed,
            blank_digits: false,
            hostile_ids: false,
            gets: Gets::Unchanged,
            late_values: LateValues::Kept,
            eager_digits: false,
            bystanders: true,
            stillborn_dialogs: true,
            exit_delay: Duration::ZERO,
            caches: false,
        }
    }
}

const ORDERS: [[Aftermath; 3]; 6] = {
    use Aftermath::{DialogExit, Disconnected, Unjoined};
    [
        [Disconnected, Unjoined, DialogExit],
        [Disconnected, DialogExit, Unjoined],
        [Unjoined, Disconnected, DialogExit],
        [Unjoined, DialogExit, Disconnected],
        [DialogExit, Disconnected, Unjoined],
        [DialogExit, Unjoined, Disconnected],
    ]
};

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
];

/// How every switch stands, in their order.
type Choice = Vec<usize>;

impl Variations {
    /// Every combination of every switch: tens of thousands, for a long night.
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

    /// A few combinations (about two dozen, always the same) in which any two settings of any two switches meet.
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
