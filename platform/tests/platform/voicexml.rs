//! What VoiceXML documents can do beyond a form with a field.

use super::{assert_violated, shelf};
use ccxml_platform::{Caller, Ended, Entry, Platform, Variations, secs};

/// Plays one caller in a dialog with this body, which is asked for and then disconnected.
fn dialog(body: &str, caller: Caller) -> Platform {
    let first = r#"<ccxml version="1.0" xmlns="http://www.w3.org/2002/09/ccxml">
      <var name="leg" expr="''"/>
      <eventprocessor>
        <transition event="connection.alerting"><assign name="leg" expr="event$.connectionid"/><accept/></transition>
        <transition event="connection.connected"><dialogstart src="'it.vxml'" connectionid="leg"/></transition>
        <transition event="dialog.disconnect"><log expr="'asked to disconnect'"/></transition>
        <transition event="dialog.exit"><disconnect connectionid="leg"/></transition>
        <transition event="connection.disconnected"><exit/></transition>
        <transition event="error.*"><exit/></transition>
      </eventprocessor></ccxml>"#;
    let vxml = format!(
        "<vxml version='2.1' xmlns='http://www.w3.org/2001/vxml'>\n<property name='timeout' value='3s'/>{body}</vxml>"
    );
    let web = shelf(vec![("first.ccxml", first.into()), ("it.vxml", vxml)]);
    let mut platform =
        Platform::new(web, Variations::default()).at_address("http://line.example/first.ccxml");
    platform.call(caller, secs(0));
    platform.run_until(secs(100));
    platform
}

fn heard(platform: &Platform) -> Vec<String> {
    let pieces = platform.trace_lines().into_iter();
    pieces.filter_map(|line| Some(line.split("  hears \"").nth(1)?.split('"').next()?.to_string())).collect()
}

fn anna() -> Caller {
    Caller::new("+49301")
}

const DIGIT: &str = "<grammar mode='dtmf' version='1.0' root='r' type='application/srgs+xml'>\
    <rule id='r'><item repeat='1-'><one-of><item>1</item><item>2</item></one-of></item></rule></grammar>";

#[test]
fn a_menu_leads_to_its_forms() {
    let menu = "<menu id='main' dtmf='true'><prompt>One, two or nine.</prompt>\
        <choice next='#one'>One</choice><choice next='#two'>Two</choice><choice dtmf='9' event='bye'>Nine</choice>\
        <noinput>Anybody there?<reprompt/></noinput><catch event='bye'>Bye.<exit/></catch></menu>\
        <form id='one'><block>This is one.<goto next='#main'/></block></form>\
        <form id='two'><block>This is two.<exit/></block></form>";
    for (keys, expected) in [
        (vec!["2"], vec!["One, two or nine.", "This is two."]),
        (vec!["1#", "9#"], vec!["One, two or nine.", "This is one.", "One, two or nine.", "Bye."]),
        (vec!["", "2#"], vec!["One, two or nine.", "Anybody there?", "One, two or nine.", "This is two."]),
        (vec!["5#", "2#"], vec!["One, two or nine.", "One, two or nine.", "This is two."]),
    ] {
        let entry = |keys: &str| if keys.is_empty() { Entry::Silence } else { Entry::from(keys) };
        let caller = keys.into_iter().fold(anna(), |caller, keys| caller.entry(entry(keys)));
        let platform = dialog(menu, caller);
        platform.assert_clean();
        assert_eq!(heard(&platform), expected, "{}", platform.report());
    }
}

#[test]
fn what_is_thrown_is_caught_and_asks_again() {
    let form = format!(
        "<var name='tries' expr='0'/><form><field name='keys'>{DIGIT}<prompt>Keys?</prompt>\
         <nomatch><assign name='document.tries' expr='document.tries + 1'/>No.<reprompt/></nomatch>\
         <nomatch count='3'><exit namelist='document.tries'/></nomatch>\
         <filled><if cond='keys.length != 2'><clear namelist='keys'/><throw event='nomatch'/></if>\
         <exit namelist='keys'/></filled></field></form>"
    );
    let platform = dialog(&form, anna().keys("1#").keys("122#").keys("12#"));
    platform.assert_clean();
    assert_eq!(heard(&platform), ["Keys?", "No.", "Keys?", "No.", "Keys?"], "{}", platform.report());
    assert!(platform.report().contains("values.keys=\"12\""), "{}", platform.report());
    let platform = dialog(&form, anna().keys("1#").entry(Entry::Nonsense).keys("9#"));
    assert!(platform.report().contains("values.document.tries=\"2\""), "{}", platform.report());
}

#[test]
fn a_dialog_may_ask_for_a_disconnect_and_still_returns() {
    let form = "<catch event='connection.disconnect'><exit namelist='why'/></catch><var name='why' expr=\"'asked'\"/>\
        <form><block>Bye.<disconnect/></block></form>";
    let platform = dialog(form, anna());
    platform.assert_clean();
    assert!(platform.report().contains("log: asked to disconnect"), "{}", platform.report());
    assert!(platform.report().contains("values.why=\"asked\""), "{}", platform.report());
    assert!(platform.report().contains(&format!("{:?}", Ended::Disconnected { last_words: "Bye.".into() })));
}

#[test]
fn forms_that_lead_nowhere_or_in_circles_are_found() {
    let circle = "<form id='a'><block><goto next='#b'/></block></form><form id='b'><block><goto next='#a'/></block></form>";
    assert_violated(&dialog(circle, anna()), "does not come to an end");
    let nowhere = "<form id='a'><block><goto next='#b'/></block></form>";
    assert_violated(&dialog(nowhere, anna()), "there is no form \"b\"");
    let elsewhere = "<form id='a'><block><goto next='b.vxml'/></block></form>";
    assert_violated(&dialog(elsewhere, anna()), "another document is more than this platform can do");
    let each_other = "<catch event='a'><throw event='b'/></catch><catch event='b'><throw event='a'/></catch>\
        <form><block><throw event='a'/></block></form>";
    assert_violated(&dialog(each_other, anna()), "throw");
}

#[test]
fn markup_of_speech_is_spoken_as_words() {
    let form = "<form><block><prompt><p><s>Your <emphasis>code</emphasis> is</s> <sub alias='one'>1</sub> \
        <say-as interpret-as='digits'>2</say-as><break time='5s'/></p></prompt><prompt>Bye.</prompt></block></form>";
    let platform = dialog(form, anna());
    platform.assert_clean();
    assert_eq!(heard(&platform), ["Your code is one 2", "Bye."]);
    assert!(platform.report().contains("7.200 +49301         hears \"Bye.\""), "{}", platform.report());
}
