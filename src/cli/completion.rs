//! Completion in shells: the script that a shell reads once, and the candidates that it asks this program for at each key.

use super::arguments::Arguments;
use super::candidates::words;
use clap::CommandFactory;
use clap_complete::Shell;
use clap_complete::env::{EnvCompleter, Shells};
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::Path;

/// With this variable a shell asks for candidates.
pub const VARIABLE: &str = "CCXML_CONFERENCE_COMPLETE";

const NAME: &str = "ccxml-conference";

/// Writes the script of a shell, which asks the program that was started as `program`.
pub fn write_script(shell: Shell, program: &Path, to: &mut dyn Write) -> io::Result<()> {
    // A name is looked for in PATH; anything else has to be found from wherever the shell is then.
    let program =
        if program.components().count() > 1 { std::path::absolute(program)? } else { program.into() };
    completer(&shell.to_string())?.write_registration(VARIABLE, NAME, NAME, &program.to_string_lossy(), to)
}

/// Writes the candidates for the word that a shell completes. The words of its command line stand behind `--`.
pub fn write_candidates(shell: &OsStr, arguments: Vec<OsString>, to: &mut dyn Write) -> io::Result<()> {
    let mut command = Arguments::command();
    command.build();
    completer(&shell.to_string_lossy())?.write_complete(&mut command, words(arguments), None, to)
}

fn completer(shell: &str) -> io::Result<&'static dyn EnvCompleter> {
    let known = Shells::builtins().0.iter().copied().find(|known| known.is(shell));
    known.ok_or_else(|| io::Error::other(format!("there is no completion for {shell}")))
}
