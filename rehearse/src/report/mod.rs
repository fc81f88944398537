//! Tells of a rehearsal.

mod json;
mod table;
mod transcript;

use crate::arguments::{Arguments, Readings, YesNo};
use crate::caller::CallerSpec;
use crate::play::{Plan, Play};
use crate::target::Target;
use crate::verdict::judge;
use anyhow::Result;
use ccxml_conference::settings::environment::Environment;
use ccxml_platform::{Variations, secs};
use std::io::Write;
use transcript::Transcript;

/// Rehearses as the command line says; whether all went well.
pub fn rehearse(arguments: &Arguments, _environment: &Environment) -> Result<bool> {
    let target = Target::of(arguments)?;
    let plan = plan(arguments);
    let mut out = anstream::stdout();
    let reasons = if let Some(readings) = arguments.variations {
        let readings: Box<dyn Iterator<Item = Variations>> = match readings {
            Readings::Pairs => Box::new(Variations::pairs().into_iter()),
            Readings::All => Box::new(Variations::all()),
        };
        table::variations(&plan, &target, readings, arguments.silence, &mut out)?
    } else if arguments.faults {
        table::failures(&plan, &target, arguments.silence, &mut out)?
    } else if arguments.json {
        let play = plan.play(&target, Variations::default(), None, |_, _| Ok(()))?;
        let reasons = judge(&play, arguments.silence);
        writeln!(out, "{}", json::of(&play, &target, &plan, &reasons))?;
        reasons
    } else if arguments.verbose {
        let mut told = 0;
        let play = plan.play(&target, Variations::default(), None, |platform, cast| {
            for entry in platform.trace().iter().skip(told) {
                writeln!(out, "{}", cast.secrets.hide(&entry.to_string()))?;
            }
            told = platform.trace().len();
            Ok(())
        })?;
        let reasons = judge(&play, arguments.silence);
        Transcript::new(&target, &plan).close(&play, &reasons, &mut out)?;
        reasons
    } else {
        let mut transcript = Transcript::new(&target, &plan);
        transcript.open(&mut out)?;
        let play = plan.play(&target, Variations::default(), None, |platform, cast| {
            transcript.go_on(platform, cast, &mut out)
        })?;
        let reasons = judge(&play, arguments.silence);
        transcript.close(&play, &reasons, &mut out)?;
        reasons
    };
    out.flush()?;
    Ok(reasons.is_empty() || arguments.strict == YesNo::No)
}

/// The callers that were asked for, or two who show what a conference is.
fn plan(arguments: &Arguments) -> Plan {
    let mut callers = arguments.callers.clone();
    if callers.is_empty() {
        callers.push(CallerSpec::new("1234#", secs(0), secs(90)));
        callers.push(CallerSpec::new("1234#", secs(20), secs(70)));
    }
    Plan { callers, until: arguments.until, real_time: arguments.real_time }
}

/// A list of names as people say it.
fn listed(names: &[&str]) -> String {
    match names {
        [] => "nobody".into(),
        [one] => (*one).into(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// How much a rehearsal has shown, in a line.
fn summary(play: &Play) -> String {
    let platform = &play.stage.platform;
    let silence = play.cast.calls().map(|(call, _)| platform.record(call).longest_silence).max();
    let seconds = silence.unwrap_or_default().as_secs_f64();
    format!("{} requests, longest silence {seconds:.1} s.", platform.exchanges().len())
}
