//! The dial-in conference line for CCXML voice platforms, as one CGI program.
//!
//! A request goes straight through: [`environment`] -> [`request`] -> decision ([`conference`], kept by
//! [`keeper`]) -> [`document`] -> [`response`]; [`mod@line`] is where these meet, and [`faces`] are the two ways
//! in. [`operator`] holds the commands of the shell, [`room`] the rooms, [`call_log`] the call log. What keeps this house
//! in order:
//!
//! - Only [`environment`] reads the environment, only [`moment`] the time of day, only [`keeper`] touches tokens,
//!   only [`faces`] standard input and output.
//! - [`conference`], [`lock_out`] and [`document`] are pure: what they decide and render depends on their arguments alone.
//! - Raw input ([`request::RawRequest`]) becomes validated input ([`request::Request`]) once; nothing behind
//!   that point sees raw input, and nothing but a [`number::ConferenceNumber`] becomes a file name.
//! - What a caller hears, what the web server gets and what the operator reads are three texts: `language`,
//!   [`response`], and the errors' `Display` on standard error.

pub mod call_log;
pub mod conference;
pub mod decision;
pub mod document;
pub mod environment;
pub mod faces;
pub mod keeper;
pub mod language;
pub mod line;
pub mod lock_out;
pub mod moment;
pub mod number;
pub mod operator;
pub mod request;
pub mod response;
pub mod room;
pub mod settings;
