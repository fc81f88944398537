//! Entering: exactly one caller is first, everybody after joins.

use super::caller::{Caller, Greeting, Heard, Notice, Role};
use super::event::{Event, EventKind};
use super::state::MORE_MODERATORS;
use super::terms::{MOST_CALLERS, Terms};
use super::ticket::Ticket;
use super::transaction::Transaction;
use super::wrong_pins::Attempt;
use crate::clock::Millis;
use crate::identity::Identity;
use crate::number::SessionId;

/// A caller who wants to get in.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The caller's session; none for a caller who can't be told apart.
    pub session: Option<&'a SessionId>,
    /// The caller's number, as far as it is told already and kept.
    pub caller: Option<&'a str>,
    /// The terms of the conference, if it is to begin.
    pub terms: Terms,
    /// The role in which number and PIN let the caller in.
    pub access: Result<Role, Refused>,
    /// Who keyed the PIN, if it takes one to get in as this caller wants to.
    pub by_pin: Option<Attempt>,
    /// Whether there is a PIN for moderators: a caller who has not keyed the right one yet may be a moderator.
    pub has_moderators: bool,
}

/// A caller who got in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// What they are told.
    pub told: Greeting,
    /// What they may do.
    pub role: Role,
    /// Whether they wait for a moderator.
    pub waiting: bool,
    /// Whether they are alone, and hear music before they join.
    pub alone: bool,
    /// Whether they only listen.
    pub listens: bool,
    /// The time until their first renewal, in milliseconds.
    pub next_renewal: Millis,
}

/// Why a caller does not get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It has as many callers as it may have.
    Full,
    /// An operator has locked it.
    Locked,
    /// It was ended, and somebody is still in.
    Ending,
    /// An operator has removed this caller.
    Kicked,
    /// There is no such room, or nobody can tell what it is like.
    NoRoom,
    /// A PIN has to be keyed first.
    PinWanted,
    /// The PIN is wrong.
    WrongPin,
    /// There were too many wrong PINs, from this telephone number or for this room.
    PinClosed,
}

impl Refused {
    /// The reason in one word, as the call log, the prompts' URLs and recordings have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Locked => "locked",
            Self::Ending => "ending",
            Self::Kicked => "kicked",
            Self::NoRoom => "no_room",
            Self::PinWanted => "pin_wanted",
            Self::WrongPin => "wrong_pin",
            Self::PinClosed => "pin_closed",
        }
    }
}

