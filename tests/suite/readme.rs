//! README and docs keep their word: their commands are run, their tables compared with the program.

use crate::program::{BINARY, Line};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// README.md and the pages in docs.
pub const PAGES: &[&str] = &[
    include_str!("../../README.md"),
    include_str!("../../docs/a-call.md"),
    include_str!("../../docs/deployment.md"),
    include_str!("../../docs/desk.md"),
    include_str!("../../docs/dialect-2002.md"),
    include_str!("../../docs/how-it-works.md"),
    include_str!("../../docs/keys.md"),
    include_str!("../../docs/operation.md"),
    include_str!("../../docs/platforms.md"),
    include_str!("../../docs/prompts.md"),
    include_str!("../../docs/proxies.md"),
    include_str!("../../docs/redis.md"),
    include_str!("../../docs/rehearsal.md"),
    include_str!("../../docs/rooms.md"),
    include_str!("../../docs/scale.md"),
    include_str!("../../docs/settings.md"),
];

/// The block that an HTML comment announces, without its fence.
pub fn fenced(marker: &str) -> String {
    let opening = format!("<!-- {marker} -->\n```");
    let after = PAGES.iter().find_map(|page| Some(page.split_once(&opening)?.1));
    let after = after.unwrap_or_else(|| panic!("no page has {marker}"));
    let (_language, after) = after.split_once('\n').unwrap();
    let (block, _) = after.split_once("\n```").unwrap();
    format!("{block}\n")
}

/// Runs a shell command in a folder; what it prints.
fn shell(command: &str, folder: &Path) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(folder).env("CONFERENCE_CONFIG", "");
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The rows of the first table under a heading, cells trimmed.
pub fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let section = PAGES.iter().find_map(|page| page.split(&format!("{heading}\n")).nth(1));
    let section = section.unwrap_or_else(|| panic!("no section {heading}"));
    section
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

#[test]
fn the_first_commands_show_the_first_caller_and_the_next_and_free_the_number() {
    let line = Line::new();
    fs::create_dir(line.folder().join("conferences")).unwrap();
    let command = fenced("command: try");
    assert!(command.starts_with("cargo run -q -- "), "{command}");
    let command = command.replace("cargo run -q --", BINARY);
    let ask = command.split(" --query").next().unwrap();
    assert!(shell(ask, line.folder()).contains("get_conference_code"));
    assert!(shell(&command, line.folder()).contains("prompts + 'first_caller'"));
    assert!(shell(&command, line.folder()).contains("prompts + 'joining"));
    assert_eq!(fs::read_dir(line.folder().join("conferences")).unwrap().count(), 1);
    shell(&fenced("command: free").replace("cargo run -q --", BINARY), line.folder());
    assert_eq!(fs::read_dir(line.folder().join("conferences")).unwrap().count(), 0);
}

#[test]
fn the_table_of_settings_is_that_of_the_program() {
    let told: Vec<_> = ccxml_conference::settings::ALL
        .iter()
        .map(|s| {
            vec![
                format!("`{}`", s.variable),
                format!("`--{}`", s.flag),
                s.default.to_string(),
                s.meaning.into(),
            ]
        })
        .collect();
    assert_eq!(table("# Settings"), told);
}

#[test]
fn the_settings_file_can_be_used() {
    let line = Line::new();
    fs::write(line.folder().join("line.toml"), fenced("config: settings")).unwrap();
    let ask = format!("{BINARY} --config line.toml --query prompt=get_conference_code");
    let prompt = shell(&ask, line.folder());
    assert!(prompt.contains("en-GB"), "{prompt}");
}

