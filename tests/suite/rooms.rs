//! Rooms (contract section 8), request by request; what callers hear and how they are joined is told by the calls.

use crate::program::{Line, Reply, finish};
use std::fs;
use std::time::{Duration, Instant};

const CLOSED: &str = "name = \"Board\"\npin = \"4711\"\nmoderator_pin = \"98765\"\n";

impl Line {
    /// A line on which only these rooms exist.
    pub fn with_rooms(rooms: &[(&str, &str)]) -> Self {
        let line = Self::new();
        let folder = line.folder().join("rooms");
        fs::create_dir(&folder).unwrap();
        for (number, text) in rooms {
            fs::write(folder.join(format!("{number}.toml")), text).unwrap();
        }
        line.with("CONFERENCE_ROOMS", folder).with("CONFERENCE_LOG", "calls.log")
    }

    fn enter_with(&self, pin: &str, session: &str) -> Reply {
        self.post(&format!("conference_code=1234&session_id={session}&pin={pin}"))
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder().join("calls.log")).unwrap_or_default()
    }
}

#[test]
fn only_numbers_with_a_file_exist() {
    let line = Line::with_rooms(&[("1234", "")]);
    let unknown = line.get("conference_code=4321&session_id=a");
    assert_eq!(unknown.document(), "getConference");
    assert!(unknown.body.contains("reason=no_room"));
    assert_eq!(line.enter("1234", "a"), "createConference");
    assert_eq!(line.files(), ["1234"]);
    assert!(line.log().contains("\"reason\":\"no_room\"") && !line.log().contains("4321"), "{}", line.log());
}

#[test]
fn a_pin_is_asked_for_and_lets_callers_in() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    let asked = line.get("conference_code=1234&session_id=a");
    assert_eq!(asked.document(), "getPin");
    assert!(asked.body.contains("<var name=\"reason\" expr=\"''\"/>"), "{}", asked.body);
    assert!(line.files().is_empty(), "a caller who has yet to key a PIN holds no place");
    let wrong = line.enter_with("4712", "a");
    assert_eq!(wrong.document(), "getPin");
    assert!(wrong.body.contains("reason=wrong_pin"));
    assert_eq!(line.enter_with("47+1+1", "a").document(), "createConference");
    assert_eq!(line.enter_with("98765", "m").document(), "joinConference");
    assert_eq!(line.enter("1234", "a"), "createConference", "who is in is not asked again");
    let shown = crate::operators::says(&line, &["show", "1234"]);
    assert!(shown.contains("name        Board") && shown.contains("moderator"), "{shown}");
}

#[test]
fn a_pin_in_a_query_is_refused_and_no_pin_ends_up_anywhere() {
    // Long ones, which no clock shows by chance.
    const PIN: &str = "482913576204";
    const MODERATOR_PIN: &str = "917364528013";
    const WRONG_PIN: &str = "660193847562";
    let hides = |text: &str| ![PIN, MODERATOR_PIN, WRONG_PIN].iter().any(|pin| text.contains(pin));
    let room = format!("pin = \"{PIN}\"\nmoderator_pin = \"{MODERATOR_PIN}\"");
    let line = Line::with_rooms(&[("1234", &room)]);
    for (method, query) in
        [("GET", format!("conference_code=1234&pin={PIN}")), ("POST", format!("pin={PIN}"))]
    {
        let reply = line.ask(method, query).form("session_id=a").reply();
        assert_eq!(reply.status, "400 Bad Request");
        assert!(hides(&reply.body) && hides(&reply.stderr));
    }
    for (pin, session) in [(PIN, "a"), (WRONG_PIN, "b"), (MODERATOR_PIN, "c")] {
        let reply = line.enter_with(pin, session);
        assert!(hides(&reply.body) && hides(&reply.stderr), "{reply:?}");
    }
    for file in line.files() {
        let kept = line.kept(&file).unwrap();
        assert!(hides(&kept), "{kept}");
    }
    let shown = crate::operators::says(&line, &["show", "1234", "--json"]);
    assert!(hides(&line.log()) && hides(&shown) && line.log().contains("wrong_pin"));
}

