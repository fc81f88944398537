//! Tests of the platform itself, with the small documents of the reference in place of the program.
//!
//! A test platform that lets everything pass proves nothing: most of these tests break something and want to see it
//! noticed.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod applications;
mod dialogs;
mod explorer;
mod faults;
mod keys;
mod messages;
mod programs;
mod records;
mod rooms;
mod signals;
mod strictness;
mod voicexml;

use ccxml_platform::{CallId, Caller, HttpRequest, HttpResponse, Platform, Variations, secs};

const ROOM: &str = include_str!("documents/room.ccxml");
const ASK_ROOM: &str = include_str!("documents/ask-room.vxml");

/// Serves fixed documents: the first for every address that ends like its name.
fn shelf(documents: Vec<(&'static str, String)>) -> impl FnMut(&HttpRequest) -> HttpResponse + 'static {
    move |request| {
        let found = documents.iter().find(|(name, _)| request.path().ends_with(name));
        let Some((name, body)) = found else { return HttpResponse::new(404, "text/plain", "not here") };
        let media_type = match name.rsplit('.').next() {
            Some("ccxml") => "application/ccxml+xml; charset=utf-8",
            Some("vxml") => "application/voicexml+xml",
            Some("js") => "text/ecmascript",
            _ => "text/plain",
        };
        HttpResponse::new(200, media_type, body)
    }
}

/// A platform that serves the reference's room documents, each changed as wanted.
fn platform_with(change: impl Fn(&str) -> String, variations: Variations) -> Platform {
    let web = shelf(vec![("room.ccxml", change(ROOM)), ("ask-room.vxml", change(ASK_ROOM))]);
    Platform::new(web, variations).at_address("http://line.example/room.ccxml")
}

fn set_up() -> Platform {
    platform_with(str::to_string, Variations::default())
}

/// Two callers of room 1234, at 0 and at 20 seconds, run for two minutes.
fn two_callers(platform: &mut Platform) -> (CallId, CallId) {
    let anna = platform.call(Caller::new("+49301").keys("1234#"), secs(0));
    let ben = platform.call(Caller::new("+49302").keys("1234#"), secs(20));
    platform.run_until(secs(120));
    (anna, ben)
}

/// A platform with one document of its own; `actions` run when the document is loaded.
fn scratch(top: &str, transitions: &str) -> String {
    format!(
        "<ccxml version=\"1.0\" xmlns=\"http://www.w3.org/2002/09/ccxml\">\n{top}\n<eventprocessor>\n{transitions}\n\
         <transition event=\"connection.*\"/>\n<transition event=\"error.*\"><exit/></transition>\n</eventprocessor></ccxml>"
    )
}

fn scratch_platform(document: String, others: Vec<(&'static str, String)>) -> Platform {
    let mut documents = vec![("first.ccxml", document)];
    documents.extend(others);
    Platform::new(shelf(documents), Variations::default()).at_address("http://line.example/first.ccxml")
}

/// What the first transition that runs does to a session; gives the platform after a minute.
fn after_actions(top: &str, actions: &str) -> Platform {
    let document = scratch(top, &format!("<transition event=\"ccxml.loaded\">\n{actions}\n</transition>"));
    let mut platform = scratch_platform(document, Vec::new());
    platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(60));
    platform
}

#[track_caller]
fn assert_violated(platform: &Platform, expected: &str) {
    let found = platform.violations().iter().any(|violation| violation.text.contains(expected));
    assert!(found, "no violation says {expected:?}\n{}", platform.report());
}
