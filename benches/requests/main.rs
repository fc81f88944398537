//! What a request costs, relative to yardsticks that run in the same rounds: a C program that only prints a response
//! of the same size (what a process costs at all), and a Perl script with CGI.pm (what people had in 2002).
//!
//! `cargo bench --bench requests` runs every part; `cargo bench --bench requests -- modes load` only those that are
//! named. Another build of the program takes part in the first one when `--against=PATH` is given.
//!
//! How fast a program is, is no matter of right or wrong: an aim that was missed is printed, and that is all. Only an
//! answer that is none ends a benchmark.

mod call_log;
mod cgi;
mod desk;
mod footprint;
mod load;
#[path = "../../tests/suite/servers/process.rs"]
#[allow(dead_code, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
mod process;
mod program;
mod race;
mod redis;
mod report;
mod statistics;
mod yardsticks;

use anyhow::Context;
use cgi::{Program, Request};
use race::{Contestant, race};
use statistics::Times;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A part of the benchmark.
type Part = fn(&Bench) -> anyhow::Result<()>;

/// The parts, in their order.
const PARTS: &[(&str, Part)] = &[
    ("modes", modes),
    ("settings", settings),
    ("perl", perl),
    ("footprint", footprint),
    ("tokens", tokens),
    ("report", call_log::part),
    ("desk", desk::part),
    ("redis", redis::part),
    ("load", load::part),
];

