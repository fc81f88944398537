//! What operators do to a conference (contract section 6).

use super::caller::{Caller, Kicked, Role};
use super::event::{Event, EventKind};
use super::expiry;
use super::state::Ending;
use super::transaction::Transaction;
use super::wrong_pins::WrongPins;
use crate::clock::Millis;
use crate::identity::{self, Identity};
use crate::number::SessionId;

/// The word for all but moderators.
pub const ALL: &str = "all";

/// What an operator does to one conference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Ends it for those who are in it. Where nobody can be told so, the number is free at once.
    End,
    /// Locks it: it takes no newcomers.
    Lock,
    /// Unlocks it.
    Unlock,
    /// Removes callers, who hear so at the next renewal and do not get back in with the same session.
    Kick(Whom),
    /// Mutes callers: they only listen, and can't change that. Muting all goes for newcomers too.
    Mute(Whom),
    /// Lets callers be heard again, also those who have muted themselves.
    Unmute(Whom),
    /// Lengthens the time that it may last.
    Extend(Millis),
    /// Forgets the wrong PINs and takes PINs again. It takes no conference in progress.
    Reopen,
}

/// Which callers an operation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// All but moderators. Who has no session can't be told anything and is left alone.
    All,
    /// The one with this session, with this number, or whose number ends in these digits.
    Session(SessionId),
}

/// What an operation has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Whether anything is different from before.
    pub changed: bool,
    /// The callers who hear of it.
    pub told: Vec<Hears>,
    /// How many of them have heard of it already.
    pub reached: usize,
    /// The time until the conference ends by itself, in milliseconds, if that is known.
    pub ends_in: Option<Millis>,
}

/// A caller who hears of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hears {
    /// The caller's session.
    pub session: SessionId,
    /// The caller's number, as far as it is known and kept.
    pub caller: Option<String>,
    /// The URL that takes events for it, if it has one.
    pub control: Option<String>,
}

/// Why an operation was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// There is no conference of that number.
    NoConference,
    /// There is no caller with that session, or nobody but moderators.
    NoCaller,
    /// So many callers have a telephone number that ends in these digits.
    ManyCallers(usize),
    /// The conference is ending, and nothing changes that.
    Ending,
    /// The conference may last as long as it likes.
    NoLimit,
}

impl Operation {
    /// Which callers it is about; none if it is about the conference.
    pub fn whom(&self) -> Option<&Whom> {
        match self {
            Self::Kick(whom) | Self::Mute(whom) | Self::Unmute(whom) => Some(whom),
            Self::End | Self::Lock | Self::Unlock | Self::Extend(_) | Self::Reopen => None,
        }
    }
}

impl Whom {
    /// Whom an operator names: [`ALL`], or anything that a session or a number may look like.
    pub fn named(text: &str) -> Option<Self> {
        match text {
            ALL => Some(Self::All),
            text => SessionId::parse(text).map(Self::Session),
        }
    }

    /// What an operator calls them.
    pub fn as_str(&self) -> &str {
        match self {
            Self::All => ALL,
            Self::Session(session) => session.as_str(),
        }
    }
}

