//! The report on the call log (contract section 7), from the shell.

use crate::program::Line;
use crate::shell::Said;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

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

fn gzipped(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
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
fn a_report_tells_of_each_conference_and_sums_up_days_and_numbers() {
    let line = with_files(&[
        ("calls.log", &two_days()),
        ("rooms/1234.toml", "name = \"Board\"\npin = \"271828\"\n"),
    ])
    .with("CONFERENCE_LOG", "calls.log")
    .with("CONFERENCE_ROOMS", "rooms");
    assert_eq!(
        line.whole_report(&[]),
        "\
BEGIN              MINUTES  CALLERS  MOST  REFUSED  NUMBER      NAME
2026-11-21 11:00     45.0         2     2        1  1234        Board
2026-11-22 10:00     12.0+        1     1        0  555555

DAY         CONFERENCES    MINUTES  CALLERS  MOST  REFUSED  FAILED
2026-11-21            1       45.0        2     2        2       1
2026-11-22            1       12.0        1     1        0       0

NUMBER      CONFERENCES    MINUTES  CALLERS  MOST  REFUSED  FAILED  NAME
1234                  1       45.0        2     2        1       1  Board
555555                1       12.0        1     1        0       0

            CONFERENCES    MINUTES  CALLERS  MOST  REFUSED  FAILED
all                   2       57.0        3     2        2       1
"
    );
}

#[test]
fn json_has_a_stable_shape() {
    let line = with_files(&[
        ("calls.log", &two_days()),
        ("rooms/1234.toml", "name = \"Board\"\npin = \"271828\"\n"),
    ])
    .with("CONFERENCE_ROOMS", "rooms");
    let report = line.report_json(&["calls.log"]);
    assert_eq!(
        report["conferences"],
        json!([
            {
                "number": "1234", "name": "Board", "conference": "1234-1", "begin": "2026-11-21T11:00:00+01:00",
                "end": "2026-11-21T11:45:00+01:00", "minutes": 45.0, "callers": 2, "most_callers": 2,
                "refusals": 1, "telephone_numbers": ["tel:+1"]
            },
            {
                "number": "555555", "conference": "555555-1", "begin": "2026-11-22T10:00:00+01:00", "end": null,
                "minutes": 12.0, "callers": 1, "most_callers": 1, "refusals": 0,
                "telephone_numbers": ["tel:+1"]
            },
        ])
    );
    let sum = |conferences: u64, minutes: f64, callers: u64, most: u64, refusals: u64, failures: u64| {
        json!({
            "conferences": conferences, "minutes": minutes, "callers": callers, "most_callers": most,
            "refusals": refusals, "failures": failures
        })
    };
    assert_eq!(report["all"], sum(2, 57.0, 3, 2, 2, 1));
    let mut first = sum(1, 45.0, 2, 2, 2, 1);
    first["day"] = "2026-11-21".into();
    assert_eq!((&report["days"][0], report["days"].as_array().unwrap().len()), (&first, 2));
    let mut second = sum(1, 12.0, 1, 1, 0, 0);
    second["number"] = "555555".into();
    assert_eq!((&report["numbers"][1], &report["bad_lines"]), (&second, &json!(0)));
}

#[test]
fn csv_has_rows_of_one_shape_that_a_spreadsheet_can_filter() {
    let line = with_files(&[("calls.log", &two_days())]);
    assert_eq!(
        line.whole_report(&["calls.log", "--csv", "--utc"]),
        "\
row,begin,end,line,number,name,conferences,minutes,callers,most_callers,refusals,failures
conference,2026-11-21 10:00:00,2026-11-21 10:45:00,,1234,,1,45.0,2,2,1,0
conference,2026-11-22 09:00:00,,,555555,,1,12.0,1,1,0,0
day,2026-11-21,,,,,1,45.0,2,2,2,1
day,2026-11-22,,,,,1,12.0,1,1,0,0
number,,,,1234,,1,45.0,2,2,1,1
number,,,,555555,,1,12.0,1,1,0,0
all,,,,,,2,57.0,3,2,2,1
"
    );
}

#[test]
fn rotated_and_gzipped_files_are_one_log_in_whatever_order_they_are_named() {
    let (oldest, older, newest) = (
        hour("2026-11-20T08", "1111")
            + &entry("2026-11-20T08:05", "refused", "1111", "b", 1)
            + &entry("2026-11-20T23:00", "created", "2222", "a", 1),
        entry("2026-11-21T01:00", "left", "2222", "a", 0) + &hour("2026-11-21T08", "3333"),
        hour("2026-11-22T08", "4444"),
    );
    let line = with_files(&[
        ("calls.log", &newest),
        ("calls.log.bak", "{"),
        ("calls.log2", "{"),
        ("other.log.1", "{"),
    ])
    .with("CONFERENCE_LOG", "calls.log");
    // Several members, as when compressed pieces are put together.
    let (half, rest) = oldest.split_at(oldest.len() / 2);
    write(&line, "calls.log.2.gz", &[gzipped(half), gzipped(rest)].concat());
    write(&line, "calls.log.1", older.as_bytes());
    let told = line.whole_report(&["--json"]);
    assert_eq!(line.begins(&["--utc"]).len(), 4);
    let report: Value = serde_json::from_str(&told).unwrap();
    let minutes: Vec<_> =
        report["conferences"].as_array().unwrap().iter().map(|row| &row["minutes"]).collect();
    assert_eq!(minutes, [10.0, 120.0, 10.0, 10.0], "{told}");
    let files = ["calls.log", "calls.log.1", "calls.log.2.gz"];
    assert_eq!(line.whole_report(&[&files[..], &["--json"]].concat()), told);
    assert_eq!(
        line.whole_report(&[&files[..], &files[..], &["./calls.log", "--json"]].concat()),
        told,
        "each counts once"
    );
    // With the log rotated a moment ago there is none of its own name.
    fs::rename(line.folder().join("calls.log"), line.folder().join("calls.log-20261122")).unwrap();
    assert_eq!(line.whole_report(&["--json"]), told);
}

#[test]
fn a_log_comes_through_a_pipe_as_well() {
    let line = with_files(&[]);
    for log in [two_days().into_bytes(), gzipped(&two_days())] {
        let mut child = line
            .report_command(&["/dev/stdin", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&log).unwrap();
        let output = child.wait_with_output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["all"]["conferences"], 2);
    }
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
fn lines_that_cannot_be_read_are_counted_and_skipped() {
    let mut log = two_days().into_bytes();
    log.splice(0..0, *b"\n\0\0\0\0\n");
    log.extend_from_slice(b"{\"time\":\"2026-11-22T09:13:00.000Z\",\"eve{\"time\":\"2026\xff\n");
    log.extend_from_slice(format!("{{\"time\":\"{}\"}}\n", "x".repeat(10 << 20)).as_bytes());
    // The last line is still being written.
    log.extend_from_slice(entry("2026-11-22T09:20", "left", "555555", "a", 0).trim_end().as_bytes());
    let line = with_files(&[]);
    write(&line, "calls.log", &log);
    let said = line.reports(&["calls.log", "--json"]);
    assert_eq!(
        said.err,
        "ccxml-conference: 3 lines can't be read and did not count, the first of them is line 2 of calls.log\n"
    );
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &report["bad_lines"]), (Some(0), &json!(3)));
    assert_eq!((&report["all"]["conferences"], &report["all"]["minutes"]), (&json!(2), &json!(65.0)));
}