/// What every part works with.
pub struct Bench {
    /// A folder that is gone afterwards.
    dir: tempfile::TempDir,
    /// The program under test.
    program: PathBuf,
    /// Another build of it.
    against: Option<PathBuf>,
    /// The C program.
    fixed: Option<PathBuf>,
    /// The Perl script.
    conference: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` runs this too, and is not to be kept waiting.
    if !arguments.iter().any(|argument| argument == "--bench") {
        println!("benchmarks are run by: cargo bench --bench requests");
        return Ok(());
    }
    let against = arguments.iter().find_map(|argument| argument.strip_prefix("--against="));
    let named: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let bench = Bench::prepare(against.map(Path::new))?;
    report::machine();
    println!("Ratios are those of medians, with their interval at 95 %.");
    for (name, part) in PARTS {
        if named.is_empty() || named.iter().any(|part| part == name) {
            part(&bench).with_context(|| format!("part {name}"))?;
        }
    }
    Ok(())
}

impl Bench {
    fn prepare(against: Option<&Path>) -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new().prefix("ccxml-conference-bench-").tempdir()?;
        let program = installed(&program::release()?, &dir.path().join("ccxml-conference"))?;
        let against = against.map(|path| installed(path, &dir.path().join("against"))).transpose()?;
        let mut bench = Self { dir, program, against, fixed: None, conference: None };
        let join = first_and_join(&bench.program, &bench.folder("sample")?)?;
        let fixed = yardsticks::fixed(bench.dir.path(), &join)?;
        bench.fixed =
            fixed.map(|binary| installed(&binary, &bench.dir.path().join("only-prints"))).transpose()?;
        bench.conference = yardsticks::conference(bench.dir.path())?;
        Ok(bench)
    }

    /// A new folder.
    pub fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.dir.path().join(name);
        fs::create_dir(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(path)
    }
}

/// Has a first caller come into 1234, with tokens in `tokens`; what a second one is answered, who leaves again.
fn first_and_join(program: &Path, tokens: &Path) -> anyhow::Result<Vec<u8>> {
    let program = Program::with_directory(program, tokens);
    program.answer(&Request::enter("1234", "first"), FIRST)?;
    let (_, join) = program.answer(&Request::enter("1234", "caller"), JOIN)?;
    program.answer(&Request::event("leave", "1234", "caller"), "left")?;
    Ok(join)
}

/// What tells the documents apart.
const ASK: &str = "<accept ";
const FIRST: &str = "'first_caller'";
const JOIN: &str = "'joining&amp;count=1'";
const OPEN: &str = "'open'";

/// Copies a program. All of them are copied the same way, as they would be for a web server, for it matters how
/// a file came into the page cache: one that a linker has written piece by piece costs a tenth more to start.
fn installed(from: &Path, to: &Path) -> anyhow::Result<PathBuf> {
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    fs::set_permissions(to, Permissions::from_mode(0o755))?;
    Ok(to.to_owned())
}

/// The modes of the program beside the C program.
fn modes(bench: &Bench) -> anyhow::Result<()> {
    const ROUNDS: usize = 1000;
    report::heading("A process for each request, the median of 1000 rounds");
    let mut contestants = Vec::new();
    if let Some(fixed) = &bench.fixed {
        let fixed = Program::with_directory(fixed, bench.dir.path());
        contestants.push(Contestant::new("C, only prints", &fixed, Request::enter("1234", "caller"), JOIN));
    }
    let yardsticks = contestants.len();
    let builds = [("", Some(&bench.program)), (" (other build)", bench.against.as_ref())];
    for (which, program) in builds.into_iter().filter_map(|(which, path)| Some((which, path?))) {
        let tokens = bench.folder(&format!("modes{}", which.replace(' ', "-")))?;
        first_and_join(program, &tokens)?;
        let program = Program::with_directory(program, &tokens);
        let name = |mode: &str| format!("{mode}{which}");
        let renewal = Request::event("renew", "1234", "first");
        contestants.extend([
            Contestant::new(&name("ask"), &program, Request::Get(String::new()), ASK),
            Contestant::entering(&name("first caller"), &program, |round| format!("9{round:09}"), FIRST),
            Contestant::entering(&name("join"), &program, |_| "1234".to_owned(), JOIN),
            Contestant::new(&name("renew"), &program, renewal, OPEN),
        ]);
    }
    race(&mut contestants, ROUNDS)?;
    let (fixed, modes) = contestants.split_at(yardsticks);
    let fixed: Vec<(&str, &Times)> = fixed.iter().map(|fixed| ("C", &fixed.times)).collect();
    for contestant in &contestants {
        let others = if contestant.name.starts_with("C,") { &[][..] } else { &fixed };
        report::row(&contestant.name, &contestant.times, others);
    }
    let join = modes.iter().find(|contestant| contestant.name == "join");
    if let (Some(join), Some((_, fixed))) = (join, fixed.first()) {
        report::ratio_at_most("a join, relative to the C program,", join.times.to(fixed), 1.18);
    }
    Ok(())
}

/// A join with its settings in a file beside one with them in the environment.
fn settings(bench: &Bench) -> anyhow::Result<()> {
    const ROUNDS: usize = 1000;
    report::heading("A join with a settings file beside one without, the median of 1000 rounds");
    let (tokens, plain) = (bench.folder("settings")?, bench.folder("no settings")?);
    first_and_join(&bench.program, &tokens)?;
    first_and_join(&bench.program, &plain)?;
    let file = bench.dir.path().join("settings.toml");
    let more = "lang = \"en-GB\"\nrenew = 60\ndigits = \"4-10\"\nlock_timeout = 5\naudio_url = \"/audio\"\n";
    fs::write(&file, format!("# The line of the benchmark.\ndir = {tokens:?}\n{more}"))?;
    let join =
        |name: &str, program: &Program| Contestant::entering(name, program, |_| "1234".to_owned(), JOIN);
    let mut contestants = [
        join("join", &Program::with_directory(&bench.program, &plain)),
        join("join, settings file", &Program::with(&bench.program, "CONFERENCE_CONFIG", &file)),
    ];
    beside(&mut contestants, ROUNDS, "a join with a settings file,", 1.04)
}

/// Races two, prints the second one's times relative to the first one's, and says whether they are within a limit.
fn beside(contestants: &mut [Contestant; 2], rounds: usize, what: &str, limit: f64) -> anyhow::Result<()> {
    race(contestants, rounds)?;
    let [first, second] = contestants;
    report::row(&first.name, &first.times, &[]);
    report::row(&second.name, &second.times, &[("that", &first.times)]);
    report::ratio_at_most(what, second.times.to(&first.times), limit);
    Ok(())
}

/// A join beside the Perl script.
fn perl(bench: &Bench) -> anyhow::Result<()> {
    const ROUNDS: usize = 200;
    let Some(script) = &bench.conference else { return Ok(()) };
    report::heading("A join beside the Perl script, the median of 200 rounds");
    let tokens = bench.folder("perl")?;
    first_and_join(&bench.program, &tokens)?;
    let ours = Program::with_directory(&bench.program, &tokens);
    let theirs = Program::with_directory(script, &tokens);
    let mut contestants = [
        Contestant::new("Perl, CGI.pm", &theirs, Request::enter("1234", "caller"), "<join "),
        Contestant::entering("join", &ours, |_| "1234".to_owned(), JOIN),
    ];
    beside(&mut contestants, ROUNDS, "a join, relative to the Perl script,", 0.06)
}

/// What a join takes of the machine.
fn footprint(bench: &Bench) -> anyhow::Result<()> {
    const MEMORY: f64 = 2.5e6;
    report::heading("What a join takes");
    let tokens = bench.folder("footprint")?;
    first_and_join(&bench.program, &tokens)?;
    let program = Program::with_directory(&bench.program, &tokens);
    let join = Request::enter("1234", "caller");
    let calls = match yardsticks::installed("strace", "system calls") {
        Some(strace) => footprint::system_calls(&strace, bench.dir.path(), &program, &join)?,
        None => None,
    };
    if let Some(calls) = calls {
        report::at_most("system calls:", calls as f64, 60.0, &format!("{calls} (aim: at most 60)"));
    }
    match footprint::peak_memory(&program, &join)? {
        Some(bytes) => {
            let shown = format!("{:.2} MB (aim: at most 2.5 MB)", bytes as f64 / 1e6);
            report::at_most("peak memory:", bytes as f64, MEMORY, &shown);
        }
        None => println!("left out: peak memory, as this system does not say"),
    }
    Ok(())
}

/// A join in a small directory beside one in a large directory.
fn tokens(bench: &Bench) -> anyhow::Result<()> {
    const ROUNDS: usize = 1000;
    const FEW: usize = 10;
    const MANY: usize = 200_000;
    report::heading("A join among 10 and among 200000 tokens, the median of 1000 rounds");
    let directory = |count: usize| -> anyhow::Result<PathBuf> {
        let path = bench.folder(&format!("tokens-{count}"))?;
        for number in 0..count - 1 {
            File::create(path.join(format!("8{number:09}")))?;
        }
        first_and_join(&bench.program, &path)?;
        Ok(path)
    };
    let few = directory(FEW)?;
    let many = match directory(MANY) {
        Ok(many) => many,
        Err(error) => {
            println!("left out: {MANY} tokens can't be made in the temporary directory: {error:#}");
            return Ok(());
        }
    };
    let mut contestants = [(&few, FEW), (&many, MANY)].map(|(path, count)| {
        let program = Program::with_directory(&bench.program, path);
        Contestant::entering(&format!("join among {count}"), &program, |_| "1234".to_owned(), JOIN)
    });
    race(&mut contestants, ROUNDS)?;
    let [few, many] = &contestants;
    report::row(&few.name, &few.times, &[]);
    report::row(&many.name, &many.times, &[("that", &few.times)]);
    report::same("200000 tokens, relative to 10,", many.times.to(&few.times), 0.05);
    Ok(())
}
