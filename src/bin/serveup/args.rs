//! The command line: what can be asked for.

mod files;
mod form;
mod plumbing;
mod suggested;

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Parser, Subcommand, ValueEnum, ValueHint};
use serveup::assess::Dimension;
use serveup::assess::gate::{ShareGate, ShareOf};
use serveup::{Calendar, Every, Level};

use serveup::import::Preset;

use form::FormArgs;
use suggested::Suggested;

pub(crate) use plumbing::{CompletionsArgs, ManArgs, SchemaArgs, What};

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
    /// Holds verdicts against facts: how far the signals can be trusted
    Calibrate(CalibrateArgs),
    /// Makes one page of it all, to look at and to show
    Report(ReportArgs),
    /// Turns exports of help desks into interactions
    Import(Box<ImportArgs>),
    /// Writes the same rating as one SQL query, for data that outgrows a machine
    Sql(SqlArgs),
    /// Shows the rules in force, or checks a levels file
    Levels(LevelsArgs),
    /// Describes records and results as JSON Schema
    Schema(SchemaArgs),
    /// Writes what a shell needs to complete names
    Completions(CompletionsArgs),
    /// Prints the manual, a page a command
    Man(ManArgs),
}

/// How the levels file is found.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// Lays a levels file of your own over the shipped rules
    // a variable that is set to nothing is as good as not set, so an empty path is let through
    #[arg(
        long,
        value_name = "FILE",
        env = "SERVEUP_LEVELS",
        hide_env_values = true,
        value_hint = ValueHint::FilePath,
        value_parser = OsStringValueParser::new().map(PathBuf::from)
    )]
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
    #[command(flatten)]
    pub(crate) form: FormArgs,
    /// Reads dates, and date-times without offset, in this zone (like Europe/Berlin)
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
    #[command(flatten)]
    pub(crate) bounds: Bounds,
    /// Rates the rest when a record cannot be read, and counts what was rejected
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Keeps the rejected records in a file, as they were, where the run keeps going
    #[arg(long, value_name = "FILE", requires = "keep_going")]
    pub(crate) rejects: Option<PathBuf>,
    /// Takes unknown fields, and recoveries of unknown failures, as errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// Reads with so many threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = threads, allow_negative_numbers = true)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Says no notes
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl Reads {
    /// The first flag given that means something only where records are read.
    pub(crate) fn for_records(&self) -> Option<&'static str> {
        let given = [
            (self.recipients.is_some(), "--recipients"),
            (self.bounds.since.is_some(), "--since"),
            (self.bounds.until.is_some(), "--until"),
            (self.keep_going, "--keep-going"),
            (self.strict, "--strict"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag).or_else(|| self.form.given())
    }
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
    /// Puts a ' before texts in tsv and csv that a spreadsheet would run as formulas
    #[arg(long)]
    pub(crate) escape_formulas: bool,
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

impl From<Format> for serveup::print::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Table => Self::Table,
            Format::Tsv => Self::Tsv,
            Format::Csv => Self::Csv,
            Format::Json => Self::Json,
            Format::Jsonl => Self::Jsonl,
        }
    }
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
JSON object a line, or CSV with a header of field names; told by its content.
A record needs `recipient` and `point`, and may have: id at journey transaction
action signals value served channel stage relation provider team verdict claimed
said recovers response. `serveup levels` lists the signals and kinds of value.")]
pub(crate) struct RateArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Explains every row in tsv and csv too: `value`, `near_miss`, `why`
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
  serveup check report --prefers cadence=weekly --served cadence=monthly
  serveup check delivery/packaging interactions.jsonl

