//! Lets the calls happen.

use crate::caller::{self, CallerSpec};
use crate::secrets::Secrets;
use crate::target::{Setup, Target};
use anyhow::Result;
use ccxml_platform::{CallId, Fault, Platform, Signals, Variations, millis, secs};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a spoken word takes.
pub const WORD: Duration = millis(370);

/// How long callers who have no hang-up of their own stay after the last one has rung.
const STAY: Duration = secs(120);

/// How long sessions may take to end after the last caller has hung up: longer than any guard timer.
const SETTLING: Duration = secs(300);

/// The platform that calls are played on: the usual one, whose sessions hear of keys in the call.
pub fn usual() -> Variations {
    Variations { signals: Signals::Dtmf, ..Variations::default() }
}

/// What is to be played.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who calls.
    pub callers: Vec<CallerSpec>,
    /// When whoever is still there hangs up.
    pub until: Option<Duration>,
    /// Whether time passes as it does.
    pub real_time: bool,
}

/// What has been played.
pub struct Play {
    /// The platform, and what is left on it.
    pub setup: Setup,
    /// The callers.
    pub callers: Callers,
}

/// The callers of a play, by their calls.
#[derive(Clone, Debug, Default)]
pub struct Callers {
    calls: Vec<(CallId, String)>,
    /// What nobody may see.
    pub secrets: Secrets,
}

impl Callers {
    /// The calls in the order in which the callers were given.
    pub fn calls(&self) -> impl Iterator<Item = (CallId, &str)> {
        self.calls.iter().map(|(call, name)| (*call, name.as_str()))
    }

    /// The name of the caller.
    pub fn name(&self, call: CallId) -> &str {
        self.calls.iter().find(|(known, _)| *known == call).map_or("somebody", |(_, name)| name)
    }

    /// Adds a caller.
    pub fn add(&mut self, call: CallId, name: String) {
        self.calls.push((call, name));
    }
}

impl Plan {
    /// When callers without a hang-up of their own hang up: as told, else some time after the last one has rung.
    fn end(&self) -> Duration {
        let moments = self.callers.iter().map(|spec| spec.hangs_up_at.unwrap_or(spec.at));
        let last = moments.max().unwrap_or_default();
        let stays = self.callers.iter().any(|spec| spec.hangs_up_at.is_none());
        self.until.unwrap_or(if stays { last + STAY } else { last })
    }

    /// Plays the calls on a line. `fault` is something that befalls the last caller. `follow` is called whenever
    /// something may have happened.
    pub fn play(
        &self,
        target: &Target,
        variations: Variations,
        fault: Option<Fault>,
        mut follow: impl FnMut(&Platform, &Callers) -> Result<()>,
    ) -> Result<Play> {
        let mut setup = target.set_up(variations)?;
        setup.platform = setup.platform.with_words_of(WORD);
        let mut callers = Callers::default();
        let mut fault = fault;
        for (place, spec) in self.callers.iter().enumerate() {
            let fault = if place + 1 == self.callers.len() { fault.take() } else { None };
            let call = setup.platform.call(spec.caller(place, fault), spec.at);
            callers.add(call, caller::name(place));
            callers.secrets.extend(&spec.secrets);
        }
        let started = Instant::now();
        let platform = &mut setup.platform;
        let end = self.end();
        let limit = end + SETTLING;
        let mut hung_up = false;
        loop {
            let over = platform.live_sessions() == 0 && platform.now() >= end;
            if over || platform.now() >= limit {
                break;
            }
            let stop = if hung_up { limit } else { end };
            let due = platform.next_due().unwrap_or(stop).min(stop);
            if self.real_time {
                sleep((started + due).saturating_duration_since(Instant::now()));
            }
            platform.run_until(due);
            if !hung_up && platform.now() >= end {
                hung_up = true;
                callers.calls().for_each(|(call, _)| platform.hang_up(call));
            }
            follow(platform, &callers)?;
        }
        Ok(Play { setup, callers })
    }
}
