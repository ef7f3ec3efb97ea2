//! Writes results: a table for people, or a document of rows.

use std::io;
use std::ops::Range;

use anyhow::Result;
use serde::Serialize;
use serveup::LevelWording;
use serveup::print::{Chunk, Document, Format, InParts, Listed, OutputStyle, document};

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
    long_report(print, style, 1, in_words, &whole, InParts { parts: std::iter::once(rows), rows: each, sample })
}

/// The same for a report of many rows, by several threads.
pub(crate) fn long_report<D: Serialize, L: Listed, P, S: Serialize + Sync>(
    print: &Print,
    style: OutputStyle,
    threads: usize,
    in_words: impl FnOnce() -> String,
    report: &Document<'_, D, L>,
    rows: InParts<'_, impl IntoIterator<Item = P, IntoIter: Send>, impl Fn(P, &mut Chunk) -> io::Result<()> + Sync, S>,
) -> Result<()> {
    let mut output = Output::open(print.output.as_deref())?;
    if style.format == Format::Table {
        output.put(in_words().as_bytes())?;
        return output.finish();
    }
    document(style, threads, output, report, rows).map_err(unprinted)?.finish()
}

/// The rows of a part that holds just those.
pub(crate) fn each(part: impl IntoIterator<Item: Serialize>, chunk: &mut Chunk) -> io::Result<()> {
    part.into_iter().try_for_each(|row| chunk.row(&row))
}

/// The parts of so many elements, so many at a time.
pub(crate) fn parts(length: usize, together: usize) -> impl Iterator<Item = Range<usize>> + Send {
    (0..length).step_by(together).map(move |start| start..length.min(start + together))
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
