//! Every prompt in every language: what one hands to a voice talent, and what has become of it.

use crate::http::HttpWeb;
use crate::target::Target;
use anstyle::{AnsiColor, Effects, Style};
use anyhow::{Context, Result, bail};
use ccxml_platform::{HttpRequest, Web};
use serde_json::{Value, json};
use std::io::Write;
use std::time::Duration;

/// The prompts that are asked for by their own name.
const PROMPTS: &[&str] = &[
    "get_conference_code",
    "first_caller",
    "joining",
    "get_pin",
    "get_moderator_pin",
    "waiting",
    "admitted",
    "ended",
    "moderator_left",
    "time_over",
    "kicked",
    "apology",
    "goodbye",
    "alone",
    "alone_over",
    "muted",
    "unmuted",
    "muted_by_moderator",
    "hand_raised",
    "hand_lowered",
    "keys_hint",
    "keys",
    "moderator_keys",
    "now_locked",
    "now_unlocked",
    "all_muted",
    "all_unmuted",
    "confirm_end",
    "goes_on",
    "no_moderator",
    "moderator_back",
];

/// The prompts that are asked for with a count, and what each is then called.
const COUNTED: &[(&str, &str)] =
    &[("others&count=0", "no_others"), ("minutes_left&count=1", "one_minute_left")];

/// The words that are said before others, because of them.
const REASONS: &[&str] =
    &["silence", "not_a_number", "no_room", "full", "locked", "ending", "wrong_pin", "pin_closed"];

/// How far numbers are listed: what a conference of some size needs.
const MOST_OTHERS: usize = 30;

const HEAD: Style = Style::new().effects(Effects::BOLD);
const MISSING: Style = AnsiColor::Yellow.on_default();
const DIMMED: Style = Style::new().effects(Effects::DIMMED);

/// One prompt in one language.
struct Text {
    name: String,
    words: String,
    /// Where its recording would be, if recordings are set up.
    recording: Option<String>,
}

/// Lists them; whether all could be had. A recording that is missing is no failure: the words are spoken.
pub fn list(target: &Target, languages: &[String], json: bool, to: &mut impl Write) -> Result<bool> {
    let (mut line, _tokens) = target.way()?;
    let recordings = HttpWeb::new(Duration::from_secs(10), &[])?;
    let mut all = Vec::new();
    for language in languages {
        let texts = texts(&mut line, &target.address(), language)?;
        let texts = texts.into_iter().map(|text| {
            let there = text.recording.as_deref().map(|url| recordings.exists(url));
            (text, there)
        });
        if json {
            all.extend(texts.map(|(text, there)| object(language, &text, there)));
            continue;
        }
        writeln!(to, "{HEAD}{language}{HEAD:#}")?;
        for (Text { name, words, recording }, there) in texts {
            writeln!(to, "  {name:<20} {words}")?;
            if let Some(url) = recording {
                let (style, state) =
                    if there == Some(true) { (DIMMED, "") } else { (MISSING, ", which is missing") };
                writeln!(to, "{:<23}{style}{url}{state}{style:#}", "")?;
            }
        }
        writeln!(to)?;
    }
    if json {
        writeln!(to, "{:#}", Value::from(all))?;
    }
    Ok(true)
}

fn object(language: &str, text: &Text, there: Option<bool>) -> Value {
    json!({
        "language": language,
        "name": text.name,
        "words": text.words,
        "recording": text.recording,
        "available": there,
    })
}

