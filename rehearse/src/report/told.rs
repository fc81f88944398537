//! What transcript and picture tell in the same words.

use ccxml_platform::{CallId, Event, Exchange, Heard, Sender, What};
use std::time::Duration;

/// How much of a request is told, in characters.
const LONGEST: usize = 60;

/// Fields that say nothing to whoever reads.
const UNTOLD: &[&str] = &["session_id=", "ticket=", "caller=", "called=", "control=", "press=", "pin="];

/// A request and its answer in short.
pub struct Told {
    /// What was asked.
    pub asked: String,
    /// What came back.
    pub answer: String,
}

/// What is said, or the addresses of the recordings that are played where nothing is.
pub fn words(heard: &Heard) -> String {
    match (heard.text.as_str(), heard.audio.as_slice()) {
        ("", []) => format!("({} can't be had)", heard.missing_audio.join(" ")),
        ("", recordings) => recordings.join(" "),
        (text, _) => text.to_owned(),
    }
}

/// What the line is asked and answers; not the words of prompts, which are heard.
pub fn told(exchange: &Exchange) -> Option<Told> {
    let request = &exchange.request;
    let answer = match &exchange.response {
        Ok(response) if response.media_type() == "application/voicexml+xml" => return None,
        Ok(response) => {
            let sort = match response.media_type().as_str() {
                "application/ccxml+xml" => "CCXML".into(),
                "text/ecmascript" => "a script".into(),
                other => other.to_string(),
            };
            format!("{}, {sort}", response.status)
        }
        Err(reason) => reason.clone(),
    };
    let fields = request.query().split('&').chain(request.form.as_deref().unwrap_or("").split('&'));
    let untold = |field: &&str| field.is_empty() || UNTOLD.iter().any(|name| field.starts_with(name));
    let fields = fields.filter(|field| !untold(field)).collect::<Vec<_>>().join(" ");
    let file = request.path().rsplit_once('/').map_or(request.path(), |(_, file)| file);
    let asked = if fields.is_empty() { format!("…/{file}") } else { fields };
    let short: String = asked.chars().take(LONGEST).collect();
    let dots = if short.len() < asked.len() { "…" } else { "" };
    Some(Told { asked: format!("{} {short}{dots}", request.method), answer })
}

/// Who has sent an event to a session, and to whose.
pub fn sent(by: &Sender, event: &Event, receiver: &str, name: impl Fn(CallId) -> String) -> String {
    let sender = match by {
        Sender::Http => "HTTP".into(),
        Sender::Call(call) => format!("{}'s session", name(*call)),
        Sender::Session(id) => id.clone(),
    };
    format!("{sender} tells {receiver}'s session: {}", event.name)
}

/// Whether something is told that comes after the keys that a caller has just pressed.
pub fn ends_keys(what: &What) -> bool {
    matches!(
        what,
        What::Hears(_)
            | What::Misses(_)
            | What::Answers { .. }
            | What::Joined { .. }
            | What::HangsUp
            | What::Over(_)
            | What::Exchange(_)
    )
}

/// A moment as a clock shows it.
pub fn clock(at: Duration) -> String {
    let seconds = at.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}
