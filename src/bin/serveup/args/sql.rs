//! `serveup sql`.

use std::path::PathBuf;

use clap::ValueEnum;
use serveup::assess::Dimension;

use super::common::Rules;
use super::values;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  serveup sql --dialect duckdb
  serveup sql --dialect spark --table lake.service.interactions
  serveup sql --dialect duckdb --recipients-table recipients --ddl
  serveup sql --dialect duckdb --report journey --by channel,stage

The query reads a table of interactions, and one of recipients if you name it, and
returns id, level, rank, assessed, evidence, standing, next, reason and failure, the
same as `serveup rate`; with --report journey it returns the groups, the same as
`serveup journey -f jsonl`. docs/sql.md shows every step with DuckDB and Spark.")]
pub(crate) struct SqlArgs {
    /// Engine to run the query on
    #[arg(long, value_name = "DIALECT")]
    pub(crate) dialect: DialectArg,
    /// Table of interactions, like catalog.schema.name
    #[arg(long, value_name = "NAME", default_value = "interactions")]
    pub(crate) table: String,
    /// Table of recipients, with what they prefer and value
    #[arg(long, value_name = "NAME")]
    pub(crate) recipients_table: Option<String>,
    /// Print the statements that create the tables instead
    #[arg(long)]
    pub(crate) ddl: bool,
    /// Summarise the ratings by group instead of printing each
    #[arg(long, value_name = "REPORT", conflicts_with = "ddl")]
    pub(crate) report: Option<ReportArg>,
    /// Group the report by DIMENSION, joined by commas
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', default_value = "point", value_parser = values::dimension(), requires = "report")]
    pub(crate) by: Vec<Dimension>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Write to FILE; nothing is left behind if it fails
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// A report that the query can make of the ratings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportArg {
    /// Shares and counts of each group, as `serveup journey`
    Journey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DialectArg {
    /// On one machine
    Duckdb,
    /// On many machines
    Spark,
}
