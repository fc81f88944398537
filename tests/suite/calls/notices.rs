//! What is ahead of a conference is told in it: its end by a limit, or without a moderator, or with somebody alone.

use super::rooms::{room, with_pin};
use super::{assert_all_leave, assert_last_words, caller, platform, prompts};
use crate::program::Line;
use crate::rooms::MODERATED;
use ccxml_platform::{CallId, Platform, Sends, Variations, secs};

/// A line that keeps the places of callers however much older a test makes its tokens.
fn patient(line: Line) -> Line {
    line.with("CONFERENCE_LEASE", "86400")
}

/// How often each of the callers has heard a prompt.
fn told(platform: &Platform, calls: &[CallId], prompt: &str) -> Vec<usize> {
    calls
        .iter()
        .map(|call| prompts(platform, *call).iter().filter(|heard| *heard == prompt).count())
        .collect()
}

/// Makes the conference older by so many minutes, and lets everybody renew.
fn minutes_later(line: &Line, platform: &mut Platform, minutes: u64) {
    line.age("1234", minutes * 60_000);
    platform.run_for(secs(75));
}

#[test]
fn everybody_hears_that_five_minutes_are_left_and_that_one_is_and_why_it_ends() {
    for (lang, five, one, over) in [
        ("en-US", "ends in 5 minutes.", "ends in one minute.", "has reached its time limit."),
        ("de-DE", "endet in 5 Minuten.", "endet in einer Minute.", "ist abgelaufen."),
        ("fr-FR", "se termine dans 5 minutes.", "se termine dans une minute.", "est écoulé."),
        ("es-ES", "termina en 5 minutos.", "termina en un minuto.", "ha terminado."),
    ] {
        let line = Line::new().with("CONFERENCE_MAX_MINUTES", "10").with("CONFERENCE_LANG", lang);
        let line = patient(line);
        let mut platform = platform(&line, Variations::default());
        let calls = ["+1", "+2"].map(|number| platform.call(caller(number), secs(0)));
        platform.run_until(secs(90));
        assert_eq!(told(&platform, &calls, "minutes_left"), [0, 0], "{}", platform.report());
        minutes_later(&line, &mut platform, 5);
        assert_eq!(told(&platform, &calls, "minutes_left"), [1, 1], "{}", platform.report());
        assert!(platform.hears(calls[0], calls[1]), "they are in it again");
        minutes_later(&line, &mut platform, 4);
        assert_eq!(told(&platform, &calls, "minutes_left"), [2, 2], "{}", platform.report());
        let heard = platform.heard(calls[1]).join(" ");
        assert!(heard.contains(five) && heard.contains(one), "{heard}");
        minutes_later(&line, &mut platform, 1);
        for call in calls {
            assert_last_words(&platform, call, over);
        }
        platform.assert_clean();
    }
}

#[test]
fn more_time_takes_the_warning_back() {
    let line = patient(room("open = true\nmax_minutes = 4\n"));
    let mut platform = platform(&line, Variations::default());
    let calls = ["+1", "+2"].map(|number| platform.call(caller(number), secs(0)));
    platform.run_until(secs(90));
    assert_eq!(told(&platform, &calls, "minutes_left"), [1, 1], "so little is left that it is told at once");
    line.run(&["extend", "1234", "30"]);
    platform.run_for(secs(75));
    assert_eq!(told(&platform, &calls, "goes_on"), [1, 1], "{}", platform.report());
    minutes_later(&line, &mut platform, 29);
    assert_eq!(told(&platform, &calls, "minutes_left"), [2, 2], "and it is told again");
    assert_all_leave(&line, &mut platform, &calls);
}

#[test]
fn the_others_hear_that_the_moderator_has_left_and_that_one_is_back() {
    for variations in Variations::pairs() {
        let soon = if variations.sends == Sends::Refused { secs(75) } else { secs(3) };
        let line = patient(room(MODERATED));
        let mut platform = platform(&line, variations);
        let moderator = platform.call(with_pin("+1", "98765#"), secs(0));
        let calls = ["+2", "+3"].map(|number| platform.call(with_pin(number, "#"), secs(1)));
        platform.run_until(secs(90));
        platform.hang_up(moderator);
        platform.run_for(soon);
        assert_eq!(told(&platform, &calls, "no_moderator"), [1, 1], "{}", platform.report());
        let again = platform.call(with_pin("+1", "98765#"), platform.now());
        platform.run_for(secs(120));
        assert_eq!(told(&platform, &calls, "moderator_back"), [1, 1], "{}", platform.report());
        assert!(platform.hears(calls[0], again) && platform.hears(again, calls[1]), "{}", platform.report());
        assert_all_leave(&line, &mut platform, &[calls[0], calls[1], again]);
    }
}

#[test]
fn without_a_moderator_it_ends_after_that_minute() {
    let line = patient(room(MODERATED));
    let mut platform = platform(&line, Variations::default());
    let moderator = platform.call(with_pin("+1", "98765#"), secs(0));
    let other = platform.call(with_pin("+2", "#"), secs(1));
    platform.run_until(secs(90));
    platform.hang_up(moderator);
    platform.run_for(secs(10));
    minutes_later(&line, &mut platform, 1);
    assert_last_words(&platform, other, "The conference is ending because the moderator has left.");
    platform.assert_clean();
}

#[test]
fn those_who_wait_are_let_in_at_once_when_the_moderator_comes() {
    for variations in Variations::pairs() {
        // A refused send costs the seconds to the next renewal.
        let soon = if variations.sends == Sends::Refused { secs(30) } else { secs(10) };
        let line = room(MODERATED);
        let mut platform = platform(&line, variations);
        let waiting = ["+1", "+2"].map(|number| platform.call(with_pin(number, "#"), secs(0)));
        platform.run_until(secs(100));
        let moderator = platform.call(with_pin("+3", "98765#"), secs(100));
        while platform.record(moderator).bridge().is_none() {
            platform.run_for(secs(1));
        }
        platform.run_for(soon);
        for call in waiting {
            assert!(platform.hears(call, moderator), "{}", platform.report());
        }
        assert_all_leave(&line, &mut platform, &[waiting[0], waiting[1], moderator]);
    }
}

#[test]
fn a_conference_that_was_forgotten_by_all_but_one_ends_with_a_word_before() {
    for music in [false, true] {
        let mut line = patient(Line::new().with("CONFERENCE_ALONE_MINUTES", "7"));
        if music {
            line = line.with("CONFERENCE_MUSIC_URL", "http://line.example/music.wav");
        }
        let mut platform = platform(&line, Variations::default());
        let calls = ["+1", "+2"].map(|number| platform.call(caller(number), secs(0)));
        platform.run_until(secs(90));
        platform.hang_up(calls[1]);
        platform.run_for(secs(10));
        minutes_later(&line, &mut platform, 6);
        assert_eq!(told(&platform, &calls[..1], "minutes_left"), [1], "{}", platform.report());
        minutes_later(&line, &mut platform, 1);
        assert_last_words(&platform, calls[0], "You have been alone in this conference for too long.");
        platform.assert_clean();
    }
}
