//! The line in gauges, in the text format of Prometheus. No number and no session is a label: there may be any number of
//! them.

use crate::line::Line;
use crate::overview;
use crate::response::{MediaType, Response};
use std::fmt::{self, Write};
use std::time::Instant;

/// What is counted, by state.
#[derive(Debug, Default)]
struct Census {
    conferences: [(&'static str, usize); 3],
    pin_closures: usize,
    callers: [(&'static str, usize); 4],
    unreadable: usize,
}

/// Counts everything there is on the line. Every token is opened for it.
pub fn metrics(line: &Line) -> anyhow::Result<Response> {
    let began = Instant::now();
    let mut census = Census {
        conferences: ["open", "locked", "ending"].map(|state| (state, 0)),
        callers: ["in", "waiting", "muted", "kicked"].map(|state| (state, 0)),
        pin_closures: 0,
        unreadable: 0,
    };
    for number in line.store().numbers()? {
        match number.and_then(|number| overview::look(line, &number)) {
            Ok(Some(seen)) => census.count(&seen.details()),
            Ok(None) => {}
            Err(_) => census.unreadable += 1,
        }
    }
    let mut text = String::new();
    census.write(&mut text, began.elapsed().as_secs_f64())?;
    Ok(Response::document(MediaType::Metrics, text))
}

impl Census {
    fn count(&mut self, details: &overview::Details<'_>) {
        count(&mut self.conferences, details.row.state);
        self.pin_closures += usize::from(details.row.closed_to().is_some());
        for session in &details.sessions {
            count(&mut self.callers, session.state);
        }
    }

    fn write(&self, to: &mut String, seconds: f64) -> fmt::Result {
        gauge(to, "conferences", "Conferences in progress.", &labelled(&self.conferences))?;
        gauge(
            to,
            "callers",
            "Callers who are known to be in, or have just been removed.",
            &labelled(&self.callers),
        )?;
        let closures = [(String::new(), self.pin_closures as f64)];
        gauge(to, "pin_closures", "Rooms that take no PINs, from anybody or from some numbers.", &closures)?;
        let unreadable = [(String::new(), self.unreadable as f64)];
        gauge(to, "unreadable_tokens", "Tokens that could not be read.", &unreadable)?;
        gauge(to, "scan_seconds", "How long it took to read all tokens.", &[(String::new(), seconds)])
    }
}

fn count(states: &mut [(&'static str, usize)], state: &str) {
    if let Some((_, count)) = states.iter_mut().find(|(known, _)| *known == state) {
        *count += 1;
    }
}

fn labelled(states: &[(&'static str, usize)]) -> Vec<(String, f64)> {
    states.iter().map(|(state, count)| (format!("{{state=\"{state}\"}}"), *count as f64)).collect()
}

fn gauge(to: &mut String, name: &str, help: &str, samples: &[(String, f64)]) -> fmt::Result {
    let name = format!("ccxml_conference_{name}");
    write!(to, "# HELP {name} {help}\n# TYPE {name} gauge\n")?;
    samples.iter().try_for_each(|(labels, value)| writeln!(to, "{name}{labels} {value}"))
}
