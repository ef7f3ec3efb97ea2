//! `serveup uplift`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use super::common::{ByArgs, PeriodArg, Print, Reads};
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup uplift examples/data/helpdesk.jsonl
  serveup uplift --period week --by team --timezone Europe/Berlin interactions.jsonl
  serveup uplift --compare 2026-01..2026-06 examples/data/helpdesk.jsonl")]
#[command(mut_arg("as_of", |as_of| as_of.help("The instant to look from, or the end of a date or period (2026-02, 2026-Q1); what comes later is left out [default: the latest in the records]")))]
pub(crate) struct UpliftArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How time is divided, by the clocks of --timezone; weeks are ISO weeks
    #[arg(long, value_name = "PERIOD", default_value = "month")]
    pub(crate) period: PeriodArg,
    /// Compares these two periods, like 2026-01..2026-03 [default: the last two that are finished]
    #[arg(long, value_name = "FROM..TO")]
    pub(crate) compare: Option<String>,
    /// Says who of those met in the earlier period was met again within so many days after their last moment of it
    #[arg(long, value_name = "DAYS", value_parser = values::days, allow_negative_numbers = true)]
    pub(crate) return_within: Option<NonZeroU32>,
    #[command(flatten)]
    pub(crate) by: ByArgs,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}
