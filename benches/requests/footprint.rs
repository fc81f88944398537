//! What a request takes of the machine: system calls and memory.

use crate::cgi::{Program, Request};
use anyhow::Context;
use nix::fcntl::{FcntlArg, fcntl};
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};

/// How many system calls a request makes, the one that starts the program included. None where strace is not
/// allowed to look.
pub fn system_calls(
    strace: &Path,
    dir: &Path,
    program: &Program,
    request: &Request,
) -> anyhow::Result<Option<usize>> {
    let trace = dir.join("strace.txt");
    let mut tool = Command::new(strace);
    tool.args(["-f", "-qq", "--signal=none", "-o"]).arg(&trace);
    let status = program.under(tool, request).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if !status.success() {
        println!("left out: system calls, as strace may not look at a program here");
        return Ok(None);
    }
    // A call that another thread interrupts would be shown on two lines; there is one thread.
    Ok(Some(fs::read_to_string(trace)?.lines().count()))
}

/// The most memory that a GET took, in bytes. None where the kernel does not say, or the program ended before it
/// could be asked.
pub fn peak_memory(program: &Program, request: &Request) -> anyhow::Result<Option<u64>> {
    // A process that has ended has no memory to look at any more, and what `wait4` says of one includes its
    // parent's, from before the program was loaded. So the program is kept from ending: its response does not
    // fit into the pipe, and it waits in the middle of it, with everything it ever needs in memory.
    let (mut reader, writer) = io::pipe()?;
    if !shrink(&writer) {
        return Ok(None);
    }
    let mut child = program.command(request).stdout(writer).spawn().context("starting the program")?;
    let mut first = [0];
    reader.read_exact(&mut first).context("the program wrote nothing")?;
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
    io::copy(&mut reader, &mut io::sink())?;
    child.wait()?;
    Ok(status.ok().as_deref().and_then(high_water))
}

/// The most memory that a process has had, by what the kernel says of its status, in bytes.
pub fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

/// Makes a pipe so small that a document does not fit into it.
#[cfg(target_os = "linux")]
fn shrink(pipe: &io::PipeWriter) -> bool {
    fcntl(pipe, FcntlArg::F_SETPIPE_SZ(4096)).is_ok_and(|size| size <= 4096)
}

#[cfg(not(target_os = "linux"))]
fn shrink(_: &io::PipeWriter) -> bool {
    false
}
