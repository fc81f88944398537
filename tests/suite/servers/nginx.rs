//! nginx in front of fcgiwrap, as Debian sets them up.

use std::os::unix::net::UnixStream;
use std::process::Command;

use super::process::{Group, eventually, installed, on_free_port};
use super::scenario::scenarios;
use super::{Endpoint, Running, Server, Setup, configuration};

/// nginx takes a form in whole before it hands it on, so that its length is known.
pub const NGINX: Server = Server { chunked_form: 200, ..Server::plain(start) };

/// What `/etc/nginx/nginx.conf` and a site are to the configuration under test.
fn frame(setup: &Setup, port: u16) -> String {
    let dir = setup.path("").display().to_string();
    let temporary = ["client_body", "fastcgi", "proxy", "scgi", "uwsgi"];
    let temporary = temporary.map(|name| format!("    {name}_temp_path {dir}{name};\n")).concat();
    format!(
        "pid {dir}nginx.pid;\n\
         error_log {dir}error.log;\n\
         worker_processes 1;\n\
         events {{ worker_connections 256; }}\n\
         http {{\n    access_log off;\n{temporary}\
         server {{\n    listen 127.0.0.1:{port};\n    server_name localhost;\n    root {dir}htdocs;\n\
         include {dir}ccxml-conference.conf;\n\
         include {dir}ccxml-conference-desk.conf;\n\
         include {dir}more.conf;\n}}\n}}\n"
    )
}

/// fcgiwrap with the options that `deploy/fcgiwrap` gives it.
fn fcgiwrap(setup: &Setup) -> Option<Group> {
    let program = installed("fcgiwrap")?;
    let config = configuration::file("fcgiwrap");
    let options =
        config.lines().find_map(|line| line.strip_prefix("DAEMON_OPTS=")).expect("it sets DAEMON_OPTS");
    let socket = setup.path("fcgiwrap.socket");
    let output = setup.path("fcgiwrap.out");
    let address = format!("unix:{}", socket.display());
    let group = Group::start(setup.confine(Command::new(program).args([options, "-s", &address])), &output);
    eventually(|| "fcgiwrap does not start".into(), || UnixStream::connect(&socket).ok());
    Some(group)
}

fn start(setup: &Setup) -> Option<Running<'_>> {
    let nginx = installed("nginx")?;
    let fcgiwrap = fcgiwrap(setup)?;
    let line = |name: &str, value: &str| format!("fastcgi_param {name} {value};");
    let socket = setup.path("fcgiwrap.socket").display().to_string();
    let desk =
        configuration::replace(&configuration::desk("nginx", setup, line), "/run/fcgiwrap.socket", &socket);
    setup.file("ccxml-conference-desk.conf", &desk);
    let config = configuration::settings(
        &configuration::file("nginx.conf"),
        setup,
        line,
        ("CONFERENCE_LANG", "de-DE"),
    );
    let config = configuration::replace(&config, super::PROGRAM, &setup.binary().display().to_string());
    let config = configuration::replace(&config, "/run/fcgiwrap.socket", &socket);
    let config = match setup.strangers {
        true => configuration::replace(&config, "    allow 127.0.0.1;\n", ""),
        false => config,
    };
    setup.file("ccxml-conference.conf", &config);
    setup.file("more.conf", &setup.more);
    setup.folder("htdocs");
    let log = setup.path("error.log");
    let output = setup.path("nginx.out");
    let (server, address) = on_free_port(&output, |port| {
        let frame = setup.file("nginx.conf", &frame(setup, port));
        let mut command = Command::new(&nginx);
        // Before it has read where its log goes nginx would write to the system's.
        command.arg("-e").arg(&log).arg("-c").arg(frame).args(["-g", "daemon off;"]);
        Group::start(setup.confine(&mut command), &output)
    });
    Some(Running { setup, endpoint: Endpoint::Http(address), log, _groups: vec![server, fcgiwrap] })
}

scenarios!(NGINX, serves_only_the_platform, shows_the_desk);
