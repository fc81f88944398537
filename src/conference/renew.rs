//! Renewing: a session says that its caller is still there, and hears the state of its conference.

use super::caller::{Caller, Heard};
use super::event::{Event, EventKind};
use super::key::KeyPress;
use super::state::{Ending, MORE_MODERATORS, WITHOUT_MODERATOR};
use super::terms::{MOST_CALLERS, Terms};
use super::ticket::Ticket;
use super::transaction::Transaction;
use super::words::{self, Words};
use crate::clock::Millis;
use crate::identity::Identity;
use crate::number::SessionId;

/// The most sessions that one session wakes up. The others hear at their next renewal.
const MOST_WAKES: usize = 50;

/// How soon a session asks again that could not be told everything at once.
const SOON: Millis = 10_000;

/// What a session reports.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// Which session.
    pub session: &'a SessionId,
    /// The ticket that it has.
    pub ticket: Option<&'a Ticket>,
    /// Who its caller is.
    pub identity: Identity,
    /// The key that its caller has pressed. Only somebody whose ticket is right may press any.
    pub key: Option<KeyPress>,
}

/// The state of a session that renews its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// In the conference. Renew again within this time, in milliseconds.
    Open(Millis),
    /// As before: a session that waits goes on to wait, one that is in stays in. Renew again within this time.
    Waiting(Millis),
    /// Alone in the conference, with music in place of the mix. Renew again within this time.
    Alone(Millis),
    /// The conference was ended.
    Ended(Ending),
    /// An operator has removed this caller.
    Kicked,
}

/// The answer to a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// The state of the session.
    pub state: SessionState,
    /// Whether the caller only listens.
    pub listens: bool,
    /// What the caller is told in the conference.
    pub words: Option<Words>,
    /// The sessions that this one wakes up, so that they ask for their state.
    pub wakes: Vec<SessionId>,
    /// What the session carries with it from now on, if its own ticket says something else.
    pub ticket: Option<Ticket>,
}

impl Renewed {
    /// Nothing but a state.
    fn only(state: SessionState) -> Self {
        Self { state, listens: false, words: None, wakes: Vec::new(), ticket: None }
    }
}

