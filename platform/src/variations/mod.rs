//! What the standard leaves open, as switches: a document that works here has to work whichever way they stand.

mod switches;

use std::time::Duration;

/// What a session is told after a hang-up, in no order that anybody promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aftermath {
    /// `connection.disconnected`.
    Disconnected,
    /// `conference.unjoined`, if the caller was in a conference.
    Unjoined,
    /// `dialog.exit`, if the caller was in a dialog.
    DialogExit,
}

/// How a caller who gave up while it was ringing is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abandoned {
    /// By `connection.failed`.
    Failed,
    /// By `connection.disconnected`.
    Disconnected,
}

/// What a platform makes of a GET that carries parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gets {
    /// It stays one.
    Unchanged,
    /// The variables of a `namelist` travel in the body of a POST.
    NamelistAsPost,
    /// The whole query does, whoever wrote it.
    QueryAsPost,
}

/// What `dialog.exit` carries when the dialog ended otherwise than by its own `<exit>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateValues {
    /// What the dialog's own handler returned, if it had one.
    Kept,
    /// An object without properties.
    Empty,
    /// No `values` at all.
    Missing,
}

/// What `session.ioprocessors` says of the HTTP event I/O processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasicHttp {
    /// There is none: the object has no such entry.
    Absent,
    /// There is none: the entry is `null`.
    Null,
    /// There is none: `session.ioprocessors` itself is `null`.
    NoProcessors,
    /// There is none: `session.ioprocessors` itself is undefined.
    Missing,
    /// It is there, at the platform's address for it.
    There,
}

/// What becomes of a `<send>` to another session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    /// It is in the other session's queue this long after the sender has been told that it was taken.
    Delivered(Duration),
    /// `error.send.failed`.
    Refused,
}

/// How a session hears of a caller's keys outside of dialogs, as `connection.signal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signals {
    /// Not at all.
    None,
    /// By `event$.dtmf`, of every key, whether a dialog takes it or not.
    Dtmf,
    /// By `event$.info.type`, which is `dtmf`, and `event$.info.value`; not of the keys that a dialog takes.
    Info,
}

/// One way in which a conforming platform may behave.
#[derive(Clone, Debug, PartialEq)]
pub struct Variations {
    /// The order of the events after a hang-up.
    pub hangup_order: [Aftermath; 3],
    /// How long after one another they come; with zero they are all queued before the first is handled.
    pub hangup_gap: Duration,
    /// `error.*` events overtake what is queued already.
    pub errors_first: bool,
    /// After `goto`, `ccxml.loaded` comes before what is queued already.
    pub loaded_first: bool,
    /// How it is reported that a caller gave up while it was ringing.
    pub abandoned: Abandoned,
    /// Recognised keys come back as `1 2 3 4`.
    pub blank_digits: bool,
    /// Identifiers are full of quotes, brackets and ampersands.
    pub hostile_ids: bool,
    /// What becomes of a GET with parameters.
    pub gets: Gets,
    /// What `dialog.exit` carries after a dialog that was cut short.
    pub late_values: LateValues,
    /// Input ends as soon as the grammar could take no further key (a `termtimeout` of zero taken literally), and the
    /// keys that follow answer the next question. Otherwise a key too many makes it a nomatch.
    pub eager_digits: bool,
    /// Sessions hear of the joins of everybody in a conference that they are attached to, not only of their own.
    pub bystanders: bool,
    /// A dialog that is terminated before it has started never starts; otherwise it starts and ends at once.
    pub stillborn_dialogs: bool,
    /// How long after its end a dialog is reported to have ended, as where dialogs run in a process of their own.
    pub exit_delay: Duration,
    /// Responses are cached as far as their headers allow.
    pub caches: bool,
    /// What sessions are told of the HTTP event I/O processor, and whether it is there.
    pub basichttp: BasicHttp,
    /// What becomes of a `<send>` to another session.
    pub sends: Sends,
    /// How sessions hear of keys outside of dialogs.
    pub signals: Signals,
    /// `connection.signal` comes with other things than keys, too: call progress, and what is no key although it looks
    /// like one.
    pub foreign_signals: bool,
}

impl Default for Variations {
    fn default() -> Self {
        Variations {
            hangup_order: ORDERS[0],
            hangup_gap: Duration::ZERO,
            errors_first: false,
            loaded_first: true,
            abandoned: Abandoned::Failed,
            blank_digits: false,
            hostile_ids: false,
            gets: Gets::Unchanged,
            late_values: LateValues::Kept,
            eager_digits: false,
            bystanders: true,
            stillborn_dialogs: true,
            exit_delay: Duration::ZERO,
            caches: false,
            basichttp: BasicHttp::Absent,
            sends: Sends::Delivered(Duration::ZERO),
            signals: Signals::None,
            foreign_signals: false,
        }
    }
}

const ORDERS: [[Aftermath; 3]; 6] = {
    use Aftermath::{DialogExit, Disconnected, Unjoined};
    [
        [Disconnected, Unjoined, DialogExit],
        [Disconnected, DialogExit, Unjoined],
        [Unjoined, Disconnected, DialogExit],
        [Unjoined, DialogExit, Disconnected],
        [DialogExit, Disconnected, Unjoined],
        [DialogExit, Unjoined, Disconnected],
    ]
};
