//! The CCXML documents of the 1.0 dialect, and the script that answers a renewal (contract section 3).

use super::prompt::{MOST_TRIES, Reason};
use super::{Line, filters, rendered};
use crate::conference;
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
    /// Seconds between renewals.
    renew: u64,
    /// Seconds after which a renewal that failed is tried again.
    retry: u64,
    /// Whether tones tell the others of the caller's coming and going.
    tones: bool,
}

impl Stay {
    fn new(line: &Line) -> Self {
        // A lease lasts for three renewals unless the operator says otherwise: there is time for several tries.
        Self { renew: line.renew, retry: (line.renew / 6).max(1), tones: true }
    }
}

#[derive(Template)]
#[template(path = "get_conference.ccxml")]
struct GetConference<'a> {
    session: Session<'a>,
    reason: Option<&'static str>,
    most_tries: u8,
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
struct Standing {
    state: &'static str,
}

/// The document that answers a call and asks for the number; with a reason when it is asked for again.
pub fn get_conference(line: &Line, reason: Option<Reason>) -> anyhow::Result<Response> {
    let reason = reason.map(Reason::word);
    let document = GetConference { session: Session::new(line, None), reason, most_tries: MOST_TRIES };
    rendered(&document, MediaType::Ccxml)
}

/// The document of a caller who got in: createConference for the first one, else joinConference.
pub fn conference(
    line: &Line,
    number: &ConferenceNumber,
    told: conference::Told,
) -> anyhow::Result<Response> {
    let session = Session::new(line, Some(number));
    let stay = Stay::new(line);
    match told {
        conference::Told::First => rendered(&CreateConference { session, stay }, MediaType::Ccxml),
        conference::Told::Joining(others) => {
            rendered(&JoinConference { session, stay, others }, MediaType::Ccxml)
        }
    }
}

/// The script that tells a session the state of its conference: the word is also the name of the prompt
/// that is played before the caller is disconnected.
pub fn standing(standing: conference::Standing) -> anyhow::Result<Response> {
    let state = match standing {
        conference::Standing::Open => "open",
    };
    rendered(&Standing { state }, MediaType::Script)
}

/// The script that answers a leave; there is nothing left to be told.
pub fn left() -> anyhow::Result<Response> {
    rendered(&Standing { state: "left" }, MediaType::Script)
}
