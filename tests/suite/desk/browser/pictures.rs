//! Pictures of the desk, for people to look at: at every width, by day and by night.

use super::Desk;
use crate::servers::Setup;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// The folder to leave the pictures in.
const FOLDER: &str = "CCXML_CONFERENCE_PICTURES";

/// Fills the line with a conference that has a caller of every kind, and with a few others.
fn busy(setup: &Setup, desk: &mut Desk<'_>) {
    desk.call("+4930111");
    let token: Value =
        serde_json::from_str(fs::read_to_string(setup.path("tokens/1234")).unwrap().lines().last().unwrap())
            .unwrap();
    let caller = |minutes: u64, number: &str, more: Value| {
        let mut caller = token["callers"][0].clone();
        caller["age"] = (minutes * 60_000).into();
        caller["session"] =
            format!("7f3a{:04x}", number.len() * 4099 * usize::try_from(minutes).unwrap() % 65_536).into();
        caller["identity"] = json!({"caller": number, "called": "+4930555000"});
        for (name, value) in more.as_object().unwrap() {
            caller[name] = value.clone();
        }
        caller
    };
    let keep = |number: &str, minutes: u64, callers: Value, more: Value| {
        let mut token = token.clone();
        token["callers"] = callers;
        token["age"] = (minutes * 60_000).into();
        token["opened"] = (minutes * 60_000).into();
        for (name, value) in more.as_object().unwrap() {
            token[name] = value.clone();
        }
        fs::write(setup.path(&format!("tokens/{number}")), format!("{token}\n")).unwrap();
    };
    let no = || json!({});
    let board = json!([
        caller(38, "+493012345678", json!({"role": "moderator"})),
        caller(37, "+442079460123", no()),
        caller(35, "+33142685300", json!({"hand": true})),
        caller(31, "+12125550142", json!({"self_muted": true})),
        caller(12, "+4917612345678", json!({"muted": true, "hand": true})),
        caller(1, "alice@example.com", json!({"waiting": true})),
    ]);
    keep(
        "1234",
        38,
        board,
        json!({"kicked": [{"session": "7f3a0001", "lease": 120_000, "caller": "+4989000111"}]}),
    );
    keep("2001", 95, json!([caller(95, "+49301", no()), caller(4, "+49302", no())]), json!({"locked": true}));
    keep("4711", 6, json!([caller(6, "+49303", json!({"waiting": true}))]), json!({"opened": null}));
    keep("7300", 12, json!([caller(12, "+49304", no())]), json!({"ending": "operator"}));
}

#[test]
fn pictures_show_callers_of_every_kind() {
    let setup = Setup::new().with_folder("CONFERENCE_ROOMS", "rooms");
    let room = |number: &str, name: &str| {
        let text = format!("open = true\nname = \"{name}\"\nmax_minutes = 120\n");
        fs::write(setup.path(&format!("rooms/{number}.toml")), text).unwrap();
    };
    room("1234", "Board meeting");
    room("4711", "Weekly sales call");
    room("7300", "مؤتمر المبيعات الأسبوعي");
    let Some(mut desk) = Desk::open(&setup, true) else { return };
    busy(&setup, &mut desk);
    desk.browser.command("Emulation.setScrollbarsHidden", &json!({"hidden": true}));
    for (name, page) in [("desk", "?number=1234"), ("list", ""), ("question", "?number=1234&ask=end")] {
        desk.browser.open(&desk.url(page));
        desk.browser.find("h1");
        for width in [390, 1024, 1600] {
            for scheme in ["light", "dark"] {
                let phone = width == 390;
                let height = if phone { 844 } else { 800 };
                let metrics =
                    json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone});
                desk.browser.command("Emulation.setDeviceMetricsOverride", &metrics);
                let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
                desk.browser.command("Emulation.setEmulatedMedia", &features);
                let shot = desk.browser.command("Page.captureScreenshot", &json!({"format": "png"}));
                let png = STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
                assert!(png.starts_with(b"\x89PNG"));
                if let Some(folder) = std::env::var_os(FOLDER) {
                    fs::write(Path::new(&folder).join(format!("{name}-{width}-{scheme}.png")), png).unwrap();
                }
            }
        }
    }
    desk.browser.open(&desk.url("?number=1234"));
    for text in
        ["+493012345678", "moderator", "hand up", "self-muted", "muted", "waiting", "kicked", "Board meeting"]
    {
        desk.browser.reads(text);
    }
    desk.assert_quiet();
}
