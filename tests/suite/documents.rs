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
            let cond = transition.attribute("cond").unwrap_or_default();
            assert!(!cond.contains("event$"), "no condition may read an event: {cond}");
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

/// Every kind of document, dialog and script, of a dialect.
fn everything(dialect: &str) -> Vec<String> {
    let rooms = [
        ("1234", "pin = \"4711\""),
        (
            "5678",
            "open = true\nmoderator_pin = \"98765\"\nwait_for_moderator = true\nmuted = true\ntones = false",
        ),
        ("9012", "open = true\nmuted = true"),
    ];
    let line = Line::with_rooms(&rooms).with("CONFERENCE_DIALECT", dialect);
    let with_recordings = Line::new().with("CONFERENCE_AUDIO_URL", "http://audio");
    let with_everything = Line::with_rooms(&rooms)
        .with("CONFERENCE_DIALECT", dialect)
        .with("CONFERENCE_MUSIC_URL", "http://music")
        .with("CONFERENCE_CONTROL", "http://control");
    let with_as_little_as_can_be =
        Line::new().with("CONFERENCE_KEYS", "no").with("CONFERENCE_DIALECT", dialect);
    let mut documents: Vec<_> = [
        "",
        "direct=9012",
        "direct=1",
        "conference_code=1&session_id=a",
        "conference_code=1&session_id=a&tries=0",
        "conference_code=1234&session_id=a",
        "conference_code=5678&session_id=a",
        "conference_code=9012&session_id=a",
        "conference_code=9012&session_id=b",
    ]
    .map(|query| line.get(query).body)
    .into();
    for form in [
        "conference_code=1234&session_id=a&pin=1",
        "conference_code=1234&session_id=a&pin=4711",
        "conference_code=5678&session_id=a&pin=",
        "event=renew&conference_code=5678&session_id=a",
        "conference_code=5678&session_id=b&pin=",
        "conference_code=5678&session_id=m&pin=98765",
        "event=renew&conference_code=5678&session_id=a",
        "event=leave&conference_code=5678&session_id=a",
    ] {
        documents.push(line.post(form).body);
    }
    for _ in 0..10 {
        documents.push(line.post("conference_code=1234&session_id=g&pin=1").body);
    }
    for (session, pin) in [("a", ""), ("m", "98765"), ("b", "")] {
        documents
            .push(with_everything.post(&format!("conference_code=5678&session_id={session}&pin={pin}")).body);
    }
    documents.push(with_as_little_as_can_be.get("conference_code=1234&session_id=a").body);
    for prompt in
        ["get_conference_code&reason=full", "get_pin", "get_moderator_pin", "joining&count=2", "goodbye"]
    {
        documents.extend([&line, &with_recordings].map(|line| line.get(&format!("prompt={prompt}")).body));
    }
    documents
}

/// The first line whose indentation is not that of its place in the markup, or the braces of its script.
fn misplaced(document: &str) -> Option<String> {
    let (mut depth, mut braces) = (0, 0);
    for line in document.lines() {
        let text = line.trim_start();
        let closes = ["</", "<else", "]]>", "}"].iter().any(|end| text.starts_with(end));
        let expected = 2 * (depth + braces - usize::from(closes));
        if line.is_empty() {
            continue;
        }
        if line.len() - text.len() != expected || text.ends_with(' ') {
            return Some(line.to_owned());
        }
        // Within markup `<` begins a tag wherever it stands.
        for tag in text.split('<').skip(1).filter(|tag| !tag.starts_with(['?', '!', ' '])) {
            match (tag.starts_with('/'), tag.contains("/>")) {
                (true, _) => depth -= 1,
                (false, false) => depth += 1,
                (false, true) => {}
            }
        }
        if !text.starts_with('<') {
            braces = braces + text.matches('{').count() - text.matches('}').count();
        }
    }
    assert_eq!((depth, braces), (0, 0), "{document}");
    None
}

/// Whoever looks for what went wrong in a call reads them.
#[test]
fn documents_are_indented_as_if_by_hand() {
    for dialect in ["1.0", "2002"] {
        for document in everything(dialect) {
            assert_eq!(misplaced(&document), None, "{document}");
            assert!(document.ends_with(['>', ';', '\n']), "{document}");
        }
    }
}

#[test]
fn documents_hold_only_what_their_caller_can_need() {
    let kinds = |text: &str| -> Vec<&str> {
        let words = ["conference.", "join", "renew", "waiting", "get_", "accept", "half", "'fetch'"];
        words.into_iter().filter(|word| text.contains(word)).collect()
    };
    let line = Line::with_rooms(&[
        ("1234", "pin = \"4711\""),
        ("5678", "open = true\nmoderator_pin = \"98765\"\nwait_for_moderator = true"),
    ]);
    assert_eq!(kinds(&line.get("").body), ["get_", "accept", "'fetch'"]);
    assert_eq!(kinds(&line.get("conference_code=1234&session_id=a").body), ["get_", "'fetch'"]);
    let inside = line.post("conference_code=1234&session_id=a&pin=4711").body;
    assert_eq!(kinds(&inside), ["conference.", "join", "renew", "waiting"], "a reply may say that they wait");
    assert!(!inside.contains("prompts + 'waiting'") && !inside.contains("'admitted'"));
    for n in 10..30 {
        line.post(&format!("conference_code=1234&session_id=g&pin=00{n}"));
    }
    assert_eq!(kinds(&line.post("conference_code=1234&session_id=g&pin=0000").body), [""; 0]);
}

