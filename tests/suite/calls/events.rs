//! Events that come twice, late, never, or when nobody expects them.

use super::rooms::{room, with_pin};
use super::{A_WHOLE_CALL, assert_all_leave, assert_nothing_left, caller, is_survived, platform, suffers};
use crate::program::Line;
use crate::rooms::MODERATED;
use ccxml_platform::{
    Aftermath, CallId, Disturbance, Ended, Fault, FetchFault, Platform, Variations, millis, secs,
};

/// The longest time that a caller may hear nothing without being in the conference.
const HALF_A_MINUTE: std::time::Duration = secs(30);

/// The call came to a good end whatever befell it: the caller is in, or has heard why not; nobody sat in silence.
#[track_caller]
fn assert_served(platform: &Platform, call: CallId) {
    let record = platform.record(call);
    match &record.ended {
        Ended::NotYet => assert_eq!(platform.state(call), "joined", "{}", platform.report()),
        Ended::Disconnected { last_words } if last_words.contains("Goodbye") => {}
        Ended::NeverAnswered => {}
        other => panic!("{other:?}: {}", platform.report()),
    }
    assert!(record.longest_silence <= HALF_A_MINUTE, "{:?}: {}", record.longest_silence, platform.report());
}

/// Plays a caller for each event, in whose place this befalls the session.
fn at_every_event(disturbance: &Disturbance, check: impl Fn(&Platform, CallId)) {
    let mut event = 0;
    loop {
        let line = Line::new();
        let mut platform = platform(&line, Variations::default());
        let call = platform.call(caller("+1").with(Fault::after_event(event, disturbance.clone())), secs(0));
        platform.run_until(secs(90));
        if platform.record(call).events < event {
            break;
        }
        check(&platform, call);
        assert_all_leave(&line, &mut platform, &[call]);
        event += 1;
    }
    assert!(event > 30, "only {event} events");
}

#[test]
fn an_event_that_comes_twice_does_nothing_then() {
    let (_, undisturbed, call) = suffers(&Variations::default(), &[]);
    let heard: Vec<_> = undisturbed.heard(call).into_iter().map(str::to_owned).collect();
    for later in [secs(0), secs(4)] {
        at_every_event(&Disturbance::Doubled("*".into(), later), |platform, call| {
            assert_served(platform, call);
            assert_eq!(platform.heard(call), heard, "{}", platform.report());
            let times = |what: &str| platform.trace_lines().iter().filter(|line| line.contains(what)).count();
            assert_eq!((times("  join "), times("  createconference ")), (1, 1), "{}", platform.report());
            assert!(platform.is_up(call));
        });
    }
}

#[test]
fn an_event_that_never_comes_leaves_nobody_in_silence() {
    at_every_event(&Disturbance::Withheld("*".into()), assert_served);
}

#[test]
fn an_event_that_comes_late_leaves_nobody_in_silence() {
    for late in [secs(3), secs(14)] {
        at_every_event(&Disturbance::Delayed("*".into(), late), assert_served);
    }
}

#[test]
fn a_mixer_that_is_lost_at_any_moment_is_joined_once_more_a_second_later() {
    for disturbance in [Disturbance::ConferenceDestroyed, Disturbance::Unjoined] {
        for fault in [
            Fault::after(1, "conference.created", disturbance.clone()),
            Fault::after(2, "dialog.started", disturbance.clone()),
            Fault::after(2, "dialog.exit", disturbance.clone()),
            Fault::after_element(1, "join", disturbance.clone()),
            Fault::after(1, "conference.joined", disturbance.clone()),
        ] {
            is_survived(&[fault]);
        }
    }
    let lost = Fault::after(2, "line.renew.*", Disturbance::Unjoined);
    let (_, platform, _) = suffers(&Variations::default(), &[lost]);
    let at = |what: &str| {
        let line = platform.trace_lines().into_iter().rev().find(|line| line.contains(what)).unwrap();
        line[..9].trim().parse::<f64>().unwrap()
    };
    let pause = at("  createconference ") - at(" conference.unjoined ");
    assert!((1.0..2.0).contains(&pause), "{pause}: {}", platform.report());
}

#[test]
fn a_create_or_a_join_that_is_never_answered_is_tried_once_more() {
    for (element, event) in [("createconference", "conference.created"), ("join", "conference.joined")] {
        let fault = Fault::after_element(1, element, Disturbance::Withheld(event.into()));
        is_survived(std::slice::from_ref(&fault));
        let (_, platform, call) = suffers(&Variations::default(), &[fault]);
        let silence = platform.record(call).longest_silence;
        assert!(silence < HALF_A_MINUTE, "{silence:?}: {}", platform.report());
    }
}