#[test]
fn with_a_moderator_pin_alone_who_keys_nothing_is_an_ordinary_caller() {
    let line = Line::with_rooms(&[("1234", "moderator_pin = \"98765\"")]);
    let asked = line.get("conference_code=1234&session_id=a");
    assert!(asked.body.contains("get_moderator_pin"), "{}", asked.body);
    assert_eq!(line.enter_with("", "a").document(), "createConference");
    assert_eq!(line.enter_with("1111", "b").document(), "getPin");
    assert_eq!(line.enter_with("98765", "m").document(), "joinConference");
    let shown = crate::operators::says(&line, &["show", "1234"]);
    assert_eq!(shown.matches("moderator  in").count(), 1, "{shown}");
}

#[test]
fn ten_wrong_pins_close_a_number_even_to_the_right_one() {
    let line = Line::with_rooms(&[("1234", CLOSED), ("5678", CLOSED)]);
    for n in 0..9 {
        assert_eq!(line.enter_with("1111", &format!("s{n}")).document(), "getPin");
    }
    assert_eq!(line.enter_with("4711", "in").document(), "createConference", "nine are not too many");
    for pin in ["1111", "4711", "98765"] {
        let closed = line.enter_with(pin, "late");
        assert!(closed.body.contains("reason=pin_closed"), "{}", closed.body);
        assert!(!closed.body.contains("get_"), "callers are not asked again");
    }
    let asked = line.get("conference_code=1234&session_id=another");
    assert!(asked.body.contains("reason=pin_closed"), "nobody is asked for a PIN that is not taken");
    assert_eq!(line.enter("1234", "in"), "createConference", "who is in stays in");
    let elsewhere = line.post("conference_code=5678&session_id=a&pin=4711");
    assert_eq!(elsewhere.document(), "createConference");
    assert!(line.log().contains("\"reason\":\"pin_closed\""), "{}", line.log());
}

#[test]
fn wrong_pins_at_the_same_instant_are_all_counted() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    let at_once: Vec<_> = (0..20)
        .map(|n| line.ask("POST", "").form(&format!("conference_code=1234&session_id=s{n}&pin=0000")).start())
        .collect();
    let closed = at_once.into_iter().map(finish).filter(|r| r.body.contains("pin_closed"));
    assert_eq!(closed.count(), 11, "the tenth closes it");
}

