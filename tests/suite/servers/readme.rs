//! The README's configurations, as the tests use them: what an operator copies is what is tested.

use super::Setup;

/// The configuration that `<!-- config: NAME -->` announces.
pub fn config(name: &str) -> String {
    crate::readme::fenced(&format!("config: {name}"))
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
