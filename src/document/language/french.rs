//! French.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    ask_number: "Veuillez composer votre numéro de conférence, suivi de la touche dièse.",
    silence: "Je n'ai reçu aucune touche.",
    not_a_number: "Ce n'est pas un numéro de conférence.",
    first_caller: "Vous êtes le premier participant de cette conférence. Veuillez patienter.",
    joining: "Vous entrez dans la conférence.",
    one_other: "Il y a un autre participant.",
    there_are: "Il y a",
    other_callers: "autres participants.",
    apology: "Nous sommes désolés. Une erreur s'est produite de notre côté. Veuillez rappeler dans un instant.",
    goodbye: "Au revoir.",
    full: "Cette conférence est complète.",
    locked: "Cette conférence est fermée. Elle n'accepte plus de participants.",
    ending: "Cette conférence est en train de se terminer. Veuillez réessayer dans quelques minutes.",
    kicked: "Vous avez été exclu de cette conférence.",
    no_room: "Il n'y a pas de conférence à ce numéro.",
    ask_pin: "Veuillez composer votre code, suivi de la touche dièse.",
    ask_moderator_pin: "Si vous êtes le modérateur, veuillez composer votre code, suivi de la touche dièse. Tous les \
        autres, veuillez appuyer sur la touche dièse.",
    wrong_pin: "Ce code n'est pas correct.",
    pin_closed: "Trop de codes erronés ont été composés pour cette conférence. Veuillez réessayer plus tard.",
    waiting: "Le modérateur n'est pas encore arrivé. Veuillez rester en ligne.",
    admitted: "Le modérateur est arrivé. Vous entrez dans la conférence.",
    ended: "La conférence a été terminée.",
    moderator_left: "La conférence s'arrête ici, car le modérateur est parti.",
    time_over: "Le temps de cette conférence est écoulé.",
};
