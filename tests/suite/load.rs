//! Crowds of callers at once: nobody meets an error, everybody is accounted for, and no token stays behind.

#[path = "../../benches/requests/load/callers.rs"]
mod callers;

use crate::http::Request;
use crate::servers::bare::BARE;
use crate::servers::lighttpd::LIGHTTPD;
use crate::servers::{Server, Setup};
use callers::{Call, Crowd, THIRTY, THREE_HUNDRED};

/// Has a crowd hold its conferences behind a server, if that is installed. One renewal each is enough to see that it
/// is answered.
fn is_held(server: &Server, crowd: Crowd) {
    // How long thirty debug builds wait for one token says something about the machine, not about the program.
    let setup = Setup::new().with("CONFERENCE_LOCK_TIMEOUT", "60");
    let Some(running) = (server.start)(&setup) else { return };
    let ask = |call: &Call| {
        let response = running.send(&match call {
            Call::Enter(query) => Request::get(&format!("?{query}")),
            Call::Event(form) => Request::form("", form),
        });
        Ok((response.status, response.text().to_owned()))
    };
    let crowd = Crowd { renewals: 1, ..crowd };
    crowd.hold(&ask, || setup.tokens()).unwrap();
    assert_eq!(running.log(), "", "nothing went wrong on the way");
}

#[test]
fn thirty_callers_of_one_number_are_accounted_for() {
    is_held(&BARE, THIRTY);
}

#[test]
fn three_hundred_callers_of_a_hundred_numbers_are_accounted_for() {
    is_held(&BARE, THREE_HUNDRED);
}

#[test]
fn lighttpd_holds_thirty_callers_of_one_number() {
    is_held(&LIGHTTPD, THIRTY);
}

#[test]
fn lighttpd_holds_three_hundred_callers_of_a_hundred_numbers() {
    is_held(&LIGHTTPD, THREE_HUNDRED);
}

#[test]
#[should_panic(expected = "were told of")]
fn a_caller_who_is_told_another_ones_words_is_noticed() {
    let everybody_is_first = |_: &Call| Ok((200, "'first_caller'".to_owned()));
    THIRTY.hold(&everybody_is_first, Vec::new).unwrap();
}
