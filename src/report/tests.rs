//! Lines of the log and what they come to.

use super::*;
use jiff::tz::TimeZone;

fn report() -> Report {
    Report::new(Days { zone: TimeZone::UTC, from: None, to: None })
}

/// A line of the log: time of day, event, number and conference, session, callers.
fn entry(time: &str, event: &str, conference: &str, session: &str, callers: u64) -> String {
    let number = conference.split('-').next().unwrap();
    format!(
        "{{\"time\":\"2026-11-22T{time}Z\",\"event\":\"{event}\",\"number\":\"{number}\",\
         \"conference\":\"{conference}\",\"session\":\"{session}\",\"callers\":{callers}}}"
    )
}

fn expired(time: &str, conference: &str, session: &str, callers: u64, seconds: u64) -> String {
    let line = entry(time, "expired", conference, session, callers);
    line.replace('}', &format!(",\"seconds\":{seconds}}}"))
}

/// Each conference in one line: number, beginning, minutes, callers, the most at once, and whether the end is unknown.
fn told(lines: &[String]) -> Vec<String> {
    let mut report = report();
    for line in lines {
        report.take(line.as_bytes()).unwrap();
        assert!(report.next_over().is_none(), "others may still come");
    }
    let days = report.days.clone();
    let rest = report.finish().0;
    let row = |held: &Held| {
        let (begin, minutes) = (days.local(held.begin).strftime("%H:%M"), minutes(held.duration()));
        let unknown = if held.end().is_none() { " or more" } else { "" };
        let (number, callers, most) = (&held.number, held.callers(), held.most_callers);
        format!("{number} {begin} {minutes} min{unknown}, {callers} callers, {most} at once")
    };
    rest.iter().map(row).collect()
}

#[test]
fn lines_that_have_overtaken_each_other_make_the_same_conference() {
    let mut lines = [
        entry("10:00:00", "created", "1234-1", "a", 1),
        entry("10:01:00", "joined", "1234-1", "b", 2),
        entry("10:29:00", "left", "1234-1", "a", 1),
        entry("10:30:00", "left", "1234-1", "b", 0),
    ];
    let conference = ["1234 10:00 30 min, 2 callers, 2 at once"];
    for turn in 0..4 {
        lines.rotate_left(1);
        assert_eq!(told(&lines), conference, "{turn}");
    }
    lines.reverse();
    assert_eq!(told(&lines), conference);
}

#[test]
fn a_stay_that_expired_ended_when_it_was_over_and_not_when_that_was_found_out() {
    let lines = [
        entry("11:00:00", "created", "1234-4", "a", 1),
        entry("11:02:00", "joined", "1234-4", "b", 2),
        expired("11:09:00", "1234-4", "b", 1, 180),
        // Put back after having been given up, and lost for good soon after.
        entry("11:09:00", "joined", "1234-4", "b", 2),
        entry("11:10:00", "left", "1234-4", "a", 1),
        expired("23:00:00", "1234-4", "b", 0, 240),
    ];
    assert_eq!(told(&lines), ["1234 11:00 13 min, 2 callers, 2 at once"]);
}

#[test]
fn a_clock_that_was_set_makes_no_conference_begin_before_its_first_caller_or_end_after_its_last_line() {
    let lines = [
        entry("10:00:00", "created", "1234-1", "a", 1),
        entry("10:00:00", "joined", "1234-1", "b", 2),
        expired("10:20:00", "1234-1", "a", 1, 9_000).replace("expired", "left"),
        expired("10:30:00", "1234-1", "b", 0, 9_000),
    ];
    assert_eq!(told(&lines), ["1234 10:00 30 min, 2 callers, 2 at once"]);
}

#[test]
fn callers_without_a_session_are_given_up_in_the_order_in_which_they_came() {
    let lines = [
        entry("10:00:00", "created", "1234-1", "", 1),
        entry("10:10:00", "joined", "1234-1", "", 2),
        expired("20:00:00", "1234-1", "", 1, 3600),
        expired("20:00:00", "1234-1", "", 0, 3600),
    ];
    assert_eq!(told(&lines), ["1234 10:00 70 min, 2 callers, 2 at once"]);
}

