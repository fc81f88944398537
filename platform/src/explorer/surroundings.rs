//! What is around the session: how it does what the session has started, and what it tells the session.

use std::rc::Rc;

use super::application::{Dialog, Says};
use super::effects::Effect;
use super::page::Fetched;
use super::play::SESSION;
use super::telling::Telling;
use super::world::{Call, LEG, Mixer, Running, Sent, Source, Step, What, World};
use super::{Explorer, Place};
use crate::event::{Event, Value};
use crate::web::HttpRequest;

impl Explorer {
    /// The call has come, and the first document with it, in each of the forms in which the application serves it.
    pub(super) fn begin(&mut self) -> Vec<World> {
        let request = HttpRequest {
            method: "GET",
            url: self.address.clone(),
            form: None,
            at: std::time::Duration::ZERO,
            caller: SESSION.into(),
        };
        let mut begun = Vec::new();
        for answer in self.answers(&request).iter() {
            let Ok(Fetched::Document(page)) = &answer.content else { continue };
            match self.first_session(page) {
                Ok(session) => {
                    let mut world = World::new(session, self.outside.len());
                    self.start(&mut world, &Effect::Loaded);
                    world.tell(Source::Connection, of_leg("connection.alerting"));
                    begun.push(world);
                }
                Err(reason) => {
                    let breach = super::Breach { what: reason, path: Vec::new() };
                    self.exploration.breaches.push(breach);
                }
            }
        }
        begun
    }

    /// Lets the session handle an event.
    pub(super) fn deliver(&mut self, world: &mut World, telling: &Telling) {
        let played = self.play(world, telling);
        if let Some(breach) = &played.breach {
            self.breach(world, breach);
        }
        world.session = Rc::clone(&played.session);
        for effect in &played.effects {
            self.start(world, effect);
        }
        for pending in &mut world.pending {
            if let What::Numbered { counter, number } = &mut pending.what {
                *number -= played.shifts.get(*counter).unwrap_or(&0);
            }
        }
        if played.shifts.iter().any(|shift| *shift < 0) {
            self.breach(world, "a counter goes down");
        }
    }

    /// Does what an element has started.
    fn start(&mut self, world: &mut World, effect: &Effect) {
        match effect {
            Effect::Loaded => world.tell(Source::Own, Event::new("ccxml.loaded").with("sessionid", SESSION)),
            Effect::Exit => {
                world.alive = false;
                self.check_end(world);
            }
            Effect::Send { delay, name } => {
                let source = if *delay == 0 { Source::Own } else { Source::Timer };
                let what = match self.sessions.numbered(name) {
                    Some((counter, number)) => What::Numbered { counter, number },
                    None => What::Told(Telling::new(Event::new(name))),
                };
                world.later(*delay, source, what);
            }
            Effect::SendAway => world.later(0, Source::Outside, What::SentAway),
            Effect::Accept => {
                if world.call == Call::Alerting {
                    world.call = Call::Connected;
                    world.tell(Source::Connection, of_leg("connection.connected"));
                }
            }
            Effect::Disconnect if world.call == Call::Connected => {
                self.check_last_words(world);
                self.hangs_up(world, "connection.disconnected", true);
            }
            Effect::Disconnect => {
                let wrong = of_leg("error.connection.wrongstate").with("tagname", "disconnect");
                world.tell(Source::Connection, wrong);
            }
            Effect::Create(id) => {
                let first = world.mixer.as_ref().is_none_or(|mixer| !mixer.attached);
                world.mixer = Some(Mixer { id: id.clone(), attached: true });
                let created = of_conference("conference.created", id);
                world.answer(Source::Bridge, Step::Create { first }, created);
            }
            Effect::Destroy(id) => {
                let meant = |mixer: &mut Mixer| mixer.id == *id && mixer.attached;
                let name = match world.mixer.take_if(meant) {
                    Some(_) => "conference.destroyed",
                    None => "error.conference.destroy",
                };
                world.tell(Source::Bridge, of_conference(name, id));
            }
            Effect::Join { id1, id2, extras } => {
                let meant = |mixer: &Mixer| mixer.id == *id2 && mixer.attached;
                if world.call == Call::Connected && world.mixer.as_ref().is_some_and(meant) {
                    let first = !std::mem::replace(&mut world.joined, true);
                    let joined = bridge("conference.joined", id1, id2);
                    world.answer(Source::Bridge, Step::Join { extras: *extras, first }, joined);
                } else {
                    world.tell(Source::Bridge, bridge("error.conference.join", id1, id2));
                }
            }
            Effect::Unjoin { id1, id2 } => {
                if std::mem::take(&mut world.joined) {
                    world.answer(Source::Bridge, Step::Unjoin, bridge("conference.unjoined", id1, id2));
                } else {
                    world.tell(Source::Bridge, bridge("error.conference.unjoin", id1, id2));
                }
            }
            Effect::DialogStart { id, source } => self.dialog_starts(world, id, source),
            Effect::DialogTerminate(id) => {
                world.later(0, Source::DialogElement, What::Terminates(id.clone()));
            }
            Effect::Fetch { id, request } => {
                self.check_request(world, request);
                let request = Rc::new(Sent(Rc::clone(request)));
                world.later(0, Source::Web, What::Arrives { fetchid: id.clone(), request });
            }
        }
    }

