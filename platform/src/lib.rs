//! A call platform without telephones: CCXML 1.0 and VoiceXML 2.1 interpreted strictly, with any number of callers.
//! Documents of the CCXML draft of 2002 are played as far as they can be read as ones of 1.0.
//!
//! It plays callers against a web application and answers what matters: who hears whom, what was said, how each call
//! ended. Time is virtual, everything is deterministic, and a rule that a document breaks is a [`Violation`], with the
//! address and line of the document.
//!
//! ```
//! use ccxml_platform::{Caller, Ended, HttpRequest, HttpResponse, Platform, Variations, secs};
//!
//! // The application: here a document that answers and hangs up.
//! let web = |_: &HttpRequest| HttpResponse::new(200, "application/ccxml+xml", r#"
//!     <ccxml version="1.0" xmlns="http://www.w3.org/2002/09/ccxml">
//!       <eventprocessor>
//!         <transition event="connection.alerting"><accept/></transition>
//!         <transition event="connection.connected"><disconnect/></transition>
//!         <transition event="connection.disconnected"><exit/></transition>
//!         <transition event="error.*"><exit/></transition>
//!       </eventprocessor>
//!     </ccxml>"#);
//! let mut platform = Platform::new(web, Variations::default());
//! let anna = platform.call(Caller::new("+49301"), secs(0));
//! platform.run_until(secs(10));
//! assert!(matches!(platform.record(anna).ended, Ended::Disconnected { .. }));
//! platform.assert_clean();
//! ```
//!
//! An application is anything that is [`Web`]: a closure, a program under the rules of CGI ([`CgiWeb`]), a client of a real
//! server. [`Platform::trace`] tells all that has happened as data, [`Platform::report`] as text.
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
//! | what a document may contain | `rules` |
//! | variables and expressions, in their scopes | `script` |
//! | what differs from platform to platform, and what goes wrong | [`Variations`], [`Fault`], [`Disturbance`] |

mod arena;
mod caller;
mod ccxml;
mod clock;
mod event;
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

pub use caller::{Ask, CallRecord, Caller, Ended, Entry, Heard};
pub use clock::{millis, secs};
pub use event::{Event, Value};
pub use faults::{Disturbance, Fault, FetchFault};
pub use ids::CallId;
pub use platform::Platform;
pub use trace::{Bridge, Rule, TraceEntry, Violation, What};
pub use variations::{Abandoned, Aftermath, Gets, LateValues, Variations};
pub use web::{Answer, CgiWeb, Exchange, HttpRequest, HttpResponse, Web};
