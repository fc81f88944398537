//! Every rule, tripped by a small document.

use super::{ASK_ROOM, after_actions, assert_violated, platform_with, scratch, scratch_platform};
use ccxml_platform::Variations;
use ccxml_platform::{Caller, Platform, secs};

#[track_caller]
fn refused(actions: &str, expected: &str) {
    assert_violated(&after_actions("<var name=\"x\" expr=\"''\"/>", actions), expected);
}

#[test]
fn a_document_without_faults_passes() {
    let top = "<var name=\"x\" expr=\"1\"/><script>function more(n) { x += n; return x }</script>";
    let platform = after_actions(
        top,
        "<var name=\"y\" expr=\"more(2)\"/><assign name=\"application.z\" expr=\"y\"/>\
         <if cond=\"z == 4\"><log expr=\"missing\"/><elseif cond=\"z == 3\"/><log expr=\"'third'\"/><else/>\
         <log expr=\"missing\"/></if><send target=\"session.id\" name=\"'a.b'\" delay=\"'.5s'\"/>",
    );
    platform.assert_clean();
    assert!(platform.trace_lines().iter().any(|line| line.contains("log: third")), "{}", platform.report());
    assert!(
        platform.trace_lines().iter().any(|line| line.contains("send.successful")),
        "{}",
        platform.report()
    );
}

#[test]
fn structure_is_held_to_the_table() {
    refused("<foreach/>", "unknown element: <foreach>");
    refused("<accept name=\"'x'\"/>", "<accept> has no attribute name");
    refused("<join id1=\"x\"/>", "<join> lacks its attribute id2");
    refused("<dialogstart connectionid=\"x\"/>", "exactly one of src and prepareddialogid");
    refused("<dialogstart src=\"'a'\" connectionid=\"x\" conferenceid=\"x\"/>", "exclude one another");
    refused("<script src=\"a.js\">var b</script>", "exactly one of src, fetchid and text");
    refused("<else/>", "<else> cannot stand inside <transition>");
    refused("text", "contains the text \"text\"");
    refused("<exit xmlns=\"http://other\"/>", "is in the namespace \"http://other\"");
    refused("<if cond=\"x\"><else/><elseif cond=\"x\"/></if>", "<else> has to be the last part");
    refused("<log expr=\"x\" v:more=\"1\" xmlns:v=\"http://v\"/>", "has no attribute {http://v}more");
}

#[test]
fn attributes_are_what_the_table_says() {
    refused("<assign name=\"x y\" expr=\"1\"/>", "is no variable");
    refused("<var name=\"application.x\"/>", "is no identifier");
    refused("<log expr=\"a b\"/>", "is no expression");
    refused("<send target=\"session.id\" name=\"'a'\" delay=\"5s\"/>", "is no expression");
    refused("<send target=\"session.id\" name=\"'a'\" delay=\"'5'\"/>", "delay is \"5\", which is no time");
    refused("<send target=\"session.id\" name=\"'a'\" delay=\"5\"/>", "delay is \"5\", which is no time");
    refused("<fetch next=\"'a'\" method=\"'GET'\" fetchid=\"x\"/>", "method is \"GET\"");
    refused("<fetch next=\"'a b'\" fetchid=\"x\"/>", "not escaped as an address has to be");
}

#[test]
fn variables_have_to_be_declared_and_must_not_hide_the_session() {
    refused("<assign name=\"y\" expr=\"1\"/>", "name=\"y\" is not declared");
    refused("<fetch next=\"'a'\" fetchid=\"y\"/>", "fetchid=\"y\" is not declared");
    refused("<fetch next=\"'a'\" namelist=\"x y\" fetchid=\"x\"/>", "\"y\" is not declared");
    refused("<createconference conferenceid=\"y\"/>", "error.semantic in <createconference");
    refused("<log expr=\"y\"/>", "y is not defined");
    refused("<log expr=\"(y = 1)\"/>", "y is assigned but not declared");
    refused("<assign name=\"session.id\" expr=\"1\"/>", "read-only");
    refused("<var name=\"uri\"/>", "uri hides a property of the session");
    let platform = after_actions("<script>var values = 1;</script>", "");
    assert_violated(&platform, "the script's values hides a property of the session");
    let platform = after_actions("<var name=\"x\"/>", "<fetch next=\"'a'\" namelist=\"x\"/>");
    assert_violated(&platform, "x in namelist is undefined");
}

#[test]
fn later_editions_of_the_language_are_refused() {
    refused("<script>let a = 1;</script>", "uses let");
    refused("<script>var f = (a) =&gt; a;</script>", "an arrow function");
    refused("<log expr=\"'a'.trim()\"/>", "not a function");
    refused("<log expr=\"[1].indexOf(1)\"/>", "not a function");
    refused("<log expr=\"JSON.stringify(1)\"/>", "uses JSON");
}

