//! What happens between which lanes, row by row, and who hears whom meanwhile.

use super::super::told::{Told, clock, ends_keys, sent, told, words};
use crate::places::Places;
use crate::play::Play;
use crate::secrets::Mask;
use ccxml_platform::{Bridge, CallId, Ended, What};
use std::collections::BTreeMap;

/// A diagram, before it has a size.
#[derive(Debug, Default)]
pub struct Diagram {
    /// What it shows, in a sentence.
    pub title: String,
    /// The names of the lanes, from left to right: callers first.
    pub lanes: Vec<String>,
    /// How many of them are callers.
    pub callers: usize,
    /// What happens, from top to bottom.
    pub rows: Vec<Row>,
    /// Who hears whom, and who is in which conference.
    pub bars: Vec<Bar>,
}

/// Something that passes from one lane to another.
#[derive(Debug)]
pub struct Row {
    /// When, as a clock shows it.
    pub time: String,
    /// The lane where it comes from.
    pub from: usize,
    /// The lane where it goes to; the one it comes from for what happens within a lane.
    pub to: usize,
    /// What it is.
    pub text: String,
    /// How it is drawn.
    pub kind: Kind,
}

/// What sort of thing passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What a caller does.
    Does,
    /// What a caller hears.
    Hears,
    /// A request.
    Asks,
    /// The answer to it.
    Answers,
    /// Something that should not happen.
    Wrong,
}

/// A time in which something goes on beside a lane.
#[derive(Debug)]
pub struct Bar {
    /// The lane.
    pub lane: usize,
    /// The caller who is heard, or who is in the conference.
    pub caller: usize,
    /// The row after which it begins.
    pub begins: usize,
    /// The row after which it ends.
    pub ends: usize,
}

/// Lays the rows of a play out.
pub fn of(play: &Play) -> Diagram {
    let names: Vec<(CallId, &str)> = play.callers.calls().collect();
    let rooms = rooms(play);
    let mut lanes: Vec<String> = names.iter().map(|(_, name)| (*name).to_string()).collect();
    let (platform, program) = (lanes.len(), lanes.len() + 1);
    lanes.extend(["voice platform".into(), "program".into()]);
    lanes.extend(rooms.iter().cloned());
    let title =
        format!("A call: {}", super::super::listed(&names.iter().map(|(_, name)| *name).collect::<Vec<_>>()));
    let diagram = Diagram { title, lanes, callers: names.len(), ..Diagram::default() };
    let mut layout = Layout {
        play,
        rooms,
        platform,
        program,
        diagram,
        keys: BTreeMap::new(),
        open: BTreeMap::new(),
        places: Places::default(),
    };
    let mut mask = Mask::default();
    for entry in play.setup.platform.trace() {
        let entry = mask.apply(entry, &play.callers.secrets);
        let caller = entry.call.and_then(|call| names.iter().position(|(known, _)| *known == call));
        layout.entry(caller, &clock(entry.at), &entry.what);
    }
    layout.close();
    layout.diagram
}

/// The conferences in which somebody ever was.
fn rooms(play: &Play) -> Vec<String> {
    let mut rooms = Vec::new();
    for entry in play.setup.platform.trace() {
        if let What::Joined { to: Bridge::Conference(room), .. } = &entry.what
            && !rooms.contains(room)
        {
            rooms.push(room.clone());
        }
    }
    rooms
}

struct Layout<'a> {
    play: &'a Play,
    rooms: Vec<String>,
    platform: usize,
    program: usize,
    diagram: Diagram,
    keys: BTreeMap<usize, String>,
    /// Bars that have begun: lane and caller, and the row.
    open: BTreeMap<(usize, usize), usize>,
    places: Places,
}

