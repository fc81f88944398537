//! A transcript that reads like a play.

use super::told::{Told, clock, ends_keys, sent, told, words};
use super::{listed, summary};
use crate::places::Places;
use crate::play::{Callers, Plan, Play};
use crate::secrets::Mask;
use crate::target::Target;
use anstyle::{AnsiColor, Effects, Style};
use anyhow::Result;
use ccxml_platform::{Bridge, CallId, Ended, Entry, Platform, TraceEntry, What};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Write};
use std::time::Duration;

const NAME: Style = Style::new().effects(Effects::BOLD);
const LINE: Style = AnsiColor::Cyan.on_default();
const DIMMED: Style = Style::new().effects(Effects::DIMMED);
const WRONG: Style = AnsiColor::Red.on_default();
const RIGHT: Style = AnsiColor::Green.on_default();

/// How wide the text is where nobody says.
const WIDTH: usize = 100;

/// How far the text is from the left: the time, and who it is about.
const INDENT: usize = 16;

/// What a rehearsal in virtual time does not show.
const NOTE: &str = "Time was virtual, and ahead of the line's own clock: its leases and limits of time did not run \
    along. --real-time lets them.";

/// The transcript of a rehearsal, as far as it has got.
pub struct Transcript {
    heading: String,
    /// What is to be known about the time.
    note: Option<String>,
    width: usize,
    told: usize,
    /// What callers key, until they do something else.
    keys: BTreeMap<CallId, (Duration, String)>,
    /// What each caller was told last.
    said: BTreeMap<CallId, String>,
    /// Who is in which conference, and is heard there.
    rooms: BTreeMap<String, BTreeSet<CallId>>,
    hearing: BTreeSet<(CallId, CallId)>,
    /// Conferences in which something has changed at this moment.
    changed: Option<(Duration, BTreeSet<String>)>,
    places: Places,
    mask: Mask,
}

impl Transcript {
    /// Begins a transcript.
    pub fn new(target: &Target, plan: &Plan) -> Self {
        let remote = matches!(target, Target::Address { .. });
        let time = if plan.real_time { "real" } else { "virtual" };
        let width = ratatui::crossterm::terminal::size().ok().filter(|_| std::io::stdout().is_terminal());
        Transcript {
            heading: format!("A call to {}, in {time} time", target.name()),
            note: (remote && !plan.real_time).then(|| NOTE.into()),
            width: width.map_or(WIDTH, |(columns, _)| usize::from(columns).clamp(60, 120)),
            told: 0,
            keys: BTreeMap::new(),
            said: BTreeMap::new(),
            rooms: BTreeMap::new(),
            hearing: BTreeSet::new(),
            changed: None,
            places: Places::default(),
            mask: Mask::default(),
        }
    }

    /// Writes the heading.
    pub fn open(&self, to: &mut impl Write) -> Result<()> {
        Ok(writeln!(to, "{NAME}{}{NAME:#}\n", self.heading)?)
    }

    /// Writes what has happened since.
    pub fn go_on(&mut self, platform: &Platform, callers: &Callers, to: &mut impl Write) -> Result<()> {
        for entry in platform.trace().iter().skip(self.told) {
            let entry = self.mask.apply(entry, &callers.secrets);
            self.entry(&entry, callers, to)?;
        }
        self.told = platform.trace().len();
        Ok(())
    }

    /// Writes how it all ended.
    pub fn close(&mut self, play: &Play, reasons: &[String], to: &mut impl Write) -> Result<()> {
        self.flush_rooms(&play.callers, to)?;
        writeln!(to)?;
        if reasons.is_empty() {
            writeln!(to, "{RIGHT}All went well.{RIGHT:#} {}", summary(play))?;
        }
        if let Some(note) = &self.note {
            writeln!(to, "{DIMMED}{note}{DIMMED:#}")?;
        }
        for reason in reasons {
            writeln!(to, "{WRONG}{}{WRONG:#}", play.callers.secrets.hide(reason))?;
        }
        Ok(())
    }

