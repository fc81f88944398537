//! Requests: the raw bytes, their fields, and what they ask for once everything is understood (contract section 2).

mod fields;
mod prompt;
mod raw;
mod rejected;

pub use fields::{Fields, decode};
pub use raw::{FORM_TYPE, MOST_FORM, MOST_QUERY, Method, RawRequest, essence};
pub use rejected::Rejected;

use crate::conference::{Key, KeyPress, Parting};
use crate::document::prompt::{MOST_TRIES, Prompt};
use crate::number::{ConferenceNumber, SessionId, TelephoneNumber};
use std::ops::RangeInclusive;

/// A validated request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it asks for.
    pub kind: RequestKind,
    /// HEAD: the answer goes without its body, and nothing is changed.
    pub head: bool,
    /// How many tries the caller has left. Documents of 2002 can't count them and send them along.
    pub tries_left: u8,
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// The document that answers a call.
    Call,
    /// The document that answers a call to the conference of this number; none if it can't be one.
    Direct(Option<ConferenceNumber>),
    /// To get into a conference.
    Enter {
        /// The number that was keyed in; none if it can't be one.
        number: Option<ConferenceNumber>,
        /// The caller's session; none for a caller who can't be told apart.
        session: Option<SessionId>,
        /// What was keyed in as PIN, without white space; none if none has been asked for yet.
        pin: Option<KeyedPin>,
        /// The caller's telephone number, if it is told.
        caller: Option<TelephoneNumber>,
    },
    /// A prompt.
    Prompt(Prompt),
    /// To keep the place in the conference, and what a key that the caller has pressed asks for.
    Renew {
        /// The number of the conference.
        number: ConferenceNumber,
        /// The caller's session.
        session: SessionId,
        /// What the session was given to prove its place. Nobody has looked at it yet.
        ticket: Option<String>,
        /// Who the caller is.
        addresses: Addresses,
        /// The key.
        key: Option<KeyPress>,
    },
    /// To leave the conference.
    Leave {
        /// The number of the conference.
        number: ConferenceNumber,
        /// The caller's session.
        session: SessionId,
        /// Why the call ends.
        why: Option<Parting>,
    },
}

/// The addresses of a session, as the platform tells them. Nobody has looked at them yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Who calls.
    pub caller: Option<String>,
    /// What was dialled.
    pub called: Option<String>,
    /// The URL that takes events for the session.
    pub control: Option<String>,
}

/// What a caller keyed in as a PIN. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyedPin(String);

impl KeyedPin {
    /// White space is dropped, because platforms separate digits with it.
    fn from_keys(keys: &str) -> Self {
        Self(keys.chars().filter(|key| !key.is_whitespace()).collect())
    }

    /// What was keyed in, to be compared.
    pub fn keys(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for KeyedPin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyedPin")
    }
}

impl Request {
    /// Reads a request to a line whose numbers have so many `digits`.
    pub fn parse(raw: &RawRequest, digits: &RangeInclusive<usize>) -> Result<Self, Rejected> {
        let fields = Fields::parse(&raw.query, &raw.form)?;
        let tries_left = fields.tries.as_deref().and_then(|tries| tries.parse().ok());
        Ok(Self {
            kind: RequestKind::of(&fields, raw.method, digits)?,
            head: raw.method == Method::Head,
            tries_left: tries_left.unwrap_or(MOST_TRIES).min(MOST_TRIES),
        })
    }
}

impl RequestKind {
    /// The number and the session that the request names.
    pub fn about(&self) -> (Option<&ConferenceNumber>, Option<&SessionId>) {
        match self {
            Self::Call | Self::Direct(_) | Self::Prompt(_) => (None, None),
            Self::Enter { number, session, .. } => (number.as_ref(), session.as_ref()),
            Self::Renew { number, session, .. } | Self::Leave { number, session, .. } => {
                (Some(number), Some(session))
            }
        }
    }

    fn of(fields: &Fields, method: Method, digits: &RangeInclusive<usize>) -> Result<Self, Rejected> {
        let session = match &fields.session_id {
            Some(text) => Some(
                SessionId::parse(text)
                    .ok_or(Rejected::Malformed("session_id must be 1 to 256 visible ASCII characters"))?,
            ),
            None => None,
        };
        if let Some(event) = &fields.event {
            let key = Key::from_event(event);
            if key.is_none() && event != "renew" && event != "leave" {
                return Err(Rejected::Malformed("there is no such event"));
            }
            if method != Method::Post {
                return Err(Rejected::MethodNotAllowed("POST"));
            }
            let number =
                fields.conference_code.as_deref().and_then(|code| ConferenceNumber::parse(code, digits));
            return match (number, session) {
                (Some(number), Some(session)) if event == "leave" => {
                    Ok(Self::Leave { number, session, why: fields.reason.as_deref().map(Parting::from_word) })
                }
                (Some(number), Some(session)) => Ok(Self::Renew {
                    number,
                    session,
                    ticket: fields.ticket.clone(),
                    addresses: Addresses {
                        caller: fields.caller.clone(),
                        called: fields.called.clone(),
                        control: fields.control.clone(),
                    },
                    key: key.map(|key| KeyPress { key, count: presses(fields) }),
                }),
                (None, _) => Err(Rejected::Malformed("an event needs the number of a conference")),
                (_, None) => Err(Rejected::Malformed("an event needs a session_id")),
            };
        }
        if let Some(name) = &fields.prompt {
            return prompt::prompt(name, fields).map(Self::Prompt);
        }
        match &fields.conference_code {
            Some(code) => Ok(Self::Enter {
                number: ConferenceNumber::parse(code, digits),
                session,
                pin: fields.pin.as_deref().map(KeyedPin::from_keys),
                caller: fields.caller.as_deref().and_then(TelephoneNumber::from_address),
            }),
            None => Ok(match &fields.direct {
                Some(code) => Self::Direct(ConferenceNumber::parse(code, digits)),
                None => Self::Call,
            }),
        }
    }
}

/// Which press of the session a key is. One that is not counted is the first.
fn presses(fields: &Fields) -> u32 {
    fields.press.as_deref().and_then(|press| press.parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests;
