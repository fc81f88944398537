//! How pages look at every width, and what a screen reader finds on them.

use super::Desk;
use crate::servers::Setup;
use serde_json::{Value, json};
use std::fs;

/// A line with somebody in a conference, names of every kind, and many conferences; none where it can't be shown.
fn crowd(setup: &Setup) -> Option<Desk<'_>> {
    fs::write(setup.path("rooms/1234.toml"), "open = true\nname = \"Everybody\"").unwrap();
    let mut desk = Desk::open(setup, true)?;
    desk.call("+4930111");
    let names = [
        "Board",
        "مؤتمر المبيعات الأسبوعي",
        "פגישת צוות",
        &"x".repeat(200),
        &"long name ".repeat(20),
        "\u{202e}<script>alert(1)</script>",
    ];
    for (number, name) in (2000..).zip(names) {
        let text =
            format!("open = true\nname = {}\nmax_minutes = 90\n", serde_json::to_string(name).unwrap());
        fs::write(setup.path(&format!("rooms/{number}.toml")), text).unwrap();
        fs::write(setup.path(&format!("tokens/{number}")), "").unwrap();
    }
    fs::write(setup.path("rooms/1999.toml"), "pni = \"1234\"").unwrap();
    for number in 3000..3300 {
        fs::write(setup.path(&format!("tokens/{number}")), "").unwrap();
    }
    Some(desk)
}

const PAGES: [&str; 6] = ["", "?page=2", "?number=1234", "?number=2003", "?rooms", "?number=1234&ask=end"];

#[test]
fn no_page_is_wider_than_the_screen() {
    let setup = Setup::new().with_folder("CONFERENCE_ROOMS", "rooms");
    let Some(desk) = crowd(&setup) else { return };
    for page in PAGES {
        desk.browser.open(&desk.url(page));
        for width in [390, 1024, 1600] {
            let metrics =
                json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == 390});
            desk.browser.command("Emulation.setDeviceMetricsOverride", &metrics);
            let overflow = desk.browser.evaluate(
                "return [...document.querySelectorAll('body *')].filter(e => !e.closest('.spoken, .skip, thead'))
                 .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))",
            );
            assert_eq!(overflow, json!([]), "{page} at {width}");
        }
        desk.browser.command("Emulation.clearDeviceMetricsOverride", &json!({}));
    }
    desk.assert_quiet();
}

#[test]
fn everything_that_can_be_pressed_has_a_name_and_every_page_a_heading() {
    let setup = Setup::new().with_folder("CONFERENCE_ROOMS", "rooms");
    let Some(desk) = crowd(&setup) else { return };
    for page in PAGES {
        desk.browser.open(&desk.url(page));
        desk.browser.find("h1");
        let tree = desk.browser.command("Accessibility.getFullAXTree", &json!({}));
        let nodes: Vec<_> =
            tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] != true).collect();
        let role = |node: &Value| node["role"]["value"].as_str().unwrap_or_default().to_owned();
        let name = |node: &Value| node["name"]["value"].as_str().unwrap_or_default().trim().to_owned();
        for node in &nodes {
            if ["link", "button", "textbox", "searchbox", "dialog"].contains(&role(node).as_str()) {
                assert!(!name(node).is_empty(), "{page}: {node}");
            }
        }
        let count = |wanted: &str| nodes.iter().filter(|node| role(node) == wanted).count();
        assert_eq!((count("main"), count("heading").min(1)), (1, 1), "{page}");
        if page.starts_with("?number=1234") && !page.contains("ask") {
            assert!(count("table") == 1 && count("columnheader") == 5 && count("rowheader") == 1, "{page}");
        }
    }
}
