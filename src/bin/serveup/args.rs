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

/// Rate service on six levels, as the person served experiences it.
///
/// Give it records of interactions. Every interaction gets a level and the reason
/// for it; reports show where service fails, what is improving and what to do next.
#[derive(Debug, Parser)]
#[command(name = "serveup", version, max_term_width = 90, arg_required_else_help = true, after_help = AFTER_HELP)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Rate every interaction on the six levels
    Rate(RateArgs),
    /// Rate one moment described by flags, or look closely at one perception point
    Check(Box<CheckArgs>),
    /// Show how an act loses its effect when it is repeated
    Decay(DecayArgs),
    /// Summarise each point of the journey
    Journey(JourneyArgs),
    /// Compare two periods: is service improving, and what to do next
    Uplift(UpliftArgs),
    /// List failures and whether they were put right
    Recovery(RecoveryArgs),
    /// Say what to do next for each recipient, the most urgent first
    Next(NextArgs),
    /// Compare the recipients' own verdicts with the rules: how far to trust them
    Calibrate(CalibrateArgs),
    /// Write all reports as one HTML page
    Report(ReportArgs),
    /// Convert exports of help desks to interactions
    Import(Box<ImportArgs>),
    /// Print the rating as an SQL query, for data too large for one machine
    Sql(SqlArgs),
    /// Create a workbook or CSV file to fill in
    Init(InitArgs),
    /// Show the rules in force, or check a levels file
    Levels(LevelsArgs),
    /// Print the JSON Schema of records and results
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual pages
    Man(ManArgs),
}

const AFTER_HELP: &str = "Examples:
  serveup rate examples/data/shop.json
  serveup rate -f json interactions.jsonl | jq '.[] | select(.failure)'
  serveup check delivery/packaging --signal unexpected --value emotional
  serveup decay --level surprising --from 2026-01-05 --every 7d
  serveup levels

Words:
  recipient   the person served: a customer, or a colleague
  moment      one interaction in which a recipient forms an opinion of the service
  point       the place where such moments happen, like delivery/packaging
  signal      one observed fact about a moment, like late or unexpected
  sound       not a failure; top half: desired, surprising or unbelievable
  act         something done that can be done again, named by `action`
  escalator   repeated acts lose their effect: each time, an act is worth a level less;
              an act worth less than at first has slid
  lapse       an act that is left out or done badly when it had come to be relied on
  unremarked  nothing was observed; the moment is counted but in no share
  The glossary in docs/model.md has them all.

Exit status:
  0    success, and every gate passed
  1    a gate failed
  2    error: wrong usage, bad input, or output that cannot be written
  3    no gate failed, but there was too little data for one
  130  interrupted

Environment:
  SERVEUP_LEVELS  a levels file that changes the rules, as with --levels
  NO_COLOR        if set and not empty, tables have no colour
  TERM            if `dumb`, tables have no colour and no progress is shown
  TMPDIR          the folder for temporary files";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
