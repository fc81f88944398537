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

/// The texts, with what a region calls the key at the end of a number.
macro_rules! texts {
    ($key:literal) => {
        Texts {
            ask_number: concat!("Por favor, marque su número de conferencia y pulse la tecla ", $key, "."),
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
            ask_pin: concat!("Por favor, marque su clave y pulse la tecla ", $key, "."),
            ask_moderator_pin: concat!(
                "Si usted es el moderador, marque su clave y pulse la tecla ",
                $key,
                ". Los demás, por favor, pulsen solo la tecla ",
                $key,
                "."
            ),
            wrong_pin: "Esa clave no es correcta.",
            pin_closed: "Se han marcado demasiadas claves incorrectas para esa conferencia. Por favor, inténtelo de nuevo más \
                tarde.",
            waiting: "El moderador aún no ha llegado. Por favor, no cuelgue.",
            admitted: "El moderador ha llegado. Está entrando en la conferencia.",
            ended: "La conferencia ha sido finalizada.",
            moderator_left: "La conferencia termina aquí, porque el moderador se ha marchado.",
            time_over: "El tiempo de esta conferencia ha terminado.",
            alone: "Usted está solo en esta conferencia. Por favor, espere a los demás.",
            muted: "Su micrófono está apagado.",
            unmuted: "Su micrófono está encendido.",
            muted_by_moderator: "El moderador ha apagado su micrófono.",
            hand_raised: "Ha levantado la mano.",
            hand_lowered: "Ha bajado la mano.",
            no_others: "No hay más participantes.",
            keys_hint: "Para obtener ayuda, pulse asterisco cero.",
            keys: "Pulse asterisco seis para apagar o encender su micrófono, asterisco tres para levantar o \
                bajar la mano, asterisco dos para saber cuántos participantes más hay.",
            moderator_keys: "Pulse asterisco seis para apagar o encender su micrófono, asterisco tres para levantar o bajar la \
                mano, asterisco dos para saber cuántos participantes más hay. Pulse asterisco cinco para cerrar o \
                abrir la conferencia, asterisco siete para apagar o encender los micrófonos de los demás, asterisco \
                nueve para finalizar la conferencia.",
            now_locked: "La conferencia está cerrada.",
            now_unlocked: "La conferencia está abierta de nuevo.",
            all_muted: "Los micrófonos de los demás están apagados.",
            all_unmuted: "Todos los micrófonos están encendidos.",
            confirm_end: "Para finalizar la conferencia, pulse otra vez asterisco nueve.",
            one_minute_left: "Esta conferencia termina en un minuto.",
            ends_in: "Esta conferencia termina en",
            minutes: "minutos.",
            goes_on: "Esta conferencia no termina todavía.",
            no_moderator: "El moderador se ha marchado. Esta conferencia termina en un minuto, a menos que vuelva un \
                moderador.",
            moderator_back: "Un moderador ha vuelto. Esta conferencia continúa.",
            alone_over: "Ha estado solo demasiado tiempo en esta conferencia.",
        }
    };
}

const OF_SPAIN: Texts = texts!("almohadilla");
const OF_LATIN_AMERICA: Texts = texts!("numeral");
const OF_MEXICO_AND_CHILE: Texts = texts!("gato");
