//! Pages of the desk: one of many conferences, and one of many callers.

use crate::cgi::{Program, Request};
use crate::footprint::peak_memory;
use crate::race::{Contestant, race};
use crate::{Bench, report};
use std::fs::File;

/// How long pages take, and how much memory.
pub fn part(bench: &Bench) -> anyhow::Result<()> {
    const ROUNDS: usize = 30;
    const TOKENS: usize = 200_000;
    const CALLERS: usize = 1000;
    report::heading("Pages of the desk, the median of 30 rounds");
    let (line, crowd) = (bench.folder("desk-line")?, bench.folder("desk-crowd")?);
    for number in 0..TOKENS {
        if let Err(error) = File::create(line.join(format!("8{number:09}"))) {
            println!("left out: {TOKENS} tokens can't be made in the temporary directory: {error:#}");
            return Ok(());
        }
    }
    let callers = Program::with_directory(&bench.program, &crowd);
    for caller in 0..CALLERS {
        callers.answer(
            &Request::enter("1234", &format!("9f1c2d3e-0000-4000-8000-{caller:012}")),
            "conference",
        )?;
    }
    let desk = |tokens| {
        let program = Program::with_directory(&bench.program, tokens);
        program.and("CONFERENCE_FACE", "desk").and("REMOTE_USER", "bench")
    };
    let (line, crowd) = (desk(&line), desk(&crowd));
    let page = |query: &str| Request::Get(query.to_owned());
    let mut contestants = [
        Contestant::new("100 of 200000 conferences", &line, page("page=1000"), "id=\"c8000099999\""),
        Contestant::new("1000 callers", &crowd, page("number=1234"), "000000000999\""),
    ];
    race(&mut contestants, ROUNDS)?;
    for contestant in &contestants {
        report::row(&contestant.name, &contestant.times, &[]);
    }
    let [of_line, of_crowd] = &contestants;
    aim("100 of 200000 conferences:", of_line.times.median() / 1e6, 1.5, "s");
    match peak_memory(&line, &page("page=1000"))? {
        Some(bytes) => aim("peak memory of that:", bytes as f64 / 1e6, 20.0, "MB"),
        None => println!("left out: peak memory, as this system does not say"),
    }
    aim("1000 callers:", of_crowd.times.median() / 1e3, 50.0, "ms");
    Ok(())
}

fn aim(what: &str, measured: f64, most: f64, unit: &str) {
    report::at_most(what, measured, most, &format!("{measured:.2} {unit} (aim: at most {most} {unit})"));
}