/// Asks the line for every text in a language.
fn texts(line: &mut impl Web, address: &str, language: &str) -> Result<Vec<Text>> {
    let mut ask = |query: &str| utterances(line, address, &format!("{query}&lang={language}"));
    let mut texts = Vec::new();
    let goodbye = whole(&ask("prompt=goodbye")?);
    let joining = whole(&ask("prompt=joining")?);
    // What ends a call says goodbye as well.
    let own = |words: &str| match words.strip_suffix(&goodbye) {
        Some("") | None => words.to_string(),
        Some(own) => own.trim().to_string(),
    };
    for name in PROMPTS {
        texts.push(named(name, ask(&format!("prompt={name}"))?, own));
    }
    for (query, name) in COUNTED {
        texts.push(named(name, ask(&format!("prompt={query}"))?, own));
    }
    let minutes = pieces(ask("prompt=minutes_left&count=2")?, None, 2);
    let around = ["ends_in", "number_2", "minutes"].map(str::to_string).into_iter().zip(minutes);
    let around = around.filter(|(name, _)| name != "number_2");
    texts.extend(around.map(|(name, (recording, words))| Text { name, words, recording }));
    for reason in REASONS {
        texts.push(named(reason, ask(&format!("prompt=goodbye&reason={reason}"))?, own));
    }
    let mut others = |count: usize| {
        let said = ask(&format!("prompt=joining&count={count}"))?;
        anyhow::Ok(pieces(said, Some(&joining), count))
    };
    texts.extend(others(1)?.into_iter().map(|(recording, words)| Text {
        name: "one_other".into(),
        words,
        recording,
    }));
    let before_and_behind = ["there_are", "number_2", "other_callers"].map(str::to_string);
    let spoken = before_and_behind.into_iter().zip(others(2)?);
    texts.extend(spoken.map(|(name, (recording, words))| Text { name, words, recording }));
    for count in 3..=MOST_OTHERS {
        let number = others(count)?.into_iter().nth(1);
        texts.extend(number.map(|(recording, words)| Text {
            name: format!("number_{count}"),
            words,
            recording,
        }));
    }
    Ok(texts)
}

/// What is said around a count, in pieces, behind what is said before that.
fn pieces(
    said: Vec<(Option<String>, String)>,
    before: Option<&str>,
    count: usize,
) -> Vec<(Option<String>, String)> {
    match said.as_slice() {
        [(None, words)] => {
            let words = words.strip_prefix(before.unwrap_or_default()).unwrap_or(words).trim();
            let count = count.to_string();
            match words.split_once(&format!(" {count} ")) {
                Some((before, behind)) => vec![(None, before.into()), (None, count), (None, behind.into())],
                None => vec![(None, words.into())],
            }
        }
        _ => said.into_iter().skip(usize::from(before.is_some())).collect(),
    }
}

/// The first of some utterances, or the part of the only one that is picked.
fn named(name: &str, said: Vec<(Option<String>, String)>, part: impl Fn(&str) -> String) -> Text {
    let (recording, words) = said.into_iter().next().unwrap_or_default();
    let words = if recording.is_some() { words } else { part(&words) };
    Text { name: name.into(), words, recording }
}

fn whole(said: &[(Option<String>, String)]) -> String {
    said.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join(" ")
}

/// What a prompt says: recordings with the words in their place, or all its words.
fn utterances(line: &mut impl Web, address: &str, query: &str) -> Result<Vec<(Option<String>, String)>> {
    let url = format!("{address}?{query}");
    let request = HttpRequest {
        method: "GET",
        url: url.clone(),
        form: None,
        at: Duration::ZERO,
        caller: String::new(),
    };
    let response = line.request(&request).map_err(anyhow::Error::msg).with_context(|| url.clone())?;
    if response.status != 200 {
        bail!("{url}: {}; is that a line of this version?", response.status);
    }
    let document = roxmltree::Document::parse(&response.body).with_context(|| url.clone())?;
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let audio = document.descendants().filter(|node| node.has_tag_name((VXML, "audio")));
    let recorded: Vec<_> = audio
        .filter_map(|node| Some((node.attribute("src")?, words(node.text().unwrap_or_default()))))
        .map(|(source, words)| (Some(resolved(&url, source)), words))
        .collect();
    if !recorded.is_empty() {
        return Ok(recorded);
    }
    // The question itself, or the announcement: not what is said to who keys nothing.
    let asked = document.descendants().find(|node| {
        let parent = node.parent().map_or("", |parent| parent.tag_name().name());
        node.has_tag_name((VXML, "prompt")) && matches!(parent, "field" | "block")
    });
    Ok(asked.and_then(|prompt| prompt.text()).map(|text| (None, words(text))).into_iter().collect())
}

const VXML: &str = "http://www.w3.org/2001/vxml";

fn resolved(base: &str, reference: &str) -> String {
    url::Url::parse(base)
        .and_then(|base| base.join(reference))
        .map_or_else(|_| reference.into(), String::from)
}
