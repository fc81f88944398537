//! English. Some voices spell PIN, so it is written as the word that it is spoken as.

use super::Texts;

/// The texts for a region: the key is the pound key in North America and the Philippines, the hash key elsewhere.
pub(super) fn texts(region: Option<&str>) -> &'static Texts {
    match region {
        None | Some("US" | "CA" | "PH" | "AS" | "GU" | "MP" | "PR" | "UM" | "VI" | "021") => &AMERICAN,
        Some(_) => &BRITISH,
    }
}

/// The texts, with what a region calls the key at the end of a number.
macro_rules! texts {
    ($key:literal) => {
        Texts {
            ask_number: concat!("Please enter your conference number, followed by the ", $key, " key."),
            silence: "I did not hear any keys.",
            not_a_number: "That is not a conference number.",
            first_caller: "You are the first caller in this conference. Please hold the line for the others.",
            joining: "You are joining the conference.",
            one_other: "There is one other caller.",
            there_are: "There are",
            other_callers: "other callers.",
            apology: "We are sorry. Something went wrong on our side. Please call again in a moment.",
            goodbye: "Goodbye.",
            full: "That conference is full.",
            locked: "That conference is locked. It takes no more callers.",
            ending: "That conference is just ending. Please try again in a few minutes.",
            kicked: "You have been removed from that conference.",
            no_room: "There is no conference with that number.",
            ask_pin: concat!("Please enter your pin, followed by the ", $key, " key."),
            ask_moderator_pin: concat!(
                "If you are the moderator, please enter your pin, followed by the ",
                $key,
                " key. Everybody else, please press the ",
                $key,
                " key."
            ),
            wrong_pin: "That pin is not right.",
            pin_closed: "There were too many wrong pins for that conference. Please try again later.",
            waiting: "The moderator is not here yet. Please hold the line.",
            admitted: "The moderator is here. You are joining the conference.",
            ended: "The conference has been ended.",
            moderator_left: "The conference is ending because the moderator has left.",
            time_over: "The conference has reached its time limit.",
            alone: "You are alone in this conference. Please hold the line for the others.",
            muted: "You are muted.",
            unmuted: "You are not muted any more.",
            muted_by_moderator: "The moderator has muted you.",
            hand_raised: "Your hand is raised.",
            hand_lowered: "Your hand is lowered.",
            no_others: "There are no other callers.",
            keys_hint: "For help, press star zero.",
            keys: "Press star six to mute or unmute yourself, star three to raise or lower your hand, star two \
                to hear how many others are there.",
            moderator_keys: "Press star six to mute or unmute yourself, star three to raise or lower your hand, star two to hear \
                how many others are there. Press star five to lock or unlock the conference, star seven to mute or \
                unmute everybody else, star nine to end the conference.",
            now_locked: "The conference is locked.",
            now_unlocked: "The conference is not locked any more.",
            all_muted: "Everybody else is muted.",
            all_unmuted: "Nobody is muted any more.",
            confirm_end: "To end the conference, press star nine again.",
            one_minute_left: "This conference ends in one minute.",
            ends_in: "This conference ends in",
            minutes: "minutes.",
            goes_on: "This conference does not end yet.",
            no_moderator: "The moderator has left. This conference ends in one minute unless a moderator returns.",
            moderator_back: "A moderator is back. This conference goes on.",
            alone_over: "You have been alone in this conference for too long.",
        }
    };
}

const AMERICAN: Texts = texts!("pound");
const BRITISH: Texts = texts!("hash");
