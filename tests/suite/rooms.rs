//! Rooms (contract section 8), request by request; what callers hear and how they are joined is told by the calls.

use crate::program::{Line, Reply, finish};
use std::fs;
use std::time::{Duration, Instant};

const CLOSED: &str = "name = \"Board\"\npin = \"4711\"\nmoderator_pin = \"98765\"\n";

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
fn a_pin_is_asked_for_and_lets_callers_in() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    let asked = line.get("conference_code=1234&session_id=a");
    assert_eq!(asked.document(), "getPin");
    assert!(asked.body.contains("<var name=\"why\" expr=\"''\"/>"), "{}", asked.body);
    assert!(line.files().is_empty(), "a caller who has yet to key a PIN holds no place");
    let wrong = line.enter_with("4712", "a");
    assert_eq!(wrong.document(), "getPin");
    assert!(wrong.body.contains("reason=wrong_pin"));
    assert_eq!(line.enter_with("47+1+1", "a").document(), "createConference");
    assert_eq!(line.enter_with("98765", "m").document(), "joinConference");
    assert_eq!(line.enter("1234", "a"), "getPin", "a session alone opens nothing");
    assert_eq!(
        line.enter_with("4711", "a").document(),
        "createConference",
        "but with its PIN it is still first"
    );
    let shown = line.run(&["show", "1234"]);
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
    let shown = line.run(&["show", "1234", "--json"]);
    assert!(hides(&line.log()) && hides(&shown) && line.log().contains("wrong_pin"));
}

#[test]
fn with_a_moderator_pin_alone_who_keys_nothing_is_an_ordinary_caller() {
    let line = Line::with_rooms(&[("1234", "open = true\nmoderator_pin = \"98765\"")]);
    let asked = line.get("conference_code=1234&session_id=a");
    assert!(asked.body.contains("get_moderator_pin"), "{}", asked.body);
    assert_eq!(line.enter_with("", "a").document(), "createConference");
    assert_eq!(line.enter_with("1111", "b").document(), "getPin");
    assert_eq!(line.enter_with("98765", "m").document(), "joinConference");
    let shown = line.run(&["show", "1234"]);
    assert_eq!(shown.matches("moderator  in").count(), 1, "{shown}");
}

#[test]
fn twenty_wrong_pins_close_a_room_even_to_the_right_one() {
    let line = Line::with_rooms(&[("1234", CLOSED), ("5678", CLOSED)]);
    for n in 0..19 {
        assert_eq!(line.enter_with("1111", &format!("s{n}")).document(), "getPin");
    }
    assert_eq!(line.enter_with("4711", "in").document(), "createConference", "nineteen are not too many");
    for pin in ["1111", "4711", "98765"] {
        let closed = line.enter_with(pin, "late");
        assert!(closed.body.contains("reason=pin_closed"), "{}", closed.body);
        assert!(!closed.body.contains("get_"), "callers are not asked again");
    }
    let asked = line.get("conference_code=1234&session_id=another");
    assert!(asked.body.contains("reason=pin_closed"), "nobody is asked for a PIN that is not taken");
    assert_eq!(line.enter_with("4711", "in").document(), "createConference", "who is in stays in");
    let elsewhere = line.post("conference_code=5678&session_id=a&pin=4711");
    assert_eq!(elsewhere.document(), "createConference");
    assert!(line.log().contains("\"reason\":\"pin_closed\""), "{}", line.log());
    line.age("1234", 599_000);
    assert!(line.enter_with("4711", "late").body.contains("reason=pin_closed"));
    line.age("1234", 1_000);
    assert_eq!(line.enter_with("4711", "late").document(), "createConference", "everybody else is gone");
}

