//! The fields of query and form, decoded by serde_urlencoded.

use super::Rejected;
use crate::document::escape::escapes_are_whole;
use percent_encoding::percent_decode;
use serde::Deserialize;

/// Every field that means something; others are ignored (contract section 2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// What the caller keyed in.
    pub conference_code: Option<String>,
    /// The platform's session.
    pub session_id: Option<String>,
    /// The PIN, which comes in a form only.
    pub pin: Option<String>,
    /// What a session reports: `renew` or `leave`.
    pub event: Option<String>,
    /// The name of a prompt.
    pub prompt: Option<String>,
    /// For prompts: the language.
    pub lang: Option<String>,
    /// For prompts: how many others there are.
    pub count: Option<String>,
    /// For prompts: what went wrong.
    pub reason: Option<String>,
    /// How many tries are left.
    pub tries: Option<String>,
}

impl Fields {
    /// Decodes query and form as one set, in which no name may stand twice. A PIN in the query is refused, for
    /// web servers write queries to their access logs.
    pub fn parse(query: &[u8], form: &[u8]) -> Result<Self, Rejected> {
        let fields = Self::decode(query)?;
        if fields.pin.is_some() {
            return Err(Rejected::Malformed("a PIN travels in a form, not in a query"));
        }
        if form.is_empty() { Ok(fields) } else { Self::decode(&[query, form].join(&b'&')) }
    }

    fn decode(encoded: &[u8]) -> Result<Self, Rejected> {
        // serde_urlencoded lets broken escapes stand and replaces bytes that are not UTF-8.
        if !escapes_are_whole(encoded) {
            return Err(Rejected::Malformed("a percent escape is broken"));
        }
        if percent_decode(encoded).decode_utf8().is_err() {
            return Err(Rejected::Malformed("a field is not UTF-8"));
        }
        serde_urlencoded::from_bytes(encoded).map_err(|_| Rejected::Malformed("a field is given twice"))
    }
}