impl Layout<'_> {
    fn entry(&mut self, caller: Option<usize>, time: &str, what: &What) {
        let Some(caller) = caller else { return };
        if ends_keys(what)
            && let Some(keys) = self.keys.remove(&caller)
        {
            let spaced = keys.chars().map(String::from).collect::<Vec<_>>().join(" ");
            self.row(time, caller, self.platform, &spaced, Kind::Does);
        }
        match what {
            What::Rings => self.row(time, caller, self.platform, "rings", Kind::Does),
            What::Presses(key) => self.keys.entry(caller).or_default().push(*key),
            What::Hears(heard) => {
                self.row(time, self.platform, caller, &format!("“{}”", words(heard)), Kind::Hears);
            }
            What::HangsUp => self.row(time, caller, self.platform, "hangs up", Kind::Does),
            What::Over(Ended::Disconnected { .. }) => {
                self.row(time, self.platform, caller, "hangs up", Kind::Does);
            }
            What::Over(Ended::BareHangUp | Ended::NeverAnswered | Ended::Lost) => {
                self.row(time, self.platform, caller, "is cut off", Kind::Wrong);
            }
            What::Joined { to: Bridge::Conference(room), speaks } => {
                let Some(lane) = self.room(room) else { return };
                let text = if *speaks { "joins" } else { "listens" };
                self.row(time, caller, lane, text, Kind::Does);
                self.begin(lane, caller);
            }
            What::Unjoined { from: Bridge::Conference(room) } => {
                if let Some(lane) = self.room(room) {
                    self.end(lane, caller);
                }
            }
            What::HearsCaller(other) => self.with_other(*other, |layout, other| layout.begin(caller, other)),
            What::LosesCaller(other) => self.with_other(*other, |layout, other| layout.end(caller, other)),
            What::Told { by, event } => {
                let callers = &self.play.callers;
                let receiver = callers.calls().nth(caller).map_or("somebody", |(_, name)| name);
                let text = sent(by, event, receiver, |call| callers.name(call).into());
                self.row(time, self.platform, self.platform, &text, Kind::Does);
            }
            What::Exchange(exchange) => {
                if let Some(Told { asked, answer, .. }) = told(exchange) {
                    self.row(time, self.platform, self.program, &asked, Kind::Asks);
                    self.row(time, self.program, self.platform, &answer, Kind::Answers);
                }
                if let Some(number) = self.places.learn(exchange) {
                    let text = format!("{number} is free again");
                    self.row(time, self.program, self.program, &text, Kind::Does);
                }
            }
            What::Violation(violation) => {
                let text = self.play.callers.secrets.hide(&violation.to_string());
                self.row(time, self.platform, self.platform, &text, Kind::Wrong);
            }
            What::Fault(fault) => self.row(time, self.platform, self.platform, fault, Kind::Wrong),
            _ => {}
        }
    }

    fn room(&self, room: &str) -> Option<usize> {
        self.rooms.iter().position(|known| known == room).map(|place| self.program + 1 + place)
    }

    fn with_other(&mut self, other: CallId, then: impl FnOnce(&mut Self, usize)) {
        let place = self.play.callers.calls().position(|(known, _)| known == other);
        if let Some(place) = place {
            then(self, place);
        }
    }

    fn row(&mut self, time: &str, from: usize, to: usize, text: &str, kind: Kind) {
        let (time, text) = (time.into(), text.into());
        self.diagram.rows.push(Row { time, from, to, text, kind });
    }

    fn begin(&mut self, lane: usize, caller: usize) {
        self.open.insert((lane, caller), self.diagram.rows.len());
    }

    fn end(&mut self, lane: usize, caller: usize) {
        if let Some(begins) = self.open.remove(&(lane, caller)) {
            let ends = self.diagram.rows.len();
            self.diagram.bars.push(Bar { lane, caller, begins, ends });
        }
    }

    /// What still goes on goes on to the end.
    fn close(&mut self) {
        for (lane, caller) in self.open.keys().copied().collect::<Vec<_>>() {
            self.end(lane, caller);
        }
    }
}
