//! The subset of VoiceXML 2.1 that prompts are made of, as a table, and the rules that no table can express.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::schema::{Problem, Row, Schema};
use crate::clock::parse_time;
use crate::markup::{Document, Element};
use crate::script::{Engine, editions};
use crate::vxml::grammar;

const NAMESPACE: &str = "http://www.w3.org/2001/vxml";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("vxml", "version T!, xml:lang T, xml:base T, xsi:schemaLocation T", "meta property var script HANDLER form menu"),
    ("meta", "content T!, name T, http-equiv T", ""),
    ("property", "name T!, value T!", ""),
    ("form", "id N", "property var script block field HANDLER filled"),
    ("block", "name N, expr E, cond E", "EXECUTABLE"),
    ("field", "name N!, expr E, cond E, modal B", "property grammar prompt HANDLER filled"),
    ("menu", "id N, scope T, dtmf B", "property prompt choice HANDLER"),
    ("choice", "dtmf T, next T, expr E, event T, fetchhint T", "#text"),
    ("catch", "event T, count I, cond E", "EXECUTABLE"),
    ("error", "count I, cond E", "EXECUTABLE"),
    ("help", "count I, cond E", "EXECUTABLE"),
    ("noinput", "count I, cond E", "EXECUTABLE"),
    ("nomatch", "count I, cond E", "EXECUTABLE"),
    ("filled", "mode T, namelist W", "EXECUTABLE"),
    ("var", "name N!, expr E", ""),
    ("assign", "name V!, expr E!", ""),
    ("if", "cond E!", "EXECUTABLE elseif else"),
    ("elseif", "cond E!", ""),
    ("else", "", ""),
    ("exit", "namelist W", ""),
    ("disconnect", "namelist W", ""),
    ("throw", "event T, eventexpr E, message T, messageexpr E", ""),
    ("goto", "next T, expr E, nextitem N", ""),
    ("clear", "namelist W", ""),
    ("reprompt", "", ""),
    ("log", "label T, expr E", "value #text"),
    ("script", "src T, charset T", "#text"),
    ("prompt", "bargein B, bargeintype T, timeout D, count I, cond E, xml:lang T", "SPEECH"),
    ("audio", "src T, expr E, fetchtimeout D, maxage I, maxstale I", "SPEECH"),
    ("say-as", "interpret-as T!, format T, detail T", "SPEECH"),
    ("value", "expr E!", ""),
    ("break", "time D, strength T", ""),
    ("p", "xml:lang T", "SPEECH"),
    ("s", "xml:lang T", "SPEECH"),
    ("emphasis", "level T", "SPEECH"),
    ("prosody", "pitch T, contour T, range T, rate T, duration T, volume T", "SPEECH"),
    ("phoneme", "ph T!, alphabet T", "#text"),
    ("sub", "alias T!", "#text"),
    ("voice", "gender T, age T, variant T, name T, xml:lang T", "SPEECH"),
    ("mark", "name T, nameexpr E", ""),
    ("grammar", "mode T!, version T!, root N!, type T!", "rule"),
    ("rule", "id N!, scope T", "one-of item ruleref #text"),
    ("one-of", "", "item"),
    ("item", "repeat T", "one-of item ruleref #text"),
    ("ruleref", "uri T!", ""),
];

const GROUPS: &[(&str, &str)] = &[
    (
        "EXECUTABLE",
        "var assign if exit disconnect throw goto clear reprompt log script prompt audio value #text",
    ),
    ("HANDLER", "catch error help noinput nomatch"),
    ("SPEECH", "audio value break say-as p s emphasis prosody phoneme sub voice mark #text"),
];

/// What VoiceXML 2.1 has and this platform can't do.
const LEFT_OUT: &str = "data desc enumerate foreach initial lexicon link metadata object option param record subdialog \
    submit transfer";

/// Everything that is wrong with a VoiceXML document before it has run.
pub(crate) fn check(document: &Document, engine: &Engine) -> Vec<Problem> {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| Schema::new(NAMESPACE, TABLE, GROUPS, LEFT_OUT));
    let mut problems = schema.check(document, "vxml", engine);
    let mut declared = BTreeSet::new();
    document.root.walk(&mut |element| match element.name.as_str() {
        "var" | "field" | "block" => declared.extend(element.attribute("name").map(str::to_string)),
        "script" => declared.extend(editions::top_level_names(&element.text())),
        _ => {}
    });
    let mut ids = BTreeSet::new();
    document.root.walk(&mut |element| {
        let mut refuse = |text: String| {
            problems.push(Problem::fatal(document, element, &text));
        };
        if let Some(id) = element.attribute("id")
            && !ids.insert(id)
        {
            refuse(format!("the id {id} is given twice"));
        }
        element_rules(element, &mut refuse);
        let assigned = element.attribute("name").filter(|_| element.name == "assign");
        let named = element.attribute("namelist").unwrap_or("").split_whitespace();
        for name in named.chain(assigned) {
            let mut parts = name.split('.');
            let first = parts.next().unwrap_or("");
            let scoped = matches!(first, "application" | "document" | "dialog" | "session");
            let bare = parts.next().filter(|_| scoped).unwrap_or(first);
            if first != "application" && !declared.contains(bare) {
                refuse(format!("{name} is not declared in this document"));
            }
        }
    });
    problems
}

