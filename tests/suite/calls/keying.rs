//! Keys pressed ahead, slowly, too many, wrongly, and sent twice.

use super::rooms::{room, with_pin};
use super::{assert_all_leave, assert_heard, assert_last_words, platform};
use crate::program::Line;
use crate::rooms::MODERATED;
use ccxml_platform::{CallId, Caller, Entry, Fault, FetchFault, Platform, Variations, secs};

/// Keys from the first word on: people who know the way.
fn ahead(keys: &str) -> Entry {
    Entry::Interrupting(keys.into())
}

/// Plays a caller; then everybody goes home and nothing is left.
fn plays(line: &Line, variations: &Variations, caller: Caller, check: impl FnOnce(&Platform, CallId)) {
    let mut platform = platform(line, variations.clone());
    let call = platform.call(caller, secs(0));
    platform.run_until(secs(120));
    check(&platform, call);
    assert_all_leave(line, &mut platform, &[call]);
}

/// What was sent as this field, in order.
fn sent(platform: &Platform, field: &str) -> Vec<String> {
    platform.exchanges().iter().filter_map(|exchange| exchange.request.field(field)).collect()
}

#[test]
fn keys_over_a_refusal_are_the_answer_from_the_first_one_on() {
    for variations in Variations::pairs() {
        let line = room("pin = \"271828\"");
        let caller = Caller::new("+1")
            .keys_for("get_conference_code", ahead("1234#"))
            .keys_for("get_pin", ahead("1111#"))
            .keys_for("get_pin", ahead("271828#"));
        plays(&line, &variations, caller, |platform, call| {
            assert_eq!(sent(platform, "pin").last().unwrap().replace(' ', ""), "271828");
            assert!(platform.is_up(call) && platform.joined("conference_1234") == 1, "{}", platform.report());
        });
    }
    let line = Line::new();
    line.enter("471234", "a");
    line.run(&["lock", "471234"]);
    let again = (0..3).fold(Caller::new("+1"), |caller, _| caller.entry(ahead("471234#")));
    let mut platform = platform(&line, Variations::default());
    let call = platform.call(again, secs(0));
    platform.run_until(secs(200));
    assert_last_words(&platform, call, "That conference is locked.");
    assert!(!platform.conference_exists("conference_1234"), "{}", platform.report());
}

#[test]
fn who_keys_slowly_gets_where_they_wanted() {
    for pause in ["pppp", "pppppp"] {
        let keys = format!("1234{pause}5678#");
        plays(&Line::new(), &Variations::default(), Caller::new("+1").keys(&keys), |platform, _| {
            assert!(platform.conference_exists("conference_12345678"), "{}", platform.report());
        });
    }
    // Nobody is asked again in the middle of a number, however long it takes.
    let keys = "1234567890".replace("", "pppppp") + "#";
    plays(&Line::new(), &Variations::default(), Caller::new("+1").entry(ahead(&keys)), |platform, call| {
        assert!(platform.conference_exists("conference_1234567890"), "{}", platform.report());
        let asked = platform.heard(call).into_iter().filter(|text| text.contains("enter your conference"));
        assert_eq!(asked.count(), 1, "{}", platform.report());
    });
}

#[test]
fn where_all_numbers_have_one_length_nobody_waits_and_nothing_is_cut_off() {
    let line = || Line::new().with("CONFERENCE_DIGITS", "4-4");
    for eager_digits in [false, true] {
        let variations = Variations { eager_digits, ..Variations::default() };
        plays(&line(), &variations, Caller::new("+1").entry(ahead("1234")), |platform, call| {
            let joined =
                platform.record(call).event_names.iter().position(|name| name == "conference.joined");
            assert!(joined.is_some(), "{}", platform.report());
            let entered = platform.exchanges().iter().find(|e| e.request.field("conference_code").is_some());
            assert!(entered.unwrap().request.at < secs(3), "{}", platform.report());
        });
        let too_many = Caller::new("+1").entry(ahead("12345#")).entry(ahead("5678#"));
        plays(&line(), &variations, too_many, |platform, call| {
            assert!(!platform.conference_exists("conference_1234"), "{}", platform.report());
            assert!(platform.conference_exists("conference_5678"), "{}", platform.report());
            assert_heard(platform, call, "That is not a conference number.");
        });
    }
}

#[test]
fn a_moderator_who_mistypes_is_asked_again_and_who_keys_nothing_is_a_caller() {
    for variations in Variations::pairs() {
        let line = room(MODERATED);
        let mistyped = with_pin("+1", "3141*59#").keys_for("get_moderator_pin", "98765#");
        plays(&line, &variations, mistyped, |platform, call| {
            assert_heard(platform, call, "That pin is not right.");
            assert_eq!(platform.joined("conference_1234"), 1, "{}", platform.report());
        });
    }
    for nothing in [Entry::from("#"), Entry::Silence] {
        let line = room(MODERATED);
        let ordinary =
            Caller::new("+1").keys_for("get_conference_code", "1234#").keys_for("get_moderator_pin", nothing);
        plays(&line, &Variations::default(), ordinary, |platform, call| {
            assert_heard(platform, call, "The moderator is not here yet.");
        });
    }
}

#[test]
fn a_pin_that_is_sent_twice_is_one_try() {
    for fault in [FetchFault::ResponseLost, FetchFault::Duplicate, FetchFault::NeverSent] {
        let line = room("pin = \"271828\"");
        let posted = Fault::fetch_where(1, |request| request.field("pin").is_some(), fault);
        let caller = with_pin("+1", "1111#").keys_for("get_pin", "2222#").keys_for("get_pin", "271828#");
        plays(&line, &Variations::default(), caller.with(posted), |platform, call| {
            assert_eq!(platform.joined("conference_1234"), 1, "three tries: {}", platform.report());
            let heard = platform.heard(call).join(" ");
            assert_eq!(heard.matches("That pin is not right.").count(), 2, "{heard}");
        });
    }
}

#[test]
fn a_pin_travels_with_the_address_whose_try_it_is() {
    for variations in Variations::pairs() {
        let line = room("pin = \"271828\"");
        plays(&line, &variations, with_pin("+49301", "271828#"), |platform, _| {
            let posted = platform.exchanges().iter().find(|e| e.request.field("pin").is_some()).unwrap();
            assert_eq!(posted.request.field("caller").as_deref(), Some("tel:+49301"));
        });
    }
}
