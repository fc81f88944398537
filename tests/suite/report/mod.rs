//! The report on the call log (contract section 7), from the shell.

mod files;
mod forms;

use crate::program::Line;
use crate::shell::Said;
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

/// Central European time, told in a way for which no database of time zones is needed.
const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// A line in Central Europe with these files in its folder.
fn with_files(files: &[(&str, &str)]) -> Line {
    let line = Line::in_directory().with("TZ", BERLIN);
    for (name, text) in files {
        write(&line, name, text.as_bytes());
    }
    line
}

fn write(line: &Line, name: &str, text: &[u8]) {
    let path = line.folder().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

impl Line {
    fn report_command(&self, arguments: &[&str]) -> Command {
        self.shell(&[&["report"], arguments].concat())
    }

    fn reports(&self, arguments: &[&str]) -> Said {
        Said::by(&mut self.report_command(arguments))
    }

    /// What a report without a flaw prints.
    fn whole_report(&self, arguments: &[&str]) -> String {
        self.run(&[&["report"], arguments].concat())
    }

    fn report_json(&self, arguments: &[&str]) -> Value {
        self.json(&[&["report"], arguments].concat())
    }

    /// The beginnings of the conferences in a report.
    fn begins(&self, arguments: &[&str]) -> Vec<String> {
        let report = self.report_json(arguments);
        let conferences = report["conferences"].as_array().unwrap();
        conferences.iter().map(|row| row["begin"].as_str().unwrap().to_owned()).collect()
    }
}

/// A line of the log, with everything that the program writes into one.
fn entry(time: &str, event: &str, number: &str, session: &str, callers: usize) -> String {
    format!(
        "{{\"time\":\"{time}:00.000Z\",\"event\":\"{event}\",\"number\":\"{number}\",\
         \"conference\":\"{number}-1\",\"session\":\"{session}\",\"caller\":\"tel:+1\",\"called\":\"sip:x\",\
         \"role\":\"caller\",\"callers\":{callers},\"by\":\"root\"}}\n"
    )
}

/// A conference of one caller that takes ten minutes of an hour.
fn hour(time: &str, number: &str) -> String {
    let begin = entry(&format!("{time}:00"), "created", number, "a", 1);
    begin + &entry(&format!("{time}:10"), "left", number, "a", 0)
}

fn two_days() -> String {
    [
        entry("2026-11-21T10:00", "created", "1234", "a", 1),
        entry("2026-11-21T10:15", "joined", "1234", "b", 2),
        "{\"time\":\"2026-11-21T10:16:00Z\",\"event\":\"refused\",\"number\":\"1234\",\"conference\":\"1234-1\",\
         \"callers\":2,\"reason\":\"locked\"}\n"
            .to_owned(),
        "{\"time\":\"2026-11-21T10:20:00Z\",\"event\":\"refused\",\"reason\":\"not_a_number\"}\n".to_owned(),
        entry("2026-11-21T10:30", "left", "1234", "a", 1),
        entry("2026-11-21T10:45", "left", "1234", "b", 0),
        "{\"time\":\"2026-11-21T11:00:00Z\",\"event\":\"failed\",\"number\":\"1234\",\"reason\":\"room\"}\n".to_owned(),
        entry("2026-11-22T09:00", "created", "555555", "a", 1),
        entry("2026-11-22T09:12", "locked", "555555", "", 1),
    ]
    .concat()
}

#[test]
fn days_are_those_of_local_time_or_of_utc_as_asked() {
    // The last Sunday of October has 25 hours: from 22:00 UTC the day before to 23:00 UTC.
    let log = [
        "2026-10-24T21",
        "2026-10-24T22",
        "2026-10-25T00",
        "2026-10-25T01",
        "2026-10-25T22",
        "2026-10-25T23",
    ]
    .iter()
    .enumerate()
    .map(|(n, time)| hour(time, &format!("{n}000")))
    .collect::<String>();
    let line = with_files(&[("calls.log", &log)]).with("CONFERENCE_LOG", "calls.log");
    let sunday = [
        "2026-10-25T00:00:00+02:00",
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
        "2026-10-25T23:00:00+01:00",
    ];
    assert_eq!(line.begins(&["--day", "2026-10-25"]), sunday);
    assert_eq!(line.begins(&["--from", "2026-10-25", "--to", "2026-10-25"]), sunday);
    assert_eq!(line.begins(&["--from", "2026-10-25"]).len(), 5);
    assert_eq!(line.begins(&["--to", "2026-10-24"]), ["2026-10-24T23:00:00+02:00"]);
    assert!(line.begins(&["--day", "2026-10-27"]).is_empty());
    let in_utc = line.begins(&["--day", "2026-10-24", "--utc"]);
    assert_eq!(in_utc, ["2026-10-24T21:00:00+00:00", "2026-10-24T22:00:00+00:00"]);
    let report = line.report_json(&[]);
    let days = report["days"].as_array().unwrap();
    let days: Vec<_> = days.iter().map(|day| (day["day"].as_str().unwrap(), &day["conferences"])).collect();
    assert_eq!(days, [("2026-10-24", &json!(1)), ("2026-10-25", &json!(4)), ("2026-10-26", &json!(1))]);
}

#[test]
fn a_conference_over_midnight_belongs_to_the_day_on_which_it_began() {
    let log = entry("2026-11-21T22:50", "created", "1234", "a", 1)
        + "{\"time\":\"2026-11-21T23:30:00Z\",\"event\":\"refused\",\"number\":\"1234\"}\n"
        + &entry("2026-11-21T23:50", "left", "1234", "a", 0);
    let line = with_files(&[("calls.log", &log)]);
    let of_day = |day: &str| {
        let all = line.report_json(&["calls.log", "--day", day])["all"].take();
        (all["minutes"].as_f64().unwrap(), all["refusals"].as_u64().unwrap())
    };
    assert_eq!((of_day("2026-11-21"), of_day("2026-11-22")), ((60.0, 0), (0.0, 1)));
}

#[test]
fn what_cannot_be_understood_is_a_usage_error() {
    let line = with_files(&[("calls.log", "")]);
    for (arguments, about) in [
        (&["calls.log", "--day", "2026-02-30"][..], "--day"),
        (&["calls.log", "--day", "2026-02-03", "--to", "2026-02-04"], "--day"),
        (&["calls.log", "--from", "2026-02-04", "--to", "2026-02-03"], "2026-02-03"),
        (&["calls.log", "--json", "--csv"], "--csv"),
        (&[], "CONFERENCE_LOG"),
    ] {
        let said = line.reports(arguments);
        assert_eq!((said.out.as_str(), said.code), ("", Some(2)), "{arguments:?}");
        assert!(said.err.contains(about), "{arguments:?}: {}", said.err);
    }
    let line = line.with("TZ", "Europe/Atlantis");
    let said = line.reports(&["calls.log"]);
    assert!(said.code == Some(2) && said.err.contains("TZ=Europe/Atlantis"), "{said:?}");
    line.whole_report(&["calls.log", "--utc"]);
}

#[test]
fn what_the_program_logs_it_can_report() {
    let line = Line::new().with("CONFERENCE_LOG", "calls.log");
    line.get("conference_code=12&session_id=a");
    line.enter("1234", "a");
    line.enter("1234", "b");
    line.run(&["lock", "1234"]);
    line.get("conference_code=1234&session_id=c");
    line.run(&["kick", "1234", "b"]);
    line.run(&["end", "1234"]);
    line.report("leave", "1234", "a");
    line.enter("5678", "a");
    let report: Value = line.report_json(&[]);
    let rows: Vec<_> = report["conferences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (&row["number"], &row["callers"], &row["most_callers"], &row["refusals"], row["end"].is_null())
        })
        .collect();
    assert_eq!(
        rows,
        [
            (&json!("1234"), &json!(2), &json!(2), &json!(1), false),
            (&json!("5678"), &json!(1), &json!(1), &json!(0), true)
        ]
    );
    assert_eq!((&report["all"]["refusals"], &report["bad_lines"]), (&json!(2), &json!(0)));
}
