//! Requests on their way to the web and back, with all that can befall them.

use std::rc::Rc;

use crate::clock::millis;
use crate::faults::{Effect, FetchFault, Step};
use crate::ids::SessionId;
use crate::platform::{Answered, Platform, Purpose, Request};
use crate::trace::{Rule, What};
use crate::web::{Answer, Exchange, HttpRequest, HttpResponse};

/// What comes instead of a script from something in between.
pub(crate) const GARBLED: &str = "<html>";

impl Platform {
    /// Sends the requests of one instant and plans the arrival of their responses.
    pub(crate) fn send_requests(&mut self, requests: Vec<Request>) {
        let mut sent = Vec::new();
        for Request { session, purpose, request } in requests {
            if !self.sessions[session].alive {
                let note = format!("(ended before it could send {} {})", request.method, request.url);
                self.note(session, note);
                continue;
            }
            let fault = self.fetch_fault(session, &purpose, &request);
            match self.answer_in_place(fault.as_ref(), &request) {
                Some(answer) => {
                    let lost = Err("it was answered on the way".to_string());
                    self.exchanged(session, Exchange { request: request.clone(), response: lost });
                    self.arrive(Answered { session, purpose, url: request.url, answer }, millis(40));
                }
                None => sent.push((session, purpose, request, fault)),
            }
        }
        let copies = sent.iter().flat_map(|(_, _, request, fault)| {
            let times = if *fault == Some(FetchFault::Duplicate) { 2 } else { 1 };
            std::iter::repeat_n(request.clone(), times)
        });
        let copies: Vec<HttpRequest> = copies.collect();
        let answers = if copies.is_empty() { Vec::new() } else { self.web.simultaneous(&copies) };
        let mut answers = answers.into_iter();
        for (session, purpose, request, fault) in sent {
            let mut answer = self.received(session, &request, answers.next());
            if fault == Some(FetchFault::Duplicate) {
                answer = self.received(session, &request, answers.next());
            }
            self.keep_in_cache(&request, &answer);
            let mut delay = millis(40);
            match (fault, &mut answer) {
                (Some(FetchFault::ResponseLost), _) => answer = Err("the response was lost".into()),
                (Some(FetchFault::Late(late)), _) => delay = late,
                (Some(FetchFault::Garbled), Ok(response)) => response.body = GARBLED.into(),
                (Some(FetchFault::Truncated), Ok(response)) => {
                    let middle = response.body.chars().count() / 2;
                    response.body = response.body.chars().take(middle).collect();
                }
                _ => {}
            }
            self.arrive(Answered { session, purpose, url: request.url, answer }, delay);
        }
    }

    fn fetch_fault(
        &mut self,
        session: SessionId,
        purpose: &Purpose,
        request: &HttpRequest,
    ) -> Option<FetchFault> {
        let (Purpose::Fetch { .. } | Purpose::Goto) = purpose else { return None };
        self.faults(session, &Step::Fetch(request)).into_iter().find_map(|effect| match effect {
            Effect::Fetch(fault) => Some(fault),
            _ => None,
        })
    }

    /// What answers a request before it reaches the server: something in between, or the cache.
    fn answer_in_place(&self, fault: Option<&FetchFault>, request: &HttpRequest) -> Option<Answer> {
        match fault {
            Some(FetchFault::NeverSent) => return Some(Err("the server cannot be reached".into())),
            Some(FetchFault::Status(status)) => {
                return Some(Ok(HttpResponse::new(*status, "text/plain", "failed")));
            }
            _ => {}
        }
        let (until, response) = self.cache.get(&request.url)?;
        (*until > self.agenda.now() && request.method == "GET").then(|| Ok(response.clone()))
    }

    fn keep_in_cache(&mut self, request: &HttpRequest, answer: &Answer) {
        if let (true, "GET", Ok(response)) = (self.variations.caches, request.method, answer)
            && let Some(lifetime) = response.lifetime()
        {
            let until = self.agenda.now() + lifetime;
            self.cache.insert(request.url.clone(), (until, response.clone()));
        }
    }

    /// Keeps the answer in the trace, and what is wrong with it whatever it says.
    fn received(&mut self, session: SessionId, request: &HttpRequest, answer: Option<Answer>) -> Answer {
        let answer = answer.unwrap_or_else(|| Err("the web has not answered".into()));
        self.exchanged(session, Exchange { request: request.clone(), response: answer.clone() });
        for problem in answer.iter().flat_map(|response| &response.problems) {
            let text = format!("{} {}: {problem}", request.method, request.url);
            self.violation(session, Rule::Response, text);
        }
        answer
    }

    pub(crate) fn exchanged(&mut self, session: SessionId, exchange: Exchange) {
        let exchange = Rc::new(exchange);
        self.exchanges.push(Rc::clone(&exchange));
        self.note(session, What::Exchange(exchange));
    }
}
