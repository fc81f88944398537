//! The yardsticks, made ready to run: both are written for this project, in `benches/yardsticks/`.

use crate::process::find;
use anyhow::{Context, bail};
use std::fmt::Write;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FIXED: &str = include_str!("../yardsticks/fixed.c");
const CONFERENCE: &str = include_str!("../yardsticks/conference.pl");

/// The C program that only prints `response`, statically linked, as `dir/fixed`. None, with a line that says
/// so, where it can't be compiled.
pub fn fixed(dir: &Path, response: &[u8]) -> anyhow::Result<Option<PathBuf>> {
    let Some(cc) = installed("cc", "the C program") else { return Ok(None) };
    fs::write(dir.join("fixed.c"), FIXED)?;
    fs::write(dir.join("response.h"), c_string("response", response)?)?;
    let binary = dir.join("fixed");
    let compiled = Command::new(cc)
        .args(["-O2", "-static", "-o"])
        .arg(&binary)
        .arg(dir.join("fixed.c"))
        .stderr(Stdio::null())
        .status()?;
    if !compiled.success() {
        println!("left out: the C program, as cc -static compiles nothing here");
        return Ok(None);
    }
    Ok(Some(binary))
}

/// The Perl script of 2002, as `dir/conference.pl`. None, with a line that says so, where it can't run.
pub fn conference(dir: &Path) -> anyhow::Result<Option<PathBuf>> {
    let Some(perl) = installed("perl", "the Perl script") else { return Ok(None) };
    let probe = Command::new(&perl).args(["-MCGI", "-e", "1"]).stderr(Stdio::null()).status()?;
    if !probe.success() {
        println!("left out: the Perl script, as CGI.pm is not installed");
        return Ok(None);
    }
    // Web servers start a script by its first line, and often with no PATH to look for perl in.
    let Some((_, rest)) = CONFERENCE.split_once('\n') else { bail!("conference.pl has no first line") };
    let script = dir.join("conference.pl");
    fs::write(&script, format!("#!{}\n{rest}", perl.display()))?;
    fs::set_permissions(&script, Permissions::from_mode(0o755)).context("making the script executable")?;
    Ok(Some(script))
}

/// Where a program is; none, with a line about what is left out for it, when it is not installed.
pub fn installed(name: &str, left_out: &str) -> Option<PathBuf> {
    let found = find(name);
    if found.is_none() {
        println!("left out: {left_out}, as {name} is not installed");
    }
    found
}

/// A constant of C with these bytes, a line of text in a line of code.
fn c_string(name: &str, bytes: &[u8]) -> anyhow::Result<String> {
    let mut code = format!("static const char {name}[] =\n");
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        code.push('"');
        for &byte in line {
            match byte {
                b'"' | b'\\' => write!(code, "\\{}", char::from(byte))?,
                b' '..=b'~' => code.push(char::from(byte)),
                _ => write!(code, "\\{byte:03o}")?,
            }
        }
        code.push_str("\"\n");
    }
    code.push_str(";\n");
    Ok(code)
}
