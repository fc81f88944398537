//! Music for whoever waits for a moderator or is alone, with words that tell why once a minute.

use super::rooms::{room, with_pin};
use super::{
    assert_all_leave, assert_hear_each_other, assert_last_words, assert_nothing_left, caller, look, platform,
    prompts,
};
use crate::program::Line;
use crate::rooms::MODERATED;
use ccxml_platform::{CallId, Disturbance, Fault, Platform, Sends, Variations, millis, secs};
use std::time::Duration;

const MUSIC: &str = "http://line.example/music.wav";

/// A line with music.
fn with_music(line: Line) -> Line {
    line.with("CONFERENCE_MUSIC_URL", MUSIC)
}

/// A platform with that music, of this length.
fn playing(line: &Line, variations: Variations, length: Duration) -> Platform {
    platform(line, variations).with_recording(MUSIC, length)
}

/// Whether a caller hears music at this moment.
fn hears_music(platform: &Platform, call: CallId) -> bool {
    platform.record(call).hearing().is_some_and(|heard| heard.prompt == "music")
}

/// When a caller began to hear a prompt, each time.
fn times(platform: &Platform, call: CallId, prompt: &str) -> Vec<Duration> {
    let heard = platform.record(call).heard.iter();
    heard.filter(|heard| heard.prompt == prompt).map(|heard| heard.at).collect()
}

#[test]
fn who_is_alone_hears_music_and_once_a_minute_why_and_holds_no_mixer() {
    for length in [secs(5), secs(45), secs(300)] {
        let line = with_music(Line::new());
        let mut platform = playing(&line, Variations::default(), length);
        let call = platform.call(caller("+1"), secs(0));
        for second in 20..250 {
            platform.run_until(secs(second));
            assert!(!platform.conference_exists("conference_1234"), "{}", platform.report());
        }
        assert!(prompts(&platform, call).contains(&"first_caller".into()));
        let told = times(&platform, call, "alone");
        assert!(told.len() >= 3, "{length:?}: {told:?}");
        for pair in told.windows(2) {
            assert!((secs(59)..secs(62)).contains(&(pair[1] - pair[0])), "{length:?}: {told:?}");
        }
        let silence = platform.record(call).longest_silence;
        assert!(silence < secs(3), "{silence:?}: {}", platform.report());
        platform.assert_clean();
        assert_all_leave(&line, &mut platform, &[call]);
    }
}

