//! What sessions and dialogs fetch: requests are planned, responses arrive.

use std::time::Duration;

use super::actions::{Context, Failed};
use crate::caller::Ended;
use crate::clock::{millis, secs};
use crate::event::Event;
use crate::ids::SessionId;
use crate::markup::Element;
use crate::platform::{Answered, Fetched, Platform, Purpose, Request, Work};
use crate::variations::Gets;
use crate::web::HttpRequest;
use crate::web::address::encode_fields;

pub(crate) const CCXML: &str = "application/ccxml+xml";
pub(crate) const VXML: &str = "application/voicexml+xml";

impl Platform {
    pub(crate) fn request_first_document(&mut self, session: SessionId) {
        let url = self.address.clone();
        self.plan(session, Purpose::First, &url, false, &[]);
    }

    pub(crate) fn start_fetch(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let url = self.address(context, element, "next")?;
        let media_type = match element.attribute("type") {
            Some(_) => self.text(context, element, "type")?,
            None => CCXML.into(),
        };
        let post = self.word(context, element, "method", &["get", "post"])? == "post";
        self.word(context, element, "enctype", &["application/x-www-form-urlencoded"])?;
        let timeout = self.time(context, element, "timeout")?.unwrap_or(secs(30));
        let list = self.list(context, element, "namelist")?;
        let fetchid = self.new_fetch_id();
        self.set(context, element, "fetchid", &fetchid)?;
        self.action(context, element, format!("{fetchid} {url} {list:?}"));
        self.sessions[context.session].fetches.insert(fetchid.clone(), Fetched::UnderWay);
        self.plan(context.session, Purpose::Fetch { fetchid, media_type, timeout }, &url, post, &list);
        Ok(())
    }

    /// Makes the request and lets it be sent in a moment: who ends before that has not sent it.
    pub(crate) fn plan(
        &mut self,
        session: SessionId,
        purpose: Purpose,
        url: &str,
        post: bool,
        list: &[(String, String)],
    ) {
        let encoded = encode_fields(list.iter().map(|(name, value)| (name.as_str(), value.as_str())));
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
        let request = HttpRequest { method, url, form, at, caller: self.name_of(session) };
        self.agenda.after(millis(10), Work::Request(Box::new(Request { session, purpose, request })));
    }

    /// Whom a session's requests are for.
    pub(crate) fn name_of(&self, session: SessionId) -> String {
        let Some(call) = self.sessions[session].caller else { return self.sessions[session].id.clone() };
        self.calls[call].record.number.clone()
    }

    /// A response has arrived, or has failed to.
    pub(crate) fn answered(&mut self, answered: Answered) {
        let Answered { session, purpose, url, answer } = answered;
        if !self.sessions[session].alive {
            return;
        }
        let status = answer.as_ref().map_or(0, |response| response.status);
        let response = answer.and_then(|response| match response.status {
            200..=299 => Ok(response),
            status => Err(format!("status {status}")),
        });
        let asked = match &purpose {
            Purpose::First | Purpose::Goto => CCXML,
            Purpose::Fetch { media_type, .. } | Purpose::Dialog { media_type, .. } => media_type,
        };
        let content = response.and_then(|response| self.content(session, &url, response, asked));
        match purpose {
            Purpose::First => self.first_document(session, content),
            Purpose::Dialog { id, .. } => self.dialog_fetched(&id, content),
            Purpose::Goto => match content {
                Ok(Fetched::Document(document)) => self.go_to(session, document),
                content => {
                    let reason = content.err().unwrap_or("no document".into());
                    self.post(session, Event::new("error.fetch").with("uri", &url).with("reason", reason));
                }
            },
            Purpose::Fetch { fetchid, .. } => {
                let fetches = &mut self.sessions[session].fetches;
                let event = match content {
                    Ok(content) => {
                        fetches.insert(fetchid.clone(), content);
                        Event::new("fetch.done").with("fetchid", fetchid).with("uri", &url)
                    }
                    Err(reason) => {
                        fetches.remove(&fetchid);
                        let event = Event::new("error.fetch").with("fetchid", fetchid).with("uri", &url);
                        let event = event.with("reason", reason);
                        if status == 0 { event } else { event.with("statuscode", status) }
                    }
                };
                self.post(session, event);
            }
        }
    }

    fn first_document(&mut self, session: SessionId, content: Result<Fetched, String>) {
        let caller = self.sessions[session].caller;
        match content {
            Ok(Fetched::Document(document)) => {
                if self.load(session, document) {
                    match caller {
                        Some(call) => self.alert(call),
                        None => self.begin(session),
                    }
                }
            }
            Ok(_) => {}
            Err(reason) => {
                self.note(session, format!("no first document: {reason}"));
                if let Some(call) = caller {
                    self.over(call, Ended::NeverAnswered);
                }
                self.not_begun(session, &reason);
                self.end_session(session);
            }
        }
    }

    /// Lets an answer arrive some time from now, or the end of the patience for it.
    pub(crate) fn arrive(&mut self, answered: Answered, delay: Duration) {
        let (mut delay, mut answered) = (delay, answered);
        if let Purpose::Fetch { timeout, .. } = &answered.purpose
            && delay > *timeout
        {
            delay = *timeout;
            answered.answer = Err("no response in time".into());
        }
        self.agenda.after(delay, Work::Answer(Box::new(answered)));
    }
}
