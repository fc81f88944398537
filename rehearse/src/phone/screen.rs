//! Draws the telephone.

use super::state::{CallerState, Kind, Place, State};
use crate::report::told::clock;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};
use std::time::Instant;

/// The colours of the callers.
const COLOURS: &[Color] =
    &[Color::Yellow, Color::Blue, Color::Green, Color::Magenta, Color::Red, Color::Cyan];

/// How many callers are listed at the most.
const LISTED: u16 = 9;

/// Draws everything.
pub fn draw(frame: &mut Frame<'_>, state: &State, now: Instant) {
    let callers = (state.callers.len() as u16).clamp(1, LISTED) + 2;
    let [head, list, talk, help] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(callers),
        Constraint::Min(3),
        Constraint::Length(2),
    ])
    .areas(frame.area());
    let time = clock(now.saturating_duration_since(state.since));
    let title = Line::from(vec![Span::from(time), Span::from("  "), Span::from(state.line.as_str())]);
    frame.render_widget(Paragraph::new(title).style(Style::new().add_modifier(Modifier::BOLD)), head);
    draw_callers(frame, state, list);
    draw_talk(frame, state, now, talk);
    draw_help(frame, state, help);
}

fn colour(caller: usize) -> Color {
    COLOURS.get(caller % COLOURS.len()).copied().unwrap_or(Color::White)
}

/// Who is where, and who hears whom.
fn draw_callers(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let rows = state.callers.iter().enumerate().map(|(place, caller)| {
        let current = place == state.current();
        let mark = if current { "▶" } else { " " };
        let style = Style::new().fg(colour(place));
        let style = if current { style.add_modifier(Modifier::BOLD) } else { style };
        Line::from(vec![
            Span::from(format!("{mark} {} ", place + 1)),
            Span::styled(format!("{:<9}", caller.name), style),
            Span::from(status(state, caller)),
        ])
    });
    let block = Block::new().borders(Borders::ALL).title(" Who hears whom ");
    frame.render_widget(Paragraph::new(rows.collect::<Vec<_>>()).block(block), area);
}

fn status(state: &State, caller: &CallerState) -> String {
    match &caller.place {
        Place::Ringing => format!("rings from {}", caller.number),
        Place::AtTheLine => "hears the line".into(),
        Place::In(room) => match state.heard_by(caller).as_slice() {
            [] => format!("is alone in {room}"),
            others => format!("hears {} in {room}", others.join(", ")),
        },
        Place::Gone(how) => format!("({how})"),
    }
}

/// What the caller who one is has heard and keyed, the last of it at the bottom.
fn draw_talk(frame: &mut Frame<'_>, state: &State, now: Instant, area: Rect) {
    let caller = state.callers.get(state.current());
    let title = caller.map_or(String::new(), |caller| format!(" {}'s telephone ", caller.name));
    let block = Block::new().borders(Borders::ALL).title(title);
    let inner = block.inner(area);
    let width = usize::from(inner.width);
    let mut lines = Vec::new();
    for talk in caller.into_iter().flat_map(|caller| &caller.talk) {
        let (said, more) = talk.said(now);
        let (text, style) = match talk.kind {
            Kind::Words => (format!("“{said}{}", if more { " …" } else { "”" }), Style::new()),
            Kind::Keys => (format!("    {said}"), Style::new().fg(colour(state.current()))),
            Kind::Request => (format!("    {said}"), Style::new().add_modifier(Modifier::DIM)),
        };
        let wrapped = textwrap::wrap(&text, width.max(1));
        lines.extend(wrapped.into_iter().map(|line| Line::styled(line.into_owned(), style)));
    }
    let hidden = lines.len().saturating_sub(usize::from(inner.height));
    let shown: Vec<Line<'_>> = lines.into_iter().skip(hidden).collect();
    frame.render_widget(Paragraph::new(shown).block(block), area);
}

fn draw_help(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let keys = "0-9*# keys · + another caller · Alt+1-9, Tab: be another · h hangs up · q quits";
    let wrong = state.wrong.as_deref().unwrap_or("");
    let lines = vec![
        Line::styled(wrong, Style::new().fg(Color::Red)),
        Line::styled(keys, Style::new().add_modifier(Modifier::DIM)),
    ];
    frame.render_widget(Paragraph::new(lines), area);
}

#[cfg(test)]
mod tests {
    use super::super::line::News;
    use super::*;
    use crate::play::WORD;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    #[test]
    fn everything_that_matters_is_in_view_on_eighty_columns() {
        let now = Instant::now();
        let mut state = State::new("http://127.0.0.1/line".into());
        let rang = |caller: usize, name: &str| News::Rang {
            caller,
            name: name.into(),
            number: format!("+1202555010{}", caller + 1),
            own: true,
        };
        let room = || Some("conference_1234".to_string());
        for news in [
            rang(0, "Anna"),
            rang(1, "Ben"),
            rang(2, "Carla"),
            News::Answered { caller: 0 },
            News::Answered { caller: 1 },
            News::Room { caller: 0, room: room() },
            News::Room { caller: 1, room: room() },
            News::Hears { caller: 0, others: vec![1] },
            News::Asked { caller: 1, text: "GET …/line → 200, CCXML".into() },
            News::Said {
                caller: 1,
                lang: "en-US".into(),
                words: "Please enter your conference number".into(),
            },
            News::Wrong { text: "http://127.0.0.1/line:3: something is wrong".into() },
        ] {
            state.learn(news, now);
        }
        state.become_caller(1);
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| draw(frame, &state, now + WORD * 2)).unwrap();
        let screen: Vec<String> = terminal
            .backend()
            .buffer()
            .content()
            .chunks(80)
            .map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>())
            .collect();
        let shows = |text: &str| screen.iter().any(|row| row.contains(text));
        for text in [
            "http://127.0.0.1/line",
            "  1 Anna     hears Ben in conference_1234",
            "▶ 2 Ben      is alone in conference_1234",
            "  3 Carla    rings from +12025550103",
            "Ben's telephone",
            "GET …/line → 200, CCXML",
            "“Please enter your …",
            "something is wrong",
            "h hangs up · q quits",
        ] {
            assert!(shows(text), "no {text:?}: {screen:#?}");
        }
    }

    #[test]
    fn a_small_terminal_is_no_failure() {
        let state = State::new(String::new());
        for (width, height) in [(1, 1), (10, 3), (80, 5)] {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal.draw(|frame| draw(frame, &state, Instant::now())).unwrap();
        }
    }
}
