//! Callers who meet in a room, under every variation.

use super::super::{Abandoned, Caller, Disturbance, Ended, Fault, Variations, secs};
use super::{line, line_with, two_callers};

#[test]
fn callers_of_one_room_hear_each_other() {
    let mut line = line();
    let (anna, ben) = two_callers(&mut line);
    let carl = line.call(Caller::new("+49303").keys("999#"), secs(121));
    line.run_until(secs(180));
    line.assert_clean();
    assert!(line.hears(anna, ben) && line.hears(ben, anna), "{}", line.report());
    assert!(!line.hears(anna, carl) && !line.hears(anna, anna));
    assert_eq!((line.attached("room-1234"), line.joined("room-1234"), line.attached("room-999")), (2, 2, 1));
    assert_eq!(line.tones("room-1234"), ["enter", "enter"]);
    assert_eq!(line.heard(anna), ["Enter the room number, then press hash."]);
    assert_eq!(line.state(anna), "talking");
    assert!(line.record(anna).longest_silence < secs(1), "{:?}", line.record(anna).longest_silence);
}

#[test]
fn a_hang_up_frees_everything_whatever_the_order_of_events() {
    for variations in Variations::pairs() {
        let mut line = line_with(str::to_string, variations.clone());
        let (anna, ben) = two_callers(&mut line);
        assert!(line.hears(anna, ben), "{variations:?}\n{}", line.report());
        line.hang_up(anna);
        line.run_for(secs(5));
        assert!(line.is_over(anna) && !line.is_over(ben));
        assert!(!line.hears(ben, anna));
        assert_eq!(line.record(anna).ended, Ended::CallerHungUp);
        assert!(line.conference_exists("room-1234"));
        line.hang_up(ben);
        assert!(line.run_until_idle(secs(1000)));
        line.assert_clean();
        assert!(!line.conference_exists("room-1234"));
        assert_eq!((line.live_sessions(), line.open_dialogs()), (0, 0));
        assert_eq!(line.tones("room-1234"), ["enter", "enter", "exit", "exit"]);
    }
}

#[test]
fn a_hang_up_is_possible_around_every_event() {
    for event in 1..12 {
        for during in [false, true] {
            let mut line = line();
            let caller = Caller::new("+49301").keys("1234#");
            let caller = if during { caller.hang_up_during(event) } else { caller.hang_up_after(event) };
            let anna = line.call(caller, secs(0));
            line.run_until(secs(300));
            line.assert_clean();
            if line.record(anna).events >= event {
                assert_eq!(line.record(anna).ended, Ended::CallerHungUp, "{}", line.report());
                assert!(line.is_over(anna), "{}", line.report());
            }
        }
    }
}

#[test]
fn a_caller_who_gives_up_while_it_rings_is_reported_either_way() {
    for (abandoned, event) in
        [(Abandoned::Failed, "connection.failed"), (Abandoned::Disconnected, "connection.disconnected")]
    {
        let mut line = line_with(str::to_string, Variations { abandoned, ..Variations::default() });
        let anna = line.call(Caller::new("+49301").hang_up_during(2), secs(0));
        let later = line.call(Caller::new("+49302").hang_up_at(secs(5)), secs(10));
        line.run_until(secs(60));
        line.assert_clean();
        assert!(line.record(anna).event_names.contains(&event.to_string()), "{}", line.report());
        assert_eq!((line.record(later).events, line.is_over(later)), (0, true));
    }
}

#[test]
fn who_says_nothing_is_disconnected_after_words() {
    let mut line = line();
    let anna = line.call(Caller::new("+49301"), secs(0));
    line.run_until(secs(120));
    line.assert_clean();
    assert_eq!(line.heard(anna).len(), 3);
    // The dialog's own last handler says nothing more.
    assert_eq!(line.record(anna).ended, Ended::Disconnected { last_words: String::new() });
}

#[test]
fn a_dialog_on_a_joined_connection_cuts_the_caller_off_for_good() {
    let late = |document: &str| {
        document.replace(
            "<assign name=\"stage\" expr=\"'talking'\"/>",
            "<assign name=\"stage\" expr=\"'talking'\"/><if cond=\"session.connections[leg].remote == 'tel:+49301'\">\
             <dialogstart src=\"'ask-room.vxml'\" connectionid=\"leg\"/></if>",
        )
    };
    let mut line = line_with(late, Variations::default());
    let anna = line.call(Caller::new("+49301").keys("1234#").keys("777#"), secs(1));
    let ben = line.call(Caller::new("+49302").keys("1234#"), secs(0));
    line.run_until(secs(60));
    assert!(line.is_up(anna) && line.is_up(ben), "{}", line.report());
    assert!(!line.hears(anna, ben) && !line.hears(ben, anna), "{}", line.report());
    assert!(line.trace().iter().any(|line| line.contains("cuts the caller off")));
    assert!(line.record(anna).longest_silence > secs(20), "{:?}", line.record(anna).longest_silence);
    assert!(line.record(ben).longest_silence < secs(1));
}

#[test]
fn half_duplex_lets_the_first_only_listen() {
    let muted = |document: &str| document.replace("duplex=\"'full'\"", "duplex=\"'half'\"");
    let mut line = line_with(muted, Variations::default());
    let (anna, ben) = two_callers(&mut line);
    line.assert_clean();
    assert!(!line.hears(anna, ben) && !line.hears(ben, anna));
}

#[test]
fn bystanders_hear_of_other_joins() {
    for (bystanders, joins) in [(true, 2), (false, 1)] {
        let mut line = line_with(str::to_string, Variations { bystanders, ..Variations::default() });
        let (anna, _) = two_callers(&mut line);
        let names = &line.record(anna).event_names;
        assert_eq!(names.iter().filter(|name| *name == "conference.joined").count(), joins);
    }
}

#[test]
fn a_session_that_ends_with_its_call_up_hangs_up_barely() {
    let mut line = line();
    let anna = line.call(Caller::new("+49301").keys("1234#").with(Fault::join(1)), secs(0));
    line.run_until(secs(60));
    line.assert_clean();
    assert_eq!(line.record(anna).ended, Ended::BareHangUp);
    assert!(!line.conference_exists("room-1234"));
}

#[test]
fn a_dead_platform_says_nothing_to_anybody() {
    let mut line = line();
    let (anna, ben) = two_callers(&mut line);
    let events = line.record(anna).events;
    let later = line.call(Caller::new("+49304").keys("1234#").hang_up_at(secs(300)), secs(230));
    line.disturb(anna, Disturbance::PlatformDies);
    line.run_for(secs(100));
    assert_eq!(line.record(ben).ended, Ended::PlatformDied);
    assert_eq!((line.live_sessions(), line.record(anna).events), (0, events));
    let carl = line.call(Caller::new("+49303").keys("1234#"), line.now());
    line.run_for(secs(30));
    assert_eq!((line.attached("room-1234"), line.state(carl).as_str()), (2, "talking"));
    line.run_until(secs(301));
    assert_eq!(line.record(later).ended, Ended::CallerHungUp);
}