impl Transaction<'_> {
    /// Renews a caller's lease. Nothing depends on whether the ticket is right.
    ///
    /// `None` if the caller has no place. Nothing has changed then, for a right ticket may bring it back.
    pub fn renew(&mut self, report: &Report<'_>) -> Option<Renewed> {
        let renewed = self.renew_place(report);
        if renewed.is_none() {
            self.discard();
        }
        renewed
    }

    /// Renews a caller's lease. A caller without a place gets it back by the ticket, whose signature must be right. Without
    /// one, a line that lends places gives one to an ordinary caller on terms that it `lends` on, if anybody might enter.
    pub fn renew_or_restore(&mut self, report: &Report<'_>, lends: Option<Terms>) -> Renewed {
        if let Some(renewed) = self.renew_place(report) {
            return renewed;
        }
        let is_full = |most| self.conference.count() >= most;
        let place = match (report.ticket, lends) {
            (Some(_), _) if is_full(MOST_CALLERS + MORE_MODERATORS) => None,
            (Some(ticket), _) => {
                ticket.restore(&mut self.conference, self.times.lease);
                Some(ticket.place(&self.conference, report.session, self.times.lease))
            }
            (None, _) if self.conference.locked || is_full(MOST_CALLERS) => None,
            (None, lends) => lends.map(|terms| self.lent_place(report.session, terms)),
        };
        match place {
            Some(place) => self.put_back(place, report),
            // Who can't be given a place goes on as they are.
            None => Renewed::only(SessionState::Waiting(self.times.renew)),
        }
    }

    fn renew_place(&mut self, report: &Report<'_>) -> Option<Renewed> {
        let session = report.session;
        if let Some(kicked) = self.conference.kicked.iter_mut().find(|kicked| kicked.session == *session) {
            kicked.lease = self.times.lease;
            return Some(Renewed::only(SessionState::Kicked));
        }
        let opened = self.conference.opened.is_some();
        if let Some(caller) = self.conference.find(session) {
            caller.lease = self.times.lease;
            caller.waiting = caller.waiting && !opened;
            return Some(self.reply(report));
        }
        let is_another = report.ticket.is_some_and(|ticket| !ticket.is_of(&self.conference));
        let ending = self.conference.ending.filter(|_| !is_another);
        ending.map(|why| Renewed::only(SessionState::Ended(why)))
    }

    /// The place of somebody of whom nothing is known but that they renew, on a line where anybody may enter.
    fn lent_place(&mut self, session: &SessionId, terms: Terms) -> Caller {
        if !self.conference.is_occupied() && self.conference.terms.is_none() {
            self.conference.begin_anew(self.number);
        }
        let muted = self.conference.terms.get_or_insert(terms).muted;
        Caller { muted, ..Caller::new(Some(session), self.times.lease, self.conference.told_to_newcomer()) }
    }

    fn put_back(&mut self, caller: Caller, report: &Report<'_>) -> Renewed {
        let (conference, lease) = (&mut self.conference, self.times.lease);
        // This session knows that the conference is one of ours, so whatever else the token says came from damage. Callers
        // who are really in renew within a lease as well.
        conference.unknown = conference.unknown.map(|unknown| unknown.min(lease));
        let caller = Caller { identity: report.identity.clone(), ..caller };
        conference.add(caller.clone());
        if conference.opened.is_some() {
            // A moderator who was lost as well has a lease to come back, like everybody.
            conference.begin_grace(lease + WITHOUT_MODERATOR);
        }
        self.events.push(Event::of_caller(EventKind::Joined, conference, &caller).because("renewed"));
        self.reply(report)
    }

    /// What a session that has its place is told. Whatever it has not heard yet, it has heard then.
    fn reply(&mut self, report: &Report<'_>) -> Renewed {
        let by_key = report.key.and_then(|key| self.press(report.session, key));
        let (conference, times) = (&mut self.conference, self.times);
        let Some(caller) = conference.find(report.session) else {
            // Ended by this very report, where nobody could be told.
            return Renewed::only(
                conference.ending.map_or(SessionState::Waiting(times.renew), SessionState::Ended),
            );
        };
        caller.identity = report.identity.clone().or(&caller.identity);
        let wakes_others = std::mem::take(&mut caller.fresh) || report.key.is_some();
        let caller = caller.clone();
        let due = conference.due(&caller, times);
        let told = conference.ending.is_none() && !caller.waiting;
        let (words, heard) = match (told, by_key) {
            (false, _) => (None, caller.heard),
            (true, Some(words)) => (Some(words), Heard { notice: caller.heard.notice, ..due }),
            (true, None) => words::between(caller.heard, due, conference.ends_in()),
        };
        let caller = Caller { heard, ..caller };
        if let Some(place) = conference.find(report.session) {
            place.heard = heard;
        }
        let next = conference.next_renewal(times, caller.waiting);
        let next = if told && heard != due { next.min(SOON) } else { next };
        let state = match (conference.ending, caller.waiting, due.alone) {
            (Some(why), ..) => SessionState::Ended(why),
            (None, true, _) => SessionState::Waiting(next),
            (None, false, true) => SessionState::Alone(next),
            (None, false, false) => SessionState::Open(next),
        };
        let wakes = if wakes_others { self.to_be_woken(report.session) } else { Vec::new() };
        let present = Ticket::of(&self.conference, &caller);
        let ticket = report.ticket.filter(|ticket| !ticket.says_the_same(&present)).map(|_| present);
        Renewed { state, listens: caller.listens(), words, wakes, ticket }
    }

    /// The sessions of those who have not heard yet what is so for them, but for the one that asks.
    pub(super) fn to_be_woken(&self, asking: &SessionId) -> Vec<SessionId> {
        let conference = &self.conference;
        let has_news = |caller: &&Caller| {
            let is_in = caller.waiting && conference.opened.is_some();
            let news = !caller.waiting && caller.heard != conference.due(caller, self.times);
            conference.ending.is_some() || is_in || news
        };
        let sessions = conference.callers.iter().filter(has_news).filter_map(|caller| caller.session.clone());
        sessions.filter(|session| session != asking).take(MOST_WAKES).collect()
    }
}

#[cfg(test)]
mod tests;
