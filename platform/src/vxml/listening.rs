//! How a field listens: its properties, and what it makes of keys.

use std::time::Duration;

use super::form::{Form, Next};
use super::grammar::{Fit, Grammar};
use crate::clock::{parse_time, secs};
use crate::markup::Element;

impl Form {
    pub(crate) fn listen(&mut self, field: &Element, timeout: Option<Duration>) -> Next {
        let time = |name: &str| self.property(field, name).as_deref().and_then(parse_time);
        Next::Listen {
            timeout: timeout.or_else(|| time("timeout")).unwrap_or(secs(7)),
            interdigit: time("interdigittimeout").unwrap_or(secs(4)),
            termchar: self.property(field, "termchar").unwrap_or("#".into()),
            typed: std::mem::take(&mut self.typed),
        }
    }

    /// The innermost property of that name.
    pub(crate) fn property(&self, field: &Element, name: &str) -> Option<String> {
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
    pub(crate) fn recognise(&mut self, field: &Element, keys: &str) -> Option<String> {
        let grammars: Vec<Grammar> = field.elements().filter(|e| e.name == "grammar").map(Grammar).collect();
        let fit = |keys: &str| {
            let fits: Vec<Fit> = grammars.iter().map(|grammar| grammar.fit(keys)).collect();
            (fits.iter().any(|fit| fit.complete), fits.iter().any(|fit| fit.extensible))
        };
        let termchar = self.property(field, "termchar").unwrap_or("#".into());
        let (mut entered, mut rest) = (String::new(), String::new());
        for (at, key) in keys.char_indices() {
            if termchar.starts_with(key) {
                rest = keys.get(at + key.len_utf8()..).unwrap_or("").into();
                break;
            }
            entered.push(key);
            if self.keying.eager && fit(&entered) == (true, false) {
                let after = keys.get(at + key.len_utf8()..).unwrap_or("");
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
