//! Writes results: a table for people, or a document of rows.

use std::io;

use anyhow::Result;
use serde::Serialize;
use serveup::LevelWording;
use serveup::print::{Document, Format, OutputStyle, document};

use crate::args::Print;
use crate::output::Output;

/// How many rows of a long report a thread makes at a time, or so.
pub(crate) const TOGETHER: usize = 512;

/// Prints a report: in words for people, else as a document or its rows.
pub(crate) fn report<D: Serialize, R: Serialize, S: Serialize + Sync>(
    print: &Print,
    style: OutputStyle,
    in_words: impl FnOnce() -> String,
    report: &D,
    rows: impl IntoIterator<Item = R> + Send,
    sample: &S,
) -> Result<()> {
    let whole: Document<'_, D> = Document::Whole(report);
    long_report(print, style, 1, in_words, &whole, std::iter::once(rows), sample)
}

/// The same for a report of many rows, by several threads. The rows come in parts.
pub(crate) fn long_report<D: Serialize, E: Serialize + Sync, R: IntoIterator<Item: Serialize>, S: Serialize + Sync>(
    print: &Print,
    style: OutputStyle,
    threads: usize,
    in_words: impl FnOnce() -> String,
    report: &Document<'_, D, E>,
    parts: impl IntoIterator<Item = R, IntoIter: Send>,
    sample: &S,
) -> Result<()> {
    let mut output = Output::open(print.output.as_deref())?;
    if style.format == Format::Table {
        output.put(in_words().as_bytes())?;
        return output.finish();
    }
    document(style, threads, output, report, parts, sample).map_err(unprinted)?.finish()
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
