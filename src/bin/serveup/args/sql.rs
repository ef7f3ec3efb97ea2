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

The query reads one table of interactions, and one of recipients if you name it,
and gives id, level, rank, assessed, evidence, standing, next, reason and failure
as `serveup rate` does; with --report journey the groups as `serveup journey -f
jsonl` does. docs/sql.md shows the whole path with DuckDB and Spark.")]
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
    /// Sums up the ratings by group
    #[arg(long, value_name = "REPORT", conflicts_with = "ddl")]
    pub(crate) report: Option<ReportArg>,
    /// Groups the report by these, joined by commas
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', default_value = "point", value_parser = values::dimension(), requires = "report")]
    pub(crate) by: Vec<Dimension>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Writes to a file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// A report that the query can make of the ratings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportArg {
    /// How each group is experienced
    Journey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DialectArg {
    /// An engine in one process
    Duckdb,
    /// Apache Spark, on many machines
    Spark,
}
