//! Many of everything: pages, order, what can't be read.

use crate::program::Line;
use std::fs;

/// A line with so many conferences, 1000 the first.
fn line_of(conferences: usize) -> Line {
    let line = Line::new();
    for number in 1000..1000 + conferences {
        line.keep(&number.to_string(), "");
    }
    line
}

fn numbers(line: &Line, query: &str) -> Vec<String> {
    let (_, list) = line.desk_json(query);
    list.as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn conferences_are_shown_a_hundred_to_a_page_in_the_order_of_their_numbers() {
    let line = line_of(250);
    let all: Vec<_> = (1000..1250).map(|number: u32| number.to_string()).collect();
    assert_eq!(numbers(&line, ""), all[..100]);
    assert_eq!(numbers(&line, "page=2"), all[100..200]);
    assert_eq!(numbers(&line, "page=3"), all[200..]);
    assert_eq!(numbers(&line, "page=4"), [""; 0]);
    assert_eq!(numbers(&line, "page=18446744073709551615"), [""; 0]);
    let next = |query: &str| line.ask_desk("GET", query).reply().headers.get("Link").cloned();
    assert_eq!(next("format=json").as_deref(), Some("<?page=2&format=json>; rel=\"next\""));
    assert_eq!(next("format=json&page=3"), None);
    let page = line.page("page=2");
    assert!(page.contains("rel=\"prev\" href=\"?page=1\"") && page.contains("rel=\"next\" href=\"?page=3\""));
    assert!(page.contains("Page 2 of 3") && page.contains("id=\"c1100\"") && !page.contains("id=\"c1200\""));
    assert!(page.contains("<title>250 conferences"));
}

#[test]
fn conferences_are_in_the_same_order_as_in_a_shell() {
    let line = Line::new();
    for number in ["10000", "2000", "02000", "300"] {
        line.keep(number, "");
    }
    assert_eq!(numbers(&line, ""), ["300", "2000", "02000", "10000"]);
}

#[test]
fn only_the_tokens_of_the_page_are_opened() {
    let line = Line::in_directory();
    for number in 1000..1250 {
        line.keep(&number.to_string(), "");
    }
    let Some(calls) = line.ask_desk("GET", "page=2").system_calls("open,openat") else { return };
    let opened = |number: u32| calls.contains(&format!("tokens/{number}\""));
    assert!((1100..1200).all(opened), "{calls}");
    assert!(!(1000..1100).chain(1200..1250).any(opened), "{calls}");
}

#[test]
fn an_empty_line_says_so() {
    let page = Line::new().page("");
    assert!(page.contains("Nobody is in a conference at the moment.") && !page.contains("<table"), "{page}");
}

#[test]
fn what_cannot_be_read_is_told_and_keeps_nothing_from_being_shown() {
    let line = Line::in_directory();
    line.enter("1234", "a");
    fs::create_dir(line.token("5678")).unwrap();
    let page = line.page("");
    assert!(page.contains("1 could not be read") && page.contains("5678 is not a regular file"), "{page}");
    assert!(page.contains("id=\"c1234\""));
    assert_eq!(numbers(&line, ""), ["1234"]);
}

#[test]
fn rooms_are_shown_with_their_terms_and_what_is_wrong_with_them() {
    let line = Line::with_rooms(&[
        ("2000", "name = \"Board\"\npin = \"27182818\"\nmax_minutes = 90\nmax_callers = 12"),
        ("1000", "open = true\nmoderator_pin = \"31415926\"\nwait_for_moderator = true\nmuted = true"),
        ("3000", "pin = \"16180339\"\npni = \"16180339\""),
        ("12", "pin = \"16180339\""),
    ]);
    let (_, rooms) = line.desk_json("rooms");
    let row = |number: &str| rooms.as_array().unwrap().iter().find(|row| row["number"] == number).unwrap();
    let terms = &row("2000")["terms"];
    assert_eq!((row("2000")["name"].as_str(), terms["pin"].as_str()), (Some("Board"), Some("needed")));
    assert_eq!((terms["max_minutes"].as_u64(), terms["max_callers"].as_u64()), (Some(90), Some(12)));
    let terms = &row("1000")["terms"];
    assert_eq!(
        (terms["pin"].as_str(), terms["wait_for_moderator"].as_bool()),
        (Some("optional"), Some(true))
    );
    assert!(row("3000")["problem"].as_str().unwrap().contains("unknown field `pni`"));
    assert!(row("12")["problem"].as_str().unwrap().contains("CONFERENCE_DIGITS"));
    let page = line.page("rooms");
    assert!(page.contains("with a PIN · 12 callers at the most · 90 minutes at the most"), "{page}");
    for text in [page, rooms.to_string()] {
        for pin in ["27182818", "31415926", "16180339"] {
            assert!(!text.contains(pin), "{text}");
        }
    }
    assert!(Line::new().page("").contains("Conferences</a>") && !Line::new().page("").contains("Rooms</a>"));
}

#[test]
fn a_crowd_is_shown_whole() {
    let line = Line::new();
    line.enter("1234", "first");
    line.fill(1000, |n, caller| caller["session"] = format!("session-{n}").into());
    let page = line.page("number=1234");
    assert!((0..1000).all(|n| page.contains(&format!("id=\"s-session-{n}\""))));
    assert_eq!(page.matches("ask=kick").count(), 1000);
}
