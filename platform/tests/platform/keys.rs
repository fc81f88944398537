//! Keys one by one: over the words, too early, too late, for nobody.

use super::{platform_with, set_up};
use ccxml_platform::{Caller, Entry, Platform, Variations, What, millis, secs};

const ASK: &str = "http://line.example/ask-room.vxml";

/// When the dialog that asks for the room returned which one, in milliseconds.
fn room(platform: &Platform) -> Option<(u128, String)> {
    platform.trace().iter().find_map(|entry| match &entry.what {
        What::Event { event, .. } if event.name == "dialog.exit" => {
            let text = event.to_string();
            let room = text.split("values.room=").nth(1)?.trim_matches('"').to_string();
            Some((entry.at.as_millis(), room))
        }
        _ => None,
    })
}

#[test]
fn who_knows_the_way_does_not_hear_the_question_to_its_end() {
    let caller = || Caller::new("+49301");
    for (caller, ends_at) in [
        (caller().keys("123#"), 3410),
        (caller().entry(Entry::Interrupting("123#".into())), 1410),
        (caller().keys_for(ASK, Entry::Interrupting("123#".into())), 1410),
        (caller().press_after(millis(800), "123#"), 1710),
    ] {
        let mut platform = set_up();
        platform.call(caller, secs(0));
        platform.run_until(secs(30));
        platform.assert_clean();
        assert_eq!(room(&platform), Some((ends_at, "123".into())), "{}", platform.report());
        let interrupts = platform.trace().iter().any(|entry| matches!(entry.what, What::Interrupts));
        assert_eq!(interrupts, ends_at < 3000, "{}", platform.report());
    }
}

#[test]
fn keys_are_lost_before_the_question_and_over_words_that_can_not_be_interrupted() {
    let mut platform = set_up();
    platform.call(Caller::new("+49301").press_after(millis(160), "9").keys("123#"), secs(0));
    platform.run_until(secs(30));
    assert_eq!(room(&platform), Some((3410, "123".into())), "{}", platform.report());
    let stubborn = |document: &str| document.replace("<prompt timeout", "<prompt bargein=\"false\" timeout");
    let mut platform = platform_with(stubborn, Variations::default());
    platform.call(Caller::new("+49301").press_after(millis(800), "9").keys("123#"), secs(0));
    platform.run_until(secs(30));
    platform.assert_clean();
    assert_eq!(room(&platform), Some((3410, "123".into())), "{}", platform.report());
}

#[test]
fn keys_can_be_pressed_from_outside_as_they_come() {
    let mut platform = set_up();
    let anna = platform.call(Caller::new("+49301"), secs(0));
    platform.press(anna, '1');
    platform.run_until(secs(3));
    for key in "4711".chars() {
        platform.press(anna, key);
        platform.run_for(secs(1));
    }
    platform.run_for(secs(5));
    platform.assert_clean();
    // The last key, and then the pause that ends an entry without its last key.
    assert_eq!(room(&platform), Some((9010, "4711".into())), "{}", platform.report());
    assert_eq!(platform.state(anna), "talking");
    platform.press(anna, '5');
    platform.run_for(secs(5));
    assert_eq!(platform.state(anna), "talking");
}

#[test]
fn words_take_their_time_when_they_are_told_to() {
    let mut platform = set_up().with_words_of(millis(400));
    platform.call(Caller::new("+49301").keys("123#"), secs(0));
    platform.run_until(secs(30));
    // Seven words, four keys.
    assert_eq!(room(&platform).map(|(at, _)| at), Some(200 + 2800 + 1200 + 10));
}
