//! The `serveup` command: reads records, prints ratings and projections.
//!
//! Bytes come in through `input`, or through `import` from other people's
//! exports; the library rates, `render` prints, and `exit` says how it went.

mod args;
mod commands;
mod crowd;
mod exit;
mod gate;
mod import;
mod input;
mod interrupt;
mod messages;
mod output;
mod progress;
mod render;
mod settings;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::Exit;

fn main() -> ExitCode {
    interrupt::handle();
    let result = match Args::parse().command {
        Command::Rate(args) => commands::rate::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Decay(args) => commands::decay::run(&args),
        Command::Journey(args) => commands::journey::run(&args),
        Command::Uplift(args) => commands::uplift::run(&args),
        Command::Recovery(args) => commands::recovery::run(&args),
        Command::Calibrate(args) => commands::calibrate::run(&args),
        Command::Report(args) => commands::report::run(&args),
        Command::Import(args) => commands::import::run(&args),
        Command::Sql(args) => commands::sql::run(&args),
        Command::Levels(args) => commands::levels::run(&args),
        Command::Schema(args) => commands::schema::run(&args),
        Command::Completions(args) => commands::completions::run(&args),
        Command::Man(args) => commands::man::run(&args),
    };
    ExitCode::from(result.unwrap_or_else(|error| {
        messages::say(&format!("serveup: {error:#}"));
        Exit::CouldNotAssess
    }))
}
