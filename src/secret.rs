//! The secret of a line: what only the program knows (contract section 4). Tickets are signed with it, and what must not be
//! readable in a token is kept there as a digest with it.

use crate::number::{ConferenceNumber, SessionId, TelephoneNumber};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use hmac::{Hmac, KeyInit, Mac, digest::Key};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A secret of 16 characters or more. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    text: String,
    /// The name of the line that it is used for; empty for a line without one.
    line: String,
}

/// Stands for a value in a token, and does not tell it to whoever reads the token without knowing the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

/// What a signature or a digest is for, so that none can be taken for one of another kind.
#[derive(Clone, Copy)]
enum Purpose {
    Ticket,
    Caller,
    Attempt,
}

/// How many bytes of a signature a digest has: enough to tell the few values of one token apart.
const DIGEST_BYTES: usize = 9;

impl Secret {
    /// The fewest characters of a secret.
    pub const LEAST: usize = 16;

    /// `None` if the text is too short, or has anything but visible ASCII in it.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() >= Self::LEAST && text.bytes().all(|byte| byte.is_ascii_graphic());
        well_formed.then(|| Self::of_text(text.to_owned()))
    }

    /// Makes a secret. The error says why the system has no random bytes.
    pub fn random() -> Result<Self, String> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| format!("there are no random bytes: {error}"))?;
        Ok(Self::of_text(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Stands in where a signature must be as long as a right one, and no more.
    pub fn placeholder() -> Self {
        Self::of_text("-".repeat(Self::LEAST))
    }

    fn of_text(text: String) -> Self {
        Self { text, line: String::new() }
    }

    /// The same secret for a line of this name: what one line has signed is not right on another.
    pub fn for_line(self, name: Option<&str>) -> Self {
        Self { line: name.unwrap_or_default().to_owned(), ..self }
    }

    /// The secret itself, to be kept.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The payload with a signature, which is right for this line, number and session only: two words of base64url, joined by a
    /// dot.
    pub fn sign(&self, number: &ConferenceNumber, session: &SessionId, payload: &[u8]) -> String {
        let signature = self.ticket(number, session, payload).finalize().into_bytes();
        let [payload, signature] =
            [payload, signature.as_slice()].map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes));
        format!("{payload}.{signature}")
    }

    /// Whether a signed text is right for this number and session. Takes as long for a wrong one as for a right one.
    pub fn verifies(&self, number: &ConferenceNumber, session: &SessionId, signed: &str) -> bool {
        let decode = |word| BASE64_URL_SAFE_NO_PAD.decode(word).ok();
        let parts = signed.split_once('.').map(|(payload, signature)| (decode(payload), decode(signature)));
        let Some((Some(payload), Some(signature))) = parts else { return false };
        self.ticket(number, session, &payload).verify_slice(&signature).is_ok()
    }

    /// The payload of a signed text, whether its signature is right or not.
    pub fn payload(signed: &str) -> Option<Vec<u8>> {
        BASE64_URL_SAFE_NO_PAD.decode(signed.split_once('.')?.0).ok()
    }

    /// Stands for a telephone number that calls a conference number.
    pub fn digest_of_caller(&self, number: &ConferenceNumber, caller: &TelephoneNumber) -> Digest {
        self.digest(Purpose::Caller, &[number.as_str(), caller.as_str()])
    }

    /// Stands for a PIN that a session has keyed.
    pub fn digest_of_attempt(&self, number: &ConferenceNumber, session: &SessionId, pin: &str) -> Digest {
        self.digest(Purpose::Attempt, &[number.as_str(), session.as_str(), pin])
    }

    fn ticket(&self, number: &ConferenceNumber, session: &SessionId, payload: &[u8]) -> Hmac<Sha256> {
        self.hmac(Purpose::Ticket, &[number.as_str().as_bytes(), session.as_str().as_bytes(), payload])
    }

    fn digest(&self, purpose: Purpose, parts: &[&str]) -> Digest {
        let parts: Vec<_> = parts.iter().map(|part| part.as_bytes()).collect();
        let code = self.hmac(purpose, &parts).finalize().into_bytes();
        Digest(BASE64_URL_SAFE_NO_PAD.encode(code.get(..DIGEST_BYTES).unwrap_or_default()))
    }

    /// The authentication code of some parts, each with its length before it, so that no two lists of parts read the same.
    fn hmac(&self, purpose: Purpose, parts: &[&[u8]]) -> Hmac<Sha256> {
        // Hashed to fit into a key, whatever its length.
        let mut key = Key::<Hmac<Sha256>>::default();
        key.iter_mut().zip(Sha256::digest(&self.text)).for_each(|(to, from)| *to = from);
        let mut mac = Hmac::<Sha256>::new(&key);
        mac.update(&[purpose as u8]);
        for part in std::iter::once(&self.line.as_bytes()).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::parse("0123456789abcdef").unwrap()
    }

    fn number(digits: &str) -> ConferenceNumber {
        ConferenceNumber::from_token_name(digits).unwrap()
    }

    fn session(id: &str) -> SessionId {
        SessionId::parse(id).unwrap()
    }

    #[test]
    fn a_secret_is_sixteen_characters_or_more_and_never_printed() {
        for text in ["", "0123456789abcde", "0123456789abcde\n", "0123456789abcde\u{e9}"] {
            assert_eq!(Secret::parse(text), None, "{text:?}");
        }
        assert!(!format!("{:?}", secret()).contains("0123"));
        let random = Secret::random().unwrap();
        assert_eq!(Secret::parse(random.text()), Some(random.clone()));
        assert_ne!(Secret::random().unwrap(), random);
    }

    #[test]
    fn a_signed_text_is_right_for_its_number_and_session_and_whole() {
        let signed = secret().sign(&number("1234"), &session("a"), b"payload");
        assert!(secret().verifies(&number("1234"), &session("a"), &signed));
        assert_eq!(Secret::payload(&signed), Some(b"payload".to_vec()));
        assert!(!secret().verifies(&number("12345"), &session("a"), &signed));
        assert!(!secret().verifies(&number("1234"), &session("b"), &signed));
        let elsewhere = secret().for_line(Some("sales"));
        assert!(
            !elsewhere.verifies(&number("1234"), &session("a"), &signed),
            "it was signed on another line"
        );
        assert!(secret().for_line(None).verifies(&number("1234"), &session("a"), &signed));
        assert!(!Secret::parse("fedcba9876543210").unwrap().verifies(
            &number("1234"),
            &session("a"),
            &signed
        ));
        let other = secret().sign(&number("1234"), &session("a"), b"paylobd");
        let (payload, _) = other.split_once('.').unwrap();
        let (_, signature) = signed.split_once('.').unwrap();
        for wrong in
            [&format!("{payload}.{signature}"), &signed[..signed.len() - 2], payload, "", ".", "a.b.c"]
        {
            assert!(!secret().verifies(&number("1234"), &session("a"), wrong), "{wrong}");
        }
    }

    #[test]
    fn no_two_lists_of_parts_have_one_digest() {
        let digests = [
            secret().digest_of_attempt(&number("1234"), &session("a"), "12"),
            secret().digest_of_attempt(&number("1234"), &session("a1"), "2"),
            secret().digest_of_attempt(&number("5678"), &session("a"), "12"),
            secret().digest_of_caller(&number("1234"), &TelephoneNumber::from_address("a").unwrap()),
        ];
        for (n, digest) in digests.iter().enumerate() {
            assert!(!digests[n + 1..].contains(digest));
        }
        assert!(!format!("{digests:?}").contains("12\""));
    }
}
