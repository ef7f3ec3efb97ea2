//! `serveup uplift`.

use std::path::PathBuf;

use super::common::{ByArgs, PeriodArg, Print, Reads};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup uplift examples/data/helpdesk.jsonl
  serveup uplift --period week --by team --timezone Europe/Berlin interactions.jsonl
  serveup uplift --compare 2026-01..2026-06 examples/data/helpdesk.jsonl")]
pub(crate) struct UpliftArgs {
    /// Files of interactions, read in this order as one stream [default: standard input, also written -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Length of a period, by the calendar of --timezone; weeks are ISO weeks
    #[arg(long, value_name = "PERIOD", default_value = "month")]
    pub(crate) period: PeriodArg,
    /// Periods to compare, like 2026-01..2026-03 [default: the last two finished ones]
    #[arg(long, value_name = "FROM..TO")]
    pub(crate) compare: Option<String>,
    #[command(flatten)]
    pub(crate) by: ByArgs,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}
