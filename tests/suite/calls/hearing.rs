//! What callers hear before they are in.

use super::{
    A_WHOLE_CALL, assert_all_leave, assert_heard, assert_last_words, assert_nothing_left, caller, platform,
};
use crate::program::Line;
use ccxml_platform::{Caller, Entry, Variations, secs};

/// Plays a caller with these entries until the call is over; what was heard.
fn hears(line: &Line, entries: &[Entry]) -> String {
    let mut platform = platform(line, Variations::default());
    let who = entries.iter().cloned().fold(Caller::new("+1"), Caller::entry);
    let call = platform.call(who, secs(0));
    platform.run_until(A_WHOLE_CALL);
    assert_last_words(&platform, call, "Goodbye.");
    assert_nothing_left(line, &platform);
    platform.heard(call).join(" | ")
}

fn keys(keys: &str) -> Entry {
    Entry::from(keys)
}

#[test]
fn after_three_tries_of_whatever_kind_it_is_goodbye() {
    let locked = || {
        let line = Line::new();
        line.enter("1234", "a");
        line.run(&["lock", "1234"]);
        line
    };
    for (entries, why) in [
        ([Entry::Silence, Entry::Silence, Entry::Silence], "I did not hear any keys."),
        ([Entry::Nonsense, keys("#"), Entry::Silence], "I did not hear any keys."),
        ([keys("12#"), keys("12345678901#"), keys("12*#")], "That is not a conference number."),
    ] {
        let heard = hears(&Line::new(), &entries);
        assert!(heard.ends_with(&format!("{why} Goodbye.")), "{entries:?}: {heard}");
        assert_eq!(heard.matches("Please enter your conference number").count(), 3, "{entries:?}: {heard}");
    }
    let line = locked();
    let mut platform = platform(&line, Variations::default());
    let who = Caller::new("+1").entry(Entry::Silence).keys("1234#").keys("1234#").keys("9999#");
    let call = platform.call(who, secs(0));
    platform.run_until(A_WHOLE_CALL);
    assert_last_words(&platform, call, "That conference is locked. It takes no more callers. Goodbye.");
    assert!(!platform.conference_exists("conference_9999"), "a fourth try");
    platform.assert_clean();
}

#[test]
fn a_number_with_too_many_digits_is_refused_and_never_cut_off() {
    let line = Line::new();
    for variations in Variations::pairs() {
        let mut platform = platform(&line, variations);
        let call = platform.call(Caller::new("+1").keys("12345678901#").keys("1234567890#"), secs(0));
        platform.run_until(secs(100));
        assert_heard(&platform, call, "That is not a conference number.");
        assert!(platform.conference_exists("conference_1234567890"));
        assert_all_leave(&line, &mut platform, &[call]);
    }
}

#[test]
fn a_caller_who_waits_instead_of_pressing_the_pound_key_gets_in_too() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let call = platform.call(Caller::new("+1").keys("1234"), secs(0));
    platform.run_until(secs(60));
    assert!(platform.conference_exists("conference_1234"), "{}", platform.report());
    assert_all_leave(&line, &mut platform, &[call]);
}

#[test]
fn nobody_sits_in_silence() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let call = platform.call(caller("+1"), secs(0));
    platform.run_until(secs(200));
    let silence = platform.record(call).longest_silence;
    assert!(silence < secs(9), "{silence:?}: {}", platform.report());
    assert_all_leave(&line, &mut platform, &[call]);
}

#[test]
fn recordings_are_played_and_the_text_is_spoken_where_there_is_none() {
    let line = Line::new().with("CONFERENCE_AUDIO_URL", "/audio");
    let mut platform =
        platform(&line, Variations::default()).with_recordings(|url| url.ends_with("first_caller.wav"));
    let call = platform.call(caller("+1"), secs(0));
    platform.run_until(secs(60));
    let heard = &platform.record(call).heard;
    assert!(
        heard.iter().any(|piece| piece.audio == ["http://line.example/audio/first_caller.wav"]),
        "{heard:?}"
    );
    assert!(heard.iter().any(|piece| piece.text.contains("Please enter your conference number")));
    assert_all_leave(&line, &mut platform, &[call]);
}

#[test]
fn a_line_whose_tokens_cannot_be_reached_apologises() {
    let line = Line::in_directory();
    std::fs::create_dir(line.token("1234")).unwrap();
    let mut platform = platform(&line, Variations::default());
    let call = platform.call(caller("+1"), secs(0));
    platform.run_until(A_WHOLE_CALL);
    assert_last_words(&platform, call, super::APOLOGY);
    assert!(platform.is_over(call));
}
