//! Keys that callers press in the conference, where the platform tells of them.

use super::rooms::{room, with_pin};
use super::{
    assert_all_leave, assert_hear_each_other, assert_last_words, assert_nothing_left, caller, platform,
    prompts, send_everybody_home,
};
use crate::program::Line;
use ccxml_platform::{
    CallId, Caller, Disturbance, Event, Fault, FetchFault, Platform, Signals, Variations, millis, secs,
};

/// A room where some callers are moderators.
const LED: &str = "open = true\nmoderator_pin = \"98765\"";

/// A platform that tells of keys.
fn with_signals() -> Variations {
    Variations { signals: Signals::Info, ..Variations::default() }
}

fn press(platform: &mut Platform, call: CallId, keys: &str) {
    for key in keys.chars() {
        platform.press(call, key);
        platform.run_for(millis(200));
    }
}

/// The keys that sessions have asked for, with their numbers.
fn presses(platform: &Platform) -> Vec<(String, u32)> {
    let requests = platform.exchanges().iter().map(|exchange| &exchange.request);
    let numbered = requests
        .filter(|request| request.field("event").is_some_and(|event| event != "renew" && event != "leave"));
    numbered
        .map(|request| (request.field("event").unwrap(), request.field("press").unwrap().parse().unwrap()))
        .collect()
}

/// A moderator and another caller, in for half a minute.
fn led(variations: Variations) -> (Line, Platform, [CallId; 2]) {
    let line = room(LED);
    let mut platform = platform(&line, variations);
    let calls = [with_pin("+1", "98765#"), with_pin("+2", "#")].map(|who| platform.call(who, secs(0)));
    platform.run_until(secs(30));
    (line, platform, calls)
}

/// What a caller hears of a few keys.
fn hears(keys: &str, moderator: bool) -> Vec<String> {
    let (line, mut platform, calls) = led(with_signals());
    let call = calls[usize::from(!moderator)];
    let before = prompts(&platform, call).len();
    press(&mut platform, call, keys);
    platform.run_for(secs(20));
    let heard = prompts(&platform, call).split_off(before);
    assert!(platform.hears(call, calls[usize::from(moderator)]) || keys == "*7", "{}", platform.report());
    assert_all_leave(&line, &mut platform, &calls);
    heard
}

#[test]
fn each_key_is_confirmed_in_a_few_words() {
    for (keys, moderator, words) in [
        ("*6", false, "muted"),
        ("*3", false, "hand_raised"),
        ("*2", false, "others"),
        ("*0", false, "keys"),
        ("*0", true, "moderator_keys"),
        ("*5", true, "now_locked"),
        ("*7", true, "all_muted"),
        ("*9", true, "confirm_end"),
    ] {
        assert_eq!(hears(keys, moderator), [words], "{keys}");
    }
    assert_eq!(hears("*6*6", false).last().map(String::as_str), Some("unmuted"));
}

#[test]
fn keys_that_mean_nothing_do_nothing() {
    for keys in ["6", "*", "*1", "*#", "#6", "*16", "**", "66*"] {
        assert_eq!(hears(keys, true), [""; 0], "{keys}");
    }
    assert_eq!(hears("**6", false), ["muted"], "a second star begins anew");
    for keys in ["*5", "*7", "*9", "*9*9"] {
        assert_eq!(hears(keys, false), [""; 0], "{keys} is for moderators");
    }
}

#[test]
fn a_digit_counts_within_three_seconds_of_the_star() {
    for (pause, heard) in [(millis(2500), 1), (millis(3500), 0)] {
        let (_line, mut platform, calls) = led(with_signals());
        let before = prompts(&platform, calls[1]).len();
        platform.press(calls[1], '*');
        platform.run_for(pause);
        platform.press(calls[1], '3');
        platform.run_for(secs(20));
        assert_eq!(prompts(&platform, calls[1]).len() - before, heard, "{pause:?}: {}", platform.report());
    }
}

