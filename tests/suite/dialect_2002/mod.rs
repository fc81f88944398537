//! The documents of December 2002 (contract section 3, last point): nothing in them but that draft's own names, and
//! nothing that comes from a platform but as a value.

mod calls;
mod values;

use crate::markup::{LocalName, evaluate, parse};
use crate::program::Line;
use roxmltree::{Document, Node};
use std::collections::BTreeSet;

/// Every element the documents may have, with all its attributes: what the draft names.
const ELEMENTS: &[(&str, &[&str])] = &[
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
    ("join", &["sessionid1", "sessionid2"]),
    ("log", &["expr"]),
    ("transition", &["state", "event", "name"]),
    ("var", &["name", "expr"]),
];

const EVENTS: &[&str] = &[
    "call.CALL_INVALID",
    "ccxml.conference.created",
    "ccxml.conference.destroyed",
    "ccxml.conference.joined",
    "ccxml.conference.unjoined",
    "ccxml.loaded",
    "connection.CONNECTION_ALERTING",
    "connection.CONNECTION_CONNECTED",
    "connection.CONNECTION_DISCONNECTED",
    "connection.CONNECTION_FAILED",
    "dialog.exit",
    "error.*",
];

const EVENT_PROPERTIES: &[&str] = &["callid", "confid", "error", "values"];

/// Attributes that hold something else than an ECMAScript expression.
const PLAIN: &[&str] = &["version", "statevariable", "event", "name"];

fn line() -> Line {
    Line::new().with("CONFERENCE_DIALECT", "2002")
}

/// One document of every kind.
fn documents(line: &Line) -> Vec<String> {
    let queries = [
        "",
        "conference_code=1234&session_id=a",
        "conference_code=1234&session_id=b",
        "conference_code=1&session_id=c&tries=2",
        "conference_code=1&session_id=c&tries=0",
    ];
    queries.map(|query| line.get(query).body).into()
}

fn elements<'a>(document: &'a Document<'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.has_tag_name_local(name))
}

fn transition<'a>(document: &'a Document<'a>, state: Option<&str>, event: &str) -> Node<'a, 'a> {
    let state = state.map(|state| format!("'{state}'"));
    let is_it = |node: &Node<'_, '_>| {
        node.attribute("state") == state.as_deref() && node.attribute("event") == Some(event)
    };
    elements(document, "transition").find(is_it).unwrap_or_else(|| panic!("no {event} in {state:?}"))
}

/// What a transition does, in order: the elements that act, each with the attributes that say on what.
fn actions(transition: Node<'_, '_>) -> Vec<String> {
    let acts = |node: &Node<'_, '_>| {
        ["accept", "createconference", "dialogstart", "disconnect", "exit", "goto", "join"]
            .contains(&node.tag_name().name())
    };
    let text = |node: Node<'_, '_>| {
        let attributes =
            node.attributes().map(|attribute| format!(" {}={}", attribute.name(), attribute.value()));
        format!("{}{}", node.tag_name().name(), attributes.collect::<String>())
    };
    transition.descendants().filter(acts).map(text).collect()
}

/// The statements that a document begins with.
fn variables(document: &Document<'_>) -> String {
    let declared = elements(document, "var").map(|node| {
        format!("var {} = {};", node.attribute("name").unwrap(), node.attribute("expr").unwrap())
    });
    declared.collect()
}

#[test]
fn documents_have_nothing_in_them_but_the_drafts_own_names() {
    for text in documents(&line()) {
        for node in parse(&text).descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            let known = ELEMENTS.iter().find(|(element, _)| *element == name);
            let (_, attributes) = known.unwrap_or_else(|| panic!("no such element: {name}"));
            assert_eq!((node.tag_name().namespace(), node.namespaces().len()), (None, 0), "{name}");
            for attribute in node.attributes() {
                assert!(
                    attributes.contains(&attribute.name()),
                    "no such attribute: {name} {}",
                    attribute.name()
                );
                for property in attribute.value().split("evt.").skip(1) {
                    let property = property.split(|c: char| !c.is_alphanumeric()).next().unwrap();
                    assert!(EVENT_PROPERTIES.contains(&property), "no such property: {property}");
                }
                for newer in ["event$", "application.", "session."] {
                    assert!(!attribute.value().contains(newer), "{}", attribute.value());
                }
            }
            if let Some(event) = node.attribute("event") {
                assert!(EVENTS.contains(&event), "no such event: {event}");
                let reads_it =
                    node.descendants().any(|inner| inner.attributes().any(|a| a.value().contains("evt.")));
                assert!(
                    !reads_it || node.attribute("name") == Some("evt"),
                    "{event} is read and has no name"
                );
            }
        }
        assert_eq!(parse(&text).root_element().attribute("version"), Some("1.0"));
    }
}

