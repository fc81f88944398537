//! What operators do to a conference (contract section 6).

use super::caller::{Caller, Kicked, Role};
use super::event::{Event, EventKind};
use super::expiry;
use super::state::Ending;
use super::transaction::Transaction;
use super::wrong_pins::WrongPins;
use crate::clock::Millis;
use crate::number::SessionId;

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
    /// The one with this session, or whose telephone number ends in these digits.
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
        if self.conference.kicked.iter().any(|kicked| kicked.session == *session) {
            return Ok((false, vec![Hears { session: session.clone(), control: None }]));
        }
        let caller = self.conference.remove(session, self.times).ok_or(NotDone::NoCaller)?;
        self.conference.kicked.push(Kicked { session: session.clone(), lease: self.times.lease });
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
        if let (None, Some(terms)) = (&one, &mut self.conference.terms) {
            terms.muted = muted;
        }
        let (mut hear, mut found) = (Vec::new(), None);
        for caller in &mut self.conference.callers {
            let is_meant = one.is_none() || caller.session == one;
            if !is_meant || (one.is_none() && caller.role == Role::Moderator) {
                continue;
            }
            found = Some(caller.clone());
            let was = caller.listens();
            caller.muted = muted;
            caller.self_muted &= muted || one.is_none();
            if was != caller.listens() {
                hear.extend(told(caller));
            }
        }
        let kind = if muted { EventKind::Muted } else { EventKind::Unmuted };
        let event = match (&one, found) {
            (Some(_), None) => return Err(NotDone::NoCaller),
            (Some(_), Some(caller)) => Event::of_caller(kind, &self.conference, &caller),
            (None, _) => Event::of(kind, &self.conference, None),
        };
        let changed = !hear.is_empty();
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

    /// The session that an operator means: it, or that of the one caller whose telephone number ends in these digits.
    fn meant(&self, named: &SessionId) -> Result<SessionId, NotDone> {
        let conference = &self.conference;
        let mut kicked = conference.kicked.iter().map(|kicked| &kicked.session);
        let mut sessions = conference.callers.iter().filter_map(|caller| caller.session.as_ref());
        if sessions.any(|session| session == named) || kicked.any(|session| session == named) {
            return Ok(named.clone());
        }
        let digits = named.as_str().trim_start_matches('+');
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        let by_number =
            conference.callers.iter().filter(|caller| is_number && caller.identity.ends_in(digits));
        let by_number: Vec<_> = by_number.filter_map(|caller| caller.session.as_ref()).collect();
        match by_number.as_slice() {
            [session] => Ok((*session).clone()),
            [] => Err(NotDone::NoCaller),
            several => Err(NotDone::ManyCallers(several.len())),
        }
    }

    fn goes_on(&self) -> Result<(), NotDone> {
        self.conference.ending.map_or(Ok(()), |_| Err(NotDone::Ending))
    }
}

fn told(caller: &Caller) -> Option<Hears> {
    let control = caller.identity.control.clone();
    caller.session.clone().map(|session| Hears { session, control })
}

#[cfg(test)]
mod tests {
    use super::super::decision::{Change, Decision};
    use super::super::fixtures::*;
    use super::super::state::Conference;
    use super::super::terms::{Terms, Times};
    use super::super::wrong_pins::Attempt;
    use super::*;

    type Operated = Decision<Result<Done, NotDone>>;

    fn operate_on(times: &Times, kept: Option<Conference>, operation: &Operation, millis: u64) -> Operated {
        decided(kept, millis, times, |number| number.operate(operation, None))
    }

    fn operate(kept: Option<Conference>, operation: &Operation, millis: u64) -> Operated {
        operate_on(&TIMES, kept, operation, millis)
    }

    fn kick(id: &str) -> Operation {
        Operation::Kick(Whom::Session(session(id)))
    }

    fn done(changed: bool, told: usize) -> Result<(bool, usize), NotDone> {
        Ok((changed, told))
    }

    /// Whether anything was changed, and how many hear of it.
    fn outcome(decision: &Operated) -> Result<(bool, usize), NotDone> {
        decision.answer.clone().map(|done| (done.changed, done.told.len()))
    }

    #[test]
    fn ending_tells_those_with_a_session_and_drops_the_others() {
        let mut conference = conference_of(&["a", "b"]);
        conference.callers[1].session = None;
        conference.unknown = Some(5);
        let decision = operate(Some(conference), &Operation::End, 0);
        assert_eq!(logged(&decision), [(EventKind::Ended, 1)]);
        let ended = kept(&decision);
        assert_eq!((ended.ending, ended.unknown), (Some(Ending::Operator), None));
        assert_eq!(outcome(&decision), done(true, 1));
        let again = operate(Some(ended.clone()), &Operation::End, 1);
        assert_eq!((outcome(&again), again.events.len()), (done(false, 1), 0), "once is enough");
    }

    #[test]
    fn ending_frees_the_number_at_once_where_nobody_can_be_told() {
        let mut conference = conference_of(&["a"]);
        conference.callers[0].session = None;
        conference.unknown = Some(5);
        let decision = operate(Some(conference), &Operation::End, 0);
        assert_eq!((decision.change.clone(), logged(&decision)), (Change::Free, vec![(EventKind::Ended, 0)]));
        assert_eq!(outcome(&decision), done(true, 0));
        let deaf = Times { renewals: false, ..TIMES };
        let decision = operate_on(&deaf, Some(conference_of(&["a"])), &Operation::End, 0);
        assert_eq!((decision.change.clone(), logged(&decision)), (Change::Free, vec![(EventKind::Ended, 0)]));
    }

