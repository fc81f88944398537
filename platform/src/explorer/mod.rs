//! An explorer of documents: one call, all orders of what may happen to it.
//!
//! A test plays one course of events; this plays all of them up to a bound. It takes the documents that an [`Application`]
//! serves and lets everything happen that a platform may do.
//!
//! # States, choices, breaches
//!
//! A *state* is one moment of a call: the session with its document and variables, the connection, dialog and bridge around
//! it, everything that is pending, the caller's place at the application, and what has gone wrong so far. Moments that
//! differ only in names, counters and the time of day are one state (`world`, `session`).
//!
//! A *choice* is one thing that may happen next, and leads to another state (`choices`). What is pending at this moment
//! comes in any order, except that what one source tells comes in its order; time goes on only when nothing is. A dialog ends
//! at any moment up to its longest, the caller hangs up at any moment, a request gets any of its replies. So many times as
//! the [`Bound`] says something goes wrong besides: an event is lost, late or told twice, a step or a request fails, a mixer
//! is gone (`faults`).
//!
//! A *breach* is something that should not happen (`rules`):
//!
//! - an error without a transition, an expression that fails;
//! - silence, connected and not in the conference, for longer than allowed;
//! - a caller cut off without a word, or with an apology although at most one thing has failed;
//! - a session that outlives its call by more than its guards, or does not report it soon;
//! - a place that is left behind, or not renewed in time, or by two chains of renewals.
//!
//! Where more than one thing has failed, silence and the apology are not asked for any more, and the session's end only where it
//! holds no place; the rest is.
//! A breach is kept with the shortest way to it, and nothing behind it is visited.
//!
//! # When documents do more
//!
//! | what documents begin to use | where it is added |
//! |---|---|
//! | an event that may come at any moment: a key, a word from the application | [`Explorer::with_event`], where the application sets its explorer up |
//! | another reply, another dialog | the application's [`Application::replies`], [`Application::dialog`] |
//! | an element, and what it starts around the session | an `Effect` in `effects`, read in `elements`, done in `surroundings` |
//! | an answer of the platform that may be a failure instead | a `Step`, and its failure in `faults` |
//! | something else that must never be | `rules` |

mod application;
mod choices;
mod effects;
mod elements;
mod faults;
mod page;
mod play;
mod record;
mod rules;
mod session;
mod surroundings;
mod telling;
mod world;

pub use application::{Application, Dialog, Place, Reply, Says};

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::rc::Rc;

use crate::event::Event;
use crate::script::{Chain, Engine};
use page::Fetched;
use play::Played;
use session::Sessions;
use world::World;

/// How far an exploration goes.
#[derive(Clone, Debug)]
pub struct Bound {
    /// How many things go wrong at most in one call.
    pub faults: u8,
    /// How long a caller may hear nothing without being in the conference, in seconds.
    pub silence: u64,
    /// How long a place is kept that is not renewed, in seconds.
    pub lease: u64,
    /// How many states are visited at most, lest a fault of the documents makes them endless.
    pub states: usize,
}

/// Something that should not happen, and the shortest way to it.
#[derive(Clone, Debug)]
pub struct Breach {
    /// What is wrong.
    pub what: String,
    /// What has happened before, step by step: the second of the call, what it was, the state that the session was in. What
    /// has gone wrong begins with an exclamation mark.
    pub path: Vec<String>,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.what)?;
        self.path.iter().try_for_each(|step| writeln!(f, "  {step}"))
    }
}

/// What an exploration has come to.
#[derive(Debug, Default)]
pub struct Exploration {
    /// How many different states there were.
    pub states: usize,
    /// How many choices led from one to another.
    pub choices: usize,
    /// Whether every state within the bound was visited.
    pub complete: bool,
    /// What should not happen, each kind once.
    pub breaches: Vec<Breach>,
}

