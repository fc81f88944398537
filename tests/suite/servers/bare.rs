//! The program by itself, started with the environment that RFC 3875 describes, in the ways of Apache.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::scenario::scenarios;
use super::{Endpoint, Running, SCRIPT, Server, Setup};
use crate::http::{Body, Request, Response};

pub const BARE: Server = Server::plain(start);

fn start(setup: &Setup) -> Option<Running<'_>> {
    Some(Running { setup, endpoint: Endpoint::Program, log: setup.path("bare.log"), _groups: Vec::new() })
}

/// Starts the program for one request. What it says on standard error is added to the file `log`.
pub fn run(setup: &Setup, request: &Request, log: &Path) -> io::Result<Response> {
    let (path_info, query) = match request.tail.split_once('?') {
        Some((path_info, query)) => (path_info, query),
        None => (request.tail.as_str(), ""),
    };
    let mut command = Command::new(setup.binary());
    setup.confine(&mut command).envs(setup.settings());
    command.envs([
        ("GATEWAY_INTERFACE", "CGI/1.1"),
        ("SERVER_PROTOCOL", "HTTP/1.1"),
        ("SERVER_SOFTWARE", "none"),
        ("SERVER_NAME", "localhost"),
        ("SERVER_PORT", "80"),
        ("REMOTE_ADDR", "127.0.0.1"),
        ("REQUEST_METHOD", &request.method),
        ("SCRIPT_NAME", SCRIPT),
        ("QUERY_STRING", query),
    ]);
    if !path_info.is_empty() {
        command.env("PATH_INFO", path_info);
    }
    if let Some(content_type) = &request.content_type {
        command.env("CONTENT_TYPE", content_type);
    }
    let body = match &request.body {
        Body::None => &[][..],
        Body::Sized(body) => {
            command.env("CONTENT_LENGTH", body.len().to_string());
            body
        }
        Body::Chunked(body) => body,
    };
    if !query.is_empty() && !query.contains('=') {
        command.args(query.split('+'));
    }
    let stderr = File::options().create(true).append(true).open(log)?;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr).spawn()?;
    // A body fits into the pipe; a program that answers without reading it may have closed its end.
    match child.stdin.take().expect("the pipe is there").write_all(body) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        _ => {}
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("the program ended with {}", output.status)));
    }
    let text = || format!("no CGI response: {:?}", String::from_utf8_lossy(&output.stdout));
    Response::from_cgi(&output.stdout).ok_or_else(|| io::Error::other(text()))
}

scenarios!(BARE);
