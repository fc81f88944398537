//! Rooms (contract section 8), request by request; what callers hear and how they are joined is told by the calls.

mod files;
mod pins;
mod tickets;

use crate::program::{Line, Reply, finish};
use std::fs;

const CLOSED: &str = "name = \"Board\"\npin = \"4711\"\nmoderator_pin = \"98765\"\n";

/// A room whose callers wait for a moderator, and which ends with the moderator.
pub const MODERATED: &str = "\
open = true
moderator_pin = \"98765\"
wait_for_moderator = true
end_with_moderator = true
";

impl Line {
    /// A line on which only these rooms exist.
    pub fn with_rooms(rooms: &[(&str, &str)]) -> Self {
        Self::new().restricted_to(rooms).with("CONFERENCE_LOG", "calls.log")
    }

    /// The same line, on which only these rooms exist.
    pub fn restricted_to(self, rooms: &[(&str, &str)]) -> Self {
        let folder = self.folder().join("rooms");
        fs::create_dir(&folder).unwrap();
        for (number, text) in rooms {
            fs::write(folder.join(format!("{number}.toml")), text).unwrap();
        }
        self.with("CONFERENCE_ROOMS", folder)
    }

    /// Writes something else into the file of room 1234, or removes it.
    pub fn spoil_room(&self, text: Option<&str>) {
        let file = self.folder().join("rooms/1234.toml");
        match text {
            Some(text) => fs::write(file, text).unwrap(),
            None => fs::remove_file(file).unwrap(),
        }
    }

    /// Enters conference 1234 with a PIN, empty for none.
    pub fn enter_with(&self, pin: &str, session: &str) -> Reply {
        self.post(&format!("conference_code=1234&session_id={session}&pin={pin}"))
    }
}

#[test]
fn only_numbers_with_a_file_exist() {
    let line = Line::with_rooms(&[("1234", "open = true")]);
    let unknown = line.get("conference_code=4321&session_id=a");
    assert_eq!(unknown.document(), "getConference");
    assert!(unknown.body.contains("reason=no_room"));
    assert_eq!(line.enter("1234", "a"), "createConference");
    assert_eq!(line.files(), ["1234"]);
    assert!(line.log().contains("\"reason\":\"no_room\"") && !line.log().contains("4321"), "{}", line.log());
}

#[test]
fn of_two_callers_for_one_last_place_one_gets_it() {
    for _ in 0..5 {
        let line = Line::with_rooms(&[("1234", "open = true\nmax_callers = 2")]);
        line.enter("1234", "a");
        let at_once: Vec<_> = ["b", "c"]
            .map(|id| line.ask("GET", format!("conference_code=1234&session_id={id}")).start())
            .into();
        let mut documents: Vec<_> = at_once.into_iter().map(|child| finish(child).document()).collect();
        documents.sort_unstable();
        assert_eq!(documents, ["getConference", "joinConference"]);
    }
}

#[test]
fn callers_wait_for_a_moderator_and_are_counted() {
    let text = "open = true\nmoderator_pin = \"98765\"\nwait_for_moderator = true\nmax_callers = 2";
    let line = Line::with_rooms(&[("1234", text)]);
    let waiting = line.enter_with("", "a");
    assert_eq!(waiting.document(), "waiting");
    let renewed = || line.report("renew", "1234", "a").body;
    assert!(renewed().starts_with("conference_state = 'waiting';\nconference_renew = 15;"));
    assert!(line.run(&["show", "1234"]).contains("waiting"));
    assert_eq!(line.enter_with("98765", "m").document(), "joinConference");
    assert!(renewed().starts_with("conference_state = 'open';\nconference_renew = 60;"));
    assert!(line.enter_with("", "b").body.contains("reason=full"));
}

/// How a document says that its caller only listens.
const HALF: &str = "name=\"conference_duplex\" expr=\"'half'\"";

#[test]
fn what_a_caller_may_do_was_decided_at_entry() {
    let line =
        Line::with_rooms(&[("1234", &format!("{CLOSED}muted = true\ntones = false\nlang = \"de-AT\""))]);
    let caller = line.enter_with("4711", "a").body;
    assert!(caller.contains(HALF) && caller.contains("name=\"tones\" expr=\"'false'\""), "{caller}");
    assert!(caller.contains("lang=de-AT"));
    assert!(line.enter_with("98765", "m").body.contains(&HALF.replace("half", "full")));
    let again = line.enter_with("98765", "a").body;
    assert!(again.contains(HALF), "no later request raises it");
}

#[test]
fn a_moderator_gets_into_a_room_that_is_full_or_locked() {
    let line = Line::with_rooms(&[("1234", &format!("{MODERATED}max_callers = 1"))]);
    assert_eq!(line.enter_with("", "a").document(), "waiting");
    assert!(line.enter_with("", "b").body.contains("reason=full"));
    assert_eq!(line.enter_with("98765", "m").document(), "joinConference");
    line.run(&["lock", "1234"]);
    line.report("leave", "1234", "m");
    assert_eq!(line.enter("1234", "back"), "getPin", "it may be the moderator");
    assert!(line.enter_with("", "c").body.contains("reason=locked"));
    assert_eq!(line.enter_with("98765", "back").document(), "joinConference");
    let without = Line::with_rooms(&[("1234", "pin = \"4711\"")]);
    without.enter_with("4711", "a");
    without.run(&["lock", "1234"]);
    assert!(
        without.get("conference_code=1234&session_id=b").body.contains("reason=locked"),
        "nobody is asked in vain"
    );
}
