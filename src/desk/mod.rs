//! The desk (contract section 11): pages for the people who run conferences, and the same as JSON for programs.
//!
//! The way of a request is that of the line: environment -> [`request`] -> what [`crate::overview`] shows or the line does ->
//! page or JSON -> response. [`access`] says who is let in at all.

pub mod access;
mod assets;
mod metrics;
mod operation;
mod page;
pub mod request;
mod rooms;

use crate::conference::{NotDone, Operation};
use crate::line::{Answer, Line};
use crate::number::ConferenceNumber;
use crate::operated::{self, Told};
use crate::overview;
use crate::request::Rejected;
use crate::response::{MediaType, Response};
use crate::settings::Settings;
use crate::settings::environment::Environment;
use crate::store::StoreError;
use access::Visitor;
use page::Frame;
use request::{Format, Request, RequestKind};
use serde::Serialize;
use std::io::Read;

/// The headers of every answer of the desk. Nothing but the desk's own files is loaded, nothing inline is run, no other
/// page frames it. The referrer is kept from other sites alone: without any, browsers send forms with `Origin: null`.
const HEADERS: [(&str, &str); 4] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Vary", "Accept"),
];

/// Answers a request; what went wrong on our side is told to `warn` as well.
pub fn serve(
    environment: &Environment,
    body: impl Read,
    settings: Settings,
    open: bool,
    warn: fn(&str),
) -> Answer {
    let by_headers = Format::by_headers(environment);
    let is = |method: &str| environment.get("REQUEST_METHOD").is_some_and(|asked| asked == method);
    let visitor = Visitor::of(environment, open);
    let (answered, head) = match &visitor {
        Err(why) => (Ok(forbidden(by_headers, why)), is("HEAD")),
        Ok(_) if is("POST") && access::is_cross_site(environment) => (
            Ok(forbidden(by_headers, "This was sent by a page of another site, and nothing was done.")),
            false,
        ),
        Ok(visitor) => {
            let request = Request::parse(environment, body);
            let desk = Desk { line: Line::new(settings, warn), visitor, format: request.format };
            (desk.answer(request.kind), request.head)
        }
    };
    let mut response = answered.unwrap_or_else(|error| {
        warn(&format!("{error:#}"));
        Response::failure()
    });
    response.headers.extend(HEADERS.map(|(name, value)| (name, value.into())));
    Answer { response, head }
}

fn forbidden(format: Format, why: &str) -> Response {
    match format {
        Format::Html => Response::error("403 Forbidden", why),
        Format::Json => Response { status: "403 Forbidden", ..json(&Problem { error: why }) },
    }
}

/// What programs are told in place of what they asked for.
#[derive(Serialize)]
struct Problem<'a> {
    error: &'a str,
}

/// What programs are told that has been done.
#[derive(Serialize)]
struct Done {
    message: String,
    callers: usize,
    reached: usize,
}

struct Desk<'a> {
    line: Line,
    visitor: &'a Visitor,
    format: Format,
}

