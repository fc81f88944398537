//! Tokens (contract section 4): races, repeated requests, leases, and what another hand has made.

mod files;
mod secret;

use crate::program::{Line, Reply, finish, until};

#[test]
fn exactly_one_of_many_callers_at_the_same_instant_is_first() {
    for round in 0..5 {
        let line = Line::new();
        let at_once: Vec<_> = (0..24)
            .map(|n| line.ask("GET", format!("conference_code=1234&session_id=s{round}-{n}")).start())
            .collect();
        let replies: Vec<_> = at_once.into_iter().map(finish).collect();
        let (created, joined): (Vec<&Reply>, Vec<&Reply>) =
            replies.iter().partition(|reply| reply.document() == "createConference");
        let mut counts: Vec<usize> = joined.into_iter().map(Reply::others).collect();
        counts.sort_unstable();
        assert_eq!((created.len(), counts), (1, (1..24).collect()));
        assert_eq!(line.files(), ["1234"], "nothing else is left behind");
        let token = line.kept("1234").unwrap();
        assert_eq!(token.matches("\"session\"").count(), 24, "{token}");
    }
}

#[test]
fn entering_and_leaving_at_the_same_instant_loses_nobody_and_leaves_nothing() {
    let line = Line::new();
    line.enter("1234", "s0");
    for round in 1..12 {
        let before = round - 1;
        let leave = format!("event=leave&conference_code=1234&session_id=s{before}");
        let leaving = line.ask("POST", "").form(&leave).start();
        let entering = line.ask("GET", format!("conference_code=1234&session_id=s{round}")).start();
        finish(leaving).document();
        finish(entering).document();
        let token = line.kept("1234").unwrap();
        assert!(token.contains(&format!("\"s{round}\"")), "{token}");
        assert!(!token.contains(&format!("\"s{before}\"")), "{token}");
    }
    line.report("leave", "1234", "s11");
    assert_eq!(line.files(), [""; 0]);
}

#[test]
fn a_repeated_request_is_answered_the_same_and_counted_once() {
    let line = Line::new();
    for _ in 0..3 {
        assert_eq!(line.enter("1234", "a"), "createConference");
    }
    line.enter("1234", "b");
    for _ in 0..2 {
        assert_eq!(line.get("conference_code=1234&session_id=c").others(), 2);
    }
}

#[test]
fn a_token_made_by_hand_is_a_conference_in_progress() {
    let line = Line::new();
    line.keep("1234", "");
    let reply = line.get("conference_code=1234&session_id=a");
    assert_eq!(reply.others(), 0, "nobody knows how many there are");
    line.report("leave", "1234", "a");
    assert_eq!(line.enter("1234", "b"), "joinConference");
}

#[test]
fn a_token_that_makes_no_sense_counts_as_made_by_hand() {
    let line = Line::new();
    for text in ["in use", "\u{1}\u{ff}", "{\"version\":1}"] {
        line.keep("1234", text);
        assert_eq!(line.enter("1234", "a"), "joinConference");
        line.remove("1234");
    }
}

#[test]
fn a_lease_ends_without_a_word_from_anybody() {
    let line = Line::new().with("CONFERENCE_LEASE", "1");
    assert_eq!(line.enter("1234", "a"), "createConference");
    until(|| {
        let document = line.enter("1234", "b");
        line.report("leave", "1234", "b");
        document == "createConference"
    });
}

#[test]
fn a_renewal_puts_back_whom_the_token_has_lost() {
    let line = Line::new();
    line.enter("1234", "a");
    line.remove("1234");
    assert_eq!(line.report("renew", "1234", "a").document(), "script");
    assert_eq!(line.enter("1234", "b"), "joinConference");
}

#[test]
fn the_fullest_conference_stays_readable() {
    let line = Line::new();
    let longest = "s".repeat(250);
    line.enter("1234", "a");
    line.fill(1000, |n, caller| {
        if n > 0 {
            caller["session"] = format!("{longest}{n:03}").into();
            caller["told"] = serde_json::json!({"joining": 1});
        }
    });
    for _ in 0..12 {
        assert_eq!(line.enter("1234", "a"), "createConference", "it was lost");
    }
    assert!(line.get("conference_code=1234&session_id=late").body.contains("reason=full"));
}
