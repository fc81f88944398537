//! Tickets: who has a place gets it back by a renewal, and nobody else.

use super::{CLOSED, MODERATED};
use crate::program::Line;

#[test]
fn a_renewal_without_a_ticket_takes_no_place_in_a_room() {
    let line = Line::with_rooms(&[("1234", &format!("{CLOSED}max_callers = 2"))]);
    let mine = line.enter_with("4711", "a");
    let tampered = format!("{}x", mine.ticket().unwrap());
    for (session, ticket) in [("z1", ""), ("z2", mine.ticket().unwrap())] {
        let invented = line.renew("1234", session, ticket);
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
    assert_eq!(line.report("renew", "9999", "a").state(), "waiting", "nothing changes for the call");
    assert!(line.files().is_empty());
}

/// A room that a moderator has opened, and the tickets of the moderator and of a caller who is in.
fn moderated(text: &str) -> (Line, [String; 2]) {
    let line = Line::with_rooms(&[("1234", text)]);
    let tickets = [("98765", "m"), ("", "a")]
        .map(|(pin, session)| line.enter_with(pin, session).ticket().expect("a ticket").to_owned());
    (line, tickets)
}

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
            assert!(back.state() == "open" || how == "expired", "{how}: {}", back.body);
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
        assert_eq!(line.renew("1234", session, ticket).state(), "open");
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
    line.age("1234", 110_000);
    let late = line.enter_with("", "late").ticket().unwrap().to_owned();
    let seconds_left = |session: &str, ticket: &str| -> u64 {
        let reply = line.renew("1234", session, ticket).body;
        let (_, renew) = reply.split_once("conference_renew = ").expect("when to renew");
        renew.split(';').next().unwrap().parse().unwrap()
    };
    assert!((1..=10).contains(&seconds_left("m", &moderator)));
    line.remove("1234");
    assert!((1..=10).contains(&seconds_left("late", &late)), "it opened when the ticket says");
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
    assert_eq!(line.renew("1234", "a", &new).state(), "open");
    line.remove("1234");
    assert_eq!(line.renew("1234", "a", &waiting).state(), "waiting");
    line.remove("1234");
    assert_eq!(line.renew("1234", "b", &new).ticket(), None, "who has no right one gets none");
}
