//! How dialogs speak to their callers, one thing after the other.

use crate::caller::Heard;
use crate::clock::millis;
use crate::media::Input;
use crate::platform::{Call, Platform, Stage, Then, Work};
use crate::trace::What;
use crate::vxml::{Next, Spoken};

impl Platform {
    /// The dialog has something to say, and then listens or ends.
    pub(crate) fn proceed(&mut self, id: &str, next: Next) {
        let Some(dialog) = self.dialogs.get_mut(id) else { return };
        let Stage::Running(form) = &mut dialog.stage else { return };
        dialog.speech = std::mem::take(&mut form.spoken).into();
        dialog.then = match next {
            Next::End(values) => Then::End(values),
            Next::Disconnect(values) => Then::Disconnect(values),
            Next::Listen(listen) => Then::Listen(listen, String::new()),
        };
        let (session, violations) = (dialog.session, std::mem::take(&mut form.violations));
        let (silent, listens) = (dialog.speech.is_empty(), matches!(dialog.then, Then::Listen(..)));
        for violation in violations {
            self.note(session, violation);
        }
        if silent && !listens {
            // Not even a dialog without a word ends in the very moment in which it starts.
            return self.wait(id, millis(10), Work::DialogSpeaks(id.into()));
        }
        if listens {
            self.interrupt(id);
        }
        self.speak(id);
    }

    /// Says the next thing, or goes on when everything is said.
    pub(crate) fn speak(&mut self, id: &str) {
        self.stop_speech(id);
        let Some(dialog) = self.dialogs.get_mut(id) else { return };
        if !matches!(dialog.stage, Stage::Running(_)) {
            return;
        }
        if let Some(words) = dialog.speech.pop_front() {
            dialog.saying = Some(words.deaf);
            let length = words.length(self.word, &self.lengths);
            self.say(id, words);
            return self.wait(id, length, Work::DialogSpeaks(id.into()));
        }
        dialog.saying = None;
        match &mut dialog.then {
            Then::End(values) => {
                let values = values.take();
                self.dialog_ends(id, values);
            }
            Then::Disconnect(values) => {
                let values = std::mem::take(values);
                self.dialog_disconnects(id, values);
            }
            Then::Listen(..) => self.listen(id),
        }
    }

    /// Plans what the dialog does next, unless something else comes first.
    pub(crate) fn wait(&mut self, id: &str, time: std::time::Duration, work: Work) {
        let work = self.agenda.after(time, work);
        if let Some(dialog) = self.dialogs.get_mut(id)
            && let Some(before) = dialog.pending.replace(work)
        {
            self.agenda.cancel(before);
        }
    }

    /// Says something to a caller, who may hear something else.
    fn say(&mut self, id: &str, words: Spoken) {
        let Some(dialog) = self.dialogs.get(id) else { return };
        let heard = Heard {
            at: self.agenda.now(),
            until: None,
            text: words.text,
            audio: words.audio,
            missing_audio: words.missing,
            prompt: dialog.prompt.clone(),
            lang: match &dialog.stage {
                Stage::Running(form) => form.language().into(),
                _ => String::new(),
            },
        };
        let listeners = match &dialog.conference {
            Some(conference) => self.media.listeners(conference),
            None => self.media.connections.get(&dialog.connection).map(|leg| leg.call).into_iter().collect(),
        };
        let source = match &dialog.conference {
            Some(conference) => Input::Conference(conference.clone()),
            None => Input::Dialog(id.into()),
        };
        let mut audience = Vec::new();
        for call in listeners {
            let input = self.media.input(&self.calls[call].connection);
            if input != source {
                self.note(call, What::Misses(heard.clone()));
                continue;
            }
            let Call { record, listening, .. } = &mut self.calls[call];
            audience.push((call, record.heard.len()));
            listening.push((source.clone(), record.heard.len()));
            record.said = format!("{} {}", record.said, heard.text).trim().to_string();
            record.heard.push(heard.clone());
            self.note(call, What::Hears(heard.clone()));
        }
        if let Some(dialog) = self.dialogs.get_mut(id) {
            dialog.audience = audience;
        }
    }

    /// What the dialog says stops.
    pub(crate) fn stop_speech(&mut self, id: &str) {
        let now = self.agenda.now();
        let audience = self.dialogs.get_mut(id).map(|dialog| std::mem::take(&mut dialog.audience));
        for (call, number) in audience.into_iter().flatten() {
            let Call { record, listening, .. } = &mut self.calls[call];
            record.stop(number, now);
            listening.retain(|(_, other)| *other != number);
        }
    }
}
