//! `serveup schema`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::common::Rules;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup schema interaction
  serveup schema interaction --levels my-levels.toml -o interaction.schema.json
  serveup schema journey --row

Schemas are JSON Schema, draft 2020-12. What is printed may gain fields, so the
schemas of results do not refuse unknown ones.")]
pub(crate) struct SchemaArgs {
    /// What is to be described
    #[arg(value_name = "WHAT")]
    pub(crate) what: What,
    /// Describes one line of `-f jsonl`, not the document of `-f json`
    #[arg(long)]
    pub(crate) row: bool,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Writes to a file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// One record, as it goes in; with the signals and kinds of the rules in force
    Interaction,
    /// One recipient, as they go in
    Recipient,
    /// A JSON file of records as a whole
    Records,
    /// A levels file
    Levels,
    /// One row of `rate`
    Rating,
    /// What `check` prints for a moment described by flags
    Check,
    /// What `check` prints for a recorded point
    CheckPoint,
    /// What `decay` prints without files
    Decay,
    /// What `decay` prints with files
    DecayActs,
    /// What `journey` prints
    Journey,
    /// What `uplift` prints
    Uplift,
    /// What `recovery` prints
    Recovery,
    /// What `recovery` prints of groups of failures
    RecoveryBy,
    /// What `next` prints
    Next,
    /// What `calibrate` prints
    Calibrate,
    /// What `import` prints where it inspects an export
    Inspection,
    /// What `levels` prints: the rules in force
    Rules,
}
