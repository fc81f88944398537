//! The directory beside Redis.

use crate::cgi::{Program, Request};
use crate::race::{Contestant, race};
use crate::statistics::Times;
use crate::{Bench, FIRST, JOIN, OPEN, report, yardsticks};
use anyhow::{Context, ensure};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A join with tokens in the directory and in a Redis on this machine, and how long that Redis works for a renewal.
pub fn part(bench: &Bench) -> anyhow::Result<()> {
    const ROUNDS: usize = 500;
    let Some(server) = yardsticks::installed("redis-server", "Redis") else { return Ok(()) };
    let binary = &bench.program;
    let folder = bench.folder("redis")?;
    let server = Server::start(&server, &folder)?;

    report::heading("A join with Redis beside one with the directory, the median of 500 rounds");
    let tokens = bench.folder("redis-tokens")?;
    let directory = Program::with_directory(binary, &tokens);
    let redis = Program::with(binary, "CONFERENCE_STORE", server.store());
    let mut contestants = [("join, directory", &directory), ("join, Redis", &redis)]
        .map(|(name, program)| Contestant::entering(name, program, |_| "1234".to_owned(), JOIN));
    for program in [&directory, &redis] {
        program.answer(&Request::enter("1234", "first"), FIRST)?;
    }
    race(&mut contestants, ROUNDS)?;
    let [directory, joined] = &contestants;
    report::row(&directory.name, &directory.times, &[]);
    report::row(&joined.name, &joined.times, &[("that", &directory.times)]);
    let before = server.worked();
    for _ in 0..ROUNDS {
        redis.answer(&Request::event("renew", "1234", "first"), OPEN)?;
    }
    match before.zip(server.worked()) {
        Some((before, after)) => {
            let mut each = Times::default();
            each.push_value((after - before) as f64 / 1e3 / ROUNDS as f64);
            report::row("Redis itself, for a renewal", &each, &[]);
        }
        None => println!("left out: how long Redis itself works, as this system does not say"),
    }
    Ok(())
}

/// A Redis that keeps nothing, reached by a socket in a folder. Dropping it ends it.
struct Server {
    process: Child,
    socket: String,
}

impl Server {
    fn start(server: &Path, folder: &Path) -> anyhow::Result<Self> {
        let socket = folder.join("redis.sock").display().to_string();
        let process = Command::new(server)
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket", &socket])
            .current_dir(folder)
            .stdout(Stdio::null())
            .spawn()
            .context("starting redis-server")?;
        let server = Self { process, socket };
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::os::unix::net::UnixStream::connect(&server.socket).is_err() {
            ensure!(Instant::now() < deadline, "redis-server does not answer");
            thread::sleep(Duration::from_millis(5));
        }
        Ok(server)
    }

    /// For how many nanoseconds its one thread that answers has run so far.
    fn worked(&self) -> Option<u64> {
        let text = fs::read_to_string(format!("/proc/{}/schedstat", self.process.id())).ok()?;
        text.split(' ').next()?.parse().ok()
    }

    /// The setting that leads to it.
    fn store(&self) -> String {
        format!("unix://{}", self.socket)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to be kept.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
