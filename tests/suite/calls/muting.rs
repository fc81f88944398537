//! Who is joined otherwise than before, or is to hear something: unjoined, spoken to, and joined again.

use super::{assert_all_leave, caller, look, platform, prompts};
use crate::program::Line;
use ccxml_platform::{CallId, Caller, Disturbance, Fault, FetchFault, Platform, Variations, millis, secs};
use std::time::Duration;

/// Two callers, of whom the second one is muted after half a minute; `who` is that one.
fn mutes(variations: &Variations, who: Caller) -> (Line, Platform, [CallId; 2]) {
    mutes_for(variations, who, secs(70))
}

/// The same, so long after the second one was muted.
fn mutes_for(variations: &Variations, who: Caller, after: Duration) -> (Line, Platform, [CallId; 2]) {
    let line = Line::new();
    let mut platform = platform(&line, variations.clone());
    let calls = [caller("+1"), who].map(|who| platform.call(who, secs(0)));
    platform.run_until(secs(30));
    verb(&line, &mut platform, "mute", calls[1]);
    platform.run_for(after);
    (line, platform, calls)
}

/// An operator mutes or unmutes a caller, and the session is told to look.
fn verb(line: &Line, platform: &mut Platform, verb: &str, call: CallId) {
    let session = platform.record(call).session_id.clone();
    line.run(&[verb, "1234", &session]);
    platform.disturb(call, look());
}

/// Both are in; the second one is muted, or not.
#[track_caller]
fn assert_muted(platform: &Platform, calls: [CallId; 2], muted: bool) {
    platform.assert_clean();
    assert!(platform.hears(calls[1], calls[0]), "{}", platform.report());
    assert_eq!(platform.hears(calls[0], calls[1]), !muted, "{}", platform.report());
}

/// How often an element was executed.
fn times(platform: &Platform, element: &str) -> usize {
    let element = format!("  {element} ");
    platform.trace_lines().iter().filter(|line| line.contains(&element)).count()
}

