//! Rehearsals as their users meet them: the real binary, its output and its exit status.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod lines;
mod pages;
mod pictures;
mod plays;
mod server;
mod tables;
mod texts;
mod verdicts;

use std::process::{Command, Output};

/// The binary under test.
const BINARY: &str = env!("CARGO_BIN_EXE_ccxml-conference-rehearse");

/// What came of a rehearsal.
struct Rehearsal {
    status: i32,
    stdout: String,
    stderr: String,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear().args(arguments);
    command
}

fn finish(output: Output) -> Rehearsal {
    Rehearsal {
        status: output.status.code().expect("an exit status"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn rehearse(arguments: &[&str]) -> Rehearsal {
    finish(command(arguments).output().unwrap())
}

/// Rehearses what has to go well; the transcript.
#[track_caller]
fn play(arguments: &[&str]) -> String {
    let Rehearsal { status, stdout, stderr } = rehearse(arguments);
    assert_eq!((status, stderr.as_str()), (0, ""), "{stdout}");
    stdout
}

/// The places of texts in a transcript, which have to be there in this order.
#[track_caller]
fn assert_in_order(transcript: &str, texts: &[&str]) {
    let mut rest = transcript;
    for text in texts {
        let (_, after) =
            rest.split_once(text).unwrap_or_else(|| panic!("no {text:?} after that: {transcript}"));
        rest = after;
    }
}
