//! Rooms as callers meet them.

use super::{A_WHOLE_CALL, assert_all_leave, assert_heard, assert_last_words, assert_nothing_left, platform};
use crate::program::Line;
use crate::rooms::MODERATED;
use ccxml_platform::{CallId, Caller, Entry, Platform, Variations, secs};

pub(super) fn room(text: &str) -> Line {
    Line::with_rooms(&[("1234", text)])
}

pub(super) fn with_pin(name: &str, pin: &str) -> Caller {
    Caller::new(name)
        .keys_for("get_conference_code", "1234#")
        .keys_for("get_pin", pin)
        .keys_for("get_moderator_pin", pin)
}

#[test]
fn the_pin_is_asked_for_and_never_seen_in_a_url() {
    for variations in Variations::pairs() {
        let line = room("pin = \"482913576204\"");
        let mut platform = platform(&line, variations);
        let calls = ["+1", "+2"].map(|name| platform.call(with_pin(name, "482913576204#"), secs(0)));
        platform.run_until(secs(100));
        assert!(platform.hears(calls[0], calls[1]), "{}", platform.report());
        for exchange in platform.exchanges() {
            assert!(!exchange.request.url.contains("482913576204"), "{}", exchange.request.url);
        }
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn three_wrong_pins_are_the_end_of_the_call() {
    let line = room("pin = \"4711\"");
    let mut platform = platform(&line, Variations::default());
    let who = with_pin("+1", "1111#")
        .keys_for("get_pin", "2222#")
        .keys_for("get_pin", "3333#")
        .keys_for("get_pin", "4711#");
    let call = platform.call(who, secs(0));
    platform.run_until(A_WHOLE_CALL);
    assert_last_words(&platform, call, "That pin is not right. Goodbye.");
    assert_nothing_left(&line, &platform);
}

#[test]
fn a_caller_who_keys_no_pin_at_all_hears_why_it_is_goodbye() {
    for (entry, why) in [
        (Entry::Silence, "I did not hear any keys. Goodbye."),
        (Entry::from("1#"), "That pin is not right. Goodbye."),
    ] {
        let line = room("pin = \"4711\"");
        let mut platform = platform(&line, Variations::default());
        let mut who = Caller::new("+1").keys("1234#");
        for _ in 0..3 {
            who = who.entry(entry.clone());
        }
        let call = platform.call(who, secs(0));
        platform.run_until(A_WHOLE_CALL);
        assert_last_words(&platform, call, why);
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn a_number_that_is_closed_to_pins_says_so_and_goodbye() {
    let line = room("pin = \"4711\"");
    let mut platform = platform(&line, Variations::default());
    for n in 0..20 {
        line.post(&format!("conference_code=1234&session_id=g{n}&pin=0000"));
    }
    let call = platform.call(with_pin("+1", "4711#"), secs(0));
    platform.run_until(A_WHOLE_CALL);
    assert_last_words(&platform, call, "There were too many wrong pins");
    assert_nothing_left(&line, &platform);
}

/// A moderator and a caller who have been in the room for a minute.
fn met(line: &Line) -> (Platform, CallId, CallId) {
    let mut platform = platform(line, Variations::default());
    let moderator = platform.call(with_pin("+1", "98765#"), secs(0));
    let caller = platform.call(with_pin("+2", "#"), secs(0));
    platform.run_until(secs(60));
    (platform, moderator, caller)
}

#[test]
fn the_conference_ends_a_minute_after_the_moderator_has_left() {
    let line = room(MODERATED).with("CONFERENCE_RENEW", "1").with("CONFERENCE_LEASE", "3600");
    let (mut platform, moderator, caller) = met(&line);
    platform.hang_up(moderator);
    platform.run_until(secs(62));
    assert!(platform.is_up(caller));
    line.age("1234", 59_000);
    platform.run_until(secs(64));
    assert!(platform.is_up(caller), "a moderator may come back within the minute");
    line.age("1234", 2_000);
    platform.run_until(secs(120));
    assert_last_words(&platform, caller, "because the moderator has left");
    assert_nothing_left(&line, &platform);
}

#[test]
fn a_moderator_who_comes_back_in_time_saves_the_conference() {
    let line = room(MODERATED).with("CONFERENCE_LEASE", "3600");
    let (mut platform, moderator, caller) = met(&line);
    platform.hang_up(moderator);
    platform.run_until(secs(62));
    line.age("1234", 50_000);
    let back = platform.call(with_pin("+1", "98765#"), secs(63));
    platform.run_until(secs(90));
    line.age("1234", 100_000);
    platform.run_until(secs(300));
    assert!(platform.hears(caller, back), "{}", platform.report());
    assert_all_leave(&line, &mut platform, &[caller, back]);
}

#[test]
fn time_that_is_over_ends_the_conference_in_the_middle_of_a_prompt_as_well() {
    let line = room("open = true\nmax_minutes = 1").with("CONFERENCE_LEASE", "3600");
    let mut platform = platform(&line, Variations::default());
    let calls = ["+1", "+2"].map(|name| platform.call(with_pin(name, "#"), secs(0)));
    platform.run_until(secs(40));
    let late = platform.call(with_pin("+3", "#").entry(Entry::Silence), secs(41));
    line.age("1234", 58_000);
    platform.run_until(secs(46));
    line.age("1234", 5_000);
    platform.run_until(secs(300));
    for call in calls {
        assert_last_words(&platform, call, "The conference has reached its time limit.");
    }
    assert!(platform.is_over(late));
    assert_nothing_left(&line, &platform);
}

#[test]
fn in_a_muted_room_only_moderators_are_heard() {
    let line = room("open = true\nmoderator_pin = \"98765\"\nmuted = true\ntones = false");
    let (mut platform, moderator, caller) = met(&line);
    assert!(platform.hears(caller, moderator) && !platform.hears(moderator, caller), "{}", platform.report());
    assert!(platform.tones("conference_1234").is_empty());
    assert_all_leave(&line, &mut platform, &[caller, moderator]);
}

#[test]
fn a_full_room_says_so() {
    let line = room("open = true\nmax_callers = 1\nlang = \"de-DE\"");
    let mut platform = platform(&line, Variations::default());
    let inside = platform.call(with_pin("+1", "#"), secs(0));
    let late = platform.call(with_pin("+2", "#"), secs(20));
    platform.run_until(secs(100));
    assert_heard(&platform, inside, "Sie sind der erste Teilnehmer");
    assert_heard(&platform, late, "That conference is full.");
    assert_all_leave(&line, &mut platform, &[inside, late]);
}

#[test]
fn a_pin_travels_with_the_telephone_number_whose_try_it_is() {
    let line = room("pin = \"4711\"");
    let mut platform = platform(&line, Variations::default());
    let guesses =
        |name: &str| with_pin(name, "1111#").keys_for("get_pin", "2222#").keys_for("get_pin", "3333#");
    for (n, start) in [0, 100].into_iter().enumerate() {
        platform.call(guesses("+1"), secs(start));
        platform.run_until(secs(start + 100));
        assert!(platform.exchanges().len() > 4 * n, "{}", platform.report());
    }
    let same = platform.call(with_pin("+1", "4711#"), secs(201));
    let other = platform.call(with_pin("+2", "4711#"), secs(201));
    platform.run_until(secs(300));
    assert_last_words(&platform, same, "There were too many wrong pins");
    assert!(platform.is_up(other), "{}", platform.report());
    assert_all_leave(&line, &mut platform, &[other]);
}

#[test]
fn a_token_that_was_lost_changes_nothing_for_anybody_who_is_in() {
    let line = room(MODERATED).with("CONFERENCE_LEASE", "3600");
    let (mut platform, moderator, caller) = met(&line);
    line.remove("1234");
    platform.run_until(secs(130));
    let late = platform.call(with_pin("+3", "#"), secs(131));
    platform.run_until(secs(200));
    assert!(platform.hears(late, moderator) && platform.hears(late, caller), "{}", platform.report());
    platform.hang_up(moderator);
    platform.run_until(secs(210));
    line.age("1234", 60_000);
    platform.run_until(secs(400));
    for call in [caller, late] {
        assert_last_words(&platform, call, "because the moderator has left");
    }
    assert_nothing_left(&line, &platform);
}

#[test]
fn a_room_whose_file_breaks_during_a_call_goes_on_and_ends_on_its_terms() {
    for text in [None, Some(""), Some("pni = 1")] {
        let line = room(MODERATED).with("CONFERENCE_LEASE", "3600");
        let mut platform = platform(&line, Variations::default());
        let waiting = platform.call(with_pin("+1", "#"), secs(0));
        platform.run_until(secs(60));
        line.spoil_room(text);
        platform.run_until(secs(90));
        assert!(
            !platform.heard(waiting).join(" ").contains("The moderator is here."),
            "{}",
            platform.report()
        );
        line.spoil_room(Some(MODERATED));
        let moderator = platform.call(with_pin("+2", "98765#"), secs(91));
        platform.run_until(secs(150));
        line.spoil_room(text);
        platform.run_until(secs(300));
        assert!(platform.hears(waiting, moderator), "{}", platform.report());
        platform.hang_up(moderator);
        platform.run_until(secs(302));
        line.age("1234", 60_000);
        platform.run_until(secs(500));
        assert_last_words(&platform, waiting, "because the moderator has left");
        assert_nothing_left(&line, &platform);
    }
}
