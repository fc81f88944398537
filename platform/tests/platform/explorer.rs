//! The explorer, with documents small enough to count what it visits.

use ccxml_platform::{
    Application, Bound, Dialog, Event, Exploration, Explorer, HttpRequest, HttpResponse, Place, Reply, Says,
};

/// A document, and what is answered to the requests that it sends.
struct Small {
    document: String,
    place: Place,
}

impl Application for Small {
    fn replies(&mut self, request: &HttpRequest) -> Vec<Reply> {
        let (media_type, body) = match request.field("event") {
            None => ("application/ccxml+xml", self.document.clone()),
            Some(_) => ("text/ecmascript", "answered = true;".into()),
        };
        let place = if request.field("event").is_some() { self.place } else { Place::Untouched };
        vec![Reply::new(HttpResponse::new(200, media_type, body)).with(place)]
    }

    fn dialog(&mut self, source: &str) -> Dialog {
        Dialog::that_says(if source == "bye" { Says::Farewell } else { Says::Apology })
    }
}

/// A call that is answered, hears goodbye and ends, with whatever transitions come before.
fn goodbye(transitions: &str) -> String {
    format!(
        r#"<ccxml version="1.0" xmlns="http://www.w3.org/2002/09/ccxml">
          <var name="leg"/><var name="event" expr="'ask'"/><var name="answered" expr="false"/>
          <eventprocessor>
            {transitions}
            <transition event="connection.alerting">
              <assign name="leg" expr="event$.connectionid"/><accept connectionid="leg"/>
            </transition>
            <transition event="connection.connected">
              <dialogstart src="'bye'" connectionid="leg"/>
            </transition>
            <transition event="dialog.exit">
              <disconnect connectionid="leg"/>
            </transition>
            <transition event="connection.*ed"><exit/></transition>
            <transition event="error.*"/>
          </eventprocessor>
        </ccxml>"#
    )
}

/// An element that asks for something by `event`.
const RENEWAL: &str = r#"<fetch next="'http://line.example/'" type="'text/ecmascript'" namelist="event"/>"#;

fn explorer(document: &str, faults: u8, place: Place) -> Explorer {
    let bound = Bound { faults, silence: 30, lease: 180, states: 10_000 };
    Explorer::new("http://line.example/", bound, Small { document: document.into(), place })
}

#[track_caller]
fn assert_breaches(exploration: &Exploration, expected: &[&str]) {
    let found: Vec<_> = exploration.breaches.iter().map(|breach| breach.what.as_str()).collect();
    assert_eq!(found, expected, "{exploration:#?}");
}

#[test]
fn every_order_is_visited_and_only_once() {
    let exploration = explorer(&goodbye(""), 0, Place::Untouched).explore();
    assert_breaches(&exploration, &[]);
    assert!(exploration.complete);
    // A change of this number is a change of what the explorer lets happen.
    assert_eq!((exploration.states, exploration.choices), (32, 80));
}

#[test]
fn what_goes_wrong_is_found_by_the_shortest_way() {
    let exploration = explorer(&goodbye(""), 1, Place::Untouched).explore();
    let expected = [
        "no transition for ccxml.kill in \"\"",
        "the caller hears nothing for ever",
        "the session never ends",
    ];
    assert_breaches(&exploration, &expected);
    let silence = &exploration.breaches[1];
    assert!(
        silence.path.iter().any(|step| step.contains("! connection.connected is never told")),
        "{silence}"
    );
    assert!(silence.path.len() < 4, "{silence}");
}

#[test]
fn an_apology_needs_a_reason() {
    let document = goodbye("").replace("'bye'", "'sorry'");
    let exploration = explorer(&document, 0, Place::Untouched).explore();
    assert_breaches(&exploration, &["a caller is sent away although no more than one thing has failed"]);
}

