//! The list of prompts.

use super::play;
use super::server::Server;
use ccxml_platform::HttpResponse;
use std::collections::BTreeSet;

const PROMPTS: &str = include_str!("../../../docs/prompts.md");

fn list(arguments: &[&str]) -> Vec<serde_json::Value> {
    serde_json::from_str(&play(&[arguments, &["--json"]].concat())).unwrap()
}

#[test]
fn every_prompt_of_every_language_is_there_with_its_words() {
    let rows = PROMPTS.lines().filter_map(|row| row.strip_prefix("| `"));
    let told: Vec<(&str, &str)> = rows
        .map(|row| {
            let (name, rest) = row.split_once('`').unwrap();
            (name, rest.split('|').nth(1).unwrap().trim())
        })
        .collect();
    let listed = list(&["--texts"]);
    for (name, words) in &told {
        let found = listed.iter().find(|text| text["name"] == *name && text["language"] == "en-US");
        assert_eq!(found.unwrap_or_else(|| panic!("no {name}"))["words"], *words, "{name}");
    }
    let known = ccxml_conference::document::language::Language::known();
    let languages: BTreeSet<&str> = listed.iter().map(|text| text["language"].as_str().unwrap()).collect();
    let languages: Vec<&str> = languages.iter().map(|tag| tag.split('-').next().unwrap()).collect();
    assert_eq!(languages.join(", "), known);
    assert_eq!(listed.len(), told.len() * languages.len());
    let words: BTreeSet<&str> = listed.iter().map(|text| text["words"].as_str().unwrap()).collect();
    assert_eq!(words.len(), listed.len(), "no two are the same");
}

#[test]
fn recordings_are_looked_for() {
    let recordings = Server::new(|request| {
        let status = if request.path().ends_with("/silence.wav") { 200 } else { 404 };
        HttpResponse::new(status, "audio/wav", "")
    });
    let base = format!("CONFERENCE_AUDIO_URL={}", recordings.url());
    let listed = list(&["--texts=en-US,fr-CA", "--setting", &base]);
    for text in &listed {
        let there = text["recording"].as_str().unwrap().ends_with("/silence.wav");
        assert_eq!(text["available"], there, "{text}");
    }
    let find = |language: &str, name: &str| {
        listed.iter().find(|text| text["language"] == language && text["name"] == name).unwrap()
    };
    assert_eq!(find("en-US", "others_2")["recording"], format!("{}/others_2.wav", recordings.url()));
    assert_eq!(find("fr-CA", "full")["recording"], format!("{}/fr-CA/full.wav", recordings.url()));
    let plain = list(&["--texts=en-US"]);
    assert!(plain.iter().all(|text| text["recording"].is_null()));
    for (text, without) in listed.iter().zip(&plain) {
        assert_eq!((&text["name"], &text["words"]), (&without["name"], &without["words"]));
    }
    let people = play(&["--texts=en-US", "--setting", &base]);
    assert!(
        people.contains("/full.wav, which is missing") && !people.contains("/silence.wav, which"),
        "{people}"
    );
}
