//! The text of a token: the one place that writes and reads it.

use super::state::Conference;
use crate::clock::{Millis, Moment};
use crate::number::ConferenceNumber;

impl Conference {
    /// The text: one line of JSON.
    pub fn to_text(&self) -> Vec<u8> {
        // Numbers, texts and lists of them: there is nothing here that JSON could refuse.
        let mut text = serde_json::to_vec(self).unwrap_or_default();
        text.push(b'\n');
        text
    }

    /// Reads any text, last written at `written`. One that can't be understood, an empty one above all, is a token made by
    /// hand: a conference in progress with unknown callers, who hold a lease of `max_age` since then.
    pub fn from_text(text: &[u8], number: &ConferenceNumber, written: &Moment, max_age: Millis) -> Self {
        serde_json::from_slice(text).unwrap_or_else(|_| {
            let mut by_hand = Self::begin(number, written);
            by_hand.unknown = Some(max_age);
            by_hand
        })
    }

    /// How long after now anything in it can still mean something.
    pub fn lasts(&self) -> Millis {
        let callers = self.callers.iter().map(|caller| caller.lease);
        let kicked = self.kicked.iter().map(|kicked| kicked.lease);
        let longest = callers.chain(kicked).chain(self.unknown).max().unwrap_or(0);
        longest.max(self.wrong_pins.lasts())
    }
}

#[cfg(test)]
mod tests {
    use super::super::caller::{Greeting, Heard, Notice, Role};
    use super::super::fixtures::*;
    use super::super::state::MORE_MODERATORS;
    use super::super::terms::MOST_CALLERS;
    use super::*;
    use crate::identity::Identity;
    use crate::number::SessionId;
    use crate::store::MOST_BYTES;

    fn read(text: &[u8]) -> Conference {
        Conference::from_text(text, &number(), &at(0), TIMES.max_age)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut conference = conference_of(&["a", "\"'<&>%+\\"]);
        conference.callers[0].told = Greeting::First;
        conference.callers[1].session = None;
        conference.unknown = Some(7);
        conference.as_of = Moment::now();
        assert_eq!(read(&conference.to_text()), conference);
    }

    #[test]
    fn what_cannot_be_understood_is_a_conference_with_unknown_callers() {
        let whole = conference_of(&["a"]).to_text();
        let other_version =
            String::from_utf8(whole.clone()).unwrap().replace("\"version\":1", "\"version\":9");
        for text in [&b""[..], b"\0\xff", b"{}", b"[]", &whole[..whole.len() / 2], other_version.as_bytes()] {
            let conference = read(text);
            assert_eq!((conference.count(), conference.unknown), (0, Some(TIMES.max_age)), "{text:?}");
        }
        let bad_session = String::from_utf8(whole).unwrap().replace("\"a\"", "\"a b\"");
        assert_eq!(read(bad_session.as_bytes()).unknown, Some(TIMES.max_age));
    }

    #[test]
    fn the_fullest_conference_fits_into_a_token() {
        let mut conference = conference_of(&[]);
        let longest = SessionId::parse(&"\"".repeat(SessionId::MOST)).unwrap();
        let mut caller = caller("a");
        (caller.session, caller.age, caller.lease) = (Some(longest), u64::MAX, u64::MAX);
        caller.told = Greeting::Joining(Some(MOST_CALLERS));
        (caller.role, caller.waiting, caller.muted) = (Role::Moderator, true, true);
        (caller.self_muted, caller.hand, caller.press, caller.fresh) = (true, true, u32::MAX, true);
        caller.heard = Heard { listens: true, alone: true, notice: Notice::FiveMinutes };
        let address = |length| Some("x".repeat(length));
        caller.identity = Identity { caller: address(64), called: address(64), control: address(256) };
        conference.callers = vec![caller; MOST_CALLERS + MORE_MODERATORS];
        let size = conference.to_text().len();
        assert!(size < MOST_BYTES, "{size}");
    }
}
