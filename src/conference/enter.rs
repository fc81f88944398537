//! Entering: exactly one caller is first, everybody after joins.

use super::event::{Event, EventKind};
use super::state::{Caller, Role, Told};
use super::transaction::Transaction;
use crate::clock::Millis;
use crate::number::SessionId;

/// A caller who wants to get in.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The caller's session; none for a caller who can't be told apart.
    pub session: Option<&'a SessionId>,
    /// The role in which the caller may get in, as far as number and PIN decide that.
    pub access: Result<Role, Refused>,
    /// Whether it takes a PIN to get in as this caller wants to.
    pub by_pin: bool,
}

/// A caller who got in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// What they are told.
    pub told: Told,
    /// Whether they wait for a moderator.
    pub waiting: bool,
    /// Whether they only listen.
    pub muted: bool,
    /// The time until their first renewal.
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
    /// There is no such room.
    NoRoom,
    /// A PIN has to be keyed first.
    PinWanted,
    /// The PIN is wrong.
    WrongPin,
    /// There were too many wrong PINs for this number.
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
    /// Lets a caller in, or says why not. The same session again is answered as the first time and counts once.
    pub fn enter(&mut self, entry: &Entry<'_>) -> Result<Entered, Refused> {
        if !self.conference.is_occupied() {
            self.conference.begin_anew(self.number);
        }
        let lease = self.terms.lease;
        if let Some(caller) = self.place_of(entry.session) {
            caller.lease = lease;
            let caller = caller.clone();
            return Ok(self.entered(&caller));
        }
        match self.admitted(entry) {
            Ok(role) => Ok(self.let_in(entry.session, role)),
            Err(why) => {
                self.refuse(entry.session, why);
                Err(why)
            }
        }
    }

    /// The place that a session has got by an entry.
    fn place_of(&mut self, session: Option<&SessionId>) -> Option<&mut Caller> {
        self.conference.find(session?).filter(|caller| !caller.unproven)
    }

    /// The role in which a newcomer gets in.
    fn admitted(&mut self, entry: &Entry<'_>) -> Result<Role, Refused> {
        let access = self.checked_pin(entry);
        let conference = &self.conference;
        if conference.kicked.iter().any(|kicked| Some(&kicked.session) == entry.session) {
            return Err(Refused::Kicked);
        }
        if conference.ending.is_some() {
            return Err(Refused::Ending);
        }
        if conference.locked {
            return Err(Refused::Locked);
        }
        let role = access?;
        let others = conference.callers.iter().filter(|caller| !caller.is_of(entry.session)).count();
        if others >= self.terms.most_callers { Err(Refused::Full) } else { Ok(role) }
    }

    /// The access of a caller after a wrong PIN was counted. While the number is closed to PINs, none gives access.
    fn checked_pin(&mut self, entry: &Entry<'_>) -> Result<Role, Refused> {
        if entry.access == Err(Refused::WrongPin) {
            self.conference.wrong_pins.count();
        }
        if entry.by_pin && self.conference.wrong_pins.are_too_many() {
            return Err(Refused::PinClosed);
        }
        entry.access
    }

    fn let_in(&mut self, session: Option<&SessionId>, role: Role) -> Entered {
        // Whose place was only lent by a renewal gets one in return for it.
        self.conference.callers.retain(|caller| !caller.is_of(session));
        let caller = Caller {
            session: session.cloned(),
            age: 0,
            lease: if session.is_some() { self.terms.lease } else { self.terms.max_age },
            told: self.conference.told_to_newcomer(),
            role,
            waiting: role == Role::Caller && self.conference.keeps_waiting(self.terms),
            muted: self.terms.muted && role == Role::Caller,
            unproven: false,
        };
        if role == Role::Moderator {
            self.conference.unmoderated = None;
        }
        self.conference.callers.push(caller.clone());
        let kind = if caller.told == Told::First { EventKind::Created } else { EventKind::Joined };
        self.events.push(Event::of(kind, &self.conference, session));
        self.entered(&caller)
    }

    /// Logs why somebody does not get in. Who has yet to key a PIN was not turned away.
    fn refuse(&mut self, session: Option<&SessionId>, why: Refused) {
        if why != Refused::PinWanted {
            let event = Event::of(EventKind::Refused, &self.conference, session).because(why.word());
            let id = self.conference.is_occupied().then(|| self.conference.id.clone());
            self.events.push(Event { conference: id, ..event });
        }
    }

    fn entered(&self, caller: &Caller) -> Entered {
        Entered {
            told: caller.told,
            waiting: caller.waiting,
            muted: caller.muted,
            next_renewal: self.conference.next_renewal(self.terms, caller.waiting),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::decision::{Change, Decision};
    use super::super::fixtures::*;
    use super::super::state::{Conference, Ending, MOST_CALLERS, WAITING_RENEW};
    use super::super::terms::Terms;
    use super::*;

    const CALLER: Result<Role, Refused> = Ok(Role::Caller);
    const MODERATOR: Result<Role, Refused> = Ok(Role::Moderator);

    type Outcome = Decision<Result<Entered, Refused>>;

    fn come_in_as(
        access: Result<Role, Refused>,
        kept: Option<Conference>,
        id: Option<&str>,
        millis: u64,
        terms: &Terms,
    ) -> Outcome {
        let session = id.map(session);
        let by_pin = access == Err(Refused::WrongPin);
        let entry = Entry { session: session.as_ref(), access, by_pin };
        decided(kept, millis, terms, |number| number.enter(&entry))
    }

    fn come_in(kept: Option<Conference>, id: Option<&str>, millis: u64) -> Outcome {
        come_in_as(CALLER, kept, id, millis, &TERMS)
    }

    fn told(decision: &Outcome) -> Told {
        decision.answer.as_ref().unwrap().told
    }

    #[test]
    fn the_first_creates_and_everybody_after_joins() {
        let first = come_in(None, Some("a"), 0);
        assert_eq!((told(&first), logged(&first)), (Told::First, vec![(EventKind::Created, 1)]));
        let second = come_in(Some(kept(&first).clone()), Some("b"), 10);
        assert_eq!((told(&second), logged(&second)), (Told::Joining(Some(1)), vec![(EventKind::Joined, 2)]));
        let third = come_in(Some(kept(&second).clone()), Some("c"), 20);
        assert_eq!(told(&third), Told::Joining(Some(2)));
        assert_eq!(kept(&third).id, kept(&first).id);
    }

    #[test]
    fn the_same_session_again_is_told_the_same_and_counted_once() {
        let first = come_in(None, Some("a"), 0);
        let second = come_in(Some(kept(&first).clone()), Some("b"), 10);
        let mut repeated = come_in(Some(kept(&second).clone()), Some("a"), LEASE - 1);
        assert_eq!((told(&repeated), logged(&repeated)), (Told::First, vec![]));
        assert_eq!(kept(&repeated).count(), 2);
        repeated = come_in(Some(kept(&repeated).clone()), Some("a"), 2 * LEASE - 2);
        assert_eq!(told(&repeated), Told::First, "the repeated request renewed the lease");
    }

    #[test]
    fn callers_without_a_session_are_each_another_caller_and_stay_for_max_age() {
        let first = come_in(None, None, 0);
        let second = come_in(Some(kept(&first).clone()), None, 0);
        assert_eq!((told(&first), told(&second)), (Told::First, Told::Joining(Some(1))));
        let much_later = come_in(Some(kept(&second).clone()), Some("a"), TERMS.max_age - 1);
        assert_eq!(told(&much_later), Told::Joining(Some(2)));
    }

    #[test]
    fn whoever_comes_after_the_last_lease_is_first_of_another_conference() {
        let mut locked = conference_of(&["a"]);
        locked.locked = true;
        let decision = come_in(Some(locked), Some("b"), LEASE);
        assert_eq!(told(&decision), Told::First);
        assert_eq!(logged(&decision), [(EventKind::Expired, 0), (EventKind::Created, 1)]);
        assert_ne!(kept(&decision).id, conference_of(&[]).id);
    }

    #[test]
    fn a_token_made_by_hand_is_joined_without_a_count() {
        let mut by_hand = conference_of(&[]);
        by_hand.unknown = Some(TERMS.max_age);
        let decision = come_in(Some(by_hand), Some("a"), 0);
        assert_eq!(told(&decision), Told::Joining(None));
        assert_eq!(kept(&decision).unknown, Some(TERMS.max_age));
    }

    #[test]
    fn a_full_conference_refuses_and_changes_nobodys_place() {
        let ids: Vec<String> = (0..MOST_CALLERS).map(|n| format!("s{n}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let decision = come_in(Some(conference_of(&ids)), Some("late"), 0);
        assert_eq!(decision.answer, Err(Refused::Full));
        assert_eq!(logged(&decision), [(EventKind::Refused, MOST_CALLERS)]);
        assert!(come_in(Some(conference_of(&ids)), Some("s7"), 0).answer.is_ok());
    }

    #[test]
    fn newcomers_are_refused_and_those_who_are_in_are_not() {
        let mut locked = conference_of(&["a"]);
        locked.locked = true;
        let mut ending = conference_of(&["a"]);
        ending.ending = Some(Ending::Operator);
        let mut removed = conference_of(&["a"]);
        removed.kicked = vec![kicked("b", LEASE)];
        for (conference, why) in
            [(locked, Refused::Locked), (ending, Refused::Ending), (removed, Refused::Kicked)]
        {
            let decision = come_in(Some(conference.clone()), Some("b"), 0);
            assert_eq!(decision.answer, Err(why));
            assert_eq!(decision.events[0].reason, Some(why.word()));
            assert_eq!(decision.change, Change::Nothing);
            assert!(come_in(Some(conference), Some("a"), 0).answer.is_ok(), "{why:?}");
        }
    }

    #[test]
    fn who_was_removed_stays_out_even_if_nobody_else_is_in() {
        let mut conference = conference_of(&[]);
        conference.kicked = vec![kicked("a", LEASE)];
        let removed = come_in(Some(conference.clone()), Some("a"), LEASE - 1);
        assert_eq!(removed.answer, Err(Refused::Kicked));
        assert_eq!(told(&come_in(Some(conference.clone()), Some("b"), 0)), Told::First);
        assert_eq!(told(&come_in(Some(conference), Some("a"), LEASE)), Told::First);
    }

    #[test]
    fn a_caller_who_has_yet_to_key_a_pin_leaves_no_trace_and_a_wrong_one_is_counted() {
        let decision = come_in_as(Err(Refused::PinWanted), None, Some("a"), 0, &TERMS);
        assert_eq!((decision.change.clone(), decision.events.len()), (Change::Nothing, 0));
        let wrong = come_in_as(Err(Refused::WrongPin), None, Some("a"), 0, &TERMS);
        assert!(!kept(&wrong).is_occupied());
        assert_eq!(logged(&wrong), [(EventKind::Refused, 0)]);
        assert_eq!(wrong.events[0].conference, None);
        assert_eq!(told(&come_in(Some(kept(&wrong).clone()), Some("a"), 0)), Told::First);
    }

    #[test]
    fn callers_wait_for_a_moderator_and_a_moderator_waits_for_nobody() {
        let terms = Terms { wait_for_moderator: true, ..TERMS };
        let caller = come_in_as(CALLER, None, Some("a"), 0, &terms);
        let entered = caller.answer.clone().unwrap();
        assert!(entered.waiting);
        assert_eq!(entered.next_renewal, WAITING_RENEW);
        let moderator = come_in_as(MODERATOR, Some(kept(&caller).clone()), Some("m"), 1, &terms);
        let entered = moderator.answer.clone().unwrap();
        assert_eq!((entered.waiting, entered.told), (false, Told::Joining(Some(1))));
        let late = come_in_as(CALLER, Some(kept(&moderator).clone()), Some("b"), 2, &terms);
        assert!(!late.answer.unwrap().waiting);
    }

    #[test]
    fn who_was_put_back_by_a_renewal_has_to_show_what_everybody_has_to() {
        let mut conference = conference_of(&["a", "lost"]);
        conference.callers[1].unproven = true;
        let refused = Err(Refused::PinWanted);
        let asked = come_in_as(refused, Some(conference.clone()), Some("lost"), 0, &TERMS);
        assert_eq!(asked.answer, Err(Refused::PinWanted));
        assert_eq!(asked.change, Change::Nothing, "the place is kept all the same");
        let terms = Terms { most_callers: 2, ..TERMS };
        let granted = come_in_as(MODERATOR, Some(conference.clone()), Some("lost"), 0, &terms);
        assert_eq!((told(&granted), kept(&granted).count()), (Told::Joining(Some(1)), 2));
        assert!(!kept(&granted).callers[1].unproven && kept(&granted).is_moderated());
        conference.locked = true;
        assert_eq!(come_in(Some(conference), Some("lost"), 0).answer, Err(Refused::Locked));
    }

    #[test]
    fn all_but_moderators_are_muted_in_a_muted_conference() {
        let terms = Terms { muted: true, ..TERMS };
        for (who, muted) in [(CALLER, true), (MODERATOR, false)] {
            assert_eq!(come_in_as(who, None, Some("a"), 0, &terms).answer.unwrap().muted, muted);
        }
    }

    #[test]
    fn a_renewal_is_due_when_the_time_is_over() {
        let terms = Terms { most_millis: Some(100_000), ..TERMS };
        let mut conference = conference_of(&["a"]);
        conference.age = 90_000;
        assert_eq!(
            come_in_as(CALLER, Some(conference), Some("b"), 0, &terms).answer.unwrap().next_renewal,
            10_000
        );
    }

    #[test]
    fn a_moderator_who_comes_back_in_time_keeps_the_conference() {
        let terms = Terms { end_with_moderator: true, ..TERMS };
        let mut conference = conference_of(&["a"]);
        conference.unmoderated = Some(0);
        let back = come_in_as(MODERATOR, Some(conference.clone()), Some("m"), 59_999, &terms);
        assert_eq!(kept(&back).unmoderated, None);
        let late = come_in_as(MODERATOR, Some(conference), Some("m"), 60_000, &terms);
        assert_eq!(late.answer, Err(Refused::Ending));
    }
}
