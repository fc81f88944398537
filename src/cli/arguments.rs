//! What there is on the command line.

use super::candidates;
use super::report::ReportArguments;
use crate::conference::Whom;
use crate::number::ConferenceNumber;
use crate::settings::Flags;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, value_parser};
use clap_complete::Shell;
use clap_complete::engine::ArgValueCompleter;
use std::ffi::OsString;

/// The dial-in conference line for CCXML voice platforms
///
/// A caller rings and keys in a conference number; the first one creates the conference, everybody after joins it. A web
/// server starts this program once per request, as CGI: it looks at a directory of token files, one per conference in
/// progress, and answers with a CCXML or VoiceXML document. Started from the shell without a command it answers one
/// request the same way, so that a line can be tried without a telephone; the commands show and change what is going on.
///
/// Exit status: 0 on success, 1 when it failed or there is no such conference or caller, 2 when the command line or a
/// setting cannot be understood.
#[derive(Debug, Parser)]
#[command(name = "ccxml-conference", version)]
pub struct Arguments {
    /// What the operator asks for; without it one request is answered.
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// The request to answer.
    #[command(flatten)]
    pub request: Request,
    /// The settings that were given.
    #[command(flatten)]
    pub settings: Flags,
}

/// A request as if a web server had asked.
#[derive(Args, Debug)]
pub struct Request {
    /// Query string of the request [default: QUERY_STRING]
    #[arg(long)]
    pub query: Option<OsString>,
    /// Makes the request a POST with this form
    #[arg(long)]
    pub form: Option<OsString>,
    /// Prints the document without headers
    #[arg(long)]
    pub body: bool,
}

/// What the operator asks for.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Shows every conference in progress, sorted by number
    List {
        /// Prints JSON, for programs
        #[arg(long)]
        json: bool,
        /// Draws it anew every second, on a terminal, until Ctrl-C
        #[arg(long, conflicts_with = "json")]
        watch: bool,
    },
    /// Shows one conference and its callers
    Show {
        /// The conference.
        #[command(flatten)]
        conference: Conference,
        /// Prints JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Ends a conference: its callers hear so at once, or at their next renewal
    End(Conference),
    /// Locks a conference: it takes no newcomers
    Lock(Conference),
    /// Unlocks a conference
    Unlock(Conference),
    /// Removes a caller, who hears so at once, or at the next renewal
    Kick {
        /// The conference.
        #[command(flatten)]
        conference: Conference,
        /// Session of the caller, as `show` prints it, or their number or its last digits; `all` for all but moderators
        #[arg(value_parser = whom, add = ArgValueCompleter::new(candidates::callers))]
        session: Whom,
    },
    /// Mutes a caller, who only listens then and hears so
    Mute {
        /// The conference.
        #[command(flatten)]
        conference: Conference,
        /// Session of the caller, as `show` prints it, or their number or its last digits; `all` for all but moderators,
        /// newcomers too
        #[arg(value_parser = whom, add = ArgValueCompleter::new(candidates::callers))]
        session: Whom,
    },
    /// Lets a caller be heard again
    Unmute {
        /// The conference.
        #[command(flatten)]
        conference: Conference,
        /// Session of the caller, or their number or its last digits; `all` for everybody, newcomers too
        #[arg(value_parser = whom, add = ArgValueCompleter::new(candidates::callers))]
        session: Whom,
    },
    /// Lengthens the time that a conference may last
    Extend {
        /// The conference.
        #[command(flatten)]
        conference: Conference,
        /// By how many minutes, of 1440 at the most
        #[arg(value_parser = value_parser!(u32).range(1..=1440))]
        minutes: u32,
    },
    /// Takes PINs for a room again, after too many wrong ones
    Reopen(Conference),
    /// Removes what has expired
    Sweep,
    /// Says which conferences there were, and what they come to
    Report(ReportArguments),
    /// Says in plain words what would fail; leaves nothing behind
    Check(Check),
    /// Prints a completion script
    Completion {
        /// The shell to print it for
        shell: Shell,
    },
    /// Prints the manual page
    Manual,
}

/// Which conference a verb is about.
#[derive(Args, Debug)]
pub struct Conference {
    /// Number of the conference
    #[arg(value_parser = number, add = ArgValueCompleter::new(candidates::numbers))]
    pub number: ConferenceNumber,
}

/// How `check` tells what it finds.
#[derive(Args, Debug)]
pub struct Check {
    /// Prints JSON, for programs
    #[arg(long)]
    pub json: bool,
    /// Tells of every setting as well, and where its value comes from
    #[arg(long)]
    pub verbose: bool,
}

impl Arguments {
    /// What this process was started with; the process ends here if that can't be understood.
    pub fn of_this_process() -> Self {
        let arguments = Self::parse();
        let Request { query, form, body } = &arguments.request;
        let given = [("query", query.is_some()), ("form", form.is_some()), ("body", *body)];
        // `args_conflicts_with_subcommands` would refuse settings before a verb as well.
        if let (Some(_), Some((flag, _))) = (&arguments.verb, given.iter().find(|(_, given)| *given)) {
            let why = format!("--{flag} is about a request, and a command makes none");
            Self::command().error(ErrorKind::ArgumentConflict, why).exit();
        }
        arguments
    }
}

fn number(text: &str) -> Result<ConferenceNumber, &'static str> {
    ConferenceNumber::from_token_name(text).ok_or("a conference number is made of digits, of 32 at the most")
}

fn whom(text: &str) -> Result<Whom, &'static str> {
    Whom::named(text).ok_or("a session id is 1 to 256 visible ASCII characters")
}
