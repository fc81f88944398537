//! busybox httpd, started by the script in `deploy`.

use std::process::Command;

use super::process::{Group, installed, on_free_port};
use super::{Endpoint, Running, Server, Setup, configuration, scenario};

/// busybox httpd takes a path that ends in `/` for a folder.
const BUSYBOX: Server = Server { slash_tail: 404, ..Server::plain(start) };

fn start(setup: &Setup) -> Option<Running<'_>> {
    installed("busybox")?;
    let script = configuration::file("busybox.sh");
    let script =
        configuration::replace(&script, "/srv/ccxml-conference", &setup.path("").display().to_string());
    let output = setup.path("busybox.out");
    let (server, address) = on_free_port(&output, |port| {
        let script = configuration::replace(&script, "127.0.0.1:8080", &format!("127.0.0.1:{port}"));
        let script = setup.file("busybox.sh", &script);
        Group::start(setup.confine(&mut Command::new("sh")).envs(setup.settings()).arg(script), &output)
    });
    Some(Running { setup, endpoint: Endpoint::Http(address), log: output, _groups: vec![server] })
}

#[test]
fn busybox_holds_a_conference() {
    scenario::holds_a_conference(&BUSYBOX);
}

#[test]
fn busybox_answers_every_method_as_it_should() {
    scenario::answers_every_method_as_it_should(&BUSYBOX);
}

#[test]
fn busybox_keeps_query_words_from_the_command_line() {
    scenario::keeps_query_words_from_the_command_line(&BUSYBOX);
}

#[test]
fn busybox_refuses_what_is_malformed() {
    scenario::refuses_what_is_malformed(&BUSYBOX);
}

#[test]
fn busybox_hands_over_settings_and_reports_broken_ones() {
    scenario::hands_over_settings_and_reports_broken_ones(&BUSYBOX);
}

#[test]
fn busybox_has_one_first_caller_among_twenty() {
    scenario::has_one_first_caller_among_twenty(&BUSYBOX);
}

#[test]
fn busybox_frees_a_number_after_the_last_leave() {
    scenario::leaving_scenario(&BUSYBOX);
}
