//! The CCXML documents of the 1.0 dialect, and the script that answers a renewal (contract section 3).

use super::prompt::{MOST_TRIES, Message, Reason};
use super::{DocumentSettings, Keys, filters, rendered};
use crate::clock::Millis;
use crate::conference::{Entered, Greeting, Refused, Renewed, Role, SessionState};
use crate::number::{ConferenceNumber, SessionId};
use crate::response::{MediaType, Response};
use askama::Template;

/// What every document begins with.
struct Head<'a> {
    /// S, where everything is fetched from.
    program: &'a str,
    /// The tag of the language of the prompts.
    lang: &'a str,
    /// The number under which the caller may hold a place; empty when there is none.
    number: &'a str,
}

impl<'a> Head<'a> {
    fn new(settings: &'a DocumentSettings, number: Option<&'a ConferenceNumber>) -> Self {
        let number = number.map(ConferenceNumber::as_str).unwrap_or_default();
        Self { program: &settings.url, lang: &settings.lang.tag, number }
    }
}

/// getConference and getPin.
#[derive(Template)]
#[template(path = "question.ccxml")]
struct QuestionDocument<'a> {
    head: Head<'a>,
    first_stage: &'static str,
    /// Whether it is the document that answers a call.
    answers_call: bool,
    /// Whether it asks for anything: who has dialled the conference itself is not asked for its number.
    asks: bool,
    /// What comes when the call is up.
    next_stage: &'static str,
    /// Whether a caller who does not get in hears why, and goodbye.
    no_more_tries: bool,
    /// The name of the prompt that asks.
    prompt: &'static str,
    /// The variable, and field, of the answer.
    answer: &'static str,
    /// The application variable in which the tries of the call are counted.
    tries: &'static str,
    most_tries: u8,
    /// Why it is asked for again.
    reason: Option<&'static str>,
    /// Why it is asked for again when the keys can't be an answer.
    nonsense: &'static str,
    /// How the answer is sent.
    method: &'static str,
    /// What is sent.
    namelist: &'static str,
}

/// Why there is nothing left to try, and goodbye.
#[derive(Template)]
#[template(path = "goodbye.ccxml")]
struct GoodbyeDocument<'a> {
    head: Head<'a>,
    first_stage: &'static str,
    reason: &'static str,
}

/// createConference and joinConference.
#[derive(Template)]
#[template(path = "conference.ccxml")]
struct ConferenceDocument<'a> {
    head: Head<'a>,
    first_stage: &'static str,
    /// What the session carries with it.
    ticket: &'a str,
    /// The platform's name of the conference.
    conference: String,
    /// The prompt that is played before the join, with its query.
    words: String,
    /// Whether the caller waits for a moderator first.
    waiting: bool,
    /// Whether the caller can come to wait: for a moderator, or alone.
    waits: bool,
    /// Whether there is music for whoever waits.
    music: bool,
    /// The stages from the first one to that of a caller who is in.
    stages: &'static str,
    /// Seconds to the first renewal; the replies to renewals tell of the later ones.
    renew: u64,
    /// `full`, or `half` for a caller who only listens.
    duplex: &'static str,
    /// Whether tones tell the others of the caller's coming and going.
    tones: bool,
    /// Whether keys do something in the call.
    keys: bool,
    /// Whether the caller is a moderator.
    moderator: bool,
    /// Whether the program sends events to sessions.
    control: bool,
    /// Whether sessions wake one another up.
    wakes: bool,
}

/// The script that tells a session the state of its conference.
#[derive(Template)]
#[template(path = "state.js", escape = "none")]
struct StateScript<'a> {
    state: &'static str,
    /// Seconds to the next renewal.
    renew: u64,
    /// How the caller is to be joined: `full`, or `half` for one who only listens. None: as they are.
    duplex: Option<&'static str>,
    /// The prompt that the caller hears in the conference, with its query; empty for none.
    words: String,
    /// The sessions that this one wakes up, separated by spaces.
    wakes: String,
    /// Takes the place of the session's own.
    ticket: Option<&'a str>,
}

/// The document that answers a call and asks for the number; with a reason when it is asked for again.
pub fn get_conference(settings: &DocumentSettings, reason: Option<Reason>) -> anyhow::Result<Response> {
    let document = QuestionDocument {
        reason: reason.map(Reason::word),
        ..QuestionDocument::for_number(Head::new(settings, None))
    };
    rendered(&document, MediaType::Ccxml)
}

/// The document that answers a call to a conference itself: who is not let in hears why, and goodbye. Without a number,
/// because what was to be dialled can't be one, nobody is.
pub fn direct(settings: &DocumentSettings, number: Option<&ConferenceNumber>) -> anyhow::Result<Response> {
    let document = QuestionDocument {
        asks: false,
        next_stage: "entering",
        no_more_tries: true,
        namelist: "conference_code session_id tries",
        ..QuestionDocument::for_number(Head::new(settings, number))
    };
    rendered(&document, MediaType::Ccxml)
}

