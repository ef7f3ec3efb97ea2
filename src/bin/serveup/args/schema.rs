//! `serveup schema`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::common::Rules;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup schema interaction
  serveup schema interaction --levels my-levels.toml -o interaction.schema.json
  serveup schema journey --row

The schemas are JSON Schema, draft 2020-12. Later versions may add fields to
results, so the schemas of results allow unknown fields.")]
pub(crate) struct SchemaArgs {
    /// What to describe
    #[arg(value_name = "WHAT")]
    pub(crate) what: What,
    /// Describe one line of `-f jsonl` instead of the document of `-f json`
    #[arg(long)]
    pub(crate) row: bool,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Write to FILE; nothing is left behind if it fails
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// One interaction to rate, with the signals and kinds of value of the rules in force
    Interaction,
    /// One recipient
    Recipient,
    /// A JSON file of interactions and recipients
    Records,
    /// A levels file
    Levels,
    /// One row of the output of `rate`
    Rating,
    /// Output of `check` for a moment described by flags
    Check,
    /// Output of `check` for a recorded point
    CheckPoint,
    /// Output of `decay` without files
    Decay,
    /// Output of `decay` with files
    DecayActs,
    /// Output of `journey`
    Journey,
    /// Output of `uplift`
    Uplift,
    /// Output of `recovery`
    Recovery,
    /// Output of `recovery` with `--by`
    RecoveryBy,
    /// Output of `next`
    Next,
    /// Output of `calibrate`
    Calibrate,
    /// Output of `import` where it inspects an export
    Inspection,
    /// Output of `levels`: the rules in force
    Rules,
    /// Output of `levels` with a word
    Word,
}
