//! Reads what was fetched as what was asked for, strictly.

use std::rc::Rc;

use super::draft;
use super::fetching::{CCXML, VXML};
use super::requests::GARBLED;
use crate::ids::SessionId;
use crate::markup::Document;
use crate::platform::{Fetched, Platform};
use crate::rules::{self, schema::Problem};
use crate::script::editions;
use crate::trace::Rule;
use crate::web::HttpResponse;

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
        if response.media_type() != asked.to_ascii_lowercase() && !may_be_draft {
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
        let document = Document::parse(url, &response.body)
            .inspect_err(|reason| self.violation(session, Rule::Invalid, reason))?;
        if may_be_draft {
            if !draft::is_draft(&document) {
                self.violation(session, Rule::Response, &wrong);
                return Err(wrong);
            }
            let (document, problems) = draft::read(document);
            return self.unless_refused(session, problems, document);
        }
        let key = format!("{asked} {}", response.body);
        if self.engine.is_sound(&key) {
            return Ok(Fetched::Document(Rc::new(document)));
        }
        let problems = check(&document, &self.engine);
        if problems.is_empty() {
            self.engine.note_sound(key);
        }
        self.unless_refused(session, problems, document)
    }

    /// The document, unless there is something so wrong with it that no platform would take it.
    fn unless_refused(
        &mut self,
        session: SessionId,
        problems: Vec<Problem>,
        document: Document,
    ) -> Result<Fetched, String> {
        let mut refused = None;
        for problem in problems {
            self.violation(session, problem.rule, &problem.text);
            let fatal = problem.is_fatal();
            refused = refused.or(fatal.then_some(problem.text));
        }
        match refused {
            Some(reason) => Err(reason),
            None => Ok(Fetched::Document(Rc::new(document))),
        }
    }
}
