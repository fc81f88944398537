//! The straight way of a request: validated request -> decision on the token -> document.

use crate::call_log::CallLog;
use crate::clock::Moment;
use crate::conference::decision::{self, Kept};
use crate::conference::wrong_pins;
use crate::conference::{self, Credentials, Entered, Event, EventKind, Refused, Terms};
use crate::document::{self, Caller, prompt::Reason};
use crate::number::{ConferenceNumber, SessionId};
use crate::request::{Method, Pin, RawRequest, Request, Wish};
use crate::response::Response;
use crate::room::{Access, Room, RoomError, Rooms};
use crate::settings::Settings;
#[cfg(feature = "redis")]
use crate::store::Redis;
use crate::store::{Directory, Store, StoreError, StoreSettings};

/// A dial-in line: settings, the tokens they lead to, the rooms there are, and the call log.
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
    /// The line that the settings describe. What the operator should know, but no caller has to suffer from, is
    /// handed to `warn`.
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

    /// Hands something to whoever reads standard error.
    pub fn warn(&self, what: &str) {
        (self.warn)(what);
    }

    /// Answers a request. What is to be kept has been kept when this returns.
    ///
    /// An error is one on our side: a [`StoreError`] when the tokens can't be reached, anything else is a fault
    /// of the line's files or of the program.
    pub fn answer(&self, raw: &RawRequest) -> anyhow::Result<Answer> {
        let request = match Request::parse(raw, &self.settings.line.digits) {
            Ok(request) => request,
            Err(rejected) => {
                let head = raw.method == Method::Head;
                return Ok(Answer { response: rejected.response(), head });
            }
        };
        match self.fulfil(&request) {
            Ok(response) => Ok(Answer { response, head: request.head }),
            Err(error) => {
                let (number, session) = request.wish.about();
                let failed = Event::outside(EventKind::Failed, session, failure(&error));
                self.note(&Moment::now(), number, &[failed]);
                Err(error)
            }
        }
    }

    fn fulfil(&self, request: &Request) -> anyhow::Result<Response> {
        let line = &self.settings.line;
        let caller = Caller { session: request.wish.about().1, tries_left: request.tries_left };
        match &request.wish {
            Wish::Call => document::get_conference(line, caller, None),
            Wish::Enter { number: None, session, .. } => {
                let reason = Reason::NotANumber;
                if !request.head {
                    let refused = Event::outside(EventKind::Refused, session.as_ref(), reason.word());
                    self.note(&Moment::now(), None, &[refused]);
                }
                document::get_conference(line, caller, Some(reason))
            }
            Wish::Enter { number: Some(number), session, pin } => {
                let visit = Visit { number, session: session.as_ref(), pin: pin.as_ref() };
                self.enter(&visit, caller, request.head)
            }
            Wish::Prompt(prompt) => document::dialog(line, prompt),
            Wish::Renew(number, session) => {
                let room = self.rooms.find(number)?;
                let terms = self.terms_in(room.as_ref());
                // Where there is no room (any more) nobody gets a new place; who has one keeps it.
                let may_return = room.is_some();
                let decide =
                    |kept, now: &Moment| conference::renew(kept, number, session, may_return, now, &terms);
                document::standing(self.decide(number, decide)?)
            }
            Wish::Leave(number, session) => {
                // A room that cannot be read keeps nobody from leaving.
                let room = self.rooms.find(number).unwrap_or_default();
                let terms = self.terms_in(room.as_ref());
                self.decide(number, |kept, now| conference::leave(kept, session, now, &terms))?;
                document::left()
            }
        }
    }

    fn enter(&self, visit: &Visit<'_>, caller: Caller<'_>, head: bool) -> anyhow::Result<Response> {
        let line = &self.settings.line;
        let number = visit.number;
        let Some(room) = self.rooms.find(number)?.filter(|room| room.suits(line.dialect)) else {
            let no_room = Credentials::Refused(Refused::NoRoom);
            return match self.admit(visit, no_room, &self.settings.terms, head)? {
                // Who is in already stays in when the room's file is taken away.
                Ok(entered) => document::conference(line, caller, number, &entered),
                Err(why) => document::get_conference(line, caller, Some(Reason::Refused(why))),
            };
        };
        let in_room = document::Line {
            lang: room.lang.clone().unwrap_or_else(|| line.lang.clone()),
            tones: room.tones,
            ..line.clone()
        };
        let credentials = self.credentials(visit, &room, head)?;
        match self.admit(visit, credentials, &self.terms_in(Some(&room)), head)? {
            Ok(entered) => document::conference(&in_room, caller, number, &entered),
            Err(Refused::PinWanted) => document::get_pin(&in_room, number, None, room.pin_is_optional()),
            Err(why @ Refused::WrongPin) => {
                document::get_pin(&in_room, number, Some(Reason::Refused(why)), room.pin_is_optional())
            }
            Err(why @ Refused::PinClosed) => document::dismissal(&in_room, Reason::Refused(why)),
            Err(why) => document::get_conference(line, caller, Some(Reason::Refused(why))),
        }
    }

    /// What a caller has shown to get into a room; a wrong PIN is kept in mind.
    fn credentials(&self, visit: &Visit<'_>, room: &Room, head: bool) -> Result<Credentials, StoreError> {
        let access = room.access(visit.pin.map(Pin::keys));
        if !room.asks_for_pin() || head {
            return Ok(credentials(access));
        }
        let wrong = access == Access::WrongPin;
        let taken = self.decide(visit.number, |kept, now| wrong_pins::takes_pins(kept, wrong, now))?;
        // It is closed to PINs; who needs none, because it is the moderator's, gets in as ever.
        let needs_none = room.pin_is_optional() && visit.pin.is_none_or(|pin| pin.keys().is_empty());
        Ok(if taken || needs_none { credentials(access) } else { Credentials::Refused(Refused::PinClosed) })
    }

    /// Lets a caller in, or says why not; for HEAD it is only said what would be.
    fn admit(
        &self,
        visit: &Visit<'_>,
        credentials: Credentials,
        terms: &Terms,
        head: bool,
    ) -> Result<Result<Entered, Refused>, StoreError> {
        let decide = |kept, now: &Moment| {
            conference::enter(kept, visit.number, visit.session, credentials, now, terms)
        };
        if head {
            let (kept, now) = self.store.look(visit.number)?;
            return Ok(decide(kept, &now).answer);
        }
        self.decide(visit.number, decide)
    }

    /// The terms of a conference in a room. Where there is none (any more) they are those of the line.
    pub fn terms_in(&self, room: Option<&Room>) -> Terms {
        room.map_or(self.settings.terms, |room| room.terms(&self.settings.terms))
    }

    /// Decides on what is kept for a number, and notes in the call log what happened.
    pub fn decide<T, K: Kept>(
        &self,
        number: &ConferenceNumber,
        mut decide: impl FnMut(Option<K>, &Moment) -> decision::Decision<T, K>,
    ) -> Result<T, StoreError> {
        let mut decided_at = None;
        let decision = self.store.transact(number, |kept, now| {
            decided_at = Some(now.clone());
            decide(kept, now)
        })?;
        if let Some(moment) = decided_at {
            self.note(&moment, Some(number), &decision.events);
        }
        Ok(decision.answer)
    }

    fn note(&self, moment: &Moment, number: Option<&ConferenceNumber>, events: &[Event]) {
        if let Err(problem) = self.log.append(moment.wall, number, events) {
            self.warn(&problem);
        }
    }
}

/// Where the settings say that the tokens are kept.
fn store(settings: &Settings) -> Store {
    let for_store = StoreSettings { timeout: settings.lock_timeout, max_age: settings.terms.max_age };
    #[cfg(feature = "redis")]
    if let Some(url) = &settings.store {
        return Store::Redis(Redis::new(url.clone(), for_store));
    }
    Store::Directory(Directory::new(settings.dir.clone(), for_store))
}

/// Somebody who wants to get into a conference.
struct Visit<'a> {
    number: &'a ConferenceNumber,
    session: Option<&'a SessionId>,
    pin: Option<&'a Pin>,
}

fn credentials(access: Access) -> Credentials {
    match access {
        Access::Granted(role) => Credentials::Granted(role),
        Access::PinWanted => Credentials::Refused(Refused::PinWanted),
        Access::WrongPin => Credentials::Refused(Refused::WrongPin),
    }
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