impl Desk<'_> {
    fn answer(&self, kind: Result<RequestKind, Rejected>) -> anyhow::Result<Response> {
        let kind = match kind {
            Ok(kind) => kind,
            Err(rejected) => return self.refusal(rejected.response(), "That can't be understood"),
        };
        match self.respond(&kind) {
            Err(error) if error.is::<StoreError>() => {
                self.line.warn(&error.to_string());
                self.refusal(Response::unavailable(), "The line can't be reached")
            }
            answered => answered,
        }
    }

    fn respond(&self, kind: &RequestKind) -> anyhow::Result<Response> {
        match kind {
            RequestKind::Asset(asset) => Ok(asset.response()),
            RequestKind::Conferences { page } => self.conferences(*page),
            RequestKind::Conference { number, done } => {
                let seen = overview::look(&self.line, number)?;
                let details = seen.as_ref().map(overview::Seen::details);
                let said = done.as_ref().map(|(operation, told)| {
                    let left = details.as_ref().and_then(|details| details.row.ends_in_seconds);
                    let ends_in = left.map(|seconds| seconds.saturating_mul(1000));
                    self.told(number, operation, &Told { ends_in, ..told.clone() })
                });
                match (&details, self.format) {
                    (Some(details), Format::Html) => page::conference(self.frame(said), details),
                    (None, Format::Html) => page::nobody(self.frame(said), number),
                    (Some(details), Format::Json) => Ok(json(details)),
                    (None, Format::Json) => self.nobody(number),
                }
            }
            RequestKind::Question(number, operation) => match overview::look(&self.line, number)? {
                Some(seen) => page::question(self.frame(None), &seen.details(), operation),
                None => self.nobody(number),
            },
            RequestKind::Rooms { page } => self.rooms(*page),
            RequestKind::Metrics => metrics::metrics(&self.line),
            RequestKind::Operate(number, operation) => self.operate(number, operation),
        }
    }

    fn conferences(&self, this: usize) -> anyhow::Result<Response> {
        let (page, unreadable) = overview::page(&self.line, this)?;
        match self.format {
            Format::Html => page::conferences(self.frame(None), &page, &unreadable),
            Format::Json => {
                let rows: Vec<_> = page.rows.iter().map(overview::Seen::details).collect();
                Ok(paged(json(&rows), "", page.this, page.last))
            }
        }
    }

    fn rooms(&self, this: usize) -> anyhow::Result<Response> {
        let page = rooms::page(&self.line, this)?;
        match self.format {
            Format::Html => page::rooms(self.frame(None), &page),
            Format::Json => Ok(paged(json(&page.rows), "rooms&", page.this, page.last)),
        }
    }

    fn operate(&self, number: &ConferenceNumber, operation: &Operation) -> anyhow::Result<Response> {
        let done = self.line.operate(number, operation, self.visitor.name()).map_err(|error| {
            let error = error.into();
            self.line.log_failure(Some(number), None, &error);
            error
        })?;
        let told = match done {
            Ok(done) => Told::of(operation, &done),
            Err(why) => return self.not_done(number, operation, why),
        };
        let message = self.told(number, operation, &told);
        Ok(match self.format {
            Format::Json => json(&Done { message, callers: told.callers, reached: told.reached }),
            Format::Html => Response {
                headers: vec![("Location", request::back(number, operation, &told).into())],
                ..Response::error("303 See Other", &message)
            },
        })
    }

    fn told(&self, number: &ConferenceNumber, operation: &Operation, told: &Told) -> String {
        operated::sentence(&operated::done(number, operation, told, &self.line.settings().times))
    }

    fn not_done(
        &self,
        number: &ConferenceNumber,
        operation: &Operation,
        why: NotDone,
    ) -> anyhow::Result<Response> {
        let status = match why {
            NotDone::NoConference => return self.nobody(number),
            NotDone::NoCaller => "404 Not Found",
            NotDone::ManyCallers(_) | NotDone::Ending | NotDone::NoLimit => "409 Conflict",
        };
        let text = operated::sentence(&operated::not_done(number, operation, why));
        self.refusal(Response::error(status, &text), &format!("Conference {number}"))
    }

    fn nobody(&self, number: &ConferenceNumber) -> anyhow::Result<Response> {
        let text = format!("Nobody is in conference {number} at the moment.");
        self.refusal(Response::error("404 Not Found", &text), &format!("Conference {number}"))
    }

    /// A refusal, as a page or as JSON; its body is the sentence that says why.
    fn refusal(&self, refusal: Response, title: &str) -> anyhow::Result<Response> {
        let text = refusal.body.trim_end();
        let shown = match self.format {
            Format::Html => page::message(self.frame(None), title, text)?,
            Format::Json => json(&Problem { error: text }),
        };
        Ok(Response { status: refusal.status, headers: refusal.headers, ..shown })
    }

    /// What stands around a page, on which it is said what has just been done.
    fn frame(&self, said: Option<String>) -> Frame<'_> {
        Frame::new(self.visitor, self.line.settings().rooms.is_some(), said)
    }
}

/// A page of a list, with the address of the next one (RFC 8288).
fn paged(response: Response, of: &str, this: usize, last: usize) -> Response {
    let next = this.saturating_add(1);
    let link =
        (next <= last).then(|| ("Link", format!("<?{of}page={next}&format=json>; rel=\"next\"").into()));
    Response { headers: link.into_iter().collect(), ..response }
}

fn json(value: &impl Serialize) -> Response {
    // Texts and numbers: there is nothing in what is shown that JSON could refuse.
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    Response::document(MediaType::Json, text)
}
