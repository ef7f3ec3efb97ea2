//! `serveup man`.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup man rate | man -l -
  serveup man > serveup.1
  serveup man --into ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// Command to print the page of [default: the page of the program]
    #[arg(value_name = "COMMAND", conflicts_with = "into")]
    pub(crate) command: Option<String>,
    /// Write all pages into FOLDER and list them
    #[arg(long, value_name = "FOLDER")]
    pub(crate) into: Option<PathBuf>,
}
