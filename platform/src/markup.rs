//! Documents as the platform sees them: a tree of elements that know the line they stand on.

use std::fmt;

use crate::web::address::resolve;

/// One element.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    /// The namespace, empty for none.
    pub(crate) namespace: String,
    /// Attributes in document order; a prefix stays part of the name (`xml:base`), as far as one is known.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
    pub(crate) line: usize,
}

/// What an element contains.
#[derive(Debug)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// All text directly inside.
    pub(crate) fn text(&self) -> String {
        self.children
            .iter()
            .filter_map(|node| match node {
                Node::Text(text) => Some(text.as_str()),
                Node::Element(_) => None,
            })
            .collect()
    }

    /// The parts of an `<if>`, each with the element that has its condition: `if`, `elseif` or `else`.
    pub(crate) fn branches(&self) -> Vec<(&Element, &[Node])> {
        let is_marker =
            |node: &Node| matches!(node, Node::Element(e) if matches!(e.name.as_str(), "else" | "elseif"));
        let (mut branches, mut marker, mut rest) = (Vec::new(), self, self.children.as_slice());
        while let Some(at) = rest.iter().position(is_marker) {
            let (part, after) = rest.split_at(at);
            branches.push((marker, part));
            let Some((Node::Element(next), tail)) = after.split_first() else { return branches };
            (marker, rest) = (next, tail);
        }
        branches.push((marker, rest));
        branches
    }

    /// This element and everything below, in document order.
    pub(crate) fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Element)) {
        visit(self);
        for element in self.elements() {
            element.walk(visit);
        }
    }
}

impl Element {
    /// The same for changes.
    pub(crate) fn walk_mut(&mut self, visit: &mut impl FnMut(&mut Element)) {
        visit(self);
        for node in &mut self.children {
            if let Node::Element(element) = node {
                element.walk_mut(visit);
            }
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"{value}\"")?;
        }
        write!(f, ">")
    }
}

/// A document and where it came from.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) url: String,
    pub(crate) root: Element,
    /// It was one of the draft of 2002, and has been read as one of 1.0.
    pub(crate) draft: bool,
}

impl Document {
    /// Parses well-formed XML; a document type declaration is refused.
    pub(crate) fn parse(url: &str, text: &str) -> Result<Self, String> {
        let parsed =
            roxmltree::Document::parse(text).map_err(|error| format!("{url}: not well-formed: {error}"))?;
        // roxmltree can tell the line of a node too, by counting from the start for each one.
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        Ok(Document { url: url.into(), root: element(&ends, parsed.root_element()), draft: false })
    }

    /// Makes an address in the document absolute.
    pub(crate) fn resolve(&self, reference: &str) -> String {
        match self.root.attribute("xml:base") {
            Some(base) => resolve(&resolve(&self.url, base), reference),
            None => resolve(&self.url, reference),
        }
    }

    /// The place of an element, for messages.
    pub(crate) fn place(&self, element: &Element) -> String {
        format!("{}:{}", self.url, element.line)
    }
}

fn element(line_ends: &[usize], node: roxmltree::Node) -> Element {
    let attributes = node.attributes().map(|attribute| {
        let name = match attribute.namespace() {
            None => attribute.name().to_string(),
            Some("http://www.w3.org/XML/1998/namespace") => format!("xml:{}", attribute.name()),
            Some("http://www.w3.org/2001/XMLSchema-instance") => format!("xsi:{}", attribute.name()),
            Some(other) => format!("{{{other}}}{}", attribute.name()),
        };
        (name, attribute.value().to_string())
    });
    let children = node.children().filter_map(|child| {
        if child.is_element() {
            Some(Node::Element(element(line_ends, child)))
        } else {
            child.is_text().then(|| Node::Text(child.text().unwrap_or("").to_string()))
        }
    });
    Element {
        name: node.tag_name().name().to_string(),
        namespace: node.tag_name().namespace().unwrap_or("").to_string(),
        attributes: attributes.collect(),
        children: children.collect(),
        line: line_ends.partition_point(|end| *end < node.range().start) + 1,
    }
}