#[test]
fn a_place_that_is_taken_has_to_be_freed() {
    let enters = goodbye(
        r#"<transition event="dialog.started">
             <fetch next="'http://line.example/'" type="'text/ecmascript'" namelist="event"/>
           </transition>"#,
    );
    let exploration = explorer(&enters, 0, Place::Taken).explore();
    assert_breaches(&exploration, &["a place is left behind"]);
    assert_breaches(&explorer(&enters, 0, Place::Freed).explore(), &[]);
}

#[test]
fn renewals_that_follow_one_another_need_a_reason_each() {
    let renews = |elements: &str| {
        goodbye(&format!(
            r#"<transition event="dialog.started">
                 <if cond="event == 'ask'">
                   <assign name="event" expr="'renew'"/>
                   {RENEWAL}{elements}
                   <send target="session.id" name="'again'"/>
                 </if>
               </transition>
               <transition event="again">{RENEWAL}</transition>"#
        ))
    };
    let hurries = |document: &str, faults| {
        let breaches = explorer(document, faults, Place::Renewed).explore().breaches;
        breaches.iter().any(|breach| breach.what == "renewals follow one another at once")
    };
    // By chance, and by an event told twice besides.
    assert!(!hurries(&renews(""), 0) && !hurries(&renews(""), 1));
    assert!(hurries(&renews(RENEWAL), 0) && hurries(&renews(RENEWAL), 1));
}

#[test]
fn a_session_that_is_told_of_no_end_ends_unless_it_has_a_place() {
    let asks = goodbye(&format!(
        r#"<transition event="dialog.started"><send target="session.id" name="'ask'" delay="'9s'"/></transition>
           <transition event="ask">{RENEWAL}<send target="session.id" name="'ask'" delay="'9s'"/></transition>"#
    ));
    let outlives = |place| {
        let breaches = explorer(&asks, 2, place).explore().breaches;
        breaches.iter().any(|breach| breach.what == "a session without a place outlives its call")
    };
    assert!(outlives(Place::Untouched) && !outlives(Place::Renewed));
}

#[test]
fn an_event_from_outside_comes_at_any_moment() {
    let document =
        goodbye(r#"<transition event="look"><assign name="answered" expr="leg.no.where"/></transition>"#);
    let exploration = || explorer(&document, 0, Place::Untouched);
    assert_breaches(&exploration().explore(), &[]);
    let looked_at = exploration().with_event(Event::new("look"), 1).explore();
    assert_eq!(looked_at.breaches.len(), 1, "{looked_at:#?}");
    assert!(looked_at.breaches[0].what.starts_with("<assign>: TypeError"), "{looked_at:#?}");
}

#[test]
fn counted_events_that_are_behind_make_no_states() {
    let ticks = goodbye(
        r#"<transition event="tick.*">
             <if cond="event$.name == 'tick.' + tick">
               <assign name="tick" expr="tick + 1"/>
               <send target="session.id" name="'tick.' + tick" delay="'5s'"/>
             </if>
           </transition>
           <transition event="dialog.started">
             <send target="session.id" name="'tick.' + tick" delay="'5s'"/>
           </transition>"#,
    )
    .replace("<eventprocessor>", r#"<var name="tick" expr="0"/><eventprocessor>"#)
    // The dialog's end is not heard of: the call lasts until the caller hangs up.
    .replace(r#"<transition event="dialog.exit">"#, r#"<transition event="none">"#)
    .replace("'bye'", "'long'");
    let counted = || explorer(&ticks, 0, Place::Untouched).with_counter("tick", "tick.");
    let exploration = counted().explore();
    assert!(exploration.complete);
    assert_breaches(&exploration, &["silence for more than 30 s"]);
}

#[test]
fn a_document_that_breaks_the_language_is_a_breach() {
    let document = goodbye("").replace("<exit/>", "<exit expr=\"1 +\"/>");
    let exploration = explorer(&document, 0, Place::Untouched).explore();
    assert_eq!((exploration.states, exploration.breaches.len()), (0, 1));
}
