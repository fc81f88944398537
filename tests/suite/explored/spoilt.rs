//! Documents that have lost one of their guards: each has to be found out, or nothing that the explorer does not find means
//! anything.

use std::cell::Cell;

use super::explorer;
use super::line::Way;
use ccxml_platform::Breach;

/// The caller hears an apology and the call ends, whatever might be tried.
const THROWN_OUT: &str = "<assign name=\"stage\" expr=\"'ending'\"/>\
    <assign name=\"words\" expr=\"prompts + 'apology'\"/>\
    <assign name=\"doing\" expr=\"''\"/>";

/// The first breach in documents that were changed; a change that changes nothing is a mistake of the test.
#[track_caller]
fn breach(way: Way, faults: u8, change: impl Fn(&str) -> String) -> Breach {
    let changed = Cell::new(false);
    let explorer = explorer(way, faults, 0, |text| {
        let spoilt = change(text);
        changed.set(changed.get() || spoilt != text);
        spoilt
    });
    assert!(changed.get(), "the documents do not read like this any more");
    let exploration = explorer.until_a_breach().explore();
    let found = exploration.breaches.into_iter().next();
    let found = found.unwrap_or_else(|| panic!("nothing found in {} states", exploration.states));
    eprintln!("{found}in {} states", exploration.states);
    found
}

/// The text from a transition's first line on to its end, with something replaced in it.
fn in_transition(text: &str, head: &str, from: &str, to: &str) -> String {
    let Some(begin) = text.find(head) else { return text.into() };
    let end = begin + text[begin..].find("</transition>").unwrap();
    let transition = text[begin..end].replace(from, to);
    format!("{}{transition}{}", &text[..begin], &text[end..])
}

/// The text without the guard that stands right before an element.
fn unguarded(text: &str, element: &str) -> String {
    let Some(at) = text.find(element) else { return text.into() };
    let guard = text[..at].rfind("<send").unwrap();
    assert!(text[guard..at].contains("line.overdue."), "{}", &text[guard..at]);
    format!("{}{}", &text[..guard], &text[at..])
}

#[track_caller]
fn assert_passes(breach: &Breach, step: &str) {
    assert!(breach.path.iter().any(|one| one.contains(step)), "{breach}");
}

#[test]
fn music_that_ends_as_it_is_terminated() {
    // Nothing goes wrong: the moderator comes in the moment in which the music ends by itself.
    let found = breach(Way::Music, 0, |text| {
        if !text.contains("<createconference") {
            return text.into();
        }
        let guard = "<if cond=\"doing != 'dialogterminate'";
        text.replace(guard, &format!("{THROWN_OUT}{guard}"))
    });
    assert_eq!(found.what, "a caller is sent away although no more than one thing has failed");
    assert_passes(&found, "the dialog is over already, an error");
}

#[test]
fn a_caller_who_drops_out_and_is_not_joined_again() {
    let found = breach(Way::Open, 1, |text| {
        text.replace("stage == 'joined' &amp;&amp; !(attached &amp;&amp; joined)", "false")
    });
    assert_eq!(found.what, "silence for more than 30 s");
    assert_passes(&found, "! the caller drops out");
}

#[test]
fn a_mixer_that_is_lost_before_the_join() {
    let found = breach(Way::Open, 1, |text| {
        let meant = "<if cond=\"event$.conferenceid == conference_id\">";
        let lost = "<if cond=\"event$.name == 'conference.destroyed'\">";
        let ends = format!("{meant}{lost}{THROWN_OUT}</if>");
        in_transition(text, "event=\"conference.*ed\">", meant, &ends)
    });
    assert_eq!(found.what, "a caller is sent away although no more than one thing has failed");
    assert_passes(&found, "! the mixer is lost");
}

#[test]
fn a_step_that_is_never_answered() {
    for (element, step) in [
        ("<createconference", "! conference.created is never told"),
        ("<if cond=\"plain\">", "! a join comes to nothing"),
    ] {
        let found = breach(Way::Open, 1, |text| unguarded(text, element));
        assert_eq!(found.what, "silence for more than 30 s");
        assert_passes(&found, step);
    }
}

#[test]
fn a_reply_told_twice_while_the_leave_is_under_way() {
    let found = breach(Way::Open, 1, |text| {
        let head = "<transition state=\"leaving\" event=\"fetch.done\">";
        in_transition(text, head, "event$.fetchid == fetch_id", "true")
    });
    assert_eq!(found.what, "a place is left behind");
    assert_passes(&found, "! fetch.done is told twice");
}

#[test]
fn a_second_chain_of_renewals() {
    let found = breach(Way::Open, 1, |text| text.replace("event$.name == 'line.renew.' + renewal", "true"));
    assert_eq!(found.what, "renewals follow one another at once");
}

#[test]
fn a_renewals_reply_that_is_passed_over_after_the_call() {
    let found = breach(Way::Open, 0, |text| {
        let head = "<transition state=\"leaving\" event=\"fetch.done\">";
        let only_leaves = "event$.fetchid == fetch_id &amp;&amp; event == 'leave'";
        in_transition(text, head, "event$.fetchid == fetch_id", only_leaves)
    });
    assert_eq!(found.what, "the end of the call is reported late");
}
