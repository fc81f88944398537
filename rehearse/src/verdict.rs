//! Whether a rehearsal went well.

use crate::places::Places;
use crate::play::{Callers, Play};
use ccxml_platform::{CallId, Ended, Platform, Rule, What};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Events that no session may let drop: it would never learn what became of its call.
const OWED: &[&str] = &[
    "connection.alerting",
    "connection.connected",
    "connection.disconnected",
    "connection.failed",
    "connection.accept.failed",
];

/// What went wrong, one reason to a line, each once.
pub fn judge(play: &Play, silence: Duration) -> Vec<String> {
    let Play { setup, callers } = play;
    let platform = &setup.platform;
    let mut reasons: Vec<String> = platform
        .violations()
        .iter()
        .map(|violation| format!("{}: {violation}", rule(violation.rule)))
        .collect();
    reasons.extend(failed_requests(platform));
    reasons.extend(dropped(platform, callers));
    for (call, name) in callers.calls() {
        reasons.extend(wrong_with(platform, call, silence).into_iter().map(|what| format!("{name} {what}")));
    }
    if platform.open_dialogs() > 0 {
        reasons.push("a dialog is still open".into());
    }
    reasons.extend(setup.tokens_left().into_iter().map(|number| format!("{number} is still held")));
    reasons
}

/// What sort of rule was broken, in a few words.
pub fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::Response => "wrong response",
        Rule::Invalid => "invalid document",
        Rule::Unportable => "not portable",
        Rule::Semantic => "error in a document",
        Rule::Unhandled => "unhandled error",
        Rule::Endless => "no end",
        Rule::Unsupported => "not rehearsed",
    }
}

/// The errors of its own (5xx) that the line has answered with, each once. A caller hears no more than an apology.
fn failed_requests(platform: &Platform) -> BTreeSet<String> {
    let statuses =
        platform.exchanges().iter().filter_map(|exchange| Some(exchange.response.as_ref().ok()?.status));
    let failed = statuses.filter(|status| (500..600).contains(status));
    failed.map(|status| format!("the line answers with an error of its own, {status}")).collect()
}

/// The events that no transition has ever taken. A second copy that comes later may drop.
fn dropped(platform: &Platform, callers: &Callers) -> Vec<String> {
    let mut taken: BTreeMap<(&str, &str), isize> = BTreeMap::new();
    for entry in platform.trace() {
        let (event, count) = match &entry.what {
            What::Event { event, .. } => (event, 1),
            What::Dropped(event) => (event, -1),
            _ => continue,
        };
        if OWED.contains(&event.name.as_str()) {
            let name = entry.call.map_or("a session", |call| callers.name(call));
            *taken.entry((name, &event.name)).or_default() += count;
        }
    }
    let never = taken.into_iter().filter(|(_, times)| *times == 0);
    never.map(|((name, event), _)| format!("no transition takes {event} of {name}")).collect()
}

fn wrong_with(platform: &Platform, call: CallId, silence: Duration) -> Vec<String> {
    let record = platform.record(call);
    let mut wrong = Vec::new();
    if record.longest_silence > silence {
        wrong.push(format!("sat in silence for {:.0?}", record.longest_silence));
    }
    match &record.ended {
        Ended::NotYet => wrong.push("is still there".into()),
        Ended::NeverAnswered => wrong.push("was never answered".into()),
        Ended::BareHangUp => wrong.push("was cut off in the middle of the call".into()),
        Ended::Disconnected { last_words } if last_words.is_empty() => {
            wrong.push("was disconnected without a word".into());
        }
        Ended::Disconnected { .. }
        | Ended::CallerHungUp
        | Ended::Redirected
        | Ended::Lost
        | Ended::PlatformDied => {}
    }
    if !platform.is_over(call) {
        wrong.push("has a session that goes on without a call".into());
    }
    let mut places = Places::default();
    for exchange in platform.exchanges() {
        places.learn(exchange);
    }
    if let Some(number) = places.held_by(&record.session_id) {
        wrong.push(format!("still holds a place in {number}"));
    }
    wrong
}
