//! The platform in real time, on a thread of its own: a request that takes long holds up the calls, and not the keyboard.

use crate::caller::{self, CallerSpec};
use crate::play::{WORD, usual};
use crate::report::told::{Told, told, words};
use crate::target::Target;
use anyhow::{Result, anyhow};
use ccxml_platform::{Bridge, CallId, Caller, Ended, Platform, TraceEntry, What};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::{Duration, Instant};

/// How long the thread waits for a command when nothing is due.
const PATIENCE: Duration = Duration::from_millis(200);

/// What somebody at the telephone does.
#[derive(Clone, Copy, Debug)]
pub enum Command {
    /// Another caller rings.
    Ring,
    /// A caller presses a key.
    Press(usize, char),
    /// A caller hangs up.
    HangUp(usize),
}

/// What has happened. Callers are counted from zero in the order in which they have rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A caller rings; `own` if it is somebody at this telephone.
    Rang { caller: usize, name: String, number: String, own: bool },
    /// The call is up.
    Answered { caller: usize },
    /// The line begins to say something.
    Said { caller: usize, lang: String, words: String },
    /// A key has cut the words off.
    Interrupted { caller: usize },
    /// A key was pressed.
    Pressed { caller: usize, key: char },
    /// The caller is in a conference, or in none any more.
    Room { caller: usize, room: Option<String> },
    /// Whom the caller hears.
    Hears { caller: usize, others: Vec<usize> },
    /// The call is over.
    Over { caller: usize, how: &'static str },
    /// The line was asked and has answered.
    Asked { caller: usize, text: String },
    /// A rule was broken.
    Wrong { text: String },
}

impl News {
    /// The caller whom it is about.
    pub fn caller(&self) -> Option<usize> {
        match self {
            News::Rang { caller, .. }
            | News::Answered { caller }
            | News::Said { caller, .. }
            | News::Interrupted { caller }
            | News::Pressed { caller, .. }
            | News::Room { caller, .. }
            | News::Hears { caller, .. }
            | News::Over { caller, .. }
            | News::Asked { caller, .. } => Some(*caller),
            News::Wrong { .. } => None,
        }
    }
}

/// The way to the thread and back.
pub struct Line {
    commands: Sender<Command>,
    news: Receiver<News>,
}

impl Line {
    /// Sets the platform up, and lets callers who need nobody at the telephone come at their time.
    pub fn open(target: Target, callers: Vec<CallerSpec>) -> Result<Self> {
        let (commands, orders) = mpsc::channel();
        let (told, news) = mpsc::channel();
        let (ready, is_ready) = mpsc::channel();
        std::thread::spawn(move || {
            let setup = match target.set_up(usual()) {
                Ok(setup) => {
                    let _ = ready.send(Ok(()));
                    setup
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                    return;
                }
            };
            let platform = setup.platform.with_words_of(WORD);
            let started = Instant::now();
            let (calls, rung, at) = (Vec::new(), Vec::new(), 0);
            Exchange { platform, calls, rung, told: at, news: told, started }.run(&orders, callers);
        });
        is_ready.recv().map_err(|_| anyhow!("the platform can't be set up"))??;
        Ok(Line { commands, news })
    }

    /// Does something at the telephone.
    pub fn send(&self, command: Command) {
        // A thread that has broken off is noticed when its news are asked for.
        let _ = self.commands.send(command);
    }

    /// What has happened since this was last asked.
    pub fn news(&self) -> Result<Vec<News>> {
        let mut all = Vec::new();
        loop {
            match self.news.try_recv() {
                Ok(news) => all.push(news),
                Err(TryRecvError::Empty) => return Ok(all),
                Err(TryRecvError::Disconnected) => return Err(anyhow!("the platform has broken off")),
            }
        }
    }
}