/// The document that asks for the PIN of a conference; with a reason when it is asked for again. With no more tries for the
/// number, who does not get in after all hears why, and goodbye.
pub fn get_pin(
    settings: &DocumentSettings,
    number: &ConferenceNumber,
    reason: Option<Reason>,
    optional: bool,
    no_more_tries: bool,
) -> anyhow::Result<Response> {
    let document = QuestionDocument {
        first_stage: "asking",
        answers_call: false,
        prompt: Message::GetPin { reason: None, optional }.name(),
        answer: "pin",
        tries: "pin_tries",
        reason: reason.map(Reason::word),
        nonsense: Reason::Refused(Refused::WrongPin).word(),
        no_more_tries,
        // In a form, for queries end in access logs.
        method: "post",
        namelist: if no_more_tries {
            "conference_code session_id pin caller tries"
        } else {
            "conference_code session_id pin caller"
        },
        ..QuestionDocument::for_number(Head::new(settings, Some(number)))
    };
    rendered(&document, MediaType::Ccxml)
}

impl<'a> QuestionDocument<'a> {
    /// What asks for the number for the first time.
    fn for_number(head: Head<'a>) -> Self {
        Self {
            head,
            first_stage: "new",
            answers_call: true,
            asks: true,
            next_stage: "asking",
            no_more_tries: false,
            prompt: Message::GetConferenceCode(None).name(),
            answer: "conference_code",
            tries: "tries",
            most_tries: MOST_TRIES,
            reason: None,
            nonsense: Reason::NotANumber.word(),
            method: "get",
            namelist: "conference_code session_id",
        }
    }
}

/// The document that says why, and goodbye.
pub fn goodbye(settings: &DocumentSettings, reason: Reason) -> anyhow::Result<Response> {
    let head = Head::new(settings, None);
    rendered(&GoodbyeDocument { head, first_stage: "ending", reason: reason.word() }, MediaType::Ccxml)
}

/// The document of a caller who got in: createConference for the first one, else joinConference.
pub fn conference(
    settings: &DocumentSettings,
    number: &ConferenceNumber,
    entered: &Entered,
    ticket: &str,
) -> anyhow::Result<Response> {
    let words = match entered.told {
        _ if entered.waiting => Message::Admitted.name().to_owned(),
        Greeting::First => Message::FirstCaller.name().to_owned(),
        Greeting::Joining(others) => Message::Joining(others.unwrap_or(0)).query(),
    };
    let words = if settings.keys == Keys::Announce { words + "&hint=keys" } else { words };
    let music = settings.music_url.is_some();
    let waits = entered.waiting || music;
    let document = ConferenceDocument {
        head: Head::new(settings, Some(number)),
        first_stage: if entered.waiting || entered.alone { "waiting" } else { "joining" },
        ticket,
        conference: settings.conference(number),
        words,
        waiting: entered.waiting,
        waits,
        music,
        stages: if waits { "waiting joining joined" } else { "joining joined" },
        renew: seconds(entered.next_renewal),
        duplex: duplex(entered.listens),
        tones: settings.tones,
        keys: settings.keys != Keys::No,
        moderator: entered.role == Role::Moderator,
        control: settings.control,
        wakes: settings.wakes,
    };
    rendered(&document, MediaType::Ccxml)
}

/// The script that tells a session the state of its conference and when to renew next.
pub fn state(
    settings: &DocumentSettings,
    renewed: &Renewed,
    ticket: Option<&str>,
) -> anyhow::Result<Response> {
    let (state, renew) = match renewed.state {
        SessionState::Open(next) => ("open", next),
        SessionState::Waiting(next) => ("waiting", next),
        SessionState::Alone(next) => ("alone", next),
        // The other states are the names of the last words.
        SessionState::Ended(why) => (Message::Ended(why).name(), 0),
        SessionState::Kicked => (Message::Kicked.name(), 0),
    };
    let is_known = matches!(renewed.state, SessionState::Open(_) | SessionState::Alone(_));
    let script = StateScript {
        state,
        renew: seconds(renew),
        duplex: is_known.then(|| duplex(renewed.listens)),
        words: renewed.words.map(|words| Message::InConference(words).query()).unwrap_or_default(),
        wakes: ids(settings, &renewed.wakes),
        ticket,
    };
    rendered(&script, MediaType::Script)
}

/// The script that answers a leave: whom the session wakes up as it goes.
pub fn left(settings: &DocumentSettings, wakes: &[SessionId]) -> anyhow::Result<Response> {
    let script = StateScript {
        state: "left",
        renew: seconds(0),
        duplex: None,
        words: String::new(),
        wakes: ids(settings, wakes),
        ticket: None,
    };
    rendered(&script, MediaType::Script)
}

fn duplex(listens: bool) -> &'static str {
    if listens { "half" } else { "full" }
}

/// The sessions to be woken up, separated by spaces; none where documents wake nobody up.
fn ids(settings: &DocumentSettings, sessions: &[SessionId]) -> String {
    if !settings.wakes {
        return String::new();
    }
    sessions.iter().map(SessionId::as_str).collect::<Vec<_>>().join(" ")
}

/// Whole seconds, rounded up: who asks a moment too early would have to ask again.
fn seconds(millis: Millis) -> u64 {
    millis.div_ceil(1000).max(1)
}