#[test]
fn documents_are_small() {
    let line = Line::new().with("CONFERENCE_KEYS", "no");
    let size = |query: &str| line.get(query).body.len();
    let (call, first, later) =
        (size(""), size("conference_code=1234&session_id=a"), size("conference_code=1234&session_id=b"));
    assert!(call < 11 * 1024, "{call}");
    assert!(first.max(later) < 14 * 1024, "{first} {later}");
}

#[test]
fn a_hostile_url_keeps_its_value_in_every_document() {
    // Everything that a URL may have in it and an expression, an attribute or a query could trip over.
    let url = "https://host/it's%27s&a=(b);c,d:e@f!$*+~";
    let line = Line::new().with("CONFERENCE_URL", url);
    for text in ccxml_documents(&line) {
        let document = parse(&text);
        assert_eq!(evaluate("", variable(&document, "program")), url);
        let before = format!("var program = {}", variable(&document, "program"));
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
    assert_eq!(evaluate("", variable(&parse(&text), "program")), encoded);
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
    let there_are = ("https://host/a&b/there_are.wav", "There are");
    let number = ("https://host/a&b/number_2.wav", "2");
    let other_callers = ("https://host/a&b/other_callers.wav", "other callers.");
    assert_eq!(audio, [joining, there_are, number, other_callers]);
    let foreign = line.get("prompt=goodbye&lang=en-GB").body;
    assert!(foreign.contains("https://host/a&amp;b/en-GB/goodbye.wav"), "{foreign}");
}

#[test]
fn a_question_takes_what_is_too_long_and_refuses_it() {
    let line = Line::new().with("CONFERENCE_DIGITS", "3-5");
    let results = |prompt: &str, keyed: &str| {
        let text = line.get(&format!("prompt={prompt}")).body;
        assert!(text.contains("repeat=\"1-\""), "the grammar itself does not count");
        let document = parse(&text);
        let filled = document.descendants().find(|node| node.has_tag_name_local("filled")).unwrap();
        let expression = |name: &str| {
            let is_it = |node: &roxmltree::Node<'_, '_>| node.attribute("name") == Some(name);
            filled.children().find(is_it).unwrap().attribute("expr").unwrap()
        };
        let before = format!("var keys = '{keyed}'; var keyed = {}", expression("document.keyed"));
        evaluate(&before, expression("document.result"))
    };
    for (keyed, result) in
        [("12", "nonsense"), ("1 2 3", "ok"), ("12345", "ok"), ("123456", "nonsense"), ("12*4", "nonsense")]
    {
        assert_eq!(results("get_conference_code", keyed), result, "{keyed}");
    }
    for (keyed, required, optional) in [
        ("", "nonsense", "ok"),
        ("123", "nonsense", "nonsense"),
        ("271828", "ok", "ok"),
        ("1*59", "nonsense", "nonsense"),
    ] {
        assert_eq!(results("get_pin", keyed), required, "{keyed}");
        assert_eq!(results("get_moderator_pin", keyed), optional, "{keyed}");
    }
}

/// Flaws of interpreters that people use: each of these made every question deaf, or asked without end.
#[test]
fn questions_ask_nothing_of_interpreters_that_some_can_not_do() {
    let line = Line::new();
    for prompt in ["get_conference_code&reason=full", "get_pin", "get_moderator_pin", "joining", "goodbye"] {
        let text = line.get(&format!("prompt={prompt}")).body;
        let document = parse(&text);
        for node in document.descendants().filter(|node| node.is_element()) {
            let name = node.attribute("name").unwrap_or_default();
            match node.tag_name().name() {
                "field" => assert_eq!(node.attribute("modal"), None, "no recognizer is started"),
                "assign" => assert!(name.starts_with("document."), "{name} is gone after the handler"),
                "clear" | "reprompt" => panic!("nothing is asked again"),
                _ => {}
            }
            assert!(!node.attribute("repeat").unwrap_or_default().starts_with('0'), "what is keyed is lost");
        }
        let questions = document.descendants().filter(|node| node.has_tag_name_local("field"));
        for prompt in questions.flat_map(|field| field.children()).filter(|n| n.has_tag_name_local("prompt"))
        {
            assert_eq!(prompt.attribute("bargein"), Some("true"), "keys count from the first word on");
        }
    }
}

#[test]
fn a_prompt_says_why_it_asks_again() {
    let line = Line::new();
    let asked = line.get("prompt=get_conference_code&reason=full").body;
    assert!(asked.contains("That conference is full."), "{asked}");
    let goodbye = line.get("prompt=goodbye&reason=not_a_number").body;
    assert!(goodbye.contains("That is not a conference number."), "{goodbye}");
}
