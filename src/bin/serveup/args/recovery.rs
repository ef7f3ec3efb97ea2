//! `serveup recovery`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::ValueEnum;
use serveup::assess::gate::{ShareGate, ShareOf};
use serveup::assess::recovery::By;

use super::common::{Print, Reads, each_once};
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup recovery examples/data/shop.json
  serveup recovery --by team examples/data/helpdesk.jsonl
  serveup recovery --by signal,point -f csv interactions.jsonl
  serveup recovery --require 80% --of resolved interactions.jsonl
  serveup recovery --link-within 14 interactions.jsonl")]
pub(crate) struct RecoveryArgs {
    /// Files of interactions, read in this order as one stream [default: standard input, also written -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Count the same recipient's next interaction at the same point within DAYS as a recovery
    #[arg(long, value_name = "DAYS", value_parser = values::days, allow_negative_numbers = true)]
    pub(crate) link_within: Option<NonZeroU32>,
    /// Group failures by DIMENSION, joined by commas: how often each group bounced, how it was met, what it cost
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', value_parser = values::by())]
    by: Vec<By>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
    #[command(flatten)]
    pub(crate) gate: RequireBounceArgs,
}

impl RecoveryArgs {
    /// What failures are grouped by, each once.
    pub(crate) fn by(&self) -> Vec<By> {
        each_once(&self.by)
    }
}

/// The gate on groups of failures.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Gates")]
pub(crate) struct RequireBounceArgs {
    /// Exit with 1 if the lower 95 % bound of a group's share is below SHARE, like 80% or 0.8
    #[arg(long, value_name = "SHARE", value_parser = values::share)]
    require: Option<f64>,
    /// Share that --require is about
    #[arg(long, value_name = "SHARE", default_value = "bounced", requires = "require")]
    of: OfFailures,
    /// Number of failures below which a group is too small to judge [default: as in the levels file]
    #[arg(long, value_name = "N", requires = "require")]
    min_count: Option<u64>,
    /// Number of recipients below which a group is too small to judge [default: as in the levels file]
    #[arg(long, value_name = "N", requires = "require")]
    min_recipients: Option<u64>,
}

impl RequireBounceArgs {
    /// The gate asked for.
    pub(crate) fn gate(&self) -> Option<ShareGate> {
        let of = match self.of {
            OfFailures::Bounced => ShareOf::Bounced,
            OfFailures::Resolved => ShareOf::Resolved,
        };
        let (fewest, fewest_recipients) = (self.min_count, self.min_recipients);
        self.require.map(|required| ShareGate { required, of, fewest, fewest_recipients })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OfFailures {
    /// Recovered to desired or better
    Bounced,
    /// Put right or bounced
    Resolved,
}
