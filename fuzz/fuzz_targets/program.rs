// The modules of the program, and one way to call its commands; each target includes this at its root,
// where the modules look for each other.

#[path = "../../src/bin/serveup"]
mod program {
    pub(crate) mod args;
    pub(crate) mod commands;
    pub(crate) mod crowd;
    pub(crate) mod exit;
    pub(crate) mod gate;
    pub(crate) mod import;
    pub(crate) mod input;
    pub(crate) mod interrupt;
    pub(crate) mod messages;
    pub(crate) mod output;
    pub(crate) mod progress;
    pub(crate) mod render;
    pub(crate) mod settings;
}
use program::{args, commands, crowd, exit, gate, import, input, interrupt, messages, output, progress, render, settings};

use clap::Parser as _;

/// A file of this process, in memory where the system has a file system there.
fn file(name: &str, content: &[u8]) -> String {
    let folder = std::path::Path::new("/dev/shm");
    let folder = if folder.is_dir() { folder.to_owned() } else { std::env::temp_dir() };
    let path = folder.join(format!("serveup-fuzz-{}-{name}", std::process::id()));
    std::fs::write(&path, content).expect("a file");
    path.display().to_string()
}

/// Runs a command and gives back its status: 2 where it refused.
fn run(line: &str, files: &[&str]) -> u8 {
    let line = ["serveup"].into_iter().chain(line.split(' ')).chain(files.iter().copied());
    let result = match args::Args::try_parse_from(line).expect("a good command line").command {
        args::Command::Rate(args) => commands::rate::run(&args),
        args::Command::Journey(args) => commands::journey::run(&args),
        args::Command::Import(args) => commands::import::run(&args),
        args::Command::Levels(args) => commands::levels::run(&args),
        args::Command::Sql(args) => commands::sql::run(&args),
        _ => unreachable!("no target asks for it"),
    };
    result.map_or(2, |exit| exit as u8)
}