fn element_rules(element: &Element, refuse: &mut impl FnMut(String)) {
    let has = |name: &str| element.attribute(name).is_some();
    match element.name.as_str() {
        "vxml" => {
            if element.attribute("version") != Some("2.1") {
                refuse("the version is not 2.1".into());
            }
            if element.child("form").is_none() && element.child("menu").is_none() {
                refuse("there is no <form> and no <menu>".into());
            }
        }
        "meta" if has("name") == has("http-equiv") => {
            refuse("<meta> needs exactly one of name and http-equiv".into());
        }
        "audio" if has("src") == has("expr") => refuse("<audio> needs exactly one of src and expr".into()),
        "script" if has("src") != element.text().trim().is_empty() => {
            refuse("<script> needs exactly one of src and text".into());
        }
        "filled" if !matches!(element.attribute("mode").unwrap_or("all"), "all" | "any") => {
            refuse("the mode of <filled> is all or any".into());
        }
        "property" => property(element, refuse),
        "field" if element.child("grammar").is_none() => {
            refuse("a <field> without a <grammar> asks for nothing".into())
        }
        "throw" if has("event") == has("eventexpr") => {
            refuse("<throw> needs exactly one of event and eventexpr".into());
        }
        "goto" if [has("next"), has("expr"), has("nextitem")].iter().filter(|has| **has).count() != 1 => {
            refuse("<goto> needs exactly one of next, expr and nextitem".into());
        }
        "menu" if element.child("choice").is_none() => refuse("<menu> has no <choice>".into()),
        "grammar" => grammar(element, refuse),
        "one-of" if element.child("item").is_none() => refuse("<one-of> is empty".into()),
        "item" => {
            let repeat = element.attribute("repeat").unwrap_or("1");
            if grammar::repeat(repeat).is_none() {
                refuse(format!("repeat={repeat:?} is no number of times"));
            }
        }
        _ => {}
    }
}

/// No schema looks at the values of properties, and a platform takes a wrong one as it likes.
fn property(element: &Element, refuse: &mut impl FnMut(String)) {
    let value = element.attribute("value").unwrap_or("");
    let right = match element.attribute("name").unwrap_or("") {
        "timeout" | "interdigittimeout" | "termtimeout" | "fetchtimeout" => parse_time(value).is_some(),
        "inputmodes" => value.split_whitespace().all(|mode| matches!(mode, "dtmf" | "voice")),
        "termchar" => value.is_empty() || (value.len() == 1 && "0123456789*#".contains(value)),
        "bargein" => matches!(value, "true" | "false"),
        name => {
            return refuse(format!("the property {name} is not one of the portable ones"));
        }
    };
    if !right {
        refuse(format!("{value:?} is no value for {}", element.attribute("name").unwrap_or("")));
    }
}

fn grammar(element: &Element, refuse: &mut impl FnMut(String)) {
    for (name, expected) in [("mode", "dtmf"), ("version", "1.0"), ("type", "application/srgs+xml")] {
        if element.attribute(name) != Some(expected) {
            refuse(format!("the {name} of a grammar has to be {expected}"));
        }
    }
    let ids: Vec<&str> = element.elements().filter_map(|rule| rule.attribute("id")).collect();
    let root = element.attribute("root").unwrap_or("");
    if !ids.contains(&root) {
        refuse(format!("the grammar's root {root} is not among its rules"));
    }
    element.walk(&mut |inner| match inner.name.as_str() {
        "ruleref" => {
            let uri = inner.attribute("uri").unwrap_or("");
            if !uri.strip_prefix('#').is_some_and(|id| ids.contains(&id)) {
                refuse(format!("{uri} is not a rule of this grammar"));
            }
        }
        "rule" | "item" => {
            for token in inner.text().split_whitespace() {
                if token.len() != 1 || !"0123456789*#".contains(token) {
                    refuse(format!("{token} is no key"));
                }
            }
        }
        _ => {}
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_tells_of_every_element_that_is_left_out() {
        let told = include_str!("../../README.md");
        let small = ["desc", "metadata", "param"];
        for name in LEFT_OUT.split_whitespace().filter(|name| !small.contains(name)) {
            assert!(told.contains(&format!("`{name}`")), "{name}");
        }
    }
}
