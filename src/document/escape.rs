//! One function for each place where a value can stand in a document. A value that stands in several places
//! at once, such as a string in an expression in an attribute, is escaped for each, innermost first.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::{self, Write};

/// Escapes for XML text and XML attribute values in either kind of quotes; askama applies it to every value.
///
/// Characters that XML 1.0 has no way to write become U+FFFD.
#[derive(Clone, Copy, Debug, Default)]
pub struct Xml;

impl askama::filters::Escaper for Xml {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        // Most values are words and numbers with nothing to escape in them.
        let plain = |byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
        if text.bytes().all(plain) {
            return to.write_str(text);
        }
        text.chars().try_for_each(|c| self.write_escaped_char(&mut to, c))
    }

    fn write_escaped_char<W: Write>(&self, mut to: W, c: char) -> fmt::Result {
        match c {
            '&' => to.write_str("&amp;"),
            '<' => to.write_str("&lt;"),
            '>' => to.write_str("&gt;"),
            '"' => to.write_str("&quot;"),
            '\'' => to.write_str("&#39;"),
            // A parser would turn them into spaces in an attribute.
            '\t' | '\n' | '\r' => write!(to, "&#{};", u32::from(c)),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => to.write_char('\u{fffd}'),
            _ => to.write_char(c),
        }
    }
}

/// Escapes the inside of an ECMAScript string literal, in either kind of quotes, so that the string has
/// exactly this value. The result is printable ASCII without quotes, backslashes that are not its own, or
/// anything that XML or HTML gives a meaning to.
pub fn ecmascript(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(b'\'' | b'"' | b'\\' | b'<' | b'>' | b'&') | Err(_) => push_unit(&mut escaped, unit),
            Ok(byte) if byte == b' ' || byte.is_ascii_graphic() => escaped.push(char::from(byte)),
            Ok(_) => push_unit(&mut escaped, unit),
        }
    }
    escaped
}

fn push_unit(to: &mut String, unit: u16) {
    // Writing to a string cannot fail.
    let _ = write!(to, "\\u{unit:04x}");
}

/// Escapes a component of a URL, such as the value of a query field (RFC 3986: everything but unreserved).
pub fn url_component(text: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Escapes a path of a URL, whose slashes stand: what a web server has decoded is encoded again.
pub fn url_path(path: &[u8]) -> String {
    const NOT_IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b'!')
        .remove(b'$')
        .remove(b'(')
        .remove(b')')
        .remove(b'*')
        .remove(b'+')
        .remove(b',')
        .remove(b';')
        .remove(b'=')
        .remove(b':')
        .remove(b'@');
    percent_encoding::percent_encode(path, NOT_IN_A_PATH).to_string()
}

/// Whether every percent sign begins an escape of two hexadecimal digits.
pub fn escapes_are_whole(encoded: &[u8]) -> bool {
    let mut pieces = encoded.split(|&byte| byte == b'%');
    pieces.next();
    pieces.all(|piece| piece.get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use askama::filters::Escaper;
    use rquickjs::{Context, Runtime};

    const HOSTILE: &[&str] = &[
        "",
        "'\"<>&\\",
        "&#39;+alert(1)+&#39;",
        "</var><exit/>",
        "]]>",
        "\u{0}\u{1}\u{7f}\u{85}\u{2028}\u{2029}\u{fffe}\u{ffff}\u{feff}",
        "tab\tline\nreturn\r",
        "\\u0027',exit,'",
        "Zoë 会議 🎧",
    ];

    fn xml(text: &str) -> String {
        let mut escaped = String::new();
        Xml.write_escaped_str(&mut escaped, text).unwrap();
        escaped
    }

    /// What XML can hold of a text.
    fn writable(text: &str) -> String {
        text.chars()
            .map(|c| match c {
                '\t' | '\n' | '\r' => c,
                c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => '\u{fffd}',
                c => c,
            })
            .collect()
    }

    fn evaluated(expression: &str) -> String {
        Context::full(&Runtime::new().unwrap()).unwrap().with(|engine| engine.eval(expression)).unwrap()
    }

    #[test]
    fn xml_attributes_and_text_keep_hostile_values() {
        for value in HOSTILE {
            let document = format!("<a b=\"{0}\" c='{0}'>{0}</a>", xml(value));
            let parsed = roxmltree::Document::parse(&document).unwrap();
            let root = parsed.root_element();
            for found in [root.attribute("b"), root.attribute("c")] {
                assert_eq!(found, Some(writable(value).as_str()), "{document}");
            }
            assert_eq!(root.text().unwrap_or_default(), writable(value));
        }
    }

    #[test]
    fn an_ecmascript_string_inside_an_attribute_keeps_hostile_values() {
        for value in HOSTILE {
            let document = format!("<a b=\"'{}'\"/>", xml(&ecmascript(value)));
            let parsed = roxmltree::Document::parse(&document).unwrap();
            let expression = parsed.root_element().attribute("b").unwrap();
            assert_eq!(evaluated(expression), *value, "{document}");
            assert_eq!(evaluated(&format!("\"{}\"", ecmascript(value))), *value);
            let plain = |c: char| (' '..='~').contains(&c) && !"'\"<>&".contains(c);
            assert!(ecmascript(value).chars().all(plain), "it means something to XML or HTML: {value:?}");
        }
    }

    #[test]
    fn a_url_component_keeps_hostile_values() {
        for value in HOSTILE {
            let query = format!("{}=x&other=1", url_component(value));
            let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&query).unwrap();
            assert_eq!(pairs[0], (value.to_string(), "x".to_owned()), "{query}");
        }
    }

    #[test]
    fn a_path_is_encoded_and_its_slashes_stand() {
        assert_eq!(url_path(b"/cgi-bin/ccxml-conference"), "/cgi-bin/ccxml-conference");
        assert_eq!(url_path("/a b/'?#%\u{e9}".as_bytes()), "/a%20b/%27%3F%23%25%C3%A9");
        assert_eq!(url_path(b"/\xff"), "/%FF");
        let as_it_is = "/-._~!$()*+,;=:@";
        assert_eq!(url_path(as_it_is.as_bytes()), as_it_is);
    }

    #[test]
    fn an_escape_is_whole_with_two_hexadecimal_digits() {
        for (encoded, whole) in
            [("", true), ("%4a%E9b", true), ("%", false), ("%4", false), ("%4g", false), ("%g4", false)]
        {
            assert_eq!(escapes_are_whole(encoded.as_bytes()), whole, "{encoded}");
        }
    }
}
