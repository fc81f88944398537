//! Keys outside of dialogs, which sessions hear of as `connection.signal` or not at all, and signals that are no keys.

use super::{platform_with, scratch, shelf};
use ccxml_platform::{Caller, Platform, Signals, Variations, What, millis, secs};
use std::collections::BTreeSet;

/// Logs the key of a signal, by its kind; what looks like none in full.
const SIGNALS: &str = r#"<transition event="connection.signal">
  <if cond="typeof event$.dtmf == 'string' &amp;&amp; event$.dtmf != ''"><log label="'dtmf'" expr="event$.dtmf"/>
  <elseif cond="event$.info &amp;&amp; event$.info.type == 'dtmf' &amp;&amp; typeof event$.info.value == 'string'"/>
    <log label="'info'" expr="event$.info.value"/>
  <else/><log label="'other'" expr="'info' + (event$.info ? event$.info.callprogress + event$.info.type + event$.info.value : typeof event$.info + event$.info)
    + typeof event$.dtmf"/></if>
</transition>"#;

fn in_room(caller: Caller, signals: Signals, foreign_signals: bool) -> Platform {
    let listens = |document: &str| {
        document.replace(
            "<eventprocessor statevariable=\"stage\">",
            &format!("<eventprocessor statevariable=\"stage\">{SIGNALS}"),
        )
    };
    let variations = Variations { signals, foreign_signals, ..Variations::default() };
    let mut platform = platform_with(listens, variations);
    let anna = platform.call(caller, secs(0));
    platform.run_until(secs(60));
    platform.assert_clean();
    assert_eq!(platform.state(anna), "talking", "{}", platform.report());
    platform
}

/// The keys that were signalled, and how.
fn signalled(platform: &Platform) -> Vec<(u128, String)> {
    let keys = platform.trace().iter().filter_map(|entry| match &entry.what {
        What::Logs { label, text } if label != "other" => {
            Some((entry.at.as_millis(), format!("{label} {text}")))
        }
        _ => None,
    });
    keys.collect()
}

fn keys(signals: &[(u128, &str)]) -> Vec<(u128, String)> {
    signals.iter().map(|(at, text)| (*at, text.to_string())).collect()
}

#[test]
fn keys_of_who_is_joined_are_signals_where_they_are() {
    let caller = || Caller::new("+49301").keys("1234#").press_on(1, "conference.joined", "*p6");
    for foreign in [false, true] {
        assert_eq!(signalled(&in_room(caller(), Signals::None, foreign)), []);
        let info = signalled(&in_room(caller(), Signals::Info, foreign));
        assert_eq!(info, keys(&[(3820, "info *"), (5120, "info 6")]));
        let dtmf = signalled(&in_room(caller(), Signals::Dtmf, foreign));
        assert_eq!(dtmf[dtmf.len() - 2..], keys(&[(3820, "dtmf *"), (5120, "dtmf 6")]));
    }
}

#[test]
fn a_dialog_that_listens_takes_the_key_and_the_session_may_hear_of_it_too() {
    let caller = || Caller::new("+49301").keys("123#");
    assert_eq!(signalled(&in_room(caller(), Signals::Info, false)), []);
    let dtmf = signalled(&in_room(caller(), Signals::Dtmf, false));
    assert_eq!(dtmf, keys(&[(2500, "dtmf 1"), (2800, "dtmf 2"), (3100, "dtmf 3"), (3400, "dtmf #")]));
}

#[test]
fn keys_are_signals_while_the_caller_is_being_joined() {
    let caller = Caller::new("+49301").keys("1234#").press_during(1, "join", "*6");
    let platform = in_room(caller, Signals::Info, false);
    let joined = platform.trace().iter().find(|entry| matches!(entry.what, What::Joined { .. })).unwrap().at;
    assert_eq!(joined, millis(3820));
    assert_eq!(signalled(&platform), keys(&[(3760, "info *"), (4060, "info 6")]));
}

#[test]
fn keys_are_signals_while_a_dialog_speaks_that_does_not_listen() {
    let speaks = format!(
        "{SIGNALS}<transition event=\"connection.alerting\"><accept/></transition>
         <transition event=\"connection.connected\">
           <dialogstart src=\"'announcement.vxml'\" connectionid=\"event$.connectionid\"/>
         </transition>
         <transition event=\"dialog.exit\"><log label=\"'over'\" expr=\"'none'\"/></transition>"
    );
    for (signals, label) in [(Signals::Dtmf, "dtmf"), (Signals::Info, "info")] {
        let announcement = include_str!("documents/announcement.vxml").to_string();
        let web = shelf(vec![("first.ccxml", scratch("", &speaks)), ("announcement.vxml", announcement)]);
        let mut platform = Platform::new(web, Variations { signals, ..Variations::default() })
            .at_address("http://line.example/first.ccxml");
        let anna = platform.call(Caller::new("+49301").press_on(1, "dialog.started", "*6"), secs(0));
        platform.run_until(secs(60));
        platform.assert_clean();
        let (star, six, over) = (format!("{label} *"), format!("{label} 6"), "over none");
        let expected = keys(&[(200, &star), (500, &six)]);
        let signalled = signalled(&platform);
        assert_eq!(signalled[..2], expected, "{}", platform.report());
        // The words are said to their end.
        assert!(signalled[2].0 >= 2200 && signalled[2].1 == over, "{signalled:?}");
        assert!(!platform.heard(anna).is_empty());
    }
}

#[test]
fn who_is_not_connected_has_no_keys() {
    let caller = Caller::new("+49301").keys("1234#").press_during(1, "accept", "9").hang_up_at(secs(90));
    let mut platform = in_room(caller, Signals::Dtmf, false);
    let before = signalled(&platform).len();
    assert_eq!(before, 5);
    platform.run_until(secs(91));
    let anna = platform.call_of("+49301").unwrap();
    platform.press(anna, '*');
    platform.run_for(secs(1));
    assert_eq!(signalled(&platform).len(), before);
}

#[test]
fn signals_that_are_no_keys_come_when_keys_might() {
    let caller = || Caller::new("+49301").keys("1234#").press_on(1, "conference.joined", "123");
    let others = |foreign| -> Vec<String> {
        let platform = in_room(caller(), Signals::None, foreign);
        let others = platform.trace().iter().filter_map(|entry| match &entry.what {
            What::Logs { label, text } if label == "other" => Some(text.clone()),
            _ => None,
        });
        others.collect()
    };
    assert_eq!(others(false), [""; 0]);
    let others = others(true);
    // One when the call is up, one when it is joined, one with each of the keys.
    assert_eq!(others.len(), 1 + 1 + 8, "{others:?}");
    assert_eq!(
        others[..3],
        [
            "infoconnectedundefinedundefinedundefined",
            "infoobjectnullundefined",
            "infoundefinedundefinedundefined"
        ]
    );
    assert!(others.iter().collect::<BTreeSet<_>>().len() > 7, "{others:?}");
}