#[test]
fn five_wrong_pins_from_one_telephone_number_close_the_room_to_it_alone() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    let key = |pin: &str, session: &str, caller: &str| {
        line.post(&format!("conference_code=1234&session_id={session}&pin={pin}&caller={caller}"))
    };
    for n in 0..4 {
        assert_eq!(key("1111", &format!("s{n}"), "sip:%2B49301@gw1").document(), "getPin");
    }
    for (session, caller) in [("s4", "tel:%2B49-30-1"), ("s5", "sip:%2B49301@gw2")] {
        assert!(key("1111", session, caller).body.contains("reason=pin_closed"), "{caller}");
    }
    assert!(key("98765", "m", "tel:%2B49301").body.contains("reason=pin_closed"));
    assert_eq!(
        key("98765", "m", "tel:%2B49302").document(),
        "createConference",
        "the moderator is not shut out"
    );
    for anonymous in ["", "sip:anonymous@anonymous.invalid"] {
        for n in 0..6 {
            assert_eq!(key("1111", &format!("n{n}{}", anonymous.len()), anonymous).document(), "getPin");
        }
    }
    assert!(!line.kept("1234").unwrap().contains("49301"), "no number is kept for this");
}

#[test]
fn a_room_that_is_closed_to_pins_is_shown_and_can_be_reopened() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    for n in 0..5 {
        line.post(&format!("conference_code=1234&session_id=s&pin=000{n}&caller=tel:1"));
    }
    let shown = line.run(&["show", "1234"]);
    assert!(shown.contains("state       free") && shown.contains("closed to 1 telephone number;"), "{shown}");
    assert!(line.run(&["list"]).contains("partly"));
    for n in 0..15 {
        line.post(&format!("conference_code=1234&session_id=t&pin=001{n}"));
    }
    assert!(line.run(&["list"]).contains("free    closed"), "{}", line.run(&["list"]));
    assert!(line.run(&["list", "--json"]).contains("\"pins_closed_seconds\":6"));
    assert!(line.run(&["show", "1234"]).contains("closed to everybody for 10 min"));
    assert!(line.says(&["check"]).out.contains("warning  rooms: 1234 is closed to everybody"));
    assert!(line.enter_with("4711", "a").body.contains("reason=pin_closed"));
    line.run(&["reopen", "1234"]);
    assert_eq!(line.files(), [""; 0]);
    assert_eq!(line.enter_with("4711", "a").document(), "createConference");
    assert!(line.run(&["list"]).contains("open    open"));
}

#[test]
fn the_same_wrong_pin_of_the_same_session_is_one_wrong_pin() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    for _ in 0..30 {
        let again = line.post("conference_code=1234&session_id=a&pin=1111&caller=tel:1");
        assert!(again.body.contains("reason=wrong_pin"), "{}", again.body);
    }
    for _ in 0..30 {
        line.ask("HEAD", "conference_code=1234&session_id=a").reply();
    }
    assert_eq!(
        line.post("conference_code=1234&session_id=a&pin=4711&caller=tel:1").document(),
        "createConference"
    );
}

#[test]
fn wrong_pins_at_the_same_instant_are_all_counted() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    let at_once: Vec<_> = (0..25)
        .map(|n| line.ask("POST", "").form(&format!("conference_code=1234&session_id=s{n}&pin=0000")).start())
        .collect();
    let closed = at_once.into_iter().map(finish).filter(|r| r.body.contains("pin_closed"));
    assert_eq!(closed.count(), 6, "the twentieth closes it");
}

