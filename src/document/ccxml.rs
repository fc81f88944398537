//! The CCXML documents of the 1.0 dialect, and the script that answers a renewal (contract section 3).

use super::prompt::{Kind, MOST_TRIES, Reason};
use super::{Line, filters, rendered};
use crate::clock::Millis;
use crate::conference::{Entered, Refused, SessionState, Told};
use crate::number::ConferenceNumber;
use crate::response::{MediaType, Response};
use askama::Template;

/// What every document knows of its session.
struct Session<'a> {
    /// S, where everything is fetched from.
    line: &'a str,
    /// The tag of the language of the prompts.
    lang: &'a str,
    /// The number under which a place may be held; empty when there is none.
    number: &'a str,
}

impl<'a> Session<'a> {
    fn new(line: &'a Line, number: Option<&'a ConferenceNumber>) -> Self {
        let number = number.map(ConferenceNumber::as_str).unwrap_or_default();
        Self { line: &line.url, lang: &line.lang.tag, number }
    }
}

/// How a caller stays in the conference.
struct Stay {
    /// Seconds to the first renewal; the replies to renewals tell of the later ones.
    renew: u64,
    /// Seconds after which a renewal that failed is tried again.
    retry: u64,
    /// Whether the caller waits for a moderator before they are joined.
    waiting: bool,
    /// `full`, or `half` for a caller who only listens.
    duplex: &'static str,
    /// Whether tones tell the others of the caller's coming and going.
    tones: bool,
}

impl Stay {
    fn new(line: &Line, entered: &Entered) -> Self {
        let renew = seconds(entered.next_renewal);
        Self {
            renew,
            // A lease lasts for three renewals unless the operator says otherwise: there is time for several tries.
            retry: (renew / 6).max(1),
            waiting: entered.waiting,
            duplex: if entered.muted { "half" } else { "full" },
            tones: line.tones,
        }
    }
}

/// Whole seconds, rounded up: who asks a moment too early would have to ask again.
fn seconds(millis: Millis) -> u64 {
    millis.div_ceil(1000).max(1)
}

/// What is asked of the caller, and how the answer travels.
struct Question {
    /// The name of the prompt that asks.
    prompt: &'static str,
    /// The variable, and field, of the answer.
    answer: &'static str,
    /// Where the tries of the call are counted.
    tries: &'static str,
    /// How often a caller may try.
    most_tries: u8,
    /// Why it is asked for again.
    reason: Option<&'static str>,
    /// What is said of keys that can't be an answer.
    nonsense: &'static str,
    /// How the answer is sent.
    method: &'static str,
    /// What is sent.
    namelist: &'static str,
}

impl Question {
    fn number(reason: Option<Reason>) -> Self {
        Self {
            prompt: Kind::GetConferenceCode(None, MOST_TRIES).name(),
            answer: "conference_code",
            tries: "tries",
            most_tries: MOST_TRIES,
            reason: reason.map(Reason::word),
            nonsense: Reason::NotANumber.word(),
            method: "get",
            namelist: "conference_code session_id",
        }
    }

    fn pin(reason: Option<Reason>, optional: bool) -> Self {
        Self {
            prompt: Kind::GetPin { reason: None, tries: MOST_TRIES, optional }.name(),
            answer: "pin",
            tries: "pin_tries",
            most_tries: MOST_TRIES,
            reason: reason.map(Reason::word),
            nonsense: Reason::Refused(Refused::WrongPin).word(),
            // In a form, for queries end in access logs.
            method: "post",
            namelist: "conference_code session_id pin",
        }
    }
}

#[derive(Template)]
#[template(path = "get_conference.ccxml")]
struct GetConference<'a> {
    session: Session<'a>,
    question: Question,
}

#[derive(Template)]
#[template(path = "get_pin.ccxml")]
struct GetPin<'a> {
    session: Session<'a>,
    question: Question,
}

#[derive(Template)]
#[template(path = "create_conference.ccxml")]
struct CreateConference<'a> {
    session: Session<'a>,
    stay: Stay,
}

#[derive(Template)]
#[template(path = "join_conference.ccxml")]
struct JoinConference<'a> {
    session: Session<'a>,
    stay: Stay,
    others: usize,
}

#[derive(Template)]
#[template(path = "standing.js", escape = "none")]
struct StandingScript {
    state: &'static str,
    renew: u64,
}

/// The document that answers a call and asks for the number; with a reason when it is asked for again.
pub fn get_conference(line: &Line, reason: Option<Reason>) -> anyhow::Result<Response> {
    let document = GetConference { session: Session::new(line, None), question: Question::number(reason) };
    rendered(&document, MediaType::Ccxml)
}

/// The document that asks for the PIN of a conference; with a reason when it is asked for again.
pub fn get_pin(
    line: &Line,
    number: &ConferenceNumber,
    reason: Option<Reason>,
    optional: bool,
) -> anyhow::Result<Response> {
    let question = Question::pin(reason, optional);
    rendered(&GetPin { session: Session::new(line, Some(number)), question }, MediaType::Ccxml)
}

/// The document that says why, and goodbye: there is nothing left to try.
pub fn dismissal(line: &Line, reason: Reason) -> anyhow::Result<Response> {
    let question = Question { most_tries: 0, ..Question::number(Some(reason)) };
    rendered(&GetConference { session: Session::new(line, None), question }, MediaType::Ccxml)
}

/// The document of a caller who got in: createConference for the first one, else joinConference.
pub fn conference(line: &Line, number: &ConferenceNumber, entered: &Entered) -> anyhow::Result<Response> {
    let session = Session::new(line, Some(number));
    let stay = Stay::new(line, entered);
    match entered.told {
        Told::First => rendered(&CreateConference { session, stay }, MediaType::Ccxml),
        Told::Joining(others) => {
            let others = others.unwrap_or(0);
            rendered(&JoinConference { session, stay, others }, MediaType::Ccxml)
        }
    }
}

/// The script that tells a session the state of its conference and when to renew next.
pub fn standing(state: SessionState) -> anyhow::Result<Response> {
    let (state, renew) = match state {
        SessionState::Open(next) => ("open", next),
        SessionState::Waiting(next) => ("waiting", next),
        // The other states are the names of the last words.
        SessionState::Ended(why) => (Kind::Ended(why).name(), 0),
        SessionState::Kicked => (Kind::Kicked.name(), 0),
    };
    rendered(&StandingScript { state, renew: seconds(renew) }, MediaType::Script)
}

/// The script that answers a leave; there is nothing left to be told.
pub fn left() -> anyhow::Result<Response> {
    rendered(&StandingScript { state: "left", renew: 0 }, MediaType::Script)
}
