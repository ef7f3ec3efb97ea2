//! The command line: what can be asked for.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use serveup::{Every, Level};

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
    /// Rates one moment described by flags
    Check(CheckArgs),
    /// Projects by the rule how an act fades when it is repeated
    Decay(DecayArgs),
    /// Shows the rules in force, or checks a levels file
    Levels(LevelsArgs),
}

/// How the levels file is found.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// Lays a levels file of your own over the shipped rules
    #[arg(long, value_name = "FILE", env = "SERVEUP_LEVELS", hide_env_values = true)]
    pub(crate) levels: Option<PathBuf>,
}

/// Which part of time is reported.
#[derive(Debug, clap::Args)]
pub(crate) struct Bounds {
    /// Reports from this date or instant on; what came before still moves the escalator
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<String>,
    /// Reports through the end of this date, or before this instant; what comes later is left out
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<String>,
}

/// How records are read.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct Reads {
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Adds recipients, with what they prefer and value (a JSON array, or JSON lines)
    #[arg(long, value_name = "FILE")]
    pub(crate) recipients: Option<PathBuf>,
    /// Reads dates, and date-times without offset, in this zone (like Europe/Berlin)
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
    #[command(flatten)]
    pub(crate) bounds: Bounds,
    /// Rates the rest when a record cannot be read, and counts what was rejected
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Keeps the rejected records in a file, as they were
    #[arg(long, value_name = "FILE", requires = "keep_going")]
    pub(crate) rejects: Option<PathBuf>,
    /// Takes unknown fields, and recoveries of unknown failures, as errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// Says no notes
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// How results are printed.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Printing")]
pub(crate) struct Print {
    /// Prints in this format [default: table on a terminal, tsv in a pipe]
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Colours tables
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Leaves out the line of column names
    #[arg(long)]
    pub(crate) no_header: bool,
    /// Writes to a file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// Tab-separated values, one row a line
    Tsv,
    /// Comma-separated values
    Csv,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Gates, for scripts.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Gates")]
pub(crate) struct GateArgs {
    /// Exits 1 if an interaction is below this level; one that has only slid does not count
    #[arg(long, value_name = "LEVEL", value_parser = level())]
    pub(crate) fail_below: Option<Level>,
    /// Exits 1 if an interaction is a failure
    #[arg(long)]
    pub(crate) fail_on_failure: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup rate examples/data/shop.json
  serveup rate -f json interactions.jsonl | jq '.[] | select(.failure)'
  help-desk-export | serveup rate - --fail-below expected

Input is a JSON array, a document {\"recipients\": […], \"interactions\": […]}, one
JSON object a line, or CSV with a header of field names; told by its content.")]
pub(crate) struct RateArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Explains every row in tsv and csv too: value, near_miss, why
    #[arg(long)]
    pub(crate) why: bool,
    /// Promises records in time order: rows leave at once, memory stays small
    #[arg(long)]
    pub(crate) in_order: bool,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup check delivery/packaging --signal unexpected --value emotional
  serveup check delivery/packaging --signal unexpected --value emotional --repeat 3
  serveup check report --prefers cadence=weekly --served cadence=monthly")]
pub(crate) struct CheckArgs {
    /// The perception point, like delivery/packaging
    #[arg(value_name = "POINT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) point: String,
    /// A signal that was observed; may be given several times
    #[arg(long = "signal", value_name = "NAME", action = ArgAction::Append)]
    pub(crate) signals: Vec<String>,
    /// A category or kind of value that was created; may be given several times
    #[arg(long = "value", value_name = "NAME", action = ArgAction::Append)]
    pub(crate) values: Vec<String>,
    /// How the recipient likes to be served
    #[arg(long, value_name = "KEY=TEXT", value_parser = pair, action = ArgAction::Append)]
    pub(crate) prefers: Vec<(String, String)>,
    /// How they were served
    #[arg(long, value_name = "KEY=TEXT", value_parser = pair, action = ArgAction::Append)]
    pub(crate) served: Vec<(String, String)>,
    /// The recipient's own word
    #[arg(long, value_name = "LEVEL", value_parser = level())]
    pub(crate) verdict: Option<Level>,
    /// The provider's own opinion
    #[arg(long, value_name = "LEVEL", value_parser = level())]
    pub(crate) claimed: Option<Level>,
    /// The act was left out this time
    #[arg(long)]
    pub(crate) omitted: bool,
    /// This is the Nth time; those before were alike, without omission, verdict and claim
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) repeat: NonZeroU32,
    #[command(flatten)]
    pub(crate) rules: Rules,
    #[command(flatten)]
    pub(crate) print: Print,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup decay
  serveup decay --level surprising --deliveries 4
  serveup decay --from 2026-01-05 --every 7d -f json")]
pub(crate) struct DecayArgs {
    /// What the act is worth the first time
    #[arg(long, value_name = "LEVEL", default_value = "unbelievable", value_parser = level())]
    pub(crate) level: Level,
    /// How many deliveries to project, up to 10000
    #[arg(long, value_name = "N", default_value = "6", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) deliveries: u32,
    /// The date of the first delivery
    #[arg(long, value_name = "DATE", requires = "every")]
    pub(crate) from: Option<String>,
    /// The time from one delivery to the next, like 7d, 2w or 1mo
    #[arg(long, value_name = "SPAN", requires = "from", value_parser = span)]
    pub(crate) every: Option<Every>,
    /// The zone whose calendar counts
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    #[command(flatten)]
    pub(crate) print: Print,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup levels
  serveup levels --levels my-levels.toml -f json
  serveup levels --check my-levels.toml")]
pub(crate) struct LevelsArgs {
    /// Says whether a levels file is good, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "output", "no_header"])]
    pub(crate) check: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    #[command(flatten)]
    pub(crate) print: Print,
}

fn level() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(Level::NAMES).try_map(|name| name.parse::<Level>())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("allowed: a key and a text, like channel=email".to_owned()),
    }
}

fn span(text: &str) -> Result<Every, String> {
    text.parse().map_err(|_| "allowed: a span forward in time, like 7d, 2w, 36h or 1mo".to_owned())
}

const AFTER_HELP: &str = "Examples:
  serveup rate examples/data/shop.json
  serveup rate -f json interactions.jsonl | jq '.[] | select(.failure)'
  serveup check delivery/packaging --signal unexpected --value emotional
  serveup decay --level surprising --from 2026-01-05 --every 7d
  serveup levels

Exit status:
  0    done, and every gate asked for holds
  1    done, a gate does not hold
  2    could not assess: usage, bad input, unwritable output
  3    done, but there was too little data for a gate
  130  interrupted";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
