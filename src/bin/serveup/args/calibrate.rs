//! `serveup calibrate`.

use std::path::PathBuf;

use super::common::{Print, Reads};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup calibrate examples/data/helpdesk.jsonl
  serveup calibrate -f json interactions.jsonl | jq .evidence.kappa")]
pub(crate) struct CalibrateArgs {
    /// Files of interactions, read in this order as one stream [default: standard input, also written -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}
