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
    #[arg(long, value_name = "SHARE", value_parser = values::share)]
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