struct Exchange {
    platform: Platform,
    /// All calls, and whether somebody at the telephone makes them.
    calls: Vec<(CallId, bool)>,
    /// Those that have rung, in that order.
    rung: Vec<CallId>,
    told: usize,
    news: Sender<News>,
    started: Instant,
}

impl Exchange {
    /// Runs until nobody is interested any more.
    fn run(mut self, orders: &Receiver<Command>, callers: Vec<CallerSpec>) {
        for spec in callers {
            let call = self.platform.call(spec.caller(self.calls.len(), None), spec.at);
            self.calls.push((call, false));
        }
        loop {
            self.platform.run_until(self.started.elapsed());
            if self.tell().is_err() {
                return;
            }
            let due = self.platform.next_due().map(|due| due.saturating_sub(self.started.elapsed()));
            match orders.recv_timeout(due.unwrap_or(PATIENCE).min(PATIENCE)) {
                Ok(command) => self.obey(command),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn obey(&mut self, command: Command) {
        let now = self.started.elapsed();
        self.platform.run_until(now);
        match command {
            Command::Ring => {
                let number = caller::telephone_number(self.calls.len());
                let call = self.platform.call(Caller::new(&number), now);
                self.calls.push((call, true));
            }
            Command::Press(caller, key) => self.with(caller, |platform, call| platform.press(call, key)),
            Command::HangUp(caller) => self.with(caller, Platform::hang_up),
        }
    }

    fn with(&mut self, caller: usize, act: impl FnOnce(&mut Platform, CallId)) {
        if let Some(call) = self.rung.get(caller) {
            act(&mut self.platform, *call);
        }
    }

    /// Tells what has happened since.
    fn tell(&mut self) -> Result<(), mpsc::SendError<News>> {
        for entry in self.platform.trace().iter().skip(self.told) {
            if let (What::Rings, Some(call)) = (&entry.what, entry.call) {
                self.rung.push(call);
            }
            if let Some(news) = self.translated(entry) {
                self.news.send(news)?;
            }
        }
        self.told = self.platform.trace().len();
        Ok(())
    }

    fn place(&self, call: CallId) -> Option<usize> {
        self.rung.iter().position(|known| *known == call)
    }

    fn translated(&self, entry: &TraceEntry) -> Option<News> {
        if let What::Violation(violation) = &entry.what {
            return Some(News::Wrong { text: violation.to_string() });
        }
        let call = entry.call?;
        let caller = self.place(call)?;
        Some(match &entry.what {
            What::Rings => {
                let own = self.calls.iter().any(|(known, own)| *known == call && *own);
                News::Rang { caller, name: caller::name(caller), number: entry.who.to_string(), own }
            }
            What::Answered => News::Answered { caller },
            What::Hears(heard) => News::Said { caller, lang: heard.lang.clone(), words: words(heard) },
            What::Interrupts => News::Interrupted { caller },
            What::Presses(key) => News::Pressed { caller, key: *key },
            What::Joined { to: Bridge::Conference(room), .. } => {
                News::Room { caller, room: Some(room.clone()) }
            }
            What::Unjoined { .. } => News::Room { caller, room: None },
            What::HearsCaller(_) | What::LosesCaller(_) => {
                let others = self.platform.heard_by(call).into_iter().filter_map(|other| self.place(other));
                News::Hears { caller, others: others.collect() }
            }
            What::Over(ended) => News::Over { caller, how: over(ended) },
            What::Exchange(exchange) => {
                let Told { asked, answer } = told(exchange)?;
                News::Asked { caller, text: format!("{asked} → {answer}") }
            }
            _ => return None,
        })
    }
}

fn over(ended: &Ended) -> &'static str {
    match ended {
        Ended::CallerHungUp => "hung up",
        Ended::Disconnected { .. } => "the line has hung up",
        Ended::NeverAnswered => "not answered",
        Ended::Redirected => "sent to another number",
        Ended::BareHangUp => "cut off",
        Ended::Lost | Ended::PlatformDied | Ended::NotYet => "lost",
    }
}
