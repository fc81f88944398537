//! What an operator has done, or why it was not done, in one sentence: the same ones in the shell and at the desk.

use crate::clock::Millis;
use crate::conference::{Done, NotDone, Operation, Times, Whom};
use crate::console::{span, span_left};
use crate::number::ConferenceNumber;

/// What an operation has come to, as far as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Who is meant, where one is.
    pub who: Option<String>,
    /// It was so already.
    pub already: bool,
    /// How many callers hear of it.
    pub callers: usize,
    /// How many of them hear of it now.
    pub reached: usize,
    /// The time until the conference ends by itself, in milliseconds, if that is known.
    pub ends_in: Option<Millis>,
}

impl Told {
    /// What is told of something that was done.
    pub fn of(operation: &Operation, done: &Done) -> Self {
        let hears = done.told.first();
        let number = hears.and_then(|hears| hears.caller.clone());
        Self {
            who: named(operation).map(|named| number.unwrap_or_else(|| named.to_owned())),
            already: !done.changed,
            callers: done.told.len(),
            reached: done.reached,
            ends_in: done.ends_in,
        }
    }
}

/// The one caller whom an operation names.
fn named(operation: &Operation) -> Option<&str> {
    operation.whom().filter(|whom| **whom != Whom::All).map(Whom::as_str)
}

/// What an operation has done, and who hears of it when.
pub fn done(number: &ConferenceNumber, operation: &Operation, told: &Told, times: &Times) -> String {
    let what = what(number, operation, told);
    let (one, several) = match operation {
        Operation::Extend(_) => ("session knows", "sessions know"),
        _ => ("caller hears so", "callers hear so"),
    };
    match when((one, several), told, times) {
        Some(when) => format!("{what}; {when}"),
        None => what,
    }
}

fn what(number: &ConferenceNumber, operation: &Operation, told: &Told) -> String {
    let already = if told.already { " already" } else { "" };
    let who = told.who.as_deref().unwrap_or_default();
    match operation {
        Operation::End if told.callers == 0 => {
            format!("{number} is free: nobody is in its conference who could be told that it has ended")
        }
        Operation::End => format!("conference {number} is ending{already}"),
        Operation::Lock => {
            format!("conference {number} is locked{already}; newcomers hear so at once, moderators get in")
        }
        Operation::Unlock => format!("conference {number} is open{already}; newcomers get in at once"),
        Operation::Kick(Whom::Session(_)) => {
            format!("caller {who} is removed from conference {number}{already}")
        }
        Operation::Kick(Whom::All) => format!("all but moderators are removed from conference {number}"),
        Operation::Mute(Whom::Session(_)) => format!("caller {who} is muted in conference {number}{already}"),
        Operation::Mute(Whom::All) => {
            format!("all but moderators are muted in conference {number}{already}, newcomers too")
        }
        Operation::Unmute(Whom::Session(_)) => {
            format!("caller {who} can be heard in conference {number}{already}")
        }
        Operation::Unmute(Whom::All) => {
            format!(
                "all who have not muted themselves can be heard in conference {number}{already}, newcomers too"
            )
        }
        Operation::Extend(by) => {
            let left = match told.ends_in {
                Some(left) => format!("ends in {}", span_left(left)),
                None => "has not opened yet".to_owned(),
            };
            format!("conference {number} may last {} longer and {left}", span(*by))
        }
        Operation::Reopen if told.already => {
            format!("room {number} takes PINs as before; no wrong ones were remembered")
        }
        Operation::Reopen => {
            format!("room {number} takes PINs again, from the next one on; the wrong ones are forgotten")
        }
    }
}

/// Who hears of it now and who later, in the words for one of them and for several.
fn when((one, several): (&str, &str), told: &Told, times: &Times) -> Option<String> {
    let of = |count: usize| if count == 1 { one } else { several };
    let later = told.callers.saturating_sub(told.reached);
    if !times.renewals && later > 0 {
        return Some("callers do not hear so: sessions of this dialect do not ask".to_owned());
    }
    let then = format!("at the next renewal, within {} s", times.renew / 1000);
    Some(match (told.reached, later) {
        (0, 0) => return None,
        (now, 0) => format!("{now} {} now", of(now)),
        (0, later) => format!("{later} {} {then}", of(later)),
        (now, later) => format!("{now} {} now, {later} {then}", of(now)),
    })
}

/// Why an operation was not done.
pub fn not_done(number: &ConferenceNumber, operation: &Operation, why: NotDone) -> String {
    match (why, named(operation)) {
        (NotDone::NoConference, _) => format!("there is no conference {number}"),
        (NotDone::NoCaller, Some(named)) => {
            format!("there is no session or telephone number {named} in conference {number}")
        }
        (NotDone::NoCaller, None) => {
            format!("there are no callers with a session but moderators in conference {number}")
        }
        (NotDone::ManyCallers(several), _) => {
            format!("{several} callers in conference {number} have a number that ends so; give more digits")
        }
        (NotDone::Ending, _) => format!(
            "conference {number} is ending, takes no newcomers as it is, and stays so until the last caller has left"
        ),
        (NotDone::NoLimit, _) => format!("conference {number} has no time limit that could be extended"),
    }
}

/// A sentence of its own, as pages have it.
pub fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    format!("{}{}.", first.map(String::from).unwrap_or_default(), characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_hears_now_and_who_later_is_told_in_numbers() {
        let number = ConferenceNumber::from_token_name("1234").unwrap();
        let times = crate::settings::Settings::from_environment(
            &crate::settings::environment::Environment::default(),
        );
        let times = times.unwrap().times;
        let says = |callers, reached| {
            let told = Told { callers, reached, ..Told::default() };
            done(&number, &Operation::End, &told, &times)
        };
        for (callers, reached, told) in [
            (1, 1, "1 caller hears so now"),
            (1, 0, "1 caller hears so at the next renewal, within 60 s"),
            (3, 3, "3 callers hear so now"),
            (3, 0, "3 callers hear so at the next renewal, within 60 s"),
            (4, 3, "3 callers hear so now, 1 at the next renewal, within 60 s"),
            (4, 1, "1 caller hears so now, 3 at the next renewal, within 60 s"),
        ] {
            assert_eq!(says(callers, reached), format!("conference 1234 is ending; {told}"));
        }
        let deaf = Times { renewals: false, ..times };
        let told = Told { callers: 1, ..Told::default() };
        assert!(done(&number, &Operation::End, &told, &deaf).ends_with("do not ask"));
    }

    #[test]
    fn a_sentence_begins_and_ends_as_one() {
        assert_eq!(sentence("room 1 takes PINs"), "Room 1 takes PINs.");
        assert_eq!(sentence("1 is free"), "1 is free.");
        assert_eq!(sentence(""), ".");
    }
}