    fn dialog_starts(&mut self, world: &mut World, id: &str, source: &Rc<str>) {
        let Dialog { seconds, says, .. } = *self.dialog(source);
        let refused = world.call != Call::Connected || world.dialog.is_some();
        // A session that is killed need only try.
        if says != Says::Anything && (!refused || world.record.killed) {
            world.record.last_words = says;
        }
        if refused {
            let refused = Event::new("error.dialog.notstarted").with("dialogid", id);
            return world.tell(Source::DialogElement, refused);
        }
        world.dialog = Some(Running { id: id.into(), source: Rc::clone(source) });
        let started = Event::new("dialog.started").with("dialogid", id);
        world.answer(Source::Dialog, Step::DialogStart, started);
        world.within(seconds * 1000, Source::Dialog, What::Ends(id.into()));
    }

    /// What the application says of a dialog.
    pub(super) fn dialog(&mut self, source: &Rc<str>) -> Rc<Dialog> {
        let application = &mut self.application;
        let dialog = self.dialogs.entry(Rc::clone(source));
        Rc::clone(dialog.or_insert_with(|| Rc::new(application.dialog(source))))
    }

    /// The call is gone, and with it what was on it; the session is told of each in any order.
    pub(super) fn hangs_up(&mut self, world: &mut World, name: &str, values_kept: bool) {
        world.call = Call::Gone;
        world.record.gone_at = Some(world.now);
        // Of a call that is over nobody asks for more.
        (world.record.last_words, world.record.killed) = (Says::Anything, false);
        (world.record.renewed_at, world.record.hurried) = (None, 0);
        world.tell(Source::Connection, of_leg(name));
        if let Some(Running { id, source }) = world.dialog.take() {
            let cut = self.dialog(&source).cut.clone();
            dialog_exits(world, &id, values_kept.then_some(cut));
        }
        drops_out(world);
    }

    /// What a request has come to at the application.
    pub(super) fn takes_effect(&self, world: &mut World, place: Place) {
        match place {
            Place::Taken | Place::Renewed => world.record.held_since = Some(world.now),
            Place::Freed => world.record.held_since = None,
            Place::Untouched => {}
        }
    }
}

/// The caller is not in the conference any more, and the session is told so.
pub(super) fn drops_out(world: &mut World) {
    if std::mem::take(&mut world.joined)
        && let Some(id) = world.mixer.as_ref().map(|mixer| mixer.id.clone())
    {
        world.tell(Source::Bridge, bridge("conference.unjoined", LEG, &id));
    }
}

/// A dialog is over, and the session is told so.
pub(super) fn dialog_exits(world: &mut World, id: &str, values: Option<Value>) {
    world.dialog.take_if(|running| running.id == id);
    world.pending.retain(|pending| !matches!(&pending.what, What::Ends(one) if one == id));
    let exit = Event::new("dialog.exit").with("dialogid", id).with("connectionid", LEG);
    let exit = match values {
        Some(values) => exit.with("values", values),
        None => exit,
    };
    world.tell(Source::Dialog, exit);
}

pub(super) fn of_leg(name: &str) -> Event {
    Event::new(name).with("connectionid", LEG).with("reason", "")
}

pub(super) fn of_conference(name: &str, id: &str) -> Event {
    Event::new(name).with("conferenceid", id).with("reason", "")
}

pub(super) fn bridge(name: &str, id1: &str, id2: &str) -> Event {
    Event::new(name).with("id1", id1).with("id2", id2).with("reason", "")
}
