//! A report as a table, as JSON and as CSV.

use super::{hour, two_days, with_files, write};
use serde_json::json;
use std::fs;
use std::io::Read;
use std::process::Stdio;

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
fn rooms_have_names_on_their_own_line_alone() {
    let of = |line: &str| hour("2026-11-22T10", "1234").replace("{\"", &format!("{{{line}\""));
    let log = of("\"line\":\"sales\",") + &of("\"line\":\"support\",") + &of("");
    for own in ["", "sales", "support"] {
        let line =
            with_files(&[("calls.log", &log), ("rooms/1234.toml", "name = \"Board\"\npin = \"271828\"\n")]);
        let line = line.with("CONFERENCE_ROOMS", "rooms").with("CONFERENCE_LINE", own);
        let report = line.report_json(&["calls.log"]);
        for rows in ["conferences", "numbers"] {
            let rows = report[rows].as_array().unwrap();
            let names: Vec<_> = rows
                .iter()
                .filter(|row| row["name"] == "Board")
                .map(|row| row["line"].as_str().unwrap_or_default())
                .collect();
            assert_eq!(names, [own], "{rows:?}");
        }
    }
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
