//! English.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    ask_number: "Please enter your conference number, followed by the pound key.",
    silence: "I did not hear any keys.",
    not_a_number: "That is not a conference number.",
    first_caller: "You are the first caller in this conference. Please hold the line for the others.",
    joining: "You are joining the conference.",
    others: |count| match count {
        1 => "There is one other caller.".to_owned(),
        _ => format!("There are {count} other callers."),
    },
    apology: "We are sorry. Something went wrong on our side. Please call again in a moment.",
    goodbye: "Goodbye.",
    full: "That conference is full.",
};
