//! How dialogs end: by themselves, with the call, or because they are told to.

use super::Platform;
use super::actions::{Failed, Scene};
use super::caller::CallId;
use super::clock::millis;
use super::dialog::Stage;
use super::document::Element;
use super::event::{Event, Value};
use super::form::Values;
use super::media::Input;
use super::session::Work;
use super::variations::LateValues;

impl Platform {
    /// The dialog is over: its session hears so, exactly once.
    pub(super) fn dialog_ends(&mut self, id: &str, values: Option<Values>) {
        let Some(dialog) = self.dialogs.get_mut(id) else { return };
        if let Some(ticket) = dialog.pending.take() {
            self.agenda.cancel(ticket);
        }
        let Stage::Running(form) = std::mem::replace(&mut dialog.stage, Stage::Over) else { return };
        let (call, connection) = (dialog.call, dialog.connection.clone());
        self.engine.close(form.chain);
        for violation in form.violations {
            self.violation(call, violation);
        }
        self.media.forget(&connection, &Input::Dialog(id.into()));
        let event = self.dialog_exit(id, values);
        self.post(call, event);
    }

    fn dialog_exit(&self, id: &str, values: Option<Values>) -> Event {
        let event = self.dialog_event(id, "dialog.exit");
        match (values, self.variations.late_values) {
            (Some(values), _) => event.with("values", Value::Object(values)),
            (None, LateValues::Missing) => event,
            (None, LateValues::Kept | LateValues::Empty) => event.with("values", Value::Object(Vec::new())),
        }
    }

    /// Ends the dialogs of a call that is gone; the events that tell of it.
    pub(super) fn hang_up_dialogs(&mut self, call: CallId) -> Vec<(CallId, Event)> {
        let open = self.dialogs.iter().filter(|(_, dialog)| dialog.call == call && !dialog.is_over());
        let open: Vec<String> = open.map(|(id, _)| id.clone()).collect();
        open.into_iter().map(|id| (call, self.cut_short(&id))).collect()
    }

    /// Ends a dialog from outside: one that runs may return something, one that has not started never will.
    fn cut_short(&mut self, id: &str) -> Event {
        let engine = &self.engine;
        let Some(dialog) = self.dialogs.get_mut(id) else { return Event::new("error.dialog") };
        if let Some(ticket) = dialog.pending.take() {
            self.agenda.cancel(ticket);
        }
        let call = dialog.call;
        match std::mem::replace(&mut dialog.stage, Stage::Over) {
            Stage::Running(mut form) => {
                let values = form.hang_up(engine);
                engine.close(form.chain);
                for violation in form.violations {
                    self.violation(call, violation);
                }
                let connection = self.dialogs[id].connection.clone();
                self.media.forget(&connection, &Input::Dialog(id.into()));
                let kept = self.variations.late_values == LateValues::Kept;
                self.dialog_exit(id, values.filter(|_| kept))
            }
            Stage::Starting | Stage::Over => self.not_started(id, "cancelled"),
        }
    }

    pub(super) fn terminate_dialog(&mut self, scene: &Scene, element: &Element) -> Result<(), Failed> {
        let id = self.text(scene, element, "dialogid")?;
        let immediate =
            self.value(scene, element, "immediate")?.is_some_and(|value| value.to_text() == "true");
        if !self.dialogs.contains_key(&id) {
            self.semantic(scene.call, &scene.document, element, &format!("there is no dialog {id:?}"));
        } else if self.dialogs[&id].is_over() {
            let event =
                self.dialog_event(&id, "error.dialog.wrongstate").with("reason", "the dialog is over");
            self.later(scene.call, 20, event);
        } else {
            self.note(scene.call, format!("  dialogterminate {id}"));
            self.agenda.after(millis(30), Work::DialogTerminates(id, immediate));
        }
        Ok(())
    }

    pub(super) fn dialog_terminates(&mut self, id: &str, immediate: bool) {
        let Some(dialog) = self.dialogs.get(id) else { return };
        let call = dialog.call;
        match dialog.stage {
            Stage::Over => {}
            Stage::Running(_) if immediate => self.dialog_ends(id, None),
            Stage::Starting if !self.variations.stillborn_dialogs => {
                let started = self.dialog_event(id, "dialog.started");
                let exit = self.dialog_exit(id, None);
                self.set_stage(id, Stage::Over);
                self.post(call, started);
                self.post(call, exit);
            }
            Stage::Starting | Stage::Running(_) => {
                let event = self.cut_short(id);
                self.post(call, event);
            }
        }
    }
}
