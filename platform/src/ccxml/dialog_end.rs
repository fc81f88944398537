//! How dialogs end: by themselves, with the call, or because they are told to.

use super::actions::{Context, Failed};
use crate::clock::millis;
use crate::event::{Event, Value};
use crate::ids::SessionId;
use crate::markup::Element;
use crate::media::Input;
use crate::platform::{Platform, Stage, Work};
use crate::variations::LateValues;
use crate::vxml::Values;

impl Platform {
    /// The dialog is over: its session hears so, exactly once, and perhaps some time later.
    pub(crate) fn dialog_ends(&mut self, id: &str, values: Option<Values>) {
        self.stop_speech(id);
        let Some(dialog) = self.dialogs.get_mut(id) else { return };
        if let Some(work) = dialog.pending.take() {
            self.agenda.cancel(work);
        }
        let Stage::Running(form) = std::mem::replace(&mut dialog.stage, Stage::Over) else { return };
        let (session, connection) = (dialog.session, dialog.connection.clone());
        self.engine.close(form.chain);
        for violation in form.violations {
            self.note(session, violation);
        }
        self.media.forget(&connection, &Input::Dialog(id.into()));
        let event = self.dialog_exit(id, values);
        if self.variations.exit_delay.is_zero() {
            self.post(session, event);
        } else {
            self.agenda.after(self.variations.exit_delay, Work::Deliver(session, event));
        }
    }

    /// The dialog asks for the call to be disconnected: its session hears so, the dialog hears of a hang-up and ends.
    pub(crate) fn dialog_disconnects(&mut self, id: &str, values: Values) {
        let Some(session) = self.dialogs.get(id).map(|dialog| dialog.session) else { return };
        let event = self.dialog_event(id, "dialog.disconnect").with("values", Value::Object(values));
        self.post(session, event);
        let exit = self.cut_short(id);
        self.post(session, exit);
    }

    fn dialog_exit(&self, id: &str, values: Option<Values>) -> Event {
        let event = self.dialog_event(id, "dialog.exit");
        match (values, self.variations.late_values) {
            (Some(values), _) => event.with("values", Value::Object(values)),
            (None, LateValues::Missing) => event,
            (None, LateValues::Kept | LateValues::Empty) => event.with("values", Value::Object(Vec::new())),
        }
    }

    /// Ends the dialogs of a connection that is gone; the events that tell of it.
    pub(crate) fn hang_up_dialogs(&mut self, connection: &str) -> Vec<(SessionId, Event)> {
        let open = self.dialogs.iter().filter(|(_, dialog)| !dialog.is_over());
        let open = open.filter(|(_, dialog)| dialog.connection == connection);
        let open: Vec<_> = open.map(|(id, dialog)| (dialog.session, id.clone())).collect();
        open.into_iter().map(|(session, id)| (session, self.cut_short(&id))).collect()
    }

    /// Ends a dialog from outside: one that runs may return something, one that has not started never will.
    fn cut_short(&mut self, id: &str) -> Event {
        self.stop_speech(id);
        let engine = &self.engine;
        let Some(dialog) = self.dialogs.get_mut(id) else { return Event::new("error.dialog") };
        if let Some(work) = dialog.pending.take() {
            self.agenda.cancel(work);
        }
        let (session, connection) = (dialog.session, dialog.connection.clone());
        match std::mem::replace(&mut dialog.stage, Stage::Over) {
            Stage::Running(mut form) => {
                let values = form.hang_up(engine);
                engine.close(form.chain);
                for violation in form.violations {
                    self.note(session, violation);
                }
                self.media.forget(&connection, &Input::Dialog(id.into()));
                let kept = self.variations.late_values == LateValues::Kept;
                self.dialog_exit(id, values.filter(|_| kept))
            }
            _ => self.not_started(id, "cancelled"),
        }
    }

    pub(crate) fn terminate_dialog(&mut self, context: &Context, element: &Element) -> Result<(), Failed> {
        let id = self.text(context, element, "dialogid")?;
        let immediate =
            self.value(context, element, "immediate")?.is_some_and(|value| value.to_text() == "true");
        match self.dialogs.get(&id).map(|dialog| dialog.is_over()) {
            None => {
                let reason = format!("there is no dialog {id:?}");
                self.semantic(context.session, &context.document, element, &reason);
            }
            Some(true) => {
                let event = self.dialog_event(&id, "error.dialog.wrongstate");
                self.later(context.session, 20, event.with("reason", "the dialog is over"));
            }
            Some(false) => {
                self.action(context, element, id.as_str());
                self.agenda.after(millis(30), Work::DialogTerminates { id, immediate });
            }
        }
        Ok(())
    }

    pub(crate) fn dialog_terminates(&mut self, id: &str, immediate: bool) {
        let Some(dialog) = self.dialogs.get(id) else { return };
        let session = dialog.session;
        match dialog.stage {
            Stage::Over => {}
            Stage::Running(_) if immediate => self.dialog_ends(id, None),
            Stage::Starting if !self.variations.stillborn_dialogs => {
                let started = self.dialog_event(id, "dialog.started");
                let exit = self.dialog_exit(id, None);
                self.set_stage(id, Stage::Over);
                self.post(session, started);
                self.post(session, exit);
            }
            _ => {
                let event = self.cut_short(id);
                self.post(session, event);
            }
        }
    }
}
