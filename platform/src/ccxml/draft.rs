//! Documents of the draft that was about in December 2002, played by being read as documents of 1.0.
//!
//! | draft | read as |
//! |---|---|
//! | `eventhandler`, `state="'x'"`, `name="evt"` | `eventprocessor`, `state="x"`, `event$` |
//! | `connection.CONNECTION_ALERTING`, `ccxml.conference.joined` and the like | `connection.alerting`, `conference.joined` |
//! | `evt.callid`, `evt.confid`, `evt.error` | `event$.connectionid` or `event$.id1`, `event$.conferenceid`, `event$.reason` |
//! | `callid`, `sessionid1`, `sessionid2` | `connectionid`, `id1`, `id2` |
//! | `<createconference name="c"/>` | `conferenceid="c" confname="'c'"`: the variable gets the id, the conference this name |
//! | `<goto next="..."/>` | fetches the document and goes there; `error.fetch` when it can't |
//!
//! A join takes the name of a conference as well as its id, because only the session that has created one knows its id.

use crate::markup::{Document, Element, Node};
use crate::rules::schema::Problem;

/// Elements of the draft as far as they are played, with their attributes.
const TABLE: &[(&str, &[&str])] = &[
    ("accept", &["callid"]),
    ("assign", &["name", "expr"]),
    ("ccxml", &["version"]),
    ("createconference", &["name"]),
    ("dialogstart", &["callid", "src"]),
    ("disconnect", &["callid"]),
    ("else", &[]),
    ("elseif", &["cond"]),
    ("eventhandler", &["statevariable"]),
    ("exit", &[]),
    ("goto", &["next"]),
    ("if", &["cond"]),
    ("join", &["sessionid1", "sessionid2", "duplex"]),
    ("log", &["expr"]),
    ("transition", &["state", "event", "name"]),
    ("var", &["name", "expr"]),
];

const EVENTS: &[(&str, &str)] = &[
    ("call.call_invalid", "call.invalid"),
    ("ccxml.conference.", "conference."),
    ("connection.connection_alerting", "connection.alerting"),
    ("connection.connection_connected", "connection.connected"),
    ("connection.connection_disconnected", "connection.disconnected"),
    ("connection.connection_failed", "connection.*failed"),
];

/// Whether a document is one of the draft: it has no namespace.
pub(super) fn is_draft(document: &Document) -> bool {
    document.root.name == "ccxml" && document.root.namespace.is_empty()
}

/// Reads a document of the draft as one of 1.0; what can't be read so is told.
pub(super) fn read(mut document: Document) -> (Document, Vec<Problem>) {
    let mut problems = Vec::new();
    document.root.walk(&mut |element| {
        let row = TABLE.iter().find(|(name, _)| *name == element.name);
        let known = |name: &str| row.is_some_and(|(_, attributes)| attributes.contains(&name));
        if row.is_none() || !element.attributes.iter().all(|(name, _)| known(name)) {
            problems.push(Problem::fatal(&document, element, "is more than is played of the draft"));
        }
    });
    translate(&mut document.root, "evt", "");
    document.draft = true;
    (document, problems)
}

fn translate(element: &mut Element, variable: &str, event: &str) {
    let (mut variable, mut event) = (variable.to_string(), event.to_string());
    if element.name == "transition" {
        variable = element.attribute("name").unwrap_or_default().to_string();
        event = element.attribute("event").map(event_of_1_0).unwrap_or_default();
        element.attributes.retain(|(name, _)| name != "name");
    }
    for (name, value) in &mut element.attributes {
        match (element.name.as_str(), name.as_str()) {
            ("transition", "event") => *value = event.clone(),
            ("transition", "state") => *value = value.replace(['\'', '"'], ""),
            _ if !variable.is_empty() => *value = properties_of_1_0(value, &variable, &event),
            _ => {}
        }
        let attribute = match (element.name.as_str(), name.as_str()) {
            (_, "callid") => "connectionid",
            ("join", "sessionid1") => "id1",
            ("join", "sessionid2") => "id2",
            ("createconference", "name") => "conferenceid",
            _ => continue,
        };
        *name = attribute.to_string();
    }
    match element.name.as_str() {
        "eventhandler" => element.name = "eventprocessor".to_string(),
        "createconference" => {
            let name = format!("'{}'", element.attribute("conferenceid").unwrap_or_default());
            element.attributes.push(("confname".to_string(), name));
        }
        _ => {}
    }
    for node in &mut element.children {
        if let Node::Element(child) = node {
            translate(child, &variable, &event);
        }
    }
}

fn event_of_1_0(pattern: &str) -> String {
    let pattern = pattern.to_ascii_lowercase();
    let known = EVENTS.iter().find_map(|(draft, later)| Some((later, pattern.strip_prefix(draft)?)));
    known.map_or(pattern.clone(), |(later, rest)| format!("{later}{rest}"))
}

fn properties_of_1_0(expression: &str, variable: &str, event: &str) -> String {
    let caller = if event.starts_with("conference.") { "id1" } else { "connectionid" };
    let properties =
        [("callid", caller), ("confid", "conferenceid"), ("error", "reason"), ("values", "values")];
    properties.iter().fold(expression.to_string(), |expression, (draft, later)| {
        expression.replace(&format!("{variable}.{draft}"), &format!("event$.{later}"))
    })
}
