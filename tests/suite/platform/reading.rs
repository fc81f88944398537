//! Reads what was fetched as what was asked for, strictly.

use std::rc::Rc;

use super::Platform;
use super::caller::CallId;
use super::document::Document;
use super::fetching::{CCXML, Fetched, GARBLED, VXML};
use super::schema::Problem;
use super::web::HttpResponse;
use super::{ccxml_rules, lint, vxml_rules};

const SCRIPTS: &[&str] = &["text/ecmascript", "application/ecmascript"];

impl Platform {
    /// Reads the body of a response as what was asked for, strictly.
    pub(super) fn content(
        &mut self,
        call: CallId,
        url: &str,
        response: HttpResponse,
        asked: &str,
    ) -> Result<Fetched, String> {
        if response.media_type() != asked.to_ascii_lowercase() {
            let reason = format!("{url}: {asked} was asked for, {:?} came", response.content_type);
            self.violation(call, &reason);
            return Err(reason);
        }
        let check = match asked {
            CCXML => ccxml_rules::check,
            VXML => vxml_rules::check,
            script if SCRIPTS.contains(&script) && response.body == GARBLED => return Ok(Fetched::Garbled),
            script if SCRIPTS.contains(&script) => {
                let findings = lint::later_editions(&response.body);
                for finding in findings {
                    self.violation(call, format!("{url}: the script uses {finding}"));
                }
                return match self.engine.check_script(&response.body) {
                    Ok(()) => Ok(Fetched::Script(response.body)),
                    Err(reason) => {
                        self.violation(call, format!("{url}: {reason}"));
                        Err(reason)
                    }
                };
            }
            _ => return Ok(Fetched::Other),
        };
        let document =
            Document::parse(url, &response.body).inspect_err(|reason| self.violation(call, reason))?;
        let key = format!("{asked} {}", response.body);
        if self.engine.is_sound(&key) {
            return Ok(Fetched::Document(Rc::new(document)));
        }
        let problems = check(&document, &self.engine);
        if problems.is_empty() {
            self.engine.note_sound(key);
        }
        let mut refused = None;
        for Problem { text, fatal } in problems {
            self.violation(call, &text);
            refused = refused.or(fatal.then_some(text));
        }
        match refused {
            Some(reason) => Err(reason),
            None => Ok(Fetched::Document(Rc::new(document))),
        }
    }
}
