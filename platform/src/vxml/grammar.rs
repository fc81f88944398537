//! DTMF grammars: which keys a field takes (SRGS, the XML form, inline).

use std::collections::BTreeSet;

use crate::markup::{Element, Node};

/// How keys fit a grammar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fit {
    /// The keys are a complete entry.
    pub(crate) complete: bool,
    /// Another key could follow.
    pub(crate) extensible: bool,
}

/// A grammar of a document.
#[derive(Clone, Copy)]
pub(crate) struct Grammar<'a>(pub(crate) &'a Element);

impl Grammar<'_> {
    /// How a string of keys fits.
    pub(crate) fn fit(&self, keys: &str) -> Fit {
        let keys: Vec<char> = keys.chars().collect();
        let reached = |keys: &[char]| {
            let root = self.0.attribute("root").unwrap_or("");
            let mut prefix = false;
            let ends = self.rule(root, keys, &BTreeSet::from([0]), &mut prefix);
            (ends.contains(&keys.len()), prefix)
        };
        let (complete, extensible) = reached(&keys);
        Fit { complete, extensible }
    }

    /// Where a rule can end when it starts at any of `starts`. `prefix` becomes true when the keys ran out while
    /// the rule wanted another one.
    fn rule(&self, id: &str, keys: &[char], starts: &BTreeSet<usize>, prefix: &mut bool) -> BTreeSet<usize> {
        match self.0.elements().find(|rule| rule.attribute("id") == Some(id)) {
            Some(rule) => self.sequence(rule, keys, starts, prefix),
            None => BTreeSet::new(),
        }
    }

    fn sequence(
        &self,
        parent: &Element,
        keys: &[char],
        starts: &BTreeSet<usize>,
        prefix: &mut bool,
    ) -> BTreeSet<usize> {
        let mut at = starts.clone();
        for node in &parent.children {
            at = match node {
                Node::Text(text) => {
                    for token in text.split_whitespace() {
                        at = at
                            .into_iter()
                            .filter(|&position| {
                                *prefix |= position == keys.len();
                                keys.get(position).is_some_and(|key| token == key.to_string())
                            })
                            .map(|position| position + 1)
                            .collect();
                    }
                    at
                }
                Node::Element(element) => self.expansion(element, keys, &at, prefix),
            };
        }
        at
    }

    fn expansion(
        &self,
        element: &Element,
        keys: &[char],
        starts: &BTreeSet<usize>,
        prefix: &mut bool,
    ) -> BTreeSet<usize> {
        match element.name.as_str() {
            "ruleref" => {
                let uri = element.attribute("uri").unwrap_or("");
                self.rule(uri.trim_start_matches('#'), keys, starts, prefix)
            }
            "one-of" => {
                element.elements().flat_map(|item| self.expansion(item, keys, starts, prefix)).collect()
            }
            _ => {
                let (least, most) =
                    repeat(element.attribute("repeat").unwrap_or("1")).unwrap_or((1, Some(1)));
                let mut ends = if least == 0 { starts.clone() } else { BTreeSet::new() };
                let mut at = starts.clone();
                let mut round = 0;
                // No entry is longer than its keys; further rounds could only repeat what is empty.
                while !at.is_empty()
                    && most.is_none_or(|most| round < most)
                    && round <= least.max(keys.len() + 1)
                {
                    at = self.sequence(element, keys, &at, prefix);
                    round += 1;
                    if round >= least {
                        ends.extend(&at);
                    }
                }
                ends
            }
        }
    }
}

/// Reads `repeat`: `n`, `n-m`, `n-`.
pub(crate) fn repeat(text: &str) -> Option<(usize, Option<usize>)> {
    let number =
        |text: &str| if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None };
    match text.split_once('-') {
        None => number(text).map(|times| (times, Some(times))),
        Some((least, "")) => number(least).map(|least| (least, None)),
        Some((least, most)) => {
            let (least, most) = (number(least)?, number(most)?);
            (least <= most).then_some((least, Some(most)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::Document;

    fn fit(body: &str, keys: &str) -> (bool, bool) {
        let text = format!(
            "<grammar root='r'>{body}<rule id='d'><one-of><item>1</item><item>2</item><item>3</item></one-of></rule></grammar>"
        );
        let document = Document::parse("x", &text).unwrap();
        let fit = Grammar(&document.root).fit(keys);
        (fit.complete, fit.extensible)
    }

    #[test]
    fn keys_fit_repeated_rules() {
        let number = "<rule id='r'><item repeat='2-3'><ruleref uri='#d'/></item></rule>";
        assert_eq!(fit(number, "1"), (false, true));
        assert_eq!(fit(number, "12"), (true, true));
        assert_eq!(fit(number, "123"), (true, false));
        assert_eq!(fit(number, "1231"), (false, false));
        assert_eq!(fit(number, "19"), (false, false));
        assert_eq!(fit(number, ""), (false, true));
        assert_eq!(
            fit("<rule id='r'><item repeat='2'><ruleref uri='#d'/></item></rule>", "12"),
            (true, false)
        );
    }

    #[test]
    fn a_grammar_can_take_nothing_or_no_end() {
        assert_eq!(fit("<rule id='r'><item repeat='0-1'>1</item></rule>", ""), (true, true));
        assert_eq!(
            fit("<rule id='r'><item repeat='1-'><ruleref uri='#d'/></item></rule>", "123123123123"),
            (true, true)
        );
        assert_eq!(
            fit("<rule id='r'>1 * <item repeat='0-'><item repeat='0-1'>2</item></item></rule>", "1*22"),
            (true, true)
        );
        assert_eq!(
            (repeat("3-2"), repeat("x"), repeat("-2"), repeat("2-")),
            (None, None, None, Some((2, None)))
        );
    }
}
