//! Values that come from a platform, and go back to it: call ids, numbers, tries, prompts, places.

use super::{actions, documents, elements, line, transition, variables};
use crate::markup::{evaluate, parse, variable};
use crate::program::Line;
use roxmltree::Document;

/// Visible ASCII that an expression, an attribute or a query could trip over.
const HOSTILE_CALLS: &[&str] =
    &["a'b\"<c>&d", "&#39;+exit+&#39;", "100%+%27%zz", "\\u0027\\", "a&conference_code=9999#?", "]]></var>"];

/// The query of the URL that the first document goes to after a call with this id has keyed in this number.
fn query_after(document: &Document<'_>, call: &str, keyed: &str) -> String {
    let goto = elements(document, "goto").next().unwrap().attribute("next").unwrap();
    let literal = |text: &str| serde_json::to_string(text).unwrap();
    let before = format!(
        "{} in_callerid = {}; conference_code = {};",
        variables(document),
        literal(call),
        literal(keyed)
    );
    let url = evaluate(&before, goto);
    url.strip_prefix("/cgi-bin/ccxml-conference?").unwrap_or_else(|| panic!("{url}")).to_owned()
}

#[test]
fn hostile_call_ids_come_back_as_they_were() {
    let longest = "&".repeat(256);
    for (place, call) in HOSTILE_CALLS.iter().copied().chain([longest.as_str()]).enumerate() {
        let line = line();
        let first = line.get("").body;
        let query = query_after(&parse(&first), call, "1234");
        for kind in ["createConference", "createConference"] {
            let reply = line.get(&query);
            assert_eq!(reply.document(), kind, "{place}: the same call again is the same caller");
            let document = parse(&reply.body);
            assert_eq!(evaluate("", variable(&document, "in_callerid")), call);
        }
        let refused = line.get(&query_after(&parse(&first), call, "12")).body;
        assert_eq!(evaluate("", variable(&parse(&refused), "in_callerid")), call);
        let again = query_after(&parse(&refused), call, "1234");
        assert_eq!(line.get(&again).document(), "createConference", "{again}");
    }
}

#[test]
fn what_cannot_be_a_call_id_is_refused_and_reaches_no_document() {
    let line = line();
    let first = line.get("").body;
    let document = parse(&first);
    for call in ["", "a b", "a\u{0}", "Zo\u{eb}", "\u{1f3a7}", &"x".repeat(257)] {
        let query = query_after(&document, call, "1234");
        assert_eq!(line.get(&query).status, "400 Bad Request", "{query}");
    }
    assert!(line.files().is_empty());
}

#[test]
fn hostile_numbers_come_back_as_they_were_and_are_no_numbers() {
    let line = line();
    let first = line.get("").body;
    let document = parse(&first);
    for keyed in
        ["12'\"<34", "../1234", "1234&session_id=x", "12%34", "12+34", "\u{661}\u{662}\u{663}\u{664}", ""]
    {
        let query = query_after(&document, "c1", keyed);
        let fields: Vec<(String, String)> = serde_urlencoded::from_str(&query).unwrap();
        assert_eq!(fields.last().unwrap(), &("conference_code".to_owned(), keyed.to_owned()));
        let reply = line.get(&query);
        assert_eq!(reply.document(), "getConference", "{query}");
        assert_eq!(evaluate("", variable(&parse(&reply.body), "reason")), "&reason=not_a_number");
    }
    assert!(line.files().is_empty());
    assert_eq!(query_after(&document, "c1", "1234"), "session_id=c1&tries=3&conference_code=1234");
    assert_eq!(line.get(&query_after(&document, "c1", " 1 2 3\t4")).document(), "createConference");
}

