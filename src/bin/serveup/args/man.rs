//! `serveup man`.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup man rate | man -l -
  serveup man > serveup.1
  serveup man --into ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// The command whose page is printed [default: the page of the program]
    #[arg(value_name = "COMMAND", conflicts_with = "into")]
    pub(crate) command: Option<String>,
    /// Writes all pages into a folder, each whole or not at all, and lists them
    #[arg(long, value_name = "FOLDER")]
    pub(crate) into: Option<PathBuf>,
}
