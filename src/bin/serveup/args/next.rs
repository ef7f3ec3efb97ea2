//! `serveup next`.

use std::path::PathBuf;

use super::common::{Print, Reads};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup next examples/data/agency.json
  serveup next --for acorn examples/data/agency.json
  serveup next -f json --as-of 2026-06-30 interactions.jsonl

The most urgent come first: recipients at risk; then those with a failure that
stands, the worst and oldest first; with an overdue act; with an act about to
rest; with a missed wish. An act they found unwelcome is never proposed.")]
#[command(mut_arg("as_of", |as_of| as_of.help("The instant to look from, or the end of a date or period (2026-02, 2026-Q1) [default: the latest in the records]")))]
pub(crate) struct NextArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Only this recipient, by id or name; may be given several times
    #[arg(long = "for", value_name = "RECIPIENT")]
    pub(crate) recipients_named: Vec<String>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}