#[test]
fn tries_travel_along_until_there_are_none_left() {
    let line = line();
    let asks = |query: &str| {
        let text = line.get(query).body;
        let document = parse(&text);
        let begin = actions(transition(&document, Some("init"), "ccxml.loaded"));
        let src = begin.first().unwrap().split_once("src=").unwrap().1;
        evaluate(&variables(&document), src).split_once("prompt=").unwrap().1.to_owned()
    };
    let asked = |tries| asks(&format!("conference_code=1&session_id=c&tries={tries}"));
    assert_eq!(asked("2"), "get_conference_code&reason=not_a_number");
    assert_eq!(asked("0"), "goodbye&reason=not_a_number");
    for (tries, left) in
        [("3", "3"), ("1", "1"), ("", "3"), ("9", "3"), ("-1", "3"), ("x", "3"), ("256", "3")]
    {
        let text = line.get(&format!("conference_code=1&session_id=c&tries={tries}")).body;
        assert_eq!(variable(&parse(&text), "tries"), left, "{tries}");
        assert!(query_after(&parse(&text), "c", "1234").contains(&format!("&tries={left}&")), "{tries}");
    }
}

#[test]
fn prompts_are_those_of_the_other_dialect() {
    let (line, other) = (line(), Line::new());
    for text in documents(&line) {
        let document = parse(&text);
        let before = variables(&document);
        for dialog in elements(&document, "dialogstart") {
            let url = evaluate(&before, dialog.attribute("src").unwrap());
            let query = url.split_once('?').unwrap().1;
            let prompt = line.get(query);
            assert_eq!(prompt.document(), "prompt", "{query}");
            assert_eq!((prompt.body, prompt.headers), (other.get(query).body, other.get(query).headers));
        }
    }
}

#[test]
fn documents_are_text_xml_and_not_cached() {
    let line = line();
    for query in ["", "conference_code=1234&session_id=a", "conference_code=1234&session_id=b"] {
        let headers = line.get(query).headers;
        assert_eq!(headers["Content-Type"], "text/xml; charset=utf-8", "{query}");
        assert_eq!(headers["Cache-Control"], "no-store");
    }
}

#[test]
fn the_call_holds_its_place_for_as_long_as_the_operator_says() {
    let place = |line: &Line| {
        line.enter("1234", "c1");
        let token: serde_json::Value =
            serde_json::from_slice(&std::fs::read(line.token("1234")).unwrap()).unwrap();
        (token["callers"][0]["session"].clone(), token["callers"][0]["lease"].clone())
    };
    assert_eq!(place(&line()), ("c1".into(), 43_200_000.into()), "nobody renews");
    assert_eq!(place(&line().with("CONFERENCE_MAX_AGE", "7200")).1, 7_200_000);
    assert_eq!(place(&line().with("CONFERENCE_LEASE", "600")).1, 600_000);
    assert_eq!(place(&Line::new()).1, 180_000);
}

#[test]
fn the_setting_is_the_dialect_and_nothing_else_is_one() {
    let default = Line::new();
    assert_eq!(default.get("").body, Line::new().with("CONFERENCE_DIALECT", "1.0").get("").body);
    assert_eq!(default.run(&["--body", "--dialect", "2002"]), line().get("").body);
    for value in ["1", "2.0", "2002 ", "w3c"] {
        let reply = Line::new().with("CONFERENCE_DIALECT", value).get("");
        assert_eq!(reply.status, "500 Internal Server Error");
        assert!(
            reply.stderr.contains("CONFERENCE_DIALECT") && reply.stderr.contains("1.0 or 2002"),
            "{reply:?}"
        );
    }
}

#[test]
fn rooms_that_this_dialect_cannot_hold_are_no_rooms() {
    let line = line().restricted_to(&[
        ("1111", "open = true"),
        ("2222", "pin = \"4711\""),
        ("3333", "open = true\nmoderator_pin = \"4711\"\nwait_for_moderator = true"),
        ("4444", "open = true\nmuted = true"),
    ]);
    for number in ["2222", "3333", "5555"] {
        let reply = line.get(&format!("conference_code={number}&session_id=a"));
        assert_eq!(reply.document(), "getConference", "{number}");
        assert_eq!(evaluate("", variable(&parse(&reply.body), "reason")), "&reason=no_room");
    }
    assert_eq!(line.enter("1111", "a"), "createConference");
    let muted = line.get("conference_code=4444&session_id=a").body;
    assert!(muted.contains("sessionid2=\"conference_4444\" duplex=\"'half'\"/>"), "{muted}");
}
