//! The desk's pages: what the templates are filled with.

mod question;

pub use question::question;

use super::access::Visitor;
use super::operation::OperationKind;
use super::{assets, rooms};
use crate::conference::{ALL, Role};
use crate::console::{span, span_left};
use crate::document::filters;
use crate::number::ConferenceNumber;
use crate::overview::{Details, Page, Row, Seen, SessionRow};
use crate::response::{MediaType, Response};
use askama::Template;

/// What all pages have around them.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    style: String,
    script: String,
    icon: String,
    user: Option<&'a str>,
    rooms: bool,
    place: &'static str,
    refreshes: bool,
    said: Option<String>,
}

impl<'a> Frame<'a> {
    /// The frame for a visitor of a line that may have rooms, with what has just been done.
    pub fn new(visitor: &'a Visitor, rooms: bool, said: Option<String>) -> Self {
        Self {
            style: assets::STYLE.name(),
            script: assets::SCRIPT.name(),
            icon: assets::ICON.name(),
            user: visitor.name(),
            rooms,
            place: "",
            refreshes: false,
            said,
        }
    }
}

/// Where a page stands among others.
struct Pages {
    of: &'static str,
    this: usize,
    last: usize,
}

/// When something began.
#[derive(Clone)]
struct Since {
    /// RFC 3339.
    time: String,
    /// How long ago, in words.
    span: String,
}

impl Since {
    /// The time, and how many seconds ago that was; none if it is not known.
    fn of(time: Option<&String>, seconds: Option<u64>) -> Option<Self> {
        let span = span(seconds?.saturating_mul(1000));
        time.map(|time| Self { time: time.clone(), span })
    }

    /// The hour and the minute; a browser with the script shows the local ones.
    fn clock(&self) -> &str {
        self.time.get(11..16).unwrap_or_default()
    }
}

struct ConferenceRow<'a> {
    number: &'a str,
    name: Option<&'a str>,
    callers: String,
    waiting: usize,
    since: Option<Since>,
    ends_in: Option<String>,
    state: &'static str,
    /// Whom the room takes no PINs from.
    closed_to: Option<String>,
}

struct CallerRow<'a> {
    number: Option<&'a str>,
    session: Option<&'a str>,
    role: &'static str,
    since: Option<Since>,
    state: &'static str,
    state_in_words: &'static str,
    hand: bool,
    buttons: Vec<Button<'a>>,
}

/// A verb that can be pressed.
struct Button<'a> {
    verb: &'static str,
    label: &'static str,
    session: Option<&'a str>,
    /// Its place among the others, which stays the same when it does the opposite the next time.
    place: &'static str,
    /// Who is meant, for those who do not see the row.
    about: Option<&'a str>,
    /// By how many minutes it lengthens the conference.
    minutes: Option<u32>,
    /// Whether somebody is asked first whether they mean it.
    asks: bool,
}

#[derive(Template)]
#[template(path = "desk/conferences.html")]
struct Conferences<'a> {
    frame: Frame<'a>,
    total: usize,
    rows: Vec<ConferenceRow<'a>>,
    problems: &'a [String],
    pages: Pages,
}

/// The conferences in progress, and what could not be read.
pub fn conferences(frame: Frame<'_>, page: &Page<Seen>, problems: &[String]) -> anyhow::Result<Response> {
    let frame = Frame { place: "conferences", refreshes: true, ..frame };
    let rows = page.rows.iter().map(|seen| ConferenceRow::of(&seen.row())).collect();
    let pages = Pages { of: "", this: page.this, last: page.last };
    rendered(&Conferences { frame, total: page.total, rows, problems, pages })
}

#[derive(Template)]
#[template(path = "desk/conference.html")]
struct Conference<'a> {
    frame: Frame<'a>,
    number: &'a str,
    row: ConferenceRow<'a>,
    buttons: Vec<Button<'a>>,
    hands: usize,
    callers: Vec<CallerRow<'a>>,
}

