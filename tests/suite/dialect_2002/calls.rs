//! Calls of the 2002 dialect, from the first ring to the last trace. A token is left behind: nobody can leave.

use super::line;
use crate::calls::{assert_hear_each_other, platform};
use crate::program::Line;
use ccxml_platform::{
    CallId, Caller, Disturbance, Ended, Entry, Event, Fault, FetchFault, Platform, Variations, secs,
};
use std::time::Duration;

fn caller(number: &str) -> Caller {
    Caller::new(number).keys("1234#")
}

/// Nothing is left on the platform.
#[track_caller]
fn assert_nothing_left(platform: &Platform) {
    platform.assert_clean();
    assert_eq!((platform.live_sessions(), platform.open_dialogs()), (0, 0), "{}", platform.report());
    assert!(!platform.conference_exists("conference_1234"), "{}", platform.report());
}

/// These callers hang up, and nothing is left.
#[track_caller]
fn assert_all_leave(platform: &mut Platform, calls: &[CallId]) {
    for call in calls {
        platform.hang_up(*call);
    }
    platform.run_for(secs(30));
    assert_nothing_left(platform);
}

/// Ids of calls stand in for those of sessions, which are visible characters only.
fn variations() -> impl Iterator<Item = Variations> {
    Variations::pairs().into_iter().map(|variations| Variations { hostile_ids: false, ..variations })
}

/// A line and a platform whose calls come to it.
fn set_up(variations: &Variations) -> (Line, Platform) {
    let line = line();
    let platform = platform(&line, variations.clone());
    (line, platform)
}

/// Plays a caller to whom this happens, after another one who stays, for two minutes.
fn suffers(variations: &Variations, first: bool, faults: &[Fault]) -> (Platform, CallId, CallId) {
    let (_line, mut platform) = set_up(variations);
    let who = faults.iter().cloned().fold(caller("+1"), Caller::with);
    let (apart, who_at) = (secs(20), if first { Duration::ZERO } else { secs(20) });
    let call = platform.call(who, who_at);
    let other = platform.call(caller("+2"), apart - who_at);
    platform.run_until(secs(120));
    (platform, call, other)
}

#[test]
fn callers_meet_however_the_platform_reads_the_standard() {
    for variations in variations() {
        let (_line, mut platform) = set_up(&variations);
        let calls: Vec<_> = (0..3).map(|n| platform.call(caller(&format!("+{n}")), secs(9) * n)).collect();
        platform.run_until(secs(60));
        platform.assert_clean();
        assert_hear_each_other(&platform, &calls);
        let told = |call: CallId, words: &str| platform.heard(call).join(" ").contains(words);
        assert!(told(calls[0], "You are the first caller"), "{}", platform.report());
        assert!(calls[1..].iter().all(|call| told(*call, "You are joining")), "{}", platform.report());
        assert_all_leave(&mut platform, &calls);
    }
}

#[test]
fn where_the_mixer_goes_with_the_first_caller_the_others_are_joined_once_more() {
    let (_line, mut platform) = set_up(&Variations::default());
    let calls: Vec<_> = (0..3).map(|n| platform.call(caller(&format!("+{n}")), secs(9) * n)).collect();
    platform.run_until(secs(60));
    platform.hang_up(calls[0]);
    platform.run_until(secs(70));
    assert_hear_each_other(&platform, &calls[1..]);
    assert_all_leave(&mut platform, &calls[1..]);
}

#[test]
fn a_token_whose_mixer_is_gone_leads_into_a_conference_all_the_same() {
    let line = line();
    line.enter("1234", "somebody");
    let mut platform = platform(&line, Variations::default());
    let calls: Vec<_> = (0..2).map(|n| platform.call(caller(&format!("+{n}")), secs(9) * n)).collect();
    platform.run_until(secs(60));
    assert_hear_each_other(&platform, &calls);
    assert_all_leave(&mut platform, &calls);
}

