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

/// One way in which a switch may stand.
type Setting = fn(&mut Variations);

/// All switches with all their settings.
const SWITCHES: &[&[Setting]] = &[
    &[
        |to| to.hangup_order = ORDERS[0],
        |to| to.hangup_order = ORDERS[1],
        |to| to.hangup_order = ORDERS[2],
        |to| to.hangup_order = ORDERS[3],
        |to| to.hangup_order = ORDERS[4],
        |to| to.hangup_order = ORDERS[5],
    ],
    &[|to| to.hangup_gap = Duration::ZERO, |to| to.hangup_gap = millis(700)],
    &[|to| to.errors_first = false, |to| to.errors_first = true],
    &[|to| to.loaded_first = false, |to| to.loaded_first = true],
    &[|to| to.abandoned = Abandoned::Failed, |to| to.abandoned = Abandoned::Disconnected],
    &[|to| to.blank_digits = false, |to| to.blank_digits = true],
    &[|to| to.hostile_ids = false, |to| to.hostile_ids = true],
    &[|to| to.gets = Gets::Unchanged, |to| to.gets = Gets::NamelistAsPost, |to| to.gets = Gets::QueryAsPost],
    &[
        |to| to.late_values = LateValues::Kept,
        |to| to.late_values = LateValues::Empty,
        |to| to.late_values = LateValues::Missing,
    ],
    &[|to| to.eager_digits = false, |to| to.eager_digits = true],
    &[|to| to.bystanders = false, |to| to.bystanders = true],
    &[|to| to.stillborn_dialogs = false, |to| to.stillborn_dialogs = true],
    &[|to| to.caches = false, |to| to.caches = true],
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

    fn of(choice: &Choice) -> Variations {
        let mut variations = Variations::default();
        for (settings, setting) in SWITCHES.iter().zip(choice) {
            if let Some(set) = settings.get(*setting) {
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
    fn all_combinations_differ() {
        let first: Vec<_> = Variations::all().take(500).collect();
        for (at, row) in first.iter().enumerate() {
            assert!(!first[..at].contains(row));
        }
    }
}
