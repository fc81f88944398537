//! Who calls (contract section 10): from what a session tells of its connection to what operators see and name.

use crate::program::{Line, Reply};
use serde_json::Value;

impl Line {
    /// A session renews and tells who its caller is.
    pub fn is_called_by(&self, number: &str, session: &str, caller: &str) -> Reply {
        let form = [
            ("event", "renew"),
            ("conference_code", number),
            ("session_id", session),
            ("caller", caller),
            ("called", "tel:+49309000"),
        ];
        let reply = self.post(&serde_urlencoded::to_string(form).unwrap());
        assert_eq!(reply.document(), "script");
        reply
    }

    fn callers(&self) -> Vec<Value> {
        self.json(&["show", "1234"])["sessions"].as_array().unwrap().clone()
    }

    fn state_of(&self, session: &str) -> String {
        let callers = self.callers();
        let caller = callers.iter().find(|caller| caller["session"] == session).unwrap();
        caller["state"].as_str().unwrap().to_owned()
    }
}

/// A conference with these callers, by session and address.
fn called_by(callers: &[(&str, &str)]) -> Line {
    let line = Line::new().with("CONFERENCE_LOG", "calls.log");
    for (session, address) in callers {
        line.enter("1234", session);
        line.is_called_by("1234", session, address);
    }
    line
}

#[test]
fn callers_are_shown_by_their_numbers_in_columns_that_hold_for_every_value() {
    let longest = format!("sip:{}@host", "x".repeat(59));
    let line =
        called_by(&[("a", "tel:+49-30-4711"), ("b", &longest), ("c", "sip:anonymous@anonymous.invalid")]);
    line.is_called_by("1234", "a", "");
    let shown = line.run(&["show", "1234"]);
    let table: Vec<_> = shown.lines().skip_while(|row| !row.starts_with("CALLER")).collect();
    assert_eq!(table.len(), 4, "{shown}");
    let at = |heading: &str| table[0].find(heading).unwrap();
    for (row, number, session) in
        [(table[1], "+49304711 ", "a"), (table[2], &longest[4..], "b"), (table[3], "- ", "c")]
    {
        assert!(row.starts_with(number) && row[at("SESSION")..] == *session, "{shown}");
        assert!(row[at("ROLE")..].starts_with("caller     in          -     "), "{shown}");
    }
    let page = line.ask_desk("GET", "number=1234").reply().body;
    assert!(page.contains("<bdi title=\"+49304711\">+49304711</bdi>"), "{page}");
    assert!(page.contains("aria-label=\"Kick +49304711\""), "{page}");
    let told: Vec<_> =
        line.callers().iter().map(|row| [row["caller"].clone(), row["called"].clone()]).collect();
    assert_eq!(told[0], ["+49304711", "+49309000"], "a renewal that tells nothing takes nothing away");
    assert_eq!(told[2], [Value::Null, "+49309000".into()]);
}

#[test]
fn a_caller_is_named_by_number_or_last_digits_where_one_alone_has_them() {
    let line = called_by(&[
        ("a", "tel:+49304711"),
        ("b", "tel:+49894711"),
        ("c", "sip:+4940555@host"),
        ("d", "sip:dora@host555"),
        ("555", "tel:+1999"),
    ]);
    let refused = |named: &str, why: &str| {
        let said = line.says(&["kick", "1234", named]);
        assert_eq!((said.code, said.err.lines().count()), (Some(1), 1), "{named}: {said:?}");
        assert!(said.err.contains(why), "{named}: {said:?}");
    };
    refused("4711", "2 callers in conference 1234 have a number that ends so; give more digits");
    refused("3047", "no session or telephone number 3047");
    refused("0000", "no session or telephone number 0000");
    refused("dora", "no session or telephone number dora");
    line.run(&["mute", "1234", "555"]);
    assert_eq!(["555", "c"].map(|session| line.state_of(session)), ["muted", "in"], "a session comes first");
    for (named, session) in [("304711", "a"), ("+49894711", "b"), ("0555", "c"), ("dora@host555", "d")] {
        line.run(&["kick", "1234", named]);
        assert_eq!(line.state_of(session), "kicked", "{named}");
        assert!(line.run(&["kick", "1234", named]).contains("already"), "{named}");
    }
    assert_eq!(line.state_of("555"), "muted");
    let gone = line.callers().into_iter().find(|caller| caller["session"] == "a").unwrap();
    assert_eq!(gone["caller"], "+49304711", "who was removed is known until they have left");
}

#[test]
fn a_number_of_which_four_digits_are_kept_is_named_as_it_is_shown() {
    let line = Line::new().with("CONFERENCE_CALLER_ID", "last4");
    line.enter("1234", "a");
    line.is_called_by("1234", "a", "tel:+49304711");
    assert_eq!(line.callers()[0]["caller"], "...4711");
    line.run(&["mute", "1234", "...4711"]);
    assert_eq!(line.state_of("a"), "muted");
    line.run(&["unmute", "1234", "4711"]);
    assert_eq!(line.state_of("a"), "in");
}

