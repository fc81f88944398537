//! What is found wrong, and what the exit status says.

use super::server::Server;
use super::{play, rehearse};
use ccxml_platform::HttpResponse;

/// A line with one document, whose transitions are given.
fn line(transitions: &str) -> Server {
    let document = format!(
        "<ccxml version='1.0' xmlns='http://www.w3.org/2002/09/ccxml'><eventprocessor>{transitions}\
         <transition event='error.*'><exit/></transition></eventprocessor></ccxml>"
    );
    Server::new(move |_| HttpResponse::new(200, "application/ccxml+xml", document.clone()))
}

const ANSWER: &str = "<transition event='connection.alerting'><accept/></transition>";
const HUNG_UP: &str = "<transition event='connection.disconnected'><exit/></transition>";

#[track_caller]
fn goes_wrong(server: &Server, why: &str) {
    let caller = ["--caller", "1234#,hangup=1m"];
    let rehearsal = rehearse(&[&[server.url().as_str()][..], &caller].concat());
    assert_eq!(rehearsal.status, 1, "{}", rehearsal.stdout);
    assert!(rehearsal.stdout.lines().any(|line| line.contains(why)), "no {why:?}: {}", rehearsal.stdout);
    let lenient = play(&[&[server.url().as_str(), "--strict=no"][..], &caller].concat());
    assert!(lenient.contains(why), "{lenient}");
}

#[test]
fn broken_rules_are_reasons() {
    goes_wrong(&line("<transition event='a'><accept name='x'/></transition>"), "invalid document: ");
    goes_wrong(
        &line("<transition event='ccxml.loaded'><log expr='missing'/></transition>"),
        "error in a document: ",
    );
    goes_wrong(&line("<transition event='a b'/>"), "not portable: ");
    goes_wrong(
        &line(
            "<transition event='ccxml.loaded'><merge connectionid1=\"'a'\" connectionid2=\"'b'\"/></transition>",
        ),
        "not rehearsed: ",
    );
    let bare = "<ccxml version='1.0' xmlns='http://www.w3.org/2002/09/ccxml'><eventprocessor>\
        <transition event='ccxml.loaded'><log expr='missing'/></transition></eventprocessor></ccxml>";
    goes_wrong(
        &Server::new(move |_| HttpResponse::new(200, "application/ccxml+xml", bare)),
        "unhandled error: ",
    );
    goes_wrong(&Server::new(|_| HttpResponse::new(200, "text/html", "<p>hello</p>")), "wrong response: ");
}

#[test]
fn errors_of_the_line_are_reasons_though_callers_hear_an_apology() {
    let server = Server::with_program(|request| {
        let keyed = request.field("conference_code").is_some() && request.field("event").is_none();
        keyed.then(|| HttpResponse::new(500, "text/plain", "broken"))
    });
    goes_wrong(&server, "the line answers with an error of its own, 500");
}

#[test]
fn callers_who_are_badly_served_are_reasons() {
    goes_wrong(&line(&format!("{ANSWER}{HUNG_UP}")), "Anna sat in silence for 60s");
    let cuts_off = "<transition event='connection.connected'><exit/></transition>";
    goes_wrong(&line(&format!("{ANSWER}{cuts_off}")), "Anna was cut off in the middle of the call");
    let hangs_up = "<transition event='connection.connected'><disconnect/></transition>";
    goes_wrong(&line(&format!("{ANSWER}{hangs_up}{HUNG_UP}")), "Anna was disconnected without a word");
    goes_wrong(&line("<transition event='ccxml.loaded'><exit/></transition>"), "Anna was never answered");
}

#[test]
fn events_that_a_session_must_not_let_drop_are_reasons() {
    goes_wrong(&line(ANSWER), "no transition takes connection.disconnected of Anna");
    goes_wrong(&line(ANSWER), "Anna has a session that goes on without a call");
}

#[test]
fn the_bound_of_silence_can_be_moved() {
    let server = line(&format!("{ANSWER}{HUNG_UP}"));
    let transcript = play(&[&server.url(), "--caller", "1234#,hangup=1m", "--silence", "2m", "--strict=no"]);
    assert!(!transcript.contains("sat in silence"), "{transcript}");
}

#[test]
fn what_sessions_tell_each_other_is_told() {
    let server = line(&format!(
        "{ANSWER}{HUNG_UP}<transition event='connection.connected'><if cond=\"session.id != 'session-1'\">\
         <send target=\"'session-1'\" targettype=\"'ccxml'\" name=\"'line.look'\"/></if></transition>"
    ));
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("call.svg");
    let callers = ["--caller", "1234#,hangup=9s", "--caller", "1234#@2s,hangup=9s", "--strict=no"];
    let address = [server.url()];
    let arguments: Vec<&str> = address.iter().map(String::as_str).chain(callers).collect();
    let line = "Ben's session tells Anna's session: line.look";
    let transcript = play(&[arguments.as_slice(), &["--svg", picture.to_str().unwrap()]].concat());
    assert_eq!(transcript.matches(line).count(), 1, "{transcript}");
    // A long text is broken in the picture.
    assert!(std::fs::read_to_string(picture).unwrap().contains("line.look"));
    let json = play(&[arguments.as_slice(), &["--json"]].concat());
    let rehearsal: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut events = rehearsal["events"].as_array().unwrap().iter();
    let told = events.find(|event| event["event"] == "told").unwrap();
    assert_eq!(
        (&told["name"], &told["by"], &told["caller"]),
        (&"line.look".into(), &"Ben".into(), &"Anna".into())
    );
}
