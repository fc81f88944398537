//! The program under test: the static release binary, which is the one that is meant to be installed.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const NAME: &str = "ccxml-conference";

/// The release binary of the first way to build it that succeeds: static for musl, static for glibc, or not static.
pub fn release() -> anyhow::Result<PathBuf> {
    let target_dir = target_dir()?;
    let linux = |libc: &str| format!("{}-unknown-linux-{libc}", std::env::consts::ARCH);
    let (musl, glibc) = (linux("musl"), linux("gnu"));
    let for_musl = built(&target_dir, &["build", "--release", "--target", &musl], &musl);
    for_musl
        .or_else(|error| {
            println!("{error:#}: another build is measured, which starts more slowly.");
            built(&target_dir, &["static"], &glibc)
        })
        .or_else(|_| built(&target_dir, &["build", "--release"], ""))
}

/// The directory that Cargo builds into, which is where this benchmark was built.
fn target_dir() -> anyhow::Result<PathBuf> {
    let this = std::env::current_exe().context("where this benchmark is")?;
    // <target>/release/deps/requests-1234, or <target>/<triple>/release/deps/... with a target named.
    let dir = this.ancestors().nth(3).context("this benchmark was not started by Cargo")?;
    let named =
        dir.file_name().is_some_and(|name| name.to_string_lossy().starts_with(std::env::consts::ARCH));
    let dir = if named { dir.parent().unwrap_or(dir) } else { dir };
    Ok(dir.to_owned())
}

/// Has Cargo build the binary, which costs a moment when it is there and up to date; where it is. `within` is what Cargo puts
/// between the folder that it builds into and `release`.
fn built(target_dir: &Path, build: &[&str], within: &str) -> anyhow::Result<PathBuf> {
    println!("cargo {} (in {})", build.join(" "), target_dir.display());
    let status = Command::new(cargo())
        .args(build)
        .args(["--quiet", "--bin", NAME, "--target-dir"])
        .arg(target_dir)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .context("cargo can't be started")?;
    let binary = target_dir.join(within).join("release").join(NAME);
    if !status.success() || !binary.is_file() {
        bail!("cargo {} did not build {}", build.join(" "), binary.display());
    }
    Ok(binary)
}

// The rule is about the program, whose behaviour the environment must reach by one way only; Cargo's own
// variables are how a benchmark is told which Cargo started it.
#[allow(clippy::disallowed_methods)]
fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}
