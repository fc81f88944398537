//! Pictures of calls.

use super::play;

fn drawn(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("call.svg");
    play(&[arguments, &["--svg", file.to_str().unwrap()]].concat());
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn everybody_has_a_lane_and_bars_tell_who_hears_whom() {
    let three = ["--caller", "1234#", "--caller", "1234#@5s", "--caller", "5678#@9s", "--until", "40s"];
    let svg = drawn(&three);
    let svg = roxmltree::Document::parse(&svg).unwrap();
    let texts = |class: &str| {
        let with = svg.descendants().filter(|node| node.attribute("class") == Some(class));
        with.filter_map(|node| node.text()).map(str::to_string).collect::<Vec<_>>()
    };
    let lanes = ["Anna", "Ben", "Carla", "voice platform", "program", "conference_1234", "conference_5678"];
    assert_eq!(texts("name"), lanes);
    assert!(texts("said").iter().any(|text| text == "1 2 3 4 #"));
    assert!(texts("said").iter().any(|text| text == "5678 is free again"));
    // Three places in conferences, and two callers who hear each other.
    let bars = svg.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "rect")));
    assert_eq!(bars.filter(|node| node.attribute("fill").is_some()).count(), 5);
    let style = svg.descendants().find(|node| node.tag_name().name() == "style").unwrap();
    assert!(style.text().unwrap().contains("prefers-color-scheme: dark"));
}

#[test]
fn a_picture_shows_no_pin() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("4711.toml"), "pin = \"271828\"\n").unwrap();
    std::fs::write(folder.path().join("pin"), "271828").unwrap();
    let rooms = format!("CONFERENCE_ROOMS={}", folder.path().display());
    let caller = format!("4711#/{{file:{}}}#", folder.path().join("pin").display());
    let svg = drawn(&["--setting", &rooms, "--caller", &caller, "--until", "30s"]);
    assert!(
        !svg.contains("271828") && !svg.contains("2 7 1 8 2 8") && svg.contains("conference_4711"),
        "{svg}"
    );
}
