//! Callers come, are seen, and hear what is done at the desk.

use super::Scene;
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
    let Some(mut scene) = Scene::open(&setup, true) else { return };
    scene.browser.reads("Nobody is in a conference at the moment.");
    scene.browser.evaluate("window.untouched = true");
    let anna = scene.call("+4930111");
    let before = scene.browser.evaluate(REFRESHES).as_u64().unwrap();
    let link = scene.browser.find("#c1234 a");
    assert_eq!(link.text(&scene.browser).as_deref(), Some("1234"));
    let refreshes = scene.browser.evaluate(REFRESHES).as_u64().unwrap() - before;
    assert!(refreshes <= 2, "it took {refreshes} refreshes, of which there is one every two seconds");
    assert_eq!(scene.browser.evaluate("return window.untouched"), true, "without a reload");

    scene.browser.click("#c1234 a");
    scene.browser.find(&scene.row(anna));
    scene.browser.evaluate("window.untouched = true");
    let ben = scene.call("+4930222");
    scene.browser.find(&scene.row(ben));
    assert_eq!(scene.browser.evaluate("return window.untouched"), true, "without a reload");
    assert!(scene.browser.evaluate("return document.title").as_str().unwrap().starts_with("1234: 2 callers"));

    scene.browser.click(&format!("{} a[data-ask]", scene.row(ben)));
    scene.browser.reads("Remove +4930222 from conference");
    scene.browser.click("#question [data-cancel]");
    scene
        .browser
        .eventually("the question is gone", || scene.browser.shown("#question").is_none().then_some(()));
    scene.browser.click(&format!("{} a[data-ask]", scene.row(ben)));
    scene.browser.click("#question button.sure");
    scene.browser.find(&format!("{} .mark.kicked", scene.row(ben)));
    scene.platform.run_for(secs(70));
    scene.assert_heard(ben, "You have been removed from that conference.");
    assert!(scene.platform.is_up(anna));

    scene.browser.click(&format!("{} [id^=mute] button", scene.row(anna)));
    scene.browser.find(&format!("{} .mark.muted", scene.row(anna)));
    scene.browser.reads("is muted in conference 1234; 1 caller hears so at the next renewal, within 60 s.");
    scene.browser.reads("Unmute");
    scene.platform.run_for(secs(70));
    scene.assert_heard(anna, "The moderator has muted you.");
    scene.browser.click("#unmute-all button");
    scene.browser.find(&format!("{} .mark.in", scene.row(anna)));
    scene.platform.run_for(secs(70));
    scene.assert_heard(anna, "You are not muted any more.");
    scene.browser.click("#lock button");
    scene.browser.find(".head .mark.locked");
    scene.browser.reads("Conference 1234 is locked; newcomers hear so at once, moderators get in.");
    let late = scene.call("+4930333");
    scene.assert_heard(late, "That conference is locked.");
    assert_eq!(scene.browser.evaluate("return window.untouched"), true, "all of it without a reload");

    scene.browser.click(".head a[data-ask]");
    scene.browser.click("#question button.sure");
    scene.browser.find(".head .mark.ending");
    scene.platform.run_for(secs(70));
    scene.assert_heard(anna, "The conference has been ended.");
    scene.browser.reads("Nobody is in it at the moment.");
    scene.assert_quiet();
    scene.platform.assert_clean();
}

#[test]
fn all_of_it_works_without_javascript_by_reload() {
    let setup = Setup::new();
    let Some(mut scene) = Scene::open(&setup, false) else { return };
    scene.browser.reads("Nobody is in a conference at the moment.");
    scene.browser.reads("Reload to see what has changed.");
    let anna = scene.call("+4930111");
    let ben = scene.call("+4930222");
    assert!(scene.browser.shown("#c1234 a").is_none(), "nothing has asked for it");
    scene.browser.reload();
    scene.browser.click("#c1234 a");
    scene.browser.click(&format!("{} a[data-ask]", scene.row(ben)));
    scene.browser.reads("Remove +4930222 from conference");
    scene.browser.click("main [data-cancel]");
    scene.browser.click(&format!("{} a[data-ask]", scene.row(ben)));
    scene.browser.click("main button.sure");
    scene.browser.reads("is removed from conference 1234; 1 caller hears so at the next renewal");
    scene.browser.find(&format!("{} .mark.kicked", scene.row(ben)));
    scene.platform.run_for(secs(70));
    scene.assert_heard(ben, "You have been removed from that conference.");
    scene.browser.click("#lock button");
    scene.browser.find(".head .mark.locked");
    let late = scene.call("+4930333");
    scene.assert_heard(late, "That conference is locked.");
    scene.browser.click(".head a[data-ask]");
    scene.browser.click("main button.sure");
    scene.browser.find(".head .mark.ending");
    scene.platform.run_for(secs(70));
    scene.assert_heard(anna, "The conference has been ended.");
    scene.browser.reload();
    scene.browser.reads("Nobody is in it at the moment.");
    scene.assert_quiet();
}

