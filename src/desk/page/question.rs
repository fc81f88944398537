//! The question whether somebody means what they have pressed.

use super::{Frame, rendered};
use crate::conference::{Operation, Whom};
use crate::desk::operation::OperationKind;
use crate::overview::Details;
use crate::response::Response;
use askama::Template;

#[derive(Template)]
#[template(path = "desk/question.html")]
struct Question<'a> {
    frame: Frame<'a>,
    question: String,
    consequence: String,
    number: &'a str,
    verb: &'static str,
    session: Option<&'a str>,
    minutes: Option<u64>,
    label: &'static str,
}

/// The page that asks, with what will happen.
pub fn question<'a>(
    frame: Frame<'a>,
    details: &Details<'a>,
    operation: &'a Operation,
) -> anyhow::Result<Response> {
    let (number, count) = (details.row.number, details.row.count());
    let kind = OperationKind::from(operation);
    let session = operation.whom().map(Whom::as_str);
    let known = details.sessions.iter().find(|who| who.session.is_some() && who.session == session);
    let who = known.and_then(|who| who.caller).or(session).unwrap_or_default();
    let disconnected = "is disconnected, and does not get back in with the same session.";
    let (question, consequence) = match operation {
        Operation::Kick(Whom::All) => (
            format!("Remove all but moderators from conference {number}?"),
            format!("Each of them hears so, {disconnected}"),
        ),
        Operation::Kick(Whom::Session(_)) => (
            format!("Remove {who} from conference {number}?"),
            format!("The caller hears so, {disconnected}"),
        ),
        Operation::End => (
            format!("End conference {number}?"),
            format!("Each caller hears that it was ended, and is disconnected. Callers: {count}."),
        ),
        // What can be undone is asked about only by whoever types such an address.
        Operation::Reopen => (format!("Take PINs for room {number} again?"), String::new()),
        Operation::Lock | Operation::Unlock => {
            (format!("{} conference {number}?", kind.label()), String::new())
        }
        Operation::Mute(_) | Operation::Unmute(_) => {
            (format!("{} {who} in conference {number}?", kind.label()), String::new())
        }
        Operation::Extend(by) => {
            (format!("Give conference {number} {} min more?", by / 60_000), String::new())
        }
    };
    let minutes = match operation {
        Operation::Extend(by) => Some(by / 60_000),
        _ => None,
    };
    // The button says by how much, which may be another time than that of the other button.
    let label = if minutes.is_some() { "Give more time" } else { kind.label() };
    rendered(&Question { frame, question, consequence, number, verb: kind.name(), session, minutes, label })
}