#[test]
fn wrong_pins_are_no_conference_in_progress() {
    let line = Line::with_rooms(&[("1234", CLOSED)]);
    line.enter_with("1111", "a");
    assert_eq!(line.files(), ["1234"]);
    assert_ne!(line.says(&["show", "1234"]).code, Some(0));
    assert_ne!(line.says(&["end", "1234"]).code, Some(0));
    assert_eq!(line.enter_with("4711", "a").document(), "createConference");
    line.report("leave", "1234", "a");
    assert_eq!(line.files(), ["1234"], "they still count");
    line.age("1234", 600_000);
    line.run(&["sweep"]);
    assert_eq!(line.files(), [""; 0]);
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
    assert!(
        line.report("renew", "1234", "a")
            .body
            .starts_with("conference_state = 'waiting';\nconference_renew = 15;")
    );
    assert!(line.run(&["show", "1234"]).contains("waiting"));
    assert_eq!(line.enter_with("98765", "m").document(), "joinConference");
    assert!(
        line.report("renew", "1234", "a")
            .body
            .starts_with("conference_state = 'open';\nconference_renew = 60;")
    );
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
    assert!(good.says(&["check"]).out.contains("ok       rooms"));
    let bad = Line::with_rooms(&[("1234", "pni = 1"), ("5678", "muted = 3"), ("12", ""), ("9999", CLOSED)]);
    let said = bad.says(&["check"]).out;
    for words in ["1234.toml: line 1: unknown field `pni`", "5678.toml: line 1", "12.toml: 12 is no number"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(said.matches("problem  rooms").count(), 3, "{said}");
    let missing = Line::new().with("CONFERENCE_ROOMS", "missing");
    assert!(missing.says(&["check"]).out.contains("set CONFERENCE_ROOMS"));
}

#[test]
fn without_the_directory_of_rooms_nobody_is_told_that_there_is_no_room() {
    let line = Line::new().with("CONFERENCE_ROOMS", "missing");
    assert_eq!(line.get("conference_code=1234&session_id=a").status, "500 Internal Server Error");
}

#[test]
fn a_renewal_without_a_ticket_takes_no_place_in_a_room() {
    let line = Line::with_rooms(&[("1234", &format!("{CLOSED}max_callers = 2"))]);
    let mine = line.enter_with("4711", "a");
    let tampered = format!("{}x", mine.ticket().unwrap());
    for n in 0..5 {
        let invented =
            line.renew("1234", &format!("z{n}"), if n % 2 == 0 { "" } else { mine.ticket().unwrap() });
        // What an ordinary session is told while nothing changes for it.
        assert!(
            invented.body.starts_with("conference_state = 'waiting';\nconference_renew = 60;"),
            "{}",
            invented.body
        );
    }
    line.remove("1234");
    line.renew("1234", "a", &tampered);
    line.renew("1234", "b", mine.ticket().unwrap());
    assert_eq!(line.files(), [""; 0]);
    assert_eq!(line.enter_with("4711", "b").document(), "createConference");
    assert_eq!(line.enter_with("4711", "c").document(), "joinConference");
    assert!(line.enter_with("4711", "d").body.contains("reason=full"));
}

#[test]
fn a_renewal_makes_no_room() {
    let line = Line::with_rooms(&[("1234", "open = true")]);
    assert!(line.report("renew", "9999", "a").body.contains("'waiting'"), "nothing changes for the call");
    assert!(line.files().is_empty());
}

#[test]
fn guessing_the_moderators_pin_closes_nothing_to_those_who_need_none() {
    let line = Line::with_rooms(&[("1234", "open = true\nmoderator_pin = \"98765\"")]);
    for n in 0..20 {
        line.enter_with("1111", &format!("g{n}"));
    }
    assert!(line.enter_with("98765", "m").body.contains("reason=pin_closed"));
    assert_eq!(line.enter("1234", "a"), "getPin");
    assert_eq!(line.enter_with("", "a").document(), "createConference");
}

/// A room that a moderator has opened, and the tickets of the moderator and of a caller who is in.
fn moderated(text: &str) -> (Line, [String; 2]) {
    let line = Line::with_rooms(&[("1234", text)]);
    let tickets = [("98765", "m"), ("", "a")]
        .map(|(pin, session)| line.enter_with(pin, session).ticket().expect("a ticket").to_owned());
    (line, tickets)
}

const MODERATED: &str =
    "open = true\nmoderator_pin = \"98765\"\nwait_for_moderator = true\nend_with_moderator = true\n";

#[test]
fn a_lost_token_loses_nobody_and_nothing() {
    for how in ["removed", "expired"] {
        let (line, [moderator, caller]) = moderated(MODERATED);
        let before = line.kept("1234").unwrap();
        let id = before.split_once("\"id\":\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        line.run(&["lock", "1234"]);
        match how {
            "removed" => line.remove("1234"),
            _ => line.age("1234", 200_000),
        }
        for (session, ticket) in [("a", &caller), ("m", &moderator)] {
            let back = line.renew("1234", session, ticket);
            assert!(
                back.body.starts_with("conference_state = 'open'") || how == "expired",
                "{how}: {}",
                back.body
            );
        }
        let token = line.kept("1234").unwrap();
        assert!(token.contains(&id) && token.contains("\"role\":\"moderator\""), "{how}: {token}");
        assert_eq!(token.contains("\"locked\":true"), how == "expired", "{token}");
        assert!(!token.contains("\"waiting\":true") && !token.contains("\"grace\""), "{token}");
    }
}

#[test]
fn an_outage_longer_than_the_lease_changes_nothing_for_those_who_are_in() {
    let (line, [moderator, caller]) = moderated(MODERATED);
    line.run(&["lock", "1234"]);
    line.age("1234", 200_000);
    for (session, ticket) in [("m", &moderator), ("a", &caller)] {
        assert!(line.renew("1234", session, ticket).body.starts_with("conference_state = 'open'"));
    }
    assert!(line.enter_with("", "late").body.contains("reason=locked"));
    let shown = line.run(&["show", "1234"]);
    assert!(shown.contains("moderator  in") && shown.contains("locked"), "{shown}");
    line.report("leave", "1234", "m");
    line.age("1234", 60_000);
    assert!(line.renew("1234", "a", &caller).body.contains("'moderator_left'"));
}

#[test]
fn the_time_of_a_conference_outlasts_its_token() {
    let (line, [moderator, _]) = moderated(&format!("{MODERATED}max_minutes = 2"));
    line.age("1234", 119_000);
    let left = line.renew("1234", "m", &moderator);
    assert!(left.body.contains("conference_renew = 1;"), "{}", left.body);
    let lost = line.kept("1234").unwrap();
    line.remove("1234");
    // A ticket tells by the wall clock, which no test can set, when the conference opened.
    assert!(lost.contains("\"opened\":119"), "{lost}");
    assert!(line.renew("1234", "m", &moderator).body.contains("conference_renew = 60;"));
}

#[test]
fn a_caller_who_is_let_in_gets_a_ticket_that_says_so() {
    let line = Line::with_rooms(&[("1234", MODERATED)]);
    let waiting = line.enter_with("", "a").ticket().unwrap().to_owned();
    assert_eq!(line.renew("1234", "a", &waiting).ticket(), None, "it says so already");
    line.enter_with("98765", "m");
    let admitted = line.renew("1234", "a", &waiting);
    let new = admitted.ticket().expect("another ticket").to_owned();
    assert_ne!(new, waiting);
    assert_eq!(line.renew("1234", "a", &new).ticket(), None);
    line.remove("1234");
    assert!(line.renew("1234", "a", &new).body.starts_with("conference_state = 'open'"));
    line.remove("1234");
    assert!(line.renew("1234", "a", &waiting).body.starts_with("conference_state = 'waiting'"));
    line.remove("1234");
    assert_eq!(line.renew("1234", "b", &new).ticket(), None, "who has no right one gets none");
}

#[test]
fn whatever_happens_to_the_file_of_a_room_nobody_waits_in_vain_or_gets_in() {
    let cases = [None, Some(""), Some("name = \"Board\""), Some("open = tru"), Some("pni = 1")];
    for text in cases {
        let line = Line::with_rooms(&[("1234", &format!("{MODERATED}muted = true"))]);
        let waiting = line.enter_with("", "a").ticket().unwrap().to_owned();
        let file = line.folder().join("rooms/1234.toml");
        let good = fs::read_to_string(&file).unwrap();
        let spoil = || match text {
            Some(text) => fs::write(&file, text).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        };
        spoil();
        let renewed = line.renew("1234", "a", &waiting);
        assert!(renewed.body.starts_with("conference_state = 'waiting'"), "{text:?}: {}", renewed.body);
        for pin in ["", "98765"] {
            let refused = line.enter_with(pin, "new");
            assert!(!refused.body.contains("confname"), "{text:?}: {}", refused.body);
        }
        fs::write(&file, &good).unwrap();
        let moderator = line.enter_with("98765", "m").ticket().unwrap().to_owned();
        spoil();
        for (session, ticket) in [("a", &waiting), ("m", &moderator)] {
            let renewed = line.renew("1234", session, ticket);
            assert!(renewed.body.starts_with("conference_state = 'open'"), "{text:?}: {}", renewed.body);
        }
        assert!(line.kept("1234").unwrap().contains("\"muted\":true"));
        line.report("leave", "1234", "m");
        line.age("1234", 60_000);
        let ended = line.renew("1234", "a", &waiting);
        assert!(ended.body.contains("'moderator_left'"), "{text:?}: {}", ended.body);
        line.report("leave", "1234", "a");
        assert_eq!(line.files(), [""; 0], "{text:?}");
    }
}

#[test]
fn who_repeats_an_entry_into_an_open_room_is_answered_although_its_file_is_gone() {
    for text in [None, Some("pni = 1")] {
        let line = Line::with_rooms(&[("1234", "open = true")]);
        assert_eq!(line.enter("1234", "a"), "createConference");
        let file = line.folder().join("rooms/1234.toml");
        match text {
            Some(text) => fs::write(&file, text).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        assert_eq!(line.enter("1234", "a"), "createConference");
        let other = line.get("conference_code=1234&session_id=b");
        assert!(!other.body.contains("confname"), "{}", other.body);
    }
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

#[test]
fn check_tells_what_is_no_room_and_what_will_hardly_do() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let line = Line::with_rooms(&[
        ("1111", "pin = \"47114711\""),
        ("2222", "pin = \"4711\""),
        ("3333", "open = true\nmuted = true"),
        ("4444", "open = true\nmax_callers = 1001"),
        ("5555", ""),
    ]);
    let rooms = line.folder().join("rooms");
    for number in ["1111", "2222"] {
        let mode = if number == "1111" { 0o640 } else { 0o644 };
        fs::set_permissions(rooms.join(format!("{number}.toml")), fs::Permissions::from_mode(mode)).unwrap();
    }
    for name in ["6666.TOML", "7777.toml.txt", "1111.toml.bak", ".1111.toml.swp", "notes.txt"] {
        fs::write(rooms.join(name), "open = true").unwrap();
    }
    symlink("nowhere", rooms.join("8888.toml")).unwrap();
    let said = line.says(&["check"]).out;
    let told = |file: &str, words: &str| {
        said.lines().any(|line| line.contains(&format!("rooms/{file}")) && line.contains(words))
    };
    assert!(told("2222.toml", "fewer than 6 digits") && told("2222.toml", "can read the PIN"), "{said}");
    assert!(told("3333.toml", "nobody can speak") && told("4444.toml", "more than 1000"), "{said}");
    assert!(told("5555.toml", "must say who gets in"), "{said}");
    assert!(told("6666.TOML", "6666.toml") && told("7777.toml.txt", "7777.toml"), "{said}");
    assert!(told("8888.toml", "leads nowhere"), "{said}");
    assert!(!said.contains("1111") && !said.contains("notes"), "{said}");
    let in_2002 = line.with("CONFERENCE_DIALECT", "2002");
    let said = in_2002.says(&["check"]).out;
    assert!(said.contains("1111.toml asks for a PIN"), "{said}");
}
