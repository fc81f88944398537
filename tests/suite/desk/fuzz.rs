//! Any bytes at all, over the whole surface of the desk: a complete and guarded answer, whole markup, no panic.

use crate::fuzz::{cases, method, token};
use ccxml_conference::desk;
use ccxml_conference::response::{MediaType, Response};
use ccxml_conference::settings::Settings;
use ccxml_conference::settings::environment::Environment;
use proptest::prelude::*;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use tempfile::TempDir;

/// A request as far as it can be anything.
#[derive(Clone, Debug)]
struct Any {
    method: &'static str,
    query: Vec<u8>,
    body: Vec<u8>,
    headers: Vec<(&'static str, Vec<u8>)>,
}

/// The fields of a query or a form: known names more often than not, values that are half right.
fn fields() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec![
        "number", "rooms", "page", "format", "file", "ask", "session", "done", "action", "minutes",
        "callers", "reached", "already", "x", "%70age",
    ]);
    let word = prop::sample::select(vec![
        "1234",
        "+1+2+34",
        "a",
        "end",
        "lock",
        "kick",
        "mute",
        "unmute",
        "extend",
        "all",
        "json",
        "metrics",
        "html",
        "0",
        "2",
        "99999999999999999999",
        "%3Cscript%3E",
        "%22%3E",
        "%00",
        "%",
        "%ff",
        "../../etc/passwd",
    ]);
    let value = prop_oneof![
        word.prop_map(|word| word.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..12)
    ];
    let field = (name, value).prop_map(|(name, value)| [name.as_bytes(), &value].join(&b'='));
    prop::collection::vec(field, 0..5).prop_map(|fields| fields.join(&b'&'))
}

fn request() -> impl Strategy<Value = Any> {
    let header = (
        prop::sample::select(vec![
            "HTTP_ACCEPT",
            "HTTP_ORIGIN",
            "HTTP_HOST",
            "HTTP_SEC_FETCH_SITE",
            "REMOTE_USER",
            "REMOTE_ADDR",
            "HTTP_X_FORWARDED_FOR",
            "CONTENT_TYPE",
            "PATH_INFO",
        ]),
        prop_oneof![
            prop::sample::select(vec![
                "application/json",
                "text/html",
                "application/x-www-form-urlencoded",
                "http://localhost",
                "localhost",
                "same-origin",
                "127.0.0.1",
                "<b>anna</b>",
            ])
            .prop_map(|value| value.as_bytes().to_vec()),
            prop::collection::vec(1_u8.., 0..20),
        ],
    );
    let body = prop_oneof![
        fields(),
        "\\{\"action\":\"(lock|kick|mute|unmute|end|x)\",\"number\":\"?[0-9a]{0,5}\"?,?(\"session\":\"[a<\"]\")?\\}"
            .prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..100),
    ];
    (method(), fields(), body, prop::collection::vec(header, 0..5))
        .prop_map(|(method, query, body, headers)| Any { method, query, body, headers })
}

struct Fuzzed(TempDir);

impl Fuzzed {
    fn new(token: &[u8], room: &[u8]) -> Self {
        let folder = TempDir::new().unwrap();
        for (name, file, text) in [("tokens", "1234", token), ("rooms", "1234.toml", room)] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join(file), text).unwrap();
        }
        Self(folder)
    }

    /// Answers as the desk does, and checks everything about the answer that holds for any.
    fn ask(&self, request: &Any) -> Response {
        let settings = Environment::from_iter([
            ("CONFERENCE_DIR", self.0.path().join("tokens")),
            ("CONFERENCE_ROOMS", self.0.path().join("rooms")),
        ]);
        let mut environment = Environment::from_iter([
            ("REQUEST_METHOD", OsString::from(request.method)),
            ("QUERY_STRING", OsString::from_vec(request.query.clone())),
            ("CONTENT_TYPE", "application/x-www-form-urlencoded".into()),
            ("CONTENT_LENGTH", request.body.len().to_string().into()),
            ("REMOTE_USER", "anna".into()),
        ]);
        for (name, value) in &request.headers {
            environment = environment.with(name, OsString::from_vec(value.clone()));
        }
        let settings = Settings::from_environment(&settings).unwrap();
        let answer = desk::serve(&environment, request.body.as_slice(), settings, true, |_| {});
        let response = answer.response;
        assert!(!response.status.starts_with('5'), "{}: {}", response.status, response.body);
        for header in super::GUARD {
            assert!(response.headers.iter().any(|(name, _)| *name == header), "{header}");
        }
        let plain = |value: &str| value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        assert!(response.headers.iter().all(|(_, value)| plain(value)), "{:?}", response.headers);
        match response.media_type {
            MediaType::Html => {
                let count = |mark: char| response.body.matches(mark).count();
                assert_eq!(count('<'), count('>'), "{}", response.body);
                assert_eq!(count('"') % 2, 0, "{}", response.body);
                assert_eq!(response.body.matches("<script").count(), 1, "{}", response.body);
            }
            MediaType::Json => drop(serde_json::from_str::<serde_json::Value>(&response.body).unwrap()),
            _ => {}
        }
        response
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_request_to_the_desk_has_a_complete_and_guarded_answer(
        requests in prop::collection::vec(request(), 1..4),
        token in token(),
        room in "(name|pin|x) = \"?[0-9<&\\\\\"a]{0,6}\"?\n?",
    ) {
        let fuzzed = Fuzzed::new(&token, room.as_bytes());
        for request in requests {
            fuzzed.ask(&request);
        }
    }
}
