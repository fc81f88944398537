//! What the standard leaves open, as switches: a document that works here has to work whichever way they stand.

use std::time::Duration;

use super::clock::millis;

/// What a session is told after a hang-up, in no order that anybody promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aftermath {
    Disconnected,
    Unjoined,
    DialogExit,
}

/// How a caller who gave up while it was ringing is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abandoned {
    Failed,
    Disconnected,
}

/// What a platform makes of a GET that carries parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gets {
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
    pub abandoned: Abandoned,
    /// Recognised keys come back as `1 2 3 4`.
    pub blank_digits: bool,
    /// Identifiers are full of quotes, brackets and ampersands.
    pub hostile_ids: bool,
    pub gets: Gets,
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

/// How many settings each switch has, in the order of [`Variations::from_choice`].
const SETTINGS: [usize; 13] = [6, 2, 2, 2, 2, 2, 2, 3, 3, 2, 2, 2, 2];

type Choice = [usize; SETTINGS.len()];

impl Variations {
    /// Every combination of every switch: tens of thousands, for a long night.
    pub fn all() -> impl Iterator<Item = Variations> {
        (0..SETTINGS.iter().product::<usize>()).map(|mut number| {
            Variations::from_choice(&SETTINGS.map(|settings| {
                let choice = number % settings;
                number /= settings;
                choice
            }))
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
                SETTINGS.map(|settings| {
                    seed =
                        seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (seed >> 33) as usize % settings
                })
            });
            let gain = |choice: &Choice| missing.iter().filter(|pair| meets(choice, pair)).count();
            let best = candidates.max_by_key(gain).expect("candidates");
            missing.retain(|pair| !meets(&best, pair));
            rows.push(Variations::from_choice(&best));
        }
        rows
    }

    fn from_choice(choice: &Choice) -> Variations {
        let [
            order,
            gap,
            errors,
            loaded,
            abandoned,
            blanks,
            hostile,
            gets,
            values,
            eager,
            bystanders,
            stillborn,
            caches,
        ] = *choice;
        Variations {
            hangup_order: ORDERS[order],
            hangup_gap: [Duration::ZERO, millis(700)][gap],
            errors_first: errors == 1,
            loaded_first: loaded == 1,
            abandoned: [Abandoned::Failed, Abandoned::Disconnected][abandoned],
            blank_digits: blanks == 1,
            hostile_ids: hostile == 1,
            gets: [Gets::Unchanged, Gets::NamelistAsPost, Gets::QueryAsPost][gets],
            late_values: [LateValues::Kept, LateValues::Empty, LateValues::Missing][values],
            eager_digits: eager == 1,
            bystanders: bystanders == 1,
            stillborn_dialogs: stillborn == 1,
            caches: caches == 1,
        }
    }
}

/// Two settings that should meet: switch and setting, twice.
type Pair = [(usize, usize); 2];

fn all_pairs() -> Vec<Pair> {
    let settings = |switch: usize| (0..SETTINGS[switch]).map(move |setting| (switch, setting));
    let mut pairs = Vec::new();
    for first in 0..SETTINGS.len() {
        for second in first + 1..SETTINGS.len() {
            for one in settings(first) {
                pairs.extend(settings(second).map(|other| [one, other]));
            }
        }
    }
    pairs
}

fn meets(choice: &Choice, pair: &Pair) -> bool {
    pair.iter().all(|&(switch, setting)| choice[switch] == setting)
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
