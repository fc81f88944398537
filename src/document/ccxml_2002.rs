//! The CCXML documents of the dialect of December 2002, which the program began with (contract section 3).
//!
//! It has `goto next`, and so no way of telling the program anything but by asking for the next document: nobody
//! renews, and nobody leaves. How many callers a token counts is therefore a guess, which nobody is told.

use super::prompt::{Message, Reason};
use super::{Call, DocumentSettings, filters, rendered};
use crate::conference::{Entered, Greeting};
use crate::number::{ConferenceNumber, SessionId};
use crate::response::{MediaType, Response};
use askama::Template;

/// What every document begins with.
struct Head<'a> {
    /// S, where everything is fetched from.
    program: &'a str,
    /// The tag of the language of the prompts.
    lang: &'a str,
    /// The platform's id of the call; empty while it is not known.
    call_id: &'a str,
}

impl<'a> Head<'a> {
    fn new(settings: &'a DocumentSettings, call: Call<'a>) -> Self {
        let call_id = call.id.map(SessionId::as_str).unwrap_or_default();
        Self { program: &settings.url, lang: &settings.lang.tag, call_id }
    }
}

#[derive(Template)]
#[template(path = "2002/get_conference.ccxml")]
struct GetConference<'a> {
    head: Head<'a>,
    reason: Option<&'static str>,
    tries_left: u8,
    /// The number that nobody is asked for.
    direct: Option<&'a str>,
}

/// createConference and joinConference.
#[derive(Template)]
#[template(path = "2002/conference.ccxml")]
struct Conference<'a> {
    head: Head<'a>,
    /// The name of the conference.
    conference: String,
    first: bool,
    /// The prompt that tells the caller that they are joining.
    words: &'static str,
    muted: bool,
}

/// The document that answers a call and asks for the number. A caller who is sent back here is told the reason, and
/// asked again; with no tries left, goodbye. Who has dialled a conference itself is not asked.
pub fn get_conference(
    settings: &DocumentSettings,
    call: Call<'_>,
    reason: Option<Reason>,
    direct: Option<&str>,
) -> anyhow::Result<Response> {
    let (head, tries_left) = (Head::new(settings, call), call.tries_left);
    let reason = reason.map(Reason::word);
    rendered(&GetConference { head, reason, tries_left, direct }, MediaType::Ccxml2002)
}

/// The document of a caller who got in: createConference for the first one, else joinConference.
pub fn conference(
    settings: &DocumentSettings,
    call: Call<'_>,
    number: &ConferenceNumber,
    entered: &Entered,
) -> anyhow::Result<Response> {
    let first = entered.told == Greeting::First;
    let words = if first { Message::FirstCaller } else { Message::Joining(0) };
    let document = Conference {
        head: Head::new(settings, call),
        // It is the name of a variable too, which a hyphen would take apart. No line has `_` in its name.
        conference: settings.conference(number).replace('-', "_"),
        first,
        words: words.name(),
        muted: entered.listens,
    };
    rendered(&document, MediaType::Ccxml2002)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conference::Role;
    use crate::settings::Settings;
    use crate::settings::environment::Environment;

    #[test]
    fn who_only_listens_is_joined_one_way() {
        let settings = Settings::from_environment(&Environment::default()).unwrap().documents;
        let call = Call { id: None, tries_left: 3 };
        let number = ConferenceNumber::from_token_name("1234").unwrap();
        for told in [Greeting::First, Greeting::Joining(Some(1))] {
            for muted in [true, false] {
                let entered = Entered {
                    told,
                    role: Role::Caller,
                    waiting: false,
                    alone: false,
                    listens: muted,
                    next_renewal: 0,
                };
                let body = conference(&settings, call, &number, &entered).unwrap().body;
                assert_eq!(body.matches("<join ").count(), 4);
                assert_eq!(body.matches(" duplex=\"'half'\"/>").count(), if muted { 4 } else { 0 }, "{body}");
            }
        }
    }
}