#[test]
fn who_is_muted_is_shown_with_who_did_it_and_a_hand_that_is_up_too() {
    let line = Line::new();
    let ticket = line.get("conference_code=1234&session_id=a").ticket().unwrap().to_owned();
    let press = |event: &str, count: usize| {
        let form = format!("event={event}&conference_code=1234&session_id=a&ticket={ticket}&press={count}");
        assert_eq!(line.post(&form).document(), "script");
    };
    let told = || {
        let caller = &line.callers()[0];
        let shown = line.run(&["show", "1234"]);
        let row: Vec<_> =
            shown.lines().last().unwrap().split_whitespace().take(4).map(str::to_owned).collect();
        let page = line.ask_desk("GET", "number=1234").reply().body;
        let marks = ["self-muted</span>", ">muted</span>", "hand up</span>"].map(|mark| page.contains(mark));
        (caller["muted_by"].clone(), caller["hand"].clone(), row.join(" "), marks)
    };
    assert_eq!(told(), (Value::Null, false.into(), "- caller in -".to_owned(), [false, false, false]));
    press("mute", 1);
    assert_eq!(
        told(),
        ("self".into(), false.into(), "- caller self-muted -".to_owned(), [true, false, false])
    );
    press("hand", 2);
    assert_eq!(
        told(),
        ("self".into(), true.into(), "- caller self-muted up".to_owned(), [true, false, true])
    );
    line.run(&["mute", "1234", "a"]);
    assert_eq!(
        told(),
        ("moderator".into(), true.into(), "- caller muted up".to_owned(), [false, true, true])
    );
    line.run(&["unmute", "1234", "a"]);
    press("hand", 3);
    assert_eq!(told(), (Value::Null, false.into(), "- caller in -".to_owned(), [false, false, false]));
}

/// Addresses that nobody dials, and none of which may be seen anywhere: with `evil` in each.
fn hostile() -> Vec<String> {
    vec![
        "sip:evil\u{1b}[2J\u{9b}31m@host".to_owned(),
        "sip:evil@host\u{202e}\u{2066}".to_owned(),
        format!("tel:evil{}", "9".repeat(400)),
        "\"evil\u{7}\" <sip:evil\n\r1@host>".to_owned(),
        "sip:evil'\"><script>alert(1)</script>@host".to_owned(),
        "sip:evil'+alert(1)+'@host".to_owned(),
        "sip:evil&amp;&#60;@host".to_owned(),
        "sip:evil\\u001b@host".to_owned(),
        "sip:эvil-evil@host".to_owned(),
        "sip:evil\u{0}@host".to_owned(),
    ]
}

#[test]
fn nothing_of_a_hostile_address_reaches_terminal_log_documents_or_desk() {
    for keeps in ["full", "last4", "none"] {
        let line = Line::new().with("CONFERENCE_LOG", "calls.log").with("CONFERENCE_CALLER_ID", keeps);
        line.enter("1234", "b");
        for (count, address) in hostile().iter().enumerate() {
            let session = format!("s{count}");
            line.enter("1234", &session);
            let form = [
                ("event", "renew"),
                ("conference_code", "1234"),
                ("session_id", &session),
                ("caller", address),
                ("called", address),
                ("control", address),
            ];
            let reply = line.post(&serde_urlencoded::to_string(form).unwrap());
            assert_eq!((reply.document(), reply.stderr.as_str()), ("script", ""));
            let page = line.ask_desk("GET", "number=1234").reply().body;
            let list = line.ask_desk("GET", "format=json").reply().body;
            let (show, json) = (line.run(&["show", "1234"]), line.run(&["list", "--json"]));
            let entering = line.get("conference_code=1234&session_id=c").body;
            line.report("leave", "1234", &session);
            line.report("leave", "1234", "c");
            let log = line.log();
            let token = line.kept("1234").unwrap();
            for (what, text) in [
                ("reply", &reply.body),
                ("document", &entering),
                ("page", &page),
                ("desk's JSON", &list),
                ("show", &show),
                ("list", &json),
                ("log", &log),
                ("token", &token),
            ] {
                assert!(
                    !text.contains("evil") && !text.contains("99999"),
                    "{keeps}, {what}: {address:?}: {text}"
                );
            }
        }
    }
}

#[test]
fn a_token_that_somebody_has_tampered_with_reaches_no_terminal_and_no_page_as_it_is() {
    let line = called_by(&[("a", "tel:+49304711")]);
    let hostile = "x\u{1b}[2J\u{202e}<script>\"'\n1";
    let token = line.kept("1234").unwrap().replace("\"+49304711\"", &serde_json::to_string(hostile).unwrap());
    line.keep("1234", &format!("{token}\n"));
    let shown = line.run(&["show", "1234"]);
    assert!(shown.contains("x\u{fffd}[2J\u{fffd}<script>\"'\u{fffd}1 "), "{shown:?}");
    let page = line.ask_desk("GET", "number=1234").reply().body;
    assert!(!page.contains("<script>\"") && !page.contains('\u{1b}'), "{page}");
    assert_eq!(page.matches("<script").count(), 1, "{page}");
}

#[test]
fn so_much_of_a_number_is_kept_as_the_setting_says() {
    for (keeps, shown) in [("full", Some("+49304711")), ("last4", Some("...4711")), ("none", None)] {
        let line = Line::new().with("CONFERENCE_LOG", "calls.log").with("CONFERENCE_CALLER_ID", keeps);
        line.enter("1234", "a");
        line.is_called_by("1234", "a", "tel:+49304711");
        assert_eq!(line.callers()[0]["caller"].as_str(), shown);
        let page = line.ask_desk("GET", "number=1234").reply().body;
        line.report("leave", "1234", "a");
        let log = line.log();
        for text in [&page, &log] {
            assert_eq!(text.contains("+49304711"), keeps == "full", "{keeps}: {text}");
            assert_eq!(text.contains("...4711"), keeps == "last4", "{keeps}: {text}");
            assert_eq!(text.contains("4711"), keeps != "none", "{keeps}: {text}");
        }
    }
}
