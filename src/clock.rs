//! The clock: the one place that reads the time, and the one place that knows how clocks jump.
//!
//! A token keeps how much of each lease was *left* when it was written, together with the [`Moment`] of
//! writing; what is left now follows from the time elapsed since. On one machine that time comes from a
//! clock that nobody can set (Linux: `CLOCK_BOOTTIME`), so a wall clock that is set forwards or backwards
//! neither ends a live lease nor prolongs a dead one. Only between machines, or across a reboot, the wall
//! clock has to do.

use nix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::time::Duration;

/// A span of time in whole milliseconds.
pub type Millis = u64;

/// Reading of both clocks at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Wall clock, milliseconds since 1970-01-01T00:00:00Z.
    pub wall: Millis,
    /// The clock that cannot be set, when this machine has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uptime: Option<Uptime>,
}

/// Time since a machine was started, comparable only within one boot of one machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uptime {
    /// Which boot of which machine.
    pub boot: String,
    /// Milliseconds since that boot, time asleep included.
    pub millis: Millis,
}

impl Moment {
    /// Now, by this machine's clocks.
    pub fn now() -> Self {
        Self { wall: read(ClockId::CLOCK_REALTIME), uptime: Uptime::now() }
    }

    /// Now, where what matters is how long ago `earlier` was. If both clocks say the same of that it was within this
    /// boot, whose name is taken from there: to ask for it takes as long as most of what a request does with a token.
    /// Of two machines that were started within 10 milliseconds of each other this may take one for the other, and puts
    /// a lease wrong by no more than that.
    pub fn now_since(earlier: &Self) -> Self {
        let (wall, millis) = (read(ClockId::CLOCK_REALTIME), since_boot());
        // Both have come so far since; one that was set, or belongs to another boot, has not.
        match earlier.uptime.as_ref().zip(millis) {
            Some((then, millis))
                if agree(wall.checked_sub(earlier.wall), millis.checked_sub(then.millis)) =>
            {
                Self { wall, uptime: Some(Uptime { boot: then.boot.clone(), millis }) }
            }
            _ => Self::now(),
        }
    }

    /// The wall clock in nanoseconds since 1970, for names that no other process has.
    pub fn now_in_nanos() -> u128 {
        reading(ClockId::CLOCK_REALTIME).as_nanos()
    }

    /// A moment known by the wall clock alone, such as the time of a file or the clock of another machine.
    pub fn from_wall(wall: Millis) -> Self {
        Self { wall, uptime: None }
    }

    /// Whether this moment comes before one that was written down earlier: the wall clock was set back, and there is no
    /// other clock to go by.
    pub fn is_before(&self, written: &Self) -> bool {
        let (now, then) = self.by_one_clock(written);
        now < then
    }

    /// Time that has passed since `earlier`; zero when the clocks say that it has not come yet.
    pub fn since(&self, earlier: &Self) -> Millis {
        let (now, then) = self.by_one_clock(earlier);
        now.saturating_sub(then)
    }

    /// This moment and another one by the clock that cannot be set, or by the wall clock where they have no other in
    /// common.
    fn by_one_clock(&self, other: &Self) -> (Millis, Millis) {
        match (&self.uptime, &other.uptime) {
            (Some(this), Some(that)) if this.boot == that.boot => (this.millis, that.millis),
            _ => (self.wall, other.wall),
        }
    }
}

/// By how much two clocks that are read one after the other may differ and still say the same.
const AGREE: Millis = 10;

fn agree(by_one: Option<Millis>, by_the_other: Option<Millis>) -> bool {
    by_one.zip(by_the_other).is_some_and(|(one, other)| one.abs_diff(other) <= AGREE)
}

impl Uptime {
    fn now() -> Option<Self> {
        // The identifier is what makes two readings comparable; without it (no /proc) there is no uptime. It is
        // a UUID, which comes in one piece.
        let mut id = [0; 36];
        std::fs::File::open("/proc/sys/kernel/random/boot_id").ok()?.read_exact(&mut id).ok()?;
        let mut boot = String::from_utf8_lossy(&id).split('-').take(2).collect::<String>();
        if let Some(offset) = offset_of_namespace(&read_offsets()) {
            boot = format!("{boot}+{offset}");
        }
        since_boot().map(|millis| Self { boot, millis })
    }
}

/// The clock that cannot be set, where the system has it.
fn since_boot() -> Option<Millis> {
    #[cfg(target_os = "linux")]
    return Some(read(ClockId::CLOCK_BOOTTIME));
    #[cfg(not(target_os = "linux"))]
    None
}

