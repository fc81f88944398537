//! What there is on the command line.

use crate::caller::CallerSpec;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// The languages that there are texts in, as tags of where most people speak them.
const LANGUAGES: &[&str] = &["de-DE", "en-US", "es-ES", "fr-FR"];

/// What the program is called.
pub const NAME: &str = "ccxml-conference-rehearse";

/// Hear a call without a telephone
///
/// Plays callers against a conference line, strictly by CCXML 1.0 and VoiceXML 2.1, and tells what every caller hears and
/// keys, who hears whom, and what the line answers. Without a URL the line is the ccxml-conference that is built in, in a
/// temporary directory.
///
/// Time is virtual: a call of an hour takes a second. What the line does by its own clock (leases, limits of time) does not
/// happen meanwhile; --real-time lets it.
///
/// Exit status: 0 when all went well, 1 when a rule was broken, the line answered with an error of its own (5xx), an error was
/// not handled, a caller sat in silence or was cut off without a word, or a place was left behind; 2 when the rehearsal could
/// not take place.
#[derive(Debug, Parser)]
#[command(name = NAME, version, args_conflicts_with_subcommands = true, after_long_help = EXAMPLES)]
pub struct Arguments {
    /// What else there is to print.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Address of the document that answers the call
    pub url: Option<String>,

    /// Who calls; two callers who meet unless told otherwise.
    #[arg(
        short,
        long = "caller",
        value_name = "CALLER",
        help = "A caller: KEYS[@START][,OPTION...]",
        long_help = CALLER,
        allow_hyphen_values = true
    )]
    pub callers: Vec<CallerSpec>,

    /// When callers who have no hang-up of their own hang up [default: two minutes after the last one has rung]
    #[arg(long = "until", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub until: Option<Duration>,

    /// Lets time pass as it does, so that the line's own clock runs along
    #[arg(long)]
    pub real_time: bool,

    /// A header that the voice platform would send with each request: 'Name: value'
    #[arg(long = "header", value_name = "HEADER", requires = "url")]
    pub headers: Vec<String>,

    /// How long a request may take
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration, default_value = "30s")]
    pub timeout: Duration,

    /// A setting of the built-in line: CONFERENCE_LANG=de-DE
    #[arg(long = "setting", value_name = "NAME=VALUE", conflicts_with = "url")]
    pub settings: Vec<String>,

    /// Another program to be started as CGI in place of the built-in line
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    pub program: Option<PathBuf>,

    /// How long a caller may hear nothing
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration, default_value = "30s")]
    pub silence: Duration,

    /// Whether the exit status tells what went wrong; otherwise it is only reported
    #[arg(long, value_name = "yes|no", default_value = "yes")]
    pub strict: YesNo,

    /// Plays the call under many readings of the standard, any two of which meet; or under all of them, for as long as it is let
    #[arg(long, value_name = "pairs|all", num_args = 0..=1, default_missing_value = "pairs", require_equals = true)]
    pub variations: Option<Readings>,

    /// Plays the call with every single failure that can befall the last caller
    #[arg(long, conflicts_with = "variations")]
    pub faults: bool,

    /// Lists every prompt in every language: name, words, recording, and whether it can be had
    #[arg(long, value_name = "TAG,...", num_args = 0..=1, require_equals = true, value_delimiter = ',',
        default_missing_values = LANGUAGES, conflicts_with_all = ["variations", "faults", "callers"])]
    pub texts: Option<Vec<String>>,

    /// A telephone in the terminal: the keyboard is the keypad, and time is real
    ///
    /// What is said appears as it is spoken. + lets another caller ring, Alt and a number (or a function key, or Tab) makes
    /// one that caller, h hangs up, q ends it. Callers who are given with --caller come by themselves.
    #[arg(long, conflicts_with_all = ["variations", "faults", "texts", "json", "svg", "until"])]
    pub phone: bool,

    /// Says the words of the telephone aloud, by espeak-ng
    #[arg(long, requires = "phone")]
    pub speak: bool,

    /// Prints all that happens, event by event
    #[arg(short, long, conflicts_with_all = ["json", "variations", "faults", "texts", "phone"])]
    pub verbose: bool,

    /// Draws the call as a sequence diagram into this file, as SVG
    #[arg(long, value_name = "FILE", conflicts_with_all = ["variations", "faults"])]
    pub svg: Option<PathBuf>,

    /// Prints JSON, for programs
    #[arg(long, conflicts_with_all = ["variations", "faults"])]
    pub json: bool,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// Which readings of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Readings {
    /// Some three dozen in which any two settings meet.
    Pairs,
    /// Every combination.
    All,
}

/// What else there is to print.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prints a completion script
    #[command(hide = true)]
    Completion {
        /// The shell to print it for
        shell: clap_complete::Shell,
    },
    /// Prints the manual page
    #[command(hide = true)]
    Manual,
}

const CALLER: &str = "\
A caller: KEYS[@START][,OPTION...]

KEYS are what is keyed when the line asks, one entry for each question: 1234#/271828#. A p is a pause of a second. An \
entry that begins with ! is keyed at once, over the words; - is silence, ? a noise, x a hang-up. {env:NAME} and \
{file:PATH} stand for digits from the environment or a file, such as PINs, which nothing of what is printed shows. \
START is when the caller rings: 20s, 1m30s.

Options: hangup=60s (at that time), hangup=conference.joined or hangup=dialog.started:2 (after that event of the \
session), key=*6@40s (keys pressed at that time, asked or not), patience=30s (gives up when nobody answers), \
from=+4930123 and to=+4930999 (telephone numbers).

[default: 1234#,hangup=1m30s and 1234#@20s,hangup=1m10s]";

const EXAMPLES: &str = "\
Examples:
  Two callers of the built-in line, the second twenty seconds after the first:
    ccxml-conference-rehearse

  The same on an installation:
    ccxml-conference-rehearse http://127.0.0.1:8080/cgi-bin/ccxml-conference

  Three callers, of whom one mistypes the number and one hangs up while the line asks:
    ccxml-conference-rehearse --caller 12#/1234# --caller 1234#@10s --caller x@15s

  A telephone in the terminal, where somebody else comes after twenty seconds:
    ccxml-conference-rehearse --phone --caller 1234#@20s

  A room with a PIN that is kept out of the process list:
    PIN=271828 ccxml-conference-rehearse URL --caller '4711#/{env:PIN}#'";
