//! The straight way of a request: validated request -> decision on the token -> document.

use crate::call_log::CallLog;
use crate::conference::{self, Conference, Credentials, Decision, Entered, Event, EventKind, Refused, Role};
use crate::document::{self, prompt::Reason};
use crate::keeper::{Keeper, KeeperError};
use crate::moment::Moment;
use crate::number::{ConferenceNumber, SessionId};
use crate::request::{Method, RawRequest, Request, Wish};
use crate::response::Response;
use crate::settings::Settings;

/// A dial-in line: settings, the tokens they lead to, and the call log.
#[derive(Debug)]
pub struct Line {
    settings: Settings,
    keeper: Keeper,
    log: CallLog,
    remark: fn(&str),
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
    /// handed to `remark`.
    pub fn new(settings: Settings, remark: fn(&str)) -> Self {
        let keeper = settings.keeper();
        let log = CallLog::new(settings.log.clone());
        Self { settings, keeper, log, remark }
    }

    /// The settings of the line.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where the line's tokens are kept.
    pub fn keeper(&self) -> &Keeper {
        &self.keeper
    }

    /// The line's call log.
    pub fn log(&self) -> &CallLog {
        &self.log
    }

    /// Answers a request. What is to be kept has been kept when this returns.
    ///
    /// An error is one on our side: a [`KeeperError`] when the tokens can't be reached, anything else is a fault
    /// of the program.
    pub fn answer(&self, raw: &RawRequest) -> anyhow::Result<Answer> {
        let request = match Request::parse(raw, &self.settings.line.digits) {
            Ok(request) => request,
            Err(rejected) => {
                let head = raw.method == Method::Head;
                return Ok(Answer { response: Response::rejection(&rejected), head });
            }
        };
        match self.fulfil(&request) {
            Ok(response) => Ok(Answer { response, head: request.head }),
            Err(error) => {
                let (number, session) = request.wish.about();
                let reason = if error.is::<KeeperError>() { "unreachable" } else { "fault" };
                self.note(&Moment::now(), number, &[Event::outside(EventKind::Failed, session, reason)]);
                Err(error)
            }
        }
    }

    fn fulfil(&self, request: &Request) -> anyhow::Result<Response> {
        let line = &self.settings.line;
        match &request.wish {
            Wish::Call => document::get_conference(line, None),
            Wish::Enter { number: None, session } => {
                let reason = Reason::NotANumber;
                if !request.head {
                    let refused = Event::outside(EventKind::Refused, session.as_ref(), reason.word());
                    self.note(&Moment::now(), None, &[refused]);
                }
                document::get_conference(line, Some(reason))
            }
            Wish::Enter { number: Some(number), session } => {
                let entered = if request.head {
                    self.look(number, session.as_ref())
                } else {
                    self.enter(number, session.as_ref())
                };
                match entered? {
                    Ok(entered) => document::conference(line, number, &entered),
                    Err(why) => document::get_conference(line, Some(Reason::Refused(why))),
                }
            }
            Wish::Prompt(prompt) => document::dialog(line, prompt),
            Wish::Renew(number, session) => {
                let terms = &self.settings.terms;
                let decide = |kept, now: &Moment| conference::renew(kept, number, session, now, terms);
                document::standing(self.decide(number, decide)?)
            }
            Wish::Leave(number, session) => {
                let terms = &self.settings.terms;
                self.decide(number, |kept, now| conference::leave(kept, session, now, terms))?;
                document::left()
            }
        }
    }

    fn enter(
        &self,
        number: &ConferenceNumber,
        session: Option<&SessionId>,
    ) -> Result<Result<Entered, Refused>, KeeperError> {
        let terms = &self.settings.terms;
        self.decide(number, |kept, now| conference::enter(kept, number, session, ANYBODY, now, terms))
    }

    /// What entering would be answered, for a request that must not enter.
    fn look(
        &self,
        number: &ConferenceNumber,
        session: Option<&SessionId>,
    ) -> Result<Result<Entered, Refused>, KeeperError> {
        let (kept, now) = self.keeper.look(number)?;
        Ok(conference::enter(kept, number, session, ANYBODY, &now, &self.settings.terms).answer)
    }

    /// Decides on what is kept for a number, and notes in the call log what happened.
    pub fn decide<T>(
        &self,
        number: &ConferenceNumber,
        mut decide: impl FnMut(Option<Conference>, &Moment) -> Decision<T>,
    ) -> Result<T, KeeperError> {
        let mut decided_at = None;
        let decision = self.keeper.transact(number, |kept, now| {
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
            (self.remark)(&problem);
        }
    }
}

/// On an open line everybody gets in.
const ANYBODY: Credentials = Credentials::Granted(Role::Caller);
