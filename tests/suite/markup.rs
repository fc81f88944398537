//! Documents taken apart: parsed by an XML parser, their expressions evaluated by an ECMAScript engine.

use roxmltree::{Document, Node};
use rquickjs::{Context, Runtime};

/// Parses a document, which must be well-formed.
pub fn parse(text: &str) -> Document<'_> {
    Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The expression that a top-level `var` is initialised with.
pub fn variable<'a>(document: &'a Document<'_>, name: &str) -> &'a str {
    let is_it = |node: &Node<'_, '_>| node.has_tag_name_local("var") && node.attribute("name") == Some(name);
    let node = document.descendants().find(is_it).unwrap_or_else(|| panic!("no variable {name}"));
    node.attribute("expr").unwrap()
}

/// The value of an expression after some statements.
pub fn evaluate(before: &str, expression: &str) -> String {
    let engine = Context::full(&Runtime::new().unwrap()).unwrap();
    engine.with(|engine| {
        engine.eval::<rquickjs::Value<'_>, _>(before).unwrap();
        engine.eval(expression).unwrap_or_else(|error| panic!("{error}: {expression}"))
    })
}

/// Names without regard to the namespace, which tests of documents check once.
pub trait LocalName {
    fn has_tag_name_local(&self, name: &str) -> bool;
}

impl LocalName for Node<'_, '_> {
    fn has_tag_name_local(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}