impl Transaction<'_> {
    /// Does what an operator, who may have a name, asks for. What was done already is done.
    pub fn operate(&mut self, operation: &Operation, by: Option<&str>) -> Result<Done, NotDone> {
        if !self.conference.is_occupied() && *operation != Operation::Reopen {
            return Err(NotDone::NoConference);
        }
        let happened_before = self.events.len();
        let (changed, told) = match operation {
            Operation::End => self.end(),
            Operation::Lock => self.lock(true)?,
            Operation::Unlock => self.lock(false)?,
            Operation::Kick(Whom::Session(session)) => self.kick(&self.meant(session)?)?,
            Operation::Kick(Whom::All) => self.kick_all()?,
            Operation::Mute(whom) => self.mute(whom, true)?,
            Operation::Unmute(whom) => self.mute(whom, false)?,
            Operation::Extend(by) => self.extend(*by)?,
            Operation::Reopen => self.reopen(),
        };
        for event in self.events.iter_mut().skip(happened_before) {
            event.by = by.map(str::to_owned);
        }
        Ok(Done { changed, told, reached: 0, ends_in: self.conference.ends_in() })
    }

    fn end(&mut self) -> (bool, Vec<Hears>) {
        let changed = self.conference.ending.is_none();
        if changed {
            self.events.push(expiry::end(&mut self.conference, Ending::Operator, self.times));
        }
        (changed, self.everybody())
    }

    fn lock(&mut self, locked: bool) -> Result<(bool, Vec<Hears>), NotDone> {
        self.goes_on()?;
        Ok((self.set_locked(locked), Vec::new()))
    }

    /// Locks or unlocks the conference, and says whether that changes anything.
    pub(super) fn set_locked(&mut self, locked: bool) -> bool {
        let changed = self.conference.locked != locked;
        if changed {
            self.conference.locked = locked;
            let kind = if locked { EventKind::Locked } else { EventKind::Unlocked };
            self.events.push(Event::of(kind, &self.conference, None));
        }
        changed
    }

    fn kick(&mut self, session: &SessionId) -> Result<(bool, Vec<Hears>), NotDone> {
        if let Some(kicked) = self.conference.kicked.iter().find(|kicked| kicked.session == *session) {
            let hears = Hears { session: session.clone(), caller: kicked.caller.clone(), control: None };
            return Ok((false, vec![hears]));
        }
        let caller = self.conference.remove(session, self.times).ok_or(NotDone::NoCaller)?;
        let number = caller.identity.caller.clone();
        self.conference.kicked.push(Kicked {
            session: session.clone(),
            lease: self.times.lease,
            caller: number,
        });
        self.events.push(Event::end_of_stay(EventKind::Kicked, &self.conference, &caller, caller.age));
        Ok((true, told(&caller).into_iter().collect()))
    }

    fn kick_all(&mut self) -> Result<(bool, Vec<Hears>), NotDone> {
        let callers = self.conference.callers.iter().filter(|caller| caller.role == Role::Caller);
        let sessions: Vec<_> = callers.filter_map(|caller| caller.session.clone()).collect();
        if sessions.is_empty() {
            return Err(NotDone::NoCaller);
        }
        let mut hear = Vec::new();
        for session in &sessions {
            hear.extend(self.kick(session)?.1);
        }
        Ok((true, hear))
    }

    /// Mutes, or lets be heard, who is meant. What one has done to oneself only an operator who names one lifts.
    pub(super) fn mute(&mut self, whom: &Whom, muted: bool) -> Result<(bool, Vec<Hears>), NotDone> {
        self.goes_on()?;
        let one = match whom {
            Whom::All => None,
            Whom::Session(session) => Some(self.meant(session)?),
        };
        let (mut changed, mut hear) = (false, Vec::new());
        if let (None, Some(terms)) = (&one, &mut self.conference.terms) {
            changed = std::mem::replace(&mut terms.muted, muted) != muted;
        }
        let is_meant = |caller: &Caller| match &one {
            Some(_) => caller.session == one,
            None => caller.role != Role::Moderator,
        };
        for caller in self.conference.callers.iter_mut().filter(|caller| is_meant(caller)) {
            let (before, listened) = ((caller.muted, caller.self_muted), caller.listens());
            caller.muted = muted;
            caller.self_muted &= muted || one.is_none();
            changed |= before != (caller.muted, caller.self_muted);
            if listened != caller.listens() {
                hear.extend(told(caller));
            }
        }
        let kind = if muted { EventKind::Muted } else { EventKind::Unmuted };
        let event = match &one {
            Some(_) => {
                let caller = self.conference.callers.iter().find(|caller| is_meant(caller));
                Event::of_caller(kind, &self.conference, caller.ok_or(NotDone::NoCaller)?)
            }
            None => Event::of(kind, &self.conference, None),
        };
        if changed {
            self.events.push(event);
        }
        Ok((changed, hear))
    }

    fn extend(&mut self, by: Millis) -> Result<(bool, Vec<Hears>), NotDone> {
        self.goes_on()?;
        let most = self.conference.terms.as_mut().and_then(|terms| terms.max_millis.as_mut());
        let most = most.ok_or(NotDone::NoLimit)?;
        *most = most.saturating_add(by);
        Ok((true, self.everybody()))
    }

    fn reopen(&mut self) -> (bool, Vec<Hears>) {
        let before = std::mem::take(&mut self.conference.wrong_pins);
        (before != WrongPins::default(), Vec::new())
    }

    fn everybody(&self) -> Vec<Hears> {
        self.conference.callers.iter().filter_map(told).collect()
    }

    /// The session that an operator means: it, or that of the one caller who has this number, or whose number ends in
    /// these digits. Who was removed is meant only where nobody else is.
    fn meant(&self, named: &SessionId) -> Result<SessionId, NotDone> {
        let callers = self.conference.callers.iter();
        let callers = callers.filter_map(|caller| Some((caller.session.as_ref()?, &caller.identity.caller)));
        let kicked = self.conference.kicked.iter().map(|kicked| (&kicked.session, &kicked.caller));
        if callers.clone().chain(kicked.clone()).any(|(session, _)| session == named) {
            return Ok(named.clone());
        }
        let is_meant = |number: &Option<String>| {
            number.as_deref().is_some_and(|number| identity::is_meant(number, named.as_str()))
        };
        let mut by_number: Vec<_> = callers.filter(|(_, number)| is_meant(number)).collect();
        if by_number.is_empty() {
            by_number = kicked.filter(|(_, number)| is_meant(number)).collect();
        }
        match by_number.as_slice() {
            [(session, _)] => Ok((*session).clone()),
            [] => Err(NotDone::NoCaller),
            several => Err(NotDone::ManyCallers(several.len())),
        }
    }

    fn goes_on(&self) -> Result<(), NotDone> {
        self.conference.ending.map_or(Ok(()), |_| Err(NotDone::Ending))
    }
}

fn told(caller: &Caller) -> Option<Hears> {
    let Identity { caller: number, control, .. } = caller.identity.clone();
    caller.session.clone().map(|session| Hears { session, caller: number, control })
}

#[cfg(test)]
mod tests;
