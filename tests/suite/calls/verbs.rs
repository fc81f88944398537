//! What operators do reaches the calls: the caller hears why, is unjoined and disconnected, the session leaves.

use super::{assert_all_leave, assert_hear_each_other, assert_heard, assert_last_words, caller, platform};
use crate::program::Line;
use ccxml_platform::{Caller, Variations, secs};

#[test]
fn an_ended_conference_is_announced_to_everybody_in_it() {
    for variations in Variations::pairs() {
        let line = Line::new();
        let mut platform = platform(&line, variations);
        let calls = ["+1", "+2"].map(|number| platform.call(caller(number), secs(0)));
        platform.run_until(secs(70));
        line.run(&["end", "1234"]);
        let late = platform.call(Caller::new("+3").keys("1234#").keys("5678#"), secs(71));
        platform.run_until(secs(220));
        for call in calls {
            assert_last_words(&platform, call, "The conference has been ended.");
        }
        assert_heard(&platform, late, "That conference is just ending.");
        assert!(platform.is_up(late));
        assert_all_leave(&line, &mut platform, &[late]);
    }
}

#[test]
fn a_locked_conference_is_closed_to_newcomers_only() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let inside = platform.call(caller("+1"), secs(0));
    platform.run_until(secs(40));
    line.run(&["lock", "1234"]);
    let late = platform.call(Caller::new("+2").keys("1234#").keys("1234#").keys("1234#"), secs(41));
    platform.run_until(secs(200));
    assert_last_words(&platform, late, "That conference is locked.");
    assert!(platform.is_up(inside));
    assert_all_leave(&line, &mut platform, &[inside]);
}

#[test]
fn a_kicked_caller_hears_so_and_the_others_stay() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let calls = ["+1", "+2", "+3"].map(|number| platform.call(caller(number), secs(0)));
    platform.run_until(secs(70));
    let session = platform.record(calls[1]).session_id.clone();
    line.run(&["kick", "1234", &session]);
    platform.run_until(secs(220));
    assert_last_words(&platform, calls[1], "You have been removed from that conference.");
    // The words are for this caller alone: first the conference is left, and no guard cuts that short.
    let names = &platform.record(calls[1]).event_names;
    let unjoined = names.iter().position(|name| name == "conference.unjoined");
    let words = names.iter().rposition(|name| name == "dialog.started");
    assert!(unjoined.is_some() && unjoined < words, "{names:?}");
    let told = names.iter().rposition(|name| name == "line.renewed").unwrap();
    assert!(!names[told..unjoined.unwrap()].iter().any(|name| name.contains("overdue")), "{names:?}");
    assert_hear_each_other(&platform, &[calls[0], calls[2]]);
    assert_all_leave(&line, &mut platform, &[calls[0], calls[2]]);
}
