//! `serveup completions`: what a shell needs to complete names.

use anyhow::Result;
use clap::CommandFactory;

use crate::args::{Args, CompletionsArgs};
use crate::exit::Exit;
use crate::output::write_text;

pub(crate) fn run(args: &CompletionsArgs) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "serveup", &mut script);
    write_text(args.output.as_deref(), &script)?;
    Ok(Exit::Done)
}
