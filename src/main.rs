//! One binary with two faces (contract section 1): CGI whenever a web server started it, else the command line.

use ccxml_conference::environment::Environment;
use ccxml_conference::faces;
use std::process::ExitCode;

fn main() -> ExitCode {
    let environment = Environment::of_this_process();
    match environment.get("GATEWAY_INTERFACE") {
        Some(_) => faces::cgi::run(&environment),
        None => faces::command_line::run(environment),
    }
}
