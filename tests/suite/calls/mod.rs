//! Calls from the first ring to the last trace: the documents on a platform, the program behind them.

mod at_once;
mod direct;
mod disturbances;
mod events;
mod fetches;
mod gatherings;
mod hang_ups;
mod hearing;
mod keying;
mod keys;
mod lines;
mod looking;
mod music;
mod muting;
mod notices;
mod rooms;
mod untold;
mod verbs;
mod waiting;

use crate::program::{BINARY, Line};
use ccxml_platform::{CallId, Caller, CgiWeb, Disturbance, Ended, Event, Fault, Platform, Variations, secs};
use std::time::Duration;

/// What a caller has to have heard before the call is ended from our side.
const APOLOGY: &str = "Something went wrong";

/// A platform whose calls come to a line.
pub fn platform(line: &Line, variations: Variations) -> Platform {
    Platform::new(web(line), variations)
}

/// The way to a line.
fn web(line: &Line) -> CgiWeb {
    let web = CgiWeb::new(BINARY).folder(line.folder()).parallel();
    let web = web.env("CONFERENCE_DIR", line.tokens()).env("CONFERENCE_CONFIG", "");
    line.settings().fold(web, |web, (variable, value)| web.env(variable, value))
}

/// A caller who keys in the number 1234.
fn caller(name: &str) -> Caller {
    Caller::new(name).keys("1234#")
}

/// Somebody tells the session to look.
fn look() -> Disturbance {
    Disturbance::Stray(Event::new("line.look"))
}

/// The prompts that a caller has heard, in order.
fn prompts(platform: &Platform, call: CallId) -> Vec<String> {
    platform.record(call).heard.iter().map(|heard| heard.prompt.clone()).collect()
}

/// This caller has heard these words.
#[track_caller]
pub fn assert_heard(platform: &Platform, call: CallId, words: &str) {
    assert!(platform.heard(call).join(" ").contains(words), "{words:?}: {}", platform.report());
}

#[track_caller]
pub fn assert_hear_each_other(platform: &Platform, calls: &[CallId]) {
    for listener in calls {
        let mut others = calls.iter().filter(|other| *other != listener);
        assert!(others.all(|speaker| platform.hears(*listener, *speaker)), "{}", platform.report());
    }
}

/// Nothing is left of any call: no session, no dialog, no conference, no token.
#[track_caller]
fn assert_nothing_left(line: &Line, platform: &Platform) {
    platform.assert_clean();
    assert_eq!(platform.live_sessions(), 0, "{}", platform.report());
    assert_eq!(platform.open_dialogs(), 0, "{}", platform.report());
    assert!(!platform.conference_exists("conference_1234"), "{}", platform.report());
    for name in line.files().iter().filter(|name| !name.starts_with('.')) {
        // Wrong PINs are remembered, but nobody has a place.
        let token = line.kept(name).unwrap();
        let wrong_pins = token.contains("\"callers\":[]") && token.contains("\"wrong_pins\"");
        assert!(wrong_pins, "{token}\n{}", platform.report());
    }
}

/// We have disconnected the caller, after a word.
#[track_caller]
fn assert_last_words(platform: &Platform, call: CallId, words: &str) {
    match &platform.record(call).ended {
        Ended::Disconnected { last_words } if last_words.contains(words) => {}
        other => panic!("expected {words:?} and a disconnect, not {other:?}: {}", platform.report()),
    }
}

/// Hangs everybody up and gives the sessions time to leave.
fn send_everybody_home(platform: &mut Platform, calls: &[CallId]) {
    for call in calls {
        platform.hang_up(*call);
    }
    platform.run_for(secs(200));
}

/// These callers hang up, and nothing is left.
#[track_caller]
fn assert_all_leave(line: &Line, platform: &mut Platform, calls: &[CallId]) {
    send_everybody_home(platform, calls);
    assert_nothing_left(line, platform);
}

/// Long enough for everything that a single call can come to, guards included.
const A_WHOLE_CALL: Duration = secs(400);

/// Plays one caller to whom this happens, until everything is over.
fn suffers(variations: &Variations, faults: &[Fault]) -> (Line, Platform, CallId) {
    let line = Line::new();
    let mut platform = platform(&line, variations.clone());
    let mut who = caller("+1");
    for fault in faults {
        who = who.with(fault.clone());
    }
    let call = platform.call(who, secs(0));
    platform.run_until(A_WHOLE_CALL);
    (line, platform, call)
}

/// Plays a call for each of its events from this one on, to which this happens there, and looks at each.
fn at_every_event(
    from: usize,
    fault: impl Fn(usize) -> Fault,
    mut look: impl FnMut(usize, &Line, &mut Platform, CallId),
) {
    for event in from.. {
        let (line, mut platform, call) = suffers(&Variations::default(), &[fault(event)]);
        if platform.record(call).events < event {
            assert!(event > 20, "only {event} events");
            return;
        }
        look(event, &line, &mut platform, call);
    }
}

/// The fault ends the call, after an apology, under every variation.
fn is_apologised_for(faults: &[Fault]) {
    for variations in Variations::pairs() {
        let (line, platform, call) = suffers(&variations, faults);
        assert_last_words(&platform, call, APOLOGY);
        assert_nothing_left(&line, &platform);
    }
}

/// The fault is survived: the caller is in the conference in the end.
fn is_survived(faults: &[Fault]) {
    for variations in Variations::pairs() {
        let (line, mut platform, call) = suffers(&variations, faults);
        let other = platform.call(caller("+2"), A_WHOLE_CALL);
        platform.run_for(secs(60));
        assert_hear_each_other(&platform, &[call, other]);
        assert_all_leave(&line, &mut platform, &[call, other]);
    }
}
