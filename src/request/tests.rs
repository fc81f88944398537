use super::*;

fn parse(method: Method, query: &str, form: &str) -> Result<RequestKind, Rejected> {
    let raw = RawRequest { method, query: query.into(), form: form.into() };
    Request::parse(&raw, &(4..=10)).map(|request| request.kind)
}

fn get(query: &str) -> Result<RequestKind, Rejected> {
    parse(Method::Get, query, "")
}

fn number(digits: &str) -> ConferenceNumber {
    ConferenceNumber::from_token_name(digits).unwrap()
}

fn session(id: &str) -> SessionId {
    SessionId::parse(id).unwrap()
}

#[test]
fn requests_are_told_apart_by_their_fields() {
    assert_eq!(get(""), Ok(RequestKind::Call));
    assert_eq!(get("unknown=x&-d+/etc"), Ok(RequestKind::Call));
    assert_eq!(get("direct=12+34"), Ok(RequestKind::Direct(Some(number("1234")))));
    assert_eq!(get("direct=../x"), Ok(RequestKind::Direct(None)));
    let enter = RequestKind::Enter {
        number: Some(number("1234")),
        session: Some(session("s1")),
        pin: None,
        caller: None,
    };
    assert_eq!(get("conference_code=1+2%203+4&session_id=s1"), Ok(enter.clone()));
    assert_eq!(parse(Method::Post, "session_id=s1", "conference_code=1234"), Ok(enter));
    let as_in_2002 =
        RequestKind::Enter { number: Some(number("1234")), session: None, pin: None, caller: None };
    assert_eq!(get("conference_code=1234"), Ok(as_in_2002));
    assert_eq!(
        get("conference_code=12a"),
        Ok(RequestKind::Enter { number: None, session: None, pin: None, caller: None })
    );
    assert!(matches!(get("prompt=goodbye"), Ok(RequestKind::Prompt(_))));
}

#[test]
fn a_pin_comes_in_a_form_and_is_never_printed() {
    let entering = parse(Method::Post, "conference_code=1234", "session_id=s1&pin=47+11").unwrap();
    let RequestKind::Enter { pin: Some(pin), .. } = &entering else { panic!("{entering:?}") };
    assert_eq!(pin.keys(), "4711");
    assert!(!format!("{entering:?}").contains("47"));
}

#[test]
fn events_are_posted_with_number_and_session() {
    let form = "event=renew&conference_code=1234&session_id=s1";
    let renew = |ticket: Option<&str>| RequestKind::Renew {
        number: number("1234"),
        session: session("s1"),
        ticket: ticket.map(str::to_owned),
        addresses: Addresses::default(),
        key: None,
    };
    assert_eq!(parse(Method::Post, "", &format!("{form}&ticket=a.b")), Ok(renew(Some("a.b"))));
    assert_eq!(parse(Method::Post, "", form), Ok(renew(None)));
    let leave = "event=leave&conference_code=1234&session_id=s1";
    let left = |why| RequestKind::Leave { number: number("1234"), session: session("s1"), why };
    assert_eq!(parse(Method::Post, leave, ""), Ok(left(None)));
    assert_eq!(parse(Method::Post, leave, "reason=hangup"), Ok(left(Some(Parting::HangUp))));
    for method in [Method::Get, Method::Head] {
        assert_eq!(parse(method, form, ""), Err(Rejected::MethodNotAllowed("POST")));
    }
    for form in [
        "event=enter&conference_code=1234&session_id=s1",
        "event=&conference_code=1234&session_id=s1",
        "event=leave&conference_code=12&session_id=s1",
        "event=leave&session_id=s1",
        "event=leave&conference_code=1234",
    ] {
        assert!(matches!(parse(Method::Post, "", form), Err(Rejected::Malformed(_))), "{form}");
    }
}

#[test]
fn a_key_is_a_report_with_a_count() {
    let form = "event=mute_all&conference_code=1234&session_id=s1&press=3&caller=tel:1&called=2&control=3";
    let Ok(RequestKind::Renew { key, addresses, .. }) = parse(Method::Post, "", form) else { panic!() };
    assert_eq!(key, Some(KeyPress { key: Key::MuteAll, count: 3 }));
    let told = |text: &str| Some(text.to_owned());
    let all = Addresses { caller: told("tel:1"), called: told("2"), control: told("3") };
    assert_eq!(addresses, all);
}

#[test]
fn what_cannot_be_understood_is_rejected_and_not_guessed() {
    for query in [
        "session_id=",
        "session_id=a%20b&conference_code=1234",
        "conference_code=1234&conference_code=1234",
        "conference_code=%zz",
        "conference_code=1234%",
        "conference_code=1234%4",
        "conference_code=%ff",
        "x=%C0%80",
        "conference_code=1234&pin=1",
        "%70in=",
    ] {
        assert!(matches!(get(query), Err(Rejected::Malformed(_))), "{query}");
    }
    let twice = parse(Method::Post, "session_id=a", "session_id=a&conference_code=1234");
    assert!(matches!(twice, Err(Rejected::Malformed(_))));
    assert!(matches!(get("prompt=nothing"), Err(Rejected::NotFound(_))));
    assert!(matches!(get("prompt=goodbye&lang=tlh"), Err(Rejected::NotFound(_))));
}
