//! The README's configurations, as the tests use them: what an operator copies is what is tested.

use super::Setup;

/// The block of the README that `<!-- config: NAME -->` announces, without its fence.
pub fn config(name: &str) -> String {
    let readme = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
    let marker = format!("<!-- config: {name} -->\n```");
    let (_, after) = readme.split_once(&marker).unwrap_or_else(|| panic!("the README has no block {marker}"));
    let (_language, after) = after.split_once('\n').expect("a line ends");
    let (block, _) = after.split_once("\n```").unwrap_or_else(|| panic!("the block {name} has no end"));
    format!("{block}\n")
}

/// `text` with `new` in place of `old`, which has to be there.
pub fn replace(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "the README's configuration has no {old:?}:\n{text}");
    text.replace(old, new)
}

/// `text` with the settings of `setup` in place of the README's; `line` writes one setting as this server
/// wants it.
///
/// Settings that the README doesn't show go next to the directory of tokens, in the same notation.
pub fn settings(text: &str, setup: &Setup, line: fn(&str, &str) -> String, separator: &str) -> String {
    let shown = [("CONFERENCE_DIR", "/var/lib/ccxml-conference"), ("CONFERENCE_LANG", "en-US")];
    let mut text = text.to_string();
    for (name, value) in shown {
        let mut lines = vec![line(name, setup.setting(name).unwrap_or(value))];
        if name == "CONFERENCE_DIR" {
            let others = setup.settings().filter(|(name, _)| shown.iter().all(|(other, _)| other != name));
            lines.extend(others.map(|(name, value)| line(name, value)));
        }
        text = replace(&text, &line(name, value), &lines.join(separator));
    }
    text
}
