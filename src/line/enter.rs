//! Getting into a conference: the room and the PIN say who may, what is kept for the number says the rest.

use super::Line;
use crate::conference::{Attempt, Entered, Entry, Refused, Ticket, Transaction};
use crate::document::{self, Call, DocumentSettings, prompt::Reason};
use crate::number::{ConferenceNumber, SessionId, TelephoneNumber};
use crate::request::KeyedPin;
use crate::response::Response;
use crate::room::Room;
use crate::secret::Secret;
use crate::store::StoreError;
use std::borrow::Cow;

/// Somebody who wants to get into a conference.
#[derive(Clone, Copy)]
pub(super) struct Newcomer<'a> {
    pub(super) number: &'a ConferenceNumber,
    pub(super) session: Option<&'a SessionId>,
    pub(super) pin: Option<&'a KeyedPin>,
    pub(super) telephone: Option<&'a TelephoneNumber>,
}

impl Line {
    /// The document for somebody who wants to get in. For HEAD nothing is changed.
    pub(super) fn enter(
        &self,
        newcomer: &Newcomer<'_>,
        call: Call<'_>,
        head: bool,
    ) -> anyhow::Result<Response> {
        let (documents, number) = (&self.settings.documents, newcomer.number);
        let room = match self.rooms.find(number) {
            Ok(room) => room.filter(|room| room.suits(documents.dialect)),
            // Nobody is let in, but whoever is in already stays in.
            Err(broken) => match self.admit(newcomer, None, true)? {
                Ok(_) => None,
                Err(_) => return Err(broken.into()),
            },
        };
        let in_room = room.as_ref().map_or(Cow::Borrowed(documents), |room| {
            let lang = room.lang.as_ref().unwrap_or(&documents.lang).clone();
            Cow::Owned(DocumentSettings { tones: room.tones, lang, ..documents.clone() })
        });
        match (self.admit(newcomer, room.as_ref(), head)?, room) {
            (Ok((entered, ticket)), _) => document::conference(&in_room, call, number, &entered, &ticket),
            (Err(why @ (Refused::PinWanted | Refused::WrongPin)), Some(room)) => {
                let reason = (why == Refused::WrongPin).then_some(Reason::Refused(why));
                document::get_pin(&in_room, number, reason, room.pin_is_optional(), call.tries_left == 0)
            }
            (Err(why @ Refused::PinClosed), Some(_)) => document::goodbye(&in_room, Reason::Refused(why)),
            (Err(why), _) => document::get_conference(documents, call, Some(Reason::Refused(why))),
        }
    }

    /// Lets a caller into a room, with a signed ticket if there is a session, or says why not. If it is only `asked`, nothing
    /// is changed, and the signature is not a right one.
    fn admit(
        &self,
        newcomer: &Newcomer<'_>,
        room: Option<&Room>,
        asked: bool,
    ) -> Result<Result<(Entered, String), Refused>, StoreError> {
        let Newcomer { number, session, pin, telephone } = *newcomer;
        let keyed = pin.map(KeyedPin::keys);
        let by_pin = room.is_some_and(|room| room.is_entered_by_pin(keyed));
        let attempt = match (by_pin, keyed) {
            (false, _) => None,
            (true, None) => Some(Attempt::default()),
            (true, Some(keyed)) => {
                let secret = self.secret(number)?;
                Some(Attempt {
                    caller: telephone.map(|caller| secret.digest_of_caller(number, caller)),
                    id: session.map(|session| secret.digest_of_attempt(number, session, keyed)),
                })
            }
        };
        let shown = telephone.and_then(|caller| self.shown(caller.as_str()));
        let entry = Entry {
            session,
            caller: shown.as_deref(),
            terms: self.terms(room),
            access: room.map_or(Err(Refused::NoRoom), |room| room.access(keyed)),
            by_pin: attempt,
            has_moderators: room.is_some_and(Room::has_moderators),
        };
        // A body that is not sent needs no right signature, only as many characters.
        let unsigned = Secret::placeholder();
        let gets_ticket = self.settings.times.renewals
            && session.is_some()
            && !asked
            && !matches!(entry.access, Err(Refused::PinWanted | Refused::WrongPin));
        let secret = if gets_ticket { self.secret(number)? } else { &unsigned };
        let admitted = if asked {
            let (kept, now) = self.store.look(number)?;
            Transaction::begin(kept, number, &now, &self.settings.times).enter(&entry)
        } else {
            self.transact(number, |transaction| transaction.enter(&entry))?
        };
        let sign = |ticket: Ticket| {
            session.map(|session| secret.sign(number, session, &ticket.to_text())).unwrap_or_default()
        };
        Ok(admitted.map(|(entered, ticket)| (entered, sign(ticket))))
    }
}
