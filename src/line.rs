//! A line answers requests and does what operators ask for: request -> decision on the token -> document.

use crate::call_log::CallLog;
use crate::clock::Moment;
use crate::conference::{
    Conference, Entered, Entry, Event, EventKind, NotFound, Operation, Refused, Swept, Terms, Transaction,
};
use crate::document::{self, Call, DocumentSettings, prompt::Reason};
use crate::number::{ConferenceNumber, SessionId};
use crate::request::{KeyedPin, Method, RawRequest, Request, RequestKind};
use crate::response::Response;
use crate::room::{Room, RoomError, Rooms};
use crate::settings::Settings;
use crate::store::Redis;
use crate::store::{Directory, Store, StoreError, StoreSettings};

/// A dial-in line: its settings, tokens, rooms and call log.
#[derive(Debug)]
pub struct Line {
    settings: Settings,
    store: Store,
    rooms: Rooms,
    log: CallLog,
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
        let log = CallLog::new(settings.log.clone());
        Self { settings, store, rooms, log, warn }
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
                let failed = Event::outside(EventKind::Failed, session, failure(&error));
                self.write_log(&Moment::now(), number, &[failed]);
                Err(error)
            }
        }
    }

    /// Does what an operator asks for. The callers hear of it at their next renewal.
    pub fn operate(
        &self,
        number: &ConferenceNumber,
        operation: &Operation,
    ) -> Result<Result<(), NotFound>, StoreError> {
        let terms = self.terms_in(self.known_room(number).as_ref());
        self.transact(number, &terms, |transaction| transaction.operate(operation))
    }

    /// Removes what has expired from a number.
    pub fn sweep(&self, number: &ConferenceNumber) -> Result<Swept, StoreError> {
        let terms = self.terms_in(self.known_room(number).as_ref());
        self.transact(number, &terms, |transaction| transaction.sweep())
    }

    /// The conference in progress under a number, and the name of its room.
    pub fn look(
        &self,
        number: &ConferenceNumber,
    ) -> Result<Option<(Conference, Option<String>)>, StoreError> {
        let (kept, now) = self.store.look(number)?;
        let Some(kept) = kept else { return Ok(None) };
        let room = self.known_room(number);
        let terms = self.terms_in(room.as_ref());
        let conference = Transaction::begin(Some(kept), number, &now, &terms).into_conference();
        Ok(conference.is_occupied().then(|| (conference, room.and_then(|room| room.name))))
    }

    fn respond(&self, request: &Request) -> anyhow::Result<Response> {
        let documents = &self.settings.documents;
        let call = Call { id: request.kind.about().1, tries_left: request.tries_left };
        match &request.kind {
            RequestKind::Call => document::get_conference(documents, call, None),
            RequestKind::Enter { number: None, session, .. } => {
                let reason = Reason::NotANumber;
                if !request.head {
                    let refused = Event::outside(EventKind::Refused, session.as_ref(), reason.word());
                    self.write_log(&Moment::now(), None, &[refused]);
                }
                document::get_conference(documents, call, Some(reason))
            }
            RequestKind::Enter { number: Some(number), session, pin } => {
                self.enter(number, session.as_ref(), pin.as_ref(), call, request.head)
            }
            RequestKind::Prompt(prompt) => document::dialog(documents, prompt),
            RequestKind::Renew(number, session) => {
                let room = self.rooms.find(number)?;
                let terms = self.terms_in(room.as_ref());
                // Without a room nobody gets a place; who has one keeps it.
                let may_return = room.is_some();
                let state =
                    self.transact(number, &terms, |transaction| transaction.renew(session, may_return))?;
                document::state(state)
            }
            RequestKind::Leave(number, session) => {
                // A room that can't be read keeps nobody from leaving.
                let terms = self.terms_in(self.rooms.find(number).unwrap_or_default().as_ref());
                self.transact(number, &terms, |transaction| transaction.leave(session))?;
                document::left()
            }
        }
    }

    fn enter(
        &self,
        number: &ConferenceNumber,
        session: Option<&SessionId>,
        pin: Option<&KeyedPin>,
        call: Call<'_>,
        head: bool,
    ) -> anyhow::Result<Response> {
        let documents = &self.settings.documents;
        let Some(room) = self.rooms.find(number)?.filter(|room| room.suits(documents.dialect)) else {
            let no_room = Entry { session, access: Err(Refused::NoRoom), by_pin: false };
            return match self.admit(number, &no_room, &self.settings.terms, head)? {
                // Who is in stays in when the room's file is taken away.
                Ok(entered) => document::conference(documents, call, number, &entered),
                Err(why) => document::get_conference(documents, call, Some(Reason::Refused(why))),
            };
        };
        let in_room = DocumentSettings {
            lang: room.lang.clone().unwrap_or_else(|| documents.lang.clone()),
            tones: room.tones,
            ..documents.clone()
        };
        let keyed = pin.map(KeyedPin::keys);
        let entry = Entry { session, access: room.access(keyed), by_pin: room.is_entered_by_pin(keyed) };
        match self.admit(number, &entry, &self.terms_in(Some(&room)), head)? {
            Ok(entered) => document::conference(&in_room, call, number, &entered),
            Err(Refused::PinWanted) => document::get_pin(&in_room, number, None, room.pin_is_optional()),
            Err(why @ Refused::WrongPin) => {
                document::get_pin(&in_room, number, Some(Reason::Refused(why)), room.pin_is_optional())
            }
            Err(why @ Refused::PinClosed) => document::goodbye(&in_room, Reason::Refused(why)),
            Err(why) => document::get_conference(documents, call, Some(Reason::Refused(why))),
        }
    }

    /// Lets a caller in, or says why not. For HEAD it is only found out.
    fn admit(
        &self,
        number: &ConferenceNumber,
        entry: &Entry<'_>,
        terms: &Terms,
        head: bool,
    ) -> Result<Result<Entered, Refused>, StoreError> {
        if head {
            let (kept, now) = self.store.look(number)?;
            return Ok(Transaction::begin(kept, number, &now, terms).enter(entry));
        }
        self.transact(number, terms, |transaction| transaction.enter(entry))
    }

    /// The room of a number, as far as it is known. A broken file keeps nobody from acting.
    pub fn known_room(&self, number: &ConferenceNumber) -> Option<Room> {
        self.rooms.find(number).unwrap_or_else(|error| {
            self.warn(&error.to_string());
            None
        })
    }

    /// The terms of a conference in a room; without a room those of the line.
    fn terms_in(&self, room: Option<&Room>) -> Terms {
        room.map_or(self.settings.terms, |room| room.terms(&self.settings.terms))
    }

    /// Does one step on what is kept for a number, and writes what happened to the call log.
    fn transact<T>(
        &self,
        number: &ConferenceNumber,
        terms: &Terms,
        step: impl Fn(&mut Transaction<'_>) -> T,
    ) -> Result<T, StoreError> {
        let mut decided_at = None;
        let decision = self.store.transact(number, |kept, now| {
            decided_at = Some(now.clone());
            let mut transaction = Transaction::begin(kept, number, now, terms);
            let answer = step(&mut transaction);
            transaction.decision(answer)
        })?;
        if let Some(moment) = decided_at {
            self.write_log(&moment, Some(number), &decision.events);
        }
        Ok(decision.answer)
    }

    fn write_log(&self, moment: &Moment, number: Option<&ConferenceNumber>, events: &[Event]) {
        if let Err(problem) = self.log.append(moment.wall, number, events) {
            self.warn(&problem);
        }
    }
}

/// Where the settings say that the tokens are kept.
fn store(settings: &Settings) -> Store {
    let for_store = StoreSettings { timeout: settings.lock_timeout, max_age: settings.terms.max_age };
    if let Some(url) = &settings.store {
        return Store::Redis(Redis::new(url.clone(), for_store));
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
