//! The files that a report reads: rotated, compressed, through a pipe, damaged.

use super::{entry, hour, two_days, with_files, write};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::process::Stdio;

fn gzipped(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
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
