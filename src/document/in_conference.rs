//! Prompts that callers hear while they are in a conference.

use super::language::Texts;
use super::utterance::{Utterance, utterance};
use crate::conference::Words;

/// What is said in a conference without any number in it.
pub const SIMPLE: &[Words] = &[
    Words::Muted,
    Words::Unmuted,
    Words::MutedByModerator,
    Words::HandRaised,
    Words::HandLowered,
    Words::Keys,
    Words::ModeratorKeys,
    Words::ConferenceLocked,
    Words::ConferenceUnlocked,
    Words::AllMuted,
    Words::AllUnmuted,
    Words::ConfirmEnd,
    Words::GoesOn,
    Words::NoModerator,
    Words::ModeratorBack,
];

/// The name of a prompt.
pub(super) fn name(words: Words) -> &'static str {
    match words {
        Words::Muted => "muted",
        Words::Unmuted => "unmuted",
        Words::MutedByModerator => "muted_by_moderator",
        Words::HandRaised => "hand_raised",
        Words::HandLowered => "hand_lowered",
        Words::Others(_) => "others",
        Words::Keys => "keys",
        Words::ModeratorKeys => "moderator_keys",
        Words::ConferenceLocked => "now_locked",
        Words::ConferenceUnlocked => "now_unlocked",
        Words::AllMuted => "all_muted",
        Words::AllUnmuted => "all_unmuted",
        Words::ConfirmEnd => "confirm_end",
        Words::MinutesLeft(_) => "minutes_left",
        Words::GoesOn => "goes_on",
        Words::NoModerator => "no_moderator",
        Words::ModeratorBack => "moderator_back",
    }
}

/// What a prompt says.
pub(super) fn utterances(words: Words, texts: &Texts) -> Vec<Utterance> {
    let text = match words {
        Words::Others(count) => return others(count, texts),
        Words::MinutesLeft(0 | 1) => return vec![utterance("one_minute_left", texts.one_minute_left)],
        Words::MinutesLeft(minutes) => {
            return vec![
                utterance("ends_in", texts.ends_in),
                utterance(&format!("number_{minutes}"), &minutes.to_string()),
                utterance("minutes", texts.minutes),
            ];
        }
        Words::Muted => texts.muted,
        Words::Unmuted => texts.unmuted,
        Words::MutedByModerator => texts.muted_by_moderator,
        Words::HandRaised => texts.hand_raised,
        Words::HandLowered => texts.hand_lowered,
        Words::Keys => texts.keys,
        Words::ModeratorKeys => texts.moderator_keys,
        Words::ConferenceLocked => texts.now_locked,
        Words::ConferenceUnlocked => texts.now_unlocked,
        Words::AllMuted => texts.all_muted,
        Words::AllUnmuted => texts.all_unmuted,
        Words::ConfirmEnd => texts.confirm_end,
        Words::GoesOn => texts.goes_on,
        Words::NoModerator => texts.no_moderator,
        Words::ModeratorBack => texts.moderator_back,
    };
    vec![utterance(name(words), text)]
}

/// How many others there are.
pub(super) fn others(count: usize, texts: &Texts) -> Vec<Utterance> {
    match count {
        0 => vec![utterance("no_others", texts.no_others)],
        1 => vec![utterance("one_other", texts.one_other)],
        _ => vec![
            utterance("there_are", texts.there_are),
            utterance(&format!("number_{count}"), &count.to_string()),
            utterance("other_callers", texts.other_callers),
        ],
    }
}