#[test]
fn keys_are_heard_however_the_platform_tells_of_them() {
    for variations in Variations::pairs() {
        let told = variations.signals != Signals::None;
        let (line, mut platform, calls) = led(variations);
        press(&mut platform, calls[1], "*6");
        platform.run_for(secs(20));
        platform.assert_clean();
        assert_eq!(platform.hears(calls[0], calls[1]), !told, "{}", platform.report());
        assert!(platform.hears(calls[1], calls[0]), "{}", platform.report());
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn keys_count_while_words_are_said_while_joining_and_while_a_reply_is_awaited() {
    let late = Fault::fetch_with(1, "event", "mute", FetchFault::Late(secs(2)));
    for who in [
        caller("+2").press_on(3, "dialog.started", "*6"),
        caller("+2").press_during(1, "join", "*6"),
        caller("+2").press_during(2, "dialogstart", "*6"),
        caller("+2").press_on(2, "line.renew.*", "*6"),
        caller("+2").with(late).press_on(1, "conference.joined", "*6"),
    ] {
        let line = Line::new();
        let mut platform = platform(&line, with_signals());
        let calls = [caller("+1"), who].map(|who| platform.call(who, secs(0)));
        platform.run_until(secs(30));
        // What the first key did not do, since nothing of it was there yet.
        if platform.hears(calls[0], calls[1]) {
            press(&mut platform, calls[1], "*6");
            press(&mut platform, calls[1], "*6*6");
            platform.run_for(secs(30));
        }
        assert!(!platform.hears(calls[0], calls[1]), "{}", platform.report());
        assert!(platform.hears(calls[1], calls[0]), "{}", platform.report());
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn a_key_whose_reply_is_lost_is_asked_for_again_and_not_done_twice() {
    for fault in
        [FetchFault::ResponseLost, FetchFault::NeverSent, FetchFault::Duplicate, FetchFault::Status(503)]
    {
        let line = Line::new();
        let mut platform = platform(&line, with_signals());
        let lost = Fault::fetch_with(1, "event", "mute", fault.clone());
        let calls = [caller("+1"), caller("+2").with(lost)].map(|who| platform.call(who, secs(0)));
        platform.run_until(secs(30));
        press(&mut platform, calls[1], "*6");
        platform.run_for(secs(40));
        assert!(!platform.hears(calls[0], calls[1]), "{fault:?}: {}", platform.report());
        assert_eq!(prompts(&platform, calls[1]).last().map(String::as_str), Some("muted"));
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn two_keys_in_a_breath_are_both_done() {
    let late = Fault::fetch_with(1, "event", "hand", FetchFault::Late(secs(3)));
    let line = Line::new();
    let mut platform = platform(&line, with_signals());
    let calls = [caller("+1"), caller("+2").with(late)].map(|who| platform.call(who, secs(0)));
    platform.run_until(secs(30));
    press(&mut platform, calls[1], "*3*6");
    platform.run_for(secs(20));
    assert_eq!(prompts(&platform, calls[1]).last().map(String::as_str), Some("muted"));
    assert!(!platform.hears(calls[0], calls[1]), "{}", platform.report());
    assert_eq!(presses(&platform), [("hand", 1), ("mute", 2)].map(|(key, n)| (key.into(), n)));
}

#[test]
fn a_key_does_not_take_the_place_of_one_that_has_yet_to_be_done() {
    for fault in [FetchFault::NeverSent, FetchFault::ResponseLost] {
        let line = Line::new();
        let mut platform = platform(&line, with_signals());
        let lost = Fault::fetch_with(1, "event", "hand", fault);
        let calls = [caller("+1"), caller("+2").with(lost)].map(|who| platform.call(who, secs(0)));
        platform.run_until(secs(30));
        press(&mut platform, calls[1], "*3");
        platform.run_for(secs(2));
        press(&mut platform, calls[1], "*6");
        platform.run_for(secs(25));
        assert_eq!(
            presses(&platform),
            [("hand", 1), ("hand", 1), ("mute", 2)].map(|(key, n)| (key.into(), n))
        );
        assert!(!platform.hears(calls[0], calls[1]), "{}", platform.report());
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn a_moderator_ends_the_conference_with_a_key_that_is_pressed_twice_within_ten_seconds() {
    for (pause, ends) in [(secs(8), true), (secs(12), false)] {
        let (line, mut platform, calls) = led(with_signals());
        press(&mut platform, calls[0], "*9");
        platform.run_for(pause - millis(400));
        press(&mut platform, calls[0], "*9");
        platform.run_for(secs(100));
        if ends {
            for call in calls {
                assert_last_words(&platform, call, "Goodbye.");
            }
        } else {
            assert!(platform.hears(calls[0], calls[1]), "{}", platform.report());
            send_everybody_home(&mut platform, &calls);
        }
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn what_a_moderator_does_to_all_is_heard_by_them_at_once() {
    let (line, mut platform, calls) = led(with_signals());
    let newcomer = platform.call(with_pin("+3", "#"), secs(40));
    press(&mut platform, calls[0], "*7");
    platform.run_for(secs(8));
    assert!(
        !platform.hears(calls[0], calls[1]) && platform.hears(calls[1], calls[0]),
        "{}",
        platform.report()
    );
    press(&mut platform, calls[1], "*6");
    platform.run_for(secs(22));
    assert!(
        !platform.hears(calls[0], calls[1]),
        "who is muted by a moderator can't lift it: {}",
        platform.report()
    );
    assert!(
        !platform.hears(calls[0], newcomer) && platform.hears(newcomer, calls[0]),
        "{}",
        platform.report()
    );
    press(&mut platform, calls[0], "*7");
    platform.run_for(secs(8));
    assert!(
        platform.hears(calls[0], calls[1]) && platform.hears(calls[0], newcomer),
        "{}",
        platform.report()
    );
    assert_all_leave(&line, &mut platform, &[calls[0], calls[1], newcomer]);
}

#[test]
fn where_keys_do_nothing_the_documents_say_nothing_of_them() {
    let line = Line::new().with("CONFERENCE_KEYS", "no");
    let document = line.get("conference_code=1234&session_id=a").body;
    assert!(!document.contains("signal") && !document.contains("press"), "{document}");
    let mut platform = platform(&line, with_signals());
    let calls = ["+1", "+2"].map(|name| platform.call(caller(name), secs(0)));
    platform.run_until(secs(30));
    press(&mut platform, calls[1], "*6");
    platform.run_for(secs(20));
    assert!(platform.hears(calls[0], calls[1]), "{}", platform.report());
}

#[test]
fn signals_of_any_shape_do_no_harm() {
    let signal = || Event::new("connection.signal");
    let line = Line::new();
    let mut platform = platform(&line, with_signals());
    let calls = ["+1", "+2"].map(|name| platform.call(caller(name), secs(0)));
    platform.run_until(secs(30));
    for event in [
        signal(),
        signal().with("connectionid", "another").with("dtmf", "*"),
        signal().with("dtmf", "*").with("dtmf", "6"),
        signal().with("info", "dtmf"),
        signal().with("connectionid", "").with("info", ccxml_platform::Value::Null),
    ] {
        platform.disturb(calls[1], Disturbance::Stray(event));
        platform.run_for(millis(100));
    }
    platform.run_for(secs(20));
    assert_hear_each_other(&platform, &calls[..2]);
    assert_all_leave(&line, &mut platform, &calls);
}

#[test]
fn a_hang_up_at_any_event_after_a_key_leaves_nothing() {
    let presses = |who: Caller| who.press_on(1, "conference.joined", "*6");
    let mut event = 25;
    loop {
        let line = Line::new();
        let mut platform = platform(&line, with_signals());
        let call = platform.call(presses(caller("+1")).hang_up_after(event), secs(0));
        platform.run_until(secs(60));
        if platform.is_up(call) {
            break;
        }
        platform.run_until(secs(200));
        assert_nothing_left(&line, &platform);
        event += 1;
    }
    assert!(event > 60, "only {event} events");
}
