//! `serveup uplift`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use super::common::{ByArgs, LOOK_FROM, PeriodArg, Print, Reads};
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup uplift examples/data/helpdesk.jsonl
  serveup uplift --period week --by team --timezone Europe/Berlin interactions.jsonl
  serveup uplift --compare 2026-01..2026-06 examples/data/helpdesk.jsonl
  serveup uplift --by team --fail-on-slipping interactions.jsonl")]
#[command(mut_arg("as_of", |as_of| as_of.help(LOOK_FROM)))]
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
    /// Report how many recipients of the earlier period came back within DAYS after their last moment in it
    #[arg(long, value_name = "DAYS", value_parser = values::days, allow_negative_numbers = true)]
    pub(crate) return_within: Option<NonZeroU32>,
    /// Print a row for each group and period
    #[arg(long)]
    pub(crate) series: bool,
    #[command(flatten)]
    pub(crate) by: ByArgs,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
    /// Exit with 1 if a group is slipping
    #[arg(long, help_heading = "Gates")]
    pub(crate) fail_on_slipping: bool,
}
