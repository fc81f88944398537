//! The same call again and again, as a table.

use super::summary;
use crate::failures::{self, Failure};
use crate::play::{self, Plan, Play};
use crate::target::Target;
use crate::verdict::judge;
use anstyle::{AnsiColor, Effects, Style};
use anyhow::{Result, bail};
use ccxml_platform::{Ended, Variations};
use std::io::Write;
use std::time::Duration;

const HEAD: Style = Style::new().effects(Effects::BOLD);
const WRONG: Style = AnsiColor::Red.on_default();

/// Plays the call under each reading of the standard; what went wrong.
pub fn variations(
    plan: &Plan,
    target: &Target,
    readings: impl Iterator<Item = Variations>,
    silence: Duration,
    to: &mut impl Write,
) -> Result<Vec<String>> {
    let mut reasons = Vec::new();
    writeln!(to, "{HEAD}  ok  reading of the standard{HEAD:#}")?;
    for variations in readings {
        let differences = variations.differences();
        let play = plan.play(target, variations, None, |_, _| Ok(()))?;
        let wrong = hidden(&play, judge(&play, silence));
        let what = if differences.is_empty() { "the usual one".into() } else { differences.join(", ") };
        row(to, wrong.is_empty(), &what)?;
        for reason in &wrong {
            writeln!(to, "      {WRONG}{reason}{WRONG:#}")?;
        }
        reasons.extend(wrong.into_iter().map(|reason| format!("{what}: {reason}")));
    }
    Ok(reasons)
}

/// Plays the call once for every single failure that the last caller could meet; what went wrong.
pub fn failures(plan: &Plan, target: &Target, silence: Duration, to: &mut impl Write) -> Result<Vec<String>> {
    let clean = plan.play(target, play::usual(), None, |_, _| Ok(()))?;
    let wrong = hidden(&clean, judge(&clean, silence));
    if !wrong.is_empty() {
        bail!("it goes wrong without any failure: {}", wrong.join("; "));
    }
    let Some((call, name)) = clean.callers.calls().last() else { bail!("nobody calls") };
    writeln!(to, "Without a failure: {}", summary(&clean))?;
    writeln!(to, "{HEAD} times  wrong  what befalls {name}{HEAD:#}")?;
    let mut groups: Vec<(&'static str, Vec<Failure>)> = Vec::new();
    for failure in failures::of(&clean.setup.platform, call) {
        match groups.iter_mut().find(|(sort, _)| *sort == failure.sort) {
            Some((_, group)) => group.push(failure),
            None => groups.push((failure.sort, vec![failure])),
        }
    }
    let mut reasons = Vec::new();
    for (sort, group) in groups {
        let (times, mut wrong) = (group.len(), Vec::new());
        for Failure { when, fault, .. } in group {
            let play = plan.play(target, play::usual(), Some(fault), |_, _| Ok(()))?;
            let why = hidden(&play, survived(&play, silence));
            if !why.is_empty() {
                wrong.push(format!("{when}: {}", why.join("; ")));
            }
        }
        let (style, count) = if wrong.is_empty() { (Style::new(), 0) } else { (WRONG, wrong.len()) };
        writeln!(to, "{times:>6} {style}{count:>6}{style:#}  {sort}")?;
        for reason in &wrong {
            writeln!(to, "               {WRONG}{reason}{WRONG:#}")?;
        }
        reasons.extend(wrong.into_iter().map(|reason| format!("{sort}, {reason}")));
    }
    Ok(reasons)
}

/// What went wrong beyond what the failure itself explains: a call that could not be answered was not.
fn survived(play: &Play, silence: Duration) -> Vec<String> {
    let unanswered = play
        .callers
        .calls()
        .filter(|(call, _)| play.setup.platform.record(*call).ended == Ended::NeverAnswered);
    let expected: Vec<String> = unanswered.map(|(_, name)| format!("{name} was never answered")).collect();
    judge(play, silence).into_iter().filter(|reason| !expected.contains(reason)).collect()
}

fn hidden(play: &Play, reasons: Vec<String>) -> Vec<String> {
    reasons.into_iter().map(|reason| play.callers.secrets.hide(&reason)).collect()
}

fn row(to: &mut impl Write, ok: bool, what: &str) -> Result<()> {
    let (style, mark) = if ok { (AnsiColor::Green.on_default(), "yes") } else { (WRONG, "NO") };
    Ok(writeln!(to, " {style}{mark:>3}{style:#}  {what}")?)
}