/// One conference and its callers.
pub fn conference(frame: Frame<'_>, details: &Details<'_>) -> anyhow::Result<Response> {
    let frame = Frame { refreshes: true, ..frame };
    let row = &details.row;
    let in_progress = row.state != "free";
    let goes_on = in_progress && row.state != "ending";
    let lock = if row.state == "locked" { OperationKind::Unlock } else { OperationKind::Lock };
    // Those whom the buttons for all are about.
    let mut callers = details.sessions.iter().filter(|who| who.role == Role::Caller && who.state != "kicked");
    let can_mute = !row.muted || callers.clone().any(|who| who.muted_by != Some("moderator"));
    let can_unmute = row.muted || callers.any(|who| who.muted_by == Some("moderator"));
    let one = |kind, is_there: bool| is_there.then(|| Button::new(kind, None));
    let lock = Button { place: "lock", ..Button::new(lock, None) };
    let all =
        |kind, label, is_there: bool| is_there.then(|| Button { label, ..Button::new(kind, Some(ALL)) });
    let buttons = [
        one(OperationKind::Reopen, row.closed_to().is_some()),
        Some(lock).filter(|_| goes_on),
        all(OperationKind::Mute, "Mute all", goes_on && can_mute),
        all(OperationKind::Unmute, "Unmute all", goes_on && can_unmute),
        one(OperationKind::Extend, goes_on && row.ends_in_seconds.is_some()),
        one(OperationKind::End, in_progress),
    ];
    let page = Conference {
        frame,
        number: row.number,
        row: ConferenceRow::of(row),
        buttons: buttons.into_iter().flatten().collect(),
        hands: details.sessions.iter().filter(|caller| caller.hand).count(),
        callers: details.sessions.iter().map(|who| CallerRow::of(who, goes_on)).collect(),
    };
    rendered(&page)
}

#[derive(Template)]
#[template(path = "desk/rooms.html")]
struct Rooms<'a> {
    frame: Frame<'a>,
    total: usize,
    rows: &'a [rooms::Row],
    pages: Pages,
}

/// The rooms, and what is wrong with them.
pub fn rooms<'a>(frame: Frame<'a>, page: &'a Page<rooms::Row>) -> anyhow::Result<Response> {
    let frame = Frame { place: "rooms", refreshes: true, ..frame };
    let pages = Pages { of: "rooms&", this: page.this, last: page.last };
    rendered(&Rooms { frame, total: page.total, rows: &page.rows, pages })
}

#[derive(Template)]
#[template(path = "desk/message.html")]
struct Message<'a> {
    frame: Frame<'a>,
    title: &'a str,
    text: &'a str,
}

/// A number that nobody is in a conference of. It refreshes, for they may come.
pub fn nobody(frame: Frame<'_>, number: &ConferenceNumber) -> anyhow::Result<Response> {
    let frame = Frame { refreshes: true, ..frame };
    message(frame, &format!("Conference {number}"), "Nobody is in it at the moment.")
}

/// A sentence under a title.
pub fn message(frame: Frame<'_>, title: &str, text: &str) -> anyhow::Result<Response> {
    rendered(&Message { frame, title, text })
}

impl<'a> ConferenceRow<'a> {
    fn of(row: &Row<'a>) -> Self {
        Self {
            number: row.number,
            name: row.name,
            callers: row.count(),
            waiting: row.waiting,
            ends_in: row.ends_in_seconds.map(|seconds| span_left(seconds.saturating_mul(1000))),
            state: row.state,
            closed_to: row.closed_to(),
            since: Since::of(row.since.as_ref(), row.age_seconds),
        }
    }
}

impl<'a> CallerRow<'a> {
    fn of(row: &SessionRow<'a>, goes_on: bool) -> Self {
        let mute = if row.muted_by.is_some() { OperationKind::Unmute } else { OperationKind::Mute };
        let buttons = match row.session.filter(|_| row.state != "kicked") {
            Some(session) => {
                let about = row.caller.or(Some(session));
                let button = |kind, place| Button { place, about, ..Button::new(kind, Some(session)) };
                let mute = goes_on.then(|| button(mute, "mute"));
                mute.into_iter().chain([button(OperationKind::Kick, "kick")]).collect()
            }
            None => Vec::new(),
        };
        Self {
            number: row.caller,
            session: row.session,
            role: row.role.word(),
            since: Since::of(row.since.as_ref(), row.age_seconds),
            state: row.state,
            state_in_words: row.state_in_words(),
            hand: row.hand,
            buttons,
        }
    }
}

impl<'a> Button<'a> {
    fn new(kind: OperationKind, session: Option<&'a str>) -> Self {
        Self {
            verb: kind.name(),
            label: kind.label(),
            session,
            place: kind.name(),
            about: None,
            minutes: kind.minutes(),
            asks: kind.is_final(),
        }
    }
}

fn rendered(page: &impl Template) -> anyhow::Result<Response> {
    Ok(Response::document(MediaType::Html, page.render()?))
}