#[test]
fn an_empty_log_is_an_empty_report() {
    let line = with_files(&[("calls.log", "")]);
    let table = line.whole_report(&["calls.log"]);
    assert!(
        table.ends_with("\nall                   0        0.0        0     0        0       0\n"),
        "{table}"
    );
    let report = line.report_json(&["calls.log"]);
    assert_eq!((&report["conferences"], &report["days"]), (&json!([]), &json!([])));
    assert_eq!(line.whole_report(&["calls.log", "--csv"]).lines().count(), 2);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_reported() {
    let line = with_files(&[("calls.log", &two_days()), ("folder/x", "")]);
    write(&line, "cut.gz", &gzipped(&hour("2026-11-20T08", "1111").repeat(500))[..60]);
    for (file, why) in [("none.log", "No such file"), ("folder", "directory"), ("cut.gz", "")] {
        let said = line.reports(&["calls.log", file]);
        assert_eq!((said.code, said.err.lines().count()), (Some(1), 1), "{said:?}");
        assert!(said.err.contains(&format!("{file} cannot be read: ")) && said.err.contains(why), "{said:?}");
        assert!(said.out.contains("  555555"), "{said:?}");
    }
    let said = line.reports(&["none.log"]);
    assert_eq!((said.out.as_str(), said.code), ("", Some(1)));
    let said = with_files(&[]).with("CONFERENCE_LOG", "calls.log").reports(&[]);
    assert_eq!((said.out.as_str(), said.code), ("", Some(1)));
    assert!(said.err.contains("there is no call log calls.log"), "{}", said.err);
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
fn no_text_of_others_reaches_the_terminal_or_acts_in_a_spreadsheet() {
    let rooms = [
        ("1111", "name = \"=HYPERLINK(\\\"x\\\")\""),
        ("2222", "name = \"a\\nb\\u001b[2J\\u202ec,\\\"d\""),
        ("3333", "name = \"\\t@SUM(1)\""),
    ];
    let line = with_files(&[]).with("CONFERENCE_ROOMS", "rooms");
    let mut log = String::new();
    for (number, name) in rooms {
        write(&line, &format!("rooms/{number}.toml"), format!("{name}\npin = \"271828\"\n").as_bytes());
        log += &hour("2026-11-22T10", number).replace("\"a\"", "\"\\u001b]0;x\\u0007\"");
    }
    // A number, a line, that nobody could have keyed or set: no line of the log.
    log += &hour("2026-11-22T10", "4444").replace("\"4444\"", "\"\\u001b[2J\"");
    log += &hour("2026-11-22T10", "5555").replacen('{', "{\"line\":\"\\u001b[2J\",", 1);
    write(&line, "calls\u{1b}.log", log.as_bytes());
    let line = line.with("CONFERENCE_LOG", "calls\u{1b}.log");
    let shown = line.reports(&[]);
    assert!(
        !shown.out.contains('\u{1b}') && shown.out.contains("a\u{fffd}b\u{fffd}[2J\u{fffd}c,\"d"),
        "{shown:?}"
    );
    assert!(shown.err.contains("3 lines") && shown.err.contains("calls\u{fffd}.log"), "{shown:?}");
    let csv = line.reports(&["--csv"]).out;
    for cell in
        [",\"'=HYPERLINK(\"\"x\"\")\",", ",\"a\u{fffd}b\u{fffd}[2J\u{fffd}c,\"\"d\",", ",'\u{fffd}@SUM(1),"]
    {
        assert!(csv.contains(cell), "{cell}: {csv}");
    }
    assert!(!line.reports(&["--json"]).out.contains('\u{1b}'));
}

#[test]
fn two_lines_of_one_log_are_told_apart() {
    let of = |line: &str| hour("2026-11-22T10", "1234").replace("{\"", &format!("{{\"line\":\"{line}\",\""));
    let line = with_files(&[("calls.log", &(of("sales") + &of("-2")))]);
    let table = line.whole_report(&["calls.log"]);
    assert!(table.contains("  sales_1234\n") && table.contains("\nsales_1234            1 "), "{table}");
    let report = line.report_json(&["calls.log"]);
    assert_eq!(
        (&report["numbers"][1]["line"], &report["numbers"][1]["callers"]),
        (&json!("sales"), &json!(1))
    );
    let csv = line.whole_report(&["calls.log", "--csv"]);
    assert!(csv.contains(",sales,1234,") && csv.contains(",'-2,1234,"), "{csv}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let log: String = (1000..5000).map(|number| hour("2026-11-22T10", &number.to_string())).collect();
    let line = with_files(&[("calls.log", &log)]);
    for format in [&["calls.log"][..], &["calls.log", "--json"], &["calls.log", "--csv"]] {
        let mut child =
            line.report_command(format).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 10]).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]), "{format:?}");
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = line.report_command(&["calls.log", "--csv"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
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
