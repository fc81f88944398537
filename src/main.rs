//! Chooses the way in (contract section 1): CGI whenever a web server started the program, else the command line.

use ccxml_conference::settings::environment::Environment;
use ccxml_conference::{cgi, cli};
use dlmalloc::GlobalDlmalloc;
use nix::sys::signal::{SigSet, Signal};
use std::mem::ManuallyDrop;
use std::process::ExitCode;

/// A request takes little memory, once. musl's own allocator asks the system for it in many small pieces, which is a sixth of
/// a join.
#[global_allocator]
static ALLOCATOR: GlobalDlmalloc = GlobalDlmalloc;

fn main() -> ExitCode {
    // At a limit on file sizes a write fails, which has an answer; without this the signal would end the process.
    let _ = SigSet::from_iter([Signal::SIGXFSZ]).thread_block();
    // The process ends with it: there is no use in freeing it piece by piece.
    let environment = ManuallyDrop::new(Environment::of_this_process());
    let status = match environment.get("GATEWAY_INTERFACE") {
        Some(_) => cgi::run(&environment),
        None => cli::run(&environment),
    };
    status.into()
}