#[test]
fn three_tries_of_whatever_kind_are_the_end_of_the_call() {
    for (entries, words) in [
        (["", "", ""].map(|_| Entry::Silence), "I did not hear any keys. Goodbye."),
        (["12#", "12345678901#", "12*4#"].map(Entry::from), "That is not a conference number. Goodbye."),
        ([Entry::Silence, Entry::from("1#"), Entry::Silence], "I did not hear any keys. Goodbye."),
    ] {
        let (_line, mut platform) = set_up(&Variations::default());
        let call = platform.call(entries.iter().cloned().fold(Caller::new("+1"), Caller::entry), secs(0));
        platform.run_until(secs(200));
        let heard = platform.heard(call).join(" ");
        assert_eq!(heard.matches("Please enter your conference number").count(), 3, "{heard}");
        let ended = &platform.record(call).ended;
        assert!(
            matches!(ended, Ended::Disconnected { last_words } if last_words.ends_with(words)),
            "{ended:?}"
        );
        assert_nothing_left(&platform);
    }
}

/// Plays a call for each of its events from this one on, at which that happens, and looks at each.
fn at_every_event(from: usize, first: bool, what: impl Fn(usize) -> Fault, look: impl Fn(&Platform, CallId)) {
    for event in from.. {
        let (mut platform, call, other) = suffers(&Variations::default(), first, &[what(event)]);
        let reached = platform.record(call).events >= event;
        look(&platform, call);
        assert_all_leave(&mut platform, &[call, other]);
        if !reached {
            assert!(event > 9, "only {event} events");
            return;
        }
    }
}

#[test]
fn a_hang_up_at_any_event_leaves_nothing() {
    for first in [true, false] {
        for when in [Fault::at_event, Fault::after_event] {
            at_every_event(1, first, |event| when(event, Disturbance::HangUp), |_, _| {});
        }
    }
}

#[test]
fn what_fails_is_mended_or_apologised_for() {
    let drops_out = Fault::after(1, "conference.joined", Disturbance::Unjoined);
    let lost = Fault::fetch(1, FetchFault::ResponseLost);
    for variations in variations() {
        for (first, faults, survives) in [
            (true, vec![Fault::create(1)], true),
            (true, vec![Fault::join(1)], true),
            (false, vec![Fault::join(1)], true),
            (true, vec![Fault::join(1).times(2)], false),
            (false, vec![Fault::join(1).times(2)], false),
            (true, vec![Fault::dialog(1)], false),
            (true, vec![Fault::dialog(2)], true),
            (false, vec![Fault::dialog(2)], true),
            (true, vec![drops_out.clone()], true),
            (false, vec![drops_out.clone()], true),
            (true, vec![drops_out.clone(), Fault::join(2)], false),
            (true, vec![lost.clone()], true),
            (true, vec![lost.clone().times(2)], false),
        ] {
            let (mut platform, call, other) = suffers(&variations, first, &faults);
            if survives {
                assert!(
                    platform.is_up(call) && platform.joined("conference_1234") == 2,
                    "{}",
                    platform.report()
                );
            } else {
                let ended = &platform.record(call).ended;
                let apology = |words: &str| words.contains("Something went wrong");
                let apologised = matches!(ended, Ended::Disconnected { last_words } if apology(last_words));
                assert!(apologised, "{ended:?}: {}", platform.report());
            }
            assert_all_leave(&mut platform, &[call, other]);
        }
    }
}

#[test]
fn any_error_at_any_event_ends_in_a_word_or_is_survived() {
    let stray = Event::new("error.semantic").with("reason", "it's \"<&>");
    let stray = |event| Fault::after_event(event, Disturbance::Stray(stray.clone()));
    at_every_event(3, true, stray, |platform, call| {
        assert_ne!(platform.record(call).ended, Ended::BareHangUp, "{}", platform.report());
    });
}

#[test]
fn whoever_has_dialled_a_conference_is_in_it_without_a_key_or_hears_why_not() {
    for variations in variations() {
        let line = line();
        let at = |number: &str| format!("http://line.example/cgi-bin/ccxml-conference?direct={number}");
        let mut in_it = platform(&line, variations.clone()).at_address(&at("1234"));
        let calls = ["+1", "+2"].map(|name| in_it.call(Caller::new(name), secs(0)));
        in_it.run_until(secs(60));
        assert_hear_each_other(&in_it, &calls);
        assert_all_leave(&mut in_it, &calls);
        let mut wrong = platform(&line, variations).at_address(&at("12"));
        let call = wrong.call(Caller::new("+3"), secs(0));
        wrong.run_until(secs(100));
        let heard = wrong.heard(call).concat();
        assert!(heard.contains("not a conference number") && heard.contains("Goodbye"), "{}", wrong.report());
        assert!(!heard.contains("enter your"), "{}", wrong.report());
        assert_nothing_left(&wrong);
    }
}
