//! What should not happen.

use super::application::{Place, Says};
use super::record::{Millis, Record};
use super::world::{Call, What, World};
use super::{Answered, Explorer};
use crate::web::HttpRequest;

/// How long a session may go on after its call: the reply under way and three leaves, each with its guard.
const AFTER_THE_CALL: Millis = 75_000;

/// How long a session may go on that has not been told of the end of its call, and holds no place.
const UNTOLD: Millis = 300_000;

/// How soon the end of a call is reported when nothing has gone wrong.
const SOON: Millis = 5_000;

/// Renewals that nothing has asked for do not follow one another sooner.
const BETWEEN_RENEWALS: Millis = 4_000;

/// More failures than these may cost a caller the call, or leave the session without a word of its end.
const SURVIVED: u8 = 1;

impl Explorer {
    /// Whether the caller is connected, in no conference, and no dialog is there.
    pub(super) fn hears_nothing(&self, world: &World) -> bool {
        world.alive && world.call == Call::Connected && !world.joined && world.dialog.is_none()
    }

    /// Time goes on to what happens next.
    pub(super) fn pass(&mut self, world: &mut World, now: Millis) {
        world.now = now;
        let Record { silent_since, gone_at, held_since, renewed_at, failures, has_left, .. } = world.record;
        let longer = |since: Option<Millis>, than: Millis| since.is_some_and(|since| now - since > than);
        let silent = longer(silent_since, self.bound.silence * 1000);
        if failures > SURVIVED {
            if longer(gone_at, UNTOLD) {
                self.breach(world, "a session without a place outlives its call");
            }
            // A session that has not been told may renew its place for ever.
            if silent || held_since.is_some() && longer(gone_at, AFTER_THE_CALL) {
                world.alive = false;
                return;
            }
        } else if silent {
            self.breach(world, format!("silence for more than {} s", self.bound.silence));
        }
        if failures <= SURVIVED && longer(gone_at, AFTER_THE_CALL) {
            self.breach(world, "the session outlives its call");
        }
        if longer(gone_at, SOON) && failures == 0 && held_since.is_some() && !has_left {
            self.breach(world, "the end of the call is reported late");
        }
        if gone_at.is_none() && longer(held_since, self.bound.lease * 1000) {
            self.breach(world, "the caller's place is not renewed in time");
        }
        if longer(renewed_at, BETWEEN_RENEWALS) {
            world.record.renewed_at = None;
        }
    }

    /// Nothing is going to happen any more.
    pub(super) fn check_stillness(&mut self, world: &World) {
        if world.record.failures > SURVIVED {
            return;
        }
        if world.call == Call::Gone {
            self.breach(world, "the session never ends");
        } else if self.hears_nothing(world) {
            self.breach(world, "the caller hears nothing for ever");
        } else if world.record.held_since.is_some() {
            self.breach(world, "the caller's place is not renewed any more");
        }
    }

    /// The session hangs up.
    pub(super) fn check_last_words(&mut self, world: &World) {
        let Record { failures, killed, last_words, .. } = world.record;
        match last_words {
            _ if failures > SURVIVED => {}
            Says::Anything => self.breach(world, "a caller is cut off without a word"),
            Says::Apology if !killed => {
                self.breach(world, "a caller is sent away although no more than one thing has failed");
            }
            Says::Apology | Says::Farewell => {}
        }
    }

    /// The session sends a request.
    pub(super) fn check_request(&mut self, world: &mut World, request: &HttpRequest) {
        let answers = self.answers(request);
        world.record.has_left |= answers.iter().all(|answer| answer.place == Place::Freed);
        let renews = answers.iter().any(|answer| answer.place == Place::Renewed);
        if renews && world.record.renewed_at.replace(world.now).is_some() {
            world.record.hurried += 1;
        }
        // Once may be by chance: a renewal that is due when another is asked for. So may one for each event told twice.
        if world.record.hurried > world.record.faults + 1 {
            self.breach(world, "renewals follow one another at once");
        }
    }

    /// The session ends.
    pub(super) fn check_end(&mut self, world: &World) {
        // A session that is killed before it hears that the call is up has nothing to say.
        let unheard = world.record.killed && world.session.view != "CONNECTED";
        if world.call == Call::Connected && !unheard {
            self.breach(world, "the session ends while the caller is connected");
        }
        let on_its_way = world.pending.iter().any(|pending| match &pending.what {
            What::Arrives { request, .. } => self.answers(&request.0).iter().any(takes_place),
            _ => false,
        });
        if world.record.held_since.is_some() || on_its_way {
            self.breach(world, "a place is left behind");
        }
    }
}

fn takes_place(answer: &Answered) -> bool {
    matches!(answer.place, Place::Taken | Place::Renewed)
}
