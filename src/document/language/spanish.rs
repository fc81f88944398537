//! Spanish.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    ask_number: "Por favor, marque su número de conferencia y pulse la tecla almohadilla.",
    silence: "No he recibido ninguna tecla.",
    not_a_number: "Ese no es un número de conferencia.",
    first_caller: "Usted es el primer participante de esta conferencia. Por favor, espere a los demás.",
    joining: "Está entrando en la conferencia.",
    others: |count| match count {
        1 => "Hay otro participante.".to_owned(),
        2 => "Hay otros dos participantes.".to_owned(),
        _ => format!("Hay otros {count} participantes."),
    },
    apology: "Lo sentimos. Se ha producido un error por nuestra parte. Por favor, vuelva a llamar en un momento.",
    goodbye: "Adiós.",
    full: "Esa conferencia está completa.",
    locked: "Esa conferencia está cerrada. No admite más participantes.",
    ending: "Esa conferencia está terminando. Por favor, inténtelo de nuevo en unos minutos.",
    kicked: "Ha sido expulsado de esa conferencia.",
    no_room: "No existe ninguna conferencia con ese número.",
    ask_pin: "Por favor, marque su PIN y pulse la tecla almohadilla.",
    ask_moderator_pin: "Si usted es el moderador, marque su PIN y pulse la tecla almohadilla. Los demás, por favor, \
        pulsen solo la tecla almohadilla.",
    wrong_pin: "Ese PIN no es correcto.",
    pin_closed: "Se han marcado demasiados PIN incorrectos para esa conferencia. Por favor, inténtelo de nuevo más \
        tarde.",
    waiting: "El moderador aún no ha llegado. Por favor, no cuelgue.",
    admitted: "El moderador ha llegado. Está entrando en la conferencia.",
    ended: "La conferencia ha sido finalizada.",
    moderator_left: "La conferencia termina aquí, porque el moderador se ha marchado.",
    time_over: "El tiempo de esta conferencia ha terminado.",
};
