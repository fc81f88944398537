//! The CCXML documents of the dialect of December 2002, which the program began with (contract section 3).
//!
//! It has `goto next`, and so no way of telling the program anything but by asking for the next document: nobody
//! renews, and nobody leaves. How many callers a token counts is therefore a guess, which nobody is told.

use super::prompt::{Kind, Reason};
use super::{Caller, Line, filters, rendered};
use crate::conference::{Entered, Told};
use crate::number::{ConferenceNumber, SessionId};
use crate::response::{MediaType, Response};
use askama::Template;

/// What every document knows of its session.
struct Session<'a> {
    /// S, where everything is fetched from.
    line: &'a str,
    /// The tag of the language of the prompts.
    lang: &'a str,
    /// The platform's id of the call; empty while it is not known.
    call_id: &'a str,
}

impl<'a> Session<'a> {
    fn new(line: &'a Line, caller: Caller<'a>) -> Self {
        let call_id = caller.session.map(SessionId::as_str).unwrap_or_default();
        Self { line: &line.url, lang: &line.lang.tag, call_id }
    }
}

#[derive(Template)]
#[template(path = "2002/get_conference.ccxml")]
struct GetConference<'a> {
    session: Session<'a>,
    reason: Option<&'static str>,
    tries_left: u8,
}

#[derive(Template)]
#[template(path = "2002/create_conference.ccxml")]
struct CreateConference<'a> {
    session: Session<'a>,
    conference: &'a str,
    words: &'static str,
    muted: bool,
}

#[derive(Template)]
#[template(path = "2002/join_conference.ccxml")]
struct JoinConference<'a> {
    session: Session<'a>,
    conference: &'a str,
    words: &'static str,
    muted: bool,
}

/// The document that answers a call and asks for the number. A caller who is sent back here is told the reason, and
/// asked again; with no tries left, goodbye.
pub fn get_conference(line: &Line, caller: Caller<'_>, reason: Option<Reason>) -> anyhow::Result<Response> {
    let reason = reason.map(Reason::word);
    let document =
        GetConference { session: Session::new(line, caller), reason, tries_left: caller.tries_left };
    rendered(&document, MediaType::Ccxml2002)
}

/// The document of a caller who got in: createConference for the first one, else joinConference.
pub fn conference(
    line: &Line,
    caller: Caller<'_>,
    number: &ConferenceNumber,
    entered: &Entered,
) -> anyhow::Result<Response> {
    let session = Session::new(line, caller);
    let conference = format!("conference_{number}");
    let (conference, muted) = (conference.as_str(), entered.muted);
    match entered.told {
        Told::First => {
            let words = Kind::FirstCaller.name();
            rendered(&CreateConference { session, conference, words, muted }, MediaType::Ccxml2002)
        }
        Told::Joining(_) => {
            let words = Kind::Joining(0).name();
            rendered(&JoinConference { session, conference, words, muted }, MediaType::Ccxml2002)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::settings::environment::Environment;

    #[test]
    fn who_only_listens_is_joined_one_way() {
        let line = Settings::from_environment(&Environment::default()).unwrap().line;
        let caller = Caller { session: None, tries_left: 3 };
        let number = ConferenceNumber::from_token_name("1234").unwrap();
        for told in [Told::First, Told::Joining(Some(1))] {
            for muted in [true, false] {
                let entered = Entered { told, waiting: false, muted, next_renewal: 0 };
                let body = conference(&line, caller, &number, &entered).unwrap().body;
                assert_eq!(body.matches("<join ").count(), 3);
                assert_eq!(body.matches(" duplex=\"'half'\"/>").count(), if muted { 3 } else { 0 }, "{body}");
            }
        }
    }
}
