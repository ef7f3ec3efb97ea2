//! `serveup decay`.

use std::path::PathBuf;

use serveup::{Every, Level};

use super::common::{LOOK_FROM, Print, Reads};
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup decay
  serveup decay --level surprising --deliveries 4
  serveup decay --from 2026-01-05 --every 7d -f json
  serveup decay examples/data/agency.json

Without files, one act is projected from its first delivery. With files, every act
that is losing its effect is listed, the one that runs out next first. This applies
the rule; it is not a forecast.")]
// without files it is a date
#[command(mut_arg("from", |from| from
    .value_name("DATE|PRESET")
    .help("Date of the first delivery (without files), or kind of export to read (with files)")
    .value_parser(clap::builder::NonEmptyStringValueParser::new())))]
#[command(mut_arg("as_of", |as_of| as_of.requires("files").help(LOOK_FROM)))]
pub(crate) struct DecayArgs {
    /// Files of interactions, or - for standard input
    #[arg(value_name = "FILE", conflicts_with_all = ["level", "deliveries", "every"])]
    pub(crate) files: Vec<PathBuf>,
    /// Level of the act the first time
    #[arg(long, value_name = "LEVEL", default_value = "unbelievable", value_parser = values::level())]
    pub(crate) level: Level,
    /// Number of deliveries to project, up to 10000
    #[arg(long, value_name = "N", default_value = "6", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) deliveries: u32,
    /// Time from one delivery to the next, like 7d, 2w or 1mo
    #[arg(long, value_name = "SPAN", requires = "from", value_parser = values::span)]
    pub(crate) every: Option<Every>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}
