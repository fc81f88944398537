//! Chooses the way in (contract section 1): CGI whenever a web server started the program, else the command line.

#![cfg_attr(all(target_os = "linux", target_env = "gnu"), no_main)]

use ccxml_conference::settings::environment::Environment;
use ccxml_conference::{cgi, cli};
use nix::sys::signal::{SigSet, Signal};
use std::mem::ManuallyDrop;

/// C's `main` in place of Rust's, whose start-up asks for the bounds of the stack: glibc finds them by reading
/// /proc/self/maps, which costs a tenth of a join. What else that start-up does and is needed is done here. Arguments and
/// environment reach `std::env` all the same, because glibc hands them to its `.init_array` before `main`.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
extern "C" fn main() -> std::ffi::c_int {
    open_standard_descriptors();
    // Unlike a return from here this flushes standard output.
    std::process::exit(i32::from(run()))
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn main() -> std::process::ExitCode {
    run().into()
}

fn run() -> u8 {
    // A reader that goes away and a limit on file sizes are failed writes, which have an answer, and not the end of the
    // process. Should the signals not be held back, they end it as they do elsewhere.
    let _ = SigSet::from_iter([Signal::SIGPIPE, Signal::SIGXFSZ]).thread_block();
    // The process ends with it: there is no use in giving it back piece by piece.
    let environment = ManuallyDrop::new(Environment::of_this_process());
    match environment.get("GATEWAY_INTERFACE") {
        Some(_) => cgi::run(&environment),
        None => cli::run(&environment),
    }
}

/// Opens /dev/null in place of every standard descriptor that is closed: the next file to be opened would take its number,
/// and a response or a message would be written into a token.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn open_standard_descriptors() {
    use nix::fcntl::{FcntlArg, fcntl};
    use std::fs::File;
    use std::io::{stderr, stdin, stdout};
    use std::os::fd::{AsFd, AsRawFd, IntoRawFd};
    let is_open = |descriptor: &dyn AsFd| fcntl(descriptor.as_fd(), FcntlArg::F_GETFD).is_ok();
    if is_open(&stdin()) && is_open(&stdout()) && is_open(&stderr()) {
        return;
    }
    // Where there is no /dev, anything that can be opened will do.
    let null = || File::options().read(true).write(true).open("/dev/null").or_else(|_| File::open("/"));
    while let Ok(file) = null() {
        if file.as_raw_fd() > 2 {
            break;
        }
        let _stays_open = file.into_raw_fd();
    }
}
