//! Renewing: a session says that its caller is still there, and hears the state of its conference.

use super::event::{Event, EventKind};
use super::state::{Caller, Ending, MOST_CALLERS, Role};
use super::transaction::Transaction;
use crate::clock::Millis;
use crate::number::SessionId;

/// The state of a session that renews its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// In the conference. Renew again within this time.
    Open(Millis),
    /// Waiting for a moderator. Ask again after this time.
    Waiting(Millis),
    /// The conference was ended.
    Ended(Ending),
    /// An operator has removed this caller.
    Kicked,
}

impl Transaction<'_> {
    /// Renews a caller's lease. A place that was lost is given back if one `may_return`.
    pub fn renew(&mut self, session: &SessionId, may_return: bool) -> SessionState {
        if let Some(kicked) = self.conference.kicked.iter_mut().find(|kicked| kicked.session == *session) {
            kicked.lease = self.terms.lease;
            return SessionState::Kicked;
        }
        if !self.conference.is_occupied() {
            self.conference.begin_anew(self.number);
        }
        let keeps_waiting = self.conference.keeps_waiting(self.terms);
        let waiting = if let Some(caller) = self.conference.find(session) {
            caller.lease = self.terms.lease;
            caller.waiting = caller.waiting && keeps_waiting;
            caller.waiting
        } else if may_return && self.conference.ending.is_none() && self.conference.count() < MOST_CALLERS {
            self.put_back(session);
            keeps_waiting
        } else {
            false
        };
        let next = self.conference.next_renewal(self.terms, waiting);
        match (self.conference.ending, waiting) {
            (Some(why), _) => SessionState::Ended(why),
            (None, true) => SessionState::Waiting(next),
            (None, false) => SessionState::Open(next),
        }
    }

    /// Gives a place to a caller whose own was lost. Who they were is not known any more, so it is that of an ordinary
    /// caller, and it lets nobody in.
    fn put_back(&mut self, session: &SessionId) {
        let (conference, terms) = (&mut self.conference, self.terms);
        // This session knows that the conference is one of ours, so whatever else the token says came from damage. Callers
        // who are really in renew within a lease as well.
        conference.unknown = conference.unknown.map(|lease| lease.min(terms.lease));
        let caller = Caller {
            session: Some(session.clone()),
            age: 0,
            lease: terms.lease,
            told: conference.told_to_newcomer(),
            role: Role::Caller,
            // A session that is joined already takes no notice of it.
            waiting: conference.keeps_waiting(terms),
            muted: terms.muted,
            unproven: true,
        };
        conference.callers.push(caller);
        self.events.push(Event::of(EventKind::Joined, conference, Some(session)).because("renewed"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::decision::{Change, Decision};
    use super::super::fixtures::*;
    use super::super::state::{Conference, WAITING_RENEW};
    use super::super::terms::Terms;
    use super::*;

    type Renewed = Decision<SessionState>;

    fn renewed_on(terms: &Terms, kept: Option<Conference>, id: &str, millis: u64) -> Renewed {
        decided(kept, millis, terms, |number| number.renew(&session(id), true))
    }

    fn renewed(kept: Option<Conference>, id: &str, millis: u64) -> Renewed {
        renewed_on(&TERMS, kept, id, millis)
    }

    #[test]
    fn a_renewal_gives_a_whole_lease_from_now() {
        let first = renewed(Some(conference_of(&["a"])), "a", LEASE - 1);
        assert!(first.events.is_empty());
        let later = renewed(Some(kept(&first).clone()), "a", 2 * LEASE - 2);
        assert!(later.events.is_empty(), "the place was never lost");
        assert_eq!(kept(&later).callers[0].age, 2 * LEASE - 2);
    }

    #[test]
    fn a_caller_whom_the_token_has_lost_is_put_back() {
        let nothing_left = renewed(None, "a", 0);
        assert_eq!(logged(&nothing_left), [(EventKind::Joined, 1)]);
        let others = renewed(Some(conference_of(&["b"])), "a", 0);
        assert_eq!(logged(&others), [(EventKind::Joined, 2)]);
        let expired = renewed(Some(conference_of(&["a"])), "a", LEASE);
        assert_eq!(logged(&expired), [(EventKind::Expired, 0), (EventKind::Joined, 1)]);
    }

    #[test]
    fn who_is_put_back_waits_where_callers_wait_and_has_shown_nothing() {
        let terms = Terms { wait_for_moderator: true, ..TERMS };
        let waiting = renewed_on(&terms, None, "a", 0);
        assert_eq!(waiting.answer, SessionState::Waiting(WAITING_RENEW));
        let place = &kept(&waiting).callers[0];
        assert!(place.waiting && place.unproven);
        let mut moderated = conference_of(&["m"]);
        moderated.callers[0].role = Role::Moderator;
        let open = renewed_on(&Terms { muted: true, ..terms }, Some(moderated), "a", 0);
        let place = &kept(&open).callers[1];
        assert!(place.muted && !place.waiting);
    }

    #[test]
    fn no_crowd_of_renewals_outgrows_a_token() {
        let ids: Vec<String> = (0..MOST_CALLERS).map(|n| format!("s{n}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let one_more = renewed(Some(conference_of(&ids)), "late", 0);
        assert_eq!((one_more.change, one_more.answer), (Change::Nothing, SessionState::Open(TERMS.renew)));
    }

    #[test]
    fn where_nobody_may_return_the_call_goes_on_without_a_place() {
        let away = |kept| decided(kept, 0, &TERMS, |number| number.renew(&session("a"), false));
        let gone = away(None);
        assert_eq!((gone.change.clone(), gone.answer), (Change::Nothing, SessionState::Open(TERMS.renew)));
        assert_eq!(away(Some(conference_of(&["b"]))).change, Change::Nothing);
        assert!(away(Some(conference_of(&["a"]))).events.is_empty(), "who is in stays in");
    }

    #[test]
    fn a_token_that_was_damaged_heals_with_the_renewals() {
        let mut damaged = conference_of(&[]);
        damaged.unknown = Some(TERMS.max_age);
        let healing = renewed(Some(damaged), "a", 0);
        assert_eq!(kept(&healing).unknown, Some(LEASE));
        let healed = renewed(Some(kept(&healing).clone()), "a", LEASE - 1);
        let healed = renewed(Some(kept(&healed).clone()), "a", LEASE);
        assert_eq!((kept(&healed).unknown, kept(&healed).count()), (None, 1));
    }

    #[test]
    fn the_renewal_of_a_known_caller_shortens_nobody_elses_lease() {
        let mut conference = conference_of(&["a"]);
        conference.unknown = Some(TERMS.max_age);
        assert_eq!(kept(&renewed(Some(conference), "a", 1)).unknown, Some(TERMS.max_age - 1));
    }

    #[test]
    fn sessions_are_told_that_the_conference_was_ended_and_the_lost_ones_are_not_put_back() {
        let mut ending = conference_of(&["a"]);
        ending.ending = Some(Ending::Operator);
        for id in ["a", "lost"] {
            let told = renewed(Some(ending.clone()), id, 0);
            assert_eq!(told.answer, SessionState::Ended(Ending::Operator));
            assert!(told.events.is_empty(), "{id}");
        }
    }

    #[test]
    fn who_was_removed_is_told_so_as_long_as_they_ask() {
        let mut conference = conference_of(&["a"]);
        conference.kicked = vec![kicked("b", LEASE)];
        let first = renewed(Some(conference), "b", LEASE - 1);
        let again = renewed(Some(kept(&first).clone()), "b", 2 * LEASE - 2);
        assert_eq!((first.answer, again.answer), (SessionState::Kicked, SessionState::Kicked));
    }

    #[test]
    fn those_who_wait_are_let_in_when_a_moderator_is_there_and_stay_in_after_that() {
        let terms = Terms { wait_for_moderator: true, ..TERMS };
        let mut conference = conference_of(&["a"]);
        conference.callers[0].waiting = true;
        let waiting = renewed_on(&terms, Some(conference.clone()), "a", 0);
        assert_eq!(waiting.answer, SessionState::Waiting(WAITING_RENEW));
        conference.callers.push(Caller { role: Role::Moderator, ..caller("m") });
        let open = renewed_on(&terms, Some(conference), "a", 0);
        assert_eq!(open.answer, SessionState::Open(TERMS.renew));
        let mut alone = kept(&open).clone();
        alone.callers.truncate(1);
        assert_eq!(renewed_on(&terms, Some(alone), "a", 0).answer, SessionState::Open(TERMS.renew));
    }

    #[test]
    fn the_next_renewal_is_due_when_something_may_have_to_be_told() {
        let terms = Terms { most_millis: Some(100_000), end_with_moderator: true, ..TERMS };
        let mut conference = conference_of(&["a"]);
        assert_eq!(
            renewed_on(&terms, Some(conference.clone()), "a", 70_000).answer,
            SessionState::Open(30_000)
        );
        conference.unmoderated = Some(50_000);
        assert_eq!(renewed_on(&terms, Some(conference), "a", 0).answer, SessionState::Open(10_000));
    }
}
