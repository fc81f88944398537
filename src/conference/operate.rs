//! What operators do to a conference (contract section 6).

use super::event::{Event, EventKind};
use super::expiry;
use super::state::{Ending, Kicked};
use super::transaction::Transaction;
use super::wrong_pins::WrongPins;
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
    /// Removes a caller, who hears so at the next renewal and does not get back in with the same session.
    Kick(SessionId),
    /// Forgets the wrong PINs and takes PINs again. It takes no conference in progress.
    Reopen,
}

/// What an operation is about and was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// There is no conference of that number.
    Conference,
    /// There is no caller with that session.
    Caller,
}

impl Transaction<'_> {
    /// Does what an operator asks for. What was done already is done.
    pub fn operate(&mut self, operation: &Operation) -> Result<(), NotFound> {
        if !self.conference.is_occupied() && *operation != Operation::Reopen {
            return Err(NotFound::Conference);
        }
        match operation {
            Operation::Reopen => self.conference.wrong_pins = WrongPins::default(),
            Operation::End => self.end(),
            Operation::Lock => self.lock(true),
            Operation::Unlock => self.lock(false),
            Operation::Kick(session) => return self.kick(session),
        }
        Ok(())
    }

    fn end(&mut self) {
        if self.conference.ending.is_none() {
            self.events.push(expiry::end(&mut self.conference, Ending::Operator, self.times));
        }
    }

    fn lock(&mut self, locked: bool) {
        if self.conference.locked != locked {
            self.conference.locked = locked;
            let kind = if locked { EventKind::Locked } else { EventKind::Unlocked };
            self.events.push(Event::of(kind, &self.conference, None));
        }
    }

    fn kick(&mut self, session: &SessionId) -> Result<(), NotFound> {
        if self.conference.kicked.iter().any(|kicked| kicked.session == *session) {
            return Ok(());
        }
        let caller = self.conference.remove(session).ok_or(NotFound::Caller)?;
        self.conference.kicked.push(Kicked { session: session.clone(), lease: self.times.lease });
        self.events.push(Event::end_of_stay(EventKind::Kicked, &self.conference, &caller, caller.age));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::decision::{Change, Decision};
    use super::super::fixtures::*;
    use super::super::state::Conference;
    use super::super::terms::Times;
    use super::super::wrong_pins::Attempt;
    use super::*;

    type Operated = Decision<Result<(), NotFound>>;

    fn operate_on(times: &Times, kept: Option<Conference>, operation: &Operation, millis: u64) -> Operated {
        decided(kept, millis, times, |number| number.operate(operation))
    }

    fn operate(kept: Option<Conference>, operation: &Operation, millis: u64) -> Operated {
        operate_on(&TIMES, kept, operation, millis)
    }

    fn kick(id: &str) -> Operation {
        Operation::Kick(session(id))
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
        assert!(operate(Some(ended.clone()), &Operation::End, 1).events.is_empty(), "once is enough");
    }

    #[test]
    fn ending_frees_the_number_at_once_where_nobody_can_be_told() {
        let mut conference = conference_of(&["a"]);
        conference.callers[0].session = None;
        conference.unknown = Some(5);
        let decision = operate(Some(conference), &Operation::End, 0);
        assert_eq!((decision.change.clone(), logged(&decision)), (Change::Free, vec![(EventKind::Ended, 0)]));
        let deaf = Times { renewals: false, ..TIMES };
        let decision = operate_on(&deaf, Some(conference_of(&["a"])), &Operation::End, 0);
        assert_eq!((decision.change.clone(), logged(&decision)), (Change::Free, vec![(EventKind::Ended, 0)]));
    }

    #[test]
    fn locking_is_told_once_and_undone_by_unlocking() {
        let locked = operate(Some(conference_of(&["a"])), &Operation::Lock, 0);
        assert_eq!(logged(&locked), [(EventKind::Locked, 1)]);
        assert!(operate(Some(kept(&locked).clone()), &Operation::Lock, 0).events.is_empty());
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
        assert_eq!(unknown.answer, Err(NotFound::Caller));
    }

    #[test]
    fn those_who_were_removed_are_no_conference() {
        let decision = operate(Some(conference_of(&["a"])), &kick("a"), 0);
        let removed = kept(&decision).clone();
        assert_eq!(operate(Some(removed.clone()), &Operation::Lock, 0).answer, Err(NotFound::Conference));
        assert_eq!(operate(Some(removed), &Operation::End, 0).change, Change::Nothing, "they are remembered");
    }

    #[test]
    fn there_is_nothing_to_operate_on_where_nobody_is() {
        for kept in [None, Some(conference_of(&["a"]))] {
            for operation in [Operation::End, Operation::Lock, kick("a")] {
                assert_eq!(operate(kept.clone(), &operation, LEASE).answer, Err(NotFound::Conference));
            }
        }
    }

    #[test]
    fn reopening_forgets_wrong_pins_although_nobody_is_in() {
        let mut conference = conference_of(&[]);
        conference.wrong_pins.count(&Attempt::default());
        let reopened = operate(Some(conference), &Operation::Reopen, 0);
        assert_eq!((reopened.change, reopened.answer), (Change::Free, Ok(())));
        assert_eq!(operate(None, &Operation::Reopen, 0).change, Change::Nothing);
    }
}
