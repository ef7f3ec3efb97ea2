//! `serveup rate`.

use std::path::PathBuf;

use super::common::{GateArgs, Print, Reads};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup rate examples/data/shop.json
  serveup rate -f json interactions.jsonl | jq '.[] | select(.failure)'
  help-desk-export | serveup rate - --fail-below expected

Input is JSON (an array, a document {\"recipients\": […], \"interactions\": […]}, one
object per line, or several of these in a row) or a table with a header of field
names (CSV with any separator, .xlsx, .xls, .ods). It may be compressed by gzip or
zstd. The kind of file is recognised by its content, not its name.
A record needs `recipient` and `point`. Optional: id at journey transaction action
signals value served channel stage relation provider team verdict claimed said
recovers response. `serveup levels` lists the signals and kinds of value.")]
pub(crate) struct RateArgs {
    /// Files of interactions, read in this order as one stream [default: standard input, also written -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Add the columns `value`, `near_miss` and `why` to tsv and csv
    #[arg(long)]
    pub(crate) why: bool,
    /// Print rows at once, in little memory; the records must be in time order
    #[arg(long)]
    pub(crate) in_order: bool,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
}
