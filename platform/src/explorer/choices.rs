//! What may happen next: everything that is pending at this moment, and what may befall the call at any.

use std::rc::Rc;

use super::Explorer;
use super::page::Fetched;
use super::record::Millis;
use super::surroundings::dialog_exits;
use super::telling::Telling;
use super::world::{Call, Pending, Sent, Source, What, World};
use crate::event::Event;

/// The states that may come next.
pub(super) type Next = Vec<World>;

impl Explorer {
    /// Every state that may come next.
    pub(super) fn successors(&mut self, world: &World) -> Next {
        let mut next = Vec::new();
        for at in ready(world) {
            let mut came = world.clone();
            let Pending { source, what, .. } = came.pending.remove(at);
            self.happens(&came, source, what, &mut next);
        }
        self.befalls(world, &mut next);
        self.goes_wrong(world, &mut next);
        match world.pending.first() {
            None => {
                self.check_stillness(world);
                self.broken = false;
            }
            Some(first) if first.due > world.now => {
                let due: Millis = first.due;
                self.add(&mut next, world, None, |explorer, world| explorer.pass(world, due));
            }
            Some(_) => {}
        }
        next
    }

    /// Lets one thing happen, in every way in which it may.
    fn happens(&mut self, world: &World, source: Source, what: What, next: &mut Next) {
        match what {
            What::Told(telling) => self.is_told(world, source, &telling, next),
            What::Answered(telling, step) => {
                self.is_told(world, source, &telling, next);
                self.fails(world, source, &telling, step, next);
            }
            What::Numbered { counter, number } => {
                let event = self.sessions.event(counter, number);
                self.is_told_of(world, source, &event, What::Numbered { counter, number }, next);
            }
            What::Ends(id) => {
                let Some(running) = world.dialog.as_ref().filter(|running| running.id == id) else { return };
                for values in &self.dialog(&running.source).returns {
                    let returned = format!(
                        "{} ends, returns {}",
                        running.source,
                        Event::new("").with("values", values.clone())
                    );
                    self.add(next, world, Some(&returned), |_, world| {
                        dialog_exits(world, &id, Some(values.clone()));
                    });
                }
            }
            What::Terminates(id) => match world.dialog.as_ref().filter(|running| running.id == id) {
                Some(running) => {
                    let cut = self.dialog(&running.source).cut.clone();
                    let what = format!("{} is terminated", running.source);
                    self.add(next, world, Some(&what), |_, world| dialog_exits(world, &id, Some(cut)));
                }
                // It has ended of itself. Not every platform says so once more.
                None => {
                    self.add(next, world, Some("the dialog is over already"), |_, _| {});
                    self.add(next, world, Some("the dialog is over already, an error"), |_, world| {
                        let wrong = Event::new("error.dialog.wrongstate").with("dialogid", id.as_str());
                        world.tell(Source::DialogElement, wrong);
                    });
                }
            },
            What::Arrives { fetchid, request } => self.arrives(world, &fetchid, &request, next),
            What::SentAway => {
                self.add(next, world, Some("another session is told"), |_, _| {});
                self.add(next, world, Some("the other session is gone"), |_, world| {
                    world.tell(Source::Outside, Event::new("error.send.targetunavailable"));
                });
            }
        }
    }

    fn is_told(&mut self, world: &World, source: Source, telling: &Rc<Telling>, next: &mut Next) {
        self.is_told_of(world, source, telling, What::Told(Rc::clone(telling)), next);
    }

    /// The session is told of an event: once, or in one of the ways that are wrong.
    fn is_told_of(
        &mut self,
        world: &World,
        source: Source,
        telling: &Rc<Telling>,
        what: What,
        next: &mut Next,
    ) {
        self.add(next, world, Some(&telling.event.name), |explorer, world| explorer.deliver(world, telling));
        self.is_told_wrongly(world, source, telling, what, next);
    }

