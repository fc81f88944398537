//! Requests that get no answer, or one that is none: they are made again, and end no call that can go on.

use super::{
    assert_all_leave, caller, is_apologised_for, is_survived, platform, send_everybody_home, suffers,
};
use crate::program::Line;
use ccxml_platform::{Fault, FetchFault, Variations, secs};

#[test]
fn a_document_that_does_not_come_is_asked_for_once_more() {
    for fault in [FetchFault::NeverSent, FetchFault::ResponseLost, FetchFault::Status(503)] {
        is_survived(&[Fault::fetch(1, fault.clone())]);
        is_apologised_for(&[Fault::fetch(1, fault).times(2)]);
    }
}

#[test]
fn a_document_that_does_not_come_is_not_asked_for_at_once() {
    let busy = Fault::fetch(1, FetchFault::Status(503));
    let (_, platform, _) = suffers(&Variations::default(), &[busy]);
    let entering: Vec<_> = platform
        .exchanges()
        .iter()
        .filter(|exchange| exchange.request.field("conference_code").is_some())
        .filter(|exchange| exchange.request.field("event").is_none())
        .map(|exchange| exchange.request.at)
        .collect();
    let [first, second] = entering[..] else { panic!("{entering:?}") };
    assert!(second - first >= secs(1), "{first:?} and {second:?}");
    assert!(second - first < secs(5), "the caller hears nothing meanwhile: {first:?} and {second:?}");
}

#[test]
fn requests_may_be_executed_twice_or_late() {
    for fault in [FetchFault::Duplicate, FetchFault::Late(secs(8))] {
        for number in 1..=3 {
            is_survived(&[Fault::fetch(number, fault.clone())]);
        }
    }
}

#[test]
fn a_renewal_that_fails_is_tried_again_and_ends_no_call() {
    for fault in
        [FetchFault::NeverSent, FetchFault::ResponseLost, FetchFault::Status(500), FetchFault::Late(secs(20))]
    {
        is_survived(&[Fault::fetch_with(1, "event", "renew", fault).times(4)]);
    }
}

#[test]
fn a_renewal_that_fails_is_tried_again_sooner_than_the_next_one_is_due() {
    let fault = Fault::fetch_with(1, "event", "renew", FetchFault::ResponseLost).times(2);
    let (line, mut platform, call) = suffers(&Variations::default(), &[fault]);
    let renewals: Vec<_> = platform
        .exchanges()
        .iter()
        .filter(|exchange| exchange.request.field("event").as_deref() == Some("renew"))
        .map(|exchange| exchange.request.at)
        .collect();
    assert!(renewals[1] - renewals[0] < secs(30) && renewals[2] - renewals[1] < secs(30), "{renewals:?}");
    assert!(renewals[3] - renewals[2] > secs(50), "{renewals:?}");
    assert_all_leave(&line, &mut platform, &[call]);
}

#[test]
fn a_leave_that_gets_no_answer_is_tried_again() {
    for fault in [FetchFault::NeverSent, FetchFault::ResponseLost, FetchFault::Status(503)] {
        let line = Line::new();
        let mut platform = platform(&line, Variations::default());
        let fault = Fault::fetch_with(1, "event", "leave", fault).times(2);
        let call = platform.call(caller("+1").with(fault), secs(0));
        platform.run_until(secs(100));
        assert_all_leave(&line, &mut platform, &[call]);
        let leaves = platform.exchanges().iter().map(|exchange| &exchange.request);
        let leaves: Vec<_> =
            leaves.filter(|request| request.field("event").as_deref() == Some("leave")).collect();
        assert!(leaves.windows(2).all(|pair| pair[1].at - pair[0].at >= secs(1)), "{leaves:?}");
    }
}

#[test]
fn a_session_whose_leave_never_gets_an_answer_ends_all_the_same() {
    for fault in [FetchFault::NeverSent, FetchFault::Late(secs(10_000))] {
        let line = Line::new();
        let mut platform = platform(&line, Variations::default());
        let never = Fault::fetch_with(1, "event", "leave", fault).always();
        let call = platform.call(caller("+1").with(never), secs(0));
        platform.run_until(secs(100));
        send_everybody_home(&mut platform, &[call]);
        assert!(platform.is_over(call), "{}", platform.report());
        platform.assert_clean();
    }
}

#[test]
fn a_renewal_that_is_no_script_ends_neither_the_call_nor_the_renewing() {
    let line = Line::new();
    let mut platform = platform(&line, Variations::default());
    let cut = Fault::fetch_with(1, "event", "renew", FetchFault::Truncated);
    let call = platform.call(caller("+1").with(cut), secs(0));
    platform.run_until(secs(300));
    assert!(platform.is_up(call));
    let renewals =
        platform.exchanges().iter().filter(|e| e.request.field("event").as_deref() == Some("renew"));
    assert!(renewals.count() >= 4, "{}", platform.report());
    send_everybody_home(&mut platform, &[call]);
    assert!(line.files().is_empty());
}

#[test]
fn a_renewal_whose_script_fails_when_it_is_run_ends_no_call() {
    is_survived(&[Fault::fetch_with(1, "event", "renew", FetchFault::Garbled).times(3)]);
}