#[test]
fn a_conference_that_is_created_after_the_hang_up_is_detached_from() {
    let late = Disturbance::Delayed("conference.created".into(), secs(1));
    // It comes while the renewal under way is waited for, and while the leave is.
    for leave in [FetchFault::Late(secs(3)), FetchFault::Duplicate] {
        let faults = [
            Fault::after_element(1, "createconference", late.clone()),
            Fault::after_element(1, "createconference", Disturbance::HangUp),
            Fault::fetch_with(1, "event", "leave", leave),
        ];
        let (line, platform, _) = suffers(&Variations::default(), &faults);
        let detached = platform.trace_lines().iter().any(|line| line.contains("  destroyconference "));
        assert!(detached || platform.report().contains("the session ends"), "{}", platform.report());
        assert_eq!(platform.attached("conference_1234"), 0);
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn a_reply_that_comes_twice_starts_no_second_chain_of_renewals() {
    let renewals = |faults: &[Fault]| {
        let (_, platform, call) = suffers(&Variations::default(), faults);
        assert!(platform.is_up(call));
        let exchanges = platform.exchanges().iter();
        exchanges.filter(|exchange| exchange.request.field("event").as_deref() == Some("renew")).count()
    };
    let undisturbed = renewals(&[]);
    for later in [secs(0), secs(2), secs(30)] {
        for event in ["fetch.done", "line.renew.*", "line.renewed"] {
            let twice = Disturbance::Doubled(event.into(), later);
            let faults = [Fault::after_element(2, "fetch", twice)];
            assert_eq!(renewals(&faults), undisturbed, "{event} twice, {later:?} later");
        }
    }
}

#[test]
fn a_reply_that_comes_twice_while_leaving_does_not_end_the_session_before_the_leave() {
    for later in [secs(0), millis(100), secs(1)] {
        let twice = Disturbance::Doubled("fetch.done".into(), later);
        let faults = [
            Fault::fetch(1, FetchFault::Late(secs(2))),
            Fault::after_element(1, "fetch", twice),
            Fault::after_element(1, "fetch", Disturbance::HangUp),
        ];
        let (line, platform, _) = suffers(&Variations::default(), &faults);
        let leaves = platform.exchanges().iter().filter(|exchange| {
            exchange.request.field("event").as_deref() == Some("leave") && exchange.response.is_ok()
        });
        assert_eq!(leaves.count(), 1, "{}", platform.report());
        assert_nothing_left(&line, &platform);
    }
}

#[test]
fn a_caller_whose_prompt_ends_as_the_moderator_comes_is_let_in() {
    for tenths in 0..25 {
        let line = room(MODERATED).with("CONFERENCE_RENEW", "1").with("CONFERENCE_LEASE", "3600");
        let variations = Variations { exit_delay: millis(150), ..Variations::default() };
        let mut platform = platform(&line, variations);
        let waiting = platform.call(with_pin("+1", "#"), millis(1000));
        let moderator = platform.call(with_pin("+2", "98765#"), millis(tenths * 100));
        platform.run_until(secs(60));
        assert!(platform.hears(waiting, moderator), "{}", platform.report());
        assert!(!platform.heard(waiting).join(" ").contains("sorry"), "{}", platform.report());
        assert_all_leave(&line, &mut platform, &[waiting, moderator]);
    }
}

#[test]
fn a_hang_up_while_a_renewal_is_under_way_is_told_as_soon_as_its_reply_is_there() {
    // The dialog tells of the hang-up first, the call itself only afterwards: in between a reply may come.
    let hangup_order = [Aftermath::DialogExit, Aftermath::Unjoined, Aftermath::Disconnected];
    for tenths in 0..12 {
        let line = room(MODERATED).with("CONFERENCE_RENEW", "1").with("CONFERENCE_LEASE", "3600");
        let variations = Variations { hangup_order, hangup_gap: millis(700), ..Variations::default() };
        let mut platform = platform(&line, variations);
        let late = Fault::fetch_with(1, "event", "renew", FetchFault::Late(millis(600))).always();
        let hangs_up = millis(8000 + 100 * tenths);
        let call = platform.call(with_pin("+1", "#").with(late).hang_up_at(hangs_up), secs(0));
        platform.run_until(A_WHOLE_CALL);
        let leave = platform
            .exchanges()
            .iter()
            .find(|exchange| exchange.request.field("event").as_deref() == Some("leave"));
        let after = leave.unwrap().request.at - hangs_up;
        assert!(after < secs(3), "{after:?}: {}", platform.report());
        assert!(platform.is_over(call));
        assert_nothing_left(&line, &platform);
    }
}
