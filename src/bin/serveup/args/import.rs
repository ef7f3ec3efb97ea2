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

A map is a jq program that gets one row at a time (a table row as an object of
texts, or a JSON value) and gives interactions. Beside jq's own functions it has:
  known, known($words)      null for nothing, blanks, N/A and these words; else the text, trimmed
  instant($formats)         a text read by a format like \"%d.%m.%Y %H:%M\", or the first that fits;
                            \"%s\" reads seconds since 1970, \"%s%3f\" milliseconds
  instant($formats; $zone)  the same in a zone like \"Europe/Berlin\"
  later($hours)             the instant so many hours after
  hours($from; $to)         the hours between two instants; days($from; $to) the days
  day, day($zone)           the calendar day of a date or an instant
  days_between($from; $to)  the calendar days between two; 0 on the same day
  lookup($what; $table)     the entry of an object for a text; an error that lists what there is
  column($name)             the cell of a column that must be there
  verdict($steps)           what an answer on a scale from 1 to $steps says: below the middle
                            basic-or-below, the middle expected, above it expected-or-above,
                            the top of five or more desired-or-above;
                            verdict($step; $steps) where the answer is an argument
  left_out($why)            leaves the row out, and has it counted with this reason
  apart(f)                  f, of which what is left out leaves the rest of the row alone
  $row                      the row's file, line and number
  $as_of                    as of when what is still open is judged: --as-of, with a preset else
                            the latest time in the export, else null
It sees nothing else. docs/maps.md teaches writing one in five minutes.")]
pub(crate) struct ImportArgs {
    /// Exports, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) export: ExportArgs,
    /// Prints the map instead of using it
    #[arg(long, conflicts_with_all = ["files", "inspect"])]
    pub(crate) show_map: bool,
    /// Tells how much is known, of the columns and of the interactions, instead of printing these
    #[arg(long)]
    pub(crate) inspect: bool,
    #[command(flatten)]
    pub(crate) form: FormArgs,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Reads dates, and date-times without offset, in this zone (like Europe/Berlin)
    #[arg(long, value_name = "ZONE", help_heading = "Reading")]
    pub(crate) timezone: Option<String>,
    /// Reads dates of this format (like '%d/%m/%Y %H:%M'), too; of several the first that fits
    #[arg(long, value_name = "FORMAT", help_heading = "Reading")]
    pub(crate) date_format: Vec<DateFormat>,
    /// Judges what is still open as of this instant, or the end of this date or period [default: the latest time in the export]
    #[arg(long, value_name = "WHEN", help_heading = "Reading")]
    pub(crate) as_of: Option<String>,
    /// Takes the other rows when one cannot be taken, and counts what was rejected
    #[arg(long, help_heading = "Reading")]
    pub(crate) keep_going: bool,
    /// Keeps the rejected rows in a file, as they were, where the run keeps going
    #[arg(long, value_name = "FILE", requires = "keep_going", help_heading = "Reading")]
    pub(crate) rejects: Option<PathBuf>,
    /// Takes unknown fields of interactions as errors
    #[arg(long, help_heading = "Reading")]
    pub(crate) strict: bool,
    /// Maps with so many threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = values::threads, allow_negative_numbers = true, help_heading = "Reading")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Says no notes, and no counts unless the run keeps going
    #[arg(short, long, help_heading = "Reading")]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) print: Print,
}
