//! What a caller's record tells of words, music and conferences: from when to when.

use super::{platform_with, scratch, set_up, shelf, two_callers};
use ccxml_platform::{Bridge, CallId, Caller, Entry, Joined, Platform, Variations, millis, secs};
use std::time::Duration;

const MUSIC: &str = "http://line.example/music.wav";

/// Plays music again and again; at the time told by `stop` it is terminated for a conference.
fn with_music(stop: &str, stopping: &str) -> Platform {
    let document = scratch(
        "<var name=\"leg\"/><var name=\"conf\"/><var name=\"music\"/><var name=\"over\" expr=\"false\"/>",
        &format!(
            "<transition event=\"connection.alerting\"><assign name=\"leg\" expr=\"event$.connectionid\"/><accept/></transition>
             <transition event=\"connection.connected\">
               <createconference conferenceid=\"conf\" confname=\"'room'\"/>
               <send target=\"session.id\" name=\"'stop'\" delay=\"'{stop}'\"/>
               <dialogstart src=\"'music.vxml'\" connectionid=\"leg\" dialogid=\"music\"/>
             </transition>
             <transition event=\"stop\"><assign name=\"over\" expr=\"true\"/>{stopping}</transition>
             <transition event=\"dialog.exit\" cond=\"over\"><join id1=\"leg\" id2=\"conf\" duplex=\"'full'\"/></transition>
             <transition event=\"dialog.exit\"><dialogstart src=\"'music.vxml'\" connectionid=\"leg\" dialogid=\"music\"/></transition>"
        ),
    );
    playing(document)
}

fn playing(document: String) -> Platform {
    let music = "<vxml version=\"2.1\" xmlns=\"http://www.w3.org/2001/vxml\"><form><block>\
         <prompt><audio src=\"music.wav\"/></prompt></block></form></vxml>";
    let web = shelf(vec![("first.ccxml", document), ("music.vxml", music.into())]);
    Platform::new(web, Variations::default())
        .at_address("http://line.example/first.ccxml")
        .with_words_of(millis(400))
        .with_recording(MUSIC, secs(60))
}

/// From when to when the caller has heard what, in milliseconds.
fn times(platform: &Platform, call: CallId) -> Vec<(u128, Option<u128>)> {
    let heard = platform.record(call).heard.iter();
    heard.map(|heard| (heard.at.as_millis(), heard.until.map(|until| until.as_millis()))).collect()
}

fn joined(at: Duration, until: Option<Duration>, speaks: bool) -> Joined {
    Joined { at, until, to: Bridge::Conference("room-1234".into()), hears: true, speaks }
}

#[test]
fn music_is_heard_from_its_beginning_until_it_is_stopped() {
    let mut platform = with_music("90s", "<dialogterminate dialogid=\"music\" immediate=\"true\"/>");
    let anna = platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(80));
    let music = platform.record(anna).hearing().unwrap();
    assert_eq!((music.audio.as_slice(), music.text.as_str()), ([MUSIC.to_string()].as_slice(), ""));
    assert_eq!(platform.record(anna).bridge(), None);
    platform.run_until(secs(100));
    platform.assert_clean();
    assert_eq!(times(&platform, anna), [(200, Some(60200)), (60250, Some(90180))], "{}", platform.report());
    assert_eq!(platform.record(anna).hearing(), None);
    let bridge = platform.record(anna).bridge().unwrap();
    assert_eq!((bridge.at, bridge.hears, bridge.speaks), (millis(90240), true, true));
    assert!(
        platform.record(anna).longest_silence < millis(200),
        "{:?}",
        platform.record(anna).longest_silence
    );
}