    /// A request reaches the application, and its reply the session.
    fn arrives(&mut self, world: &World, fetchid: &str, request: &Rc<Sent>, next: &mut Next) {
        let answers = self.answers(&request.0);
        for answer in answers.iter() {
            let (mut came, event) = (world.clone(), Event::new("fetch.done").with("fetchid", fetchid));
            self.takes_effect(&mut came, answer.place);
            let telling = match &answer.content {
                Ok(fetched) => {
                    came.fetched.push((fetchid.into(), fetched.clone()));
                    let content = match fetched {
                        Fetched::Document(page) => format!("{page:?}"),
                        Fetched::Script(script) => script.replace('\n', " "),
                    };
                    came.happened(format!("{} is answered: {content}", about(request)));
                    Telling::new(event)
                }
                Err(reason) => {
                    came.happened(format!("{} is answered: {reason}", about(request)));
                    not_fetched(fetchid)
                }
            };
            self.is_told(&came, Source::Web, &telling, next);
        }
        self.request_fails(world, fetchid, request, &answers, next);
    }

    /// What may befall the call at any moment, and is nobody's fault.
    fn befalls(&mut self, world: &World, next: &mut Next) {
        let name = match world.call {
            Call::Alerting => "connection.failed",
            Call::Connected => "connection.disconnected",
            Call::Gone => return,
        };
        self.add(next, world, Some("the caller hangs up"), |explorer, world| {
            explorer.hangs_up(world, name, true);
        });
        if world.dialog.is_some() {
            let what = "the caller hangs up, and what the dialog returns is lost";
            self.add(next, world, Some(what), |explorer, world| explorer.hangs_up(world, name, false));
        }
        if world.call == Call::Alerting {
            return;
        }
        for (at, (event, times)) in self.outside.clone().iter().enumerate() {
            if world.record.outside.get(at).is_some_and(|came| came < times) {
                self.add(next, world, Some(&event.name), |explorer, world| {
                    if let Some(came) = world.record.outside.get_mut(at) {
                        *came += 1;
                    }
                    // It may be what asks for a renewal.
                    world.record.renewed_at = None;
                    explorer.deliver(world, &Telling::new(event.clone()));
                });
            }
        }
    }

    /// Adds a state, unless it is one that should not be.
    pub(super) fn add(
        &mut self,
        next: &mut Next,
        world: &World,
        what: Option<&str>,
        change: impl FnOnce(&mut Explorer, &mut World),
    ) {
        let mut changed = world.clone();
        if let Some(what) = what {
            changed.happened(format!("{what} [{}]", world.session.state));
        }
        change(self, &mut changed);
        if changed.alive {
            self.forget_stale(&mut changed);
        }
        changed.record.silent_since = match self.hears_nothing(&changed) {
            true => changed.record.silent_since.or(Some(changed.now)),
            false => None,
        };
        changed.forget_fetches();
        if !std::mem::take(&mut self.broken) {
            next.push(changed);
        }
    }

    /// An event to oneself whose number is behind, and that changes nothing, is not waited for.
    fn forget_stale(&mut self, world: &mut World) {
        let counters = world.session.counters.clone();
        let stale = |pending: &Pending| match pending.what {
            What::Numbered { counter, number } if Some(&number) != counters.get(counter) => {
                Some((counter, number))
            }
            _ => None,
        };
        let behind: Vec<_> = world.pending.iter().filter_map(stale).collect();
        for (counter, number) in behind {
            let event = self.sessions.event(counter, number);
            let played = self.play(world, &event);
            let changes_nothing = played.effects.is_empty()
                && played.breach.is_none()
                && played.session.number == world.session.number;
            if changes_nothing {
                world.pending.retain(|pending| stale(pending) != Some((counter, number)));
            }
        }
    }
}

/// What may come next: what one may choose the moment of, and what each source tells first at this one.
fn ready(world: &World) -> Vec<usize> {
    let mut told = Vec::new();
    let pending = world.pending.iter().enumerate();
    let ready = pending.filter(|(_, Pending { due, early, source, .. })| {
        if *early || *due > world.now {
            return *early;
        }
        let first = !told.contains(source);
        told.push(*source);
        first
    });
    ready.map(|(at, _)| at).collect()
}

/// What a request is about, for the way to a breach.
pub(super) fn about(request: &Sent) -> String {
    let event = request.0.field("event");
    event.unwrap_or_else(|| format!("{} {}", request.0.method, request.0.path()))
}

pub(super) fn not_fetched(fetchid: &str) -> Rc<Telling> {
    Telling::new(Event::new("error.fetch").with("fetchid", fetchid).with("reason", "no reply"))
}
