//! What a transcript tells.

use super::{assert_in_order, command, finish, play, rehearse};
use std::time::{Duration, Instant};

#[test]
fn two_callers_meet_and_the_number_is_free_again() {
    let transcript = play(&[]);
    assert_in_order(
        &transcript,
        &[
            "0:00  Anna   rings from +12025550101",
            "Line   to Anna: “",
            "Anna   keys 1 2 3 4 #",
            "GET conference_code=1234 → 200, CCXML",
            "Line   to Anna: “",
            "Anna   is alone in conference_1234",
            "0:20  Ben    rings",
            "Line   to Ben: “",
            "Ben    keys 1 2 3 4 #",
            "Anna and Ben hear each other in conference_1234",
            "1:10  Ben    hangs up",
            "Anna   is alone",
            "1:30  Anna   hangs up",
            "conference_1234 is empty",
            "1234 is free again",
            "All went well.",
        ],
    );
    assert_eq!(play(&[]), transcript, "the same call gives the same transcript");
}

#[test]
fn callers_do_what_the_command_line_says() {
    let callers =
        ["12#/-/1234#", "?/1234#@5s,from=+4930777,hangup=conference.joined", "x@6s", "!1234#@7s,key=*6@40s"];
    let arguments: Vec<&str> = callers.iter().flat_map(|caller| ["--caller", caller]).collect();
    let transcript = play(&[&arguments[..], &["--until", "1m"]].concat());
    assert_in_order(
        &transcript,
        &["Anna   keys 1 2 #", "Anna   does nothing", "Anna   keys 1 2 3 4 #", "Anna   hangs up"],
    );
    assert_in_order(
        &transcript,
        &["Ben    rings from +4930777", "Ben    makes a noise", "Ben    keys 1 2 3 4 #", "Ben    hangs up"],
    );
    assert_in_order(&transcript, &["Carla  rings", "Carla  hangs up"]);
    assert_in_order(
        &transcript,
        &[
            "David  does not wait for the end of the words",
            "David  keys 1 2 3 4 #",
            "David  keys * 6",
            "Line   to David: “You are muted.”",
            "David  hangs up",
        ],
    );
}

#[test]
fn a_language_is_a_setting_and_long_calls_take_no_time() {
    let started = Instant::now();
    let transcript = play(&["--setting", "CONFERENCE_LANG=de-DE", "--caller", "1234#", "--until", "1h"]);
    assert_in_order(
        &transcript,
        &["Line   to Anna: “Bitte", "1:00:00  Anna   hangs up", "1234 is free again"],
    );
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn music_is_told_once_until_something_else_is_heard() {
    let music = ["--setting", "CONFERENCE_MUSIC_URL=http://audio/music.wav"];
    let transcript = play(&[&music[..], &["--caller", "1234#,hangup=70s"]].concat());
    let told: Vec<_> = transcript.lines().filter_map(|line| line.split_once("Line   to Anna: ")).collect();
    let music = told.iter().filter(|(_, what)| *what == "“(http://audio/music.wav can't be had)”").count();
    assert!(music > 1 && told.windows(2).all(|pair| pair[0].1 != pair[1].1), "{transcript}");
}

#[test]
fn pins_are_keyed_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("4711.toml"), "pin = \"271828\"\n").unwrap();
    let rooms = format!("CONFERENCE_ROOMS={}", folder.path().display());
    for form in [&[][..], &["--json"], &["--verbose"]] {
        let mut command = command(&["--setting", &rooms, "--caller", "4711#/{env:PIN}#", "--until", "1m"]);
        let rehearsal = finish(command.env("PIN", "271828").args(form).output().unwrap());
        assert_eq!((rehearsal.status, rehearsal.stderr.as_str()), (0, ""), "{}", rehearsal.stdout);
        assert!(!rehearsal.stdout.contains("271828"), "{}", rehearsal.stdout);
        // Nor one by one: 8 is a key of the PIN only.
        for shown in ["keys 2", "presses 8", "\"key\": \"8\""] {
            assert!(!rehearsal.stdout.contains(shown), "{}", rehearsal.stdout);
        }
        assert!(rehearsal.stdout.contains("conference_4711"), "{}", rehearsal.stdout);
    }
}

#[test]
fn programs_get_json() {
    let rehearsal: serde_json::Value = serde_json::from_str(&play(&["--json"])).unwrap();
    assert_eq!((&rehearsal["passed"], &rehearsal["time"]), (&true.into(), &"virtual".into()));
    assert_eq!(rehearsal["callers"][1]["name"], "Ben");
    assert_eq!(rehearsal["callers"][1]["heard"].as_array().unwrap().len(), 2);
    let events = rehearsal["events"].as_array().unwrap();
    let met = events.iter().find(|event| event["event"] == "hears_caller").unwrap();
    assert!(met["at"].as_f64().unwrap() > 20.0, "{met}");
    assert!(events.iter().any(|event| event["event"] == "request" && event["status"] == 200));
}

#[test]
fn verbose_tells_of_every_event() {
    assert_in_order(
        &play(&["-v"]),
        &["#1 ccxml.loaded", "accept leg-", "conference.joined", "All went well."],
    );
}

#[test]
fn help_completions_and_manual_are_there() {
    let help = play(&["--help"]);
    assert_in_order(&help, &["Hear a call without a telephone", "--caller", "--real-time", "Examples:"]);
    assert!(play(&["completion", "bash"]).contains("--variations"));
    assert!(play(&["manual"]).contains(".TH ccxml-conference-rehearse"));
    let wrong = rehearse(&["--caller", "12a#"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("can't be keyed"), "{}", wrong.stderr);
}

#[test]
fn a_reader_who_goes_away_is_no_failure() {
    let mut child = command(&["--json"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
