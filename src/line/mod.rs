//! A line answers requests and does what operators ask for: request -> decision on the token -> document.

mod enter;
mod renew;

use crate::call_log::CallLog;
use crate::clock::{Millis, Moment};
use crate::conference::{
    Conference, Done, Event, EventKind, NotDone, Operation, Report, Swept, Terms, Transaction,
};
use crate::control;
use crate::document::{self, Call, Keys, prompt::Reason};
use crate::identity;
use crate::number::{ConferenceNumber, SessionId};
use crate::request::{Method, RawRequest, Request, RequestKind};
use crate::response::Response;
use crate::room::{Room, RoomError, Rooms};
use crate::secret::Secret;
use crate::settings::Settings;
use crate::store::{Directory, Redis, Store, StoreError, StoreSettings};
use enter::Newcomer;
use std::cell::OnceCell;

/// A dial-in line: its settings, tokens, rooms and call log.
#[derive(Debug)]
pub struct Line {
    settings: Settings,
    store: Store,
    rooms: Rooms,
    log: CallLog,
    /// The secret, once it was needed.
    secret: OnceCell<Secret>,
    warn: fn(&str),
}

/// An answer, and whether it goes without its body.
#[derive(Debug)]
pub struct Answer {
    /// What is answered.
    pub response: Response,
    /// The request was HEAD.
    pub head: bool,
}

impl Line {
    /// The line that the settings describe. `warn` gets what the operator should know and no caller suffers from.
    pub fn new(settings: Settings, warn: fn(&str)) -> Self {
        let store = store(&settings);
        let rooms = Rooms::new(settings.rooms.clone());
        let log = CallLog::new(settings.log.clone(), settings.documents.line.clone());
        Self { settings, store, rooms, log, secret: OnceCell::new(), warn }
    }

    /// The settings of the line.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where the line's tokens are kept.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The line's rooms.
    pub fn rooms(&self) -> &Rooms {
        &self.rooms
    }

    /// The line's call log.
    pub fn log(&self) -> &CallLog {
        &self.log
    }

    /// Tells the operator something on standard error.
    pub fn warn(&self, what: &str) {
        (self.warn)(what);
    }

    /// Answers a request. When this returns, whatever is to be kept has been kept.
    ///
    /// An error is one on our side: a [`StoreError`] if the tokens can't be reached, anything else is a fault of the
    /// line's files or of the program.
    pub fn answer(&self, raw: &RawRequest) -> anyhow::Result<Answer> {
        let request = match Request::parse(raw, &self.settings.documents.digits) {
            Ok(request) => request,
            Err(rejected) => {
                let head = raw.method == Method::Head;
                return Ok(Answer { response: rejected.response(), head });
            }
        };
        match self.respond(&request) {
            Ok(response) => Ok(Answer { response, head: request.head }),
            Err(error) => {
                let (number, session) = request.kind.about();
                self.log_failure(number, session, &error);
                Err(error)
            }
        }
    }

    /// Writes into the call log that a request failed on our side.
    pub fn log_failure(
        &self,
        number: Option<&ConferenceNumber>,
        session: Option<&SessionId>,
        error: &anyhow::Error,
    ) {
        let failed = Event::outside(EventKind::Failed, session, failure(error));
        self.write_log(Moment::now().wall, number, &[failed]);
    }

    /// Does what an operator, who may have a name, asks for. The callers hear of it at once where their sessions can be
    /// reached, else at their next renewal.
    pub fn operate(
        &self,
        number: &ConferenceNumber,
        operation: &Operation,
        by: Option<&str>,
    ) -> Result<Result<Done, NotDone>, StoreError> {
        let mut done = self.transact(number, |transaction| transaction.operate(operation, by))?;
        if let (Ok(done), Some(control)) = (&mut done, &self.settings.control) {
            done.reached = control::look(control, &done.told);
        }
        Ok(done)
    }

    /// Removes what has expired from a number.
    pub fn sweep(&self, number: &ConferenceNumber) -> Result<Swept, StoreError> {
        self.transact(number, |transaction| transaction.sweep())
    }

    /// What is kept for a number, as it is now, and the name of its room. A broken file hides the name alone.
    pub fn look(
        &self,
        number: &ConferenceNumber,
    ) -> Result<Option<(Conference, Option<String>)>, StoreError> {
        let (kept, now) = self.store.look(number)?;
        let Some(kept) = kept else { return Ok(None) };
        let conference = Transaction::begin(Some(kept), number, &now, &self.settings.times).into_conference();
        Ok(Some((conference, self.known_room(number).and_then(|room| room.name))))
    }