/// What has the focus, in words.
const FOCUSED: &str =
    "const e = document.activeElement; return e.getAttribute('aria-label') || e.innerText || e.id";

#[test]
fn the_keyboard_alone_does() {
    let setup = Setup::new();
    let Some(mut scene) = Scene::open(&setup, true) else { return };
    let anna = scene.call("+4930111");
    let tab_to = |words: &str| {
        for _ in 0..20 {
            scene.browser.keys(TAB);
            if scene.browser.evaluate(FOCUSED).as_str().unwrap().contains(words) {
                return;
            }
        }
        panic!("no tab leads to {words}: {}", scene.browser.evaluate(FOCUSED));
    };
    scene.browser.find("#c1234 a");
    tab_to("1234");
    scene.browser.keys(ENTER);
    scene.browser.find(&scene.row(anna));
    tab_to("Lock");
    scene.browser.keys(ENTER);
    scene.browser.find(".head .mark.locked");
    assert_eq!(scene.browser.evaluate(FOCUSED), "Unlock", "the focus stays where it was");
    tab_to("Mute +4930111");
    scene.browser.keys(ENTER);
    scene.browser.find(".callers .mark.muted");
    assert!(scene.browser.evaluate(FOCUSED).as_str().unwrap().starts_with("Unmute +4930111"));
    scene.browser.find("#unmute-all");
    assert!(scene.browser.evaluate(FOCUSED).as_str().unwrap().starts_with("Unmute +4930111"));
    tab_to("Kick +4930111");
    scene.browser.keys(ENTER);
    scene.browser.find("#question #ask");
    assert_eq!(scene.browser.evaluate(FOCUSED), "Cancel", "a slip does nothing");
    scene.browser.keys(ESCAPE);
    assert!(scene.browser.evaluate(FOCUSED).as_str().unwrap().starts_with("Kick +4930111"));
    scene.browser.keys(ENTER);
    scene.browser.find("#question #ask");
    scene.browser.keys(TAB);
    scene.browser.keys(ENTER);
    scene.browser.reads("Nobody is in it at the moment.");
    scene.assert_quiet();
}

#[test]
fn a_refresh_takes_nothing_away_from_whoever_is_at_it() {
    let setup = Setup::new();
    let Some(mut scene) = Scene::open(&setup, true) else { return };
    let anna = scene.call("+4930111");
    let ben = scene.call("+4930222");
    scene.browser.open(&scene.url("?number=1234"));
    scene.browser.find(&scene.row(ben));
    // Somebody is writing in the field, and has marked a text.
    scene.browser.evaluate(
        "const field = document.getElementById('number'); field.value = '56'; field.focus();
         window.field = field; window.row = document.querySelector('tbody tr')",
    );
    let carla = scene.call("+4930333");
    scene.browser.find(&scene.row(carla));
    let kept =
        "return [window.field.value, document.activeElement === window.field, window.row.isConnected].join()";
    assert_eq!(scene.browser.evaluate(kept), "56,true,true");
    // A question is open while the one it is about, and others, leave.
    scene.browser.click(&format!("{} a[data-ask]", scene.row(ben)));
    scene.browser.find("#question #ask");
    for call in [anna, carla] {
        scene.platform.hang_up(call);
    }
    scene.platform.run_for(secs(5));
    scene.browser.eventually("the title tells of one caller", || {
        scene.browser.evaluate("return document.title").as_str()?.starts_with("1234: 1 caller").then_some(())
    });
    scene.browser.find("#question #ask");
    assert_eq!(scene.browser.evaluate(FOCUSED), "Cancel");
    scene.browser.click("#question button.sure");
    scene.browser.reads("Nobody is in it at the moment.");
    scene.platform.run_for(secs(70));
    scene.assert_heard(ben, "You have been removed from that conference.");
    scene.assert_quiet();
}

#[test]
fn a_page_that_has_lost_the_server_says_so_and_since_when() {
    let setup = Setup::new();
    let Some(mut scene) = Scene::open(&setup, true) else { return };
    scene.call("+4930111");
    scene.browser.find("#c1234 a");
    scene.browser.offline(true);
    scene.browser.reads("The server has not answered since ");
    scene.browser.reads("not live");
    scene.browser.find("#c1234 a");
    scene.browser.offline(false);
    scene.browser.reads("The server answers again.");
    assert!(
        scene
            .browser
            .shown("#lost")
            .is_none_or(|lost| lost.text(&scene.browser).is_none_or(|t| t.is_empty()))
    );
    // The server answers, but the line can't be reached.
    std::fs::rename(setup.path("tokens"), setup.path("gone")).unwrap();
    scene.browser.reads("The server has answered with an error (503) since ");
    std::fs::rename(setup.path("gone"), setup.path("tokens")).unwrap();
    scene.browser.reads("The server answers again.");
}
