//! What the program does for its callers, played to every server in the same words.

use std::sync::Barrier;
use std::thread;

use super::{PASSWORD, Running, Server, Setup};
use crate::http::{Body, FORM, Request, Response};

/// Tests that play to a server what every one of them has to pass, and these further scenarios.
macro_rules! scenarios {
    (@each $server:expr; $($scenario:ident)+) => {
        $(
            #[test]
            fn $scenario() {
                $crate::servers::scenario::$scenario(&$server);
            }
        )+
    };
    ($server:expr $(, $further:ident)*) => {
        $crate::servers::scenario::scenarios! {
            @each $server;
            holds_a_conference
            answers_every_method_as_it_should
            keeps_query_words_from_the_command_line
            refuses_what_is_malformed
            hands_over_settings_and_reports_broken_ones
            has_one_first_caller_among_twenty
            lets_callers_renew_and_leave
            $($further)*
        }
    };
}

pub(super) use scenarios;

/// What a CCXML document does with the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Answers it and asks for the number.
    Get,
    /// Lets the first caller in.
    Create,
    /// Lets a later caller in.
    Join,
}

impl Kind {
    /// The kind of `document`, by the one thing that no other kind has.
    fn of(document: &str) -> Self {
        let marks =
            [("<accept ", Self::Get), ("'first_caller'", Self::Create), ("'joining&amp;count=", Self::Join)];
        let kinds: Vec<_> =
            marks.iter().filter(|(mark, _)| document.contains(mark)).map(|(_, kind)| *kind).collect();
        assert_eq!(kinds.len(), 1, "{kinds:?} at once:\n{document}");
        kinds[0]
    }
}

/// Checks what holds for everything that the program itself answers.
fn check(response: &Response, status: u16, media_type: &str) {
    assert_eq!(response.status, status, "{response:?}");
    let content_type = format!("{media_type}; charset=utf-8");
    assert_eq!(response.header("content-type"), Some(content_type.as_str()), "{response:?}");
    let length = response.header("content-length").expect("there is a Content-Length");
    assert_eq!(length, response.body.len().to_string(), "{response:?}");
    assert!(!response.body.is_empty(), "{response:?}");
}

/// The kind of the CCXML document that answers `request`.
fn ccxml(running: &Running, request: &Request) -> Kind {
    let response = running.send(request);
    check(&response, 200, "application/ccxml+xml");
    assert_eq!(response.header("cache-control"), Some("no-store"), "{response:?}");
    Kind::of(response.text())
}

/// The request of a caller for a conference.
fn enter(number: &str, session: &str) -> Request {
    Request::get(&format!("?conference_code={number}&session_id={session}"))
}

/// Checks the answer to a request that is refused with `status` by the program.
fn refused(running: &Running, request: &Request, status: u16) -> Response {
    let response = running.send(request);
    check(&response, status, "text/plain");
    response
}

/// Checks the answer to a request that the server may refuse before the program is asked.
fn refused_somewhere(running: &Running, request: &Request, statuses: &[u16]) {
    let response = running.send(request);
    assert!(statuses.contains(&response.status), "{request:?}: {response:?}");
}

/// A call is answered, the first caller creates the conference, later ones join it, prompts are there.
pub fn holds_a_conference(server: &Server) {
    let setup = Setup::new();
    let Some(running) = (server.start)(&setup) else { return };

    assert_eq!(ccxml(&running, &Request::get("")), Kind::Get);
    assert_eq!(ccxml(&running, &Request::get("?")), Kind::Get);
    assert_eq!(ccxml(&running, &enter("12", "s1")), Kind::Get, "too short a number is asked for again");
    assert_eq!(setup.tokens(), [""; 0]);

    assert_eq!(ccxml(&running, &enter("1234", "s1")), Kind::Create);
    assert_eq!(setup.tokens(), ["1234"]);
    assert_eq!(ccxml(&running, &enter("1234", "s2")), Kind::Join);
    assert_eq!(
        ccxml(&running, &enter("1234", "s1")),
        Kind::Create,
        "a repeated request has its first answer"
    );
    assert_eq!(ccxml(&running, &enter("1+2%203+4", "s2")), Kind::Join, "white space is no part of a number");
    assert_eq!(ccxml(&running, &enter("5678", "s3")), Kind::Create, "another number is another conference");
    assert_eq!(setup.tokens(), ["1234", "5678"]);

    let prompt = running.send(&Request::get("?prompt=get_conference_code"));
    check(&prompt, 200, "application/voicexml+xml");
    assert!(prompt.text().contains("<vxml"), "{prompt:?}");
    refused(&running, &Request::get("?prompt=no_such_prompt"), 404);
}