    #[test]
    fn locking_is_told_once_and_undone_by_unlocking() {
        let locked = operate(Some(conference_of(&["a"])), &Operation::Lock, 0);
        assert_eq!(logged(&locked), [(EventKind::Locked, 1)]);
        let again = operate(Some(kept(&locked).clone()), &Operation::Lock, 0);
        assert_eq!((outcome(&again), again.events.len()), (done(false, 0), 0));
        let unlocked = operate(Some(kept(&locked).clone()), &Operation::Unlock, 0);
        assert_eq!(logged(&unlocked), [(EventKind::Unlocked, 1)]);
        assert!(!kept(&unlocked).locked);
    }

    #[test]
    fn a_kicked_caller_is_out_and_remembered() {
        let decision = operate(Some(conference_of(&["a", "b"])), &kick("a"), 2_000);
        assert_eq!(logged(&decision), [(EventKind::Kicked, 1)]);
        assert_eq!(decision.events[0].seconds, Some(2));
        assert_eq!(kept(&decision).kicked, [kicked("a", LEASE)]);
        let unknown = operate(Some(conference_of(&["a"])), &kick("x"), 0);
        assert_eq!(unknown.answer, Err(NotDone::NoCaller));
    }

    #[test]
    fn nothing_but_removing_callers_is_done_to_a_conference_that_is_ending() {
        let mut conference = conference_on(Terms { max_millis: Some(LEASE), ..OPEN }, &["a", "b"]);
        conference.ending = Some(Ending::Operator);
        for operation in [Operation::Lock, Operation::Unlock, Operation::Extend(1)] {
            let decision = operate(Some(conference.clone()), &operation, 0);
            assert_eq!((outcome(&decision), decision.change), (Err(NotDone::Ending), Change::Nothing));
        }
        assert_eq!(outcome(&operate(Some(conference), &kick("a"), 0)), done(true, 1));
    }

    #[test]
    fn all_but_moderators_can_be_kicked_at_once() {
        let mut conference = conference_of(&["a", "m", "b", "c"]);
        conference.callers[1].role = Role::Moderator;
        conference.callers[3].session = None;
        let all = Operation::Kick(Whom::All);
        let decision = operate(Some(conference), &all, 0);
        assert_eq!(outcome(&decision), done(true, 2));
        assert_eq!(logged(&decision), [(EventKind::Kicked, 3), (EventKind::Kicked, 2)]);
        let kept = kept(&decision);
        assert_eq!((kept.kicked.len(), kept.count()), (2, 2));
        assert_eq!(operate(Some(kept.clone()), &all, 0).answer, Err(NotDone::NoCaller));
    }

    #[test]
    fn extending_gives_more_time_and_takes_a_conference_that_has_a_limit() {
        let limited = conference_on(Terms { max_millis: Some(LEASE / 2), ..OPEN }, &["a"]);
        let extended = operate(Some(limited.clone()), &Operation::Extend(20_000), 10_000);
        let ends_in = Some(LEASE / 2 + 10_000);
        assert_eq!((outcome(&extended), extended.answer.clone().unwrap().ends_in), (done(true, 1), ends_in));
        let later = operate(Some(kept(&extended).clone()), &Operation::Extend(1), LEASE / 2);
        assert!(later.answer.is_ok(), "without the extension it would have ended");
        let longest = operate(Some(limited.clone()), &Operation::Extend(u64::MAX), 0);
        assert!(longest.answer.is_ok_and(|done| done.ends_in > Some(u64::MAX / 2)));
        let late = operate(Some(limited.clone()), &Operation::Extend(20_000), LEASE / 2);
        assert_eq!(late.answer, Err(NotDone::Ending));
        let mut waiting = limited;
        waiting.opened = None;
        let waiting = operate(Some(waiting), &Operation::Extend(1), 0);
        assert_eq!(
            (outcome(&waiting), kept(&waiting).terms().max_millis),
            (done(true, 1), Some(LEASE / 2 + 1))
        );
        let unlimited = operate(Some(conference_of(&["a"])), &Operation::Extend(1), 0);
        assert_eq!((unlimited.answer, unlimited.change), (Err(NotDone::NoLimit), Change::Nothing));
        let mut by_hand = conference_of(&[]);
        (by_hand.terms, by_hand.unknown) = (None, Some(LEASE));
        assert_eq!(operate(Some(by_hand), &Operation::Extend(1), 0).answer, Err(NotDone::NoLimit));
    }

    #[test]
    fn those_who_were_removed_are_no_conference() {
        let decision = operate(Some(conference_of(&["a"])), &kick("a"), 0);
        let removed = kept(&decision).clone();
        assert_eq!(operate(Some(removed.clone()), &Operation::Lock, 0).answer, Err(NotDone::NoConference));
        assert_eq!(operate(Some(removed), &Operation::End, 0).change, Change::Nothing, "they are remembered");
    }

    #[test]
    fn there_is_nothing_to_operate_on_where_nobody_is() {
        for kept in [None, Some(conference_of(&["a"]))] {
            for operation in [Operation::End, Operation::Lock, kick("a")] {
                assert_eq!(operate(kept.clone(), &operation, LEASE).answer, Err(NotDone::NoConference));
            }
        }
    }

    #[test]
    fn reopening_forgets_wrong_pins_although_nobody_is_in() {
        let mut conference = conference_of(&[]);
        conference.wrong_pins.count(&Attempt::default());
        let reopened = operate(Some(conference), &Operation::Reopen, 0);
        assert_eq!((reopened.change.clone(), outcome(&reopened)), (Change::Free, done(true, 0)));
        let nothing = operate(None, &Operation::Reopen, 0);
        assert_eq!((nothing.change.clone(), outcome(&nothing)), (Change::Nothing, done(false, 0)));
    }
}
