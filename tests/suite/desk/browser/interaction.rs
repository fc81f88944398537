//! Callers come, are seen, and hear what is done at the desk.

use super::Desk;
use crate::servers::Setup;
use ccxml_platform::secs;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// How many refreshes the page has made.
const REFRESHES: &str =
    "return performance.getEntriesByType('resource').filter(e => e.initiatorType == 'fetch').length";

#[test]
fn callers_appear_without_a_reload_and_hear_what_is_done_by_a_button() {
    let setup = Setup::new();
    let Some(mut desk) = Desk::open(&setup, true) else { return };
    desk.browser.reads("Nobody is in a conference at the moment.");
    desk.browser.evaluate("window.untouched = true");
    let anna = desk.call("+4930111");
    let before = desk.browser.evaluate(REFRESHES).as_u64().unwrap();
    let link = desk.browser.find("#c1234 a");
    assert_eq!(link.text(&desk.browser).as_deref(), Some("1234"));
    let refreshes = desk.browser.evaluate(REFRESHES).as_u64().unwrap() - before;
    assert!(refreshes <= 2, "it took {refreshes} refreshes, of which there is one every two seconds");
    assert_eq!(desk.browser.evaluate("return window.untouched"), true, "without a reload");

    desk.browser.click("#c1234 a");
    desk.browser.find(&desk.row(anna));
    desk.browser.evaluate("window.untouched = true");
    let ben = desk.call("+4930222");
    desk.browser.find(&desk.row(ben));
    assert_eq!(desk.browser.evaluate("return window.untouched"), true, "without a reload");
    assert!(desk.browser.evaluate("return document.title").as_str().unwrap().starts_with("1234: 2 callers"));

    desk.browser.click(&format!("{} a[data-ask]", desk.row(ben)));
    desk.browser.reads("Remove +4930222 from conference");
    desk.browser.click("#question [data-cancel]");
    desk.browser
        .eventually("the question is gone", || desk.browser.shown("#question").is_none().then_some(()));
    desk.browser.click(&format!("{} a[data-ask]", desk.row(ben)));
    desk.browser.click("#question button.sure");
    desk.browser.find(&format!("{} .mark.kicked", desk.row(ben)));
    desk.platform.run_for(secs(70));
    desk.assert_heard(ben, "You have been removed from that conference.");
    assert!(desk.platform.is_up(anna));

    desk.browser.click(&format!("{} [id^=mute] button", desk.row(anna)));
    desk.browser.find(&format!("{} .mark.muted", desk.row(anna)));
    desk.browser.reads("is muted in conference 1234; 1 caller hears so at the next renewal, within 60 s.");
    desk.browser.reads("Unmute");
    desk.platform.run_for(secs(70));
    desk.assert_heard(anna, "The moderator has muted you.");
    desk.browser.click("#unmute-all button");
    desk.browser.find(&format!("{} .mark.in", desk.row(anna)));
    desk.platform.run_for(secs(70));
    desk.assert_heard(anna, "You are not muted any more.");
    desk.browser.click("#lock button");
    desk.browser.find(".head .mark.locked");
    desk.browser.reads("Conference 1234 is locked; newcomers hear so at once, moderators get in.");
    let late = desk.call("+4930333");
    desk.assert_heard(late, "That conference is locked.");
    assert_eq!(desk.browser.evaluate("return window.untouched"), true, "all of it without a reload");

    desk.browser.click(".head a[data-ask]");
    desk.browser.click("#question button.sure");
    desk.browser.find(".head .mark.ending");
    desk.platform.run_for(secs(70));
    desk.assert_heard(anna, "The conference has been ended.");
    desk.browser.reads("Nobody is in it at the moment.");
    desk.assert_quiet();
    desk.platform.assert_clean();
}

#[test]
fn all_of_it_works_without_javascript_by_reload() {
    let setup = Setup::new();
    let Some(mut desk) = Desk::open(&setup, false) else { return };
    desk.browser.reads("Nobody is in a conference at the moment.");
    desk.browser.reads("Reload to see what has changed.");
    let anna = desk.call("+4930111");
    let ben = desk.call("+4930222");
    assert!(desk.browser.shown("#c1234 a").is_none(), "nothing has asked for it");
    desk.browser.reload();
    desk.browser.click("#c1234 a");
    desk.browser.click(&format!("{} a[data-ask]", desk.row(ben)));
    desk.browser.reads("Remove +4930222 from conference");
    desk.browser.click("main [data-cancel]");
    desk.browser.click(&format!("{} a[data-ask]", desk.row(ben)));
    desk.browser.click("main button.sure");
    desk.browser.reads("is removed from conference 1234; 1 caller hears so at the next renewal");
    desk.browser.find(&format!("{} .mark.kicked", desk.row(ben)));
    desk.platform.run_for(secs(70));
    desk.assert_heard(ben, "You have been removed from that conference.");
    desk.browser.click("#lock button");
    desk.browser.find(".head .mark.locked");
    let late = desk.call("+4930333");
    desk.assert_heard(late, "That conference is locked.");
    desk.browser.click(".head a[data-ask]");
    desk.browser.click("main button.sure");
    desk.browser.find(".head .mark.ending");
    desk.platform.run_for(secs(70));
    desk.assert_heard(anna, "The conference has been ended.");
    desk.browser.reload();
    desk.browser.reads("Nobody is in it at the moment.");
    desk.assert_quiet();
}

