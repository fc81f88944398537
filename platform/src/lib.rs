#![doc = include_str!("../README.md")]
//!
//! # How a call runs
//!
//! | what happens | where to read on |
//! |---|---|
//! | a platform is set up, callers ring, time passes | `platform` |
//! | a session is made, events wait in its queue, each is offered to the transitions | `ccxml`: `session`, `transitions` |
//! | the elements of a transition start things, which end in further events | `ccxml`: `actions`, `attributes` |
//! | connections are answered and released, joined to conferences | `ccxml`: `connections`, `bridges`, `conferences`; `media` |
//! | documents and scripts are fetched | `ccxml`: `fetching`, `requests`, `reading`; `web` |
//! | a dialog speaks and listens | `ccxml`: `dialogs`; `vxml` |
//! | a session is sent events, by others, by HTTP, by keys | `ccxml`: `sending`, `basichttp`, `signals` |
//! | what a document may contain | `rules` |
//! | variables and expressions, in their scopes | `script` |
//! | all courses that one call may take, not only one | [`Explorer`] |
//! | what differs from platform to platform, and what goes wrong | [`Variations`], [`Fault`], [`Disturbance`] |

mod arena;
mod caller;
mod ccxml;
mod clock;
mod event;
mod explorer;
mod faults;
mod ids;
mod markup;
mod media;
mod platform;
mod rules;
mod script;
mod trace;
mod variations;
mod vxml;
mod web;

pub use caller::{Ask, CallRecord, Caller, Ended, Entry, Heard, Joined};
pub use clock::{millis, secs};
pub use event::{Event, Value};
pub use explorer::{Application, Bound, Breach, Dialog, Exploration, Explorer, Place, Reply, Says};
pub use faults::{Disturbance, Fault, FetchFault};
pub use ids::{CallId, SessionId};
pub use platform::Platform;
pub use trace::{Bridge, Rule, Sender, TraceEntry, Violation, What};
pub use variations::{Abandoned, Aftermath, BasicHttp, Gets, LateValues, Sends, Signals, Variations};
pub use web::{Answer, CgiWeb, Exchange, HttpRequest, HttpResponse, Web};
