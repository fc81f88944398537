//! Three kinds of callers come to, and go from, six states of a conference: who hears whom, who waits, what the log says.

use super::caller::{Caller, Role};
use super::decision::Change;
use super::enter::Entry;
use super::fixtures::*;
use super::state::Conference;
use super::terms::Terms;

const WAITING: Terms = Terms { wait_for_moderator: true, end_with_moderator: true, ..OPEN };
const ORDINARY: Terms = Terms { end_with_moderator: true, ..OPEN };

/// What is kept in a state, with `w` waiting, `a` and `b` ordinary callers, and `m` a moderator.
fn state(name: &str) -> Option<Conference> {
    let mut conference = match name {
        "empty" => return None,
        "only waiting" => conference_on(WAITING, &["w"]),
        "one" => conference_on(ORDINARY, &["a"]),
        "one moderator" => conference_on(WAITING, &["m"]),
        "many" => conference_on(ORDINARY, &["a", "b"]),
        "many, moderated" => conference_on(WAITING, &["m", "a", "b"]),
        other => panic!("{other}"),
    };
    if name == "only waiting" {
        conference.opened = None;
    }
    for caller in &mut conference.callers {
        let id = caller.session.as_ref().unwrap().as_str();
        (caller.waiting, caller.role) = (id == "w", if id == "m" { Role::Moderator } else { Role::Caller });
    }
    Some(conference)
}

/// `x` comes; an ordinary caller to a room that waits for nobody, one who waits to a room that does.
fn come(kind: &str, kept: Option<Conference>) -> (Option<Conference>, String) {
    let x = session("x");
    let terms = if kind == "ordinary" { ORDINARY } else { WAITING };
    let access = Ok(if kind == "moderator" { Role::Moderator } else { Role::Caller });
    let entry = Entry { session: Some(&x), caller: None, terms, access, by_pin: None, has_moderators: true };
    let decision = decided(kept, 0, &TIMES, |number| number.enter(&entry));
    assert!(decision.answer.is_ok());
    (Some(kept_after(&decision.change)), log(&logged(&decision)))
}

/// `x` was there as well, as a caller of that kind, and goes.
fn go(kind: &str, kept: Option<Conference>) -> (Option<Conference>, String) {
    let terms = if kind == "ordinary" { ORDINARY } else { WAITING };
    let mut conference = kept.unwrap_or_else(|| {
        let mut alone = conference_on(terms, &[]);
        alone.opened = (kind != "waiting").then_some(0);
        alone
    });
    let role = if kind == "moderator" { Role::Moderator } else { Role::Caller };
    if role == Role::Moderator {
        conference.opened = Some(0);
    }
    let waiting = kind == "waiting" && conference.opened.is_none();
    conference.callers.push(Caller { role, waiting, ..caller("x") });
    let decision = decided(Some(conference), 0, &TIMES, |number| number.leave(&session("x"), None));
    let left = (decision.change != Change::Free).then(|| kept_after(&decision.change));
    (left, log(&logged(&decision)))
}

fn kept_after(change: &Change) -> Conference {
    match change {
        Change::Keep(conference) => (**conference).clone(),
        other => panic!("nothing is kept: {other:?}"),
    }
}

fn log(events: &[(super::EventKind, usize)]) -> String {
    let events = events.iter().map(|(kind, callers)| format!("{kind:?} {callers}").to_lowercase());
    events.collect::<Vec<_>>().join(", ")
}

/// Everybody renews; then who is in the mix, who waits, and whether a moderator is waited for.
fn seen(mut kept: Option<Conference>) -> String {
    let ids: Vec<_> =
        kept.iter().flat_map(|kept| &kept.callers).filter_map(|caller| caller.session.clone()).collect();
    for id in &ids {
        let renewed = decided(kept.clone(), 1, &TIMES, |number| number.renew(&report(id, None)));
        kept = Some(kept_after(&renewed.change));
    }
    let Some(conference) = kept else { return "free".to_owned() };
    let those = |waiting: bool| {
        let callers = conference.callers.iter().filter(|caller| caller.waiting == waiting);
        callers.filter_map(|caller| caller.session.as_ref()).map(|id| id.as_str()).collect::<String>()
    };
    let grace = if conference.grace.is_some() { " ends" } else { "" };
    format!("hear {} wait {}{grace}", or_nobody(those(false)), or_nobody(those(true)))
}

fn or_nobody(ids: String) -> String {
    if ids.is_empty() { "-".to_owned() } else { ids }
}

#[test]
fn whoever_comes_or_goes_the_right_ones_hear_one_another() {
    for (kind, state_name, after_coming, after_going) in [
        ("ordinary", "empty", "hear x wait -; created 1", "free; left 0"),
        ("ordinary", "only waiting", "hear - wait wx; joined 2", "hear - wait w; left 1"),
        ("ordinary", "one", "hear ax wait -; joined 2", "hear a wait -; left 1"),
        ("ordinary", "one moderator", "hear mx wait -; joined 2", "hear m wait -; left 1"),
        ("ordinary", "many", "hear abx wait -; joined 3", "hear ab wait -; left 2"),
        ("ordinary", "many, moderated", "hear mabx wait -; joined 4", "hear mab wait -; left 3"),
        ("waiting", "empty", "hear - wait x; created 1", "free; left 0"),
        ("waiting", "only waiting", "hear - wait wx; joined 2", "hear - wait w; left 1"),
        ("waiting", "one", "hear ax wait -; joined 2", "hear a wait -; left 1"),
        ("waiting", "one moderator", "hear mx wait -; joined 2", "hear m wait -; left 1"),
        ("waiting", "many", "hear abx wait -; joined 3", "hear ab wait -; left 2"),
        ("waiting", "many, moderated", "hear mabx wait -; joined 4", "hear mab wait -; left 3"),
        ("moderator", "empty", "hear x wait -; created 1", "free; left 0"),
        ("moderator", "only waiting", "hear wx wait -; joined 2", "hear w wait - ends; left 1"),
        ("moderator", "one", "hear ax wait -; joined 2", "hear a wait - ends; left 1"),
        ("moderator", "one moderator", "hear mx wait -; joined 2", "hear m wait -; left 1"),
        ("moderator", "many", "hear abx wait -; joined 3", "hear ab wait - ends; left 2"),
        ("moderator", "many, moderated", "hear mabx wait -; joined 4", "hear mab wait -; left 3"),
    ] {
        let (kept, log) = come(kind, state(state_name));
        assert_eq!(format!("{}; {log}", seen(kept)), after_coming, "{kind} comes: {state_name}");
        let (kept, log) = go(kind, state(state_name));
        assert_eq!(format!("{}; {log}", seen(kept)), after_going, "{kind} goes: {state_name}");
    }
}
