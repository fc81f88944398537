//! Dialogs: what is heard, what is understood, what comes back.

use super::{ASK_ROOM, assert_violated, platform_with, set_up};
use ccxml_platform::{Caller, Ended, Entry, LateValues, Variations, secs};
use ccxml_platform::{Fault, Platform};

/// The room that the dialog returned in the end, and what the caller heard.
fn room_after(platform: &mut Platform, caller: Caller) -> (String, Vec<String>) {
    let anna = platform.call(caller, platform.now());
    platform.run_for(secs(100));
    platform.assert_clean();
    let exit = platform
        .trace_lines()
        .iter()
        .rev()
        .find_map(|line| Some(line.split_once("values.room=")?.1.to_string()));
    (exit.unwrap_or_default(), platform.heard(anna).into_iter().map(str::to_string).collect())
}

#[test]
fn counted_handlers_reprompts_and_recordings_work() {
    let mut platform = set_up().with_recordings(|address| address == "http://line.example/no-room.wav");
    let caller =
        Caller::new("+49301").keys("12#").entry(Entry::Silence).entry(Entry::Nonsense).keys("123456");
    let anna = platform.call(caller, secs(0));
    platform.run_for(secs(100));
    platform.assert_clean();
    assert!(platform.report().contains("values.room=\"123456\""));
    let heard = platform.heard(anna);
    let (ask, wrong) = ("Enter the room number, then press hash.", "That is not a room number.");
    assert_eq!(heard, [ask, wrong, ask, ask, wrong, ask]);
    let record = platform.record(anna);
    assert_eq!(record.heard[1].audio, ["http://line.example/no-room.wav"]);
    assert_eq!(record.heard[0].missing_audio, ["http://line.example/ask-room.wav"]);
    assert_eq!(record.heard[0].prompt, "http://line.example/ask-room.vxml");
}

#[test]
fn what_does_not_fit_the_grammar_is_no_match() {
    for keys in ["1234567#", "12#", "#", "12*4#", "1234567"] {
        let (room, heard) = room_after(&mut set_up(), Caller::new("+49301").keys(keys).keys("777#"));
        assert_eq!((room.as_str(), heard.len()), ("\"777\"", 3), "{keys}: {heard:?}");
    }
}

#[test]
fn eager_recognition_cuts_keys_off_and_keeps_the_rest() {
    let mut platform =
        platform_with(str::to_string, Variations { eager_digits: true, ..Variations::default() });
    let (room, heard) = room_after(&mut platform, Caller::new("+49301").keys("1234567#"));
    assert_eq!((room.as_str(), heard.len()), ("\"123456\"", 1));
}

#[test]
fn digits_may_come_with_blanks() {
    let raw = |document: &str| document.replace(r"String(entered).replace(/\s+/g, '')", "entered");
    for (blank_digits, expected) in [(true, "\"1 2 3 4\""), (false, "\"1234\"")] {
        let mut platform = platform_with(raw, Variations { blank_digits, ..Variations::default() });
        assert_eq!(room_after(&mut platform, Caller::new("+49301").keys("1234#")).0, expected);
    }
}

#[test]
fn a_caller_can_answer_by_prompt_and_by_function() {
    let mut platform = set_up();
    let prompt = "http://line.example/ask-room.vxml";
    let caller = Caller::new("+49301").keys_for(prompt, "1#").answering(|ask| {
        assert!(ask.said.starts_with("That is not a room number.") && ask.time == 2, "{ask:?}");
        Entry::from("555#")
    });
    assert_eq!(room_after(&mut platform, caller).0, "\"555\"");
    let mut platform = set_up();
    let anna = platform.call(Caller::new("+49301").entry(Entry::HangUp), secs(0));
    platform.run_until(secs(60));
    assert_eq!((&platform.record(anna).ended, platform.is_over(anna)), (&Ended::CallerHungUp, true));
}

