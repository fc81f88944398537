//! Documents as the platform sees them: a tree of elements that know the line they stand on.

use std::fmt;

/// One element.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    /// The namespace, empty for none.
    pub(super) namespace: String,
    /// Attributes in document order; a prefix stays part of the name (`xml:base`), as far as one is known.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
    pub(super) line: usize,
}

/// What an element contains.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// All text directly inside.
    pub(super) fn text(&self) -> String {
        self.children
            .iter()
            .filter_map(|node| match node {
                Node::Text(text) => Some(text.as_str()),
                Node::Element(_) => None,
            })
            .collect()
    }

    /// This element and everything below, in document order.
    pub(super) fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Element)) {
        visit(self);
        for element in self.elements() {
            element.walk(visit);
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
pub(super) struct Document {
    pub(super) url: String,
    pub(super) root: Element,
}

impl Document {
    /// Parses well-formed XML; a document type declaration is refused.
    pub(super) fn parse(url: &str, text: &str) -> Result<Self, String> {
        let parsed =
            roxmltree::Document::parse(text).map_err(|error| format!("{url}: not well-formed: {error}"))?;
        // roxmltree can tell the line of a node too, by counting from the start for each one.
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        Ok(Document { url: url.into(), root: element(&ends, parsed.root_element()) })
    }

    /// What relative addresses in the document are relative to.
    pub(super) fn base(&self) -> &str {
        self.root.attribute("xml:base").unwrap_or(&self.url)
    }

    /// The place of an element, for messages.
    pub(super) fn place(&self, element: &Element) -> String {
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
