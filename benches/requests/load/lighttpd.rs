//! A lighttpd of our own with mod_cgi, and a small client for it.

use super::callers::Call;
use anyhow::{Context, bail};
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take over anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server for the programs in a folder, under `/cgi-bin/`. Dropping it ends it.
pub struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts lighttpd on a free port of the loopback interface, with the programs in `dir/cgi-bin` and tokens in
    /// `tokens`.
    pub fn start(lighttpd: &Path, dir: &Path, tokens: &Path) -> anyhow::Result<Self> {
        for _ in 0..5 {
            let address = free_address()?;
            let config = dir.join("lighttpd.conf");
            fs::write(&config, configuration(dir, tokens, address.port()))?;
            let process = Command::new(lighttpd)
                .arg("-D")
                .arg("-f")
                .arg(&config)
                .stdin(Stdio::null())
                .stderr(fs::File::create(dir.join("lighttpd.log"))?)
                .spawn()
                .context("starting lighttpd")?;
            let mut server = Self { process, address };
            // Somebody else may have taken the port meanwhile: then lighttpd ends, and the next one is tried.
            let deadline = Instant::now() + PATIENCE;
            while server.process.try_wait()?.is_none() && Instant::now() < deadline {
                if TcpStream::connect_timeout(&address, PATIENCE).is_ok() {
                    return Ok(server);
                }
                thread::sleep(Duration::from_millis(5));
            }
        }
        bail!("lighttpd does not start: {}", fs::read_to_string(dir.join("lighttpd.log")).unwrap_or_default())
    }

    /// Gives a caller's request to the program `name`; status and body of the answer.
    pub fn ask(&self, name: &str, call: &Call) -> Result<(u16, String), String> {
        self.send(name, call).map_err(|error| format!("{call:?}: {error}"))
    }

    fn send(&self, name: &str, call: &Call) -> io::Result<(u16, String)> {
        let mut stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let host = "Host: localhost\r\nConnection: close\r\n";
        let request = match call {
            Call::Enter(query) => format!("GET /cgi-bin/{name}?{query} HTTP/1.1\r\n{host}\r\n"),
            Call::Event(form) => format!(
                "POST /cgi-bin/{name} HTTP/1.1\r\n{host}Content-Type: application/x-www-form-urlencoded\r\n\
                 Content-Length: {}\r\n\r\n{form}",
                form.len()
            ),
        };
        stream.write_all(request.as_bytes())?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        let status = response.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
        match (status, response.split_once("\r\n\r\n")) {
            (Some(status), Some((_, body))) => Ok((status, body.to_owned())),
            _ => Err(io::Error::other(format!("no HTTP response: {response:?}"))),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Every request has been answered, so that no program of it runs any more.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn configuration(dir: &Path, tokens: &Path, port: u16) -> String {
    let (dir, tokens) = (dir.display(), tokens.display());
    format!(
        r#"server.modules = ( "mod_cgi", "mod_setenv" )
server.bind = "127.0.0.1"
server.port = {port}
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

fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}
