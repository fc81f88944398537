//! Looks at script text for what portable documents must not contain.
//!
//! The engine has lost the library of later editions already (`host.js`); what is found here is their syntax,
//! which it would accept without a word.

const SESSION_NAMES: &[&str] = &[
    "id",
    "uri",
    "values",
    "connections",
    "dialogs",
    "conferences",
    "startupmode",
    "parentid",
    "ioprocessors",
];
const SCOPE_NAMES: &[&str] = &["session", "application", "ccxml", "transition", "event$"];
const LATER_WORDS: &[&str] =
    &["let", "const", "class", "async", "await", "yield", "JSON", "Promise", "Symbol"];
const RESERVED: &[&str] = &[
    "break",
    "case",
    "catch",
    "continue",
    "default",
    "delete",
    "do",
    "else",
    "finally",
    "for",
    "function",
    "if",
    "in",
    "instanceof",
    "new",
    "return",
    "switch",
    "this",
    "throw",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "null",
    "true",
    "false",
    "class",
    "enum",
    "export",
    "extends",
    "import",
    "super",
];

/// Whether a variable of this name hides a property of the session, or one of the scopes.
pub(crate) fn hides_session(name: &str) -> bool {
    SESSION_NAMES.contains(&name) || SCOPE_NAMES.contains(&name)
}

/// Whether the text can be the name of a variable.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_' || first == '$')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$')
        && !RESERVED.contains(&text)
}

/// What a script uses that the third edition of ECMAScript does not have.
pub(crate) fn later_editions(source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let mut findings = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let after = tokens.get(at + 1).map_or("", String::as_str);
        match token.as_str() {
            "`" => findings.push("a template string".to_string()),
            "=>" => findings.push("an arrow function".to_string()),
            "..." | "?." | "??" | "**" => findings.push(format!("the operator {token}")),
            "," if matches!(after, "}" | "]" | ")") => findings.push(format!("a comma before {after}")),
            "." if RESERVED.contains(&after) => {
                findings.push(format!("the reserved word {after} as a property"))
            }
            "get" | "set" if is_identifier(after) => findings.push("an accessor property".to_string()),
            "with" => findings.push("with, which the compact profile leaves out".to_string()),
            word if LATER_WORDS.contains(&word) => findings.push(word.to_string()),
            _ => {}
        }
    }
    findings
}

/// The names that a script declares outside of any function or block.
pub(crate) fn top_level_names(source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let (mut depth, mut names, mut in_var) = (0, Vec::new(), false);
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map_or("", String::as_str);
        match token.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            "var" if depth == 0 => in_var = true,
            ";" if depth == 0 => in_var = false,
            name if depth == 0
                && is_identifier(name)
                && (matches!(before, "var" | "function") || (in_var && before == ",")) =>
            {
                names.push(name.to_string());
            }
            _ => {}
        }
    }
    names
}

/// Words, operators and brackets; strings, comments and regular expressions are left out.
pub(crate) fn tokens(source: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = source.trim_start();
    while let Some(letter) = rest.chars().next() {
        let in_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if matches!(letter, '\'' | '"') || (letter == '/' && regex_may_start(tokens.last())) {
            tokens.push("''".into());
            quoted_length(rest, letter)
        } else {
            let length = if in_word(letter) {
                rest.find(|letter| !in_word(letter)).unwrap_or(rest.len())
            } else {
                let operators = ["...", "=>", "?.", "??", "**"];
                let operator = operators.into_iter().find(|operator| rest.starts_with(operator));
                operator.map_or(letter.len_utf8(), str::len)
            };
            tokens.extend(rest.get(..length).map(str::to_string));
            length
        };
        rest = rest.get(length..).unwrap_or("").trim_start();
    }
    tokens
}

fn regex_may_start(before: Option<&String>) -> bool {
    before.is_none_or(|token| token == "return" || "(,=:[!&|?{};+".contains(token.as_str()))
}

/// How long the string or regular expression is that begins the text.
fn quoted_length(text: &str, quote: char) -> usize {
    let (mut escaped, mut in_class) = (false, false);
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' if quote == '/' => in_class = true,
            ']' if quote == '/' => in_class = false,
            letter if letter == quote && !in_class => return at + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_syntax_is_found_and_strings_are_not_searched() {
        for (source, expected) in [
            ("let a = 1", true),
            ("var f = (x) => x", true),
            ("`a`", true),
            ("JSON.stringify(a)", true),
            ("a.default", true),
            ("[1, 2,]", true),
            ("'let => `'", false),
            ("a.replace(/[`/]=>/g, '') // let", false),
            ("var letter = outlet / const_ / 2;", false),
            ("typeof event$.values != 'undefined' && a >= b", false),
        ] {
            assert_eq!(
                !later_editions(source).is_empty(),
                expected,
                "{source}: {:?}",
                later_editions(source)
            );
        }
    }

    #[test]
    fn only_names_outside_functions_are_declared_by_a_script() {
        let source = "var a = f(1, b), c = {id: 2}; function g(values) { var uri = 1; return uri } var d";
        assert_eq!(top_level_names(source), ["a", "c", "g", "d"]);
    }
}
