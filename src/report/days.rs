//! Days: of which time zone, and which of them a report is about.

use crate::clock::Millis;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// The days that a report is about.
#[derive(Clone, Debug)]
pub struct Days {
    /// Whose midnight begins a day.
    pub zone: TimeZone,
    /// The first one; none for as far back as the log goes.
    pub from: Option<Date>,
    /// The last one.
    pub to: Option<Date>,
}

impl Days {
    /// The time as people who live there say it.
    pub fn local(&self, time: Millis) -> ZonedDateTime {
        let time = i64::try_from(time).ok().and_then(|time| Timestamp::from_millisecond(time).ok());
        time.unwrap_or(Timestamp::MAX).to_zoned_datetime(self.zone.clone())
    }

    /// The day that a time belongs to.
    pub fn day(&self, time: Millis) -> Date {
        self.local(time).date()
    }

    /// Whether the report is about what happened at a time.
    pub fn contain(&self, time: Millis) -> bool {
        let day = self.day(time);
        self.from.is_none_or(|from| from <= day) && !self.are_over(time)
    }

    /// Whether a time comes after all of the days.
    pub fn are_over(&self, time: Millis) -> bool {
        self.to.is_some_and(|to| to < self.day(time))
    }
}
