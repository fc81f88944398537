//! PINs: who is let in by one, and what guessing them leads to.

use super::CLOSED;
use crate::program::{Line, finish};

#[test]
fn a_pin_is_asked_for_and_lets_callers_in() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    let asked = line.get("conference_code=1234&session_id=a");
    assert_eq!(asked.document(), "getPin");
    assert!(asked.body.contains("<var name=\"why\" expr=\"''\"/>"), "{}", asked.body);
    assert!(line.files().is_empty(), "a caller who has yet to key a PIN holds no place");
    let wrong = line.enter_with("4712", "a");
    assert_eq!(wrong.document(), "getPin");
    assert!(wrong.body.contains("reason=wrong_pin"));
    assert_eq!(line.enter_with("47+1+1", "a").document(), "createConference");
    assert_eq!(line.enter_with("98765", "m").document(), "joinConference");
    assert_eq!(line.enter("1234", "a"), "getPin", "a session alone opens nothing");
    assert_eq!(
        line.enter_with("4711", "a").document(),
        "createConference",
        "but with its PIN it is still first"
    );
    let shown = line.run(&["show", "1234"]);
    assert!(shown.contains("name        Board") && shown.contains("moderator"), "{shown}");
}

#[test]
fn a_pin_in_a_query_is_refused_and_no_pin_ends_up_anywhere() {
    // Long ones, which no clock shows by chance.
    const PIN: &str = "482913576204";
    const MODERATOR_PIN: &str = "917364528013";
    const WRONG_PIN: &str = "660193847562";
    let hides = |text: &str| ![PIN, MODERATOR_PIN, WRONG_PIN].iter().any(|pin| text.contains(pin));
    let room = format!("pin = \"{PIN}\"\nmoderator_pin = \"{MODERATOR_PIN}\"");
    let line = Line::with_rooms(&[("1234", &room)]);
    for (method, query) in
        [("GET", format!("conference_code=1234&pin={PIN}")), ("POST", format!("pin={PIN}"))]
    {
        let reply = line.ask(method, query).form("session_id=a").reply();
        assert_eq!(reply.status, "400 Bad Request");
        assert!(hides(&reply.body) && hides(&reply.stderr));
    }
    for (pin, session) in [(PIN, "a"), (WRONG_PIN, "b"), (MODERATOR_PIN, "c")] {
        let reply = line.enter_with(pin, session);
        assert!(hides(&reply.body) && hides(&reply.stderr), "{reply:?}");
    }
    for file in line.files() {
        let kept = line.kept(&file).unwrap();
        assert!(hides(&kept), "{kept}");
    }
    let shown = line.run(&["show", "1234", "--json"]);
    assert!(hides(&line.log()) && hides(&shown) && line.log().contains("wrong_pin"));
}

#[test]
fn with_a_moderator_pin_alone_who_keys_nothing_is_an_ordinary_caller() {
    let line = Line::with_rooms(&[("1234", "open = true\nmoderator_pin = \"98765\"")]);
    let asked = line.get("conference_code=1234&session_id=a");
    assert!(asked.body.contains("get_moderator_pin"), "{}", asked.body);
    assert_eq!(line.enter_with("", "a").document(), "createConference");
    assert_eq!(line.enter_with("1111", "b").document(), "getPin");
    assert_eq!(line.enter_with("98765", "m").document(), "joinConference");
    let shown = line.run(&["show", "1234"]);
    assert_eq!(shown.matches("moderator  in").count(), 1, "{shown}");
}

#[test]
fn twenty_wrong_pins_close_a_room_even_to_the_right_one() {
    let line = Line::with_rooms(&[("1234", CLOSED), ("5678", CLOSED)]);
    for n in 0..19 {
        assert_eq!(line.enter_with("1111", &format!("s{n}")).document(), "getPin");
    }
    assert_eq!(line.enter_with("4711", "in").document(), "createConference", "nineteen are not too many");
    for pin in ["1111", "4711", "98765"] {
        let closed = line.enter_with(pin, "late");
        assert!(closed.body.contains("reason=pin_closed"), "{}", closed.body);
        assert!(!closed.body.contains("get_"), "callers are not asked again");
    }
    let asked = line.get("conference_code=1234&session_id=another");
    assert!(asked.body.contains("reason=pin_closed"), "nobody is asked for a PIN that is not taken");
    assert_eq!(line.enter_with("4711", "in").document(), "createConference", "who is in stays in");
    let elsewhere = line.post("conference_code=5678&session_id=a&pin=4711");
    assert_eq!(elsewhere.document(), "createConference");
    assert!(line.log().contains("\"reason\":\"pin_closed\""), "{}", line.log());
    line.age("1234", 599_000);
    assert!(line.enter_with("4711", "late").body.contains("reason=pin_closed"));
    line.age("1234", 1_000);
    assert_eq!(line.enter_with("4711", "late").document(), "createConference", "everybody else is gone");
}

