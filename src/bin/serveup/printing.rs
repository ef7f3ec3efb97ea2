//! Writes results: a table for people, or a document of rows.

use std::io;

use anyhow::Result;
use serde::Serialize;
use serveup::LevelWording;
use serveup::print::{Format, OutputStyle, document};

use crate::args::Print;
use crate::output::Output;

/// Prints a report: in words for people, else as a document or its rows.
pub(crate) fn report<D: Serialize, R: Serialize, S: Serialize>(
    print: &Print,
    style: OutputStyle,
    in_words: impl FnOnce() -> String,
    report: &D,
    rows: impl IntoIterator<Item = R>,
    sample: &S,
) -> Result<()> {
    let mut output = Output::open(print.output.as_deref())?;
    if style.format == Format::Table {
        output.put(in_words().as_bytes())?;
        return output.finish();
    }
    document(style, output, report, rows, sample).map_err(unprinted)?.finish()
}

/// How what explains a rating calls the levels: for people by their labels.
pub(crate) const fn wording(format: Format) -> LevelWording {
    match format {
        Format::Table | Format::Md => LevelWording::Labels,
        Format::Tsv | Format::Csv | Format::Json | Format::Jsonl => LevelWording::Names,
    }
}

/// The error of the output that kept results from being printed.
pub(crate) fn unprinted(error: io::Error) -> anyhow::Error {
    match error.downcast::<crate::output::Unwritten>() {
        Ok(unwritten) => unwritten.into(),
        Err(error) => anyhow::Error::new(error).context("cannot print"),
    }
}
