//! What operators see and do (contract section 6), by whatever way they come: the same rows, the same decisions.

mod operation;
mod overview;

pub use operation::{Operation, operate, room};
pub use overview::{Details, Row, Seen, SessionRow, look};
