//! What there is on the command line.

use crate::number::{ConferenceNumber, SessionId};
use crate::settings;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clap_complete::Shell;
use std::ffi::OsString;

/// What the operator asked for.
#[derive(Clone, Debug)]
pub enum Verb {
    /// One request as if a web server had asked.
    Request,
    /// Every conference in progress.
    List,
    /// One conference.
    Show(ConferenceNumber),
    /// A change of one conference.
    Steer(ConferenceNumber, crate::cli::verbs::Steering),
    /// Removes what has expired.
    Sweep,
    /// Says what would fail.
    Check,
    /// The script that completes this command line in a shell.
    Completion(Shell),
    /// The manual page.
    Manual,
}

const LONG_ABOUT: &str = "\
The dial-in conference line for CCXML voice platforms.

A caller rings and keys in a conference number; the first one creates the conference, everybody after joins it. A \
web server starts this program once per request, as CGI: it looks at a directory of token files, one per conference \
in progress, and answers with a CCXML or VoiceXML document. Started from the shell without a command it answers one \
request the same way, so that a line can be tried without a telephone; the commands show and steer what is going on.

Exit status: 0 on success, 1 when it failed or there is no such conference or caller, 2 when the command line or a \
setting cannot be understood.";

/// The flags that mean nothing to a verb.
const OF_A_REQUEST: [&str; 3] = ["query", "form", "body"];

/// The command line, with its help.
pub fn command() -> Command {
    let on_one = |name: &'static str, about: &'static str| Command::new(name).about(about).arg(number());
    Command::new("ccxml-conference")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The dial-in conference line for CCXML voice platforms")
        .long_about(LONG_ABOUT)
        .arg(text("query", "QUERY", "Query string of the request [default: QUERY_STRING]"))
        .arg(text("form", "FORM", "Makes the request a POST with this form"))
        .arg(
            Arg::new("body")
                .long("body")
                .action(ArgAction::SetTrue)
                .help("Prints the document without headers"),
        )
        .args(settings())
        .subcommand(Command::new("list").about("Shows every conference in progress").arg(json()))
        .subcommand(on_one("show", "Shows one conference and its callers").arg(json()))
        .subcommand(on_one("end", "Ends a conference: its callers hear so at their next renewal"))
        .subcommand(on_one("lock", "Locks a conference: it takes no newcomers"))
        .subcommand(on_one("unlock", "Unlocks a conference"))
        .subcommand(on_one("kick", "Removes a caller, who hears so at the next renewal").arg(session()))
        .subcommand(Command::new("sweep").about("Removes what has expired"))
        .subcommand(Command::new("check").about("Says in plain words what would fail; changes nothing"))
        .subcommand(
            Command::new("completion")
                .about("Prints a completion script")
                .hide(true)
                .arg(Arg::new("shell").required(true).value_parser(value_parser!(Shell))),
        )
        .subcommand(Command::new("manual").about("Prints the manual page").hide(true))
}

/// What this process was started with; the process ends here if that can't be understood.
pub fn matches() -> ArgMatches {
    let mut command = command();
    let matches = command.get_matches_mut();
    // `args_conflicts_with_subcommands` would refuse settings before a verb as well.
    let of_a_request =
        OF_A_REQUEST.iter().find(|flag| matches.value_source(flag) == Some(ValueSource::CommandLine));
    if let (Some((verb, _)), Some(flag)) = (matches.subcommand(), of_a_request) {
        let why = format!("--{flag} is about a request, and {verb} makes none");
        command.error(ErrorKind::ArgumentConflict, why).exit();
    }
    matches
}

/// What the operator asked for, by arguments that clap has accepted.
pub fn verb(matches: &ArgMatches) -> Verb {
    use crate::cli::verbs::Steering;
    let Some((name, arguments)) = matches.subcommand() else { return Verb::Request };
    let number = arguments.try_get_one::<ConferenceNumber>("number").ok().flatten().cloned();
    let session = arguments.try_get_one::<SessionId>("session").ok().flatten().cloned();
    let shell = arguments.try_get_one::<Shell>("shell").ok().flatten().copied();
    match (name, number, session, shell) {
        ("list", ..) => Verb::List,
        ("show", Some(number), ..) => Verb::Show(number),
        ("end", Some(number), ..) => Verb::Steer(number, Steering::End),
        ("lock", Some(number), ..) => Verb::Steer(number, Steering::Lock),
        ("unlock", Some(number), ..) => Verb::Steer(number, Steering::Unlock),
        ("kick", Some(number), Some(session), _) => Verb::Steer(number, Steering::Kick(session)),
        ("sweep", ..) => Verb::Sweep,
        ("check", ..) => Verb::Check,
        ("completion", _, _, Some(shell)) => Verb::Completion(shell),
        ("manual", ..) => Verb::Manual,
        // clap has let no other command pass.
        _ => Verb::Request,
    }
}

fn settings() -> impl Iterator<Item = Arg> {
    settings::ALL.iter().map(|setting| {
        Arg::new(setting.variable)
            .long(setting.flag)
            .value_name(setting.variable)
            .help(format!("{} [default: {}]", setting.meaning, setting.default))
            .help_heading("Settings, also read from environment variables of these names")
            .value_parser(value_parser!(OsString))
            .global(true)
    })
}

fn text(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help).value_parser(value_parser!(OsString))
}

fn json() -> Arg {
    Arg::new("json").long("json").action(ArgAction::SetTrue).help("Prints JSON, for programs")
}

fn number() -> Arg {
    let parse = |text: &str| {
        ConferenceNumber::from_token_name(text)
            .ok_or("a conference number is made of digits, of 32 at the most")
    };
    Arg::new("number")
        .value_name("NUMBER")
        .required(true)
        .value_parser(parse)
        .help("Number of the conference")
}

fn session() -> Arg {
    let parse =
        |text: &str| SessionId::parse(text).ok_or("a session id is 1 to 256 visible ASCII characters");
    Arg::new("session")
        .value_name("SESSION")
        .required(true)
        .value_parser(parse)
        .help("Session of the caller, as `show` prints it")
}
