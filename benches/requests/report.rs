//! What the benchmark prints.

use crate::statistics::{Ratio, Times};
use std::fs;
use std::thread;

/// The heading of a part.
pub fn heading(text: &str) {
    println!("\n{text}");
}

/// On which machine, and how busy it is: figures of a busy one say little.
pub fn machine() {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default();
    println!("{cores} cores, kernel {}, load average {load}", kernel.trim());
}

/// A median, and what it is relative to the yardsticks that ran in the same rounds.
pub fn row(name: &str, times: &Times, yardsticks: &[(&str, &Times)]) {
    let ratios: String =
        yardsticks.iter().map(|(name, other)| format!("   {} of {name}", shown(times.to(other)))).collect();
    println!("  {name:<34} {:>9.1} us{ratios}", times.median());
}

/// Whether something stayed below what is aimed at.
pub fn at_most(what: &str, measured: f64, target: f64, shown: &str) {
    let verdict = if measured <= target { "reached" } else { "missed" };
    println!("  {verdict}: {what} {shown}");
}

/// Whether a ratio stayed below what is aimed at.
pub fn ratio_at_most(what: &str, ratio: Ratio, target: f64) {
    at_most(what, ratio.ratio, target, &format!("{} (aim: at most {target})", shown(ratio)));
}

/// Whether two cost the same, give or take a part.
pub fn same(what: &str, ratio: Ratio, tolerance: f64) {
    let off = (ratio.ratio - 1.0).abs();
    let aim = format!("{} (aim: 1 within {:.0} %)", shown(ratio), tolerance * 100.0);
    at_most(what, off, tolerance, &aim);
}

fn shown(ratio: Ratio) -> String {
    format!("{:.3} [{:.3}, {:.3}]", ratio.ratio, ratio.low, ratio.high)
}

/// Requests in a second.
pub fn rate(name: &str, rates: &Times) {
    println!("  {name:<34} {:>9.0} requests/s", rates.median());
}
