//! The same call again and again.

use super::server::Server;
use super::{play, rehearse};
use ccxml_platform::HttpResponse;

#[test]
fn a_call_is_played_under_readings_of_the_standard_that_meet_pairwise() {
    let table = play(&["--variations", "--caller", "1234#,hangup=20s"]);
    assert!(table.lines().filter(|line| line.starts_with(" yes")).count() > 15, "{table}");
    assert!(table.contains("the usual one") && table.contains("ids full of quotes"), "{table}");
}

/// A line that says something and hangs up, and has forgotten what can go wrong on the way.
fn careless() -> Server {
    Server::new(|request| match request.path() {
        "/line" => HttpResponse::new(
            200,
            "application/ccxml+xml",
            r#"
            <ccxml version="1.0" xmlns="http://www.w3.org/2002/09/ccxml"><eventprocessor>
              <transition event="connection.alerting"><accept/></transition>
              <transition event="connection.connected"><dialogstart src="'words'"/></transition>
              <transition event="dialog.exit">
                <if cond="event$.values.done == 'yes'"><disconnect/></if>
              </transition>
              <transition event="connection.disconnected"><exit/></transition>
              <transition event="connection.failed"><exit/></transition>
              <transition event="error.*"><exit/></transition>
            </eventprocessor></ccxml>"#,
        ),
        _ => HttpResponse::new(
            200,
            "application/voicexml+xml",
            r#"
            <vxml version="2.1" xmlns="http://www.w3.org/2001/vxml"><var name="done" expr="'yes'"/>
              <form><block>Nobody is here.<exit namelist="done"/></block></form></vxml>"#,
        ),
    })
}

#[test]
fn every_single_failure_is_tried_and_what_goes_wrong_is_told() {
    let server = careless();
    let rehearsal = rehearse(&[&server.url(), "--faults", "--caller", "1,hangup=1m"]);
    assert_eq!(rehearsal.status, 1, "{}", rehearsal.stdout);
    let row = |sort: &str| {
        let row = rehearsal.stdout.lines().find(|line| line.ends_with(sort));
        let row: Vec<usize> = row
            .unwrap_or_else(|| panic!("no {sort}: {}", rehearsal.stdout))
            .split_whitespace()
            .take(2)
            .map(|n| n.parse().unwrap())
            .collect();
        (row[0], row[1])
    };
    let events = row("the caller hangs up").0;
    assert!(events > 4, "{}", rehearsal.stdout);
    assert_eq!(row("the caller hangs up").1, 0);
    assert_eq!(row("a dialog does not start"), (1, 1));
    assert_eq!(row("a dialog ends without a word"), (1, 1));
    assert!(
        rehearsal.stdout.contains("dialogstart 1: Anna was cut off in the middle of the call"),
        "{}",
        rehearsal.stdout
    );
    assert!(row("an event is never told").1 > 0);
}

#[test]
fn a_call_that_goes_wrong_by_itself_is_not_tried_with_failures() {
    let rehearsal = rehearse(&["http://127.0.0.1:9/line", "--faults"]);
    assert_eq!(rehearsal.status, 2);
    assert!(rehearsal.stderr.contains("goes wrong without any failure"), "{}", rehearsal.stderr);
}