#[test]
fn five_wrong_pins_from_one_telephone_number_close_the_room_to_it_alone() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    let key = |pin: &str, session: &str, caller: &str| {
        line.post(&format!("conference_code=1234&session_id={session}&pin={pin}&caller={caller}"))
    };
    for n in 0..4 {
        assert_eq!(key("1111", &format!("s{n}"), "sip:%2B49301@gw1").document(), "getPin");
    }
    for (session, caller) in [("s4", "tel:%2B49-30-1"), ("s5", "sip:%2B49301@gw2")] {
        assert!(key("1111", session, caller).body.contains("reason=pin_closed"), "{caller}");
    }
    assert!(key("98765", "m", "tel:%2B49301").body.contains("reason=pin_closed"));
    assert_eq!(
        key("98765", "m", "tel:%2B49302").document(),
        "createConference",
        "the moderator is not shut out"
    );
    for anonymous in ["", "sip:anonymous@anonymous.invalid"] {
        for n in 0..6 {
            assert_eq!(key("1111", &format!("n{n}{}", anonymous.len()), anonymous).document(), "getPin");
        }
    }
    assert!(!line.kept("1234").unwrap().contains("49301"), "no number is kept for this");
}

#[test]
fn a_room_that_is_closed_to_pins_is_shown_and_can_be_reopened() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    for n in 0..5 {
        line.post(&format!("conference_code=1234&session_id=s&pin=000{n}&caller=tel:1"));
    }
    let shown = line.run(&["show", "1234"]);
    assert!(shown.contains("state       free") && shown.contains("closed to 1 telephone number;"), "{shown}");
    assert!(line.run(&["list"]).contains("partly"));
    for n in 0..15 {
        line.post(&format!("conference_code=1234&session_id=t&pin=001{n}"));
    }
    assert!(line.run(&["list"]).contains("free    closed"), "{}", line.run(&["list"]));
    assert!(line.run(&["list", "--json"]).contains("\"pins_closed_seconds\":6"));
    assert!(line.run(&["show", "1234"]).contains("closed to everybody for 10 min"));
    assert!(line.says(&["check"]).out.contains("warning  rooms: 1234 is closed to everybody"));
    assert!(line.enter_with("4711", "a").body.contains("reason=pin_closed"));
    line.run(&["reopen", "1234"]);
    assert_eq!(line.files(), [""; 0]);
    assert_eq!(line.enter_with("4711", "a").document(), "createConference");
    assert!(line.run(&["list"]).contains("open    open"));
}

#[test]
fn the_same_wrong_pin_of_the_same_session_is_one_wrong_pin() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    for _ in 0..30 {
        let again = line.post("conference_code=1234&session_id=a&pin=1111&caller=tel:1");
        assert!(again.body.contains("reason=wrong_pin"), "{}", again.body);
    }
    for _ in 0..30 {
        line.ask("HEAD", "conference_code=1234&session_id=a").reply();
    }
    assert_eq!(
        line.post("conference_code=1234&session_id=a&pin=4711&caller=tel:1").document(),
        "createConference"
    );
}

#[test]
fn wrong_pins_at_the_same_instant_are_all_counted() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    let at_once: Vec<_> = (0..25)
        .map(|n| line.ask("POST", "").form(&format!("conference_code=1234&session_id=s{n}&pin=0000")).start())
        .collect();
    let closed = at_once.into_iter().map(finish).filter(|r| r.body.contains("pin_closed"));
    assert_eq!(closed.count(), 6, "the twentieth closes it");
}

#[test]
fn wrong_pins_are_no_conference_in_progress() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    line.enter_with("1111", "a");
    assert_eq!(line.files(), ["1234"]);
    assert_ne!(line.says(&["show", "1234"]).code, Some(0));
    assert_ne!(line.says(&["end", "1234"]).code, Some(0));
    assert_eq!(line.enter_with("4711", "a").document(), "createConference");
    line.report("leave", "1234", "a");
    assert_eq!(line.files(), ["1234"], "they still count");
    line.age("1234", 600_000);
    line.run(&["sweep"]);
    assert_eq!(line.files(), [""; 0]);
}

#[test]
fn guessing_the_moderators_pin_closes_nothing_to_those_who_need_none() {
    let line = Line::with_rooms(&[("1234", "open = true\nmoderator_pin = \"98765\"")]);
    for n in 0..20 {
        line.enter_with("1111", &format!("g{n}"));
    }
    assert!(line.enter_with("98765", "m").body.contains("reason=pin_closed"));
    assert_eq!(line.enter("1234", "a"), "getPin");
    assert_eq!(line.enter_with("", "a").document(), "createConference");
}
