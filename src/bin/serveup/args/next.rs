//! `serveup next`.

use std::path::PathBuf;

use super::common::{LOOK_FROM, Print, Reads};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup next examples/data/agency.json
  serveup next --for acorn examples/data/agency.json
  serveup next -f json --as-of 2026-06-30 interactions.jsonl

The most urgent come first: recipients at risk; then those with an open failure,
the worst and oldest first; with an overdue act; with an act that is about to be
taken for granted; with a wish that was not met. An act that was unwelcome to a
recipient is never proposed to them.")]
#[command(mut_arg("as_of", |as_of| as_of.help(LOOK_FROM)))]
pub(crate) struct NextArgs {
    /// Files of interactions, read in this order as one stream [default: standard input, also written -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Show only this recipient, by id or name; repeat for more
    #[arg(long = "for", value_name = "RECIPIENT")]
    pub(crate) recipients_named: Vec<String>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}
