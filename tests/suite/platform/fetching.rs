//! Requests of sessions and dialogs, on their way to the web and back.

use std::rc::Rc;
use std::time::Duration;

use super::Platform;
use super::actions::{Failed, Scene};
use super::caller::{CallId, Ended};
use super::clock::{millis, secs};
use super::document::{Document, Element};
use super::event::Event;
use super::faults::{Effect, FetchFault, Happening};
use super::session::Work;
use super::variations::Gets;
use super::web::{Exchange, HttpRequest, HttpResponse, form_encode, is_sendable, resolve};

pub(super) const CCXML: &str = "application/ccxml+xml";
pub(super) const VXML: &str = "application/voicexml+xml";
/// What comes instead of a script from something in between.
pub(super) const GARBLED: &str = "<html>";

/// A fetch of a session, by its fetchid.
pub(super) enum Fetched {
    UnderWay,
    Document(Rc<Document>),
    Script(String),
    /// Taken for a script, but none.
    Garbled,
    Other,
}

/// Whose request it is.
#[derive(Clone)]
pub(super) enum Purpose {
    /// The document that a session begins with.
    First,
    Fetch {
        fetchid: String,
        media_type: String,
        timeout: Duration,
    },
    Dialog {
        id: String,
        media_type: String,
    },
}

/// A request that is about to be sent.
pub(super) struct Request {
    pub(super) call: CallId,
    pub(super) purpose: Purpose,
    pub(super) request: HttpRequest,
}

/// A response that is about to arrive, or the reason why none will.
pub(super) struct Answer {
    pub(super) call: CallId,
    pub(super) purpose: Purpose,
    pub(super) url: String,
    pub(super) response: Result<HttpResponse, String>,
}

impl Platform {
    pub(super) fn request_first_document(&mut self, call: CallId) {
        let url = self.address.clone();
        self.plan(call, Purpose::First, &url, false, &[]);
    }

