//! Every single thing that can go wrong in a call that went well.

use ccxml_platform::{CallId, Disturbance, Event, Fault, FetchFault, Platform, What, secs};
use std::collections::BTreeMap;

/// One thing that goes wrong.
pub struct Failure {
    /// What sort of thing it is.
    pub sort: &'static str,
    /// When it happens.
    pub when: String,
    /// What happens.
    pub fault: Fault,
}

/// All failures that the session of a call could have met.
pub fn of(platform: &Platform, call: CallId) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut add = |sort, when: String, fault| failures.push(Failure { sort, when, fault });
    let events: Vec<&Event> = platform
        .trace()
        .iter()
        .filter(|entry| entry.call == Some(call))
        .filter_map(|entry| match &entry.what {
            What::Event { event, .. } => Some(event),
            _ => None,
        })
        .collect();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (event, number) in events.iter().zip(1..) {
        let name = event.name.as_str();
        let nth = seen.entry(name).or_default();
        *nth += 1;
        let when = format!("{name} {nth} (event {number})");
        for (sort, disturbance) in disturbances() {
            add(sort, format!("after {when}"), Fault::after_event(number, disturbance));
        }
        // What a session sends to itself does not get lost, and a call that is not announced does not happen.
        let announced = ["connection.", "dialog.", "conference.", "fetch.", "error."];
        if announced.iter().any(|kind| name.starts_with(kind)) && name != "connection.alerting" {
            let lost = Disturbance::Withheld(name.into());
            let lost = match *nth {
                1 => Fault::at_event(1, lost),
                nth => Fault::after(nth - 1, name, lost),
            };
            add("an event is never told", when.clone(), lost);
            let again = Disturbance::Stray((*event).clone());
            add("an event is told twice", when, Fault::after(*nth, name, again));
        }
    }
    let actions = actions(platform, call);
    let count = |element: &str| actions.get(element).copied().unwrap_or_default();
    for nth in 1..=count("accept") {
        add("the call can't be accepted", format!("accept {nth}"), Fault::accept(nth));
    }
    for nth in 1..=count("createconference") {
        add("there is no conference to be had", format!("createconference {nth}"), Fault::create(nth));
    }
    for nth in 1..=count("join") {
        add("a join fails", format!("join {nth}"), Fault::join(nth));
        let unsupported = Fault::join_extras_unsupported(nth);
        add("tones or clamps are not supported", format!("join {nth}"), unsupported.always());
    }
    for nth in 1..=count("unjoin") {
        add("an unjoin fails", format!("unjoin {nth}"), Fault::unjoin(nth));
    }
    for nth in 1..=count("dialogstart") {
        add("a dialog does not start", format!("dialogstart {nth}"), Fault::dialog(nth));
        add("a dialog ends without a word", format!("dialogstart {nth}"), Fault::dialog_crash(nth));
    }
    for nth in 1..=count("fetch") {
        for (sort, fault) in [
            ("a request does not arrive", FetchFault::NeverSent),
            ("a response is lost", FetchFault::ResponseLost),
            ("a request is answered with 503", FetchFault::Status(503)),
            ("a request is made twice", FetchFault::Duplicate),
            ("a response takes eight seconds", FetchFault::Late(secs(8))),
        ] {
            add(sort, format!("fetch {nth}"), Fault::fetch(nth, fault));
        }
        let garbled = Fault::fetch_where(nth, |request| request.method == "POST", FetchFault::Garbled);
        add("a script is none", format!("POST {nth}"), garbled);
    }
    failures
}

fn disturbances() -> [(&'static str, Disturbance); 6] {
    [
        ("the caller hangs up", Disturbance::HangUp),
        ("the call is lost", Disturbance::LoseConnection),
        ("the session is told to end", Disturbance::Kill),
        ("the caller drops out of the conference", Disturbance::Unjoined),
        ("the conference is lost", Disturbance::ConferenceDestroyed),
        ("the conference is in trouble", Disturbance::ConferenceError),
    ]
}

/// How often each element was run for the session.
fn actions(platform: &Platform, call: CallId) -> BTreeMap<&str, usize> {
    let mut actions = BTreeMap::new();
    for entry in platform.trace().iter().filter(|entry| entry.call == Some(call)) {
        if let What::Action { element, .. } = &entry.what {
            *actions.entry(element.as_str()).or_default() += 1;
        }
    }
    actions
}
