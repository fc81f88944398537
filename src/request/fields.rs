//! The fields of query and form.

use super::Rejected;
use crate::document::escape::escapes_are_whole;
use percent_encoding::percent_decode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The fields that are known. Others are ignored (contract section 2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// What the caller keyed in.
    pub conference_code: Option<String>,
    /// The number that was dialled in place of being keyed in.
    pub direct: Option<String>,
    /// The platform's session.
    pub session_id: Option<String>,
    /// The PIN. It comes in forms only.
    pub pin: Option<String>,
    /// The address of the caller, as the platform tells it.
    pub caller: Option<String>,
    /// The address that was dialled, as the platform tells it.
    pub called: Option<String>,
    /// The URL that takes events for the session.
    pub control: Option<String>,
    /// What a session reports: `renew`, `leave`, or what a key in the call asks for.
    pub event: Option<String>,
    /// The ticket of the session.
    pub ticket: Option<String>,
    /// Which key press of the session it is, counted from 1.
    pub press: Option<String>,
    /// The name of a prompt.
    pub prompt: Option<String>,
    /// For prompts: the language.
    pub lang: Option<String>,
    /// For prompts: how many other callers there are.
    pub count: Option<String>,
    /// For prompts: whether to say how to hear what the keys do.
    pub hint: Option<String>,
    /// For prompts: why the question is asked again. For a leave: why the call ends.
    pub reason: Option<String>,
    /// How many tries the caller has left.
    pub tries: Option<String>,
}

impl Fields {
    /// Decodes query and form as one set, in which no name may stand twice. A PIN in the query is refused, because web
    /// servers write queries to their access logs.
    pub fn parse(query: &[u8], form: &[u8]) -> Result<Self, Rejected> {
        let fields: Self = decode(query)?;
        if fields.pin.is_some() {
            return Err(Rejected::Malformed("a PIN has to come in a form, not in a query"));
        }
        if form.is_empty() { Ok(fields) } else { decode(&[query, form].join(&b'&')) }
    }
}

/// Decodes percent-encoded fields, in which no name may stand twice.
pub fn decode<T: DeserializeOwned>(encoded: &[u8]) -> Result<T, Rejected> {
    // serde_urlencoded accepts broken escapes and replaces bytes that are not UTF-8.
    if !escapes_are_whole(encoded) {
        return Err(Rejected::Malformed("a percent escape is broken"));
    }
    if percent_decode(encoded).decode_utf8().is_err() {
        return Err(Rejected::Malformed("a field is not UTF-8"));
    }
    serde_urlencoded::from_bytes(encoded).map_err(|_| Rejected::Malformed("a field is given twice"))
}