/// What has the focus, in words.
const FOCUSED: &str =
    "const e = document.activeElement; return e.getAttribute('aria-label') || e.innerText || e.id";

#[test]
fn the_keyboard_alone_does() {
    let setup = Setup::new();
    let Some(mut desk) = Desk::open(&setup, true) else { return };
    let anna = desk.call("+4930111");
    let tab_to = |words: &str| {
        for _ in 0..20 {
            desk.browser.keys(TAB);
            if desk.browser.evaluate(FOCUSED).as_str().unwrap().contains(words) {
                return;
            }
        }
        panic!("no tab leads to {words}: {}", desk.browser.evaluate(FOCUSED));
    };
    desk.browser.find("#c1234 a");
    tab_to("1234");
    desk.browser.keys(ENTER);
    desk.browser.find(&desk.row(anna));
    tab_to("Lock");
    desk.browser.keys(ENTER);
    desk.browser.find(".head .mark.locked");
    assert_eq!(desk.browser.evaluate(FOCUSED), "Unlock", "the focus stays where it was");
    tab_to("Mute +4930111");
    desk.browser.keys(ENTER);
    desk.browser.find(".callers .mark.muted");
    assert!(desk.browser.evaluate(FOCUSED).as_str().unwrap().starts_with("Unmute +4930111"));
    desk.browser.find("#unmute-all");
    assert!(desk.browser.evaluate(FOCUSED).as_str().unwrap().starts_with("Unmute +4930111"));
    tab_to("Kick +4930111");
    desk.browser.keys(ENTER);
    desk.browser.find("#question #ask");
    assert_eq!(desk.browser.evaluate(FOCUSED), "Cancel", "a slip does nothing");
    desk.browser.keys(ESCAPE);
    assert!(desk.browser.evaluate(FOCUSED).as_str().unwrap().starts_with("Kick +4930111"));
    desk.browser.keys(ENTER);
    desk.browser.find("#question #ask");
    desk.browser.keys(TAB);
    desk.browser.keys(ENTER);
    desk.browser.reads("Nobody is in it at the moment.");
    desk.assert_quiet();
}

#[test]
fn a_refresh_takes_nothing_away_from_whoever_is_at_it() {
    let setup = Setup::new();
    let Some(mut desk) = Desk::open(&setup, true) else { return };
    let anna = desk.call("+4930111");
    let ben = desk.call("+4930222");
    desk.browser.open(&desk.url("?number=1234"));
    desk.browser.find(&desk.row(ben));
    // Somebody is writing in the field, and has marked a text.
    desk.browser.evaluate(
        "const field = document.getElementById('number'); field.value = '56'; field.focus();
         window.field = field; window.row = document.querySelector('tbody tr')",
    );
    let carla = desk.call("+4930333");
    desk.browser.find(&desk.row(carla));
    let kept =
        "return [window.field.value, document.activeElement === window.field, window.row.isConnected].join()";
    assert_eq!(desk.browser.evaluate(kept), "56,true,true");
    // A question is open while the one it is about, and others, leave.
    desk.browser.click(&format!("{} a[data-ask]", desk.row(ben)));
    desk.browser.find("#question #ask");
    for call in [anna, carla] {
        desk.platform.hang_up(call);
    }
    desk.platform.run_for(secs(5));
    desk.browser.eventually("the title tells of one caller", || {
        desk.browser.evaluate("return document.title").as_str()?.starts_with("1234: 1 caller").then_some(())
    });
    desk.browser.find("#question #ask");
    assert_eq!(desk.browser.evaluate(FOCUSED), "Cancel");
    desk.browser.click("#question button.sure");
    desk.browser.reads("Nobody is in it at the moment.");
    desk.platform.run_for(secs(70));
    desk.assert_heard(ben, "You have been removed from that conference.");
    desk.assert_quiet();
}

#[test]
fn a_page_that_has_lost_the_server_says_so_and_since_when() {
    let setup = Setup::new();
    let Some(mut desk) = Desk::open(&setup, true) else { return };
    desk.call("+4930111");
    desk.browser.find("#c1234 a");
    desk.browser.offline(true);
    desk.browser.reads("The server has not answered since ");
    desk.browser.reads("not live");
    desk.browser.find("#c1234 a");
    desk.browser.offline(false);
    desk.browser.reads("The server answers again.");
    assert!(
        desk.browser.shown("#lost").is_none_or(|lost| lost.text(&desk.browser).is_none_or(|t| t.is_empty()))
    );
    // The server answers, but the line can't be reached.
    std::fs::rename(setup.path("tokens"), setup.path("gone")).unwrap();
    desk.browser.reads("The server has answered with an error (503) since ");
    std::fs::rename(setup.path("gone"), setup.path("tokens")).unwrap();
    desk.browser.reads("The server answers again.");
}