#[test]
fn the_table_of_commands_is_that_of_the_program() {
    let help = shell(&format!("{BINARY} --help"), &std::env::temp_dir());
    let commands = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let known: Vec<_> = commands
        .lines()
        .filter_map(|row| row.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    let told: Vec<_> =
        table("# Operation").iter().map(|row| row[0].trim_matches('`').split(' ').nth(1).unwrap()).collect();
    assert_eq!(told, known);
}

/// What is said in any recording's place when the line is asked for a prompt: recordings' names and their texts.
fn spoken(line: &Line, query: &str) -> Vec<(String, String)> {
    let reply = line.get(query);
    if reply.status == "404 Not Found" {
        return Vec::new();
    }
    let document = roxmltree::Document::parse(&reply.body).unwrap_or_else(|error| panic!("{query}: {error}"));
    document
        .descendants()
        .filter(|node| node.tag_name().name() == "audio")
        .map(|audio| {
            let url = audio.attribute("src").unwrap();
            let name = url.strip_prefix("http://audio/").and_then(|name| name.strip_suffix(".wav"));
            (name.unwrap_or_else(|| panic!("{url}")).to_owned(), audio.text().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn the_table_of_recordings_is_what_the_program_says() {
    let told: BTreeMap<String, String> = table("# Prompts")
        .iter()
        .map(|row| (row[0].split('`').nth(1).unwrap().to_owned(), row[1].to_owned()))
        .collect();
    let line = Line::new().with("CONFERENCE_AUDIO_URL", "http://audio");
    let mut said = BTreeMap::new();
    for name in told.keys() {
        said.extend(spoken(&line, &format!("prompt={name}")));
        said.extend(spoken(&line, &format!("prompt=get_conference_code&reason={name}")));
    }
    said.extend(spoken(&line, "prompt=others&count=0"));
    for count in 1..=2 {
        said.extend(spoken(&line, &format!("prompt=joining&count={count}")));
        said.extend(spoken(&line, &format!("prompt=minutes_left&count={count}")));
    }
    assert_eq!(told, said);
    // None is missing: there is no text that none of these has said. Numbers are no text.
    let english = ccxml_conference::document::language::Language::from_tag("en").unwrap();
    let texts = format!("{:#?}", english.texts);
    let texts: BTreeSet<_> = texts.lines().filter_map(|line| line.split('"').nth(1)).collect();
    let of_texts = said.iter().filter(|(name, _)| !name.starts_with("number_"));
    assert_eq!(of_texts.map(|(_, text)| text.as_str()).collect::<BTreeSet<_>>(), texts);
}

#[test]
fn the_table_of_keys_is_what_documents_take() {
    let line = Line::with_rooms(&[("4711", &fenced("config: room"))]);
    let told = table("# Keys in the call");
    for (pin, roles) in [("271828", &["everybody"][..]), ("314159", &["everybody", "moderators"])] {
        let document = line.post(&format!("conference_code=4711&session_id={pin}&pin={pin}")).body;
        let keys = told.iter().filter(|row| roles.contains(&row[1]));
        let keys: String = keys.map(|row| row[0].trim_matches(['`', '*'])).collect();
        assert!(document.contains(&format!("/^[{keys}]$/.test(key)")), "{keys}: {document}");
    }
    assert!(told.iter().all(|row| ["everybody", "moderators"].contains(&row[1])), "{told:?}");
}

#[test]
fn the_complete_room_can_be_used_and_names_every_key() {
    let line = Line::with_rooms(&[("4711", &fenced("config: room"))]);
    let check = line.says(&["check"]).out;
    assert!(check.contains("ok       rooms"), "{check}");
    let entered = line.post("conference_code=4711&session_id=a&pin=271828");
    assert_eq!(entered.document(), "waiting");
    let room = fenced("config: room");
    let named: BTreeSet<_> = room.lines().filter_map(|row| Some(row.split_once(" = ")?.0)).collect();
    let unknown = Line::with_rooms(&[("4711", "unknown = 1")]).says(&["check"]).out;
    let (_, keys) = unknown.split_once("expected one of ").expect("the keys there are");
    let keys: BTreeSet<_> = keys.split('`').skip(1).step_by(2).collect();
    // A room with a PIN is no open one.
    assert_eq!(keys.difference(&named).collect::<Vec<_>>(), [&"open"]);
}

#[test]
fn the_report_of_a_day_is_what_the_program_prints() {
    let line = Line::with_rooms(&[("4711", &fenced("config: room"))]);
    let entry = |time: &str, event: &str, number: &str, session: &str, callers: usize| {
        format!(
            "{{\"time\":\"2026-11-{time}Z\",\"number\":\"{number}\",\"event\":\"{event}\",\
             \"conference\":\"{number}-1\",\"session\":\"{session}\",\"callers\":{callers}}}\n"
        )
    };
    let log = [
        entry("21T08:00:00", "created", "9999", "a", 1),
        entry("21T08:10:00", "left", "9999", "a", 0),
        entry("22T09:00:00", "created", "4711", "a", 1),
        entry("22T09:01:00", "joined", "4711", "b", 2),
        entry("22T09:02:00", "refused", "4711", "x", 2),
        entry("22T09:20:00", "left", "4711", "b", 1),
        entry("22T09:25:00", "joined", "4711", "c", 2),
        entry("22T09:44:00", "left", "4711", "a", 1),
        entry("22T09:45:00", "left", "4711", "c", 0),
        entry("22T21:40:00", "created", "1234", "a", 1),
        entry("22T21:52:30", "locked", "1234", "", 1),
    ]
    .concat();
    fs::write(line.folder().join("calls.log"), log).unwrap();
    let command = fenced("command: report").replace("ccxml-conference", BINARY);
    let settings = "TZ=UTC0 CONFERENCE_LOG=calls.log CONFERENCE_ROOMS=rooms";
    assert_eq!(shell(&format!("{settings} {command}"), line.folder()), fenced("output: report"));
}

#[test]
fn the_call_that_is_explained_shows_what_the_documents_say() {
    let line = Line::new();
    let page = PAGES.iter().find(|page| page.starts_with("# A call, step by step")).unwrap();
    let excerpts: Vec<_> = page.split("<!-- document: ").skip(1).collect();
    assert!(excerpts.len() >= 5);
    line.enter("1234", "a");
    for excerpt in excerpts {
        let (name, rest) = excerpt.split_once(" -->\n").unwrap();
        let shown = rest.split_once('\n').unwrap().1.split_once("```").unwrap().0;
        let document = match name {
            "getConference" => line.get(""),
            "createConference" => line.get("conference_code=1234&session_id=a"),
            "renewal" => line.report("renew", "1234", "a"),
            prompt => line.get(&format!("prompt={prompt}")),
        };
        assert!(document.body.contains(shown), "{name} says no longer:\n{shown}");
    }
}
