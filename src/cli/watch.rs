//! The list of conferences on a terminal, drawn anew every second.

use super::list::{Columns, emphasised};
use super::verbs::{Outcome, Unsuccessful};
use crate::console::printable;
use crate::line::Line;
use crate::overview;
use anyhow::Context;
use nix::sys::signal::{SigSet, Signal};
use std::io::Write;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;
use terminal_size::{Height, terminal_size};

/// Another screen than the one with the shell's lines, without a cursor, where lines that are too long are cut off.
const BEGIN: &str = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l";
const END: &str = "\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l";
const HOME: &str = "\u{1b}[H";
/// Erases what stood on a line before, behind what stands there now.
const END_OF_LINE: &str = "\u{1b}[K\n";
const ERASE_BELOW: &str = "\u{1b}[J";

const PAUSE: Duration = Duration::from_secs(1);
/// The rows of a terminal that does not tell.
const ROWS: usize = 24;

/// Shows the list until somebody stops it. Standard output has to be a terminal that can move its cursor.
pub fn watch(line: &Line, bold: bool, mut to: impl Write) -> Outcome {
    let stopped = stop_signals().map_err(Unsuccessful::Failed)?;
    to.write_all(BEGIN.as_bytes())?;
    let shown = loop {
        let rows = terminal_size().map_or(ROWS, |(_, Height(rows))| rows.into());
        let frame = frame(line, bold, rows);
        if let Err(error) = to.write_all(frame.as_bytes()).and_then(|()| to.flush()) {
            break Err(error);
        }
        if stopped.recv_timeout(PAUSE) != Err(mpsc::RecvTimeoutError::Timeout) {
            break Ok(());
        }
    };
    to.write_all(END.as_bytes())?;
    to.flush()?;
    Ok(shown?)
}

/// What tells that the process is to stop, in place of ending it at once: the terminal has to be left as it was.
fn stop_signals() -> anyhow::Result<Receiver<Signal>> {
    let signals: SigSet = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP].into_iter().collect();
    // Threads take this over from the one that starts them.
    signals.thread_block().context("signals cannot be waited for")?;
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || signals.wait().map(|signal| tell.send(signal)));
    Ok(told)
}

/// One picture of so many rows. What can't be read is told in its place, and is tried again in the next one.
fn frame(line: &Line, bold: bool, rows: usize) -> String {
    let mut lines = match overview::sorted_numbers(line) {
        Ok((numbers, unnamed)) => {
            let columns = Columns::of(line, &numbers);
            let heading = [emphasised(&columns.heading(), bold)];
            let unnamed = unnamed.iter().map(|error| printable(&error.to_string()));
            let conferences = numbers.iter().filter_map(|number| match overview::look(line, number) {
                Ok(seen) => seen.map(|seen| columns.text(&seen.row())),
                Err(error) => Some(printable(&error.to_string())),
            });
            // Those below the screen are not looked at.
            heading.into_iter().chain(unnamed).chain(conferences).take(rows).collect()
        }
        Err(error) => vec![printable(&error.to_string())],
    };
    // The last row stays empty, or the screen would move.
    if lines.len() == rows {
        lines.truncate(rows.saturating_sub(2));
        lines.push("... and more".to_owned());
    }
    let lines: String = lines.into_iter().map(|line| line + END_OF_LINE).collect();
    format!("{HOME}{lines}{ERASE_BELOW}")
}