#[test]
fn a_hang_up_reaches_the_dialog_and_its_values_come_or_do_not() {
    let wait = |document: &str| {
        document.replace(
            "<transition event=\"connection.disconnected\"><exit/>",
            "<transition event=\"connection.disconnected\">",
        )
    };
    for (late_values, expected) in
        [(LateValues::Kept, "values.result=\"hangup\""), (LateValues::Empty, ""), (LateValues::Missing, "")]
    {
        let mut platform = platform_with(wait, Variations { late_values, ..Variations::default() });
        platform.call(Caller::new("+49301").hang_up_at(secs(2)), secs(0));
        platform.run_until(secs(60));
        platform.assert_clean();
        let exits: Vec<String> =
            platform.trace_lines().into_iter().filter(|line| line.contains(" dialog.exit ")).collect();
        assert_eq!(exits.len(), 1, "{}", platform.report());
        assert!(
            exits[0].contains(expected) && (expected.is_empty() != exits[0].contains("values.result")),
            "{}",
            exits[0]
        );
    }
}

#[test]
fn a_dialog_can_fail_to_start_or_crash() {
    let mut platform = set_up();
    let anna = platform.call(Caller::new("+49301").with(Fault::dialog(1)), secs(0));
    let ben = platform.call(Caller::new("+49302").with(Fault::dialog_crash(1)), secs(0));
    platform.run_until(secs(60));
    platform.assert_clean();
    assert!(platform.record(anna).event_names.contains(&"error.dialog.notstarted".to_string()));
    assert!(!platform.record(anna).event_names.contains(&"dialog.exit".to_string()));
    assert!(platform.record(ben).event_names.contains(&"dialog.exit".to_string()));
    assert!(platform.heard(ben).is_empty());
    assert_eq!(platform.record(ben).ended, Ended::Disconnected { last_words: String::new() });
}

#[test]
fn a_connection_has_one_dialog_at_a_time() {
    let start = "<dialogstart src=\"'ask-room.vxml'\" connectionid=\"leg\"/>";
    let mut platform =
        platform_with(|document| document.replace(start, &format!("{start}{start}")), Variations::default());
    let anna = platform.call(Caller::new("+49301").keys("1234#"), secs(0));
    platform.run_until(secs(60));
    assert!(
        platform.record(anna).event_names.contains(&"error.dialog.notstarted".to_string()),
        "{}",
        platform.report()
    );
}

#[test]
fn a_dialog_that_asks_after_the_hang_up_or_never_ends_is_found() {
    let deaf = ASK_ROOM.contains("<catch event=\"connection.disconnect\">");
    assert!(deaf);
    let ask = |document: &str| {
        document.replace(
            "<catch event=\"connection.disconnect\"><assign name=\"result\" expr=\"'hangup'\"/><exit namelist=\"result\"/></catch>",
            "<catch event=\"connection.disconnect\"><assign name=\"result\" expr=\"missing\"/></catch>",
        )
    };
    let mut platform = platform_with(ask, Variations::default());
    platform.call(Caller::new("+49301").hang_up_at(secs(2)), secs(0));
    platform.run_until(secs(60));
    assert_violated(&platform, "error.semantic in <assign");
    let endless = |document: &str| document.replace("count=\"3\"", "count=\"3000\"");
    let mut platform = platform_with(endless, Variations::default());
    platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(100_000));
    assert_violated(&platform, "does not come to an end");
}

#[test]
fn who_waits_for_the_end_of_the_keys_hears_one_too_many() {
    let waits = |document: &str| {
        document.replace(
            "<property name=\"inter",
            "<property name=\"termtimeout\" value=\"1s\"/><property name=\"inter",
        )
    };
    for eager_digits in [false, true] {
        let variations = Variations { eager_digits, ..Variations::default() };
        let mut platform = platform_with(waits, variations.clone());
        let seven = Caller::new("+49301").keys("1234567#").keys("777#");
        assert_eq!(room_after(&mut platform, seven).0, "\"777\"");
        let mut platform = platform_with(waits, variations);
        let six = Entry::Interrupting("123456".into());
        let call = platform.call(Caller::new("+49301").entry(six), secs(0));
        platform.run_until(secs(4));
        let names = &platform.record(call).event_names;
        assert!(names.contains(&"dialog.exit".to_string()), "a second is enough: {}", platform.report());
    }
}