/// Explores the documents of an application.
///
/// ```
/// use ccxml_platform::{Application, Bound, Dialog, Explorer, HttpRequest, HttpResponse, Reply, Says};
///
/// /// Says goodbye to whoever calls, but never hangs up.
/// struct Deaf;
///
/// impl Application for Deaf {
///     fn replies(&mut self, _: &HttpRequest) -> Vec<Reply> {
///         vec![Reply::new(HttpResponse::new(200, "application/ccxml+xml", r#"
///             <ccxml version="1.0" xmlns="http://www.w3.org/2002/09/ccxml">
///               <eventprocessor>
///                 <transition event="connection.alerting"><accept connectionid="event$.connectionid"/></transition>
///                 <transition event="connection.connected">
///                   <dialogstart src="'bye.vxml'" connectionid="event$.connectionid"/>
///                 </transition>
///                 <transition event="connection.*ed"><exit/></transition>
///                 <transition event="error.*"><exit/></transition>
///               </eventprocessor>
///             </ccxml>"#))]
///     }
///
///     fn dialog(&mut self, _: &str) -> Dialog {
///         Dialog::that_says(Says::Farewell)
///     }
/// }
///
/// let bound = Bound { faults: 0, silence: 30, lease: 180, states: 1_000 };
/// let exploration = Explorer::new("http://line.example/", bound, Deaf).explore();
/// assert_eq!(exploration.breaches[0].what, "the caller hears nothing for ever");
/// ```
pub struct Explorer {
    application: Box<dyn Application>,
    address: String,
    bound: Bound,
    outside: Vec<(Event, u8)>,
    first_only: bool,
    engine: Rc<Engine>,
    chain: Chain,
    /// How many documents have been read.
    pages: usize,
    sessions: Sessions,
    /// What has come of an event, by the session and all that it depends on besides.
    played: HashMap<(usize, u64), Rc<Played>>,
    answered: HashMap<String, Rc<Vec<Answered>>>,
    dialogs: HashMap<Rc<str>, Rc<Dialog>>,
    exploration: Exploration,
    /// Something was wrong in the step under way.
    broken: bool,
}

/// A reply, read.
struct Answered {
    place: Place,
    content: Result<Fetched, String>,
}

impl Explorer {
    /// How the connection of the call is named in events.
    pub const CONNECTION: &str = world::LEG;

    /// Explores the documents that an application serves at an address.
    pub fn new(address: &str, bound: Bound, application: impl Application + 'static) -> Self {
        let engine = Engine::shared();
        let chain = engine.open(crate::platform::SCOPES);
        Explorer {
            application: Box::new(application),
            address: address.into(),
            bound,
            outside: Vec::new(),
            first_only: false,
            engine,
            chain,
            pages: 0,
            sessions: Sessions::default(),
            played: HashMap::new(),
            answered: HashMap::new(),
            dialogs: HashMap::new(),
            exploration: Exploration::default(),
            broken: false,
        }
    }

    /// Tells that a variable numbers events to oneself: their names are the prefix and what the variable was when they were
    /// sent. Such a variable never goes down, and only how far an event is behind it makes a difference, and whether it still
    /// is 0. An event that is behind and changes nothing is forgotten. An application variable of the same name is taken to be
    /// no further behind.
    pub fn with_counter(mut self, variable: &str, prefix: &str) -> Self {
        self.sessions.count(variable, prefix);
        self
    }

    /// Lets an event come at any moment while the call is connected, at most so many times.
    pub fn with_event(mut self, event: Event, times: u8) -> Self {
        self.outside.push((event, times));
        self
    }

    /// Stops at the first breach.
    pub fn until_a_breach(mut self) -> Self {
        self.first_only = true;
        self
    }

    /// Visits every state within the bound.
    pub fn explore(mut self) -> Exploration {
        let mut visited = HashSet::new();
        let mut open: VecDeque<World> = self.begin().into();
        self.exploration.complete = true;
        while let Some(world) = open.pop_front() {
            if self.first_only && !self.exploration.breaches.is_empty() || visited.len() >= self.bound.states
            {
                self.exploration.complete = false;
                break;
            }
            let next = self.successors(&world);
            self.exploration.choices += next.len();
            for world in next {
                if world.alive && visited.len() < self.bound.states && visited.insert(world.key()) {
                    open.push_back(world);
                }
            }
        }
        self.exploration.states = visited.len();
        std::mem::take(&mut self.exploration)
    }

    /// Notes something that should not happen; the first of its kind is kept.
    fn breach(&mut self, world: &World, what: impl Into<String>) {
        let what = what.into();
        self.broken = true;
        if !self.exploration.breaches.iter().any(|breach| breach.what == what) {
            self.exploration.breaches.push(Breach { what, path: world.path() });
        }
    }
}

impl Drop for Explorer {
    /// The engine outlives the explorer; its scopes need not.
    fn drop(&mut self) {
        self.engine.close(self.chain);
    }
}
