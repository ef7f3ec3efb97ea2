//! `serveup levels`.

use std::path::PathBuf;

use super::common::{Print, Rules};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup levels
  serveup levels late
  serveup levels --levels my-levels.toml -f json
  serveup levels --check my-levels.toml
  serveup levels --page > my-page.toml")]
pub(crate) struct LevelsArgs {
    /// Explain this word alone: a level, signal, value or response
    #[arg(value_name = "WORD", conflicts_with = "check")]
    pub(crate) word: Option<String>,
    /// Check a levels file and print nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "output", "no_header", "escape_formulas"])]
    pub(crate) check: Option<PathBuf>,
    /// Print the texts of the report page as a levels file, to translate them
    #[arg(long, conflicts_with_all = ["check", "format", "no_header", "escape_formulas"])]
    pub(crate) page: bool,
    #[command(flatten)]
    pub(crate) rules: Rules,
    #[command(flatten)]
    pub(crate) print: Print,
}