#[test]
fn music_in_a_conference_stops_for_everybody() {
    for immediate in ["false", "true"] {
        let transitions = format!(
            "<transition event=\"connection.alerting\"><assign name=\"leg\" expr=\"event$.connectionid\"/><accept/></transition>
             <transition event=\"connection.connected\">
               <createconference conferenceid=\"conf\" confname=\"'room'\"/><join id1=\"leg\" id2=\"conf\"/>
             </transition>
             <transition event=\"conference.joined\">
               <dialogstart src=\"'music.vxml'\" conferenceid=\"conf\" dialogid=\"music\"/>
               <send target=\"session.id\" name=\"'stop'\" delay=\"'20s'\"/>
             </transition>
             <transition event=\"stop\"><dialogterminate dialogid=\"music\" immediate=\"{immediate}\"/></transition>"
        );
        let variables = "<var name=\"leg\"/><var name=\"conf\"/><var name=\"music\"/>";
        let mut platform = playing(scratch(variables, &transitions));
        let anna = platform.call(Caller::new("+49301"), secs(0));
        platform.run_until(secs(21));
        platform.assert_clean();
        assert_eq!(times(&platform, anna), [(260, Some(20240))], "{immediate} {}", platform.report());
        assert!(platform.record(anna).bridge().is_some());
    }
}

#[test]
fn who_is_joined_over_music_hears_it_no_longer() {
    let mut platform = with_music("20s", "<join id1=\"leg\" id2=\"conf\" duplex=\"'half'\"/>");
    let anna = platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(40));
    assert_eq!(times(&platform, anna), [(200, Some(20210))], "{}", platform.report());
    assert!(!platform.record(anna).bridge().unwrap().speaks);
}

#[test]
fn a_recording_that_can_not_be_had_takes_no_longer_than_its_words() {
    let mut platform = with_music("3s", "").with_recordings(|_| false);
    let anna = platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(1));
    let heard = &platform.record(anna).heard[0];
    assert_eq!(
        (heard.until, heard.missing_audio.as_slice()),
        (Some(heard.at), [MUSIC.to_string()].as_slice())
    );
}

#[test]
fn words_are_heard_to_their_end_or_until_a_key_or_a_hang_up() {
    let caller = || Caller::new("+49301");
    for (caller, until) in [
        (caller().keys("1234#"), 2200),
        (caller().entry(Entry::Interrupting("1234#".into())), 500),
        (caller().hang_up_at(secs(1)), 1000),
        (caller().press_on(1, "dialog.started", "p1"), 1200),
    ] {
        let mut platform = set_up();
        let anna = platform.call(caller, secs(0));
        platform.run_until(millis(300));
        assert!(platform.record(anna).hearing().is_some(), "{}", platform.report());
        platform.run_until(secs(4));
        platform.assert_clean();
        assert_eq!(times(&platform, anna)[0], (200, Some(until)), "{}", platform.report());
    }
}

#[test]
fn a_record_tells_when_a_caller_was_joined_and_whether_to_speak() {
    let mut platform = set_up();
    let (anna, ben) = two_callers(&mut platform);
    assert_eq!(platform.record(anna).joined, [joined(millis(3820), None, true)]);
    assert_eq!(platform.record(ben).bridge(), Some(&joined(millis(23820), None, true)));
    platform.hang_up(anna);
    assert_eq!(platform.record(anna).joined, [joined(millis(3820), Some(secs(120)), true)]);
    assert_eq!(platform.record(anna).bridge(), None);
    platform.die();
    assert_eq!(platform.record(ben).bridge(), None);
}

#[test]
fn a_join_over_a_join_is_another_bridge() {
    let mutes = |document: &str| {
        document.replace(
            "<assign name=\"stage\" expr=\"'talking'\"/>",
            "<assign name=\"stage\" expr=\"'talking'\"/><send target=\"session.id\" name=\"'mute'\" delay=\"'1s'\"/>
             <send target=\"session.id\" name=\"'leave'\" delay=\"'3s'\"/>",
        )
        .replace(
            "<eventprocessor statevariable=\"stage\">",
            "<eventprocessor statevariable=\"stage\">
             <transition event=\"mute\"><join id1=\"leg\" id2=\"conf\" duplex=\"'half'\"/></transition>
             <transition event=\"leave\"><unjoin id1=\"leg\" id2=\"conf\"/></transition>",
        )
    };
    let mut platform = platform_with(mutes, Variations::default());
    let anna = platform.call(Caller::new("+49301").keys("1234#"), secs(0));
    platform.run_until(secs(30));
    platform.assert_clean();
    let expected =
        [joined(millis(3820), Some(millis(4880)), true), joined(millis(4880), Some(millis(6860)), false)];
    assert_eq!(platform.record(anna).joined, expected, "{}", platform.report());
}
