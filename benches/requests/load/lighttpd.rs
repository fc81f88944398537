//! A lighttpd of our own with mod_cgi.

use super::callers::Call;
use super::http::Request;
use super::process::{Group, on_free_port};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

/// A server for the programs in a folder, under `/cgi-bin/`. Dropping it ends it.
pub struct Server {
    _process: Group,
    address: SocketAddr,
}

impl Server {
    /// Starts lighttpd on a free port of the loopback interface, with the programs in `dir/cgi-bin` and tokens in
    /// `tokens`.
    pub fn start(lighttpd: &Path, dir: &Path, tokens: &Path) -> anyhow::Result<Self> {
        let (config, output) = (dir.join("lighttpd.conf"), dir.join("lighttpd.log"));
        fs::write(&config, configuration(dir, tokens))?;
        let (process, address) = on_free_port(&output, |port| {
            let mut command = Command::new(lighttpd);
            Group::start(command.arg("-D").arg("-f").arg(&config).env("PORT", port.to_string()), &output)
        });
        Ok(Self { _process: process, address })
    }

    /// Gives a caller's request to the program `name`; status and body of the answer.
    pub fn ask(&self, name: &str, call: &Call) -> Result<(u16, String), String> {
        let request = match call {
            Call::Enter(query) => Request::get(&format!("?{query}")),
            Call::Event(form) => Request::form("", form),
        };
        let response = request.send(self.address, &format!("/cgi-bin/{name}"));
        let response = response.map_err(|error| format!("{call:?}: {error}"))?;
        Ok((response.status, response.text().to_owned()))
    }
}

fn configuration(dir: &Path, tokens: &Path) -> String {
    let (dir, tokens) = (dir.display(), tokens.display());
    format!(
        r#"server.modules = ( "mod_cgi", "mod_setenv" )
server.bind = "127.0.0.1"
server.port = env.PORT
server.document-root = "{dir}"
server.upload-dirs = ( "{dir}" )
server.errorlog = "{dir}/error.log"
$HTTP["url"] =~ "^/cgi-bin/" {{
    cgi.assign = ( "" => "" )
    setenv.add-environment = ( "CONFERENCE_DIR" => "{tokens}", "CONFERENCE_LOCK_TIMEOUT" => "30" )
}}
"#
    )
}
