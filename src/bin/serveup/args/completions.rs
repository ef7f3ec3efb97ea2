//! `serveup completions`.

use std::path::PathBuf;

use clap_complete::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup completions bash > ~/.local/share/bash-completion/completions/serveup
  serveup completions zsh > ~/.zfunc/_serveup
  serveup completions fish > ~/.config/fish/completions/serveup.fish

In bash, zsh and fish the names of levels, signals, kinds of value and presets
complete too. zsh looks into ~/.zfunc if `fpath+=~/.zfunc` stands before
`compinit` in ~/.zshrc.")]
pub(crate) struct CompletionsArgs {
    /// The shell that completes
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
    /// Writes to a file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