impl Transaction<'_> {
    /// Lets a caller in, or says why not. The same session again is answered as the first time and counts once. The ticket
    /// is what the session carries with it.
    pub fn enter(&mut self, entry: &Entry<'_>) -> Result<(Entered, Ticket), Refused> {
        if let (Err(Refused::WrongPin), Some(attempt)) = (entry.access, &entry.by_pin) {
            self.conference.wrong_pins.count(attempt);
        }
        let place = entry.session.and_then(|session| self.conference.find(session)).cloned();
        let admitted = match &place {
            Some(place) => self.admit_again(place, entry).map(|()| place.role),
            None => self.admit(entry),
        };
        match (admitted, place) {
            (Err(why), _) => {
                self.refuse(entry, why);
                Err(why)
            }
            (Ok(_), Some(place)) => Ok(self.stay(place)),
            (Ok(role), None) => Ok(self.let_in(entry, role)),
        }
    }

    /// Whether a caller who has a place gets the answer again that they got for it. What opened the way then has to be
    /// shown again; a session alone opens nothing.
    fn admit_again(&self, place: &Caller, entry: &Entry<'_>) -> Result<(), Refused> {
        match (entry.access, place.role) {
            (Ok(role), has) if role == has => Ok(()),
            // Who holds no moderator's place does not get one, but has shown enough for their own.
            (Ok(Role::Moderator), _) => self.takes_pins_from(entry),
            (Ok(Role::Caller), _) => Err(Refused::PinWanted),
            (Err(Refused::NoRoom), _) if !self.conference.terms().pin => Ok(()),
            (Err(why), _) => self.takes_pins_from(entry).and(Err(why)),
        }
    }

    /// The role in which a newcomer gets in. A moderator gets in whenever there is a conference to get into.
    fn admit(&self, entry: &Entry<'_>) -> Result<Role, Refused> {
        let conference = &self.conference;
        if conference.kicked.iter().any(|kicked| Some(&kicked.session) == entry.session) {
            return Err(Refused::Kicked);
        }
        let in_progress = conference.is_occupied();
        if in_progress && conference.ending.is_some() {
            return Err(Refused::Ending);
        }
        self.takes_pins_from(entry)?;
        let locked = in_progress && conference.locked;
        match entry.access {
            Ok(Role::Moderator) if conference.count() >= MOST_CALLERS + MORE_MODERATORS => Err(Refused::Full),
            Ok(Role::Moderator) => Ok(Role::Moderator),
            Err(why) if !locked || entry.has_moderators => Err(why),
            _ if locked => Err(Refused::Locked),
            Ok(Role::Caller) if conference.count() >= self.terms_for(entry).most_callers() => {
                Err(Refused::Full)
            }
            access => access,
        }
    }

    /// Refuses a PIN, or a caller who has yet to key one, while the room is closed to them.
    fn takes_pins_from(&self, entry: &Entry<'_>) -> Result<(), Refused> {
        match &entry.by_pin {
            Some(attempt) if self.conference.wrong_pins.are_closed_to(attempt) => Err(Refused::PinClosed),
            _ => Ok(()),
        }
    }

    /// The terms of the conference in progress, or of the one that is to begin.
    fn terms_for(&self, entry: &Entry<'_>) -> Terms {
        let terms = self.conference.terms.filter(|_| self.conference.is_occupied());
        terms.unwrap_or(entry.terms)
    }

    fn stay(&mut self, place: Caller) -> (Entered, Ticket) {
        let caller = Caller { lease: self.times.lease, ..place };
        if let Some(place) = caller.session.as_ref().and_then(|session| self.conference.find(session)) {
            place.lease = caller.lease;
            // The session counts its key presses anew.
            place.press = 0;
        }
        self.entered(&caller)
    }

    fn let_in(&mut self, entry: &Entry<'_>, role: Role) -> (Entered, Ticket) {
        let (conference, times) = (&mut self.conference, self.times);
        if !conference.is_occupied() {
            conference.begin_anew(self.number);
        }
        let terms = *conference.terms.get_or_insert(entry.terms);
        let is_caller = role == Role::Caller;
        let lease = if entry.session.is_some() { times.lease } else { times.max_age };
        let caller = Caller {
            role,
            waiting: is_caller && terms.wait_for_moderator && conference.opened.is_none(),
            muted: is_caller && terms.muted,
            fresh: entry.session.is_some(),
            identity: Identity { caller: entry.caller.map(str::to_owned), ..Identity::default() },
            ..Caller::new(entry.session, lease, conference.told_to_newcomer())
        };
        conference.add(caller.clone());
        let heard = Heard { notice: Notice::Nothing, ..conference.due(&caller, times) };
        let caller = Caller { heard, ..caller };
        if let Some(place) = conference.callers.last_mut() {
            place.heard = heard;
        }
        let kind = if caller.told == Greeting::First { EventKind::Created } else { EventKind::Joined };
        self.events.push(Event::of_caller(kind, conference, &caller));
        self.entered(&caller)
    }

    /// Logs why somebody does not get in. Who has yet to key a PIN was not turned away.
    fn refuse(&mut self, entry: &Entry<'_>, why: Refused) {
        if why != Refused::PinWanted {
            let event = Event::of(EventKind::Refused, &self.conference, entry.session).because(why.word());
            let id = self.conference.is_occupied().then(|| self.conference.id.clone());
            let caller = entry.caller.map(str::to_owned);
            self.events.push(Event { conference: id, caller, ..event });
        }
    }

    fn entered(&self, caller: &Caller) -> (Entered, Ticket) {
        let entered = Entered {
            told: caller.told,
            role: caller.role,
            waiting: caller.waiting,
            alone: caller.heard.alone,
            listens: caller.listens(),
            next_renewal: self.conference.next_renewal(self.times, caller.waiting),
        };
        (entered, Ticket::of(&self.conference, caller))
    }
}

#[cfg(test)]
mod tests;
