//! What is installed beside the program: the files in `deploy`.

use ccxml_conference::settings::environment::Environment;
use ccxml_conference::settings::{self, DefaultValue, Flags, Settings, Sources};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const SETTINGS_FILE: &str = include_str!("../../deploy/ccxml-conference.toml");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_page_about_deployment_names_every_file() {
    let page = include_str!("../../docs/deployment.md");
    let linked: BTreeSet<_> =
        page.split("](../deploy/").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned()).collect();
    let entries = fs::read_dir(root().join("deploy")).unwrap();
    let there: BTreeSet<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(linked, there);
}

#[test]
fn the_settings_file_tells_of_every_setting_and_of_nothing_else() {
    let mut paragraphs = SETTINGS_FILE.trim_end().split("\n\n").skip(1);
    for setting in settings::ALL {
        let about = format!("# {}. Default: {}.", setting.meaning, setting.default);
        let key = setting.flag.replace('-', "_");
        let told = paragraphs.next().unwrap_or_default().split_once('\n').unwrap_or_default();
        assert_eq!(told.0, about, "deploy/ccxml-conference.toml: the paragraph about {key} is this");
        match (told.1.strip_prefix('#').unwrap_or(told.1).split_once(" = "), setting.default) {
            (Some((told, value)), DefaultValue::Value(default))
                if told == key && !value.contains("/var/") =>
            {
                assert_eq!(value.trim_matches('"'), default, "{key}");
            }
            (Some((told, _)), _) => assert_eq!(told, key),
            (None, _) => panic!("deploy/ccxml-conference.toml: {key} = VALUE is missing"),
        }
    }
    assert_eq!(paragraphs.next(), None);
}

#[test]
fn every_value_that_the_settings_file_shows_can_be_used() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("line.toml");
    let text: String = SETTINGS_FILE
        .lines()
        .map(|line| {
            format!("{}\n", line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        })
        .collect();
    fs::write(&file, text).unwrap();
    let flags = Flags { config: Some(file.into()), ..Flags::default() };
    let environment = Environment::from_iter([("SCRIPT_NAME", "/line"); 1]);
    let settings = Settings::from_sources(&Sources::read(flags, &environment).unwrap());
    let settings = settings.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(settings.dir, Path::new("/var/lib/ccxml-conference"));
    assert_eq!(settings.contradictions(), [""; 0]);
}
