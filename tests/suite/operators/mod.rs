//! The operators' verbs (contract section 6), from the shell.

mod check;
mod lists;
mod sweep;

use crate::program::Line;

impl Line {
    /// A verb that succeeds and says in one line what happens.
    fn does(&self, arguments: &[&str], what: &str) {
        assert_eq!(self.run(arguments), format!("{what}\n"), "{arguments:?}");
    }

    /// A verb that can't be done, and says why in one line.
    fn does_not(&self, arguments: &[&str], why: &str) {
        let said = self.says(arguments);
        assert_eq!((said.out.as_str(), said.code), ("", Some(1)), "{arguments:?}");
        assert_eq!(said.err.lines().count(), 1, "{arguments:?}");
        assert!(said.err.contains(why), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn a_locked_conference_takes_no_newcomers_until_it_is_unlocked() {
    let line = Line::new();
    line.enter("1234", "a");
    let locked = "newcomers hear so at once, moderators get in";
    line.does(&["lock", "1234"], &format!("conference 1234 is locked; {locked}"));
    line.does(&["lock", "1234"], &format!("conference 1234 is locked already; {locked}"));
    let refused = line.get("conference_code=1234&session_id=b");
    assert_eq!(refused.document(), "getConference");
    assert!(refused.body.contains("reason=locked"));
    assert_eq!(line.enter("1234", "a"), "createConference", "who is in stays in");
    assert_eq!(line.report("renew", "1234", "a").state(), "open");
    assert!(line.run(&["show", "1234"]).contains("locked"));
    line.does(&["unlock", "1234"], "conference 1234 is open; newcomers get in at once");
    assert_eq!(line.enter("1234", "b"), "joinConference");
}

#[test]
fn an_ended_conference_is_told_so_and_takes_nobody_until_the_last_has_left() {
    let line = Line::new();
    line.enter("1234", "a");
    line.enter("1234", "b");
    let hear = "2 callers hear so at the next renewal, within 60 s";
    line.does(&["end", "1234"], &format!("conference 1234 is ending; {hear}"));
    line.does(&["end", "1234"], &format!("conference 1234 is ending already; {hear}"));
    for verb in [&["lock", "1234"][..], &["unlock", "1234"], &["extend", "1234", "5"]] {
        line.does_not(verb, "conference 1234 is ending");
    }
    assert!(line.get("conference_code=1234&session_id=c").body.contains("reason=ending"));
    for session in ["a", "b"] {
        assert_eq!(line.report("renew", "1234", session).state(), "ended");
        line.report("leave", "1234", session);
    }
    assert_eq!(line.enter("1234", "c"), "createConference");
}

#[test]
fn ending_frees_a_number_at_once_where_nobody_can_be_told() {
    let line = Line::new();
    line.keep("1234", "");
    line.get("conference_code=1234");
    line.does(
        &["end", "1234"],
        "1234 is free: nobody is in its conference who could be told that it has ended",
    );
    assert!(line.files().is_empty());
}

#[test]
fn a_kicked_caller_is_told_so_and_does_not_get_back_in_with_the_same_session() {
    let line = Line::new();
    line.enter("1234", "a");
    line.enter("1234", "b");
    line.does(
        &["kick", "1234", "b"],
        "caller b is removed from conference 1234; 1 caller hears so at the next renewal, within 60 s",
    );
    assert_eq!(line.report("renew", "1234", "b").state(), "kicked");
    assert!(line.get("conference_code=1234&session_id=b").body.contains("reason=kicked"));
    assert_eq!(line.report("renew", "1234", "a").state(), "open");
    line.report("leave", "1234", "a");
    assert!(
        line.get("conference_code=1234&session_id=b").body.contains("reason=kicked"),
        "nobody else is in"
    );
    line.report("leave", "1234", "b");
    assert!(line.files().is_empty());
    assert_eq!(line.enter("1234", "b"), "createConference");
}

#[test]
fn all_but_moderators_can_be_kicked_at_once() {
    let line = Line::with_rooms(&[("1234", "open = true\nmoderator_pin = \"98765\"")]);
    for (session, pin) in [("a", ""), ("m", "98765"), ("b", "")] {
        line.enter_with(pin, session).document();
    }
    line.does(
        &["kick", "1234", "all"],
        "all but moderators are removed from conference 1234; 2 callers hear so at the next renewal, within 60 s",
    );
    assert_eq!(
        ["a", "m", "b"].map(|session| line.report("renew", "1234", session).state().to_owned()),
        ["kicked", "open", "kicked"]
    );
    line.does_not(&["kick", "1234", "all"], "no callers with a session but moderators");
}

#[test]
fn a_conference_with_a_limit_is_given_more_time() {
    let line = Line::with_rooms(&[("1234", "open = true\nmax_minutes = 150")]);
    line.enter("1234", "a");
    let limited = line.run(&["list"]);
    assert!(limited.contains("2 h 30 min  open"), "{limited}");
    line.does(
        &["extend", "1234", "95"],
        "conference 1234 may last 1 h 35 min longer and ends in 4 h 05 min; 1 session knows at the next renewal, within \
         60 s",
    );
    assert_eq!(line.json(&["list"])[0]["ends_in_seconds"].as_u64().unwrap().div_ceil(60), 245);
    let show = line.run(&["show", "1234"]);
    assert!(show.contains("ends        in 4 h 05 min\n"), "{show}");
    assert_eq!(line.says(&["extend", "1234", "0"]).code, Some(2));
    let without = Line::new();
    without.enter("1234", "a");
    without.does_not(&["extend", "1234", "5"], "no time limit");
    without.does_not(&["extend", "4321", "5"], "no conference 4321");
}

#[test]
fn what_is_not_there_is_said_in_one_line_with_status_1() {
    let line = Line::new();
    line.enter("1234", "a");
    for arguments in [
        &["show", "4321"][..],
        &["end", "4321"],
        &["lock", "4321"],
        &["kick", "4321", "a"],
        &["kick", "1234", "x"],
    ] {
        let said = line.says(arguments);
        assert_eq!(
            (said.out.as_str(), said.code, said.err.lines().count()),
            ("", Some(1), 1),
            "{arguments:?}"
        );
        assert!(said.err.contains("`ccxml-conference "), "what to do: {}", said.err);
    }
    for arguments in [&["show"][..], &["end", "12a"], &["kick", "1234"], &["kick", "1234", "a b"]] {
        assert_eq!(line.says(arguments).code, Some(2), "{arguments:?}");
    }
}

#[test]
fn completions_and_the_manual_come_from_the_command_line_itself() {
    let line = Line::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(line.run(&["completion", shell]).contains("ccxml-conference"), "{shell}");
    }
    let manual = line.run(&["manual"]);
    assert!(manual.starts_with(".ie") || manual.starts_with(".TH"), "{manual}");
    for words in [
        "max\\-age",
        "\\fBkick\\fR \\fINUMBER\\fR \\fISESSION\\fR",
        "Removes a caller",
        "\\fB\\-\\-verbose\\fR",
    ] {
        assert!(manual.contains(words), "{words}: {manual}");
    }
    assert!(!manual.contains("(1)"), "there is no other page: {manual}");
}
