//! What a request to the desk asks for, once everything in it has been understood.

use super::assets::Asset;
use super::operation::{Missing, OperationKind};
use crate::conference::{Operation, Whom};
use crate::number::ConferenceNumber;
use crate::operated::Told;
use crate::request::{self, FORM_TYPE, Method, RawRequest, Rejected, essence};
use crate::settings::environment::Environment;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;

const JSON_TYPE: &str = "application/json";

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// The conferences in progress, one page of them; the first page is 1.
    Conferences {
        /// Which page.
        page: usize,
    },
    /// One conference and its callers.
    Conference {
        /// The conference.
        number: ConferenceNumber,
        /// What has just been done to it, and what came of that.
        done: Option<(Operation, Told)>,
    },
    /// The question whether somebody means it.
    Question(ConferenceNumber, Operation),
    /// The rooms, one page of them.
    Rooms {
        /// Which page.
        page: usize,
    },
    /// Gauges.
    Metrics,
    /// What belongs to a page.
    Asset(&'static Asset),
    /// To change a conference.
    Operate(ConferenceNumber, Operation),
}

/// A request, and how its answer is wanted, be it a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it asks for; or why that is not to be had.
    pub kind: Result<RequestKind, Rejected>,
    /// How the answer is wanted.
    pub format: Format,
    /// Whether the answer goes without its body (HEAD).
    pub head: bool,
}

/// How the answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A page, for people.
    Html,
    /// For programs.
    Json,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    number: Option<String>,
    rooms: Option<String>,
    page: Option<String>,
    format: Option<String>,
    file: Option<String>,
    ask: Option<String>,
    session: Option<String>,
    minutes: Option<String>,
    done: Option<String>,
    callers: Option<String>,
    reached: Option<String>,
    already: Option<String>,
}

/// The address of a page that tells what has just been done: what [`Query`] makes the same of.
#[derive(Serialize)]
struct Back<'a> {
    number: &'a str,
    done: &'a str,
    session: Option<&'a str>,
    minutes: Option<u64>,
    callers: Option<usize>,
    reached: Option<usize>,
    already: Option<&'a str>,
}

/// The address of the page of a conference on which it is told what has just been done to it.
pub fn back(number: &ConferenceNumber, operation: &Operation, told: &Told) -> String {
    let minutes = match operation {
        Operation::Extend(by) => Some(by / 60_000),
        _ => None,
    };
    let back = Back {
        number: number.as_str(),
        done: OperationKind::from(operation).name(),
        session: told.who.as_deref().or(operation.whom().map(Whom::as_str)),
        minutes,
        callers: Some(told.callers).filter(|callers| *callers > 0),
        reached: Some(told.reached).filter(|reached| *reached > 0),
        already: told.already.then_some(""),
    };
    // Texts and numbers: there is nothing in it that a query could refuse.
    format!("?{}", serde_urlencoded::to_string(back).unwrap_or_default())
}

/// What is to be done, as a form or as JSON.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Order {
    action: Option<String>,
    number: Option<String>,
    session: Option<String>,
    minutes: Option<String>,
}

impl Format {
    /// How an answer is wanted by whoever sends these headers, as long as the query says nothing else: browsers name
    /// HTML among what they take, and who sends JSON reads it.
    pub fn by_headers(environment: &Environment) -> Self {
        let bytes = |name| environment.get(name).map(OsStrExt::as_bytes).unwrap_or_default();
        let accepted = bytes("HTTP_ACCEPT").split(|&byte| byte == b',');
        let taken =
            accepted.map(essence).find(|taken| *taken == b"text/html" || *taken == JSON_TYPE.as_bytes());
        match taken {
            Some(b"text/html") => Self::Html,
            Some(_) => Self::Json,
            None if essence(bytes("CONTENT_TYPE")).eq_ignore_ascii_case(JSON_TYPE.as_bytes()) => Self::Json,
            None => Self::Html,
        }
    }
}

impl Request {
    /// Understands a request.
    pub fn parse(environment: &Environment, body: impl Read) -> Self {
        let by_headers = Self {
            kind: Ok(RequestKind::Conferences { page: 1 }),
            format: Format::by_headers(environment),
            head: environment.get("REQUEST_METHOD").is_some_and(|method| method == "HEAD"),
        };
        let refused = |why| Self { kind: Err(why), ..by_headers };
        let raw = match RawRequest::with_body_of(&[FORM_TYPE, JSON_TYPE], environment, body) {
            Ok(raw) => raw,
            Err(rejected) => return refused(rejected),
        };
        let query: Query = match request::decode(&raw.query) {
            Ok(query) => query,
            Err(rejected) => return refused(rejected),
        };
        let (format, metrics) = match query.format.as_deref() {
            None => (by_headers.format, false),
            Some("html") => (Format::Html, false),
            Some("json") => (Format::Json, false),
            Some("metrics") => (by_headers.format, true),
            Some(_) => return refused(Rejected::Malformed("format is html, json or metrics")),
        };
        let kind = match raw.method {
            Method::Post => order(environment, &raw.form),
            Method::Get | Method::Head if metrics => Ok(RequestKind::Metrics),
            Method::Get | Method::Head => look(&query),
        };
        Self { kind, format, ..by_headers }
    }
}

