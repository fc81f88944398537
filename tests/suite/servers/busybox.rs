//! busybox httpd, started by the script in `deploy`.

use std::process::Command;

use super::process::{Group, installed, on_free_port};
use super::scenario::scenarios;
use super::{Endpoint, Running, Server, Setup, configuration};

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

scenarios!(BUSYBOX);