    fn entry(&mut self, entry: &TraceEntry, callers: &Callers, to: &mut impl Write) -> Result<()> {
        if self.changed.as_ref().is_some_and(|(at, _)| *at != entry.at) {
            self.flush_rooms(callers, to)?;
        }
        let Some(call) = entry.call else { return self.other_entry(entry, to) };
        if ends_keys(&entry.what) {
            self.flush_keys(call, callers, to)?;
        }
        let at = entry.at;
        let name = callers.name(call);
        match &entry.what {
            What::Rings => {
                let number = entry.who.as_ref();
                self.line(to, at, NAME, name, &format!("rings from {number}"))
            }
            What::Hears(heard) => {
                let words = words(heard);
                // Music is one recording after the other: told once, until something else is heard.
                let before = self.said.insert(call, words.clone());
                if heard.text.is_empty() && before.as_ref() == Some(&words) {
                    return Ok(());
                }
                self.line(to, at, LINE, "Line", &format!("to {name}: “{words}”"))
            }
            What::Misses(heard) => {
                let text = format!("to {name}, who does not hear it: “{}”", heard.text);
                self.line(to, at, WRONG, "Line", &text)
            }
            What::Answers { entry: Entry::Silence, .. } => self.line(to, at, NAME, name, "does nothing"),
            What::Answers { entry: Entry::Nonsense, .. } => self.line(to, at, NAME, name, "makes a noise"),
            What::Presses(key) => {
                let (last, keys) = self.keys.entry(call).or_default();
                (*last, _) = (at, keys.push(*key));
                Ok(())
            }
            What::Interrupts => self.line(to, at, NAME, name, "does not wait for the end of the words"),
            What::Joined { to: Bridge::Conference(room), .. } => {
                self.rooms.entry(room.clone()).or_default().insert(call);
                self.change(at, room);
                Ok(())
            }
            What::Unjoined { from: Bridge::Conference(room) } => {
                if let Some(members) = self.rooms.get_mut(room) {
                    members.remove(&call);
                }
                self.change(at, room);
                Ok(())
            }
            What::Joined { to: Bridge::Call(other), .. } => {
                let text = format!("is put through to {}", callers.name(*other));
                self.line(to, at, NAME, name, &text)
            }
            What::HearsCaller(other) => {
                self.hearing.insert((call, *other));
                Ok(())
            }
            What::LosesCaller(other) => {
                self.hearing.remove(&(call, *other));
                Ok(())
            }
            What::Told { by, event } => {
                let text = sent(by, event, name, |call| callers.name(call).into());
                self.line(to, at, DIMMED, "", &text)
            }
            What::HangsUp => self.line(to, at, NAME, name, "hangs up"),
            What::Over(ended) => match ended {
                Ended::Disconnected { .. } => self.line(to, at, LINE, "Line", &format!("hangs up on {name}")),
                Ended::BareHangUp => self.line(to, at, WRONG, "Line", &format!("cuts {name} off")),
                Ended::NeverAnswered => self.line(to, at, WRONG, "Line", &format!("does not answer {name}")),
                Ended::Lost => self.line(to, at, WRONG, name, "is lost to the network"),
                Ended::Redirected => {
                    self.line(to, at, LINE, "Line", &format!("sends {name} to another number"))
                }
                Ended::CallerHungUp | Ended::PlatformDied | Ended::NotYet => Ok(()),
            },
            _ => self.other_entry(entry, to),
        }?;
        Ok(())
    }

    /// What is not about a caller, or only for those who want to know.
    fn other_entry(&mut self, entry: &TraceEntry, to: &mut impl Write) -> Result<()> {
        match &entry.what {
            What::Exchange(exchange) => {
                if let Some(Told { asked, answer }) = told(exchange) {
                    self.line(to, entry.at, DIMMED, "", &format!("{asked} → {answer}"))?;
                }
                match self.places.learn(exchange) {
                    Some(number) => self.line(to, entry.at, NAME, "", &format!("{number} is free again")),
                    None => Ok(()),
                }
            }
            What::Logs { text, .. } => self.line(to, entry.at, DIMMED, "", &format!("log: {text}")),
            What::Fault(fault) => self.line(to, entry.at, WRONG, "", fault),
            What::Violation(violation) => self.line(to, entry.at, WRONG, "", &violation.to_string()),
            _ => Ok(()),
        }
    }

    fn change(&mut self, at: Duration, room: &str) {
        self.changed.get_or_insert((at, BTreeSet::new())).1.insert(room.into());
    }

    fn flush_keys(&mut self, call: CallId, callers: &Callers, to: &mut impl Write) -> Result<()> {
        let Some((at, keys)) = self.keys.remove(&call) else { return Ok(()) };
        let spaced = keys.chars().map(String::from).collect::<Vec<_>>().join(" ");
        self.line(to, at, NAME, callers.name(call), &format!("keys {spaced}"))
    }

    /// Tells who hears whom in the conferences in which something has changed.
    fn flush_rooms(&mut self, callers: &Callers, to: &mut impl Write) -> Result<()> {
        let Some((at, rooms)) = self.changed.take() else { return Ok(()) };
        for room in rooms {
            let members: Vec<CallId> = self.rooms.get(&room).into_iter().flatten().copied().collect();
            let names: Vec<&str> = members.iter().map(|call| callers.name(*call)).collect();
            let hears = |listener: CallId, speaker: CallId| self.hearing.contains(&(listener, speaker));
            let all = members.iter().all(|one| members.iter().all(|two| one == two || hears(*one, *two)));
            match members.as_slice() {
                [] => self.line(to, at, DIMMED, "", &format!("{room} is empty"))?,
                [one] => self.line(to, at, NAME, callers.name(*one), &format!("is alone in {room}"))?,
                _ if all => {
                    let other = if members.len() == 2 { "each other" } else { "one another" };
                    self.line(to, at, NAME, "", &format!("{} hear {other} in {room}", listed(&names)))?;
                }
                _ => {
                    for listener in &members {
                        let heard = members.iter().filter(|speaker| hears(*listener, **speaker));
                        let heard: Vec<&str> = heard.map(|call| callers.name(*call)).collect();
                        let text = format!("hears {} in {room}", listed(&heard));
                        self.line(to, at, NAME, callers.name(*listener), &text)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// One line of the play, broken where it is too long.
    fn line(&self, to: &mut impl Write, at: Duration, style: Style, who: &str, text: &str) -> Result<()> {
        let options = textwrap::Options::new(self.width.saturating_sub(INDENT)).break_words(false);
        let (mut time, mut who) = (clock(at), who);
        for text in textwrap::wrap(text, options) {
            let text = if style == DIMMED { format!("{DIMMED}{text}{DIMMED:#}") } else { text.into_owned() };
            writeln!(to, "{time:>7}  {style}{who:<6}{style:#} {text}")?;
            (time, who) = (String::new(), "");
        }
        Ok(())
    }
}
