//! `serveup init`.

use std::path::PathBuf;

use clap::ValueHint;

use super::common::Rules;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup init interactions.xlsx
  serveup init interactions.csv
  serveup init interactions.xlsx --levels my-levels.toml

Next:
  Replace the example rows with interactions of your own, then run
  serveup rate interactions.xlsx")]
pub(crate) struct InitArgs {
    /// File to create, ending in .xlsx or .csv; an existing file is never overwritten
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) rules: Rules,
}
