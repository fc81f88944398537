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
    alone: "Vous êtes seul dans cette conférence. Veuillez patienter.",
    muted: "Votre micro est coupé.",
    unmuted: "Votre micro est rétabli.",
    muted_by_moderator: "Le modérateur a coupé votre micro.",
    hand_raised: "Vous avez levé la main.",
    hand_lowered: "Vous avez baissé la main.",
    no_others: "Il n'y a pas d'autres participants.",
    keys_hint: "Pour obtenir de l'aide, appuyez sur étoile zéro.",
    keys: "Appuyez sur étoile six pour couper ou rétablir votre micro, étoile trois pour lever ou \
        baisser la main, étoile deux pour savoir combien d'autres participants sont là.",
    moderator_keys: "Appuyez sur étoile six pour couper ou rétablir votre micro, étoile trois pour lever ou baisser la \
        main, étoile deux pour savoir combien d'autres participants sont là. Appuyez sur étoile cinq pour \
        fermer ou ouvrir la conférence, étoile sept pour couper ou rétablir les micros de tous les autres, \
        étoile neuf pour terminer la conférence.",
    now_locked: "La conférence est fermée.",
    now_unlocked: "La conférence est de nouveau ouverte.",
    all_muted: "Les micros de tous les autres sont coupés.",
    all_unmuted: "Tous les micros sont rétablis.",
    confirm_end: "Pour terminer la conférence, appuyez encore une fois sur étoile neuf.",
    one_minute_left: "Cette conférence se termine dans une minute.",
    ends_in: "Cette conférence se termine dans",
    minutes: "minutes.",
    goes_on: "Cette conférence ne se termine pas encore.",
    no_moderator: "Le modérateur est parti. Cette conférence se termine dans une minute, sauf si un modérateur \
        revient.",
    moderator_back: "Un modérateur est de retour. Cette conférence continue.",
    alone_over: "Vous êtes resté seul trop longtemps dans cette conférence.",
};
