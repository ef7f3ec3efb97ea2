//! `serveup report`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use super::common::{PeriodArg, Reads};
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup report examples/data/helpdesk.jsonl > service.html
  serveup report --anonymous --since 2026-01-01 interactions.jsonl -o service.html

The page is one file that asks for no other: it opens offline, prints well, and is
complete without scripts. Every figure on it is that of `journey`, `uplift`,
`recovery` or `decay` with the same flags.")]
#[command(mut_arg("as_of", |as_of| as_of.help("The instant to look from, or the end of a date or period (2026-02, 2026-Q1); what comes later is left out [default: the latest in the records]")))]
pub(crate) struct ReportArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Numbers recipients and providers, and leaves out names, ids of records and what was said
    #[arg(long)]
    pub(crate) anonymous: bool,
    /// How time is divided, by the clocks of --timezone; weeks are ISO weeks
    #[arg(long, value_name = "PERIOD", default_value = "month")]
    pub(crate) period: PeriodArg,
    /// Takes the same recipient's next interaction at the same point within so many days for a recovery
    #[arg(long, value_name = "DAYS", value_parser = values::days, allow_negative_numbers = true)]
    pub(crate) link_within: Option<NonZeroU32>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    /// Writes the page to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Printing")]
    pub(crate) output: Option<PathBuf>,
}