#[test]
fn a_muted_caller_listens_until_unmuted_and_no_tone_tells_of_it() {
    for variations in Variations::pairs() {
        let (line, mut platform, calls) = mutes(&variations, caller("+2"));
        assert_muted(&platform, calls, true);
        assert!(prompts(&platform, calls[1]).contains(&"muted_by_moderator".into()), "{}", platform.report());
        verb(&line, &mut platform, "unmute", calls[1]);
        platform.run_for(secs(20));
        assert_muted(&platform, calls, false);
        let tones = platform.tones("conference_1234");
        assert_eq!(tones.iter().filter(|tone| **tone == "enter").count(), 2, "{tones:?}");
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn who_misses_the_words_is_muted_all_the_same() {
    let lost = Fault::fetch_with(2, "event", "renew", FetchFault::ResponseLost);
    let (line, mut platform, calls) = mutes(&Variations::default(), caller("+2").with(lost));
    assert_muted(&platform, calls, true);
    assert_all_leave(&line, &mut platform, &calls);
}

#[test]
fn where_sessions_wake_nobody_up_a_reply_names_nobody() {
    let line = Line::new().with("CONFERENCE_KEYS", "no");
    let mut platform = platform(&line, Variations::default());
    let calls = ["+1", "+2"].map(|name| platform.call(caller(name), secs(0)));
    platform.run_until(secs(30));
    let session = platform.record(calls[1]).session_id.clone();
    line.run(&["mute", "1234", &session]);
    // The first report of a newcomer would wake the muted caller up.
    let newcomer = platform.call(caller("+3"), secs(31));
    platform.run_until(secs(120));
    assert_muted(&platform, calls, true);
    for exchange in platform.exchanges() {
        assert!(!exchange.response.as_ref().unwrap().body.contains("wakes"), "{exchange}");
    }
    assert_all_leave(&line, &mut platform, &[calls[0], calls[1], newcomer]);
}

#[test]
fn between_the_unjoin_and_the_next_step_there_is_a_pause() {
    let (_, platform, calls) = mutes(&Variations::default(), caller("+2"));
    let at = |what: &str| {
        let lines = platform.trace_lines();
        let mine = |line: &&String| line[9..].starts_with(" +2") && line.contains(what);
        lines.iter().rfind(mine).unwrap_or_else(|| panic!("{}", platform.report()))[..9]
            .trim()
            .parse::<f64>()
            .unwrap()
    };
    let pause = at("  dialogstart ") - at(" conference.unjoined ");
    assert!((0.4..1.1).contains(&pause), "{pause}: {}", platform.report());
    let silence = platform.record(calls[1]).longest_silence;
    assert!(silence < secs(3), "{silence:?}: {}", platform.report());
}

#[test]
fn an_unjoin_that_fails_or_is_never_answered_is_no_end() {
    for fault in [
        Fault::unjoin(1),
        Fault::unjoin(1).always(),
        Fault::after_element(1, "unjoin", Disturbance::Withheld("conference.unjoined".into())),
        Fault::after_element(1, "unjoin", Disturbance::Delayed("conference.unjoined".into(), secs(4))),
        Fault::after_element(1, "unjoin", Disturbance::Delayed("conference.unjoined".into(), secs(12))),
        Fault::after_element(1, "unjoin", Disturbance::Doubled("conference.unjoined".into(), secs(0))),
        Fault::after_element(1, "unjoin", Disturbance::Doubled("conference.unjoined".into(), secs(9))),
        Fault::after_element(2, "join", Disturbance::Doubled("conference.joined".into(), secs(1))),
    ] {
        let (line, mut platform, calls) = mutes(&Variations::default(), caller("+2").with(fault.clone()));
        assert_muted(&platform, calls, true);
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn who_is_muted_stays_so_whatever_becomes_of_the_mixer() {
    for disturbance in [Disturbance::Unjoined, Disturbance::ConferenceDestroyed] {
        for fault in [
            Fault::after_element(1, "unjoin", disturbance.clone()),
            Fault::after_element(2, "join", disturbance.clone()),
            Fault::after(2, "conference.joined", disturbance.clone()),
        ] {
            let (line, mut platform, calls) = mutes(&Variations::default(), caller("+2").with(fault));
            assert_muted(&platform, calls, true);
            platform.disturb(calls[1], disturbance.clone());
            platform.run_for(secs(20));
            assert_muted(&platform, calls, true);
            assert_all_leave(&line, &mut platform, &calls);
        }
    }
}

#[test]
fn a_step_that_fails_is_tried_once_more_and_words_that_can_not_be_said_end_no_call() {
    for fault in
        [Fault::join(2), Fault::dialog(3), Fault::dialog_crash(3), Fault::join_extras_unsupported(2).always()]
    {
        let (line, mut platform, calls) = mutes(&Variations::default(), caller("+2").with(fault));
        assert_muted(&platform, calls, true);
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn who_is_muted_and_unmuted_in_one_breath_is_joined_as_was_said_last() {
    for tenths in 0..40 {
        let (line, mut platform, calls) =
            mutes_for(&Variations::default(), caller("+2"), millis(100 * tenths));
        verb(&line, &mut platform, "unmute", calls[1]);
        platform.run_for(secs(20));
        assert_muted(&platform, calls, false);
        assert!(times(&platform, "unjoin") <= 2, "{}", platform.report());
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn a_hang_up_at_any_event_of_being_muted_leaves_nothing() {
    let (_, platform, calls) = mutes(&Variations::default(), caller("+2"));
    let events = platform.record(calls[1]).events;
    let first = platform.record(calls[1]).event_names.iter().rposition(|name| name == "line.look").unwrap();
    for event in first + 1..events {
        let (line, mut platform, calls) = mutes(&Variations::default(), caller("+2").hang_up_after(event));
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn who_is_removed_or_killed_while_being_muted_hears_so() {
    for tenths in 0..40 {
        let (line, mut platform, calls) =
            mutes_for(&Variations::default(), caller("+2"), millis(100 * tenths));
        if tenths % 2 == 0 {
            verb(&line, &mut platform, "kick", calls[1]);
        } else {
            platform.disturb(calls[1], Disturbance::Kill);
        }
        platform.run_for(secs(60));
        super::assert_last_words(&platform, calls[1], "Goodbye");
        assert_all_leave(&line, &mut platform, &calls);
    }
}