/// HEAD does nothing, POST is as good as GET, other methods are refused.
pub fn answers_every_method_as_it_should(server: &Server) {
    let setup = Setup::new();
    let Some(running) = (server.start)(&setup) else { return };

    let get = running.send(&Request::get(""));
    let head = running.send(&Request::new("HEAD", ""));
    assert_eq!(head.body, b"");
    for name in ["content-type", "content-length", "cache-control"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    assert_eq!((head.status, get.status), (200, 200));
    let head = running.send(&Request { method: "HEAD".into(), ..enter("1234", "s1") });
    assert_eq!((head.status, head.body), (200, Vec::new()));
    assert_eq!(setup.tokens(), [""; 0], "HEAD creates nothing");

    assert_eq!(ccxml(&running, &Request::form("", "conference_code=1234&session_id=s1")), Kind::Create);
    let half = Request::form("?conference_code=1234", "session_id=s2");
    assert_eq!(ccxml(&running, &half), Kind::Join, "query and form are one set");
    assert_eq!(setup.tokens(), ["1234"]);

    for method in ["PUT", "DELETE", "OPTIONS"] {
        for request in
            [Request::new(method, ""), Request::new(method, "").with(FORM, Body::Sized(b"a=b".into()))]
        {
            let response = refused(&running, &request, 405);
            assert_eq!(response.header("allow"), Some("GET, HEAD, POST"), "{response:?}");
        }
    }
}

/// Query words without `=` are handed to a CGI program as arguments by some servers; they are only unknown
/// fields.
pub fn keeps_query_words_from_the_command_line(server: &Server) {
    let setup = Setup::new();
    let Some(running) = (server.start)(&setup) else { return };

    for query in
        ["?--version", "?--help", "?-d+/etc", "?%2d%64+/etc", "?list", "?end+1234", "?--dir+/tmp+list", "?-"]
    {
        assert_eq!(ccxml(&running, &Request::get(query)), Kind::Get, "{query}");
    }
    let post = Request::form("?--version", "conference_code=1234&session_id=s1");
    assert_eq!(ccxml(&running, &post), Kind::Create);
    assert_eq!(setup.tokens(), ["1234"]);
}

/// What can't be understood is refused with the status that says why, and changes nothing.
pub fn refuses_what_is_malformed(server: &Server) {
    let setup = Setup::new();
    let Some(running) = (server.start)(&setup) else { return };

    refused(&running, &Request::get("/tail"), 404);
    refused(&running, &Request::get("/tail?conference_code=1234&session_id=s1"), 404);
    refused_somewhere(&running, &Request::get("/"), &[server.slash_tail]);
    // An escaped end of line behind the program's name is no part of it, and is no end of it either.
    for tail in ["%0a", "%0d%0a", "/%0a", "/%0d%0a", "/%0d%0ax", "/x%0a"] {
        refused_somewhere(&running, &Request::get(tail), &[400, 403, 404]);
    }

    refused_somewhere(&running, &enter("1%2", "s1%zz"), &[server.broken_escape]);
    refused_somewhere(&running, &enter("12%0034", "s1"), &[server.nul_in_query]);
    refused_somewhere(&running, &enter("1234", "%ff"), &[400]);
    refused(&running, &Request::get("?conference_code=1234&conference_code=1234"), 400);

    let field = |bytes: usize| format!("x={}", "a".repeat(bytes - 2));
    assert_eq!(ccxml(&running, &Request::get(&format!("?{}", field(4096)))), Kind::Get);
    refused(&running, &Request::get(&format!("?{}", field(4097))), 414);
    assert_eq!(ccxml(&running, &Request::form("", &field(8192))), Kind::Get);
    refused(&running, &Request::form("", &field(8193)), 413);
    refused_somewhere(&running, &Request::form("", &field(1 << 17)), &[413]);

    let form = b"conference_code=1234&session_id=s1".to_vec();
    let post = Request::new("POST", "");
    refused(&running, &post.clone().with("text/plain", Body::Sized(form.clone())), 415);
    refused_somewhere(&running, &post.clone().with(FORM, Body::None), &[400, 411]);
    assert_eq!(setup.tokens(), [""; 0], "nothing that was refused has left a token");

    let chunked = post.with(FORM, Body::Chunked(form));
    if server.chunked_form == 200 {
        assert_eq!(ccxml(&running, &chunked), Kind::Create);
        assert_eq!(setup.tokens(), ["1234"]);
    } else {
        refused(&running, &chunked, server.chunked_form);
        assert_eq!(setup.tokens(), [""; 0]);
    }
}

/// Settings reach the program by the server's own means, and what is wrong with one reaches the operator.
pub fn hands_over_settings_and_reports_broken_ones(server: &Server) {
    let setup = Setup::new().with("CONFERENCE_LANG", "en-GB").with("CONFERENCE_DIGITS", "6-6");
    let Some(running) = (server.start)(&setup) else { return };
    assert_eq!(ccxml(&running, &enter("1234", "s1")), Kind::Get);
    assert_eq!(ccxml(&running, &enter("123456", "s1")), Kind::Create);
    let prompt = running.send(&Request::get("?prompt=get_conference_code"));
    assert!(prompt.text().contains("\"en-GB\""), "{prompt:?}");

    let setup = Setup::new().with("CONFERENCE_DIGITS", "many");
    let Some(running) = (server.start)(&setup) else { return };
    let response = refused(&running, &Request::get(""), 500);
    assert!(!response.text().contains("many"), "callers need not know: {response:?}");
    running.wait_for_log("CONFERENCE_DIGITS");
    refused(&running, &Request::form("", "conference_code=1234&session_id=s1"), 500);
}

/// Twenty callers who key in the same number at the same instant meet in one conference.
pub fn has_one_first_caller_among_twenty(server: &Server) {
    const CALLERS: usize = 20;
    let setup = Setup::new();
    let Some(running) = (server.start)(&setup) else { return };

    let start = Barrier::new(CALLERS);
    let call = |caller: usize| {
        start.wait();
        ccxml(&running, &enter("1234", &format!("s{caller}")))
    };
    let kinds: Vec<Kind> = thread::scope(|scope| {
        let calls: Vec<_> = (0..CALLERS).map(|caller| scope.spawn(move || call(caller))).collect();
        calls.into_iter().map(|call| call.join().expect("the call was answered")).collect()
    });
    let count = |kind| kinds.iter().filter(|other| **other == kind).count();
    assert_eq!((count(Kind::Create), count(Kind::Join)), (1, CALLERS - 1), "{kinds:?}");
    assert_eq!(setup.tokens(), ["1234"]);
}

/// The configuration turns everybody away but the voice platform.
pub fn serves_only_the_platform(server: &Server) {
    let setup = Setup::new().for_strangers();
    let Some(running) = (server.start)(&setup) else { return };

    for request in
        [Request::get(""), Request::get("/"), enter("1234", "s1"), Request::form("", "conference_code=1234")]
    {
        refused_somewhere(&running, &request, &[403]);
    }
    assert_eq!(setup.tokens(), [""; 0]);
}

/// Callers renew their places and leave; the last one frees the number.
pub fn lets_callers_renew_and_leave(server: &Server) {
    let setup = Setup::new();
    let Some(running) = (server.start)(&setup) else { return };
    let post = |event: &str, session: &str| {
        let form = format!("event={event}&conference_code=1234&session_id={session}");
        Request::form("", &form)
    };
    let script = |event: &str, session: &str| {
        let response = running.send(&post(event, session));
        check(&response, 200, "text/ecmascript");
        assert_eq!(response.header("cache-control"), Some("no-store"), "{response:?}");
    };

    assert_eq!(ccxml(&running, &enter("1234", "s1")), Kind::Create);
    assert_eq!(ccxml(&running, &enter("1234", "s2")), Kind::Join);
    script("renew", "s1");
    script("leave", "s1");
    script("leave", "s1");
    assert_eq!(setup.tokens(), ["1234"], "somebody is still in");
    assert_eq!(ccxml(&running, &enter("1234", "s3")), Kind::Join);
    script("leave", "s3");
    script("leave", "s2");
    assert_eq!(setup.tokens(), [""; 0], "the last one has left");
    assert_eq!(ccxml(&running, &enter("1234", "s4")), Kind::Create);

    for event in ["renew", "leave"] {
        refused(&running, &Request::get(&format!("?event={event}&conference_code=1234&session_id=s4")), 405);
        refused(&running, &Request::form("", &format!("event={event}&conference_code=1234")), 400);
        refused(
            &running,
            &Request::form("", &format!("event={event}&conference_code=12&session_id=s4")),
            400,
        );
    }
    refused(&running, &post("dance", "s4"), 400);
    assert_eq!(setup.tokens(), ["1234"], "nothing that was refused has changed anything");
}

/// The desk stands beside the line, and only for those who have logged in.
pub fn shows_the_desk(server: &Server) {
    let setup = Setup::new();
    let Some(running) = (server.start)(&setup) else { return };
    assert_eq!(ccxml(&running, &enter("1234", "s1")), Kind::Create);
    let desk = |request: Request| running.send_to_desk(&request.header("Authorization", PASSWORD.1));
    let json = |tail: &str| desk(Request::get(tail).header("Accept", "application/json"));

    for request in [
        Request::get(""),
        Request::get("?number=1234"),
        Request::form("", "action=lock&number=1234"),
        Request::get("").header("Authorization", "Basic YW5uYTpmYWxzY2g="),
        Request::get("").header("Remote-User", "anna"),
        Request::get("/"),
    ] {
        assert_eq!(running.send_to_desk(&request).status, 401, "{request:?}");
    }
    let page = desk(Request::get(""));
    check(&page, 200, "text/html");
    assert!(page.text().contains("href=\"?number=1234\"") && page.text().contains(">anna</bdi>"), "{page:?}");
    assert!(page.header("content-security-policy").is_some(), "{page:?}");
    let file = page.text().split("stylesheet\" href=\"").nth(1).and_then(|link| link.split('"').next());
    let style = desk(Request::get(file.expect("there is a stylesheet")));
    assert_eq!(style.header("cache-control"), Some("max-age=31536000, immutable"), "{style:?}");

    let pressed = desk(Request::form("", "action=lock&number=1234").header("Origin", "http://localhost"));
    assert_eq!(
        (pressed.status, pressed.header("location")),
        (303, Some("?number=1234&done=lock")),
        "{pressed:?}"
    );
    check(&json("?number=1234"), 200, "application/json");
    assert!(json("?number=1234").text().contains("\"state\":\"locked\""));
    assert_eq!(ccxml(&running, &enter("1234", "s2")), Kind::Get, "it is locked");
    let strange =
        desk(Request::form("", "action=unlock&number=1234").header("Origin", "http://evil.example"));
    assert_eq!(strange.status, 403, "{strange:?}");
    let order =
        Request::new("POST", "").with("application/json", Body::Sized(b"{\"action\":\"end\"}".to_vec()));
    check(&desk(order), 400, "application/json");
    check(&json("?number=4321"), 404, "application/json");
    check(&desk(Request::new("PUT", "").header("Accept", "application/json")), 405, "application/json");
    assert_eq!(setup.tokens(), ["1234"]);
}
