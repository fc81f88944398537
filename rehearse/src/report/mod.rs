//! Tells of a rehearsal.

mod json;
mod picture;
mod table;
pub mod told;
mod transcript;

use crate::arguments::{Arguments, Readings, YesNo};
use crate::caller::CallerSpec;
use crate::phone;
use crate::play::{self, Plan, Play};
use crate::secrets::Mask;
use crate::target::Target;
use crate::texts;
use crate::verdict::judge;
use anyhow::{Context, Result};
use ccxml_platform::{Variations, secs};
use std::io::Write;
use transcript::Transcript;

/// Rehearses as the command line says; whether all went well.
pub fn rehearse(arguments: &Arguments) -> Result<bool> {
    let target = Target::of(arguments)?;
    let plan = plan(arguments);
    if arguments.phone {
        let callers = arguments.callers.clone();
        return phone::telephone(arguments, target, Plan { callers, ..plan }).map(|()| true);
    }
    let mut out = anstream::stdout();
    if let Some(languages) = &arguments.texts {
        return texts::list(&target, languages, arguments.json, &mut out);
    }
    let reasons = if let Some(readings) = arguments.variations {
        let readings: Box<dyn Iterator<Item = Variations>> = match readings {
            Readings::Pairs => Box::new(Variations::pairs().into_iter()),
            Readings::All => Box::new(Variations::all()),
        };
        table::variations(&plan, &target, readings, arguments.silence, &mut out)?
    } else if arguments.faults {
        table::failures(&plan, &target, arguments.silence, &mut out)?
    } else {
        let play = tell(arguments, &target, &plan, &mut out)?;
        if let Some(file) = &arguments.svg {
            std::fs::write(file, picture::of(&play)?)
                .with_context(|| format!("{} can't be written", file.display()))?;
        }
        judge(&play, arguments.silence)
    };
    out.flush()?;
    Ok(reasons.is_empty() || arguments.strict == YesNo::No)
}

/// Plays the call once and tells of it in the form that was asked for.
fn tell(arguments: &Arguments, target: &Target, plan: &Plan, out: &mut impl Write) -> Result<Play> {
    let silence = arguments.silence;
    if arguments.json {
        let play = plan.play(target, play::usual(), None, |_, _| Ok(()))?;
        writeln!(out, "{}", json::of(&play, target, plan, &judge(&play, silence)))?;
        return Ok(play);
    }
    let mut transcript = Transcript::new(target, plan);
    let play = if arguments.verbose {
        let (mut told, mut mask) = (0, Mask::default());
        plan.play(target, play::usual(), None, |platform, callers| {
            for entry in platform.trace().iter().skip(told) {
                let entry = mask.apply(entry, &callers.secrets);
                writeln!(out, "{}", callers.secrets.hide(&entry.to_string()))?;
            }
            told = platform.trace().len();
            Ok(())
        })?
    } else {
        transcript.open(out)?;
        plan.play(target, play::usual(), None, |platform, callers| transcript.go_on(platform, callers, out))?
    };
    transcript.close(&play, &judge(&play, silence), out)?;
    Ok(play)
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
    let platform = &play.setup.platform;
    let silence = play.callers.calls().map(|(call, _)| platform.record(call).longest_silence).max();
    let seconds = silence.unwrap_or_default().as_secs_f64();
    format!("{} requests, longest silence {seconds:.1} s.", platform.exchanges().len())
}
