//! What reaches an operator's terminal: text alone, in lines that nobody else can forge.

use crate::program::Line;
use crate::shell::Said;
use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::{self, File};
use std::io::Read;
use std::process::Child;

/// What a verb prints on a terminal with these variables.
fn on_a_terminal(line: &Line, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let terminal = openpty(None, None).unwrap();
    let mut command = line.shell(arguments);
    let mut child = command.envs(variables.iter().copied()).stdout(terminal.slave).spawn().unwrap();
    // It has the other end to give to further processes.
    drop(command);
    let mut shown = Vec::new();
    // A terminal that nobody has open any more is an error to read from.
    let _ = File::from(terminal.master).read_to_end(&mut shown);
    child.wait().unwrap();
    String::from_utf8(shown).unwrap()
}

#[test]
fn headings_are_bold_where_a_terminal_may_be_sent_styles() {
    let line = Line::new();
    for (variables, bold) in [
        (&[("TERM", "xterm")][..], true),
        (&[("TERM", "xterm"), ("NO_COLOR", "")], true),
        (&[("TERM", "xterm"), ("NO_COLOR", "1")], false),
        (&[("TERM", "dumb")], false),
    ] {
        let shown = on_a_terminal(&line, &["list"], variables);
        assert_eq!(shown.contains("\u{1b}[1mNUMBER"), bold, "{variables:?}: {shown:?}");
        assert!(bold || !shown.contains('\u{1b}'), "{variables:?}: {shown:?}");
    }
}

/// `list --watch` on a terminal of so many rows.
struct Watch {
    process: Child,
    terminal: File,
    shown: String,
}

impl Watch {
    fn start(line: &Line, rows: u16) -> Self {
        let size = Winsize { ws_row: rows, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        let pair = openpty(Some(&size), None).unwrap();
        let mut command = line.shell(&["list", "--watch"]);
        let process = command.env("TERM", "xterm").stdout(pair.slave).spawn().unwrap();
        Self { process, terminal: File::from(pair.master), shown: String::new() }
    }

    /// Waits until this is shown; what came with it, from where it stands on.
    fn shows(&mut self, text: &str) -> &str {
        let mut bytes = [0; 4096];
        while !self.shown.contains(text) {
            match self.terminal.read(&mut bytes) {
                Ok(count) if count > 0 => self.shown += &String::from_utf8_lossy(&bytes[..count]),
                ended => panic!("{text:?} was not shown: {ended:?} {:?}", self.shown),
            }
        }
        let start = self.shown.find(text).unwrap();
        &self.shown[start..]
    }

    fn stops_at(mut self, signal: Signal) {
        kill(Pid::from_raw(self.process.id().try_into().unwrap()), signal).unwrap();
        self.shows("\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l");
        assert_eq!(self.process.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn a_list_is_watched_until_a_signal_and_the_terminal_is_left_as_it_was() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let line = Line::new();
        line.enter("1234", "a");
        let mut watch = Watch::start(&line, 24);
        watch.shows("\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[H\u{1b}[1mNUMBER");
        watch.shows("\r\n1234 ");
        line.enter("5678", "a");
        watch.shows("\r\n5678 ");
        line.report("leave", "1234", "a");
        watch.shows("NAME\u{1b}[0m\u{1b}[K\r\n5678 ");
        watch.stops_at(signal);
    }
}

#[test]
fn a_list_that_is_watched_stays_on_the_screen_and_tells_what_cannot_be_read() {
    let line = Line::in_directory();
    fs::create_dir(line.token("1111")).unwrap();
    for number in 2001..2100 {
        line.keep(&number.to_string(), "");
    }
    let mut watch = Watch::start(&line, 6);
    let frame = watch.shows("\u{1b}[H");
    assert!(frame.starts_with("\u{1b}[H\u{1b}[1mNUMBER"), "{frame}");
    watch.shows("... and more\u{1b}[K\r\n\u{1b}[J");
    let frame = watch.shown.split("\u{1b}[H").nth(1).unwrap();
    let rows: Vec<_> = frame.split("\r\n").map(|row| row.get(..4).unwrap_or_default()).collect();
    assert_eq!(rows[2..], ["2001", "2002", "... ", ""], "{frame}");
    assert!(frame.contains("not a regular file"), "{frame}");
    watch.stops_at(Signal::SIGINT);
}

#[test]
fn no_name_key_or_id_controls_a_terminal_or_forges_a_line() {
    let hostile = "x\nok       rooms: fine\u{1b}[2J\u{202e}\u{2028}y";
    let quoted = serde_json::to_string(hostile).unwrap();
    let line = Line::with_rooms(&[
        ("1234", &format!("name = {quoted}\npin = \"4711\"")),
        ("5678", &format!("{quoted} = 1")),
    ]);
    fs::write(line.folder().join("rooms").join(format!("{hostile}.toml")), "").unwrap();
    line.enter_with("4711", "a").document();
    line.edit("1234", |token| token["id"] = hostile.into());
    for (arguments, lines) in [(&["list"][..], 2), (&["show", "1234"], 9), (&["check"], usize::MAX)] {
        let Said { out, err, .. } = line.says(arguments);
        let shown = out + &err;
        let reaches = |character: &char| "\u{1b}\u{202e}\u{2028}".contains(*character);
        assert_eq!(shown.chars().find(reaches), None, "{arguments:?}: {shown}");
        assert!(!shown.contains("\nok       rooms: fine"), "{arguments:?}: {shown}");
        assert!(lines == usize::MAX || shown.lines().count() == lines, "{arguments:?}: {shown}");
    }
}
