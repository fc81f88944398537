//! The documents under all that may happen to one call (the explorer of the platform package), instead of what a test has
//! thought of.
//!
//! What documents begin to use is told in two places: a reply or a dialog in `line`, an event that may come at any moment in
//! `explorer` here. The rest is the platform package's, whose `explorer` says where.

mod line;
mod spoilt;

use ccxml_platform::{Bound, Event, Exploration, Explorer};
use line::{ADDRESS, Served, Way};

/// How many things may go wrong in one call, if more than a test of every day affords.
const FAULTS: &str = "CCXML_CONFERENCE_EXPLORE";

/// Where waiting goes on to music and back there are millions of states; those that come first are visited.
const WITH_MUSIC: usize = 150_000;

/// An explorer of the documents of a call, which a test may have changed; so many times something changes in the conference.
fn explorer(way: Way, faults: u8, looks: u8, change: impl Fn(&str) -> String) -> Explorer {
    // Who waits for a moderator hears so a minute after the last time, as far as the session has been told.
    let silence = if matches!(way, Way::Waiting | Way::Music) { 75 } else { 30 };
    let states = if way == Way::Music { WITH_MUSIC } else { 50_000_000 };
    let bound = Bound { faults, silence, lease: 180, states };
    Explorer::new(ADDRESS, bound, Served::new(way, looks > 0, change))
        .with_counter("step", "line.overdue.")
        .with_counter("renewal", "line.renew.")
        .with_counter("minute", "line.minute.")
        .with_counter("star", "line.star.")
        .with_event(Event::new("line.look"), looks)
}

/// How many things go wrong at most.
fn faults() -> u8 {
    std::env::var(FAULTS).map_or(1, |faults| faults.parse().unwrap())
}

/// Nothing is found whatever happens, in at least so many states.
#[track_caller]
fn assert_sound(way: Way, at_least: usize) {
    let faults = faults();
    let visited = visit(way, faults, 0);
    // Fewer would mean that something does not happen any more.
    assert!(visited >= at_least, "only {visited} states");
    visit(way, faults - 1, 1);
}

/// How many states there are within a bound, in none of which anything is wrong.
#[track_caller]
fn visit(way: Way, faults: u8, looks: u8) -> usize {
    let begun = std::time::Instant::now();
    let exploration = explorer(way, faults, looks, str::to_owned).explore();
    let Exploration { states, choices, complete, breaches } = exploration;
    let (reach, took) = (if complete { "all" } else { "the first" }, begun.elapsed().as_secs());
    eprintln!(
        "{way:?}, {faults} faults, {looks} changes: {reach} {states} states, {choices} choices, {took} s"
    );
    let breaches: String = breaches.iter().map(|breach| format!("\n{breach}")).collect();
    assert!(breaches.is_empty(), "{breaches}");
    assert!(complete || states == WITH_MUSIC, "there are more states");
    states
}

#[test]
fn nobody_is_lost_on_an_open_line() {
    assert_sound(Way::Open, 400_000);
}

#[test]
fn nobody_is_lost_where_a_pin_is_asked_for() {
    assert_sound(Way::Pin, 300_000);
}

#[test]
fn nobody_is_lost_who_waits_for_a_moderator() {
    assert_sound(Way::Waiting, 400_000);
}

#[test]
fn nobody_is_lost_who_waits_with_music() {
    assert_sound(Way::Music, WITH_MUSIC);
}

#[test]
fn nobody_is_lost_who_presses_keys() {
    let key = |key: &str| Event::new("connection.signal").with("connectionid", "@leg@").with("dtmf", key);
    // With one more thing that goes wrong there are seventy times as many states.
    let explorer = explorer(Way::Open, faults() - 1, 0, str::to_owned);
    let explorer = explorer.with_event(key("*"), 1).with_event(key("6"), 1);
    let Exploration { states, complete, breaches, .. } = explorer.explore();
    let breaches: String = breaches.iter().map(|breach| format!("\n{breach}")).collect();
    eprintln!("Keys: {states} states");
    assert!(breaches.is_empty() && complete, "{breaches}");
    assert!(states >= 90_000, "only {states} states");
}
