//! Callers who meet in a room, under every variation.

use super::{platform_with, set_up, two_callers};
use ccxml_platform::{Abandoned, Caller, Disturbance, Ended, Fault, Variations, secs};

#[test]
fn callers_of_one_room_hear_each_other() {
    let mut platform = set_up();
    let (anna, ben) = two_callers(&mut platform);
    let carl = platform.call(Caller::new("+49303").keys("999#"), secs(121));
    platform.run_until(secs(180));
    platform.assert_clean();
    assert!(platform.hears(anna, ben) && platform.hears(ben, anna), "{}", platform.report());
    assert!(!platform.hears(anna, carl) && !platform.hears(anna, anna));
    assert_eq!(
        (platform.attached("room-1234"), platform.joined("room-1234"), platform.attached("room-999")),
        (2, 2, 1)
    );
    assert_eq!(platform.tones("room-1234"), ["enter", "enter"]);
    assert_eq!(platform.heard(anna), ["Enter the room number, then press hash."]);
    assert_eq!(platform.state(anna), "talking");
    assert!(platform.record(anna).longest_silence < secs(1), "{:?}", platform.record(anna).longest_silence);
}

#[test]
fn a_hang_up_frees_everything_whatever_the_order_of_events() {
    for variations in Variations::pairs() {
        let mut platform = platform_with(str::to_string, variations.clone());
        let (anna, ben) = two_callers(&mut platform);
        assert!(platform.hears(anna, ben), "{variations:?}\n{}", platform.report());
        platform.hang_up(anna);
        platform.run_for(secs(5));
        assert!(platform.is_over(anna) && !platform.is_over(ben));
        assert!(!platform.hears(ben, anna));
        assert_eq!(platform.record(anna).ended, Ended::CallerHungUp);
        assert!(platform.conference_exists("room-1234"));
        platform.hang_up(ben);
        assert!(platform.run_until_idle(secs(1000)));
        platform.assert_clean();
        assert!(!platform.conference_exists("room-1234"));
        assert_eq!((platform.live_sessions(), platform.open_dialogs()), (0, 0));
        assert_eq!(platform.tones("room-1234"), ["enter", "enter", "exit", "exit"]);
    }
}

#[test]
fn a_hang_up_is_possible_around_every_event() {
    for event in 1..12 {
        for during in [false, true] {
            let mut platform = set_up();
            let caller = Caller::new("+49301").keys("1234#");
            let caller = if during { caller.hang_up_during(event) } else { caller.hang_up_after(event) };
            let anna = platform.call(caller, secs(0));
            platform.run_until(secs(300));
            platform.assert_clean();
            if platform.record(anna).events >= event {
                assert_eq!(platform.record(anna).ended, Ended::CallerHungUp, "{}", platform.report());
                assert!(platform.is_over(anna), "{}", platform.report());
            }
        }
    }
}

#[test]
fn a_caller_who_gives_up_while_it_rings_is_reported_either_way() {
    for (abandoned, event) in
        [(Abandoned::Failed, "connection.failed"), (Abandoned::Disconnected, "connection.disconnected")]
    {
        let mut platform = platform_with(str::to_string, Variations { abandoned, ..Variations::default() });
        let anna = platform.call(Caller::new("+49301").hang_up_during(2), secs(0));
        let later = platform.call(Caller::new("+49302").hang_up_at(secs(5)), secs(10));
        platform.run_until(secs(60));
        platform.assert_clean();
        assert!(platform.record(anna).event_names.contains(&event.to_string()), "{}", platform.report());
        assert_eq!((platform.record(later).events, platform.is_over(later)), (0, true));
    }
}

#[test]
fn who_says_nothing_is_disconnected_after_words() {
    let mut platform = set_up();
    let anna = platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(120));
    platform.assert_clean();
    assert_eq!(platform.heard(anna).len(), 3);
    // The dialog's own last handler says nothing more.
    assert_eq!(platform.record(anna).ended, Ended::Disconnected { last_words: String::new() });
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
    let mut platform = platform_with(late, Variations::default());
    let anna = platform.call(Caller::new("+49301").keys("1234#").keys("777#"), secs(1));
    let ben = platform.call(Caller::new("+49302").keys("1234#"), secs(0));
    platform.run_until(secs(60));
    assert!(platform.is_up(anna) && platform.is_up(ben), "{}", platform.report());
    assert!(!platform.hears(anna, ben) && !platform.hears(ben, anna), "{}", platform.report());
    assert!(platform.trace_lines().iter().any(|line| line.contains("cuts the caller off")));
    assert!(platform.record(anna).longest_silence > secs(20), "{:?}", platform.record(anna).longest_silence);
    assert!(platform.record(ben).longest_silence < secs(1));
}

#[test]
fn half_duplex_lets_the_first_only_listen() {
    let muted = |document: &str| document.replace("duplex=\"'full'\"", "duplex=\"'half'\"");
    let mut platform = platform_with(muted, Variations::default());
    let (anna, ben) = two_callers(&mut platform);
    platform.assert_clean();
    assert!(!platform.hears(anna, ben) && !platform.hears(ben, anna));
}

#[test]
fn bystanders_hear_of_other_joins() {
    for (bystanders, joins) in [(true, 2), (false, 1)] {
        let mut platform = platform_with(str::to_string, Variations { bystanders, ..Variations::default() });
        let (anna, _) = two_callers(&mut platform);
        let names = &platform.record(anna).event_names;
        assert_eq!(names.iter().filter(|name| *name == "conference.joined").count(), joins);
    }
}

#[test]
fn a_session_that_ends_with_its_call_up_hangs_up_barely() {
    let mut platform = set_up();
    let anna = platform.call(Caller::new("+49301").keys("1234#").with(Fault::join(1)), secs(0));
    platform.run_until(secs(60));
    platform.assert_clean();
    assert_eq!(platform.record(anna).ended, Ended::BareHangUp);
    assert!(!platform.conference_exists("room-1234"));
}

#[test]
fn a_dead_platform_says_nothing_to_anybody() {
    let mut platform = set_up();
    let (anna, ben) = two_callers(&mut platform);
    let events = platform.record(anna).events;
    let later = platform.call(Caller::new("+49304").keys("1234#").hang_up_at(secs(300)), secs(230));
    platform.disturb(anna, Disturbance::PlatformDies);
    platform.run_for(secs(100));
    assert_eq!(platform.record(ben).ended, Ended::PlatformDied);
    assert_eq!((platform.live_sessions(), platform.record(anna).events), (0, events));
    let carl = platform.call(Caller::new("+49303").keys("1234#"), platform.now());
    platform.run_for(secs(30));
    assert_eq!((platform.attached("room-1234"), platform.state(carl).as_str()), (2, "talking"));
    platform.run_until(secs(301));
    assert_eq!(platform.record(later).ended, Ended::CallerHungUp);
}
