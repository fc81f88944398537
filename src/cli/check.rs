//! What would fail, found out before a caller does. Changes nothing.

use super::identity;
use super::verbs::{Outcome, Unsuccessful};
use crate::clock::Moment;
use crate::console::printable;
use crate::line::Line;
use std::io::Write;

/// 2020-01-01T00:00:00Z: a clock before that was never set.
const PLAUSIBLE: u64 = 1_577_836_800_000;

/// Prints what is well and what is not, and fails when something is not.
pub fn check(line: &Line, mut to: impl Write) -> Outcome {
    let mut findings = Findings { to: &mut to, problems: 0 };
    findings.report("user", &[], &identity::shown(line.settings()))?;
    findings.report("settings", &line.settings().contradictions(), "they go together")?;
    findings.report("tokens", &line.store().problems(), &line.store().well())?;
    findings.report("clock", &clock(), "it is set")?;
    match line.rooms().problems(&line.settings().documents.digits) {
        Some(problems) => findings.report("rooms", &problems, "every room can be used")?,
        None => findings.report("rooms", &[], "none, so every number makes a conference")?,
    }
    match line.log().check() {
        Ok(None) => findings.report("log", &[], "none is kept")?,
        Ok(Some(path)) => findings.report("log", &[], &format!("{path} can be written"))?,
        Err(problem) => findings.report("log", &[problem], "")?,
    }
    match findings.problems {
        0 => Ok(()),
        1 => Err(Unsuccessful::Failed(anyhow::anyhow!("1 problem was found"))),
        several => Err(Unsuccessful::Failed(anyhow::anyhow!("{several} problems were found"))),
    }
}

fn clock() -> Vec<String> {
    let now = Moment::now();
    let mut problems = Vec::new();
    if now.wall < PLAUSIBLE {
        problems.push("the machine's clock was never set; set it".to_owned());
    }
    if cfg!(target_os = "linux") && now.uptime.is_none() {
        problems.push(
            "/proc/sys/kernel/random/boot_id cannot be read, so a clock that jumps ends or prolongs leases; mount \
             /proc"
                .to_owned(),
        );
    }
    problems
}

struct Findings<W> {
    to: W,
    problems: usize,
}

impl<W: Write> Findings<W> {
    fn report(&mut self, what: &str, problems: &[String], well: &str) -> std::io::Result<()> {
        self.problems += problems.len();
        if problems.is_empty() {
            writeln!(self.to, "ok       {what}: {}", printable(well))?;
        }
        for problem in problems {
            writeln!(self.to, "problem  {what}: {}", printable(problem))?;
        }
        Ok(())
    }
}
