//! Small applications that are no conferences, and all documents of the reference's last section.

use super::{assert_violated, scratch, scratch_platform, shelf};
use ccxml_platform::{Caller, Ended, Entry, Platform, Variations, secs};

const DOCUMENTS: &[(&str, &str)] = &[
    ("/room.ccxml", include_str!("documents/room.ccxml")),
    ("/keep-room.ccxml", include_str!("documents/keep-room.ccxml")),
    ("/ask-room.vxml", include_str!("documents/ask-room.vxml")),
    ("/announcement.ccxml", include_str!("documents/announcement.ccxml")),
    ("/announcement.vxml", include_str!("documents/announcement.vxml")),
    ("/caller.js", "function blocked(number) { return number == 'tel:+666'; }"),
    ("/transfer.ccxml", include_str!("documents/transfer.ccxml")),
    ("/sorry.vxml", include_str!("documents/sorry.vxml")),
    ("/menu.ccxml", include_str!("documents/menu.ccxml")),
    ("/menu.vxml", include_str!("documents/menu.vxml")),
    ("/order.ccxml", include_str!("documents/order.ccxml")),
];

fn application(name: &str, variations: Variations) -> Platform {
    let documents = DOCUMENTS.iter().map(|(name, text)| (*name, text.to_string())).collect();
    Platform::new(shelf(documents), variations).at_address(&format!("http://line.example/{name}"))
}

/// Runs to the end of everything: no rule is broken, nothing is left.
#[track_caller]
fn finish(platform: &mut Platform) {
    assert!(platform.run_until_idle(secs(2000)), "{}", platform.report());
    platform.assert_clean();
    assert_eq!((platform.live_sessions(), platform.open_dialogs()), (0, 0), "{}", platform.report());
}

#[test]
fn a_session_without_a_call_keeps_a_room_open_and_closes_it() {
    for variations in Variations::pairs() {
        let mut platform = application("room.ccxml", variations);
        let session = platform.start_session("http://line.example/keep-room.ccxml", &[("room", "1234")]);
        let call = |platform: &mut Platform, number: &str, from: u64, to: u64| {
            platform.call(Caller::new(number).keys("1234#").hang_up_at(secs(to)), secs(from))
        };
        let (anna, ben) = (call(&mut platform, "+1", 10, 60), call(&mut platform, "+2", 20, 60));
        platform.run_until(secs(50));
        assert!(platform.hears(anna, ben) && platform.attached("room-1234") == 3, "{}", platform.report());
        platform.run_until(secs(590));
        assert_eq!((platform.attached("room-1234"), platform.joined("room-1234")), (1, 0));
        assert!(!platform.has_ended(session));
        finish(&mut platform);
        assert!(platform.has_ended(session) && !platform.conference_exists("room-1234"));
        assert!(platform.trace().last().unwrap().at < secs(601), "{}", platform.report());
    }
}

#[test]
fn an_announcement_is_prepared_while_it_rings() {
    for variations in Variations::pairs() {
        let mut platform = application("announcement.ccxml", variations);
        let anna = platform.call(Caller::new("+49301"), secs(0));
        let blocked = platform.call(Caller::new("+666"), secs(1));
        finish(&mut platform);
        assert_eq!(platform.heard(anna), ["Our offices are closed. You called from tel:+49301."]);
        assert!(matches!(platform.record(anna).ended, Ended::Disconnected { .. }), "{}", platform.report());
        assert_eq!(platform.record(blocked).ended, Ended::NeverAnswered);
        assert!(platform.heard(blocked).is_empty());
    }
}

#[test]
fn a_caller_is_put_through() {
    for variations in Variations::pairs() {
        for caller_first in [true, false] {
            let desk = Caller::new("+49307").picks_up_after(secs(5));
            let mut platform = application("transfer.ccxml", variations.clone()).with_callee(desk);
            let anna = platform.call(Caller::new("+49301"), secs(0));
            platform.run_until(secs(20));
            let desk = platform.call_of("+49307").expect("a call to the desk");
            assert!(platform.hears(anna, desk) && platform.hears(desk, anna), "{}", platform.report());
            platform.hang_up(if caller_first { anna } else { desk });
            finish(&mut platform);
            assert!(!platform.is_up(anna) && !platform.is_up(desk));
        }
    }
}

#[test]
fn who_cannot_be_put_through_hears_why() {
    let at = |number: &str| Caller::new(number);
    for (callee, words, seconds) in [
        (at("+49307").busy(), "The line is busy. Nobody can take your call. Goodbye.", 6),
        (at("+49307").not_at_home(), "Nobody can take your call. Goodbye.", 24),
        (at("+49307").picks_up_after(secs(30)), "Nobody can take your call. Goodbye.", 24),
        (at("+49308"), "Nobody can take your call. Goodbye.", 6),
    ] {
        let mut platform = application("transfer.ccxml", Variations::default()).with_callee(callee);
        let anna = platform.call(Caller::new("+49301"), secs(0));
        finish(&mut platform);
        assert_eq!(platform.heard(anna).join(" "), words, "{}", platform.report());
        assert!(platform.record(anna).ended_at.unwrap() < secs(seconds), "{}", platform.report());
    }
    // A caller who gives up meanwhile.
    let mut platform = application("transfer.ccxml", Variations::default())
        .with_callee(at("+49307").picks_up_after(secs(10)));
    platform.call(Caller::new("+49301").hang_up_at(secs(4)), secs(0));
    finish(&mut platform);
    assert_eq!(platform.record(platform.call_of("+49307").unwrap()).ended, Ended::NeverAnswered);
}

