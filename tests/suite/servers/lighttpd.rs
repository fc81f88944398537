//! lighttpd with mod_cgi, as Debian sets it up.

use std::process::Command;

use super::process::{Group, installed, on_free_port};
use super::scenario::scenarios;
use super::{Endpoint, Running, Server, Setup, configuration};

/// lighttpd takes a form in whole before it hands it on, so that its length is known. As Debian sets it up it
/// mends a stray `%` in a query to `%25`, and refuses control characters, escaped or not.
pub const LIGHTTPD: Server =
    Server { chunked_form: 200, broken_escape: 200, nul_in_query: 400, ..Server::plain(start) };

/// What `/etc/lighttpd/lighttpd.conf` is to the configuration under test.
fn frame(setup: &Setup, port: u16) -> String {
    let dir = setup.path("").display().to_string();
    format!(
        r#"server.modules = ( "mod_access", "mod_alias" )
           server.bind = "127.0.0.1"
           server.port = {port}
           server.document-root = "{dir}htdocs"
           server.upload-dirs = ( "{dir}htdocs" )
           server.errorlog = "{dir}error.log"
           server.http-parseopts = (
               "header-strict" => "enable",
               "host-strict" => "enable",
               "host-normalize" => "enable",
               "url-normalize-unreserved" => "enable",
               "url-normalize-required" => "enable",
               "url-ctrls-reject" => "enable",
               "url-path-2f-decode" => "enable",
               "url-path-dotseg-remove" => "enable",
           )
           include "{dir}ccxml-conference.conf"
           include "{dir}ccxml-conference-desk.conf"
           include "{dir}more.conf"
        "#
    )
}

fn start(setup: &Setup) -> Option<Running<'_>> {
    let lighttpd = installed("lighttpd")?;
    let line = |name: &str, value: &str| format!(r#"setenv.add-environment += ( "{name}" => "{value}" )"#);
    setup.file("ccxml-conference-desk.conf", &configuration::desk("lighttpd", setup, line));
    let config = configuration::settings(
        &configuration::file("lighttpd.conf"),
        setup,
        line,
        ("CONFERENCE_LANG", "de-DE"),
    );
    let log = setup.path("breakage.log");
    let quoted = |path: &std::path::Path| format!("\"{}\"", path.display());
    let config = configuration::replace(&config, super::PROGRAM, &setup.binary().display().to_string());
    let config = configuration::replace(&config, "\"/var/log/lighttpd/ccxml-conference.log\"", &quoted(&log));
    let config = match setup.strangers {
        // A condition that always holds, for the one that this machine does not meet.
        true => configuration::replace(&config, "!= \"127.0.0.1\"", "== \"127.0.0.1\""),
        false => config,
    };
    setup.file("ccxml-conference.conf", &config);
    setup.file("more.conf", &setup.more);
    setup.folder("htdocs");
    let output = setup.path("lighttpd.out");
    let (server, address) = on_free_port(&output, |port| {
        let frame = setup.file("lighttpd.conf", &frame(setup, port));
        Group::start(setup.confine(Command::new(&lighttpd).arg("-D").arg("-f").arg(frame)), &output)
    });
    Some(Running { setup, endpoint: Endpoint::Http(address), log, _groups: vec![server] })
}

scenarios!(LIGHTTPD, serves_only_the_platform, shows_the_desk);
