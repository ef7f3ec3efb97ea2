//! `serveup decay`.

use std::path::PathBuf;

use serveup::{Every, Level};

use super::common::{Print, Reads};
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup decay
  serveup decay --level surprising --deliveries 4
  serveup decay --from 2026-01-05 --every 7d -f json
  serveup decay examples/data/agency.json

Without files one act is projected from its first delivery; with files every act
on the escalator, soonest to rest first. By the rule, not a forecast.")]
// without files it is a date
#[command(mut_arg("from", |from| from
    .value_name("DATE|PRESET")
    .help("Without files, the date of the first delivery; with files, the preset of an export")
    .value_parser(clap::builder::NonEmptyStringValueParser::new())))]
#[command(mut_arg("as_of", |as_of| as_of.requires("files").help("The instant to look from, or the end of a date or period (2026-02, 2026-Q1) [default: the latest in the records]")))]
pub(crate) struct DecayArgs {
    /// Files of interactions; - is standard input
    #[arg(value_name = "FILE", conflicts_with_all = ["level", "deliveries", "every"])]
    pub(crate) files: Vec<PathBuf>,
    /// What the act is worth the first time
    #[arg(long, value_name = "LEVEL", default_value = "unbelievable", value_parser = values::level())]
    pub(crate) level: Level,
    /// How many deliveries to project, up to 10000
    #[arg(long, value_name = "N", default_value = "6", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) deliveries: u32,
    /// The time from one delivery to the next, like 7d, 2w or 1mo
    #[arg(long, value_name = "SPAN", requires = "from", value_parser = values::span)]
    pub(crate) every: Option<Every>,
    #[command(flatten)]
    pub(crate) reads: Reads,
    #[command(flatten)]
    pub(crate) print: Print,
}