/// The offsets of this process's clocks, as /proc tells them; nothing where there are no time namespaces.
fn read_offsets() -> String {
    std::fs::read_to_string("/proc/self/timens_offsets").unwrap_or_default()
}

/// By how much the clock of a boot is shifted in a container with a time namespace of its own: seconds and nanoseconds
/// (time_namespaces(7)). None if it is not. A clock that is shifted is another clock, although the boot is the same.
fn offset_of_namespace(offsets: &str) -> Option<String> {
    let boottime = offsets.lines().find_map(|line| line.strip_prefix("boottime"))?;
    let (seconds, nanos) = boottime.trim().split_once(char::is_whitespace)?;
    let nanos = nanos.trim_start();
    ((seconds, nanos) != ("0", "0")).then(|| format!("{seconds}.{nanos}"))
}

fn read(clock: ClockId) -> Millis {
    Millis::try_from(reading(clock).as_millis()).unwrap_or(Millis::MAX)
}

/// Zero where there is no such clock, or where it was set to before 1970.
fn reading(clock: ClockId) -> Duration {
    let time = clock_gettime(clock).ok().filter(|time| time.tv_sec() >= 0);
    time.map(Duration::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall: Millis, boot: &str, millis: Millis) -> Moment {
        Moment { wall, uptime: Some(Uptime { boot: boot.into(), millis }) }
    }

    #[test]
    fn a_wall_clock_that_is_set_changes_no_elapsed_time_within_one_boot() {
        let then = at(1_000_000, "a", 500);
        assert_eq!(at(9_000_000, "a", 800).since(&then), 300);
        assert_eq!(at(1, "a", 800).since(&then), 300);
    }

    #[test]
    fn across_boots_and_machines_the_wall_clock_counts_and_never_runs_backwards() {
        let then = at(1_000_000, "a", 500);
        assert_eq!(at(1_000_250, "b", 7).since(&then), 250);
        assert_eq!(at(999_000, "b", 7).since(&then), 0);
        assert_eq!(Moment::from_wall(1_000_100).since(&then), 100);
    }

    #[test]
    fn what_comes_before_is_told_by_the_clock_that_cannot_be_set_where_there_is_one() {
        let then = at(1_000_000, "a", 500);
        assert!(!at(1, "a", 500).is_before(&then), "the wall clock was set back");
        assert!(at(9_000_000, "a", 499).is_before(&then));
        assert!(at(999_999, "b", 800).is_before(&then));
        assert!(!at(1_000_000, "b", 7).is_before(&then));
    }

    #[test]
    fn the_name_of_a_boot_is_taken_over_only_while_both_clocks_say_the_same() {
        let now = Moment::now();
        let Some(here) = &now.uptime else { return };
        let (wall, millis) = (now.wall, here.millis);
        let name = |earlier: &Moment| Moment::now_since(earlier).uptime.map(|uptime| uptime.boot);
        assert_eq!(name(&at(wall, "a", millis)), Some("a".to_owned()));
        assert_eq!(name(&at(wall - 1000, "a", millis - 1000)), Some("a".to_owned()));
        let ours = Some(here.boot.clone());
        assert_eq!(
            name(&at(wall - 1000, "a", millis)),
            ours,
            "the wall clock was set, or it is another boot"
        );
        assert_eq!(name(&at(wall, "a", millis - 1000)), ours);
        assert_eq!(
            name(&at(wall - 1000, "a", millis - 950)),
            ours,
            "they differ by more than reading them takes"
        );
        assert_eq!(name(&at(wall, "a", millis + 3_600_000)), ours, "it was another boot");
        assert_eq!(name(&at(wall + 3_600_000, "a", millis)), ours, "the wall clock was set back");
        assert_eq!(
            name(&at(wall + 3_600_000, "a", millis + 3_600_000)),
            ours,
            "neither clock has been there"
        );
        assert_eq!(name(&Moment::from_wall(wall)), ours);
    }

    #[test]
    fn a_clock_that_a_container_shifts_is_another_one() {
        let told =
            |seconds, nanos| format!("monotonic           0         0\nboottime   {seconds}  {nanos}\n");
        assert_eq!(offset_of_namespace(&told("0", "0")), None);
        assert_eq!(offset_of_namespace(""), None);
        assert_eq!(offset_of_namespace(&told("-86400", "0")), Some("-86400.0".to_owned()));
        assert_eq!(offset_of_namespace(&told("0", "5")), Some("0.5".to_owned()));
    }

    #[test]
    fn the_clocks_of_this_machine_run() {
        let first = Moment::now();
        let second = Moment::now();
        assert!(first.wall > 1_600_000_000_000);
        assert!(second.since(&first) < 60_000);
    }
}
