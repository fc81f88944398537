//! A report on a call log of a million lines.

use crate::footprint::high_water;
use crate::{Bench, report};
use anyhow::{Context, ensure};
use ccxml_conference::call_log::rfc3339;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const LINES: usize = 1_000_000;

/// How long a report takes, and how much memory, beside one on a tenth of the lines.
pub fn part(bench: &Bench) -> anyhow::Result<()> {
    const SECONDS: f64 = 3.0;
    report::heading("A report on a call log of 1000000 lines");
    let folder = bench.folder("call-log")?;
    let few = measured(&bench.program, &log(&folder, LINES / 10)?)?;
    let many = measured(&bench.program, &log(&folder, LINES)?)?;
    let seconds = many.took.as_secs_f64();
    report::at_most("time:", seconds, SECONDS, &format!("{seconds:.2} s (aim: at most {SECONDS} s)"));
    match (few.peak, many.peak) {
        (Some(few), Some(many)) => {
            let (few, many) = (few as f64 / 1e6, many as f64 / 1e6);
            let shown = format!("{many:.2} MB, with 100000 lines {few:.2} MB (aim: the same within 25 %)");
            report::at_most("peak memory:", many, few * 1.25, &shown);
        }
        _ => println!("left out: peak memory, as this system does not say"),
    }
    Ok(())
}

/// A log of conferences with two callers each, of which a hundred and fifty are in progress at any time.
fn log(folder: &Path, lines: usize) -> anyhow::Result<PathBuf> {
    const APART: usize = 50;
    let path = folder.join(format!("calls-{lines}.log"));
    let mut to = BufWriter::new(File::create(&path)?);
    for step in 0..lines / 4 + 3 * APART {
        let time = rfc3339(1_700_000_000_000 + step as u64 * 10_000);
        let events = [("created", 'a', 1), ("joined", 'b', 2), ("left", 'a', 1), ("left", 'b', 0)];
        for (nth, (event, who, callers)) in events.into_iter().enumerate() {
            let Some(conference) = step.checked_sub(nth * APART).filter(|begun| *begun < lines / 4) else {
                continue;
            };
            let number = 10_000 + conference % 5000;
            let end = if event == "left" { ",\"seconds\":1000,\"reason\":\"hangup\"" } else { "" };
            writeln!(
                to,
                "{{\"time\":\"{time}\",\"number\":\"{number}\",\"event\":\"{event}\",\
                 \"conference\":\"{number}-{conference:x}\",\"session\":\"{who}-{conference:032x}\",\
                 \"caller\":\"tel:+15550100\",\"called\":\"sip:line@example.com\",\"role\":\"caller\",\
                 \"callers\":{callers}{end}}}"
            )?;
        }
    }
    to.flush()?;
    Ok(path)
}

struct Measured {
    took: Duration,
    /// The most memory that the program had, in bytes.
    peak: Option<u64>,
}

fn measured(program: &Path, log: &Path) -> anyhow::Result<Measured> {
    let start = Instant::now();
    let mut command = Command::new(program);
    command.env_clear().args(["report", "--utc"]).arg(log).stdout(Stdio::piped());
    let mut child = command.spawn().context("starting the program")?;
    let status = format!("/proc/{}/status", child.id());
    let mut output = child.stdout.take().context("its output")?;
    let reader = thread::spawn(move || io::copy(&mut output, &mut io::sink()));
    let mut peak = None;
    // What is asked of a process that has ended is not known any more; memory hardly grows in its last moment.
    while child.try_wait()?.is_none() {
        let now = fs::read_to_string(&status).ok().as_deref().and_then(high_water);
        peak = peak.max(now);
        thread::sleep(Duration::from_millis(2));
    }
    let took = start.elapsed();
    ensure!(child.wait()?.success(), "no report on {}", log.display());
    let printed = reader.join().ok().context("its output")??;
    ensure!(printed > 100_000, "{printed} bytes are no report");
    Ok(Measured { took, peak })
}
