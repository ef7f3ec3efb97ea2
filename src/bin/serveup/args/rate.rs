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
object a line, or any of these one after the other) or a table with a header of
field names (CSV of any separator, .xlsx, .xls, .ods), also compressed by gzip or
zstd; told by its content.
A record needs `recipient` and `point`, and may have: id at journey transaction
action signals value served channel stage relation provider team verdict claimed
said recovers response cost. `serveup levels` lists the signals and kinds of value.

Columns: id at recipient point action level rank assessed evidence standing next
reason failure claimed gap value near_miss why, as rows have them; and of the
record journey transaction signals channel stage relation provider team verdict
said recovers response cost served.KEY.")]
pub(crate) struct RateArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Explains every row in tsv and csv too: `value`, `near_miss`, `why`
    #[arg(long)]
    pub(crate) why: bool,
    /// Prints these columns, joined by commas, in this order, in place of those of the format
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', value_parser = values::column, conflicts_with = "why")]
    pub(crate) columns: Option<Vec<Column>>,
    /// Promises records in time order: rows leave at once, memory stays small
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
}
