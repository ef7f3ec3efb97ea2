//! `serveup journey`.

use std::path::PathBuf;

use clap::ValueEnum;
use serveup::assess::gate::{ShareGate, ShareOf};

use super::common::{ByArgs, Print, Reads};
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup journey examples/data/helpdesk.jsonl
  serveup journey --by channel,stage --sort worst interactions.jsonl
  serveup journey --require 90% interactions.jsonl || echo 'not sound enough'")]
pub(crate) struct JourneyArgs {
    /// Files of interactions, read in this order as one stream [default: standard input, also written -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) by: ByArgs,
    /// Order of the groups [default: order of the journey, first seen first]
    #[arg(long, value_name = "ORDER")]
    pub(crate) sort: Option<Sort>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
    #[command(flatten)]
    pub(crate) gate: RequireArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// Lowest share sound first, then lowest share in the top half
    Worst,
    /// Alphabetical
    Name,
    /// Most moments first
    Count,
}

/// The gate on roll-ups.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Gates")]
pub(crate) struct RequireArgs {
    /// Exit with 1 if the lower 95 % bound of a group's share is below SHARE, like 90% or 0.9
    #[arg(long, value_name = "SHARE", value_parser = values::share)]
    pub(crate) require: Option<f64>,
    /// Share that --require is about
    #[arg(long, value_name = "SHARE", default_value = "sound", requires = "require")]
    pub(crate) of: Of,
    /// Number of remarked interactions below which a group is too small to judge [default: as in the levels file]
    #[arg(long, value_name = "N", requires = "require")]
    pub(crate) min_count: Option<u64>,
    /// Number of recipients below which a group is too small to judge [default: as in the levels file]
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
    /// Not a failure
    Sound,
    /// Desired or better
    TopHalf,
}
