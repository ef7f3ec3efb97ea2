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
  Replace the examples with interactions of your own, then
  serveup rate interactions.xlsx")]
pub(crate) struct InitArgs {
    /// The file to make, which must not be there yet: it ends in .xlsx or .csv
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) rules: Rules,
}
