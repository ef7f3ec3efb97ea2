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
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Takes the same recipient's next interaction at the same point within so many days for a recovery
    #[arg(long, value_name = "DAYS", value_parser = values::days, allow_negative_numbers = true)]
    pub(crate) link_within: Option<NonZeroU32>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}
