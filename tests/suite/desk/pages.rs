//! What stands on the pages, and that nothing anybody wrote is more than a text there.

use crate::program::Line;
use proptest::prelude::*;
use std::fs;

/// Values that mean something to HTML, URLs, terminals or readers of either direction.
const HOSTILE: &[&str] = &[
    "</bdi><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "&#60;b&#62; &lt;i&gt; &amp;amp;",
    "]]><!--",
    "{{ 7 * 7 }}{% raw %}",
    "../../etc/passwd?a=b&c=d#e%00%2f",
    "javascript:alert(1)",
    "\u{0}\u{1}\u{1b}[2J\u{7f}\u{9b}",
    "\u{202e}evitcerid\u{2066}\u{200f}",
    "مؤتمر المبيعات الأسبوعي",
    "Zoë 会議 🎧",
];

/// How often markup begins, ends, or quotes on a page; no value may change that.
fn markup(page: &str) -> [usize; 4] {
    ['<', '>', '"', '\''].map(|mark| page.matches(mark).count())
}

fn named(name: &str) -> Line {
    let text = format!("open = true\nname = {}\n", toml_string(name));
    let line = Line::with_rooms(&[("1234", &text)]);
    line.enter("1234", "a");
    line
}

fn toml_string(text: &str) -> String {
    let escaped: String = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
    format!("\"{escaped}\"")
}

#[test]
fn no_name_is_more_than_a_text() {
    let plain = named("Board");
    for query in ["", "number=1234", "rooms"] {
        let expected = markup(&plain.page(query));
        for name in HOSTILE.iter().map(|name| (*name).to_owned()).chain(["x".repeat(200)]) {
            let page = named(&name).page(query);
            assert_eq!(markup(&page), expected, "{name:?}: {page}");
            let visible = |c: char| c == '\n' || !c.is_control() || ('\u{7f}'..='\u{9f}').contains(&c);
            assert!(page.chars().all(visible), "{name:?}");
        }
    }
    let page = named("<b>&\"").page("number=1234");
    assert!(page.contains("<bdi dir=\"auto\">&lt;b&gt;&amp;&quot;</bdi>"), "{page}");
}

#[test]
fn no_session_is_more_than_a_text() {
    let of = |session: &str| {
        let line = Line::new();
        let encoded =
            serde_urlencoded::to_string([("conference_code", "1234"), ("session_id", session)]).unwrap();
        line.get(&encoded).document();
        let asked =
            serde_urlencoded::to_string([("number", "1234"), ("ask", "kick"), ("session", session)]).unwrap();
        (line.page("number=1234"), line.page(&asked), line)
    };
    let (shown, asked, _) = of("plain");
    let (shown, asked) = (markup(&shown), markup(&asked));
    for session in ["\"'<&>%+\\", "\"><img/src=x>", "&quot;", "javascript:1", "a?b=c&d#e", &"\"".repeat(256)]
    {
        let (page, question, line) = of(session);
        assert_eq!((markup(&page), markup(&question)), (shown, asked), "{session:?}");
        // What a page sends is what the program understands.
        let form =
            serde_urlencoded::to_string([("action", "kick"), ("number", "1234"), ("session", session)])
                .unwrap();
        let back = &line.press(&form).headers["Location"];
        let told = serde_urlencoded::to_string([("session", session)]).unwrap();
        assert_eq!(*back, format!("?number=1234&done=kick&{told}&callers=1"));
        let said = line.page(back.trim_start_matches('?'));
        assert!(
            said.contains("is removed from conference 1234; 1 caller hears so at the next renewal"),
            "{said}"
        );
        let link = page.split("data-ask href=\"").find(|link| link.contains("ask=kick")).unwrap();
        let query = link.split('"').next().unwrap().trim_start_matches('?').replace("&amp;", "&");
        let fields: Vec<(String, String)> = serde_urlencoded::from_str(&query).unwrap();
        assert!(fields.contains(&("session".to_owned(), session.to_owned())), "{query}");
    }
}

#[test]
fn what_cannot_be_undone_is_asked_about_first() {
    let line = Line::new();
    line.enter("1234", "a");
    let page = line.page("number=1234");
    assert!(page.contains("data-ask href=\"?number=1234&amp;ask=end\""), "{page}");
    assert!(!page.contains("value=\"end\"") && !page.contains("value=\"kick\""), "{page}");
    let question = line.page("number=1234&ask=end");
    assert!(question.contains("End conference 1234?"), "{question}");
    assert!(question.contains("name=\"action\" value=\"end\"") && question.contains("href=\"?number=1234\""));
    assert_eq!(line.state_on_desk("1234"), "open", "a question does nothing");
    assert_eq!(line.ask_desk("GET", "number=4321&ask=end").reply().status, "404 Not Found");
}

/// The buttons of a part of a page: what they say, in their order.
fn buttons(part: &str) -> Vec<&str> {
    let ends = ["</button>", "</a>"].map(|end| part.match_indices(end).map(|(at, _)| at).collect::<Vec<_>>());
    let mut ends = ends.concat();
    ends.sort_unstable();
    ends.iter().map(|end| part[..*end].rsplit('>').next().unwrap()).collect()
}

