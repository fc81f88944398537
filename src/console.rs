//! Text for people: at a terminal, or in the error log of a web server.

use crate::clock::Millis;
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

/// A span of time in the units of people, rounded down: `40 s`, `25 min`, `2 h 05 min`, `3 d 04 h`. Of 11 characters at the
/// most.
pub fn span(millis: Millis) -> String {
    let seconds = millis / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (minutes, hours, days) {
        (0, ..) => format!("{seconds} s"),
        (_, 0, _) => format!("{minutes} min"),
        (.., 0) => format!("{hours} h {:02} min", minutes % 60),
        (.., ..10_000) => format!("{days} d {:02} h", hours % 24),
        _ => "> 9999 d".to_owned(),
    }
}

/// The same for time that is left: what has 25 minutes has them until they are over.
pub fn span_left(millis: Millis) -> String {
    let unit = if millis > 59_000 { 60_000 } else { 1000 };
    span(millis.checked_next_multiple_of(unit).unwrap_or(millis))
}

/// Whether standard output is a terminal that may be sent more than plain text.
pub fn takes_styles(environment: &Environment) -> bool {
    can_be_drawn_on(environment) && environment.get("NO_COLOR").is_none()
}

/// Whether standard output is a terminal whose cursor can be moved.
pub fn can_be_drawn_on(environment: &Environment) -> bool {
    let dumb = environment.get("TERM").is_some_and(|terminal| terminal == "dumb");
    io::stdout().is_terminal() && !dumb
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
    fn spans_are_told_in_the_units_of_people() {
        for (seconds, told, left) in [
            (0, "0 s", "0 s"),
            (59, "59 s", "59 s"),
            (60, "1 min", "1 min"),
            (1501, "25 min", "26 min"),
            (3600, "1 h 00 min", "1 h 00 min"),
            (2 * 3600 + 5 * 60 + 59, "2 h 05 min", "2 h 06 min"),
            (86_399, "23 h 59 min", "1 d 00 h"),
            (3 * 86_400 + 4 * 3600, "3 d 04 h", "3 d 04 h"),
            (9999 * 86_400 + 86_399, "9999 d 23 h", "> 9999 d"),
        ] {
            assert_eq!((span(seconds * 1000), span_left(seconds * 1000)), (told.into(), left.into()));
        }
        assert_eq!((span(59_999), span_left(58_001)), ("59 s".into(), "59 s".into()));
        assert_eq!((span(u64::MAX), span_left(u64::MAX)), ("> 9999 d".into(), "> 9999 d".into()));
    }

    #[test]
    fn what_controls_or_formats_is_replaced_and_nothing_else() {
        let told = "a\nb\u{1b}[2J\u{9b}\u{202e}c\u{2028}\u{2029}\u{200b}\u{feff}\u{e0041}\t";
        let r = "\u{fffd}";
        assert_eq!(printable(told), format!("a{r}b{r}[2J{r}{r}c{r}{r}{r}{r}{r}{r}"));
        let plain = "O'Neill \"\\ Büro e\u{301} हिन्दी 会議 🎉";
        assert_eq!(printable(plain), plain);
    }
}
