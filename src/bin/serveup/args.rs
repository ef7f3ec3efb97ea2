//! The command line: what each command can be asked for.

mod calibrate;
mod check;
mod common;
mod completions;
mod decay;
mod export;
mod files;
mod form;
mod import;
mod init;
mod journey;
mod levels;
mod man;
mod next;
mod rate;
mod recovery;
mod report;
mod schema;
mod sql;
mod suggested;
mod uplift;
mod values;

use clap::{Parser, Subcommand};

pub(crate) use calibrate::CalibrateArgs;
pub(crate) use check::CheckArgs;
pub(crate) use common::{Bounds, Color, Format, GateArgs, Print, Reads, Rules, each_once};
pub(crate) use completions::CompletionsArgs;
pub(crate) use decay::DecayArgs;
pub(crate) use export::ExportArgs;
pub(crate) use form::FormArgs;
pub(crate) use import::ImportArgs;
pub(crate) use init::InitArgs;
pub(crate) use journey::{JourneyArgs, RequireArgs, Sort};
pub(crate) use levels::LevelsArgs;
pub(crate) use man::ManArgs;
pub(crate) use next::NextArgs;
pub(crate) use rate::RateArgs;
pub(crate) use recovery::{RecoveryArgs, RequireBounceArgs};
pub(crate) use report::ReportArgs;
pub(crate) use schema::{SchemaArgs, What};
pub(crate) use sql::{DialectArg, ReportArg, SqlArgs};
pub(crate) use uplift::UpliftArgs;
pub(crate) use values::MOST_THREADS;

/// Rates service on six levels, as lived by the person served.
///
/// Records of interactions go in; a level with its reason comes out for every
/// moment, and a projection of how each act fades when it is repeated.
#[derive(Debug, Parser)]
#[command(name = "serveup", version, max_term_width = 90, arg_required_else_help = true, after_help = AFTER_HELP)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Gives every interaction a level, with its reason
    Rate(RateArgs),
    /// Rates one moment described by flags, or one perception point as recorded
    Check(Box<CheckArgs>),
    /// Projects by the rule how an act fades when it is repeated
    Decay(DecayArgs),
    /// Rolls up how each point of the journey is lived
    Journey(JourneyArgs),
    /// Says whether service is going up, and what to do next
    Uplift(UpliftArgs),
    /// Lists failures, and whether they bounced back
    Recovery(RecoveryArgs),
    /// Says what to do next for each recipient, the most urgent first
    Next(NextArgs),
    /// Holds verdicts against facts: how far the rules can be trusted
    Calibrate(CalibrateArgs),
    /// Makes one page of it all, to look at and to show
    Report(ReportArgs),
    /// Turns exports of help desks into interactions
    Import(Box<ImportArgs>),
    /// Writes the same rating as one SQL query, for data that outgrows a machine
    Sql(SqlArgs),
    /// Makes a table to fill in: a workbook with lists to choose from, or CSV
    Init(InitArgs),
    /// Shows the rules in force, or checks a levels file
    Levels(LevelsArgs),
    /// Describes records and results as JSON Schema
    Schema(SchemaArgs),
    /// Writes what a shell needs to complete names
    Completions(CompletionsArgs),
    /// Prints the manual, a page a command
    Man(ManArgs),
}

const AFTER_HELP: &str = "Examples:
  serveup rate examples/data/shop.json
  serveup rate -f json interactions.jsonl | jq '.[] | select(.failure)'
  serveup check delivery/packaging --signal unexpected --value emotional
  serveup decay --level surprising --from 2026-01-05 --every 7d
  serveup levels

Words:
  signal      one observed fact about a moment, like late or unexpected
  act         something done that can be done again, named by `action`
  escalator   an act is worth a level less each time it is repeated; it has slid
  lapse       an act left out, or done badly, once it was owed
  unremarked  nothing was noted; such moments are counted, and in no share

Exit status:
  0    done, and every gate asked for holds
  1    done, a gate does not hold
  2    could not assess: usage, bad input, unwritable output
  3    done, but there was too little data for a gate
  130  interrupted

Environment:
  SERVEUP_LEVELS  a levels file laid over the shipped rules, as with --levels
  NO_COLOR        if set, and not to nothing, tables have no colour
  TERM            if dumb, tables have no colour, and progress is not shown
  TMPDIR          where a pipe's input, and rows in waiting, are set aside";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
