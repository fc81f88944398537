//! What may go wrong, as often as the bound says: each is a choice like the others, and is counted.

use std::rc::Rc;

use super::choices::{Next, about, not_fetched};
use super::record::Millis;
use super::surroundings::{bridge, dialog_exits, drops_out, of_conference};
use super::telling::Telling;
use super::world::{Call, LEG, Mixer, Sent, Source, Step, What, World};
use super::{Answered, Explorer};
use crate::event::Event;

/// An event told twice comes again within this time.
const AGAIN: Millis = 4_000;

/// An event that is late comes within this time: longer than the guards of most steps.
const LATE: Millis = 15_000;

/// How long a platform may wait for a reply that does not come.
const PATIENCE: Millis = 10_000;

/// Whether a caller may suffer from what goes wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hurts {
    Nobody,
    TheCaller,
}

impl Explorer {
    /// The session is told twice, or never, or late.
    pub(super) fn is_told_wrongly(
        &mut self,
        world: &World,
        source: Source,
        telling: &Rc<Telling>,
        what: What,
        next: &mut Next,
    ) {
        let name = telling.event.name.as_str();
        let again = what.clone();
        self.add_fault(next, world, Hurts::TheCaller, &format!("{name} is told twice"), |explorer, world| {
            world.within(AGAIN, source, again);
            explorer.deliver(world, telling);
        });
        // What a session tells itself is not lost on the way: a platform that loses it has no timers either.
        if matches!(source, Source::Own | Source::Timer) {
            return;
        }
        self.add_fault(next, world, Hurts::TheCaller, &format!("{name} is never told"), |_, _| {});
        self.add_fault(next, world, Hurts::TheCaller, &format!("{name} is late"), |_, world| {
            world.within(LATE, source, what);
        });
    }

    /// A step that the session was about to hear the end of has failed instead, or nothing has come of it at all.
    pub(super) fn fails(
        &mut self,
        world: &World,
        source: Source,
        telling: &Telling,
        step: Step,
        next: &mut Next,
    ) {
        let done = &telling.event;
        let (id1, id2) = (done.text("id1"), done.text("id2"));
        let (name, failed) = match step {
            Step::Create { .. } => {
                ("create", of_conference("error.conference.create", done.text("conferenceid")))
            }
            Step::Join { .. } => ("join", bridge("error.conference.join", id1, id2)),
            Step::Unjoin => ("unjoin", bridge("error.conference.unjoin", id1, id2)),
            Step::DialogStart => {
                let id = done.text("dialogid");
                if world.dialog.as_ref().is_none_or(|running| running.id != id) {
                    return;
                }
                self.add_fault(next, world, Hurts::TheCaller, "a dialog crashes", |_, world| {
                    world.tell(source, done.clone());
                    dialog_exits(world, id, None);
                });
                ("dialogstart", Event::new("error.dialog.notstarted").with("dialogid", id))
            }
        };
        self.add_fault(next, world, Hurts::TheCaller, &format!("a {name} fails"), |explorer, world| {
            undo(world, step, done);
            explorer.deliver(world, &Telling::new(failed));
        });
        self.add_fault(next, world, Hurts::TheCaller, &format!("a {name} comes to nothing"), |_, world| {
            undo(world, step, done);
        });
        if matches!(step, Step::Join { extras: true, .. }) {
            self.add_fault(next, world, Hurts::Nobody, "a join is unsupported", |explorer, world| {
                undo(world, step, done);
                let unsupported = Event::new("error.unsupported").with("tagname", "join");
                explorer.deliver(world, &Telling::new(unsupported));
            });
        }
    }

    /// A request never reaches the application, or its reply never comes back.
    pub(super) fn request_fails(
        &mut self,
        world: &World,
        fetchid: &str,
        request: &Sent,
        answers: &[Answered],
        next: &mut Next,
    ) {
        let failed = || What::Told(not_fetched(fetchid));
        let mut places: Vec<_> = answers.iter().map(|answer| answer.place).collect();
        places.dedup();
        for place in places {
            let what = format!("the reply to {} is lost", about(request));
            self.add_fault(next, world, Hurts::TheCaller, &what, |explorer, world| {
                explorer.takes_effect(world, place);
                world.record.renewed_at = None;
                world.within(PATIENCE, Source::Web, failed());
            });
        }
        let what = format!("{} is never sent", about(request));
        self.add_fault(next, world, Hurts::TheCaller, &what, |_, world| {
            world.record.renewed_at = None;
            world.within(PATIENCE, Source::Web, failed());
        });
    }

    /// What may go wrong at any moment of a call.
    pub(super) fn goes_wrong(&mut self, world: &World, next: &mut Next) {
        if world.call != Call::Connected {
            return;
        }
        self.add_fault(next, world, Hurts::Nobody, "the connection is lost", |explorer, world| {
            explorer.hangs_up(world, "error.connection", true);
        });
        if !world.record.killed {
            self.add_fault(next, world, Hurts::Nobody, "the session is killed", |explorer, world| {
                world.record.killed = true;
                let kill = Event::new("ccxml.kill").with("reason", "operator");
                explorer.deliver(world, &Telling::new(kill));
            });
        }
        let Some(Mixer { id, attached: true }) = &world.mixer else { return };
        self.add_fault(next, world, Hurts::TheCaller, "the mixer is lost", |_, world| {
            drops_out(world);
            world.mixer = None;
            world.tell(Source::Bridge, of_conference("conference.destroyed", id));
        });
        if world.joined {
            self.add_fault(next, world, Hurts::TheCaller, "the caller drops out", |_, world| {
                world.joined = false;
                world.tell(Source::Bridge, bridge("conference.unjoined", LEG, id));
            });
        }
    }

    /// Adds something that goes wrong, if anything more may.
    fn add_fault(
        &mut self,
        next: &mut Next,
        world: &World,
        hurts: Hurts,
        what: &str,
        change: impl FnOnce(&mut Explorer, &mut World),
    ) {
        if world.record.faults >= self.bound.faults {
            return;
        }
        let mut faulty = world.clone();
        faulty.record.faults += 1;
        faulty.record.failures += u8::from(hurts == Hurts::TheCaller);
        self.add(next, &faulty, Some(&format!("! {what}")), change);
    }
}

/// Makes a step that was done one that was not.
fn undo(world: &mut World, step: Step, done: &Event) {
    match step {
        Step::Create { first } => {
            let id = done.text("conferenceid");
            world.mixer.take_if(|mixer| first && mixer.id == id && !world.joined);
        }
        Step::Join { first, .. } => world.joined &= !first,
        Step::Unjoin => {
            let meant = |mixer: &Mixer| mixer.attached && mixer.id == done.text("id2");
            world.joined = world.call == Call::Connected && world.mixer.as_ref().is_some_and(meant);
        }
        Step::DialogStart => {
            let id = done.text("dialogid");
            world.dialog = None;
            world.pending.retain(|pending| !matches!(&pending.what, What::Ends(one) if one == id));
        }
    }
}
