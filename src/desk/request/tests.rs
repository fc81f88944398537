use super::*;

fn parse(variables: &[(&str, &str)], body: &str) -> Request {
    let length = body.len().to_string();
    let environment = Environment::from_iter(variables.iter().copied()).with("CONTENT_LENGTH", length);
    Request::parse(&environment, body.as_bytes())
}

fn get(query: &str) -> Result<RequestKind, Rejected> {
    parse(&[("REQUEST_METHOD", "GET"), ("QUERY_STRING", query)], "").kind
}

fn post(media_type: &str, body: &str) -> Result<RequestKind, Rejected> {
    parse(&[("REQUEST_METHOD", "POST"), ("CONTENT_TYPE", media_type)], body).kind
}

fn number() -> ConferenceNumber {
    ConferenceNumber::from_token_name("1234").unwrap()
}

fn kick(session: &str) -> Operation {
    Operation::Kick(Whom::named(session).unwrap())
}

#[test]
fn what_is_to_be_seen_is_told_by_the_query() {
    for (query, kind) in [
        ("", RequestKind::Conferences { page: 1 }),
        ("page=3&unknown=x", RequestKind::Conferences { page: 3 }),
        ("rooms", RequestKind::Rooms { page: 1 }),
        ("rooms=&page=2", RequestKind::Rooms { page: 2 }),
        ("format=metrics", RequestKind::Metrics),
        ("number=1234", RequestKind::Conference { number: number(), done: None }),
        ("number=+12+34+", RequestKind::Conference { number: number(), done: None }),
        ("number=1234&done=kick", RequestKind::Conference { number: number(), done: None }),
        ("number=1234&done=%3Cb%3E", RequestKind::Conference { number: number(), done: None }),
        ("number=1234&ask=end", RequestKind::Question(number(), Operation::End)),
        ("number=1234&ask=kick&session=a%26b", RequestKind::Question(number(), kick("a&b"))),
    ] {
        assert_eq!(get(query), Ok(kind), "{query}");
    }
    for query in [
        "page=0",
        "page=x",
        "page=",
        "number=",
        "number=12a",
        "number=1&number=2",
        "format=xml",
        "x=%",
        "x=%ff",
    ] {
        assert!(matches!(get(query), Err(Rejected::Malformed(_))), "{query}");
    }
    assert!(matches!(get("file=desk.css"), Err(Rejected::NotFound(_))));
    assert!(matches!(get("number=1234&ask=dance"), Err(Rejected::Malformed(_))));
}

#[test]
fn what_has_been_done_is_told_by_the_address_of_the_page() {
    let minutes = Operation::Extend(5 * 60_000);
    let who = Some("a&b".to_owned());
    for (operation, told) in [
        (Operation::Lock, Told { already: true, ..Told::default() }),
        (kick("a&b"), Told { who: who.clone(), callers: 1, reached: 1, ..Told::default() }),
        (Operation::Mute(Whom::All), Told { who: Some("all".into()), callers: 3, ..Told::default() }),
        (minutes, Told { callers: 3, reached: 2, ..Told::default() }),
    ] {
        let address = back(&number(), &operation, &told);
        let kind = get(address.trim_start_matches('?')).unwrap();
        assert_eq!(kind, RequestKind::Conference { number: number(), done: Some((operation, told)) });
    }
    let counts = get("number=1234&done=lock&callers=-1&reached=99999999999999999999&already");
    let told = Told { already: true, ..Told::default() };
    let done = Some((Operation::Lock, told));
    assert_eq!(counts, Ok(RequestKind::Conference { number: number(), done }));
}

#[test]
fn what_is_to_be_done_is_posted_as_a_form_or_as_json() {
    let act = |action| Ok(RequestKind::Operate(number(), action));
    for (body, expected) in [
        ("action=end&number=1234", act(Operation::End)),
        ("action=lock&number=1234", act(Operation::Lock)),
        ("action=unlock&number=1234&session=left-over", act(Operation::Unlock)),
        ("action=kick&number=1234&session=a%22b", act(kick("a\"b"))),
    ] {
        assert_eq!(post(FORM_TYPE, body), expected, "{body}");
        let members: std::collections::BTreeMap<String, String> = serde_urlencoded::from_str(body).unwrap();
        let json = serde_json::to_string(&members).unwrap();
        assert_eq!(post("application/json; charset=utf-8", &json), expected, "{json}");
    }
    for body in [
        "",
        "action=end",
        "number=1234",
        "action=dance&number=1234",
        "action=kick&number=1234",
        "action=kick&number=1234&session=",
        "action=kick&number=1234&session=a+b",
        "action=end&action=lock&number=1234",
        "action=end&number=1234%",
    ] {
        assert!(matches!(post(FORM_TYPE, body), Err(Rejected::Malformed(_))), "{body}");
    }
    for body in
        ["[]", "{", "\"end\"", "{\"action\":\"end\",\"number\":1234}", "{\"action\":[],\"number\":\"1234\"}"]
    {
        assert!(matches!(post(JSON_TYPE, body), Err(Rejected::Malformed(_))), "{body}");
    }
    assert_eq!(post("text/plain", "action=end&number=1234"), Err(Rejected::NotAForm));
}

#[test]
fn nothing_is_done_by_a_query() {
    assert_eq!(get("action=end&number=1234"), Ok(RequestKind::Conference { number: number(), done: None }));
    let posted =
        [("REQUEST_METHOD", "POST"), ("QUERY_STRING", "action=end&number=1234"), ("CONTENT_TYPE", FORM_TYPE)];
    assert!(matches!(parse(&posted, "").kind, Err(Rejected::Malformed(_))));
}

#[test]
fn the_format_is_told_by_the_query_else_by_the_headers() {
    let format = |accept: &str, query: &str| {
        parse(&[("REQUEST_METHOD", "GET"), ("HTTP_ACCEPT", accept), ("QUERY_STRING", query)], "").format
    };
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for accept in ["", "*/*", browser, "text/html, application/json", "image/avif"] {
        assert_eq!(format(accept, ""), Format::Html, "{accept}");
        assert_eq!(format(accept, "format=json"), Format::Json, "{accept}");
    }
    for accept in ["application/json", "application/json;q=1, */*;q=0.5", "text/plain, application/json"] {
        assert_eq!(format(accept, ""), Format::Json, "{accept}");
        assert_eq!(format(accept, "format=html"), Format::Html, "{accept}");
        assert_eq!(format(accept, "x=%"), Format::Json, "a refusal too");
    }
    let json = parse(&[("REQUEST_METHOD", "POST"), ("CONTENT_TYPE", JSON_TYPE)], "{}");
    assert_eq!(json.format, Format::Json, "who sends it reads it");
}

#[test]
fn head_is_answered_like_get_and_other_methods_are_refused() {
    let head = parse(&[("REQUEST_METHOD", "HEAD"), ("QUERY_STRING", "rooms")], "");
    assert_eq!((head.kind, head.head), (Ok(RequestKind::Rooms { page: 1 }), true));
    let put = parse(&[("REQUEST_METHOD", "PUT")], "");
    assert!(matches!(put.kind, Err(Rejected::MethodNotAllowed(_))));
}