    fn respond(&self, request: &Request) -> anyhow::Result<Response> {
        let documents = &self.settings.documents;
        let call = Call { id: request.kind.about().1, tries_left: request.tries_left };
        match &request.kind {
            RequestKind::Call => document::get_conference(documents, call, None),
            RequestKind::Direct(number) => document::direct(documents, call, number.as_ref()),
            RequestKind::Enter { number: None, session, .. } => {
                let reason = Reason::NotANumber;
                if !request.head {
                    let refused = Event::outside(EventKind::Refused, session.as_ref(), reason.word());
                    self.write_log(Moment::now().wall, None, &[refused]);
                }
                document::get_conference(documents, call, Some(reason))
            }
            RequestKind::Enter { number: Some(number), session, pin, caller: telephone } => {
                let newcomer = Newcomer {
                    number,
                    session: session.as_ref(),
                    pin: pin.as_ref(),
                    telephone: telephone.as_ref(),
                };
                self.enter(&newcomer, call, request.head)
            }
            RequestKind::Prompt(prompt) => document::dialog(documents, prompt),
            RequestKind::Renew { number, session, ticket, addresses, key } => {
                let identity = self.identity(addresses);
                let key = key.filter(|_| self.settings.documents.keys != Keys::No);
                let report = Report { session, ticket: None, identity, key };
                self.renew(number, report, ticket.as_deref())
            }
            RequestKind::Leave { number, session, why } => {
                let wakes = self.transact(number, |transaction| transaction.leave(session, *why))?;
                document::left(documents, &wakes)
            }
        }
    }

    /// What is kept of a caller's address.
    fn shown(&self, address: &str) -> Option<String> {
        identity::dialled(address).and_then(|caller| self.settings.caller_id.keeps(caller))
    }

    /// The terms of a conference in a room, or without one.
    fn terms(&self, room: Option<&Room>) -> Terms {
        let terms = room.map_or_else(Terms::default, Room::terms);
        Terms { max_millis: terms.max_millis.or(self.settings.max_millis), ..terms }
    }

    /// The secret of the line: that of the settings, else the one that is kept with the tokens.
    fn secret(&self, number: &ConferenceNumber) -> Result<&Secret, StoreError> {
        if let Some(secret) = self.settings.secret.as_ref().or_else(|| self.secret.get()) {
            return Ok(secret);
        }
        let secret = self.store.secret(number)?.for_line(self.settings.documents.line.as_deref());
        Ok(self.secret.get_or_init(|| secret))
    }

    /// The room of a number, as far as it is known. A broken file keeps nobody from acting.
    pub fn known_room(&self, number: &ConferenceNumber) -> Option<Room> {
        self.rooms.find(number).unwrap_or_else(|error| {
            self.warn(&error.to_string());
            None
        })
    }

    /// Does one step on what is kept for a number, and writes what happened to the call log.
    fn transact<T>(
        &self,
        number: &ConferenceNumber,
        step: impl Fn(&mut Transaction<'_>) -> T,
    ) -> Result<T, StoreError> {
        let mut time = 0;
        let decision = self.store.transact(number, |kept, now| {
            time = now.wall;
            let mut transaction = Transaction::begin(kept, number, now, &self.settings.times);
            let answer = step(&mut transaction);
            transaction.decision(answer)
        })?;
        self.write_log(time, Some(number), &decision.events);
        Ok(decision.answer)
    }

    fn write_log(&self, time: Millis, number: Option<&ConferenceNumber>, events: &[Event]) {
        if let Err(problem) = self.log.append(time, number, events) {
            self.warn(&problem);
        }
    }
}

/// Where the settings say that the tokens are kept.
fn store(settings: &Settings) -> Store {
    let for_store = StoreSettings {
        line: settings.documents.line.clone(),
        timeout: settings.lock_timeout,
        max_age: settings.times.max_age,
    };
    if let Some(url) = &settings.store {
        return Store::Redis(Box::new(Redis::new(url.clone(), for_store)));
    }
    Store::Directory(Directory::new(settings.dir.clone(), for_store))
}

/// What failed, in one word for the call log.
fn failure(error: &anyhow::Error) -> &'static str {
    if error.is::<StoreError>() {
        "unreachable"
    } else if error.is::<RoomError>() {
        "room"
    } else {
        "fault"
    }
}
