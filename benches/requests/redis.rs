//! The directory beside Redis.

use crate::cgi::{Program, Request};
use crate::race::{Contestant, race};
use crate::{Bench, FIRST, JOIN, report, yardsticks};
use anyhow::{Context, ensure};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A join with tokens in the directory and in a Redis on this machine.
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
    let [directory, redis] = &contestants;
    report::row(&directory.name, &directory.times, &[]);
    report::row(&redis.name, &redis.times, &[("that", &directory.times)]);
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
