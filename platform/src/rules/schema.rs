//! Checks a document against a table: which elements there are, with which attributes, inside which.
//!
//! The tables themselves are in `ccxml.rs` and `vxml.rs`, written so that they can be compared with the specifications by
//! eye.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::parse_time;
use crate::markup::{Document, Element, Node};
use crate::script::{Engine, editions};
use crate::trace::Rule;

/// One line of a table: the element, its attributes (`id1 E!` is a required expression), its children.
pub(crate) type Row = (&'static str, &'static str, &'static str);

/// What is wrong with a document.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) rule: Rule,
    pub(crate) text: String,
}

impl Problem {
    /// Something at an element that makes a platform refuse the document.
    pub(crate) fn fatal(document: &Document, element: &Element, text: &str) -> Self {
        Problem { rule: Rule::Invalid, text: format!("{}: {text}", document.place(element)) }
    }

    /// Something at an element that shows only when the document runs.
    pub(crate) fn harmful(document: &Document, element: &Element, text: &str) -> Self {
        Problem { rule: Rule::Unportable, ..Problem::fatal(document, element, text) }
    }

    /// Whether a platform would refuse the document; otherwise it runs it until it hurts.
    pub(crate) fn is_fatal(&self) -> bool {
        self.rule != Rule::Unportable
    }
}

/// A table, ready for use.
pub(crate) struct Schema {
    namespace: &'static str,
    /// Elements that the language has and this platform leaves out.
    left_out: &'static str,
    rows: BTreeMap<&'static str, (Vec<Attribute>, BTreeSet<&'static str>)>,
}

struct Attribute {
    name: &'static str,
    kind: &'static str,
    required: bool,
}

impl Schema {
    /// Reads a table; `groups` are names for lists of children. `#text` allows text.
    pub(crate) fn new(
        namespace: &'static str,
        rows: &[Row],
        groups: &[(&str, &'static str)],
        left_out: &'static str,
    ) -> Self {
        let attribute = |spec: &'static str| {
            let (name, kind) = spec.trim().split_once(' ').unwrap_or((spec, "T"));
            Attribute { name, kind: kind.trim_end_matches('!'), required: kind.ends_with('!') }
        };
        let rows = rows.iter().map(|&(name, attributes, children)| {
            let attributes =
                attributes.split(',').filter(|spec| !spec.trim().is_empty()).map(attribute).collect();
            let expand = |child: &'static str| match groups.iter().find(|(group, _)| *group == child) {
                Some((_, members)) => members.split_whitespace().collect(),
                None => vec![child],
            };
            (name, (attributes, children.split_whitespace().flat_map(expand).collect()))
        });
        Schema { namespace, left_out, rows: rows.collect() }
    }

    /// Checks structure and the form of every attribute; `root` is what the document has to be.
    pub(crate) fn check(&self, document: &Document, root: &str, engine: &Engine) -> Vec<Problem> {
        let mut check = Check { schema: self, document, engine, problems: Vec::new() };
        if document.root.name != root {
            check.refuse(&document.root, format!("the document is <{}>, not <{root}>", document.root.name));
        } else {
            check.element(&document.root);
        }
        check.problems
    }
}

struct Check<'a> {
    schema: &'a Schema,
    document: &'a Document,
    engine: &'a Engine,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn refuse(&mut self, element: &Element, text: impl AsRef<str>) {
        self.problems.push(Problem::fatal(self.document, element, text.as_ref()));
    }

    fn blame(&mut self, element: &Element, text: impl AsRef<str>) {
        self.problems.push(Problem::harmful(self.document, element, text.as_ref()));
    }

    fn element(&mut self, element: &Element) {
        let Some((attributes, children)) = self.schema.rows.get(element.name.as_str()) else {
            return self.refuse(element, format!("unknown element <{}>", element.name));
        };
        if element.namespace != self.schema.namespace {
            self.refuse(element, format!("<{}> is in the namespace {:?}", element.name, element.namespace));
        }
        for (name, value) in &element.attributes {
            match attributes.iter().find(|attribute| attribute.name == name) {
                None => self.refuse(element, format!("<{}> has no attribute {name}", element.name)),
                Some(attribute) => self.attribute(element, attribute, value),
            }
        }
        for attribute in attributes.iter().filter(|attribute| attribute.required) {
            if element.attribute(attribute.name).is_none() {
                self.refuse(element, format!("<{}> lacks its attribute {}", element.name, attribute.name));
            }
        }
        if children.contains("#any") {
            return;
        }
        for child in &element.children {
            match child {
                Node::Element(child) if children.contains(child.name.as_str()) => self.element(child),
                Node::Element(child) => self.misplaced(child, element),
                Node::Text(text) if text.trim().is_empty() || children.contains("#text") => {}
                Node::Text(text) => {
                    self.refuse(element, format!("<{}> contains the text {:?}", element.name, text.trim()));
                }
            }
        }
        if element.name == "script" && !element.text().trim().is_empty() {
            self.script(element, &element.text());
        }
    }

    fn misplaced(&mut self, child: &Element, parent: &Element) {
        if self.schema.left_out.split_whitespace().any(|name| name == child.name) {
            let text = format!("<{}> is more than this platform can do", child.name);
            let problem = Problem::fatal(self.document, child, &text);
            return self.problems.push(Problem { rule: Rule::Unsupported, ..problem });
        }
        let known = self.schema.rows.contains_key(child.name.as_str());
        let unknown = if known { "" } else { "unknown element: " };
        self.refuse(child, format!("{unknown}<{}> cannot stand inside <{}>", child.name, parent.name));
    }

    fn script(&mut self, element: &Element, source: &str) {
        if let Err(reason) = self.engine.check_script(source) {
            self.refuse(element, format!("script: {reason}"));
        }
        for finding in editions::later_editions(source) {
            self.blame(element, format!("script uses {finding}"));
        }
    }

    /// The kinds: E expression, V variable to be set, W list of variables, N name being declared, D duration,
    /// B `true` or `false`, I positive number, T text.
    fn attribute(&mut self, element: &Element, attribute: &Attribute, value: &str) {
        let name = attribute.name;
        match attribute.kind {
            "E" => {
                if let Err(reason) = self.engine.check(value) {
                    self.refuse(element, format!("{name}={value:?} is no expression: {reason}"));
                }
                for finding in editions::later_editions(value) {
                    self.blame(element, format!("{name}={value:?} uses {finding}"));
                }
            }
            "V" if !value.split('.').all(editions::is_identifier) => {
                self.refuse(element, format!("{name}={value:?} is no variable"));
            }
            "N" if !editions::is_identifier(value) => {
                self.refuse(element, format!("{name}={value:?} is no identifier"));
            }
            "W" => {
                for item in value.split_whitespace() {
                    if !item.split('.').all(editions::is_identifier) {
                        self.refuse(element, format!("{name}={value:?}: {item:?} is no variable"));
                    }
                }
            }
            "D" if parse_time(value).is_none() => {
                self.refuse(element, format!("{name}={value:?} is no time"))
            }
            "B" if value != "true" && value != "false" => {
                self.refuse(element, format!("{name}={value:?} is neither true nor false"));
            }
            "I" if value.parse::<u32>().unwrap_or(0) == 0 => {
                self.refuse(element, format!("{name}={value:?} is no positive number"));
            }
            _ => {}
        }
    }
}
