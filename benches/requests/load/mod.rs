//! Callers by the crowd, through a real web server.

mod callers;
#[path = "../../../tests/suite/http.rs"]
#[allow(dead_code, clippy::expect_used, clippy::indexing_slicing)]
mod http;
mod lighttpd;

use crate::process;
use crate::statistics::Times;
use crate::{Bench, report, yardsticks};
use anyhow::anyhow;
use callers::{Call, Crowd, THIRTY, THREE_HUNDRED};
use lighttpd::Server;
use std::fs;
use std::path::Path;
use std::time::Instant;

const OURS: &str = "ccxml-conference";
const FIXED: &str = "fixed";
const CONFERENCE: &str = "conference.pl";

/// Crowds of callers through lighttpd: everybody accounted for, and requests per second beside the yardsticks.
pub fn part(bench: &Bench) -> anyhow::Result<()> {
    const ROUNDS: usize = 7;
    println!();
    let Some(lighttpd) = yardsticks::installed("lighttpd", "the load through a web server") else {
        return Ok(());
    };
    let dir = bench.folder("lighttpd")?;
    let tokens = bench.folder("lighttpd-tokens")?;
    fs::create_dir(dir.join("cgi-bin"))?;
    let mut contestants = vec![(OURS, &bench.program)];
    contestants.extend(bench.fixed.as_ref().map(|path| (FIXED, path)));
    contestants.extend(bench.conference.as_ref().map(|path| (CONFERENCE, path)));
    for (name, path) in &contestants {
        crate::installed(path, &dir.join("cgi-bin").join(name))?;
    }
    let server = Server::start(&lighttpd, &dir, &tokens)?;

    for (crowd, words) in
        [(THIRTY, "thirty callers, one number"), (THREE_HUNDRED, "300 callers, 100 numbers")]
    {
        report::heading(&format!("Through lighttpd: {words}, the median of {ROUNDS} rounds"));
        let mut rates: Vec<Times> = contestants.iter().map(|_| Times::default()).collect();
        // The first round warms up; in all of them the account has to be right.
        for round in 0..=ROUNDS {
            for ((name, _), rate) in contestants.iter().zip(&mut rates) {
                let seconds = held(&server, name, crowd, &tokens)?;
                if round > 0 {
                    rate.push_value(seconds);
                }
            }
        }
        println!("  every caller accounted for, no error, no token left, in every round");
        for ((name, _), rate) in contestants.iter().zip(&rates) {
            report::rate(name, rate);
        }
    }
    Ok(())
}

/// Lets a crowd loose on a program; how many requests it was given in a second.
fn held(server: &Server, name: &str, crowd: Crowd, tokens: &Path) -> anyhow::Result<f64> {
    let ask = |call: &Call| server.ask(name, call);
    // What a yardstick does takes the same time whoever calls, so thirty callers are enough to measure it.
    let crowd = if name == OURS { crowd } else { THIRTY };
    let turns = crowd.renewals + 2;
    let start = Instant::now();
    let account = if name == OURS {
        crowd.hold(&ask, || names(tokens))
    } else {
        // A yardstick keeps no account, and has only to answer as often.
        let call = |caller| Call::Enter(format!("conference_code={}", crowd.number(caller)));
        (0..turns).try_for_each(|_| crowd.each(&ask, call).map(|_| ()))
    };
    let seconds = start.elapsed().as_secs_f64();
    account.map_err(|wrong| anyhow!("{name}: {wrong}"))?;
    if name != OURS {
        for token in names(tokens) {
            fs::remove_file(tokens.join(token))?;
        }
    }
    Ok((crowd.callers * turns) as f64 / seconds)
}

/// The tokens in a directory.
fn names(tokens: &Path) -> Vec<String> {
    let entries = fs::read_dir(tokens).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| !name.starts_with('.')).collect()
}
