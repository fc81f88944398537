//! What documents look like (contract section 3), whatever the settings are.

use crate::markup::{LocalName, evaluate, parse, variable};
use crate::program::Line;

const CCXML: &str = "http://www.w3.org/2002/09/ccxml";
const VOICEXML: &str = "http://www.w3.org/2001/vxml";

/// Every CCXML document of a line.
fn ccxml_documents(line: &Line) -> Vec<String> {
    ["", "conference_code=1234&session_id=a", "conference_code=1234&session_id=b", "conference_code=1"]
        .map(|query| line.get(query).body)
        .into()
}

#[test]
fn ccxml_documents_end_with_a_transition_for_any_error() {
    for text in ccxml_documents(&Line::new()) {
        let document = parse(&text);
        let root = document.root_element();
        assert_eq!((root.tag_name().namespace(), root.attribute("version")), (Some(CCXML), Some("1.0")));
        let transitions: Vec<_> =
            document.descendants().filter(|node| node.has_tag_name_local("transition")).collect();
        let last = transitions.last().unwrap();
        assert_eq!((last.attribute("event"), last.attribute("state")), (Some("error.*"), None));
        for transition in transitions {
            assert!(transition.attribute("cond").is_none(), "no condition may read an event");
        }
    }
}

#[test]
fn every_prompt_is_a_dialog_that_returns_a_result() {
    let line = Line::new();
    for prompt in ["get_conference_code", "first_caller", "joining", "apology", "goodbye"] {
        let text = line.get(&format!("prompt={prompt}")).body;
        let document = parse(&text);
        let root = document.root_element();
        assert_eq!((root.tag_name().namespace(), root.attribute("version")), (Some(VOICEXML), Some("2.1")));
        let exits = document.descendants().filter(|node| node.has_tag_name_local("exit"));
        for exit in exits {
            assert!(exit.attribute("namelist").unwrap().starts_with("result"), "{prompt}");
        }
    }
}

/// Whoever looks for what went wrong in a call reads them.
#[test]
fn documents_have_no_traces_of_the_templates_that_they_are_put_together_from() {
    for dialect in ["1.0", "2002"] {
        let line = Line::new().with("CONFERENCE_DIALECT", dialect);
        let prompts = ["get_conference_code", "joining&count=2"]
            .map(|prompt| line.get(&format!("prompt={prompt}")).body);
        for document in ccxml_documents(&line).iter().chain(&prompts) {
            assert!(!document.contains("\n\n\n") && document.ends_with(">\n"), "{document}");
            for text in document.lines() {
                assert!(
                    !text.ends_with(' ') && (text.is_empty() || !text.starts_with("<transition")),
                    "{text:?}"
                );
            }
        }
    }
}

#[test]
fn a_hostile_url_keeps_its_value_in_every_document() {
    // Everything that a URL may have in it and an expression, an attribute or a query could trip over.
    let url = "https://host/it's%27s&a=(b);c,d:e@f!$*+~";
    let line = Line::new().with("CONFERENCE_URL", url);
    for text in ccxml_documents(&line) {
        let document = parse(&text);
        assert_eq!(evaluate("", variable(&document, "line")), url);
        let before = format!("var line = {}", variable(&document, "line"));
        let prompts = evaluate(&before, variable(&document, "prompts"));
        assert_eq!(prompts, format!("{url}?lang=en-US&prompt="));
    }
}

#[test]
fn a_hostile_script_name_is_percent_encoded() {
    use std::os::unix::ffi::OsStrExt;
    let line = Line::new();
    let name = std::ffi::OsStr::from_bytes(b"/it's \"<&>\\\xff?#");
    let text = line.ask("GET", "").variable("SCRIPT_NAME", name).reply().body;
    let encoded = "/it%27s%20%22%3C%26%3E%5C%FF%3F%23";
    assert_eq!(evaluate("", variable(&parse(&text), "line")), encoded);
}

#[test]
fn recordings_are_played_with_the_text_as_fallback() {
    let line = Line::new().with("CONFERENCE_AUDIO_URL", "https://host/a&b/");
    let text = line.get("prompt=joining&count=2").body;
    let document = parse(&text);
    let audio: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name_local("audio"))
        .map(|node| (node.attribute("src").unwrap(), node.text().unwrap()))
        .collect();
    let joining = ("https://host/a&b/joining.wav", "You are joining the conference.");
    let others = ("https://host/a&b/others_2.wav", "There are two other callers.");
    assert_eq!(audio, [joining, others]);
    let foreign = line.get("prompt=goodbye&lang=en-GB").body;
    assert!(foreign.contains("https://host/a&amp;b/en-GB/goodbye.wav"), "{foreign}");
}

#[test]
fn the_number_question_takes_what_is_too_long_and_refuses_it() {
    let line = Line::new().with("CONFERENCE_DIGITS", "3-5");
    let text = line.get("prompt=get_conference_code&tries=2").body;
    let document = parse(&text);
    let check = document
        .descendants()
        .filter(|node| node.has_tag_name_local("if"))
        .filter_map(|node| node.attribute("cond"))
        .find(|condition| condition.contains("digits.length"))
        .unwrap()
        .to_owned();
    for (keyed, fits) in [("12", "false"), ("123", "true"), ("12345", "true"), ("123456", "false")] {
        let before = format!("var digits = '{keyed}'");
        assert_eq!(evaluate(&before, &format!("String({check})")), fits, "{keyed}");
    }
    assert!(text.contains("repeat=\"1-\""), "the grammar itself does not count");
}

#[test]
fn a_prompt_says_why_it_asks_again() {
    let line = Line::new();
    let asked = line.get("prompt=get_conference_code&reason=full").body;
    assert!(asked.contains("That conference is full."), "{asked}");
    let goodbye = line.get("prompt=goodbye&reason=not_a_number").body;
    assert!(goodbye.contains("That is not a conference number."), "{goodbye}");
}