#[test]
fn every_expression_is_one_and_every_stage_has_a_way_in_and_out() {
    for text in documents(&line()) {
        let document = parse(&text);
        for node in document.descendants().filter(Node::is_element) {
            for attribute in node.attributes().filter(|attribute| !PLAIN.contains(&attribute.name())) {
                let function = format!("typeof function () {{ return ({}); }}", attribute.value());
                assert_eq!(evaluate("", &function), "function");
            }
        }
        let entered: BTreeSet<_> = document
            .descendants()
            .filter(|node| node.attribute("name") == Some("stage"))
            .filter_map(|node| node.attribute("expr"))
            .collect();
        let left: BTreeSet<_> =
            elements(&document, "transition").filter_map(|node| node.attribute("state")).collect();
        assert_eq!(left, entered);
        let last = elements(&document, "transition").last().unwrap();
        assert_eq!((last.attribute("event"), last.attribute("state")), (Some("error.*"), None));
    }
}

#[test]
fn the_call_is_answered_and_its_number_taken_to_the_program() {
    let text = line().get("").body;
    let document = parse(&text);
    let alerting = transition(&document, Some("init"), "connection.CONNECTION_ALERTING");
    assert_eq!(actions(alerting), ["accept callid=in_callerid"]);
    let connected = transition(&document, Some("init"), "connection.CONNECTION_CONNECTED");
    let asks = "dialogstart callid=in_callerid src=prompts + 'get_conference_code' + reason";
    assert_eq!(actions(connected), [asks]);
    let answer = transition(&document, Some("asking"), "dialog.exit");
    let assigned =
        elements(&document, "assign").find(|node| node.attribute("name") == Some("conference_code"));
    assert_eq!(assigned.unwrap().attribute("expr"), Some("evt.values.keyed"));
    assert!(actions(answer).iter().any(|action| action.starts_with("goto next=program + '?")));
}

#[test]
fn the_first_caller_creates_hears_so_and_is_joined() {
    let line = line();
    let reply = line.get("conference_code=1234&session_id=a");
    assert_eq!(reply.document(), "createConference");
    let document = parse(&reply.body);
    let does = |state, event| actions(transition(&document, Some(state), event));
    assert_eq!(does("init", "ccxml.loaded"), ["createconference name=conference_1234"]);
    let words = "dialogstart callid=in_callerid src=prompts + 'first_caller'";
    assert_eq!(does("creating", "ccxml.conference.created"), [words]);
    assert_eq!(does("telling", "dialog.exit"), ["join sessionid1=in_callerid sessionid2=conference_1234"]);
    assert_eq!(evaluate(&variables(&document), "conference_1234"), "conference_1234");
}

#[test]
fn everybody_after_hears_so_and_is_joined() {
    let line = line();
    line.enter("1234", "a");
    let reply = line.get("conference_code=1234&session_id=b");
    assert_eq!(reply.document(), "joinConference");
    let document = parse(&reply.body);
    let does = |state, event| actions(transition(&document, Some(state), event));
    assert_eq!(does("init", "ccxml.loaded"), ["dialogstart callid=in_callerid src=prompts + 'joining'"]);
    assert_eq!(does("telling", "dialog.exit"), ["join sessionid1=in_callerid sessionid2=conference_1234"]);
    assert_eq!(does("joining", "error.*"), ["createconference name=conference_1234"], "the mixer was gone");
    assert_eq!(evaluate(&variables(&document), "conference_1234"), "conference_1234");
}

#[test]
fn every_failure_ends_with_a_word_and_a_joined_call_goes_on() {
    for text in documents(&line()) {
        let document = parse(&text);
        let apology = "dialogstart callid=in_callerid src=prompts + 'apology'";
        assert_eq!(actions(transition(&document, None, "error.*")), [apology]);
        for event in ["dialog.exit", "error.*"] {
            let does = actions(transition(&document, Some("farewell"), event));
            assert_eq!(does, ["disconnect callid=in_callerid"]);
        }
        assert_eq!(actions(transition(&document, Some("hanging_up"), "error.*")), ["exit"]);
        for event in
            ["connection.CONNECTION_DISCONNECTED", "connection.CONNECTION_FAILED", "call.CALL_INVALID"]
        {
            assert_eq!(actions(transition(&document, None, event)), ["exit"]);
        }
        if text.contains("'joined'") {
            assert!(actions(transition(&document, Some("joined"), "error.*")).is_empty());
        }
    }
}
