//! What the screen shows: the callers, what they hear, and who one is.

use super::line::News;
use crate::play::WORD;
use std::time::{Duration, Instant};

/// Everything that the screen shows.
#[derive(Debug)]
pub struct State {
    /// What the line is called.
    pub line: String,
    /// When it all began.
    pub since: Instant,
    /// Who has rung.
    pub callers: Vec<CallerState>,
    /// What was found wrong last.
    pub wrong: Option<String>,
    current: usize,
}

/// A caller.
#[derive(Debug)]
pub struct CallerState {
    /// The name.
    pub name: String,
    /// The telephone number.
    pub number: String,
    /// Where the call stands.
    pub place: Place,
    /// Whom the caller hears, by their places.
    pub hears: Vec<usize>,
    /// What was said and keyed.
    pub talk: Vec<Talk>,
}

/// Where a call stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It rings.
    Ringing,
    /// The line speaks or listens.
    AtTheLine,
    /// In the conference of that name.
    In(String),
    /// It is over, and how.
    Gone(&'static str),
}

/// One thing that was said or keyed.
#[derive(Debug)]
pub struct Talk {
    /// What sort of thing.
    pub kind: Kind,
    /// Its words.
    pub text: String,
    began: Instant,
    /// When it was cut off.
    ended: Option<Instant>,
}

/// What sort of thing is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The line speaks.
    Words,
    /// The caller keys.
    Keys,
    /// What the line was asked, and other things that nobody hears.
    Request,
}

impl Talk {
    /// What has been said of it so far, and whether there is more to come.
    pub fn said(&self, now: Instant) -> (String, bool) {
        if self.kind != Kind::Words {
            return (self.text.clone(), false);
        }
        let time: Duration = self.ended.unwrap_or(now).saturating_duration_since(self.began);
        let words: Vec<&str> = self.text.split(' ').collect();
        let said = (time.as_millis() / WORD.as_millis()) as usize + 1;
        let more = said < words.len();
        let text = words.iter().take(said).copied().collect::<Vec<_>>().join(" ");
        let cut = if more && self.ended.is_some() { " —" } else { "" };
        (format!("{text}{cut}"), more && self.ended.is_none())
    }
}

impl State {
    /// Nobody has rung yet.
    pub fn new(line: String) -> Self {
        State { line, since: Instant::now(), callers: Vec::new(), wrong: None, current: 0 }
    }

    /// Who one is.
    pub fn current(&self) -> usize {
        self.current
    }

    /// One is somebody else from here on, if there is such a caller.
    pub fn become_caller(&mut self, caller: usize) {
        if caller < self.callers.len() {
            self.current = caller;
        }
    }

    /// One is the caller who has rung last.
    pub fn become_last(&mut self) {
        self.current = self.callers.len().saturating_sub(1);
    }

    /// One is the next caller.
    pub fn become_next(&mut self) {
        self.current = if self.current + 1 < self.callers.len() { self.current + 1 } else { 0 };
    }

    /// Takes news in.
    pub fn learn(&mut self, news: News, now: Instant) {
        if let News::Wrong { text } = news {
            self.wrong = Some(text);
            return;
        }
        if let News::Rang { name, number, .. } = news {
            let place = Place::Ringing;
            self.callers.push(CallerState { name, number, place, hears: Vec::new(), talk: Vec::new() });
            return;
        }
        let Some(caller) = news.caller().and_then(|caller| self.callers.get_mut(caller)) else { return };
        match news {
            News::Answered { .. } => caller.place = Place::AtTheLine,
            News::Said { words, .. } => caller.add(Kind::Words, words, now),
            News::Interrupted { .. } => caller.cut_off(now),
            News::Pressed { key, .. } => caller.key(key, now),
            // The bridges of a call that is over are taken down after it.
            News::Room { .. } if matches!(caller.place, Place::Gone(_)) => {}
            News::Room { room, .. } => caller.place = room.map_or(Place::AtTheLine, Place::In),
            News::Hears { others, .. } => caller.hears = others,
            News::Over { how, .. } => {
                caller.cut_off(now);
                caller.place = Place::Gone(how);
                caller.hears.clear();
            }
            News::Asked { text, .. } => caller.add(Kind::Request, text, now),
            News::Rang { .. } | News::Wrong { .. } => {}
        }
    }

    /// The names of those whom a caller hears.
    pub fn heard_by<'a>(&'a self, caller: &'a CallerState) -> Vec<&'a str> {
        caller.hears.iter().filter_map(|other| Some(self.callers.get(*other)?.name.as_str())).collect()
    }
}

impl CallerState {
    fn add(&mut self, kind: Kind, text: String, now: Instant) {
        self.talk.push(Talk { kind, text, began: now, ended: None });
    }

    fn key(&mut self, key: char, now: Instant) {
        match self.talk.last_mut().filter(|talk| talk.kind == Kind::Keys) {
            Some(keys) => keys.text.extend([' ', key]),
            None => self.add(Kind::Keys, key.to_string(), now),
        }
    }

    /// Whatever is being said is said no further.
    fn cut_off(&mut self, now: Instant) {
        for talk in self.talk.iter_mut().filter(|talk| talk.kind == Kind::Words && talk.ended.is_none()) {
            talk.ended = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_hung_up_stays_gone() {
        let now = Instant::now();
        let mut state = State::new(String::new());
        let room = |room: Option<&str>| News::Room { caller: 0, room: room.map(str::to_string) };
        let rang = News::Rang { caller: 0, name: "Anna".into(), number: "+1".into(), own: true };
        for news in [rang, room(Some("r")), News::Over { caller: 0, how: "hung up" }, room(None)] {
            state.learn(news, now);
        }
        assert_eq!(state.callers[0].place, Place::Gone("hung up"));
    }

    #[test]
    fn words_appear_one_by_one_until_they_are_cut_off() {
        let now = Instant::now();
        let mut caller = CallerState {
            name: "Anna".into(),
            number: "+1".into(),
            place: Place::AtTheLine,
            hears: Vec::new(),
            talk: Vec::new(),
        };
        caller.add(Kind::Words, "Please enter your number".into(), now);
        let said = |caller: &CallerState, words: u32| caller.talk[0].said(now + WORD * words);
        assert_eq!(said(&caller, 0), ("Please".into(), true));
        assert_eq!(said(&caller, 2), ("Please enter your".into(), true));
        assert_eq!(said(&caller, 9), ("Please enter your number".into(), false));
        caller.cut_off(now + WORD);
        assert_eq!(said(&caller, 9), ("Please enter —".into(), false));
        for key in "12#".chars() {
            caller.key(key, now);
        }
        assert_eq!(caller.talk[1].text, "1 2 #");
    }
}
