//! Completion in the shells themselves, where they are installed: with the cursor behind what is typed, the key pressed.

use crate::program::{BINARY, Line};
use crate::servers::installed;
use nix::pty::{Winsize, openpty};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

/// A shell at a terminal, whose `PATH` leads to the program.
struct Shell {
    process: Child,
    terminal: File,
    shown: String,
}

impl Shell {
    fn start(line: &Line, shell: &str, arguments: &[&str]) -> Option<Self> {
        let program = installed(shell)?;
        let size = Winsize { ws_row: 50, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0 };
        let pair = openpty(Some(&size), None).unwrap();
        let end = |end: &OwnedFd| Stdio::from(end.try_clone().unwrap());
        let mut command = Command::new(program);
        command.args(arguments).env_clear().current_dir(line.folder());
        let bin = std::path::Path::new(BINARY).parent().unwrap();
        let path = std::env::join_paths([bin, "/usr/bin".as_ref(), "/bin".as_ref()]).unwrap();
        command.env("PATH", path).env("TERM", "dumb").env("CONFERENCE_DIR", line.tokens());
        command.env("HOME", line.folder()).env("PS1", "$ ").envs(line.settings());
        command.stdin(end(&pair.slave)).stdout(end(&pair.slave)).stderr(end(&pair.slave));
        let process = command.spawn().unwrap();
        Some(Self { process, terminal: File::from(pair.master), shown: String::new() })
    }

    fn types(&mut self, text: &str) {
        self.terminal.write_all(text.as_bytes()).unwrap();
    }

    /// Waits until the terminal shows something that it has not been waited for before.
    fn shows(&mut self, text: &str) {
        let mut bytes = [0; 4096];
        while !self.shown.contains(text) {
            match self.terminal.read(&mut bytes) {
                Ok(count) if count > 0 => self.shown += &String::from_utf8_lossy(&bytes[..count]),
                ended => panic!("{text:?} was not shown: {ended:?} {:?}", self.shown),
            }
        }
        let end = self.shown.find(text).unwrap() + text.len();
        self.shown.drain(..end);
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A line with two conferences in progress.
fn line() -> Line {
    let line = Line::new();
    line.enter("471100", "anna");
    line.enter("471100", "bert");
    line.is_called_by("471100", "bert", "tel:+4930222");
    line.is_called_by("471100", "anna", "sip:$(x)@host");
    line.enter("981234", "carl");
    line
}

/// What the key makes of what was typed, in a shell that completes by a script of ours.
fn completes(shell: &mut Shell) {
    for (typed, completed) in [
        ("ccxml-conference ki", "ccxml-conference kick "),
        ("ccxml-conference completi", "ccxml-conference completion "),
        ("ccxml-conference list --js", "ccxml-conference list --json "),
        ("ccxml-conference list --dialect 2", "ccxml-conference list --dialect 2002 "),
        ("ccxml-conference list --lang f", "ccxml-conference list --lang fr "),
        ("ccxml-conference show 4", "ccxml-conference show 471100 "),
        ("ccxml-conference kick 471100 b", "ccxml-conference kick 471100 bert "),
        ("ccxml-conference mute 471100 +4", "ccxml-conference mute 471100 +4930222 "),
    ] {
        shell.types(&format!("{typed}\t"));
        shell.shows(completed);
        // The line is thrown away, and the next prompt waited for.
        shell.types("\u{15}echo next-'one'\r");
        shell.shows("next-one");
        shell.shows("$ ");
    }
}

#[test]
fn bash_completes_verbs_flags_values_numbers_and_sessions() {
    let line = line();
    let Some(mut shell) = Shell::start(&line, "bash", &["--norc", "--noprofile", "-i"]) else { return };
    shell.types("source <(ccxml-conference completion bash); echo read-'it'\r");
    shell.shows("read-it");
    shell.shows("$ ");
    completes(&mut shell);
}

#[test]
fn zsh_completes_verbs_flags_values_numbers_and_sessions() {
    let line = line();
    let Some(mut shell) = Shell::start(&line, "zsh", &["-f", "-i"]) else { return };
    shell.types("PS1='$ '; unsetopt zle_bracketed_paste; autoload -U compinit && compinit -u; source <(ccxml-conference completion zsh); echo read-'it'\r");
    shell.shows("read-it");
    shell.shows("$ ");
    completes(&mut shell);
}

#[test]
fn fish_completes_verbs_flags_values_numbers_and_sessions() {
    let line = line();
    let Some(fish) = installed("fish") else { return };
    let bin = std::path::Path::new(BINARY).parent().unwrap();
    let path = std::env::join_paths([bin, "/usr/bin".as_ref(), "/bin".as_ref()]).unwrap();
    let mut command = Command::new(fish);
    let words = [
        ("ki", "kick"),
        ("completi", "completion"),
        ("list --js", "--json"),
        ("list --dialect 2", "2002"),
        ("list --lang f", "fr"),
        ("show 4", "471100"),
        ("kick 471100 b", "bert"),
        ("kick 471100 al", "all"),
        ("mute 471100 +", "+4930222"),
    ];
    let asked = words.map(|(typed, _)| format!("complete -C 'ccxml-conference {typed}'; echo"));
    let everybody = "complete -C 'ccxml-conference mute 471100 '";
    let script = format!("ccxml-conference completion fish | source; {}; {everybody}", asked.join("; "));
    command.args(["--no-config", "-c", &script]).env_clear().current_dir(line.folder());
    command.env("PATH", path).env("HOME", line.folder()).env("CONFERENCE_DIR", line.tokens());
    let output = command.envs(line.settings()).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let candidates: Vec<_> = told.split("\n\n").collect();
    assert!(candidates.len() >= words.len(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let everybody: Vec<_> =
        candidates.last().unwrap().lines().filter_map(|row| row.split('\t').next()).collect();
    for candidate in ["all", "anna", "bert", "+4930222"] {
        assert!(everybody.contains(&candidate), "{candidate}: {everybody:?}");
    }
    assert!(!told.contains("$(x)"), "a caller's address is no command: {told}");
    for ((typed, completed), told) in words.iter().zip(candidates) {
        let first = told.trim().split(['\t', '\n']).next();
        assert_eq!(first, Some(*completed), "{typed}: {told}");
    }
}

#[test]
fn a_shell_without_completion_is_named() {
    let mut asking = Command::new(BINARY);
    asking.env_clear().env("CCXML_CONFERENCE_COMPLETE", "tcsh").args(["--", "ccxml-conference", "l"]);
    let output = asking.output().unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "ccxml-conference: there is no completion for tcsh\n"
    );
    assert_eq!((output.stdout, output.status.code()), (Vec::new(), Some(1)));
}
