//! What several commands have in common.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ValueEnum, ValueHint};
use serveup::assess::Dimension;
use serveup::{Calendar, DateFormat, Level};

use super::export::ExportArgs;
use super::form::FormArgs;
use super::values;

/// What `--as-of` does where records are looked at as of an instant.
pub(super) const LOOK_FROM: &str = "Look from this instant, or the end of this date or period (2026-02, 2026-Q1); \
    later records are ignored [default: latest time in the records]";

/// How the levels file is found.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// Change the shipped rules with a levels file of your own
    // a variable that is set to nothing is as good as not set, so an empty path is let through
    #[arg(
        long,
        value_name = "FILE",
        env = "SERVEUP_LEVELS",
        hide_env_values = true,
        value_hint = ValueHint::FilePath,
        value_parser = OsStringValueParser::new().map(PathBuf::from)
    )]
    pub(crate) levels: Option<PathBuf>,
}

/// Which part of time is reported.
#[derive(Debug, clap::Args)]
pub(crate) struct Bounds {
    /// Report from this date, instant or period on (2026-02-14, 2026-02, 2026-Q1, 2026-W05, 2026); earlier
    /// records still count as history
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<String>,
    /// Report through the end of this date or period, or before this instant; later records are ignored
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<String>,
}

/// How records are read.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct Reads {
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Read recipients, with what they prefer and value, from FILE (JSON, or a table with a column `id`)
    #[arg(long, value_name = "FILE")]
    pub(crate) recipients: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) form: FormArgs,
    #[command(flatten)]
    pub(crate) export: ExportArgs,
    /// Time zone of dates, and of times without an offset, like Europe/Berlin [default: UTC for dates]
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
    /// Also accept dates in this format, like '%d/%m/%Y %H:%M'; repeatable, the first that fits is used
    #[arg(long, value_name = "FORMAT")]
    pub(crate) date_format: Vec<DateFormat>,
    #[command(flatten)]
    pub(crate) bounds: Bounds,
    /// Judge what is still open in an export as of this instant, or the end of this date or period [default: latest time in the export]
    #[arg(long, value_name = "WHEN")]
    pub(crate) as_of: Option<String>,
    /// Skip records that cannot be read; they are listed and counted
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Write the skipped records to FILE, unchanged
    #[arg(long, value_name = "FILE", requires = "keep_going")]
    pub(crate) rejects: Option<PathBuf>,
    /// Treat unknown fields, and recoveries of unknown failures, as errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// Number of threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = values::threads, allow_negative_numbers = true)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Suppress notes
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl Reads {
    /// The first flag given that means something only where records are read.
    pub(crate) fn for_records(&self) -> Option<&'static str> {
        let given = [
            (self.recipients.is_some(), "--recipients"),
            (!self.date_format.is_empty(), "--date-format"),
            (self.bounds.since.is_some(), "--since"),
            (self.bounds.until.is_some(), "--until"),
            (self.as_of.is_some(), "--as-of"),
            (self.keep_going, "--keep-going"),
            (self.strict, "--strict"),
        ];
        given
            .into_iter()
            .find(|(given, _)| *given)
            .map(|(_, flag)| flag)
            .or_else(|| self.form.given())
            .or_else(|| self.export.given())
    }
}

/// How results are printed.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Printing")]
pub(crate) struct Print {
    /// Output format [default: by the ending of --output, else table on a terminal, tsv in a pipe]
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// When to colour tables
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Omit the line of column names
    #[arg(long)]
    pub(crate) no_header: bool,
    /// In tsv and csv, put ' before texts that a spreadsheet would run as formulas
    #[arg(long)]
    pub(crate) escape_formulas: bool,
    /// Write to FILE; nothing is left behind if it fails
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns, for people
    Table,
    /// Tab-separated values
    Tsv,
    /// Comma-separated values
    Csv,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// A table in Markdown, for chats and job summaries
    Md,
}

impl Format {
    /// The format that the ending of a file's name says.
    pub(crate) fn by_ending(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "md" => Some(Self::Md),
            "tsv" => Some(Self::Tsv),
            "txt" => Some(Self::Table),
            _ => None,
        }
    }

    /// Refuses the ending of what is not written, such as a workbook: whoever opens it would find something else.
    pub(crate) fn check_ending(path: &Path) -> Result<()> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        let advice = match ending.as_str() {
            "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => "name a file that ends in .csv, which spreadsheets open",
            "html" | "htm" => "for a page run serveup report; else name a file that ends in .csv, .json or .txt",
            "gz" | "zst" | "zip" => "compress the output: serveup … | gzip > FILE.gz",
            "pdf" | "docx" | "parquet" => "name a file that ends in .csv, .json or .txt",
            _ => return Ok(()),
        };
        bail!("--output: cannot write .{ending} files; {advice}")
    }
}

impl From<Format> for serveup::print::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Table => Self::Table,
            Format::Tsv => Self::Tsv,
            Format::Csv => Self::Csv,
            Format::Json => Self::Json,
            Format::Jsonl => Self::Jsonl,
            Format::Md => Self::Md,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// If printing to a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Gates, for scripts.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Gates")]
pub(crate) struct GateArgs {
    /// Exit with 1 if an interaction is below LEVEL; acts that have only slid do not count
    #[arg(long, value_name = "LEVEL", value_parser = values::level())]
    pub(crate) fail_below: Option<Level>,
    /// Exit with 1 if an interaction is a failure
    #[arg(long)]
    pub(crate) fail_on_failure: bool,
}

/// What moments are grouped by.
#[derive(Debug, clap::Args)]
pub(crate) struct ByArgs {
    /// Group by these dimensions, separated by commas
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', default_value = "point", value_parser = values::dimension())]
    by: Vec<Dimension>,
}

impl ByArgs {
    /// The dimensions, each once: a key has one member for each.
    pub(crate) fn dimensions(&self) -> Vec<Dimension> {
        each_once(&self.by)
    }
}

/// What is asked for, in that order, each once.
pub(crate) fn each_once<T: Clone + PartialEq>(asked: &[T]) -> Vec<T> {
    let mut each = Vec::new();
    for one in asked {
        if !each.contains(one) {
            each.push(one.clone());
        }
    }
    each
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PeriodArg {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl From<PeriodArg> for Calendar {
    fn from(period: PeriodArg) -> Self {
        match period {
            PeriodArg::Day => Self::Day,
            PeriodArg::Week => Self::Week,
            PeriodArg::Month => Self::Month,
            PeriodArg::Quarter => Self::Quarter,
            PeriodArg::Year => Self::Year,
        }
    }
}
