//! Lines behind a web server.

use super::server::Server;
use super::{assert_in_order, play, rehearse};
use ccxml_platform::HttpResponse;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

#[test]
fn a_line_at_an_address_is_rehearsed_like_the_built_in_one() {
    let server = Server::with_program(|_| None);
    let transcript = play(&[&server.url(), "--header", "X-Platform: rehearsal"]);
    let without_ends = |text: &str| {
        let lines: Vec<String> =
            text.lines().map(|line| line.replace("/ccxml-conference", "/line")).collect();
        lines[1..lines.len() - 3].to_vec()
    };
    let built_in = play(&[]);
    assert_eq!(without_ends(&transcript)[..20], without_ends(&built_in)[..20]);
    assert!(transcript.contains("Time was virtual"), "{transcript}");
    let arrived = server.arrived();
    assert!(arrived.len() > 8, "{arrived:?}");
    for request in &arrived {
        assert!(request.head.to_ascii_lowercase().contains("x-platform: rehearsal\r\n"), "{}", request.head);
        assert!(request.head.contains("ccxml-conference-rehearse/"), "{}", request.head);
    }
    let leaves = arrived.iter().filter(|arrived| arrived.request.field("event").as_deref() == Some("leave"));
    assert_eq!(leaves.count(), 2);
}

#[test]
fn a_line_that_is_not_there_is_told_of() {
    let rehearsal = rehearse(&["http://127.0.0.1:9/line"]);
    assert_eq!(rehearsal.status, 1);
    assert_in_order(
        &rehearsal.stdout,
        &["Line   does not answer Anna", "Anna was never answered", "Ben was never answered"],
    );
    let rehearsal = rehearse(&["ftp://127.0.0.1/line"]);
    assert_eq!(rehearsal.status, 2);
    assert!(rehearsal.stderr.contains("is no http address"), "{}", rehearsal.stderr);
}

#[test]
fn redirects_are_not_followed() {
    let server = Server::new(|_| {
        let mut response = HttpResponse::new(302, "text/plain", "");
        response.headers.push(("Location".into(), "/elsewhere".into()));
        response.headers.push(("Content-Length".into(), "0".into()));
        response
    });
    let rehearsal = rehearse(&[&server.url()]);
    assert_eq!(rehearsal.status, 1);
    assert!(rehearsal.stdout.contains("need not follow a redirect"), "{}", rehearsal.stdout);
    assert!(server.arrived().iter().all(|arrived| arrived.request.path() == "/line"));
}

#[test]
fn a_line_that_hangs_is_waited_for_no_longer_than_told() {
    // A port that takes connections and never answers.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/line", listener.local_addr().unwrap());
    let rehearsal = rehearse(&[&url, "--caller", "1234#", "--timeout", "1s"]);
    assert_eq!(rehearsal.status, 1);
    assert!(rehearsal.stdout.contains("timeout"), "{}", rehearsal.stdout);
}

#[test]
fn a_place_that_is_not_given_back_is_found() {
    let server = Server::with_program(|request| {
        let leaves = request.field("event").as_deref() == Some("leave");
        leaves.then(|| HttpResponse::new(503, "text/plain", "later"))
    });
    let rehearsal = rehearse(&[&server.url(), "--caller", "1234#", "--until", "30s"]);
    assert_eq!(rehearsal.status, 1);
    assert!(rehearsal.stdout.contains("Anna still holds a place in 1234"), "{}", rehearsal.stdout);
}

#[test]
fn the_settings_file_of_the_machine_is_read_only_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("line");
    let told = folder.path().join("told");
    let script =
        format!("#!/bin/sh\necho \"file ${{CONFERENCE_CONFIG-of the machine}}.\" > {}\n", told.display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    for (setting, file) in [(None, "file .\n"), (Some("CONFERENCE_CONFIG=/a"), "file /a.\n")] {
        let mut arguments = vec!["--program", program.to_str().unwrap()];
        arguments.extend(setting.into_iter().flat_map(|setting| ["--setting", setting]));
        rehearse(&arguments);
        assert_eq!(std::fs::read_to_string(&told).unwrap(), file);
    }
}

#[test]
fn in_real_time_the_line_has_its_time() {
    let server = Server::with_program(|_| None);
    let started = Instant::now();
    let transcript = play(&[&server.url(), "--real-time", "--caller", "x,hangup=2s"]);
    assert!(started.elapsed() >= Duration::from_secs(2));
    assert!(transcript.contains("in real time") && !transcript.contains("virtual"), "{transcript}");
}
