//! The dial-in conference line for CCXML voice platforms, as one CGI program.
//!
//! The way of a request is straight: environment ([`settings`]) -> [`request`] -> decision ([`conference`], kept by
//! [`store`]) -> [`document`] -> [`response`]; [`mod@line`] is where these meet. [`cgi`] and [`cli`] are the two ways in,
//! [`desk`] is what [`cgi`] answers people with. [`room`] reads the files of rooms, [`secret`] signs what sessions carry with
//! them, [`identity`] is who callers are, [`control`] tells their sessions at once. [`call_log`] writes the call log, [`report`]
//! adds it up. [`overview`] is what operators see, [`operated`] what they have done, [`console`] prints for people.
//!
//! The rules:
//!
//! - Only [`settings::environment`] reads the environment, only [`clock`] the time, only [`store`] touches tokens, only
//!   [`cgi`] and [`cli`] standard input and output.
//! - [`conference`], [`document`] and [`report`] are pure: what they decide, render and count depends on their
//!   arguments alone.
//! - Raw input ([`request::RawRequest`]) becomes validated input ([`request::Request`]) once; nothing behind
//!   that point sees raw input, and nothing but a [`number::ConferenceNumber`] becomes a file name.
//! - What a caller hears, what the web server gets and what the operator reads are three texts:
//!   [`document::language`], [`response`], and the errors' `Display` on standard error.

// What every request goes through. Modules stand in the program in this order: what a request uses stands together, so that
// the system brings in fewer pages.
pub mod call_log;
pub mod cgi;
pub mod clock;
pub mod conference;
pub mod document;
pub mod identity;
pub mod line;
pub mod number;
pub mod request;
pub mod response;
pub mod room;
pub mod secret;
pub mod settings;
pub mod store;
mod toml_file;

// What operators work with.
pub mod cli;
pub mod console;
pub mod control;
pub mod desk;
mod disk;
pub mod operated;
pub mod overview;
pub mod report;