Without files the moment is the one the flags describe; with files it is every
moment recorded at that point (its full path, or the last part if that is unique).")]
pub(crate) struct CheckArgs {
    /// The perception point, like delivery/packaging
    #[arg(value_name = "POINT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) point: String,
    /// Files of interactions; - is standard input
    #[arg(value_name = "FILE", conflicts_with_all = DESCRIBED)]
    pub(crate) files: Vec<PathBuf>,
    /// A signal that was observed (`serveup levels` lists them); may be given several times
    #[arg(long = "signal", value_name = "NAME", action = ArgAction::Append, value_parser = Suggested::SIGNALS, hide_possible_values = true)]
    pub(crate) signals: Vec<String>,
    /// A category or kind of value that was created (`serveup levels`); may be given several times
    #[arg(long = "value", value_name = "NAME", action = ArgAction::Append, value_parser = Suggested::VALUES, hide_possible_values = true)]
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
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup decay
  serveup decay --level surprising --deliveries 4
  serveup decay --from 2026-01-05 --every 7d -f json
  serveup decay examples/data/agency.json

Without files one act is projected from its first delivery; with files every act
on the escalator, soonest to rest first. By the rule, not a forecast.")]
pub(crate) struct DecayArgs {
    /// Files of interactions; - is standard input
    #[arg(value_name = "FILE", conflicts_with_all = ["level", "deliveries", "from", "every"])]
    pub(crate) files: Vec<PathBuf>,
    /// The date or instant to look from [default: the latest in the records]
    #[arg(long, value_name = "WHEN", requires = "files")]
    pub(crate) as_of: Option<String>,
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
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup journey examples/data/helpdesk.jsonl
  serveup journey --by channel,stage --sort worst interactions.jsonl
  serveup journey --require 90% interactions.jsonl || echo 'not sound enough'")]
pub(crate) struct JourneyArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) by: ByArgs,
    /// Sorts the groups [default: the order of the journey, first seen first]
    #[arg(long, value_name = "ORDER")]
    pub(crate) sort: Option<Sort>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
    #[command(flatten)]
    pub(crate) gate: RequireArgs,
}

/// What moments are grouped by.
#[derive(Debug, clap::Args)]
pub(crate) struct ByArgs {
    /// Groups by these, joined by commas
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', default_value = "point", value_parser = dimension())]
    by: Vec<Dimension>,
}

impl ByArgs {
    /// The dimensions, each once: a key has one member for each.
    pub(crate) fn dimensions(&self) -> Vec<Dimension> {
        let mut dimensions = Vec::new();
        for dimension in &self.by {
            if !dimensions.contains(dimension) {
                dimensions.push(*dimension);
            }
        }
        dimensions
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// Least sound first, then least in the top half
    Worst,
    /// By key
    Name,
    /// Most moments first
    Count,
}

/// The gate on roll-ups.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Gates")]
pub(crate) struct RequireArgs {
    /// Exits 1 if the lower 95 % bound of a group's share does not reach this (90% or 0.9)
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) require: Option<f64>,
    /// The share that has to reach it
    #[arg(long, value_name = "SHARE", default_value = "sound", requires = "require")]
    pub(crate) of: Of,
    /// Fewer remarked interactions than this are too few to say [default: as in the levels file]
    #[arg(long, value_name = "N", requires = "require")]
    pub(crate) min_count: Option<u64>,
    /// Fewer recipients than this are too few to say [default: as in the levels file]
    #[arg(long, value_name = "N", requires = "require")]
    pub(crate) min_recipients: Option<u64>,
}

