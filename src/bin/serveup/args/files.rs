//! What each command reads and what it writes.

use std::path::PathBuf;

use super::{Command, Print, Reads, Rules};
use crate::commands::man;
use crate::overwrite::Files;
use crate::settings;

impl Command {
    /// Whether rows go through a map, which takes a large stack.
    pub(crate) fn maps(&self) -> bool {
        match self {
            Self::Rate(args) => args.reads.export.has_map(),
            Self::Check(args) => args.reads.export.has_map(),
            Self::Decay(args) => args.reads.export.has_map(),
            Self::Journey(args) => args.reads.export.has_map(),
            Self::Uplift(args) => args.reads.export.has_map(),
            Self::Recovery(args) => args.reads.export.has_map(),
            Self::Next(args) => args.reads.export.has_map(),
            Self::Calibrate(args) => args.reads.export.has_map(),
            Self::Report(args) => args.reads.export.has_map(),
            Self::Import(_) => true,
            Self::Init(_) | Self::Sql(_) | Self::Levels(_) | Self::Schema(_) | Self::Completions(_) | Self::Man(_) => {
                false
            }
        }
    }

    /// The files of a run.
    pub(crate) fn files(&self) -> Files {
        match self {
            Self::Rate(args) => printed(recorded(&piped(&args.files), &args.reads), &args.print),
            Self::Check(args) => printed(recorded(&args.files, &args.reads), &args.print),
            Self::Decay(args) => printed(recorded(&args.files, &args.reads), &args.print),
            Self::Journey(args) => printed(recorded(&piped(&args.files), &args.reads), &args.print),
            Self::Uplift(args) => printed(recorded(&piped(&args.files), &args.reads), &args.print),
            Self::Recovery(args) => printed(recorded(&piped(&args.files), &args.reads), &args.print),
            Self::Next(args) => printed(recorded(&piped(&args.files), &args.reads), &args.print),
            Self::Calibrate(args) => printed(recorded(&piped(&args.files), &args.reads), &args.print),
            Self::Report(args) => output(recorded(&piped(&args.files), &args.reads), args.output.as_ref()),
            Self::Import(args) if args.show_map => {
                printed(Files::default().read("--map", &args.export.map), &args.print)
            }
            Self::Import(args) => {
                let files = ruled(&args.rules).read("", &piped(&args.files)).read("--map", &args.export.map);
                printed(files.written("--rejects", &args.rejects), &args.print)
            }
            Self::Sql(args) => output(ruled(&args.rules), args.output.as_ref()),
            Self::Init(args) => ruled(&args.rules).written("init", [&args.file]),
            Self::Levels(args) => printed(ruled(&args.rules).read("--check", &args.check), &args.print),
            Self::Schema(args) => output(ruled(&args.rules), args.output.as_ref()),
            Self::Completions(args) => output(Files::default(), args.output.as_ref()),
            Self::Man(args) => {
                let pages = args.into.as_deref().map(man::paths_in).unwrap_or_default();
                output(Files::default().written("--into", &pages), None)
            }
        }
    }
}

/// The inputs of a command that reads standard input where none is named.
fn piped(inputs: &[PathBuf]) -> Vec<PathBuf> {
    if inputs.is_empty() { vec![PathBuf::from("-")] } else { inputs.to_vec() }
}

fn ruled(rules: &Rules) -> Files {
    let flag = if settings::levels_by_variable(rules.levels.as_deref()) { "SERVEUP_LEVELS" } else { "--levels" };
    Files::default().read(flag, &rules.levels)
}

fn recorded(inputs: &[PathBuf], reads: &Reads) -> Files {
    let files =
        ruled(&reads.rules).read("", inputs).read("--recipients", &reads.recipients).read("--map", &reads.export.map);
    files.written("--rejects", &reads.rejects)
}

fn printed(files: Files, print: &Print) -> Files {
    output(files, print.output.as_ref())
}

fn output(files: Files, path: Option<&PathBuf>) -> Files {
    match path {
        Some(path) => files.written("--output", [path]),
        None => files.written("", [&PathBuf::from("-")]),
    }
}
