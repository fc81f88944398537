//! Apache with the threaded MPM and mod_cgid, as Debian sets it up.

use std::path::Path;
use std::process::Command;

use super::process::{Group, installed, on_free_port, skip};
use super::scenario::scenarios;
use super::{Endpoint, Running, Server, Setup, configuration};
use crate::http::Request;

pub const APACHE: Server = Server::plain(start);

/// Where Debian has the modules.
pub const MODULES: &str = "/usr/lib/apache2/modules";

/// What `/etc/apache2/apache2.conf` is to the configuration under test.
fn frame(setup: &Setup, port: u16) -> String {
    let dir = setup.path("").display().to_string();
    let modules = ["mpm_event", "authz_core", "authz_host", "alias", "env", "cgid"];
    let modules = modules.into_iter().chain(["authn_core", "authn_file", "auth_basic", "authz_user"]);
    let modules =
        modules.map(|name| format!("LoadModule {name}_module {MODULES}/mod_{name}.so\n")).collect::<String>();
    format!(
        "{modules}\
         ServerRoot {dir}\n\
         ServerName localhost\n\
         Listen 127.0.0.1:{port}\n\
         DefaultRuntimeDir {dir}\n\
         PidFile {dir}apache.pid\n\
         ScriptSock {dir}cgisock\n\
         ErrorLog {dir}error.log\n\
         DocumentRoot {dir}htdocs\n\
         <Directory />\n    AllowOverride None\n    Require all denied\n</Directory>\n\
         Include {dir}ccxml-conference.conf\n\
         IncludeOptional {dir}ccxml-conference-desk.conf\n\
         IncludeOptional {dir}more.conf\n"
    )
}

fn start(setup: &Setup) -> Option<Running<'_>> {
    let apache = installed("apache2")?;
    if !Path::new(MODULES).join("mod_cgid.so").is_file() {
        skip("Apache's mod_cgid");
        return None;
    }
    let config = configuration::file("apache.conf");
    let line = |name: &str, value: &str| format!("SetEnv {name} {value}");
    setup.file("ccxml-conference-desk.conf", &configuration::desk("apache", setup, line));
    let config = configuration::settings(&config, setup, line, ("CONFERENCE_LANG", "de-DE"));
    let config = configuration::replace(&config, super::PROGRAM, &setup.binary().display().to_string());
    let config = match setup.strangers {
        true => configuration::replace(&config, "Require ip 127.0.0.1 ::1 ", "Require ip "),
        false => config,
    };
    setup.file("ccxml-conference.conf", &config);
    setup.file("more.conf", &setup.more);
    setup.folder("htdocs");
    let output = setup.path("apache.out");
    let (server, address) = on_free_port(&output, |port| {
        let frame = setup.file("apache2.conf", &frame(setup, port));
        Group::start(setup.confine(Command::new(&apache).arg("-DFOREGROUND").arg("-f").arg(frame)), &output)
    });
    Some(Running {
        setup,
        endpoint: Endpoint::Http(address),
        log: setup.path("error.log"),
        _groups: vec![server],
    })
}

#[test]
fn apache_serves_two_lines_that_have_nothing_to_do_with_each_other() {
    let setup = Setup::new();
    let Some(apache) = installed("apache2") else { return };
    let config = crate::readme::fenced("config: lines");
    let config = config.replace("/usr/bin/ccxml-conference", &setup.binary().display().to_string());
    let config = config.replace("/etc/ccxml-conference/", &setup.path("").display().to_string());
    setup.file("ccxml-conference.conf", &config);
    setup.folder("htdocs");
    for line in ["sales", "support"] {
        setup.folder(line);
        let dir = format!("dir = \"{line}\"\nlog = \"calls.log\"");
        let text = crate::readme::fenced("config: line").replace("sales", line);
        let own = |row: &&str| !row.starts_with("dir") && !row.starts_with("log");
        let text: Vec<&str> = text.lines().filter(own).chain([dir.as_str()]).collect();
        setup.file(&format!("{line}.toml"), &text.join("\n"));
    }
    let output = setup.path("apache.out");
    let (_server, address) = on_free_port(&output, |port| {
        let frame = setup.file("apache2.conf", &frame(&setup, port));
        Group::start(setup.confine(Command::new(&apache).arg("-DFOREGROUND").arg("-f").arg(frame)), &output)
    });
    for line in ["sales", "support"] {
        let enter = Request::get("?conference_code=1234&session_id=s1");
        let response = enter.send(address, &format!("/lines/{line}")).unwrap();
        let text = response.text();
        assert!(text.contains("first_caller") && text.contains(&format!("conference_{line}_1234")), "{text}");
        assert!(setup.path(line).join("1234").exists());
    }
}

scenarios!(APACHE, serves_only_the_platform, shows_the_desk);
