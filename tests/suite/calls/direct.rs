//! Calls to a number of their own, which is that of one conference: nobody is asked for it.

use super::rooms::{room, with_pin};
use super::{A_WHOLE_CALL, APOLOGY, assert_all_leave, assert_last_words, platform as ordinary};
use crate::program::Line;
use ccxml_platform::{CallId, Caller, Disturbance, Fault, FetchFault, Platform, Variations, secs};

/// A platform whose calls all come to the conference of a number.
fn platform(line: &Line, variations: Variations, number: &str) -> Platform {
    ordinary(line, variations)
        .at_address(&format!("http://line.example/cgi-bin/ccxml-conference?direct={number}"))
}

/// Whether a caller was asked for the number.
fn asked(platform: &Platform, call: CallId) -> bool {
    platform.heard(call).concat().contains("enter your conference number")
}

#[test]
fn whoever_has_dialled_the_conference_is_in_it_without_a_key() {
    for variations in Variations::pairs() {
        let line = Line::new();
        let mut platform = platform(&line, variations, "1234");
        let calls = ["+1", "+2"].map(|name| platform.call(Caller::new(name), secs(0)));
        platform.run_until(secs(60));
        assert!(platform.hears(calls[0], calls[1]), "{}", platform.report());
        assert!(!asked(&platform, calls[0]), "{}", platform.report());
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn a_pin_is_asked_for_all_the_same() {
    let line = room("pin = \"482913\"");
    let mut platform = platform(&line, Variations::default(), "1234");
    let calls = ["1111#", "482913#"].map(|pin| {
        let who = with_pin("+1", pin).keys_for("get_pin", "482913#");
        platform.call(who, secs(0))
    });
    platform.run_until(secs(100));
    assert!(platform.hears(calls[0], calls[1]), "{}", platform.report());
    assert!(platform.heard(calls[0]).concat().contains("That pin is not right"), "{}", platform.report());
    assert_all_leave(&line, &mut platform, &calls);
}

#[test]
fn who_can_not_get_in_hears_why_and_goodbye() {
    for (text, dialled, why) in [
        ("open = true\nmax_callers = 1", "1234", "That conference is full. Goodbye."),
        ("open = true", "5678", "There is no conference with that number. Goodbye."),
        ("open = true", "12", "That is not a conference number. Goodbye."),
        ("open = true", "", "That is not a conference number. Goodbye."),
        ("pin = \"482913\"\nmax_callers = 1", "1234", "That conference is full. Goodbye."),
    ] {
        let line = room(text);
        line.post("conference_code=1234&session_id=first&pin=482913");
        let mut platform = platform(&line, Variations::default(), dialled);
        let call = platform.call(with_pin("+1", "482913#"), secs(0));
        platform.run_until(A_WHOLE_CALL);
        assert_last_words(&platform, call, why);
        assert!(!asked(&platform, call), "{}", platform.report());
    }
}

#[test]
fn whatever_is_lost_nobody_is_left_behind() {
    let kinds = [Disturbance::HangUp, Disturbance::LoseConnection, Disturbance::Kill];
    let held = ["connection.connected", "ccxml.loaded", "fetch.done"];
    let held = held.map(|event| Disturbance::Withheld(event.to_owned()));
    for nth in 1..12 {
        for disturbance in kinds.iter().chain(&held) {
            let line = Line::new();
            let mut platform = platform(&line, Variations::default(), "1234");
            let fault = Fault::after_event(nth, disturbance.clone());
            let call = platform.call(Caller::new("+1").with(fault), secs(0));
            platform.run_until(secs(100));
            assert_all_leave(&line, &mut platform, &[call]);
        }
    }
}

#[test]
fn a_program_that_can_not_be_had_is_an_apology() {
    let line = Line::new();
    let lost = Fault::fetch_with(1, "conference_code", "1234", FetchFault::NeverSent).always();
    let mut platform = platform(&line, Variations::default(), "1234");
    let call = platform.call(Caller::new("+1").with(lost), secs(0));
    platform.run_until(A_WHOLE_CALL);
    assert_last_words(&platform, call, APOLOGY);
}
