//! `serveup report`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use super::common::{LOOK_FROM, PeriodArg, Reads};
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup report examples/data/helpdesk.jsonl > service.html
  serveup report --title 'Our help desk' --since 2026-01-01 interactions.jsonl -o service.html
  serveup report --anonymous interactions.jsonl -o service.html

The page is a self-contained file: it opens offline, prints well, and needs no
scripts. Its figures are those of `journey`, `uplift`, `recovery` and `decay` with
the same flags.")]
#[command(mut_arg("as_of", |as_of| as_of.help(LOOK_FROM)))]
pub(crate) struct ReportArgs {
    /// Files of interactions, read in this order as one stream [default: standard input, also written -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Title of the page [default: How recipients experience this service]
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Replace recipients and providers by numbers; omit names, ids of records and quotations
    #[arg(long)]
    pub(crate) anonymous: bool,
    /// Length of a period, by the calendar of --timezone; weeks are ISO weeks
    #[arg(long, value_name = "PERIOD", default_value = "month")]
    pub(crate) period: PeriodArg,
    /// Count the same recipient's next interaction at the same point within DAYS as a recovery
    #[arg(long, value_name = "DAYS", value_parser = values::days, allow_negative_numbers = true)]
    pub(crate) link_within: Option<NonZeroU32>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    /// Write to FILE; nothing is left behind if it fails
    #[arg(short, long, value_name = "FILE", help_heading = "Printing")]
    pub(crate) output: Option<PathBuf>,
}