#[test]
fn where_the_beginning_was_rotated_away_the_rest_tells_as_much_as_it_can() {
    let locked = entry("12:00:00", "locked", "1234-5", "", 1);
    let lines = [locked, expired("23:00:00", "1234-5", "a", 0, 60)];
    assert_eq!(told(&lines), ["1234 12:00 1 min, 1 callers, 1 at once"]);
    let left = expired("12:30:00", "1234-5", "a", 0, 1800).replace("expired", "left");
    assert_eq!(told(&[left]), ["1234 12:00 30 min, 1 callers, 0 at once"]);
}

#[test]
fn a_conference_without_an_end_is_in_progress_or_was_forgotten_and_lasted_so_long_at_least() {
    let lines = [
        entry("10:00:00", "created", "1234-1", "a", 1),
        entry("10:05:00", "joined", "1234-1", "b", 2),
        entry("11:00:00", "created", "1234-2", "c", 1),
    ];
    let forgotten = "1234 10:00 5 min or more, 2 callers, 2 at once";
    assert_eq!(told(&lines), [forgotten, "1234 11:00 0 min or more, 1 callers, 1 at once"]);
}

#[test]
fn a_conference_that_goes_on_after_its_last_caller_is_still_the_same() {
    let lines = [
        entry("10:00:00", "created", "1234-1", "a", 1),
        entry("10:05:00", "left", "1234-1", "a", 0),
        entry("10:06:00", "joined", "1234-1", "b", 1),
        entry("10:08:00", "refused", "1234-1", "c", 1),
        entry("10:10:00", "kicked", "1234-1", "b", 0),
    ];
    assert_eq!(told(&lines), ["1234 10:00 10 min, 2 callers, 1 at once"]);
}

#[test]
fn two_lines_of_one_log_share_numbers_and_nothing_else() {
    let mut report = report();
    for name in ["sales", "support"] {
        let line = format!("{{\"line\":\"{name}\",");
        let lines = [
            entry("10:00:00", "created", "1234-1", "a", 1),
            entry("10:05:00", "left", "1234-1", "a", 0),
            "{\"time\":\"2026-11-22T10:00:00Z\",\"event\":\"failed\",\"number\":\"1234\"}".to_owned(),
        ];
        for text in lines {
            report.take(text.replacen('{', &line, 1).as_bytes()).unwrap();
        }
    }
    let (rest, sums) = report.finish();
    let lines: Vec<_> = rest.iter().map(|held| (&*held.line, held.callers())).collect();
    assert_eq!(lines, [("sales", 1), ("support", 1)]);
    let sums: Vec<_> = sums.by_number.values().map(|sum| (sum.conferences, sum.failures)).collect();
    assert_eq!(sums, [(1, 1), (1, 1)]);
}

#[test]
fn memory_does_not_grow_with_the_conferences_that_are_over() {
    let mut report = report();
    let mut most = 0;
    let mut handed_out = 0;
    for round in 0..30_000 {
        let number = 1000 + round % 7;
        // Of every second one nobody will ever tell the end.
        let events = if round % 2 == 0 { &["created"][..] } else { &["created", "left"] };
        for (callers, event) in [1, 0].into_iter().zip(events) {
            let line = entry("10:00:00", event, &format!("{number}-{round}"), "a", callers);
            report.take(line.as_bytes()).unwrap();
        }
        while report.next_over().is_some() {
            handed_out += 1;
        }
        most = most.max(report.held.len());
    }
    assert!(most <= LINGER as usize, "{most}");
    assert!(report.latest.len() <= 7 && report.over.len() <= LINGER as usize);
    let (rest, sums) = report.finish();
    assert_eq!((handed_out + rest.len(), sums.all.conferences), (30_000, 30_000));
}

#[test]
fn damaged_lines_are_told_and_blank_ones_are_nothing() {
    let mut report = report();
    for blank in ["", "\n", " \r\n"] {
        assert_eq!(report.take(blank.as_bytes()), Ok(()));
    }
    for damaged in ["{", "null", "[]", "{\"time\":\"2026-11-22T10:00:00.000Z\",\"ev{\"time\":"] {
        assert_eq!(report.take(damaged.as_bytes()), Err(Unreadable), "{damaged}");
    }
}
