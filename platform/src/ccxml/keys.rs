//! Keys: what callers do when they are asked, and what becomes of every key that they press.

use std::time::Duration;

use crate::caller::{Ask, Entry};
use crate::clock::millis;
use crate::ids::CallId;
use crate::media::CallState;
use crate::platform::{Call, Dialog, KEY, Platform, Stage, Then, Work, presses};
use crate::trace::What;
use crate::variations::Signals;
use crate::vxml::Input;

/// How long a caller needs for anything but keys.
const REACTION: Duration = millis(300);

impl Platform {
    /// The dialog has said everything and waits for keys: the caller decides what to do.
    pub(crate) fn listen(&mut self, id: &str) {
        let Some(Dialog { connection, then: Then::Listen(listen, keys), .. }) = self.dialogs.get(id) else {
            return;
        };
        // Who has begun to key goes on with it.
        let begun = !keys.is_empty();
        let (timeout, connection) = (listen.timeout, connection.clone());
        if begun {
            return;
        }
        self.wait(id, timeout, Work::DialogHears(id.into(), Input::Silence));
        let Some(call) = self.media.connections.get(&connection).map(|leg| leg.call) else { return };
        if self.calls[call].pressing > self.agenda.now() {
            return;
        }
        match self.answer(id, call) {
            Entry::Digits(keys) | Entry::Interrupting(keys) => self.press_all(call, &keys),
            Entry::Silence => {}
            Entry::Nonsense => self.wait(id, REACTION, Work::DialogHears(id.into(), Input::Noise)),
            Entry::HangUp => self.wait(id, REACTION, Work::HangUp(call)),
        }
    }

    /// The dialog begins to ask: a caller who knows the way does not wait for the end of the words.
    pub(crate) fn interrupt(&mut self, id: &str) {
        let Some(dialog) = self.dialogs.get(id) else { return };
        let Some(call) = self.media.connections.get(&dialog.connection).map(|leg| leg.call) else { return };
        let Some(keys) = self.calls[call].caller.interruption(&dialog.prompt) else { return };
        let prompt = dialog.prompt.clone();
        self.note(call, What::Answers { prompt, entry: Entry::Interrupting(keys.clone()) });
        self.press_all(call, &keys);
    }

    fn answer(&mut self, id: &str, call: CallId) -> Entry {
        let prompt = self.dialogs.get(id).map_or(String::new(), |dialog| dialog.prompt.clone());
        let Call { record, caller, .. } = &mut self.calls[call];
        let time = record.asked.entry(prompt.clone()).or_default();
        *time += 1;
        let ask = Ask { prompt: prompt.clone(), said: std::mem::take(&mut record.said), time: *time };
        let entry = caller.answer(&ask);
        self.note(call, What::Answers { prompt, entry: entry.clone() });
        entry
    }

    /// Lets a caller press keys one after the other, the first in a moment.
    pub(crate) fn press_all(&mut self, call: CallId, keys: &str) {
        self.press_from(self.agenda.now() + KEY, call, keys);
    }

    /// Lets a caller press keys one after the other, the first at a moment.
    pub(crate) fn press_from(&mut self, first: Duration, call: CallId, keys: &str) {
        for (moment, key) in presses(first, keys) {
            self.agenda.at(moment, Work::Press(call, key));
            let pressing = &mut self.calls[call].pressing;
            *pressing = moment.max(*pressing);
        }
    }

    /// Lets a caller press a key now.
    pub fn press(&mut self, call: CallId, key: char) {
        let connection = self.calls[call].connection.clone();
        if self.media.state(&connection) != CallState::Connected {
            return;
        }
        self.note(call, What::Presses(key));
        let listens = |dialog: &Dialog| {
            dialog.connection == connection
                && matches!(dialog.stage, Stage::Running(_))
                && matches!(dialog.then, Then::Listen(..))
        };
        let asking = self.dialogs.iter().find(|(_, dialog)| listens(dialog)).map(|(id, _)| id.clone());
        self.signal_key(call, key, asking.is_some());
        match asking {
            Some(id) => self.take_key(&id, call, key),
            None if self.variations.signals == Signals::None => self.note(call, "(nobody takes the key)"),
            None => {}
        }
        self.observe_media();
    }

    /// A dialog that asks gets a key.
    fn take_key(&mut self, id: &str, call: CallId, key: char) {
        let Some(dialog) = self.dialogs.get_mut(id) else { return };
        let Then::Listen(listen, keys) = &mut dialog.then else { return };
        if dialog.saying == Some(true) {
            return self.note(call, "(the key is lost, the words can't be interrupted)");
        }
        if std::mem::take(&mut dialog.needless).contains(key) {
            return;
        }
        let interrupted = dialog.saying.take().is_some();
        dialog.speech.clear();
        let ended = listen.termchar.contains(key);
        if !ended {
            keys.push(key);
        }
        let entered = keys.clone();
        let Stage::Running(form) = &dialog.stage else { return };
        let fit = form.fit(&entered);
        let full = fit.complete && !fit.extensible;
        let waits_for_end = full && !listen.termtimeout.is_zero();
        let pause = if waits_for_end { listen.termtimeout } else { listen.interdigit };
        let enough = self.variations.eager_digits && full && !waits_for_end;
        if enough && !ended {
            dialog.needless.clone_from(&listen.termchar);
        }
        if interrupted {
            self.stop_speech(id);
            self.note(call, What::Interrupts);
        }
        self.calls[call].record.said.clear();
        if ended || enough {
            self.dialog_hears(id, Input::Keys(entered));
        } else {
            self.wait(id, pause, Work::DialogHears(id.into(), Input::Keys(entered)));
        }
    }

    /// A dialog that asks has heard something, or nothing for too long.
    pub(crate) fn dialog_hears(&mut self, id: &str, input: Input) {
        let Some(dialog) = self.dialogs.get_mut(id) else { return };
        if let Some(work) = dialog.pending.take() {
            self.agenda.cancel(work);
        }
        let Stage::Running(form) = &mut dialog.stage else { return };
        let next = form.hear(&self.engine, input);
        self.proceed(id, next);
    }
}
