//! How a field listens: its properties, and what it makes of keys.

use std::time::Duration;

use super::clock::secs;
use super::document::Element;
use super::form::{Form, Next};
use super::grammar::{Fit, Grammar};
use super::schema::duration;

impl Form {
    pub(super) fn listen(&mut self, field: &Element, timeout: Option<Duration>) -> Next {
        let time = |name: &str| self.property(field, name).as_deref().and_then(duration);
        Next::Listen {
            timeout: timeout.or_else(|| time("timeout")).unwrap_or(secs(7)),
            interdigit: time("interdigittimeout").unwrap_or(secs(4)),
            termchar: self.property(field, "termchar").unwrap_or("#".into()),
            typed: std::mem::take(&mut self.typed),
        }
    }

    /// The innermost property of that name.
    pub(super) fn property(&self, field: &Element, name: &str) -> Option<String> {
        let form = self.document.root.child("form")?;
        [field, form, &self.document.root].into_iter().find_map(|holder| {
            let set = holder
                .elements()
                .filter(|element| element.name == "property")
                .filter(|p| p.attribute("name") == Some(name));
            set.last()?.attribute("value").map(str::to_string)
        })
    }

    /// Matches keys with the grammars of a field: the result, or none.
    pub(super) fn recognise(&mut self, field: &Element, keys: &str) -> Option<String> {
        let grammars: Vec<Grammar> = field.elements().filter(|e| e.name == "grammar").map(Grammar).collect();
        let fit = |keys: &str| {
            let fits: Vec<Fit> = grammars.iter().map(|grammar| grammar.fit(keys)).collect();
            (fits.iter().any(|fit| fit.complete), fits.iter().any(|fit| fit.extensible))
        };
        let termchar = self.property(field, "termchar").unwrap_or("#".into());
        let (mut entered, mut rest) = (String::new(), String::new());
        for (at, key) in keys.char_indices() {
            if termchar.starts_with(key) {
                rest = keys[at + 1..].into();
                break;
            }
            entered.push(key);
            if self.keying.eager && fit(&entered) == (true, false) {
                let after = &keys[at + 1..];
                rest = after.strip_prefix(termchar.as_str()).unwrap_or(after).into();
                break;
            }
        }
        self.typed = rest;
        let blank = if self.keying.blanks { " " } else { "" };
        let spaced = entered.chars().map(String::from).collect::<Vec<_>>().join(blank);
        fit(&entered).0.then_some(spaced)
    }
}
