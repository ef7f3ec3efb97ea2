//! The `serveup` command: reads records, prints ratings and projections.
//!
//! The program is thin: `args` defines the command line, a file of `commands` opens the inputs and
//! calls the library, `printing` writes the results, and `exit` has the exit statuses.

mod args;
mod commands;
mod exit;
mod gates;
mod interrupt;
mod mapping;
mod memory;
mod messages;
mod observer;
mod output;
mod overwrite;
mod printing;
mod progress;
mod settings;
mod sources;
mod waiting;
mod watch;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use args::{Args, Command};
use exit::Exit;

fn main() -> ExitCode {
    interrupt::handle();
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // that a workbook is damaged is said as an error
        if std::thread::current().name() != Some(serveup::read::WORKBOOK_THREAD) {
            tell(panic);
        }
    }));
    let result = Args::try_parse().map_or_else(|other| explain(&other), run);
    ExitCode::from(result.unwrap_or_else(|error| {
        messages::say(&format!("serveup: {error:#}"));
        Exit::CouldNotAssess
    }))
}

/// Prints the help that was asked for, or what is wrong with the arguments.
fn explain(other: &clap::Error) -> Result<Exit> {
    let printed = other.print();
    if other.use_stderr() {
        return Ok(Exit::CouldNotAssess);
    }
    output::printed(printed)?;
    Ok(Exit::Done)
}

fn run(args: Args) -> Result<Exit> {
    args.command.files().check()?;
    if args.command.maps() { mapping::on_large_stack(|| dispatch(args.command)) } else { dispatch(args.command) }
}

fn dispatch(command: Command) -> Result<Exit> {
    match command {
        Command::Rate(args) => commands::rate::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Decay(args) => commands::decay::run(&args),
        Command::Journey(args) => commands::journey::run(&args),
        Command::Uplift(args) => commands::uplift::run(&args),
        Command::Recovery(args) => commands::recovery::run(&args),
        Command::Next(args) => commands::next::run(&args),
        Command::Calibrate(args) => commands::calibrate::run(&args),
        Command::Report(args) => commands::report::run(&args),
        Command::Import(args) => commands::import::run(&args),
        Command::Sql(args) => commands::sql::run(&args),
        Command::Init(args) => commands::init::run(&args),
        Command::Levels(args) => commands::levels::run(&args),
        Command::Schema(args) => commands::schema::run(&args),
        Command::Completions(args) => commands::completions::run(&args),
        Command::Man(args) => commands::man::run(&args),
    }
}
