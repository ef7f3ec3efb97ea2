//! `serveup completions`.

use std::path::PathBuf;

use clap_complete::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup completions bash > ~/.local/share/bash-completion/completions/serveup
  serveup completions zsh > ~/.zfunc/_serveup
  serveup completions fish > ~/.config/fish/completions/serveup.fish

In bash, zsh and fish the names of levels, signals, kinds of value and presets
are completed as well. For zsh, put `fpath+=~/.zfunc` before `compinit` in
~/.zshrc.")]
pub(crate) struct CompletionsArgs {
    /// Shell to complete for
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
    /// Write to FILE; nothing is left behind if it fails
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
