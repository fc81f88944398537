//! Who holds a place in which conference, as the requests tell.

use ccxml_platform::Exchange;
use std::collections::{BTreeMap, BTreeSet};

/// The places that sessions hold, by number.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<String, BTreeSet<String>>);

impl Places {
    /// Learns from a request and its answer; the number that has become free by it, if one has.
    pub fn learn(&mut self, exchange: &Exchange) -> Option<String> {
        let request = &exchange.request;
        let (number, session) = (request.field("conference_code")?, request.field("session_id")?);
        let response = exchange.response.as_ref().ok().filter(|response| response.status == 200)?;
        match request.field("event").as_deref() {
            Some("leave") => {
                let sessions = self.0.get_mut(&number)?;
                sessions.remove(&session);
                if sessions.is_empty() {
                    self.0.remove(&number);
                    return Some(number);
                }
            }
            // A refusal asks for a number again, and creates no conference.
            None if response.body.contains("<createconference ") => {
                self.0.entry(number).or_default().insert(session);
            }
            _ => {}
        }
        None
    }

    /// The number in which a session still holds a place.
    pub fn held_by(&self, session: &str) -> Option<&str> {
        let held = self.0.iter().find(|(_, sessions)| sessions.contains(session));
        held.map(|(number, _)| number.as_str())
    }
}