#[test]
fn a_menu_starts_a_session_for_what_is_wanted() {
    for variations in Variations::pairs() {
        let mut platform = application("menu.ccxml", variations);
        let caller = || Caller::new("+49301");
        let tea = platform.call(caller().keys("1#"), secs(0));
        let coffee = platform.call(caller().entry(Entry::Silence).keys("5#").keys("2#"), secs(1));
        let operator = platform.call(caller().keys("9"), secs(2));
        let nobody = platform.call(caller(), secs(3));
        finish(&mut platform);
        assert!(platform.report().contains("order log: 17") && platform.report().contains("order log: 18"));
        assert!(
            platform.heard(tea).join(" ").contains("Tea it is. Our offices"),
            "{:?}",
            platform.heard(tea)
        );
        let heard = platform.heard(coffee).join(" ");
        assert!(heard.contains("still here") && heard.contains("no such choice"), "{heard}");
        assert_eq!(platform.record(operator).ended, Ended::Redirected);
        assert!(matches!(platform.record(nobody).ended, Ended::Disconnected { .. }));
    }
}

#[test]
fn a_dialog_can_speak_to_a_whole_conference() {
    let late = include_str!("documents/room.ccxml").replace(
        "<assign name=\"stage\" expr=\"'talking'\"/>",
        "<assign name=\"stage\" expr=\"'talking'\"/>\
         <dialogstart src=\"'words.vxml'\" conferenceid=\"conf\" mediadirection=\"'dialogtransmit'\"/>",
    );
    let words =
        "<vxml version='2.1' xmlns='http://www.w3.org/2001/vxml'><form><block>Welcome.</block></form></vxml>";
    let documents = [("/room.ccxml", late.as_str()), DOCUMENTS[2], ("/words.vxml", words)];
    let documents = documents.iter().map(|(name, text)| (*name, text.to_string())).collect();
    let mut platform =
        Platform::new(shelf(documents), Variations { bystanders: false, ..Variations::default() })
            .at_address("http://line.example/room.ccxml");
    let (anna, ben) = super::two_callers(&mut platform);
    let words = |call| platform.heard(call).iter().filter(|text| **text == "Welcome.").count();
    assert_eq!((words(anna), words(ben)), (2, 1), "{}", platform.report());
    assert!(platform.hears(anna, ben) && platform.hears(ben, anna));
}

#[test]
fn sessions_hand_calls_over_and_tell_of_children_that_cannot_begin() {
    let top = "<var name=\"child\" expr=\"''\"/><var name=\"leg\" expr=\"''\"/>";
    let parent = scratch(top, "
        <transition event=\"connection.alerting\"><assign name=\"leg\" expr=\"event$.connectionid\"/><accept connectionid=\"leg\"/></transition>
        <transition event=\"connection.connected\"><createccxml next=\"'child.ccxml'\" sessionid=\"child\"/></transition>
        <transition event=\"ccxml.created\"><move sessionid=\"event$.sessionid\" source=\"leg\"/><exit/></transition>
        <transition event=\"error.createccxml\"><log expr=\"'no child: ' + event$.reason\"/></transition>");
    let child = scratch("", "
        <transition event=\"ccxml.loaded\"><log expr=\"'child of ' + session.parentid\"/></transition>
        <transition event=\"connection.disconnected\"><log expr=\"'gone in the child'\"/><exit/></transition>");
    let mut platform = scratch_platform(parent.clone(), vec![("child.ccxml", child)]);
    let anna = platform.call(Caller::new("+49301").hang_up_at(secs(30)), secs(0));
    platform.run_until(secs(20));
    assert!(platform.is_up(anna), "{}", platform.report());
    assert!(platform.report().contains("log: child of session-"), "{}", platform.report());
    finish(&mut platform);
    assert!(platform.report().contains("log: gone in the child"), "{}", platform.report());
    let mut platform = scratch_platform(parent, Vec::new());
    platform.call(Caller::new("+49301").hang_up_at(secs(5)), secs(0));
    platform.run_until(secs(20));
    assert!(platform.report().contains("log: no child: status 404"), "{}", platform.report());
}

#[test]
fn events_reach_dialogs_and_what_is_left_out_is_told_apart() {
    let waits = "<vxml version='2.1' xmlns='http://www.w3.org/2001/vxml'><form><field name='f'>\
        <grammar mode='dtmf' version='1.0' root='r' type='application/srgs+xml'><rule id='r'>1</rule></grammar>\
        <prompt>Wait.</prompt><catch event='app.done'>It is done.<exit/></catch></field></form></vxml>";
    let top = "<var name=\"d\" expr=\"''\"/>";
    let document = scratch(
        top,
        "
        <transition event=\"connection.alerting\"><accept/></transition>
        <transition event=\"connection.connected\">
          <dialogstart src=\"'waits.vxml'\" dialogid=\"d\"/>
          <send target=\"d\" targettype=\"'dialog'\" name=\"'app.done'\" delay=\"'4s'\"/>
        </transition>
        <transition event=\"dialog.exit\"><exit/></transition>",
    );
    let mut platform = scratch_platform(document, vec![("waits.vxml", waits.into())]);
    let anna = platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(30));
    platform.assert_clean();
    assert_eq!(platform.heard(anna), ["Wait.", "It is done."], "{}", platform.report());
    let merge = "<transition event=\"ccxml.loaded\"><merge connectionid1=\"'a'\" connectionid2=\"'b'\"/></transition>";
    let mut platform = scratch_platform(scratch("", merge), Vec::new());
    platform.call(Caller::new("+49301"), secs(0));
    platform.run_until(secs(5));
    assert_violated(&platform, "<merge> is more than this platform can do");
}
