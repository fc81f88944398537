//! Any bytes at all, over the whole surface of a request: a complete response, well-formed documents, nothing outside
//! the token directory, no panic.
//!
//! `CCXML_CONFERENCE_FUZZ_CASES` sets how many cases each property is tried with, for a longer run.

use ccxml_conference::line::{Answer, Line};
use ccxml_conference::request::RawRequest;
use ccxml_conference::response::{MediaType, Response};
use ccxml_conference::settings::Settings;
use ccxml_conference::settings::environment::Environment;
use proptest::prelude::*;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use tempfile::TempDir;

/// A line whose folder holds its tokens, its rooms, and nothing else.
struct Fuzzed {
    folder: TempDir,
    line: Line,
}

impl Fuzzed {
    /// With these settings, if they can be used, and with room 1234 alone if there is a text for its file.
    fn new(settings: &[(&'static str, OsString)], room: Option<&[u8]>) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("tokens")).unwrap();
        let environment = Environment::from_iter(settings.iter().cloned());
        let mut environment = environment.with("CONFERENCE_DIR", path("tokens"));
        if let Some(text) = room {
            fs::create_dir(path("rooms")).unwrap();
            fs::write(path("rooms/1234.toml"), text).unwrap();
            environment = environment.with("CONFERENCE_ROOMS", path("rooms"));
        }
        let settings = Settings::from_environment(&environment).ok()?;
        Some(Self { line: Line::new(settings, |_| {}), folder })
    }

    /// Answers a request as for a web server, and checks everything about the answer that holds for any.
    fn ask(&self, method: &str, query: &[u8], form: &[u8]) -> Response {
        let environment = Environment::from_iter([
            ("REQUEST_METHOD", OsString::from(method)),
            ("QUERY_STRING", OsString::from_vec(query.to_vec())),
            ("CONTENT_TYPE", "application/x-www-form-urlencoded".into()),
            ("CONTENT_LENGTH", form.len().to_string().into()),
        ]);
        let answer = match RawRequest::from_cgi(&environment, form) {
            Ok(raw) => {
                self.line.answer(&raw).unwrap_or(Answer { response: Response::failure(), head: false })
            }
            Err(rejected) => Answer { response: rejected.response(), head: false },
        };
        let mut written = Vec::new();
        answer.response.clone().write(&mut written, answer.head).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(written.starts_with("Status: ") && written.contains("\r\n\r\n"), "{written}");
        if matches!(answer.response.media_type, MediaType::Ccxml | MediaType::VoiceXml) {
            roxmltree::Document::parse(&answer.response.body)
                .unwrap_or_else(|error| panic!("{error}: {}", answer.response.body));
        }
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let name = entry.unwrap().file_name();
            assert!(name == "tokens" || name == "rooms", "{name:?} was made outside the token directory");
        }
        for entry in fs::read_dir(self.folder.path().join("tokens")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(name == ".secret" || name.bytes().all(|byte| byte.is_ascii_digit()), "{name}");
        }
        answer.response
    }

    fn problems_of_rooms(&self) -> Vec<String> {
        let documents = &self.line.settings().documents;
        self.line.rooms().check(&documents.digits, documents.dialect).unwrap().problems
    }
}

pub fn cases() -> ProptestConfig {
    let cases = std::env::var("CCXML_CONFERENCE_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: cases.unwrap_or(300), failure_persistence: None, ..ProptestConfig::default() }
}

/// A field as a platform, or an attacker, might send it: a known name more often than not, a value that is half right.
fn field() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        prop::sample::select(vec![
            "conference_code",
            "session_id",
            "event",
            "prompt",
            "lang",
            "count",
            "reason",
            "tries",
            "pin",
            "%70in",
        ])
        .prop_map(|name| name.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    let value = prop_oneof![
        prop::sample::select(vec![
            "1234",
            "1+2+3+4",
            "%31234",
            "a",
            "renew",
            "leave",
            "get_conference_code",
            "get_pin",
            "goodbye",
            "joining",
            "de-DE",
            "3",
            "99999999999999999999",
            "../../etc/passwd",
            "%2e%2e%2f",
            "%00",
            "%",
            "%ff",
            "'\"<&>",
            "kicked",
        ])
        .prop_map(|value| value.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..12),
    ];
    (name, value).prop_map(|(name, value)| [name, value].join(&b'='))
}

fn fields() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(field(), 0..5).prop_map(|fields| fields.join(&b'&'))
}

pub fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "HEAD", "POST", "PUT", "", "get"])
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_request_has_a_complete_answer(requests in prop::collection::vec((method(), fields(), fields()), 1..6)) {
        let fuzzed = Fuzzed::new(&[], None).unwrap();
        for (method, query, form) in requests {
            let response = fuzzed.ask(method, &query, &form);
            prop_assert!(!response.status.starts_with('5'), "{}", response.status);
        }
    }

    #[test]
    fn any_bytes_at_all_have_a_complete_answer(
        method in method(),
        query in prop::collection::vec(any::<u8>(), 0..300),
        form in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let response = Fuzzed::new(&[], None).unwrap().ask(method, &query, &form);
        prop_assert!(!response.status.starts_with('5'), "{}", response.status);
    }

    #[test]
    fn any_setting_is_understood_or_refused(
        variable in prop::sample::select(ccxml_conference::settings::ALL.to_vec()),
        value in prop::collection::vec(any::<u8>(), 1..20),
        plausible in "[0-9a-zA-Z/:._-]{0,12}",
    ) {
        for value in [value, plausible.into_bytes()] {
            if matches!(variable.variable, "CONFERENCE_DIR" | "CONFERENCE_LOG" | "CONFERENCE_ROOMS") {
                continue;
            }
            if let Some(fuzzed) = Fuzzed::new(&[(variable.variable, OsString::from_vec(value))], None) {
                fuzzed.ask("GET", b"", b"");
                fuzzed.ask("GET", b"prompt=joining&count=3", b"");
                fuzzed.ask("GET", b"conference_code=1234&session_id=a", b"");
            }
        }
    }

    #[test]
    fn any_script_name_ends_up_escaped(name in prop::collection::vec(1_u8.., 0..40)) {
        let fuzzed = Fuzzed::new(&[("SCRIPT_NAME", OsString::from_vec(name))], None).unwrap();
        fuzzed.ask("GET", b"", b"");
        fuzzed.ask("GET", b"conference_code=1234&session_id=a", b"");
    }

    #[test]
    fn any_token_is_read_and_heals(token in token(), method in prop::sample::select(vec!["renew", "leave", "enter"])) {
        let fuzzed = Fuzzed::new(&[], None).unwrap();
        let path = fuzzed.folder.path().join("tokens/1234");
        fs::write(&path, token).unwrap();
        let form = format!("event={method}&conference_code=1234&session_id=a");
        let form = if method == "enter" { &form["event=enter&".len()..] } else { &form };
        prop_assert_eq!(fuzzed.ask("POST", b"", form.as_bytes()).status, "200 OK");
        prop_assert_eq!(fuzzed.ask("GET", b"conference_code=1234&session_id=b", b"").status, "200 OK");
        // Whether the second caller got in or not, what is kept from now on is ours, or nothing.
        if let Ok(healed) = fs::read(path) {
            // The last whole line counts; what stands behind it is what is left of the longer text it was written over.
            let last: Option<serde_json::Value> =
                healed.rsplit(|&byte| byte == b'\n').nth(1).and_then(|line| serde_json::from_slice(line).ok());
            let version = last.as_ref().and_then(|token| token["version"].as_u64());
            prop_assert_eq!(version, Some(1), "{}", String::from_utf8_lossy(&healed));
        }
    }

    #[test]
    fn any_room_file_is_understood_or_refused_without_its_pin(
        text in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "(open = true\n)?(pin|moderator_pin|lang|muted|max_callers|name|x)[ =]{1,3}\"?660193847562\"?\n?(muted = true)?".prop_map(String::into_bytes),
        ],
        pin in "[0-9 ]{0,14}",
    ) {
        let fuzzed = Fuzzed::new(&[], Some(&text)).unwrap();
        let problems = fuzzed.problems_of_rooms();
        let expected = if problems.is_empty() { "200 OK" } else { "500 Internal Server Error" };
        let form = format!("conference_code=1234&session_id=a&pin={pin}");
        for (method, query, form) in [
            ("GET", "conference_code=1234&session_id=a", ""),
            ("POST", "", &form),
        ] {
            let response = fuzzed.ask(method, query.as_bytes(), form.as_bytes());
            prop_assert_eq!(response.status, expected, "{}, {:?}", method, problems);
        }
        for problem in problems {
            let text = text.strip_prefix(b"open = true\n").unwrap_or(&text);
            let of_a_pin = text.starts_with(b"pin") || text.starts_with(b"moderator_pin");
            prop_assert!(!(of_a_pin && problem.contains("660193847562")), "{}", problem);
        }
    }
}

/// A token: any bytes, or one of ours with a piece of it replaced.
pub fn token() -> impl Strategy<Value = Vec<u8>> {
    let ours = "{\"version\":1,\"id\":\"1234-1\",\"as_of\":{\"wall\":1795359175368,\"uptime\":{\"boot\":\"x\",\"millis\":5}},\
                \"age\":1,\"callers\":[{\"session\":\"a\",\"age\":1,\"lease\":1,\"told\":\"first\"}],\"locked\":true,\
                \"ending\":\"time\",\"grace\":1,\"opened\":1,\"terms\":{\"max_callers\":1},\
                \"wrong_pins\":{\"recent\":[{\"age\":1}],\"closures\":[{\"age\":1,\"times\":1}]},\"kicked\":[{\"session\":\"b\",\"lease\":9}]}";
    let piece =
        prop::sample::select(vec!["0", "18446744073709551615", "-1", "null", "\"\"", "[]", "1e99", "{}", ""]);
    let mutated = (0..ours.len(), 0..9_usize, piece).prop_map(move |(at, length, piece)| {
        let end = (at + length).min(ours.len());
        [&ours.as_bytes()[..at], piece.as_bytes(), &ours.as_bytes()[end..]].concat()
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), mutated]
}