fn look(query: &Query) -> Result<RequestKind, Rejected> {
    if let Some(file) = &query.file {
        let missing = Rejected::NotFound("there is no such file; reload the page that asked for it");
        return Asset::named(file).map(RequestKind::Asset).ok_or(missing);
    }
    if let Some(number) = &query.number {
        let number = conference(Some(number))?;
        let (session, minutes) = (query.session.as_deref(), query.minutes.as_deref());
        return match &query.ask {
            // Who asks for more time without saying how much means as much as the button.
            Some(action) if minutes.is_none() => {
                let minutes = OperationKind::of(action).and_then(OperationKind::minutes);
                let minutes = minutes.map(|minutes| minutes.to_string());
                Ok(RequestKind::Question(number, understood(action, session, minutes.as_deref())?))
            }
            Some(action) => Ok(RequestKind::Question(number, understood(action, session, minutes)?)),
            None => Ok(RequestKind::Conference { number, done: done(query) }),
        };
    }
    let page = match query.page.as_deref().map(str::parse) {
        None => 1,
        Some(Ok(page @ 1..)) => page,
        Some(_) => return Err(Rejected::Malformed("page is a number, and the first page is 1")),
    };
    Ok(if query.rooms.is_some() { RequestKind::Rooms { page } } else { RequestKind::Conferences { page } })
}

/// What a page is to tell that has been done; nothing, if that can't be understood.
fn done(query: &Query) -> Option<(Operation, Told)> {
    let session = query.session.as_deref();
    let operation = understood(query.done.as_deref()?, session, query.minutes.as_deref()).ok()?;
    let count =
        |count: &Option<String>| count.as_deref().and_then(|count| count.parse().ok()).unwrap_or_default();
    let told = Told {
        who: session.map(str::to_owned),
        already: query.already.is_some(),
        callers: count(&query.callers),
        reached: count(&query.reached),
        ends_in: None,
    };
    Some((operation, told))
}

fn order(environment: &Environment, body: &[u8]) -> Result<RequestKind, Rejected> {
    let media_type = environment.get("CONTENT_TYPE").map(OsStrExt::as_bytes).unwrap_or_default();
    let order: Order = if essence(media_type).eq_ignore_ascii_case(JSON_TYPE.as_bytes()) {
        let what = "the body is an object whose members action, number, session and minutes are strings";
        serde_json::from_slice(body).map_err(|_| Rejected::Malformed(what))?
    } else {
        request::decode(body)?
    };
    let number = conference(order.number.as_deref())?;
    let action = order.action.ok_or(Rejected::Malformed("action says what is to be done"))?;
    Ok(RequestKind::Operate(number, understood(&action, order.session.as_deref(), order.minutes.as_deref())?))
}

fn conference(number: Option<&str>) -> Result<ConferenceNumber, Rejected> {
    let digits = 1..=ConferenceNumber::MOST_DIGITS;
    let number = number.and_then(|number| ConferenceNumber::parse(number, &digits));
    number.ok_or(Rejected::Malformed("number is the number of a conference, of 32 digits at the most"))
}

fn understood(action: &str, session: Option<&str>, minutes: Option<&str>) -> Result<Operation, Rejected> {
    let kind = OperationKind::of(action).ok_or(Rejected::Malformed(
        "action is one of end, lock, unlock, kick, mute, unmute, extend and reopen",
    ))?;
    let malformed = Rejected::Malformed("session is 1 to 256 visible ASCII characters");
    let whom = session.map(|session| Whom::named(session).ok_or(malformed)).transpose()?;
    let minutes =
        minutes.and_then(|minutes| minutes.parse().ok()).filter(|minutes| (1..=1440).contains(minutes));
    kind.about(whom, minutes).map_err(|missing| match missing {
        Missing::Session => Rejected::Malformed("session says which caller is meant"),
        Missing::Minutes => {
            Rejected::Malformed("minutes says by how many the conference may last longer, 1 to 1440")
        }
    })
}

#[cfg(test)]
mod tests;
