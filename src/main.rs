//! Picks the face (contract section 1): CGI whenever a web server started the program, else the command line.

use ccxml_conference::settings::environment::Environment;
use ccxml_conference::{cgi, cli};
use std::process::ExitCode;

fn main() -> ExitCode {
    let environment = Environment::of_this_process();
    match environment.get("GATEWAY_INTERFACE") {
        Some(_) => cgi::run(&environment),
        None => cli::run(environment),
    }
}
