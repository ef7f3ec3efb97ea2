//! `serveup recovery`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use super::common::{Print, Reads};
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup recovery examples/data/shop.json
  serveup recovery --link-within 14 interactions.jsonl")]
pub(crate) struct RecoveryArgs {
    /// Files of interactions, read in this order as one stream [default: standard input, also written -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Count the same recipient's next interaction at the same point within DAYS as a recovery
    #[arg(long, value_name = "DAYS", value_parser = values::days, allow_negative_numbers = true)]
    pub(crate) link_within: Option<NonZeroU32>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}