#[test]
fn the_second_caller_ends_the_music_and_both_hear_each_other_within_a_second() {
    for variations in Variations::pairs() {
        let woken = variations.sends != Sends::Refused;
        let line = with_music(Line::new());
        let mut platform = playing(&line, variations, secs(45));
        let calls = [(0, "+1"), (40, "+2")].map(|(at, name)| platform.call(caller(name), secs(at)));
        while platform.joined("conference_1234") == 0 {
            platform.run_for(millis(100));
        }
        platform.run_for(if woken { secs(1) } else { secs(61) });
        assert_hear_each_other(&platform, &calls);
        assert!(!hears_music(&platform, calls[0]), "{}", platform.report());
        platform.assert_clean();
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn who_stays_behind_alone_hears_so_then_music_and_is_joined_again() {
    for variations in Variations::pairs() {
        let line = with_music(Line::new());
        let mut platform = playing(&line, variations.clone(), secs(45));
        let calls = ["+1", "+2"].map(|name| platform.call(caller(name), secs(0)));
        platform.run_until(secs(90));
        assert!(platform.hears(calls[0], calls[1]), "{}", platform.report());
        platform.hang_up(calls[1]);
        platform.run_for(secs(100));
        let told = times(&platform, calls[0], "alone");
        // The one who leaves wakes the other up, if the platform lets it.
        let soon = if variations.sends == Sends::Refused { secs(61) } else { secs(3) };
        assert!(told.iter().any(|told| (secs(90)..secs(90) + soon).contains(told)), "{}", platform.report());
        assert!(times(&platform, calls[0], "music").iter().any(|music| *music > secs(90)), "{told:?}");
        assert!(!platform.conference_exists("conference_1234"), "{}", platform.report());
        let back = platform.call(caller("+3"), secs(200));
        platform.run_for(secs(100));
        assert_hear_each_other(&platform, &[calls[0], back]);
        platform.assert_clean();
        assert_all_leave(&line, &mut platform, &[calls[0], back]);
    }
}

#[test]
fn a_recording_that_is_not_there_costs_one_request_a_second_and_the_words_come_sooner() {
    let line = with_music(Line::new());
    let mut platform = platform(&line, Variations::default()).with_words_of(millis(200));
    let call = platform.call(caller("+1"), secs(0));
    platform.run_until(secs(100));
    let asked =
        platform.exchanges().iter().filter(|exchange| exchange.request.url.contains("prompt=music")).count();
    assert!((20..=95).contains(&asked), "{asked}");
    assert_told_soon_again(&platform, call);
    assert_all_leave(&line, &mut platform, &[call]);
}

#[test]
fn where_music_can_not_be_started_the_words_come_sooner() {
    // The question and an announcement come first; then every thirteenth dialog tells why there should be music.
    let refused = [3, 16, 29, 42].map(|music| Fault::dialog(music).times(12));
    let line = with_music(Line::new());
    let mut platform = playing(&line, Variations::default(), secs(45));
    let who = refused.into_iter().fold(caller("+1"), |who, fault| who.with(fault));
    let call = platform.call(who, secs(0));
    platform.run_until(secs(100));
    assert_told_soon_again(&platform, call);
    assert_all_leave(&line, &mut platform, &[call]);
}

/// Whoever has no music hears why there is nothing else, every half minute at least.
#[track_caller]
fn assert_told_soon_again(platform: &Platform, call: CallId) {
    let told = times(platform, call, "alone");
    assert!(told.len() > 2 && !hears_music(platform, call), "{told:?}: {}", platform.report());
    for pair in told.windows(2) {
        assert!(pair[1] - pair[0] < secs(30), "{told:?}: {}", platform.report());
    }
}

#[test]
fn music_that_can_not_be_started_ends_no_call_and_the_words_are_said_all_the_same() {
    for fault in [Fault::dialog_crash(3).times(9), Fault::dialog(3).times(9), Fault::dialog(3)] {
        let line = with_music(Line::new());
        let mut platform = playing(&line, Variations::default(), secs(45));
        let calls = [caller("+1").with(fault), caller("+2")];
        let [first, second] = calls;
        let first = platform.call(first, secs(0));
        platform.run_until(secs(150));
        assert!(platform.is_up(first), "{}", platform.report());
        assert!(
            !times(&platform, first, "alone").is_empty() && hears_music(&platform, first),
            "{}",
            platform.report()
        );
        let second = platform.call(second, secs(151));
        platform.run_for(secs(60));
        assert!(platform.hears(first, second), "{}", platform.report());
        assert_all_leave(&line, &mut platform, &[first, second]);
    }
}

#[test]
fn who_waits_for_a_moderator_hears_music_and_is_let_in_with_a_word() {
    for variations in Variations::pairs() {
        let line = with_music(room(MODERATED));
        let mut platform = playing(&line, variations.clone(), secs(45));
        let waiting = ["+1", "+2"].map(|name| platform.call(with_pin(name, "#"), secs(0)));
        platform.run_until(secs(100));
        for call in waiting {
            assert_eq!(times(&platform, call, "waiting").len(), 2, "{}", platform.report());
            assert!(hears_music(&platform, call), "{}", platform.report());
            assert!(!platform.hears(waiting[0], waiting[1]));
        }
        let moderator = platform.call(with_pin("+3", "98765#"), secs(101));
        platform.run_until(secs(170));
        for call in waiting {
            assert_hear_each_other(&platform, &[call, moderator]);
            let told = times(&platform, call, "admitted");
            assert_eq!(told.len(), 1, "{}", platform.report());
            if variations.sends != Sends::Refused {
                let joined = platform.record(moderator).bridge().unwrap().at;
                assert!(told[0] - joined < secs(1), "{told:?} {joined:?}: {}", platform.report());
            }
        }
        platform.assert_clean();
        assert_all_leave(&line, &mut platform, &[waiting[0], waiting[1], moderator]);
    }
}

#[test]
fn a_conference_that_is_ended_ends_the_music_at_once_and_no_words_in_the_middle() {
    for tenths in 0..40 {
        let line = with_music(Line::new());
        let mut platform = playing(&line, Variations::default(), secs(45));
        let call = platform.call(caller("+1"), secs(0));
        platform.run_until(secs(70) + millis(100 * tenths));
        line.run(&["end", "1234"]);
        platform.disturb(call, look());
        platform.run_for(secs(20));
        assert_last_words(&platform, call, "The conference has been ended.");
        for heard in &platform.record(call).heard {
            let length = heard.until.unwrap() - heard.at;
            assert!(
                heard.prompt == "music" || length >= secs(2) || heard.prompt.starts_with("get"),
                "{heard:?}"
            );
        }
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn a_hang_up_at_any_event_of_being_alone_and_not_alone_any_more_leaves_nothing() {
    let mut event = 20;
    loop {
        let line = with_music(Line::new());
        let mut platform = playing(&line, Variations::default(), secs(12));
        let call = platform.call(caller("+1").hang_up_after(event), secs(0));
        let second = platform.call(caller("+2").hang_up_at(secs(60)), secs(40));
        platform.run_until(secs(120));
        if platform.is_up(call) {
            break;
        }
        assert_all_leave(&line, &mut platform, &[second]);
        event += 1;
    }
    assert!(event > 60, "only {event} events");
}

#[test]
fn an_event_that_is_lost_late_or_doubled_leaves_nobody_in_silence_or_without_the_other() {
    for disturbance in [
        Disturbance::Withheld("*".into()),
        Disturbance::Delayed("*".into(), secs(3)),
        Disturbance::Doubled("*".into(), secs(0)),
        Disturbance::Doubled("*".into(), secs(4)),
    ] {
        let mut event = 15;
        loop {
            let line = with_music(Line::new());
            let mut platform = playing(&line, Variations::default(), secs(12));
            let fault = Fault::after_event(event, disturbance.clone());
            let call = platform.call(caller("+1").with(fault), secs(0));
            let second = platform.call(caller("+2").hang_up_at(secs(60)), secs(30));
            let third = platform.call(caller("+3"), secs(150));
            platform.run_until(secs(280));
            if platform.record(call).events < event {
                break;
            }
            assert_hear_each_other(&platform, &[call, third]);
            let silence = platform.record(call).longest_silence;
            assert!(silence <= secs(62), "{event}: {silence:?}: {}", platform.report());
            assert_all_leave(&line, &mut platform, &[call, second, third]);
            event += 7;
        }
        assert!(event > 60, "only {event} events");
    }
}

#[test]
fn an_alone_caller_without_music_simply_stays_joined() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let call = platform.call(caller("+1"), secs(0));
    platform.run_until(secs(100));
    assert_eq!(platform.joined("conference_1234"), 1);
    assert_all_leave(&line, &mut platform, &[call]);
    for (line, plays) in [(Line::new(), false), (with_music(Line::new()), true)] {
        assert_eq!(line.get("conference_code=1234&session_id=a").body.contains("'music'"), plays);
    }
}
