//! `serveup import`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use serveup::DateFormat;

use super::common::{Print, Rules};
use super::export::ExportArgs;
use super::form::FormArgs;
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup import --from zendesk tickets.jsonl | serveup rate -
  serveup import --inspect export.csv
  serveup import --map my.jq export.csv --keep-going --rejects bad.csv > records.jsonl
  serveup import --show-map --from intercom > my.jq

A map is a jq program that takes one row at a time (a table row as an object of
texts, or a JSON value) and returns interactions. In addition to jq's own functions:
  known, known($words)      null for empty text, blanks, N/A and these words; else the
                            text without blanks around it
  instant($formats)         the instant in a text of a format like \"%d.%m.%Y %H:%M\"; of
                            several formats, the first that fits; \"%s\" reads seconds
                            since 1970, \"%s%3f\" milliseconds
  instant($formats; $zone)  the same in a zone like \"Europe/Berlin\"
  later($hours)             the instant this many hours later
  hours($from; $to)         the hours between two instants; days($from; $to): the days
  day, day($zone)           the calendar day of a date or an instant
  days_between($from; $to)  the calendar days between two; 0 on the same day
  lookup($what; $table)     the entry of an object for a text; if there is none, an error
                            that lists those there are
  column($name)             the cell of a column; an error if there is no such column
  verdict($steps)           the verdict of an answer on a scale from 1 to $steps: below
                            the middle basic-or-below, the middle expected, above it
                            expected-or-above, the top of five or more desired-or-above;
                            verdict($step; $steps) takes the answer as an argument
  left_out($why)            leave the row out and count it with this reason
  apart(f)                  f; if f leaves something out, the rest of the row is kept
  $row                      file, line and number of the row
  $as_of                    the time as of which open cases are judged: --as-of; without
                            it, with --from the latest time in the export, else null
A map can read nothing else. docs/maps.md shows how to write one.")]
pub(crate) struct ImportArgs {
    /// Exports, read in this order as one stream [default: standard input, also written -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) export: ExportArgs,
    /// Print the map instead of using it
    #[arg(long, conflicts_with_all = ["files", "inspect"])]
    pub(crate) show_map: bool,
    /// Summarise the columns of the export and what the map makes of them, instead of printing interactions
    #[arg(long)]
    pub(crate) inspect: bool,
    #[command(flatten)]
    pub(crate) form: FormArgs,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Time zone of dates, and of times without an offset, like Europe/Berlin [default: UTC for dates]
    #[arg(long, value_name = "ZONE", help_heading = "Reading")]
    pub(crate) timezone: Option<String>,
    /// Also accept dates in this format, like '%d/%m/%Y %H:%M'; repeatable, the first that fits is used
    #[arg(long, value_name = "FORMAT", help_heading = "Reading")]
    pub(crate) date_format: Vec<DateFormat>,
    /// Judge what is still open as of this instant, or the end of this date or period [default: latest time in the export]
    #[arg(long, value_name = "WHEN", help_heading = "Reading")]
    pub(crate) as_of: Option<String>,
    /// Skip rows that cannot be read or mapped; they are listed and counted
    #[arg(long, help_heading = "Reading")]
    pub(crate) keep_going: bool,
    /// Write the skipped rows to FILE, unchanged
    #[arg(long, value_name = "FILE", requires = "keep_going", help_heading = "Reading")]
    pub(crate) rejects: Option<PathBuf>,
    /// Treat unknown fields of interactions as errors
    #[arg(long, help_heading = "Reading")]
    pub(crate) strict: bool,
    /// Number of threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = values::threads, allow_negative_numbers = true, help_heading = "Reading")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Suppress notes, and counts too without --keep-going
    #[arg(short, long, help_heading = "Reading")]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) print: Print,
}
