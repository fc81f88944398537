//! Conferences to test decisions on.

use super::caller::{Caller, Greeting, Kicked};
use super::decision::{Change, Decision};
use super::event::EventKind;
use super::renew::Report;
use super::state::Conference;
use super::terms::{Terms, Times};
use super::ticket::Ticket;
use super::transaction::Transaction;
use crate::clock::{Millis, Moment};
use crate::identity::Identity;
use crate::number::{ConferenceNumber, SessionId};

pub const LEASE: Millis = 180_000;
pub const TIMES: Times =
    Times { lease: LEASE, max_age: 43_200_000, renew: 60_000, renewals: true, alone: None, music: false };
/// The terms of a conference that anybody may enter.
pub const OPEN: Terms = Terms {
    pin: false,
    wait_for_moderator: false,
    end_with_moderator: false,
    muted: false,
    max_callers: None,
    max_millis: None,
};
const START: Millis = 1_700_000_000_000;

/// The given number of milliseconds after the conferences made here began.
pub fn at(millis: Millis) -> Moment {
    Moment::from_wall(START + millis)
}

pub fn number() -> ConferenceNumber {
    ConferenceNumber::from_token_name("1234").unwrap()
}

pub fn session(id: &str) -> SessionId {
    SessionId::parse(id).unwrap()
}

pub fn caller(id: &str) -> Caller {
    Caller::new(Some(&session(id)), LEASE, Greeting::Joining(Some(1)))
}

/// What a session reports that only renews.
pub fn report<'a>(session: &'a SessionId, ticket: Option<&'a Ticket>) -> Report<'a> {
    Report { session, ticket, identity: Identity::default(), key: None }
}

pub fn kicked(id: &str, lease: Millis) -> Kicked {
    Kicked { session: session(id), lease, caller: None }
}

/// A conference that began at `at(0)` with these sessions in it.
pub fn conference_of(ids: &[&str]) -> Conference {
    conference_on(OPEN, ids)
}

/// The same, held on these terms; it is open.
pub fn conference_on(terms: Terms, ids: &[&str]) -> Conference {
    let mut conference = Conference::begin(&number(), &at(0));
    (conference.terms, conference.opened) = (Some(terms), Some(0));
    conference.callers = ids.iter().map(|id| caller(id)).collect();
    conference
}

/// What is kept after a change to something that was there.
pub fn kept<T>(decision: &Decision<T>) -> &Conference {
    match &decision.change {
        Change::Keep(conference) => conference,
        other => panic!("nothing is kept: {other:?}"),
    }
}

/// What is decided when this is kept, so many milliseconds after it was written at `at(0)`.
pub fn decided<T>(
    kept: Option<Conference>,
    millis: u64,
    times: &Times,
    step: impl FnOnce(&mut Transaction<'_>) -> T,
) -> Decision<T> {
    let number = number();
    let mut transaction = Transaction::begin(kept, &number, &at(millis), times);
    let answer = step(&mut transaction);
    transaction.decision(answer)
}

/// Kinds and head counts of the events of a decision.
pub fn logged<T>(decision: &Decision<T>) -> Vec<(EventKind, usize)> {
    decision.events.iter().map(|event| (event.event, event.callers.unwrap_or_default())).collect()
}