#[test]
fn of_two_callers_for_one_last_place_one_gets_it() {
    for _ in 0..5 {
        let line = Line::with_rooms(&[("1234", "max_callers = 2")]);
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
    let text = "moderator_pin = \"98765\"\nwait_for_moderator = true\nmax_callers = 2";
    let line = Line::with_rooms(&[("1234", text)]);
    let waiting = line.enter_with("", "a");
    assert_eq!(waiting.document(), "waiting");
    assert!(
        line.report("renew", "1234", "a")
            .body
            .starts_with("conference_state = 'waiting';\nconference_renew = 5;")
    );
    assert!(crate::operators::says(&line, &["show", "1234"]).contains("waiting"));
    assert_eq!(line.enter_with("98765", "m").document(), "joinConference");
    assert!(
        line.report("renew", "1234", "a")
            .body
            .starts_with("conference_state = 'open';\nconference_renew = 60;")
    );
    assert!(line.enter_with("", "b").body.contains("reason=full"));
}

#[test]
fn what_a_caller_may_do_was_decided_at_entry() {
    let line =
        Line::with_rooms(&[("1234", &format!("{CLOSED}muted = true\ntones = false\nlang = \"de-AT\""))]);
    let caller = line.enter_with("4711", "a").body;
    assert!(caller.contains("duplex=\"'half'\"") && caller.contains("entertone=\"'false'\""), "{caller}");
    assert!(caller.contains("lang=de-AT"));
    assert!(line.enter_with("98765", "m").body.contains("duplex=\"'full'\""));
    let again = line.enter_with("98765", "a").body;
    assert!(again.contains("duplex=\"'half'\""), "no later request raises it");
}

#[test]
fn a_room_that_cannot_be_understood_is_named_to_the_operator() {
    let line = Line::with_rooms(&[("1234", "pin = \"4711\"\npni = \"4711\"")]);
    let reply = line.get("conference_code=1234&session_id=a");
    assert_eq!(reply.status, "500 Internal Server Error");
    assert!(reply.stderr.contains("1234.toml: line 2: unknown field `pni`"), "{}", reply.stderr);
    assert!(!reply.stderr.contains("4711"));
    assert!(line.log().contains("\"reason\":\"room\""), "{}", line.log());
    assert_eq!(line.report("leave", "1234", "a").document(), "script", "nobody is kept from leaving");
}

#[test]
fn a_room_that_cannot_be_read_whole_is_not_an_open_one() {
    let line = Line::with_rooms(&[("1234", &format!("{}\n{CLOSED}", "#".repeat(64 << 10)))]);
    let pipe = line.folder().join("rooms/5678.toml");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    for number in ["1234", "5678"] {
        let mut asked = line.ask("GET", format!("conference_code={number}&session_id=a")).start();
        let deadline = Instant::now() + Duration::from_secs(5);
        while asked.try_wait().unwrap().is_none() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
        // One that waits is not waited for.
        let _ = asked.kill();
        let reply = finish(asked);
        assert_eq!(reply.status, "500 Internal Server Error", "{number}");
        assert!(reply.stderr.contains("cannot be read"), "{}", reply.stderr);
    }
    assert!(line.files().is_empty());
}

#[test]
fn check_validates_every_room() {
    let good = Line::with_rooms(&[("1234", CLOSED)]);
    assert!(crate::operators::says(&good, &["check"]).contains("ok       rooms"));
    let bad = Line::with_rooms(&[("1234", "pni = 1"), ("5678", "muted = 3"), ("12", ""), ("9999", CLOSED)]);
    let said = crate::operators::says(&bad, &["check"]);
    for words in ["1234.toml: line 1: unknown field `pni`", "5678.toml: line 1", "12.toml: 12 is no number"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(said.matches("problem  rooms").count(), 3, "{said}");
    let missing = Line::new().with("CONFERENCE_ROOMS", "missing");
    assert!(crate::operators::says(&missing, &["check"]).contains("set CONFERENCE_ROOMS"));
}

#[test]
fn without_the_directory_of_rooms_nobody_is_told_that_there_is_no_room() {
    let line = Line::new().with("CONFERENCE_ROOMS", "missing");
    assert_eq!(line.get("conference_code=1234&session_id=a").status, "500 Internal Server Error");
}

#[test]
fn a_renewal_lends_a_place_and_lets_nobody_in() {
    let line = Line::with_rooms(&[("1234", &format!("{CLOSED}max_callers = 1"))]);
    assert_eq!(line.report("renew", "1234", "z").document(), "script");
    assert_eq!(line.enter("1234", "z"), "getPin");
    assert_eq!(line.report("renew", "1234", "y").document(), "script");
    assert_eq!(line.enter_with("4711", "y").document(), "getConference", "there is room for one");
    line.report("leave", "1234", "y");
    assert_eq!(line.enter_with("4711", "z").document(), "createConference", "nobody else is in");
    assert!(crate::operators::succeeds(&line, &["lock", "1234"]));
    assert_eq!(line.report("renew", "1234", "x").document(), "script");
    assert!(line.enter_with("4711", "x").body.contains("reason=locked"));
}

#[test]
fn a_renewal_makes_no_room() {
    let line = Line::with_rooms(&[("1234", "")]);
    assert!(line.report("renew", "9999", "a").body.contains("'open'"), "a call that is on goes on");
    assert!(line.files().is_empty());
}

#[test]
fn guessing_the_moderators_pin_closes_nothing_to_those_who_need_none() {
    let line = Line::with_rooms(&[("1234", "moderator_pin = \"98765\"")]);
    for n in 0..10 {
        line.enter_with("1111", &format!("g{n}"));
    }
    assert!(line.enter_with("98765", "m").body.contains("reason=pin_closed"));
    assert_eq!(line.enter("1234", "a"), "getPin");
    assert_eq!(line.enter_with("", "a").document(), "createConference");
}
