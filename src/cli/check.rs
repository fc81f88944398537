//! What would fail, found out before a caller does. Leaves nothing behind.

use super::arguments;
use super::owner;
use super::verbs::{Outcome, Unsuccessful};
use crate::clock::Moment;
use crate::console::printable;
use crate::line::Line;
use crate::overview::{self, Seen};
use crate::settings::{self, Sources};
use serde::Serialize;
use std::io::Write;

/// 2020-01-01T00:00:00Z: a clock before that was never set.
const PLAUSIBLE: u64 = 1_577_836_800_000;

/// What a secret that is kept in Redis means.
const WITH_REDIS: &str = "a Redis that loses everything loses the secret as well, and then nobody gets their place in a room \
                          back; set CONFERENCE_SECRET";

/// What was looked at, and what was found.
#[derive(Serialize)]
struct Finding {
    state: State,
    about: &'static str,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// It is well.
    Ok,
    /// It would fail.
    Problem,
    /// It works, but hardly as it was meant.
    Warning,
    /// The value of a setting.
    Setting,
}

/// Prints what is well and what is not, and fails when something is not.
pub fn check(line: &Line, sources: &Sources<'_>, how: &arguments::Check, mut to: impl Write) -> Outcome {
    let mut findings = Findings(Vec::new());
    if how.verbose {
        for (setting, value, origin) in
            settings::shown(sources).map_err(|bad| Unsuccessful::Failed(bad.into()))?
        {
            findings.add(State::Setting, setting.variable, format!("{value} ({origin})"));
        }
    }
    findings.report("user", Vec::new(), &owner::shown(line.settings()));
    let from = match sources.file() {
        Some(file) => format!("{} was read", file.display()),
        None => "no settings file".to_owned(),
    };
    findings.report("settings", line.settings().contradictions(), &from);
    findings.warn("settings", sources.public_secret().into_iter().collect());
    findings.report("tokens", line.store().problems(), &line.store().well());
    if line.settings().secret.is_some() {
        findings.report("secret", Vec::new(), "it is that of CONFERENCE_SECRET");
    } else {
        let problems = line.store().problem_of_secret().into_iter().collect();
        findings.report("secret", problems, "it is kept with the tokens");
        if line.settings().store.is_some() {
            findings.warn("secret", vec![WITH_REDIS.to_owned()]);
        }
    }
    findings.report("clock", clock(), "it is set");
    let documents = &line.settings().documents;
    match line.rooms().check(&documents.digits, documents.dialect) {
        Some(found) => {
            findings.report("rooms", found.problems, "every room can be used");
            findings.warn("rooms", found.warnings);
            findings.warn("rooms", closed_rooms(line));
        }
        None => findings.report("rooms", Vec::new(), "none, so every number makes a conference"),
    }
    match line.log().check() {
        Ok(None) => findings.report("log", Vec::new(), "none is kept"),
        Ok(Some(path)) => findings.report("log", Vec::new(), &format!("{path} can be written")),
        Err(problem) => findings.report("log", vec![problem], ""),
    }
    findings.print(how.json, &mut to)?;
    match findings.0.iter().filter(|finding| finding.state == State::Problem).count() {
        0 => Ok(()),
        1 => Err(Unsuccessful::Failed(anyhow::anyhow!("1 problem was found"))),
        several => Err(Unsuccessful::Failed(anyhow::anyhow!("{several} problems were found"))),
    }
}

/// The rooms that take no PINs at the moment.
fn closed_rooms(line: &Line) -> Vec<String> {
    // What can't be read is told where the tokens are looked at.
    let numbers = line.store().numbers().into_iter().flatten().flatten();
    let seen = numbers.filter_map(|number| overview::look(line, &number).ok().flatten());
    let closed = |seen: Seen| {
        let row = seen.row();
        let closed = row.closed_to()?;
        Some(format!("{} is {closed}, after too many wrong PINs; `reopen {0}` ends that", row.number))
    };
    seen.filter_map(closed).collect()
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

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, state: State, about: &'static str, text: String) {
        self.0.push(Finding { state, about, text });
    }

    /// The problems with something, or what is well with it if there are none.
    fn report(&mut self, about: &'static str, problems: Vec<String>, well: &str) {
        if problems.is_empty() {
            self.add(State::Ok, about, well.to_owned());
        }
        for problem in problems {
            self.add(State::Problem, about, problem);
        }
    }

    fn warn(&mut self, about: &'static str, warnings: Vec<String>) {
        for warning in warnings {
            self.add(State::Warning, about, warning);
        }
    }

    fn print(&self, json: bool, to: &mut impl Write) -> std::io::Result<()> {
        if json {
            serde_json::to_writer(&mut *to, &self.0)?;
            return writeln!(to);
        }
        for Finding { state, about, text } in &self.0 {
            let state = match state {
                State::Ok => "ok",
                State::Problem => "problem",
                State::Warning => "warning",
                State::Setting => "setting",
            };
            writeln!(to, "{state:<7}  {about}: {}", printable(text))?;
        }
        Ok(())
    }
}
