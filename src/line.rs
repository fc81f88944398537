//! The straight way of a request: validated request -> decision on the token -> document.

use crate::conference::{self, Conference, Credentials, Decision, Entered, Refused, Role};
use crate::document::{self, prompt::Reason};
use crate::keeper::{Keeper, KeeperError};
use crate::moment::Moment;
use crate::number::{ConferenceNumber, SessionId};
use crate::request::{RawRequest, Request, Wish};
use crate::response::Response;
use crate::settings::Settings;

/// A dial-in line: settings, and the tokens they lead to.
#[derive(Debug)]
pub struct Line {
    settings: Settings,
    keeper: Keeper,
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
    /// The line that the settings describe.
    pub fn new(settings: Settings) -> Self {
        let keeper = settings.keeper();
        Self { settings, keeper }
    }

    /// Answers a request. What is to be kept has been kept when this returns.
    ///
    /// An error is one on our side: a [`KeeperError`] when the tokens can't be reached, anything else is a fault
    /// of the program.
    pub fn answer(&self, raw: &RawRequest) -> anyhow::Result<Answer> {
        let request = match Request::parse(raw, &self.settings.line.digits) {
            Ok(request) => request,
            Err(rejected) => {
                let head = raw.method == crate::request::Method::Head;
                return Ok(Answer { response: Response::rejection(&rejected), head });
            }
        };
        Ok(Answer { response: self.fulfil(&request)?, head: request.head })
    }

    fn fulfil(&self, request: &Request) -> anyhow::Result<Response> {
        let line = &self.settings.line;
        match &request.wish {
            Wish::Call => document::get_conference(line, None),
            Wish::Enter { number: None, .. } => document::get_conference(line, Some(Reason::NotANumber)),
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
                document::standing(self.decided(number, decide)?)
            }
            Wish::Leave(number, session) => {
                let terms = &self.settings.terms;
                self.decided(number, |kept, now| conference::leave(kept, session, now, terms))?;
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
        self.decided(number, |kept, now| conference::enter(kept, number, session, ANYBODY, now, terms))
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

    fn decided<T>(
        &self,
        number: &ConferenceNumber,
        decide: impl FnMut(Option<Conference>, &Moment) -> Decision<T>,
    ) -> Result<T, KeeperError> {
        let decision = self.keeper.transact(number, decide)?;
        Ok(decision.answer)
    }
}

/// On an open line everybody gets in.
const ANYBODY: Credentials = Credentials::Granted(Role::Caller);
