//! Spanish. Some voices spell PIN, so it is the clave.

use super::Texts;

/// The texts for a region: the key is the almohadilla in Spain, the gato in Mexico and Chile, the tecla numeral elsewhere.
pub(super) fn texts(region: Option<&str>) -> &'static Texts {
    match region {
        None | Some("ES" | "IC" | "EA" | "GQ") => &OF_SPAIN,
        Some("MX" | "CL") => &OF_MEXICO_AND_CHILE,
        Some(_) => &OF_LATIN_AMERICA,
    }
}

const OF_SPAIN: Texts = Texts {
    ask_number: "Por favor, marque su número de conferencia y pulse la tecla almohadilla.",
    silence: "No he recibido ninguna tecla.",
    not_a_number: "Ese no es un número de conferencia.",
    first_caller: "Usted es el primer participante de esta conferencia. Por favor, espere a los demás.",
    joining: "Está entrando en la conferencia.",
    one_other: "Hay otro participante.",
    there_are: "Hay",
    other_callers: "participantes más.",
    apology: "Lo sentimos. Se ha producido un error por nuestra parte. Por favor, vuelva a llamar en un momento.",
    goodbye: "Adiós.",
    full: "Esa conferencia está completa.",
    locked: "Esa conferencia está cerrada. No admite más participantes.",
    ending: "Esa conferencia está terminando. Por favor, inténtelo de nuevo en unos minutos.",
    kicked: "Ha sido expulsado de esa conferencia.",
    no_room: "No existe ninguna conferencia con ese número.",
    ask_pin: "Por favor, marque su clave y pulse la tecla almohadilla.",
    ask_moderator_pin: "Si usted es el moderador, marque su clave y pulse la tecla almohadilla. Los demás, por favor, \
        pulsen solo la tecla almohadilla.",
    wrong_pin: "Esa clave no es correcta.",
    pin_closed: "Se han marcado demasiadas claves incorrectas para esa conferencia. Por favor, inténtelo de nuevo más \
        tarde.",
    waiting: "El moderador aún no ha llegado. Por favor, no cuelgue.",
    admitted: "El moderador ha llegado. Está entrando en la conferencia.",
    ended: "La conferencia ha sido finalizada.",
    moderator_left: "La conferencia termina aquí, porque el moderador se ha marchado.",
    time_over: "El tiempo de esta conferencia ha terminado.",
};

const OF_LATIN_AMERICA: Texts = Texts {
    ask_number: "Por favor, marque su número de conferencia y pulse la tecla numeral.",
    ask_pin: "Por favor, marque su clave y pulse la tecla numeral.",
    ask_moderator_pin: "Si usted es el moderador, marque su clave y pulse la tecla numeral. Los demás, por favor, \
        pulsen solo la tecla numeral.",
    ..OF_SPAIN
};

const OF_MEXICO_AND_CHILE: Texts = Texts {
    ask_number: "Por favor, marque su número de conferencia y pulse la tecla gato.",
    ask_pin: "Por favor, marque su clave y pulse la tecla gato.",
    ask_moderator_pin: "Si usted es el moderador, marque su clave y pulse la tecla gato. Los demás, por favor, \
        pulsen solo la tecla gato.",
    ..OF_SPAIN
};