#[test]
fn identifiers_have_to_be_known() {
    refused("<join id1=\"x\" id2=\"x\"/>", "there is no \"\"");
    refused("<disconnect connectionid=\"'nobody'\"/>", "there is no \"nobody\"");
    refused("<destroyconference conferenceid=\"'nothing'\"/>", "there is no \"nothing\"");
    refused("<dialogterminate dialogid=\"x\"/>", "there is no dialog");
    refused("<goto fetchid=\"x\"/>", "no document that has been fetched");
    refused("<accept/>", "there is no \"\"");
}

#[track_caller]
fn transitions(transitions: &str, expected: &str) {
    let mut platform = scratch_platform(scratch("<var name=\"s\" expr=\"'a'\"/>", transitions), Vec::new());
    platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(10));
    assert_violated(&platform, expected);
}

#[test]
fn transitions_are_held_to_what_every_platform_understands() {
    transitions("<transition event=\"a\" cond=\"event$.name == 'a'\"/>", "reads event$");
    transitions("<transition event=\"a b\"/>", "one name, not a list");
    transitions("<transition state=\"'a'\"/>", "without quotes");
    transitions("<transition event=\"ccxml.loaded\" cond=\"unknown\"/>", "cond: ReferenceError");
    transitions("<transition name=\"evt\"/>", "has no attribute name");
}

fn first_document(text: &str) -> Platform {
    let mut platform = scratch_platform(text.into(), Vec::new());
    platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(10));
    platform
}

#[test]
fn a_document_needs_its_last_transition_and_sessions_die_of_unhandled_errors() {
    let open = "<ccxml version='1.0' xmlns='http://www.w3.org/2002/09/ccxml'><eventprocessor>";
    let end = "</eventprocessor></ccxml>";
    let platform = first_document(&format!(
        "{open}<transition event='ccxml.loaded'><log expr='missing'/></transition>{end}"
    ));
    assert_violated(&platform, "the last transition is not one for every error.*");
    assert_violated(&platform, "no transition for error.semantic");
    assert_eq!(platform.live_sessions(), 0);
    let platform = first_document(&format!("{open}<transition event='error.*' state='a'/>{end}"));
    assert_violated(&platform, "the last transition is not one for every error.*");
    assert_violated(
        &first_document("<ccxml version='1.0'><eventprocessor/></ccxml>"),
        "is in the namespace \"\"",
    );
    assert_violated(&first_document("<ccxml"), "not well-formed");
    let circle = "<transition event='*'><send target='session.id' name=\"'again'\"/></transition>";
    let platform = first_document(&scratch("", circle));
    assert_violated(&platform, "runs in circles");
}

#[test]
fn a_response_has_to_be_of_the_type_that_was_asked_for() {
    let fetch = "<transition event='ccxml.loaded'><fetch next=\"'b.js'\" fetchid='f'/></transition>\
        <transition event='error.fetch'><log expr=\"'failed ' + event$.reason\"/></transition>";
    let document = scratch("<var name='f' expr=\"''\"/>", fetch);
    let mut platform = scratch_platform(document, vec![("b.js", "var a = 1;".into())]);
    platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(10));
    assert_violated(&platform, "application/ccxml+xml was asked for, \"text/ecmascript\" came");
    assert!(platform.trace_lines().iter().any(|line| line.contains("log: failed")), "{}", platform.report());
}

#[track_caller]
fn dialog(from: &str, to: &str, expected: &str) {
    assert!(ASK_ROOM.contains(from), "{from}");
    let mut platform = platform_with(|document| document.replace(from, to), Variations::default());
    platform.call(Caller::new("+49301").keys("1234#"), secs(0));
    platform.run_until(secs(60));
    assert_violated(&platform, expected);
}

#[test]
fn dialogs_are_held_to_the_table_too() {
    dialog("<reprompt/>", "<repeat/>", "unknown element: <repeat>");
    dialog("<reprompt/>", "<submit next=\"a\"/>", "<submit> is more than this platform can do");
    dialog("<reprompt/>", "<throw/>", "exactly one of event and eventexpr");
    dialog("modal=\"true\"", "modal=\"yes\"", "neither true nor false");
    dialog("value=\"dtmf\"", "value=\"keys\"", "is no value for inputmodes");
    dialog("value=\"3s\"", "value=\"3 sec\"", "is no value for interdigittimeout");
    dialog("root=\"number\"", "root=\"numbers\"", "root numbers is not among its rules");
    dialog("uri=\"#digit\"", "uri=\"#digits\"", "#digits is not a rule");
    dialog("<rule id=\"digit\">", "<rule id=\"ask\">", "the id ask is given twice");
    dialog("namelist=\"result room\"", "namelist=\"result hall\"", "hall is not declared");
    dialog("repeat=\"3-6\"", "repeat=\"6-3\"", "no number of times");
    dialog("src=\"no-room.wav\"", "", "exactly one of src and expr");
    dialog("expr=\"'ok'\"", "expr=\"missing\"", "error.semantic in <assign");
    dialog("<form id=\"ask\">", "<form id=\"ask\" v=\"1\">", "<form> has no attribute v");
    dialog("version=\"2.1\"", "version=\"2.0\"", "the version is not 2.1");
    dialog("<item>9</item>", "<item>nine</item>", "nine is no key");
}
