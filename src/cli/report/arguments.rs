//! What `report` is asked for.

use jiff::civil::Date;
use std::path::PathBuf;

/// What `report` is asked for.
#[derive(Clone, Debug, clap::Args)]
pub struct ReportArguments {
    /// Files of the call log, in any order, gzipped or not [default: CONFERENCE_LOG and what was rotated]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Reports the conferences that began on this day, such as 2026-11-22
    #[arg(long, value_name = "DATE", conflicts_with_all = ["from", "to"])]
    pub day: Option<Date>,
    /// Reports from this day on
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// Reports up to and including this day
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
    /// Has days and times in UTC, not in local time (TZ)
    #[arg(long)]
    pub utc: bool,
    /// Prints JSON, for programs
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Prints CSV, for spreadsheets
    #[arg(long)]
    pub csv: bool,
}
