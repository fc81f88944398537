//! Text for people: at a terminal, or in the error log of a web server.

use crate::settings::environment::Environment;
use std::io::{self, IsTerminal, Write};
use unicode_general_category::{GeneralCategory, get_general_category};

/// A text as a terminal and a table can show it, in one line: whoever writes a room's file or picks a session id is not to
/// write to the operator's terminal. Characters that control or format are shown as U+FFFD.
pub fn printable(text: &str) -> String {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator, Surrogate, Unassigned};
    text.replace(
        |character| {
            let category = get_general_category(character);
            matches!(category, Control | Format | LineSeparator | ParagraphSeparator | Surrogate | Unassigned)
        },
        "\u{fffd}",
    )
}

/// Whether standard output is a terminal that may be sent more than plain text.
pub fn takes_styles(environment: &Environment) -> bool {
    let dumb = environment.get("TERM").is_some_and(|terminal| terminal == "dumb");
    io::stdout().is_terminal() && environment.get("NO_COLOR").is_none() && !dumb
}

/// One line on standard error, for the operator.
pub fn print_error(message: &str) {
    let line = printable(&message.replace(['\n', '\r'], " "));
    // With standard error closed there is nobody to tell.
    let _ = io::stderr().write_all(format!("ccxml-conference: {line}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_controls_or_formats_is_replaced_and_nothing_else() {
        let told = "a\nb\u{1b}[2J\u{9b}\u{202e}c\u{2028}\u{2029}\u{200b}\u{feff}\u{e0041}\t";
        let r = "\u{fffd}";
        assert_eq!(printable(told), format!("a{r}b{r}[2J{r}{r}c{r}{r}{r}{r}{r}{r}"));
        let plain = "O'Neill \"\\ Büro e\u{301} हिन्दी 会議 🎉";
        assert_eq!(printable(plain), plain);
    }
}
