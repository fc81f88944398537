//! Callers who come together: one, two, five and thirty, one after the other and all at once.

use super::{assert_all_leave, assert_hear_each_other, assert_heard, caller, platform};
use crate::program::Line;
use ccxml_platform::{CallId, Caller, Ended, Platform, Variations, secs};
use std::time::Duration;

fn gather(platform: &mut Platform, count: u32, start: Duration, apart: Duration) -> Vec<CallId> {
    (0..count).map(|n| platform.call(caller(&format!("+{n}")), start + apart * n)).collect()
}

#[track_caller]
fn assert_everybody_hears_everybody(platform: &Platform, calls: &[CallId]) {
    platform.assert_clean();
    assert_hear_each_other(platform, calls);
}

/// Who was told that they are the first.
fn first_callers(platform: &Platform, calls: &[CallId]) -> usize {
    let is_first = |call: &&CallId| platform.heard(**call).join(" ").contains("You are the first caller");
    calls.iter().filter(is_first).count()
}

#[test]
fn one_after_the_other_everybody_hears_everybody_and_nothing_is_left() {
    for count in [1, 2, 5, 30] {
        let line = Line::new();
        let mut platform = platform(&line, Variations::default());
        let calls = gather(&mut platform, count, secs(0), secs(20));
        platform.run_until(secs(20 * u64::from(count) + 60));
        assert_everybody_hears_everybody(&platform, &calls);
        for (others, call) in calls.iter().enumerate() {
            let heard = platform.heard(*call).join(" ");
            let told = match others {
                0 => "You are the first caller in this conference.".to_owned(),
                1 => "There is one other caller.".to_owned(),
                _ => format!("There are {others} other callers."),
            };
            assert!(heard.contains(&told), "{heard}");
        }
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn a_tone_tells_of_everybody_who_comes_and_goes_and_of_nobody_else() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let calls = gather(&mut platform, 2, secs(0), secs(20));
    platform.run_until(secs(90));
    platform.hang_up(calls[1]);
    platform.run_for(secs(90));
    assert_eq!(platform.tones("conference_1234"), ["enter", "enter", "exit"], "{}", platform.report());
    assert_all_leave(&line, &mut platform, &calls);
}

#[test]
fn all_at_once_exactly_one_is_first_and_everybody_hears_everybody() {
    for count in [2, 5, 30] {
        let line = Line::new();
        let mut platform = platform(&line, Variations::default());
        let calls = gather(&mut platform, count, secs(0), Duration::ZERO);
        platform.run_until(secs(120));
        assert_everybody_hears_everybody(&platform, &calls);
        assert_eq!(first_callers(&platform, &calls), 1);
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn a_number_can_be_used_again_and_again() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    for round in 0..3 {
        let calls = gather(&mut platform, 3, secs(round * 400), secs(10));
        platform.run_until(secs(round * 400 + 150));
        assert_everybody_hears_everybody(&platform, &calls);
        assert_eq!(first_callers(&platform, &calls), 1);
        assert_all_leave(&line, &mut platform, &calls);
    }
}

#[test]
fn the_mixer_outlives_the_first_caller() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let calls = gather(&mut platform, 3, secs(0), secs(20));
    platform.run_until(secs(100));
    platform.hang_up(calls[0]);
    platform.run_for(secs(30));
    assert_everybody_hears_everybody(&platform, &calls[1..]);
    let late = platform.call(caller("+9"), secs(140));
    platform.run_until(secs(180));
    assert_everybody_hears_everybody(&platform, &[calls[1], calls[2], late]);
    assert_heard(&platform, late, "There are 2 other callers.");
    assert_all_leave(&line, &mut platform, &[calls[1], calls[2], late]);
}

#[test]
fn different_numbers_are_different_conferences() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let calls: Vec<_> =
        ["1234#", "5678#"].map(|keys| platform.call(Caller::new("+1").keys(keys), secs(0))).into();
    platform.run_until(secs(60));
    assert!(!platform.hears(calls[0], calls[1]));
    assert_eq!(first_callers(&platform, &calls), 2);
    assert_all_leave(&line, &mut platform, &calls);
}

#[test]
fn a_conference_works_however_the_platform_reads_the_standard() {
    for variations in Variations::pairs() {
        let line = Line::new();
        let mut platform = platform(&line, variations.clone());
        let calls = gather(&mut platform, 3, secs(0), secs(7));
        platform.run_until(secs(200));
        assert_everybody_hears_everybody(&platform, &calls);
        assert_all_leave(&line, &mut platform, &calls);
        for call in calls {
            assert_eq!(platform.record(call).ended, Ended::CallerHungUp, "{variations:?}");
        }
    }
}

#[test]
fn a_call_that_another_document_has_answered_is_served_too() {
    use ccxml_platform::{Answer, HttpRequest, HttpResponse, Web};
    /// A web with a document of its own, which goes to the line with the call up.
    struct Foreign<W>(W);
    impl<W: Web> Web for Foreign<W> {
        fn request(&mut self, request: &HttpRequest) -> Answer {
            if request.url.ends_with("/welcome") {
                return Ok(HttpResponse::new(200, "application/ccxml+xml", WELCOME));
            }
            self.0.request(request)
        }
    }
    const WELCOME: &str = r#"<ccxml version="1.0" xmlns="http://www.w3.org/2002/09/ccxml">
        <var name="f" expr="''"/>
        <eventprocessor>
          <transition event="connection.alerting"><accept connectionid="event$.connectionid"/></transition>
          <transition event="connection.connected">
            <fetch next="'/cgi-bin/ccxml-conference'" type="'application/ccxml+xml'" fetchid="f"/>
          </transition>
          <transition event="fetch.done"><goto fetchid="f"/></transition>
          <transition event="error.*"><exit/></transition>
        </eventprocessor></ccxml>"#;
    let line = Line::new();
    let web = ccxml_platform::CgiWeb::new(crate::program::BINARY)
        .env("CONFERENCE_DIR", line.tokens())
        .env("CONFERENCE_CONFIG", "");
    let mut platform =
        Platform::new(Foreign(web), Variations::default()).at_address("http://line.example/welcome");
    let calls = gather(&mut platform, 2, secs(0), secs(1));
    platform.run_until(secs(60));
    assert_everybody_hears_everybody(&platform, &calls);
    assert_all_leave(&line, &mut platform, &calls);
}