    pub(super) fn start_fetch(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let url = resolve(scene.document.base(), &self.text(scene, element, "next")?);
        let media_type = match element.attribute("type") {
            Some(_) => self.text(scene, element, "type")?,
            None => CCXML.into(),
        };
        let post = self.word(scene, element, "method", &["get", "post"])? == "post";
        self.word(scene, element, "enctype", &["application/x-www-form-urlencoded"])?;
        let timeout = self.time(scene, element, "timeout")?.unwrap_or(secs(30));
        let list = self.list(scene, element, "namelist")?;
        self.numbered += 1;
        let nasty = if self.variations.hostile_ids { r#" "'&<>;\ "# } else { "" };
        let fetchid = format!("fetch-{}{nasty}", self.numbered);
        self.set(scene, element, "fetchid", &fetchid)?;
        self.note(scene.call, format!("  fetch {fetchid} {url} {list:?}"));
        self.sessions[scene.call.0].fetches.insert(fetchid.clone(), Fetched::UnderWay);
        self.plan(scene.call, Purpose::Fetch { fetchid, media_type, timeout }, &url, post, &list);
        Ok(())
    }

    /// Makes the request and lets it be sent in a moment: who ends before that has not sent it.
    pub(super) fn plan(
        &mut self,
        call: CallId,
        purpose: Purpose,
        url: &str,
        post: bool,
        list: &[(String, String)],
    ) {
        if !is_sendable(url) {
            self.violation(call, format!("{url:?} is not escaped as an address has to be"));
        }
        let encoded =
            list.iter().map(|(name, value)| format!("{}={}", form_encode(name), form_encode(value)));
        let encoded = encoded.collect::<Vec<_>>().join("&");
        let (mut url, mut form) = (url.to_string(), None);
        if post || (!encoded.is_empty() && self.variations.gets != Gets::Unchanged) {
            form = Some(encoded);
        } else if !encoded.is_empty() {
            let mark = if url.contains('?') { '&' } else { '?' };
            url = format!("{url}{mark}{encoded}");
        }
        if !post
            && self.variations.gets == Gets::QueryAsPost
            && let Some((path, query)) = url.clone().split_once('?')
        {
            let rest = form.take().filter(|rest| !rest.is_empty());
            form = Some(rest.map_or(query.into(), |rest| format!("{query}&{rest}")));
            url = path.into();
        }
        let method = if form.is_some() { "POST" } else { "GET" };
        let at = self.agenda.now() + millis(10);
        let caller = self.records[call.0].number.clone();
        let request = HttpRequest { method, url, form, at, caller };
        self.agenda.after(millis(10), Work::Request(Box::new(Request { call, purpose, request })));
    }

    /// Sends the requests of one instant and plans the arrival of their responses.
    pub(super) fn request(&mut self, requests: Vec<Request>) {
        let mut sent = Vec::new();
        for Request { call, purpose, request } in requests {
            if !self.sessions[call.0].alive {
                self.note(call, format!("  (ended before it could send {} {})", request.method, request.url));
                continue;
            }
            let fault = match &purpose {
                Purpose::Fetch { .. } => {
                    self.faults(call, &Happening::Fetch(&request)).into_iter().find_map(|effect| match effect
                    {
                        Effect::Fetch(fault) => Some(fault),
                        _ => None,
                    })
                }
                _ => None,
            };
            let cached = self
                .cache
                .get(&request.url)
                .filter(|(until, _)| *until > self.agenda.now() && request.method == "GET");
            let instead = match (&fault, cached) {
                (Some(FetchFault::NeverSent), _) => Some(Err("the server cannot be reached".to_string())),
                (Some(FetchFault::Status(status)), _) => {
                    Some(Ok(HttpResponse::new(*status, "text/plain", "failed")))
                }
                (_, Some((_, response))) => Some(Ok(response.clone())),
                _ => None,
            };
            if let Some(instead) = instead {
                self.exchanges.push(Exchange { request: request.clone(), response: None });
                self.arrive(call, purpose, request.url, instead, millis(40));
            } else {
                sent.push((call, purpose, request, fault));
            }
        }
        let copies = sent.iter().flat_map(|(_, _, request, fault)| {
            let times = if *fault == Some(FetchFault::Duplicate) { 2 } else { 1 };
            std::iter::repeat_n(request.clone(), times)
        });
        let copies: Vec<HttpRequest> = copies.collect();
        let mut responses =
            if copies.is_empty() { Vec::new() } else { self.web.simultaneous(&copies) }.into_iter();
        for (call, purpose, request, fault) in sent {
            let mut response = self.received(call, &request, responses.next());
            if fault == Some(FetchFault::Duplicate) {
                response = self.received(call, &request, responses.next());
            }
            if let (true, "GET", Some(lifetime)) =
                (self.variations.caches, request.method, response.lifetime())
            {
                let until = self.agenda.now() + lifetime;
                self.cache.insert(request.url.clone(), (until, response.clone()));
            }
            let (mut delay, mut result) = (millis(40), Ok(response));
            match fault {
                Some(FetchFault::ResponseLost) => result = Err("the response was lost".into()),
                Some(FetchFault::Late(late)) => delay = late,
                Some(FetchFault::Garbled) => {
                    if let Ok(response) = &mut result {
                        response.body = GARBLED.into();
                    }
                }
                Some(FetchFault::Truncated) => {
                    if let Ok(response) = &mut result {
                        let middle = response.body.chars().count() / 2;
                        response.body = response.body.chars().take(middle).collect();
                    }
                }
                _ => {}
            }
            self.arrive(call, purpose, request.url, result, delay);
        }
    }

    /// Keeps the response in the log, and what is wrong with it whatever it says.
    fn received(
        &mut self,
        call: CallId,
        request: &HttpRequest,
        response: Option<HttpResponse>,
    ) -> HttpResponse {
        let response = response.expect("a web answers every request");
        let form = request.form.as_deref().map_or(String::new(), |form| format!(" with {form}"));
        self.note(
            call,
            format!(
                "  {} {}{form}: {} {}",
                request.method, request.url, response.status, response.content_type
            ),
        );
        for complaint in &response.complaints {
            self.violation(call, format!("{} {}: {complaint}", request.method, request.url));
        }
        self.exchanges.push(Exchange { request: request.clone(), response: Some(response.clone()) });
        response
    }

    fn arrive(
        &mut self,
        call: CallId,
        purpose: Purpose,
        url: String,
        response: Result<HttpResponse, String>,
        delay: Duration,
    ) {
        let (mut delay, mut response) = (delay, response);
        if let Purpose::Fetch { timeout, .. } = &purpose
            && delay > *timeout
        {
            (delay, response) = (*timeout, Err("no response in time".into()));
        }
        self.agenda.after(delay, Work::Answer(Box::new(Answer { call, purpose, url, response })));
    }

    /// A response has arrived, or has failed to.
    pub(super) fn answered(&mut self, answer: Answer) {
        let Answer { call, purpose, url, response } = answer;
        if !self.sessions[call.0].alive {
            return;
        }
        let status = response.as_ref().map_or(0, |response| response.status);
        let response = response.and_then(|response| match response.status {
            200..=299 => Ok(response),
            status => Err(format!("status {status}")),
        });
        match purpose {
            Purpose::First => match response.and_then(|response| self.content(call, &url, response, CCXML)) {
                Ok(Fetched::Document(document)) => {
                    if self.load(call, document) {
                        self.alert(call);
                    }
                }
                Ok(_) => {}
                Err(reason) => {
                    self.note(call, format!("no first document: {reason}"));
                    self.records[call.0].end(Ended::NeverAnswered, self.agenda.now());
                    self.end_session(call);
                }
            },
            Purpose::Fetch { fetchid, media_type, .. } => {
                let content = response.and_then(|response| self.content(call, &url, response, &media_type));
                let event = match content {
                    Ok(content) => {
                        self.sessions[call.0].fetches.insert(fetchid.clone(), content);
                        Event::new("fetch.done").with("fetchid", fetchid).with("uri", &url)
                    }
                    Err(reason) => {
                        self.sessions[call.0].fetches.remove(&fetchid);
                        let event = Event::new("error.fetch")
                            .with("fetchid", fetchid)
                            .with("reason", reason)
                            .with("uri", &url);
                        if status == 0 { event } else { event.with("statuscode", status) }
                    }
                };
                self.post(call, event);
            }
            Purpose::Dialog { id, media_type } => {
                let content = response.and_then(|response| self.content(call, &url, response, &media_type));
                self.dialog_fetched(&id, content);
            }
        }
    }
}
