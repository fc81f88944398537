//! The program as an operator starts it in a shell, and what it says there.

use crate::program::{BINARY, Line};
use crate::servers::skip;
use serde_json::Value;
use std::process::Command;

/// What the program printed, what it wrote to standard error, and its exit status.
#[derive(Debug, PartialEq)]
pub struct Said {
    pub out: String,
    pub err: String,
    pub code: Option<i32>,
}

impl Said {
    /// Runs a command to its end.
    pub fn by(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
    }
}

/// `unshare`, which runs a program in namespaces of its own, with the options for these; none, and a line that says so,
/// where it isn't there or this user may not have them.
pub fn unshare(options: &str) -> Option<Command> {
    let tried = Command::new("unshare").args([options, "true"]).output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        skip(&format!("unshare, or the right to `unshare {options}`,"));
        return None;
    }
    let mut command = Command::new("unshare");
    command.arg(options);
    Some(command)
}

impl Line {
    /// The program with these arguments, and the settings of this line in its environment.
    pub fn shell(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.env_clear().current_dir(self.folder()).env("CONFERENCE_DIR", self.tokens());
        command.envs(self.settings()).args(arguments);
        command
    }

    pub fn says(&self, arguments: &[&str]) -> Said {
        Said::by(&mut self.shell(arguments))
    }

    /// Runs what must succeed; what it prints.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> String {
        let said = self.says(arguments);
        assert_eq!((said.err.as_str(), said.code), ("", Some(0)), "{arguments:?}: {}", said.out);
        said.out
    }

    /// Runs what must succeed with `--json`; what it prints.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let out = self.run(&[arguments, &["--json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }
}
