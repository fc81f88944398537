//! A telephone in the terminal: time is real, the keyboard is the keypad.

mod line;
mod screen;
mod state;
mod voice;

use crate::arguments::Arguments;
use crate::play::Plan;
use crate::target::Target;
use anyhow::{Context, Result, bail};
use line::{Command, Line, News};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use signal_hook::consts::{SIGHUP, SIGTERM};
use state::State;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use voice::Voice;

/// How often the screen is drawn anew while words appear.
const FRAME: Duration = Duration::from_millis(60);

/// Lets somebody telephone until they have enough.
pub fn telephone(arguments: &Arguments, target: Target, plan: Plan) -> Result<()> {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        bail!("--phone needs a terminal");
    }
    let voice = if arguments.speak { Some(Voice::find()?) } else { None };
    let told_to_end = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&told_to_end))?;
    }
    let name = target.name().to_string();
    let line = Line::open(target, plan.callers)?;
    // The terminal is given back after a panic, too.
    let mut terminal = ratatui::try_init().context("the terminal can't be used")?;
    let done = hold(&mut terminal, State::new(name), line, voice, &told_to_end);
    ratatui::restore();
    done
}

fn hold(
    terminal: &mut DefaultTerminal,
    mut state: State,
    line: Line,
    mut voice: Option<Voice>,
    told_to_end: &AtomicBool,
) -> Result<()> {
    line.send(Command::Ring);
    while !told_to_end.load(Ordering::Relaxed) {
        let news = line.news()?;
        let now = Instant::now();
        for news in news {
            if let (Some(voice), true) = (&mut voice, news.caller() == Some(state.current())) {
                voice.follow(&news);
            }
            let rung = matches!(news, News::Rang { own: true, .. });
            state.learn(news, now);
            if rung {
                state.become_last();
            }
        }
        terminal.draw(|frame| screen::draw(frame, &state, now))?;
        if event::poll(FRAME)? {
            let Event::Key(key) = event::read()? else { continue };
            if key.kind != KeyEventKind::Release && press(key, &mut state, &line) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Does what a key of the keyboard is for; whether it ends everything.
fn press(key: KeyEvent, state: &mut State, line: &Line) -> bool {
    let changes = key.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => return true,
        KeyCode::Char(digit @ '1'..='9') if changes => {
            state.become_caller(digit as usize - '1' as usize);
        }
        KeyCode::F(number @ 1..=9) => state.become_caller(usize::from(number) - 1),
        KeyCode::Tab => state.become_next(),
        KeyCode::Char(key @ ('0'..='9' | '*' | '#')) => line.send(Command::Press(state.current(), key)),
        KeyCode::Char('+') => line.send(Command::Ring),
        KeyCode::Char('h') => line.send(Command::HangUp(state.current())),
        KeyCode::Char('q') => return true,
        _ => {}
    }
    false
}
