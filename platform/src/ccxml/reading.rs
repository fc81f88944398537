//! Reads what was fetched as what was asked for, strictly.

use std::rc::Rc;

use super::draft;
use super::fetching::{CCXML, VXML};
use super::requests::GARBLED;
use crate::ids::SessionId;
use crate::markup::{Document, Element, Node};
use crate::platform::{Fetched, Platform};
use crate::rules::{self, schema::Problem};
use crate::script::editions;
use crate::trace::Rule;
use crate::web::{Exchange, HttpRequest, HttpResponse};

const SCRIPTS: &[&str] = &["text/ecmascript", "application/ecmascript"];

impl Platform {
    /// Reads the body of a response as what was asked for, strictly.
    pub(crate) fn content(
        &mut self,
        session: SessionId,
        url: &str,
        response: HttpResponse,
        asked: &str,
    ) -> Result<Fetched, String> {
        let may_be_draft = asked == CCXML && response.media_type() == "text/xml";
        let wrong = format!("{url}: {asked} was asked for, {:?} came", response.content_type);
        let script = |media_type: &str| SCRIPTS.contains(&media_type);
        let media_type = response.media_type();
        let is_asked = media_type == asked.to_ascii_lowercase() || (script(&media_type) && script(asked));
        if !is_asked && !may_be_draft {
            self.violation(session, Rule::Response, &wrong);
            return Err(wrong);
        }
        let check = match asked {
            CCXML => rules::ccxml::check,
            VXML => rules::vxml::check,
            script if SCRIPTS.contains(&script) && response.body == GARBLED => return Ok(Fetched::Garbled),
            script if SCRIPTS.contains(&script) => {
                let findings = editions::later_editions(&response.body);
                for finding in findings {
                    let text = format!("{url}: the script uses {finding}");
                    self.violation(session, Rule::Unportable, text);
                }
                return match self.engine.check_script(&response.body) {
                    Ok(()) => Ok(Fetched::Script(response.body)),
                    Err(reason) => {
                        self.violation(session, Rule::Invalid, format!("{url}: {reason}"));
                        Err(reason)
                    }
                };
            }
            _ => return Ok(Fetched::Other),
        };
        let mut document = Document::parse(url, &response.body)
            .inspect_err(|reason| self.violation(session, Rule::Invalid, reason))?;
        if may_be_draft {
            if !draft::is_draft(&document) {
                self.violation(session, Rule::Response, &wrong);
                return Err(wrong);
            }
            let (document, problems) = draft::read(document);
            self.refuse(session, problems)?;
            return Ok(Fetched::Document(Rc::new(document)));
        }
        let key = format!("{asked} {}", response.body);
        if !self.engine.is_sound(&key) {
            let problems = check(&document, &self.engine);
            if problems.is_empty() {
                self.engine.note_sound(key);
            }
            self.refuse(session, problems)?;
        }
        self.fetch_scripts(session, &mut document)?;
        Ok(Fetched::Document(Rc::new(document)))
    }

    /// Tells what is wrong with a document, and fails if it is so much that no platform would take it.
    fn refuse(&mut self, session: SessionId, problems: Vec<Problem>) -> Result<(), String> {
        let mut refused = None;
        for problem in problems {
            self.violation(session, problem.rule, &problem.text);
            let fatal = problem.is_fatal();
            refused = refused.or(fatal.then_some(problem.text));
        }
        refused.map_or(Ok(()), Err)
    }

    /// Fetches the scripts that a document names, which is not complete without them.
    fn fetch_scripts(&mut self, session: SessionId, document: &mut Document) -> Result<(), String> {
        let named = |element: &&Element| element.name == "script" && element.attribute("src").is_some();
        let mut sources = Vec::new();
        document.root.walk(&mut |element| {
            if named(&element) {
                sources.push(document.resolve(element.attribute("src").unwrap_or("")));
            }
        });
        let mut scripts = Vec::new();
        for url in sources {
            let (at, caller) = (self.agenda.now(), self.name_of(session));
            let request = HttpRequest { method: "GET", url: url.clone(), form: None, at, caller };
            let response = self.web.request(&request);
            self.exchanged(session, Exchange { request, response: response.clone() });
            let response = response.and_then(|response| match response.status {
                200..=299 => Ok(response),
                status => Err(format!("{url}: status {status}")),
            })?;
            match self.content(session, &url, response, SCRIPTS.first().copied().unwrap_or_default())? {
                Fetched::Script(source) => scripts.push(source),
                _ => return Err(format!("{url} is no script")),
            }
        }
        let mut scripts = scripts.into_iter();
        document.root.walk_mut(&mut |element| {
            if named(&&*element)
                && let Some(source) = scripts.next()
            {
                element.children = vec![Node::Text(source)];
            }
        });
        Ok(())
    }
}
