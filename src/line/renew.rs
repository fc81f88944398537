//! Reports of sessions: a caller keeps the place, or gets it back by the ticket, and hears the state of the conference.

use super::Line;
use crate::conference::{Report, Ticket};
use crate::document;
use crate::identity::{self, Identity};
use crate::number::ConferenceNumber;
use crate::request::Addresses;
use crate::response::Response;
use crate::secret::Secret;

impl Line {
    /// The script for a session that reports itself, with the ticket that it was given.
    pub(super) fn renew(
        &self,
        number: &ConferenceNumber,
        report: Report<'_>,
        signed: Option<&str>,
    ) -> anyhow::Result<Response> {
        let session = report.session;
        let claimed = signed.and_then(Secret::payload).as_deref().and_then(Ticket::from_text);
        let report = Report { ticket: claimed.as_ref(), ..report };
        // As long as the place is there, nothing but a key depends on whether the ticket is right.
        let renewed = match (report.ticket, report.key) {
            (Some(_), None) => self.transact(number, |transaction| transaction.renew(&report))?,
            _ => None,
        };
        let renewed = match renewed {
            Some(renewed) => renewed,
            None => {
                let is_right = match signed.filter(|_| claimed.is_some()) {
                    Some(signed) => self.secret(number)?.verifies(number, session, signed),
                    None => false,
                };
                let ticket = report.ticket.filter(|_| is_right);
                // A key does something for somebody whose ticket is right, and for nobody else.
                let report = Report { ticket, key: report.key.filter(|_| is_right), ..report };
                let lends = (!self.rooms.are_configured()).then(|| self.terms(None));
                self.transact(number, |transaction| transaction.renew_or_restore(&report, lends))?
            }
        };
        let ticket =
            renewed.ticket.as_ref().zip(signed).and_then(|(ticket, signed)| match self.secret(number) {
                // Who has no right ticket gets none.
                Ok(secret) => secret
                    .verifies(number, session, signed)
                    .then(|| secret.sign(number, session, &ticket.to_text())),
                // Without a secret the call goes on all the same, with the ticket that the session has.
                Err(error) => {
                    self.warn(&error.to_string());
                    None
                }
            });
        document::state(&self.settings.documents, &renewed, ticket.as_deref())
    }

    /// What is kept of a session's addresses.
    pub(super) fn identity(&self, addresses: &Addresses) -> Identity {
        let Addresses { caller, called, control } = addresses;
        let settings = &self.settings;
        Identity {
            caller: caller.as_deref().and_then(|caller| self.shown(caller)),
            called: called.as_deref().and_then(identity::dialled),
            control: settings
                .control
                .as_ref()
                .zip(control.as_deref())
                .and_then(|(below, url)| below.admits(url)),
        }
    }
}
