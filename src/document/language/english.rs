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
        2 => "There are two other callers.".to_owned(),
        _ => format!("There are {count} other callers."),
    },
    apology: "We are sorry. Something went wrong on our side. Please call again in a moment.",
    goodbye: "Goodbye.",
    full: "That conference is full.",
    locked: "That conference is locked. It takes no more callers.",
    ending: "That conference is just ending. Please try again in a few minutes.",
    kicked: "You have been removed from that conference.",
    no_room: "There is no conference of that number.",
    ask_pin: "Please enter your PIN, followed by the pound key.",
    ask_moderator_pin: "If you are the moderator, please enter your PIN, followed by the pound key. \
        Everybody else, please press the pound key.",
    wrong_pin: "That PIN is not right.",
    pin_closed: "There were too many wrong PINs for that conference. Please try again later.",
    waiting: "The moderator is not here yet. Please hold the line.",
    admitted: "The moderator is here. You are joining the conference.",
    ended: "The conference has been ended.",
    moderator_left: "The conference ends here, because the moderator has left.",
    time_over: "The time of this conference is over.",
};
