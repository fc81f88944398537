//! CCXML 1.0 as a table, and the rules that no table can express.

use std::sync::OnceLock;

use super::schema::{Problem, Row, Schema};
use crate::markup::{Document, Element};
use crate::script::{Engine, editions};

const NAMESPACE: &str = "http://www.w3.org/2002/09/ccxml";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("ccxml", "version T!, xml:base T, xsi:schemaLocation T", "meta metadata var assign script eventprocessor"),
    ("meta", "content T!, name T, http-equiv T", ""),
    ("metadata", "", "#any"),
    ("eventprocessor", "statevariable N", "transition"),
    ("transition", "state T, event T, cond E", "ACTION"),
    ("if", "cond E!", "ACTION elseif else"),
    ("elseif", "cond E!", ""),
    ("else", "", ""),
    ("var", "name N!, expr E", ""),
    ("assign", "name V!, expr E!", ""),
    ("script", "src T, fetchid E, timeout T, maxage T, maxstale T, charset T", "#text"),
    ("log", "expr E!, label E", ""),
    ("send", "target E!, targettype E, name E, namelist W, sendid V, delay E, hints E", "#any"),
    ("cancel", "sendid E!", ""),
    ("move", "sessionid E!, source E, event E", ""),
    ("fetch", "next E!, type E, namelist W, method E, enctype E, fetchid V, timeout E, maxage E, maxstale E", ""),
    ("goto", "fetchid E!", ""),
    ("createccxml", "next E!, namelist W, parameters W, fetchparam E, method E, enctype E, sessionid V, timeout E, maxage E, maxstale E", ""),
    ("exit", "expr E, namelist W", ""),
    ("dialogprepare", "src E!, type E, namelist W, parameters W, method E, enctype E, maxage E, maxstale E, connectionid E, conferenceid E, mediadirection E, dialogid V, hints E", ""),
    ("dialogstart", "src E, prepareddialogid E, type E, namelist W, parameters W, method E, enctype E, maxage E, maxstale E, connectionid E, conferenceid E, mediadirection E, dialogid V, hints E", ""),
    ("dialogterminate", "dialogid E!, immediate E, hints E", ""),
    ("accept", "connectionid E, hints E", ""),
    ("reject", "connectionid E, reason E, hints E", ""),
    ("redirect", "dest E!, connectionid E, reason E, hints E", ""),
    ("merge", "connectionid1 E!, connectionid2 E!, hints E", ""),
    ("createcall", "dest E!, connectionid V, aai E, callerid E, timeout E, joinid E, joindirection E, hints E", ""),
    ("disconnect", "connectionid E, reason E, hints E", ""),
    ("createconference", "conferenceid V!, confname E, reservedtalkers E, reservedlisteners E, hints E", ""),
    ("destroyconference", "conferenceid E!, hints E", ""),
    ("join", "id1 E!, id2 E!, duplex E, entertone E, exittone E, autoinputgain E, autooutputgain E, dtmfclamp E, toneclamp E, hints E", ""),
    ("unjoin", "id1 E!, id2 E!, hints E", ""),
];

const ACTIONS: &str = "if var assign script log send cancel move fetch goto createccxml exit dialogprepare \
    dialogstart dialogterminate accept reject redirect merge createcall disconnect createconference \
    destroyconference join unjoin";

/// Everything that is wrong with a CCXML document before it has run.
pub(crate) fn check(document: &Document, engine: &Engine) -> Vec<Problem> {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| Schema::new(NAMESPACE, TABLE, &[("ACTION", ACTIONS)], ""));
    let mut problems = schema.check(document, "ccxml", engine);
    if problems.iter().any(Problem::is_fatal) {
        return problems;
    }
    let mut rules = Rules { document, problems: Vec::new(), declared: declared(document) };
    rules.root();
    document.root.walk(&mut |element| rules.element(element));
    problems.extend(rules.problems);
    problems
}

/// All names that any `var` or inline script of the document declares.
fn declared(document: &Document) -> Vec<String> {
    let mut names = Vec::new();
    document.root.walk(&mut |element| match element.name.as_str() {
        "var" => names.extend(element.attribute("name").map(str::to_string)),
        "script" => names.extend(editions::top_level_names(&element.text())),
        _ => {}
    });
    names
}

struct Rules<'a> {
    document: &'a Document,
    problems: Vec<Problem>,
    declared: Vec<String>,
}

