//! The desk's pages: what the templates are filled with.

use super::access::Visitor;
use super::operation::OperationKind;
use super::{assets, rooms};
use crate::clock::Millis;
use crate::conference::{Operation, Role, Whom};
use crate::document::filters;
use crate::number::ConferenceNumber;
use crate::overview::{Details, Page, Row, SessionRow};
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
    said: Option<&'static str>,
}

impl<'a> Frame<'a> {
    /// The frame for a visitor of a line that may have rooms, with what has just been done.
    pub fn new(visitor: &'a Visitor, rooms: bool, done: Option<OperationKind>) -> Self {
        Self {
            style: assets::STYLE.name(),
            script: assets::SCRIPT.name(),
            icon: assets::ICON.name(),
            user: visitor.name(),
            rooms,
            place: "",
            refreshes: false,
            said: done.map(OperationKind::done),
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
    /// Who is meant, for those who do not see the row.
    about: Option<&'a str>,
    /// By how many minutes it lengthens the conference.
    minutes: Option<u64>,
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

/// The conferences in progress.
pub fn conferences(frame: Frame<'_>, page: &Page) -> anyhow::Result<Response> {
    let frame = Frame { place: "conferences", refreshes: true, ..frame };
    let rows = page.seen.iter().map(|seen| ConferenceRow::of(seen.row())).collect();
    let pages = Pages { of: "", this: page.this, last: page.last };
    rendered(&Conferences { frame, total: page.total, rows, problems: &page.unreadable, pages })
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
    let lock = if row.state == "locked" { OperationKind::Unlock } else { OperationKind::Lock };
    let buttons = [
        row.closed_to().map(|_| OperationKind::Reopen),
        in_progress.then_some(lock),
        row.ends_in_seconds.map(|_| OperationKind::Extend),
        in_progress.then_some(OperationKind::End),
    ];
    let page = Conference {
        frame,
        number: row.number,
        row: ConferenceRow::of(row.clone()),
        buttons: buttons.into_iter().flatten().map(|kind| Button::new(kind, None)).collect(),
        hands: details.sessions.iter().filter(|caller| caller.hand).count(),
        callers: details.sessions.iter().map(CallerRow::of).collect(),
    };
    rendered(&page)
}

#[derive(Template)]
#[template(path = "desk/question.html")]
struct Question<'a> {
    frame: Frame<'a>,
    question: String,
    consequence: String,
    number: &'a str,
    verb: &'static str,
    session: Option<&'a str>,
    label: &'static str,
}

/// The question whether somebody means it.
pub fn question(frame: Frame<'_>, row: &Row<'_>, operation: &Operation) -> anyhow::Result<Response> {
    let (number, count) = (row.number, row.count());
    let (question, consequence, session) = match operation {
        Operation::Kick(Whom::Session(session)) => (
            format!("Remove this caller from conference {number}?"),
            format!("{session} hears so, is disconnected, and does not get back in with the same session."),
            Some(session.as_str()),
        ),
        Operation::End => (
            format!("End conference {number}?"),
            format!("All {count} callers hear that it was ended and are disconnected."),
            None,
        ),
        // What can be undone is asked about only by whoever types such an address.
        _ => {
            (format!("{} conference {number}?", OperationKind::from(operation).label()), String::new(), None)
        }
    };
    let kind = OperationKind::from(operation);
    rendered(&Question {
        frame,
        question,
        consequence,
        number,
        verb: kind.name(),
        session,
        label: kind.label(),
    })
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
pub fn rooms<'a>(frame: Frame<'a>, page: &'a rooms::Page) -> anyhow::Result<Response> {
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
    fn of(row: Row<'a>) -> Self {
        Self {
            number: row.number,
            name: row.name,
            callers: row.count(),
            waiting: row.waiting,
            ends_in: row.ends_in_seconds.map(|seconds| span(seconds * 1000)),
            state: row.state,
            closed_to: row.closed_to(),
            since: row.since.map(|time| Since { time, span: span(row.age_seconds.unwrap_or(0) * 1000) }),
        }
    }
}

impl<'a> CallerRow<'a> {
    fn of(row: &SessionRow<'a>) -> Self {
        let buttons = match row.session {
            Some(session) if row.state != "kicked" => {
                vec![Button {
                    about: row.caller.or(Some(session)),
                    ..Button::new(OperationKind::Kick, Some(session))
                }]
            }
            _ => Vec::new(),
        };
        Self {
            number: row.caller,
            session: row.session,
            role: match row.role {
                Role::Caller => "caller",
                Role::Moderator => "moderator",
            },
            since: row
                .since
                .clone()
                .map(|time| Since { time, span: span(row.age_seconds.unwrap_or(0) * 1000) }),
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
            about: None,
            minutes: kind.minutes(),
            asks: kind.is_final(),
        }
    }
}

/// A span of time in words, to two units.
fn span(millis: Millis) -> String {
    let seconds = millis / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {} min", minutes % 60),
        (days, hours, _) => format!("{days} d {} h", hours % 24),
    }
}

fn rendered(page: &impl Template) -> anyhow::Result<Response> {
    Ok(Response::document(MediaType::Html, page.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_to_two_units() {
        for (seconds, words) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3599, "59 min"),
            (3600, "1 h 0 min"),
            (86_399, "23 h 59 min"),
            (86_400, "1 d 0 h"),
            (90_000, "1 d 1 h"),
        ] {
            assert_eq!(span(seconds * 1000 + 999), words);
        }
        assert_eq!(span(u64::MAX), "213503982334 d 14 h");
    }
}
