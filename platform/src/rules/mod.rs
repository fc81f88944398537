//! What a document may contain: tables, and the rules that no table can express.

pub(crate) mod ccxml;
pub(crate) mod schema;
pub(crate) mod vxml;