impl Rules<'_> {
    fn refuse(&mut self, element: &Element, text: impl AsRef<str>) {
        self.problems.push(Problem::fatal(self.document, element, text.as_ref()));
    }

    fn blame(&mut self, element: &Element, text: impl AsRef<str>) {
        self.problems.push(Problem::harmful(self.document, element, text.as_ref()));
    }

    fn root(&mut self) {
        let root = &self.document.root;
        if root.attribute("version") != Some("1.0") {
            self.refuse(root, "the version is not 1.0");
        }
        let processors: Vec<_> = root.elements().filter(|element| element.name == "eventprocessor").collect();
        let [processor] = processors[..] else {
            return self.refuse(root, "there has to be exactly one <eventprocessor>");
        };
        let mut global = Vec::new();
        for element in root.elements() {
            match element.name.as_str() {
                "var" => global.extend(element.attribute("name").map(str::to_string)),
                "script" => global.extend(editions::top_level_names(&element.text())),
                _ => {}
            }
        }
        if let Some(state) = processor.attribute("statevariable")
            && !global.iter().any(|name| name == state)
        {
            self.blame(processor, format!("the state variable {state} is not declared"));
        }
        let last = processor.elements().last();
        let catches_all = |last: &Element| {
            last.attribute("event") == Some("error.*")
                && last.attribute("state").is_none()
                && last.attribute("cond").is_none()
        };
        if !last.is_some_and(catches_all) {
            self.blame(
                processor,
                "the last transition is not one for every error.*, without a state or a condition",
            );
        }
    }

    fn element(&mut self, element: &Element) {
        let has = |name: &str| element.attribute(name).is_some();
        let count = |names: &[&str]| names.iter().filter(|name| has(name)).count();
        match element.name.as_str() {
            "meta" if count(&["name", "http-equiv"]) != 1 => {
                self.refuse(element, "<meta> needs exactly one of name and http-equiv");
            }
            "script" => {
                let text = !element.text().trim().is_empty();
                if count(&["src", "fetchid"]) + usize::from(text) != 1 {
                    self.refuse(element, "<script> needs exactly one of src, fetchid and text");
                }
                if !has("src") && count(&["timeout", "maxage", "maxstale"]) > 0 {
                    self.refuse(element, "timeout, maxage and maxstale belong to src");
                }
                for name in editions::top_level_names(&element.text()) {
                    if editions::hides_session(&name) {
                        self.blame(element, format!("the script's {name} hides a property of the session"));
                    }
                }
            }
            "var" => {
                let name = element.attribute("name").unwrap_or("");
                if editions::hides_session(name) {
                    self.blame(element, format!("the variable {name} hides a property of the session"));
                }
            }
            "send" => {
                let inline = element.elements().next().is_some();
                if inline == has("name") || (inline && has("namelist")) {
                    self.refuse(element, "<send> needs a name (and perhaps a namelist), or content");
                }
            }
            "move" if count(&["source", "event"]) != 1 => {
                self.refuse(element, "<move> needs exactly one of source and event");
            }
            "dialogstart" if count(&["src", "prepareddialogid"]) != 1 => {
                self.refuse(element, "<dialogstart> needs exactly one of src and prepareddialogid");
            }
            "if" => self.alternatives(element),
            _ => {}
        }
        if matches!(element.name.as_str(), "dialogstart" | "dialogprepare") {
            if count(&["connectionid", "conferenceid"]) == 2 {
                self.refuse(element, "connectionid and conferenceid exclude one another");
            }
            let settled = ["type", "namelist", "parameters", "method", "enctype", "maxage", "maxstale"];
            if has("prepareddialogid") && count(&settled) > 0 {
                self.refuse(element, "a prepared dialog has its source and parameters already");
            }
        }
        if element.name == "transition" {
            let cond = element.attribute("cond").unwrap_or("");
            if editions::tokens(cond).iter().any(|token| token == "event$") {
                self.blame(element, format!("cond={cond:?} reads event$, which need not exist yet"));
            }
            if element.attribute("event").is_some_and(|event| event.trim().contains(char::is_whitespace)) {
                self.blame(element, "an event pattern is one name, not a list");
            }
            if element.attribute("state").is_some_and(|state| state.contains(['\'', '"'])) {
                self.blame(element, "state names are literals, without quotes");
            }
        }
        if element.name == "eventprocessor"
            || element.name == "var"
            || self.problems.iter().any(Problem::is_fatal)
        {
            return;
        }
        for name in ["name", "fetchid", "sendid", "conferenceid", "connectionid", "dialogid", "sessionid"] {
            if let Some(variable) = element.attribute(name).filter(|_| takes_variable(&element.name, name)) {
                self.variable(element, name, variable);
            }
        }
        for name in ["namelist", "parameters"] {
            for variable in element.attribute(name).unwrap_or("").split_whitespace() {
                self.variable(element, name, variable);
            }
        }
    }

    /// A variable that is set or sent has to be declared in this document, or to belong to the application.
    fn variable(&mut self, element: &Element, attribute: &str, variable: &str) {
        let mut parts = variable.split('.');
        let known = match (parts.next().unwrap_or(""), parts.next()) {
            ("application", Some(_)) => true,
            ("session", Some(_)) => matches!(attribute, "namelist" | "parameters"),
            ("ccxml" | "transition", Some(name)) => self.declared.iter().any(|known| known == name),
            ("event$", Some(_)) => true,
            (name, _) => self.declared.iter().any(|known| known == name),
        };
        if !known {
            self.blame(element, format!("{attribute}={variable:?} is not declared in this document"));
        }
    }

    fn alternatives(&mut self, element: &Element) {
        let markers: Vec<&str> = element
            .elements()
            .map(|child| child.name.as_str())
            .filter(|name| matches!(*name, "else" | "elseif"))
            .collect();
        if markers.iter().rev().skip(1).any(|name| *name == "else") {
            self.refuse(element, "<else> has to be the last part of <if>, and the only one");
        }
    }
}

/// Whether the attribute names a variable (kind V), by the table.
fn takes_variable(element: &str, attribute: &str) -> bool {
    TABLE.iter().filter(|(name, ..)| *name == element).any(|(_, attributes, _)| {
        attributes.split(',').any(|spec| spec.trim().trim_end_matches('!') == format!("{attribute} V"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_tells_of_every_element() {
        let told = include_str!("../../README.md");
        for (name, ..) in TABLE {
            assert!(told.contains(&format!("`{name}`")), "{name}");
        }
    }
}