impl RequireArgs {
    /// The gate asked for.
    pub(crate) fn gate(&self) -> Option<ShareGate> {
        let of = match self.of {
            Of::Sound => ShareOf::Sound,
            Of::TopHalf => ShareOf::TopHalf,
        };
        let (fewest, fewest_recipients) = (self.min_count, self.min_recipients);
        self.require.map(|required| ShareGate { required, of, fewest, fewest_recipients })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Of {
    /// No failure
    Sound,
    /// Desired or better
    TopHalf,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup uplift examples/data/helpdesk.jsonl
  serveup uplift --period week --by team --timezone Europe/Berlin interactions.jsonl
  serveup uplift --compare 2026-01..2026-06 examples/data/helpdesk.jsonl")]
pub(crate) struct UpliftArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How time is divided, by the clocks of --timezone; weeks are ISO weeks
    #[arg(long, value_name = "PERIOD", default_value = "month")]
    pub(crate) period: PeriodArg,
    /// Compares these two periods, like 2026-01..2026-03 [default: the last two]
    #[arg(long, value_name = "FROM..TO")]
    pub(crate) compare: Option<String>,
    #[command(flatten)]
    pub(crate) by: ByArgs,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PeriodArg {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl From<PeriodArg> for Calendar {
    fn from(period: PeriodArg) -> Self {
        match period {
            PeriodArg::Day => Self::Day,
            PeriodArg::Week => Self::Week,
            PeriodArg::Month => Self::Month,
            PeriodArg::Quarter => Self::Quarter,
            PeriodArg::Year => Self::Year,
        }
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup recovery examples/data/shop.json
  serveup recovery --link-within 14 interactions.jsonl")]
pub(crate) struct RecoveryArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Takes the same recipient's next interaction at the same point within so many days for a recovery
    #[arg(long, value_name = "DAYS", value_parser = days, allow_negative_numbers = true)]
    pub(crate) link_within: Option<NonZeroU32>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup calibrate examples/data/helpdesk.jsonl
  serveup calibrate -f json interactions.jsonl | jq .evidence.kappa")]
pub(crate) struct CalibrateArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup report examples/data/helpdesk.jsonl > service.html
  serveup report --anonymous --since 2026-01-01 interactions.jsonl -o service.html

The page is one file that asks for no other: it opens offline, prints well, and is
complete without scripts. Every figure on it is that of `journey`, `uplift`,
`recovery` or `decay` with the same flags.")]
pub(crate) struct ReportArgs {
    /// Files of interactions, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Numbers recipients and providers, and leaves out names, ids of records and what was said
    #[arg(long)]
    pub(crate) anonymous: bool,
    /// How time is divided, by the clocks of --timezone; weeks are ISO weeks
    #[arg(long, value_name = "PERIOD", default_value = "month")]
    pub(crate) period: PeriodArg,
    /// Takes the same recipient's next interaction at the same point within so many days for a recovery
    #[arg(long, value_name = "DAYS", value_parser = days, allow_negative_numbers = true)]
    pub(crate) link_within: Option<NonZeroU32>,
    /// The date or instant to look from; what comes later is left out [default: the latest in the records]
    #[arg(long, value_name = "WHEN")]
    pub(crate) as_of: Option<String>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    /// Writes the page to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Printing")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup sql --dialect duckdb
  serveup sql --dialect spark --table lake.service.interactions
  serveup sql --dialect duckdb --recipients-table recipients --ddl

The query reads one table of interactions, and one of recipients if you name it,
and gives id, level, rank, assessed, evidence, standing, next, reason and failure
as `serveup rate` does. docs/sql.md shows the whole path with DuckDB and Spark.")]
pub(crate) struct SqlArgs {
    /// The engine that will run it
    #[arg(long, value_name = "DIALECT")]
    pub(crate) dialect: DialectArg,
    /// The table of interactions; dots join catalogue, schema and name
    #[arg(long, value_name = "NAME", default_value = "interactions")]
    pub(crate) table: String,
    /// The table of recipients, with what they prefer and value
    #[arg(long, value_name = "NAME")]
    pub(crate) recipients_table: Option<String>,
    /// Prints the statements that make the tables instead
    #[arg(long)]
    pub(crate) ddl: bool,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Writes to a file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DialectArg {
    /// An engine in one process
    Duckdb,
    /// Apache Spark, on many machines
    Spark,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup levels
  serveup levels --levels my-levels.toml -f json
  serveup levels --check my-levels.toml")]
pub(crate) struct LevelsArgs {
    /// Says whether a levels file is good, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "output", "no_header", "escape_formulas"])]
    pub(crate) check: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    #[command(flatten)]
    pub(crate) print: Print,
}

fn level() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(Level::NAMES).try_map(|name| name.parse::<Level>())
}

/// The flags that describe a moment, which recorded moments do not need.
const DESCRIBED: [&str; 8] = ["signals", "values", "prefers", "served", "verdict", "claimed", "omitted", "repeat"];

fn dimension() -> impl TypedValueParser<Value = Dimension> {
    PossibleValuesParser::new(Dimension::NAMES).try_map(|name| name.parse::<Dimension>())
}

/// A share from 0 to 1, or from 0 % to 100 %.
fn share(text: &str) -> Result<f64, String> {
    let (digits, whole) = text.strip_suffix('%').map_or((text, 1.0), |digits| (digits.trim_end(), 100.0));
    let share = digits.parse::<f64>().ok().map(|share| share / whole);
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "allowed: a share from 0 to 1, or from 0% to 100%".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("allowed: a key and a text, like channel=email".to_owned()),
    }
}

/// The most threads that can be asked for: far more than help anyone, far fewer than a system refuses.
pub(crate) const MOST_THREADS: usize = 256;

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok().filter(|number: &NonZeroUsize| number.get() <= MOST_THREADS);
    number.ok_or_else(|| format!("allowed: a whole number from 1 to {MOST_THREADS}"))
}

fn days(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| "allowed: a whole number of days from 1".to_owned())
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

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup import --from zendesk tickets.jsonl | serveup rate -
  serveup import --inspect export.csv
  serveup import --map my.jq export.csv --keep-going --rejects bad.csv > records.jsonl
  serveup import --show-map --from intercom > my.jq

A map is a jq program that gets one row at a time (a table row as an object of
texts, or a JSON value) and gives interactions. Beside jq's own functions it has:
  known, known($words)      null for nothing, blanks, N/A and these words; else the text, trimmed
  instant($formats)         a text read by a format like \"%d.%m.%Y %H:%M\", or the first that fits
  instant($formats; $zone)  the same in a zone like \"Europe/Berlin\"
  later($hours)             the instant so many hours after
  hours($from; $to)         the hours between two instants; days($from; $to) the days
  lookup($what; $table)     the entry of an object for a text; an error that lists what there is
  column($name)             the cell of a column that must be there
  verdict($steps)           the verdict that a rating from 1 to $steps is
  $row                      the row's file, line and number
It sees nothing else. docs/maps.md teaches writing one in five minutes.")]
pub(crate) struct ImportArgs {
    /// Exports, read as one stream; - or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Uses the map that comes with the program for this kind of export
    #[arg(long, value_name = "PRESET", value_parser = preset(), conflicts_with = "map")]
    pub(crate) from: Option<&'static Preset>,
    /// Uses a map of your own: a jq program
    #[arg(long, value_name = "FILE.jq")]
    pub(crate) map: Option<PathBuf>,
    /// Prints the map instead of using it
    #[arg(long, conflicts_with_all = ["files", "inspect"])]
    pub(crate) show_map: bool,
    /// Tells how much is known, of the columns and of the interactions, instead of printing these
    #[arg(long)]
    pub(crate) inspect: bool,
    /// Of several rows with the same text in this column, takes the last
    #[arg(long, value_name = "COLUMN", help_heading = "Reading")]
    pub(crate) last_by: Option<String>,
    /// Finds the rows in a list inside a JSON object, under this key (or keys, joined by dots)
    #[arg(
        long,
        value_name = "KEY",
        value_parser = clap::builder::NonEmptyStringValueParser::new(),
        conflicts_with = "delimiter",
        help_heading = "Reading"
    )]
    pub(crate) at: Option<String>,
    #[command(flatten)]
    pub(crate) form: FormArgs,
    /// Takes a last line with nothing but a first cell as a trailer, which is no row
    #[arg(long, help_heading = "Reading")]
    pub(crate) trailer: bool,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Reads dates, and date-times without offset, in this zone (like Europe/Berlin)
    #[arg(long, value_name = "ZONE", help_heading = "Reading")]
    pub(crate) timezone: Option<String>,
    /// Takes the other rows when one cannot be taken, and counts what was rejected
    #[arg(long, help_heading = "Reading")]
    pub(crate) keep_going: bool,
    /// Keeps the rejected rows in a file, as they were, where the run keeps going
    #[arg(long, value_name = "FILE", requires = "keep_going", help_heading = "Reading")]
    pub(crate) rejects: Option<PathBuf>,
    /// Takes unknown fields of interactions as errors
    #[arg(long, help_heading = "Reading")]
    pub(crate) strict: bool,
    /// Says no notes, and no counts unless the run keeps going
    #[arg(short, long, help_heading = "Reading")]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) print: Print,
}

/// The presets by name.
fn preset() -> impl TypedValueParser<Value = &'static Preset> {
    PossibleValuesParser::new(Preset::ALL.map(|preset| preset.name))
        .try_map(|name| Preset::named(&name).ok_or("no such preset"))
}
