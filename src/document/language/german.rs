//! German. Some voices spell PIN, so it is the Geheimzahl.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    ask_number: "Bitte geben Sie Ihre Konferenznummer ein und drücken Sie danach die Raute-Taste.",
    silence: "Ich habe keine Eingabe erhalten.",
    not_a_number: "Das ist keine Konferenznummer.",
    first_caller: "Sie sind der erste Teilnehmer dieser Konferenz. Bitte warten Sie auf die anderen.",
    joining: "Sie betreten jetzt die Konferenz.",
    one_other: "Es ist schon ein weiterer Teilnehmer da.",
    there_are: "Es sind schon",
    other_callers: "weitere Teilnehmer da.",
    apology: "Es tut uns leid. Bei uns ist ein Fehler aufgetreten. Bitte rufen Sie gleich noch einmal an.",
    goodbye: "Auf Wiederhören.",
    full: "Diese Konferenz ist voll.",
    locked: "Diese Konferenz ist geschlossen. Sie nimmt keine weiteren Teilnehmer auf.",
    ending: "Diese Konferenz wird gerade beendet. Bitte versuchen Sie es in einigen Minuten wieder.",
    kicked: "Sie wurden aus dieser Konferenz entfernt.",
    no_room: "Es gibt keine Konferenz mit dieser Nummer.",
    ask_pin: "Bitte geben Sie Ihre Geheimzahl ein und drücken Sie danach die Raute-Taste.",
    ask_moderator_pin: "Wenn Sie die Konferenz leiten, geben Sie bitte Ihre Geheimzahl ein und drücken Sie danach die \
        Raute-Taste. Alle anderen drücken bitte nur die Raute-Taste.",
    wrong_pin: "Diese Geheimzahl ist nicht richtig.",
    pin_closed: "Für diese Konferenz wurde zu oft eine falsche Geheimzahl eingegeben. Bitte versuchen Sie es später \
        wieder.",
    waiting: "Die Konferenzleitung ist noch nicht da. Bitte bleiben Sie am Apparat.",
    admitted: "Die Konferenzleitung ist da. Sie betreten jetzt die Konferenz.",
    ended: "Die Konferenz wurde beendet.",
    moderator_left: "Die Konferenz endet hier, weil die Konferenzleitung gegangen ist.",
    time_over: "Die Zeit dieser Konferenz ist abgelaufen.",
    alone: "Sie sind allein in dieser Konferenz. Bitte warten Sie auf die anderen.",
    muted: "Sie sind stumm geschaltet.",
    unmuted: "Sie sind nicht mehr stumm geschaltet.",
    muted_by_moderator: "Die Konferenzleitung hat Sie stumm geschaltet.",
    hand_raised: "Sie haben die Hand gehoben.",
    hand_lowered: "Sie haben die Hand gesenkt.",
    no_others: "Es sind keine weiteren Teilnehmer da.",
    keys_hint: "Für Hilfe drücken Sie Stern null.",
    keys: "Mit Stern sechs schalten Sie sich stumm oder wieder laut, mit Stern drei heben oder senken \
        Sie die Hand, mit Stern zwei hören Sie, wie viele andere da sind.",
    moderator_keys: "Mit Stern sechs schalten Sie sich stumm oder wieder laut, mit Stern drei heben oder senken Sie die \
        Hand, mit Stern zwei hören Sie, wie viele andere da sind. Mit Stern fünf schließen oder öffnen Sie \
        die Konferenz, mit Stern sieben schalten Sie alle anderen stumm oder wieder laut, mit Stern neun \
        beenden Sie die Konferenz.",
    now_locked: "Die Konferenz ist geschlossen.",
    now_unlocked: "Die Konferenz ist wieder offen.",
    all_muted: "Alle anderen sind stumm geschaltet.",
    all_unmuted: "Niemand ist mehr stumm geschaltet.",
    confirm_end: "Um die Konferenz zu beenden, drücken Sie noch einmal Stern neun.",
    one_minute_left: "Diese Konferenz endet in einer Minute.",
    ends_in: "Diese Konferenz endet in",
    minutes: "Minuten.",
    goes_on: "Diese Konferenz endet noch nicht.",
    no_moderator: "Die Konferenzleitung ist gegangen. Die Konferenz endet in einer Minute, wenn niemand sie \
        wieder leitet.",
    moderator_back: "Die Konferenzleitung ist wieder da. Die Konferenz geht weiter.",
    alone_over: "Sie waren zu lange allein in dieser Konferenz.",
};
