//! `serveup rate`.

use std::path::PathBuf;

use serveup::Column;

use super::common::{GateArgs, Print, Reads};
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup rate examples/data/shop.json
  serveup rate -f json interactions.jsonl | jq '.[] | select(.failure)'
  help-desk-export | serveup rate - --fail-below expected
  serveup rate --columns id,level,team,said -f csv interactions.jsonl

Input is JSON (an array, a document {\"recipients\": […], \"interactions\": […]}, one
object per line, or several of these in a row) or a table with a header of field
names (CSV with any separator, .xlsx, .xls, .ods). It may be compressed by gzip or
zstd. The kind of file is recognised by its content, not its name.
A record needs `recipient` and `point`. Optional: id at journey transaction action
signals value served channel stage relation provider team verdict claimed said
recovers response cost tags. `serveup levels` lists the signals and kinds of value.

Columns: id at recipient point action level rank assessed evidence standing next
reason failure claimed gap value near_miss why, as rows have them; and of the
record journey transaction signals channel stage relation provider team verdict
said recovers response cost served.KEY tags.NAME.")]
pub(crate) struct RateArgs {
    /// Files of interactions, read in this order as one stream [default: standard input, also written -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Add the columns `value`, `near_miss` and `why` to tsv and csv
    #[arg(long)]
    pub(crate) why: bool,
    /// Columns to print, joined by commas, in this order
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', value_parser = values::column, conflicts_with = "why")]
    pub(crate) columns: Option<Vec<Column>>,
    /// Print rows at once, in little memory; the records must be in time order
    #[arg(long)]
    pub(crate) in_order: bool,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    /// Count only what is new since FILE, which an earlier `serveup rate` printed (tsv, csv, json or jsonl)
    #[arg(long, value_name = "FILE", help_heading = "Gates")]
    pub(crate) baseline: Option<PathBuf>,
    /// Print only the rows that the gate counts as new
    #[arg(long, requires = "baseline", help_heading = "Gates")]
    pub(crate) only_new: bool,
}