#[test]
fn only_those_buttons_are_there_that_would_do_something() {
    let line = Line::new().with("CONFERENCE_MAX_MINUTES", "60");
    for session in ["a", "b"] {
        line.enter("1234", session);
    }
    let there = || {
        let page = line.page("number=1234");
        let (head, rest) = page.split_once("class=\"head\"").unwrap().1.split_once("<dl").unwrap();
        let rows = rest.split("<tr id=").skip(1).map(|row| buttons(row).join(", "));
        (buttons(head).join(", "), rows.collect::<Vec<_>>())
    };
    let head = |told: &str| format!("Lock, {told}, 15 min more, End");
    assert_eq!(there(), (head("Mute all"), vec!["Mute, Kick".to_owned(), "Mute, Kick".to_owned()]));
    line.press("action=mute&number=1234&session=a");
    let one = vec!["Unmute, Kick".to_owned(), "Mute, Kick".to_owned()];
    assert_eq!(there(), (head("Mute all, Unmute all"), one));
    line.press("action=mute&number=1234&session=all");
    assert_eq!(there(), (head("Unmute all"), vec!["Unmute, Kick".to_owned(), "Unmute, Kick".to_owned()]));
    line.press("action=unmute&number=1234&session=all");
    assert_eq!(there().0, head("Mute all"));
    line.press("action=kick&number=1234&session=b");
    assert_eq!(there().1, ["Mute, Kick", ""]);
    line.press("action=lock&number=1234");
    assert!(there().0.starts_with("Unlock, "));
    line.press("action=end&number=1234");
    assert_eq!(there(), ("End".to_owned(), vec!["Kick".to_owned(), String::new()]));
}

#[test]
fn every_question_that_can_be_typed_has_an_answer_that_is_understood() {
    let line = Line::new().with("CONFERENCE_MAX_MINUTES", "60");
    for session in ["a", "b", "c"] {
        line.enter("1234", session);
    }
    line.is_called_by("1234", "a", "tel:+49304711");
    for (asked, question) in [
        ("ask=extend", "Give conference 1234 15 min more?"),
        ("ask=extend&minutes=30", "Give conference 1234 30 min more?"),
        ("ask=mute&session=a", "Mute +49304711 in conference 1234?"),
        ("ask=unmute&session=all", "Unmute all in conference 1234?"),
        ("ask=lock", "Lock conference 1234?"),
        ("ask=unlock", "Unlock conference 1234?"),
        ("ask=reopen", "Take PINs for room 1234 again?"),
        ("ask=kick&session=a", "Remove +49304711 from conference 1234?"),
        ("ask=kick&session=all", "Remove all but moderators from conference 1234?"),
        ("ask=end", "End conference 1234?"),
    ] {
        if asked == "ask=end" {
            line.enter("1234", "d");
        }
        let page = line.page(&format!("number=1234&{asked}"));
        assert!(page.contains(&format!("<h1 id=\"ask-title\">{question}</h1>")), "{asked}: {page}");
        let form = page.split_once("id=\"ask\"").unwrap().1.split_once("</form>").unwrap().0;
        let fields = form.split("<input type=\"hidden\" name=\"").skip(1).map(|field| {
            let mut parts = field.split('"');
            (parts.next().unwrap(), parts.nth(1).unwrap())
        });
        let body = serde_urlencoded::to_string(fields.collect::<Vec<_>>()).unwrap();
        assert_eq!(line.press(&body).status, "303 See Other", "{asked}: {body}");
        if asked.contains("minutes=30") {
            assert!(body.ends_with("minutes=30"), "{body}");
        }
    }
    assert_eq!(line.ask_desk("GET", "number=1234&ask=extend&minutes=0").reply().status, "400 Bad Request");
    assert_eq!(line.ask_desk("GET", "number=1234&ask=mute").reply().status, "400 Bad Request");
}

#[test]
fn a_number_that_nobody_is_in_has_a_page_that_waits_for_somebody() {
    let page = Line::new().page("number=4321");
    assert!(page.contains("Nobody is in it at the moment.") && page.contains("data-refresh"), "{page}");
}

#[test]
fn a_page_says_who_is_logged_in() {
    let line = Line::new();
    let page = line.ask_desk("GET", "").variable("REMOTE_USER", "<anna> \u{e9}").reply().body;
    assert!(page.contains(">&lt;anna&gt; \u{e9}</bdi>"), "{page}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_name_at_all_is_a_text(name in "\\PC{0,40}|[<>&\"'/=a-z ]{0,40}") {
        let expected = markup(&named("Board").page("number=1234"));
        prop_assert_eq!(markup(&named(&name).page("number=1234")), expected);
    }

    #[test]
    fn any_token_can_be_shown(text in prop::collection::vec(any::<u8>(), 0..60)) {
        let line = Line::in_directory();
        fs::write(line.token("1234"), text).unwrap();
        prop_assert!(line.page("").contains("id=\"c1234\""));
        line.page("number=1234");
    }
}
