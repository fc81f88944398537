//! Addresses and the fields in them.

use url::Url;

/// Names and values as a query or a form carries them.
pub(crate) fn encode_fields<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Makes an address absolute (RFC 3986, 5.2), without its fragment. What cannot be made so stays as it is, and leads
/// nowhere.
pub(crate) fn resolve(base: &str, reference: &str) -> String {
    let reference = reference.split('#').next().unwrap_or("");
    match Url::parse(base).and_then(|base| base.join(reference)) {
        Ok(url) => url.into(),
        Err(_) => reference.into(),
    }
}

/// Whether a reference can be sent as it is: nothing in it that should have been escaped.
pub(crate) fn is_escaped(reference: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%#".contains(&byte);
    let broken = |(at, _): (usize, &str)| {
        let digits = reference.as_bytes().get(at + 1..at + 3).unwrap_or(b"");
        digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit)
    };
    reference.bytes().all(legal) && !reference.match_indices('%').any(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved() {
        let base = "http://line.example/cgi-bin/ccxml?a=1";
        for (reference, expected) in [
            ("?prompt=x", "http://line.example/cgi-bin/ccxml?prompt=x"),
            ("/x/y#z", "http://line.example/x/y"),
            ("other?b", "http://line.example/cgi-bin/other?b"),
            ("../a/./b", "http://line.example/a/b"),
            ("https://h/p", "https://h/p"),
            ("//h/p", "http://h/p"),
            ("", "http://line.example/cgi-bin/ccxml?a=1"),
            ("?a=b:c", "http://line.example/cgi-bin/ccxml?a=b:c"),
            ("http://[", "http://["),
        ] {
            assert_eq!(resolve(base, reference), expected, "{reference}");
        }
    }

    #[test]
    fn what_should_have_been_escaped_is_found() {
        assert!(is_escaped("http://h/p?a=%20b"));
        assert!(
            !is_escaped("http://h/p?a= b") && !is_escaped("http://h/p?a=%2") && !is_escaped("http://h/ä")
        );
    }
}
