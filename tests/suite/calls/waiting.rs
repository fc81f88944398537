//! Callers who wait for a moderator.

use super::rooms::{room, with_pin};
use super::{assert_all_leave, assert_hear_each_other, assert_heard, platform};
use crate::program::Line;
use crate::rooms::MODERATED;
use ccxml_platform::{CallId, Caller, Disturbance, Event, Fault, FetchFault, Platform, Variations, secs};

#[test]
fn callers_wait_for_the_moderator_hear_so_and_are_joined_then() {
    for variations in Variations::pairs() {
        let line = room(MODERATED);
        let mut platform = platform(&line, variations);
        let waiting = ["+1", "+2"].map(|name| platform.call(with_pin(name, "#"), secs(0)));
        platform.run_until(secs(100));
        assert!(!platform.hears(waiting[0], waiting[1]), "they are not in the mix: {}", platform.report());
        let told = platform.heard(waiting[0]).join(" ");
        assert_eq!(told.matches("The moderator is not here yet.").count(), 2, "once a minute: {told}");
        let moderator = platform.call(with_pin("+3", "98765#"), secs(101));
        platform.run_until(secs(150));
        for call in waiting {
            assert_hear_each_other(&platform, &[call, moderator]);
            assert_heard(&platform, call, "The moderator is here.");
        }
        assert!(platform.hears(waiting[0], waiting[1]));
        assert_all_leave(&line, &mut platform, &[waiting[0], waiting[1], moderator]);
    }
}

#[test]
fn a_prompt_that_cannot_be_played_is_not_started_without_end_while_waiting() {
    let line = room(MODERATED).with("CONFERENCE_LEASE", "3600");
    let mut platform = platform(&line, Variations::default());
    let crash = Fault::dialog_crash(3).always();
    let waiting = platform.call(with_pin("+1", "#").with(crash), secs(0));
    platform.run_until(secs(60));
    let prompts = platform
        .exchanges()
        .iter()
        .filter(|exchange| exchange.request.url.contains("prompt=waiting"))
        .count();
    assert_eq!(prompts, 1, "once a minute: {}", platform.report());
    assert_all_leave(&line, &mut platform, &[waiting]);
}

/// A caller who waits, and a moderator who comes while the caller hears so: renewals are so frequent that one lets the caller
/// in during the prompt.
fn let_in_during_a_prompt(waiting: Caller) -> (Line, Platform, [CallId; 2]) {
    let line = room(MODERATED).with("CONFERENCE_RENEW", "1").with("CONFERENCE_LEASE", "3600");
    let mut platform = platform(&line, Variations::default());
    let moderator = platform.call(with_pin("+2", "98765#"), secs(0));
    let waiting = platform.call(waiting, secs(1));
    platform.run_until(secs(60));
    assert!(platform.hears(waiting, moderator), "{}", platform.report());
    (line, platform, [waiting, moderator])
}

#[test]
fn a_caller_who_is_let_in_during_a_prompt_is_told_so_once() {
    let in_a_reply = Event::new("error.semantic").with("tagname", "script");
    let stray = Fault::after_element(3, "dialogstart", Disturbance::Stray(in_a_reply));
    let (line, mut platform, calls) = let_in_during_a_prompt(with_pin("+1", "#").with(stray));
    let told = platform.heard(calls[0]).join(" ");
    let cut_short = platform.trace_lines().iter().any(|line| line.contains("  dialogterminate "));
    assert!(!cut_short && told.contains("The moderator is not here yet."), "{}", platform.report());
    assert_eq!(told.matches("The moderator is here.").count(), 1, "{told}");
    assert_all_leave(&line, &mut platform, &calls);
}

#[test]
fn a_caller_who_waits_is_let_in_although_the_end_of_the_prompt_is_never_told() {
    let owed = Fault::after_element(3, "dialogstart", Disturbance::Withheld("dialog.exit".into()));
    let (line, mut platform, calls) = let_in_during_a_prompt(with_pin("+1", "#").with(owed));
    assert!(platform.report().contains("never told of dialog.exit"), "{}", platform.report());
    assert_heard(&platform, calls[0], "The moderator is here.");
    assert_all_leave(&line, &mut platform, &calls);
}

#[test]
fn a_token_that_was_lost_lets_nobody_in_who_waits() {
    let line = room(MODERATED);
    let mut platform = platform(&line, Variations::default());
    let waiting = ["+1", "+2"].map(|name| platform.call(with_pin(name, "#"), secs(0)));
    platform.run_until(secs(60));
    line.remove("1234");
    platform.run_until(secs(120));
    assert!(!platform.hears(waiting[0], waiting[1]), "{}", platform.report());
    let moderator = platform.call(with_pin("+3", "98765#"), secs(121));
    platform.run_until(secs(170));
    assert!(
        platform.hears(waiting[0], moderator) && platform.hears(waiting[1], waiting[0]),
        "{}",
        platform.report()
    );
    assert_all_leave(&line, &mut platform, &[waiting[0], waiting[1], moderator]);
}

#[test]
fn a_renewal_whose_script_fails_when_it_is_run_ends_no_waiting() {
    for variations in Variations::pairs().into_iter().take(8) {
        // A second between renewals: some of them come while a prompt is played, some between two.
        let line = room(MODERATED).with("CONFERENCE_RENEW", "1").with("CONFERENCE_LEASE", "3600");
        let mut platform = platform(&line, variations);
        let garbled = Fault::fetch_with(1, "event", "renew", FetchFault::Garbled).times(20);
        let waiting = platform.call(with_pin("+1", "#").with(garbled), secs(0));
        let moderator = platform.call(with_pin("+2", "98765#"), secs(30));
        platform.run_until(secs(75));
        assert!(platform.hears(waiting, moderator), "{}", platform.report());
        assert_all_leave(&line, &mut platform, &[waiting, moderator]);
    }
}

#[test]
fn a_caller_may_hang_up_at_any_event_of_waiting() {
    for event in 1..70 {
        let line = room(MODERATED);
        let mut platform = platform(&line, Variations::default());
        let call = platform.call(with_pin("+1", "#").hang_up_after(event), secs(0));
        let moderator = platform.call(with_pin("+2", "98765#"), secs(60));
        platform.run_until(secs(150));
        assert_all_leave(&line, &mut platform, &[call, moderator]);
    }
}

#[test]
fn a_moderator_gets_into_a_room_that_those_who_wait_have_filled() {
    let line = room(&format!("{MODERATED}max_callers = 1"));
    let mut platform = platform(&line, Variations::default());
    let waiting = platform.call(with_pin("+1", "#"), secs(0));
    let moderator = platform.call(with_pin("+2", "98765#"), secs(30));
    platform.run_until(secs(90));
    assert!(platform.hears(waiting, moderator), "{}", platform.report());
    assert_all_leave(&line, &mut platform, &[waiting, moderator]);
}
