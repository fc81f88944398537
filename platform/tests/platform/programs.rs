//! The way to a real program and back.

use std::cell::RefCell;
use std::rc::Rc;

use super::{ASK_ROOM, ROOM, assert_violated, two_callers};
use ccxml_platform::{
    Aftermath, Ask, Caller, CgiWeb, Ended, Entry, Exchange, Fault, Heard, Platform, Value, Variations,
    millis, secs,
};

/// A program that serves the room documents by their path, with what `head` adds to the headers.
fn program(folder: &std::path::Path, head: &str) -> CgiWeb {
    std::fs::write(folder.join("room.ccxml"), ROOM).unwrap();
    std::fs::write(folder.join("ask-room.vxml"), ASK_ROOM).unwrap();
    let script = format!(
        "#!/bin/bash\nfile=.$PATH_INFO\ntype=application/${{file##*.}}+xml\ntype=${{type/vxml/voicexml}}\n\
         printf 'Content-Type: %s\\r\\nContent-Length: %s\\r\\n{head}\\r\\n' $type $(wc -c < $file)\ncat $file\n"
    );
    let file = folder.join("program");
    std::fs::write(&file, script).unwrap();
    std::process::Command::new("chmod").arg("+x").arg(&file).status().unwrap();
    CgiWeb::new(file).env("PATH", "/usr/bin:/bin").folder(folder).script_name("/cgi")
}

fn set_up(folder: &std::path::Path, head: &str) -> Platform {
    Platform::new(program(folder, head).parallel(), Variations::default())
        .at_address("http://h/cgi/room.ccxml")
}

#[test]
fn callers_meet_by_way_of_a_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut platform = set_up(folder.path(), "");
    let (anna, ben) = two_callers(&mut platform);
    platform.assert_clean();
    assert!(platform.hears(anna, ben) && platform.is_up(ben), "{}", platform.report());
    let Exchange { request, response } = &*platform.exchanges()[1];
    assert_eq!(request.url, "http://h/cgi/ask-room.vxml");
    assert_eq!(response.as_ref().unwrap().body, ASK_ROOM);
}

#[test]
fn a_response_that_breaks_the_rules_is_noticed_although_it_would_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut platform = set_up(folder.path(), "Content-Type: text/plain\\r\\n");
    platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(9));
    assert_violated(&platform, "Content-Type comes twice");
}

#[test]
fn what_is_heard_and_answered_can_be_followed() {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&asked);
    let answer = move |ask: &Ask| {
        seen.borrow_mut().push(ask.clone());
        Entry::from("1234#")
    };
    let mut platform = super::set_up();
    let anna = platform.call(Caller::new("+49301").answering(answer), secs(3));
    platform.run_until(secs(60));
    let Heard { at, text, .. } = &platform.record(anna).heard[0];
    assert_eq!((*at, text), (secs(3) + millis(200), &asked.borrow()[0].said));
}

#[test]
fn a_bridge_may_refuse_to_be_taken_down() {
    let restless = |document: &str| {
        document.replace(
            "<assign name=\"stage\" expr=\"'talking'\"/>",
            "<assign name=\"stage\" expr=\"'talking'\"/><unjoin id1=\"leg\" id2=\"conf\"/>",
        )
    };
    let names = |fault: Option<Fault>| {
        let mut platform = super::platform_with(restless, Variations::default());
        fault.into_iter().for_each(|fault| platform.fault(fault));
        let anna = platform.call(Caller::new("+49301").keys("1234#"), secs(0));
        platform.run_until(secs(60));
        platform.assert_clean();
        (platform.record(anna).event_names.last().cloned().unwrap(), platform.record(anna).ended.clone())
    };
    assert_eq!(names(None), ("conference.unjoined".into(), Ended::NotYet));
    assert_eq!(names(Some(Fault::unjoin(1).always())), ("error.conference.unjoin".into(), Ended::BareHangUp));
}

#[test]
fn values_are_converted_as_the_language_does() {
    assert_eq!(Value::Number(3.0).to_text(), "3");
    assert!(!Value::from("").is_true() && Value::from("false").is_true());
    assert!(Variations::default().hangup_order.contains(&Aftermath::DialogExit));
}
