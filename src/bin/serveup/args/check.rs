//! `serveup check`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::ArgAction;
use serveup::{Level, Verdict};

use super::common::{GateArgs, Print, Reads};
use super::journey::RequireArgs;
use super::suggested::Suggested;
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup check delivery/packaging --signal unexpected --value emotional
  serveup check delivery/packaging --signal unexpected --value emotional --repeat 3
  serveup check report --prefers cadence=weekly --served cadence=monthly
  serveup check delivery/packaging interactions.jsonl
  serveup check delivery/packaging interactions.jsonl --require 80%

Without files, the flags describe one moment. With files, every moment recorded at
POINT is summarised (POINT is the full path, or its last part if that is unique).")]
pub(crate) struct CheckArgs {
    /// Perception point, like delivery/packaging
    #[arg(value_name = "POINT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) point: String,
    /// Files of interactions, or - for standard input
    #[arg(value_name = "FILE", conflicts_with_all = DESCRIBED)]
    pub(crate) files: Vec<PathBuf>,
    /// Signal that was observed; `serveup levels` lists them; repeatable
    #[arg(long = "signal", value_name = "NAME", action = ArgAction::Append, value_parser = Suggested::SIGNALS, hide_possible_values = true)]
    pub(crate) signals: Vec<String>,
    /// Category or kind of value that was created; `serveup levels` lists them; repeatable
    #[arg(long = "value", value_name = "NAME", action = ArgAction::Append, value_parser = Suggested::VALUES, hide_possible_values = true)]
    pub(crate) values: Vec<String>,
    /// How the recipient prefers to be served, like channel=email; repeatable
    #[arg(long, value_name = "KEY=TEXT", value_parser = values::pair, action = ArgAction::Append)]
    pub(crate) prefers: Vec<(String, String)>,
    /// How the recipient was served, like channel=phone; repeatable
    #[arg(long, value_name = "KEY=TEXT", value_parser = values::pair, action = ArgAction::Append)]
    pub(crate) served: Vec<(String, String)>,
    /// The recipient's own verdict: a level, or what an answer on a scale can say, like basic-or-below
    #[arg(long, value_name = "LEVEL[-or-below|-or-above]", value_parser = values::verdict(), hide_possible_values = true)]
    pub(crate) verdict: Option<Verdict>,
    /// The provider's own opinion of the level
    #[arg(long, value_name = "LEVEL", value_parser = values::level())]
    pub(crate) claimed: Option<Level>,
    /// Mark the act as left out this time
    #[arg(long)]
    pub(crate) omitted: bool,
    /// Rate the Nth time; the times before were alike, without omission, verdict and claim
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) repeat: NonZeroU32,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    #[command(flatten)]
    pub(crate) share: RequireArgs,
}

/// The flags that describe a moment, which recorded moments do not need.
const DESCRIBED: [&str; 8] = ["signals", "values", "prefers", "served", "verdict", "claimed", "omitted", "repeat"];
