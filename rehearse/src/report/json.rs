//! A rehearsal as JSON.

use crate::play::{Plan, Play};
use crate::secrets::Mask;
use crate::target::Target;
use ccxml_platform::{Bridge, CallId, Ended, Sender, TraceEntry, What};
use serde_json::{Value, json};

/// Everything that a program may want to know about a rehearsal, as one object on several lines.
pub fn of(play: &Play, target: &Target, plan: &Plan, reasons: &[String]) -> String {
    let platform = &play.setup.platform;
    let callers = play.callers.calls().map(|(call, name)| {
        let record = platform.record(call);
        json!({
            "name": name,
            "number": record.number,
            "session": record.session_id,
            "ended": ended(&record.ended),
            "ended_at": record.ended_at.map(|at| at.as_secs_f64()),
            "longest_silence": record.longest_silence.as_secs_f64(),
            "heard": record.texts(),
        })
    });
    let mut mask = Mask::default();
    let seen = platform.trace().iter().map(|entry| mask.apply(entry, &play.callers.secrets));
    let events: Vec<Value> = seen.filter_map(|entry| event(play, &entry)).collect();
    let rehearsal = json!({
        "line": target.name(),
        "time": if plan.real_time { "real" } else { "virtual" },
        "passed": reasons.is_empty(),
        "reasons": reasons,
        "callers": callers.collect::<Vec<_>>(),
        "events": events,
    });
    play.callers.secrets.hide(&format!("{rehearsal:#}"))
}

fn ended(ended: &Ended) -> &'static str {
    match ended {
        Ended::NotYet => "not yet",
        Ended::NeverAnswered => "never answered",
        Ended::CallerHungUp => "hung up",
        Ended::Disconnected { .. } => "disconnected",
        Ended::Redirected => "redirected",
        Ended::BareHangUp => "cut off",
        Ended::Lost => "lost",
        Ended::PlatformDied => "platform died",
    }
}

/// An entry of the trace; what only the documents' authors want to know is left out.
fn event(play: &Play, entry: &TraceEntry) -> Option<Value> {
    let name = |call: &CallId| play.callers.name(*call).to_string();
    let bridge = |bridge: &Bridge| match bridge {
        Bridge::Conference(conference) => json!({ "conference": conference }),
        Bridge::Call(call) => json!({ "caller": name(call) }),
    };
    let mut event = match &entry.what {
        What::Rings => json!({ "event": "rings" }),
        What::Answered => json!({ "event": "answered" }),
        What::Hears(heard) | What::Misses(heard) => json!({
            "event": if matches!(entry.what, What::Hears(_)) { "hears" } else { "misses" },
            "words": heard.text,
            "audio": heard.audio,
            "missing_audio": heard.missing_audio,
            "prompt": heard.prompt,
        }),
        What::Presses(key) => json!({ "event": "presses", "key": key.to_string() }),
        What::Interrupts => json!({ "event": "interrupts" }),
        What::Joined { to, speaks } => json!({ "event": "joined", "to": bridge(to), "speaks": speaks }),
        What::Unjoined { from } => json!({ "event": "unjoined", "from": bridge(from) }),
        What::HearsCaller(other) => json!({ "event": "hears_caller", "other": name(other) }),
        What::LosesCaller(other) => json!({ "event": "loses_caller", "other": name(other) }),
        What::Tone { conference, enter } => {
            json!({ "event": "tone", "conference": conference, "tone": if *enter { "enter" } else { "exit" } })
        }
        What::Told { by, event } => {
            let by = match by {
                Sender::Http => "http".into(),
                Sender::Call(call) => name(call),
                Sender::Session(id) => id.clone(),
            };
            json!({ "event": "told", "name": event.name, "by": by })
        }
        What::HangsUp => json!({ "event": "hangs_up" }),
        What::Over(how) => json!({ "event": "over", "how": ended(how) }),
        What::Exchange(exchange) => json!({
            "event": "request",
            "method": exchange.request.method,
            "url": exchange.request.url,
            "form": exchange.request.form,
            "status": exchange.response.as_ref().ok().map(|response| response.status),
            "type": exchange.response.as_ref().ok().map(|response| response.content_type.clone()),
            "failed": exchange.response.as_ref().err(),
        }),
        What::Logs { label, text } => json!({ "event": "log", "label": label, "text": text }),
        What::Fault(fault) => json!({ "event": "fault", "text": fault }),
        What::Violation(violation) => json!({ "event": "violation", "text": violation.text }),
        What::SessionEnds => json!({ "event": "session_ends" }),
        _ => return None,
    };
    if let Some(fields) = event.as_object_mut() {
        fields.insert("at".into(), json!(entry.at.as_secs_f64()));
        fields.insert("caller".into(), json!(entry.call.map(|call| name(&call))));
    }
    Some(event)
}
