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
    let is_number = |text: &&serde_json::Value| text["name"].as_str().unwrap().starts_with("number_");
    let (numbers, listed): (Vec<_>, Vec<_>) = listed.iter().partition(is_number);
    assert_eq!(numbers.len(), (2..=30).count() * languages.len());
    for number in numbers {
        assert_eq!(number["name"].as_str().unwrap(), format!("number_{}", number["words"].as_str().unwrap()));
    }
    assert_eq!(listed.len(), (told.len() - 1) * languages.len());
    let said = |text: &&serde_json::Value| format!("{} {}", text["language"], text["words"]);
    let words: BTreeSet<String> = listed.iter().map(said).collect();
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
    for name in ["one_other", "there_are", "number_2", "number_30", "other_callers"] {
        assert_eq!(find("en-US", name)["recording"], format!("{}/{name}.wav", recordings.url()));
    }
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
