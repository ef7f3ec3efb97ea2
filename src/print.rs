//! Reports as bytes: one value, one way of printing per format.

pub(crate) mod bars;
pub(crate) mod briefs;
pub(crate) mod cells;
pub(crate) mod next;
pub(crate) mod page;
pub(crate) mod ratings;
pub(crate) mod table;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::args::Format;
use crate::output::Output;
use crate::settings::Look;
use cells::Cells;

/// Rows of a format other than table and csv as bytes, made by whoever has them.
pub(crate) struct Lines {
    format: Format,
    cells: Cells,
    bytes: Vec<u8>,
    count: u64,
}

impl Lines {
    /// No rows yet. `None` for formats whose rows are made where they are printed.
    pub(crate) fn new(look: Look) -> Option<Self> {
        let (format, cells, bytes) = (look.format, Cells::new(look.escape_formulas), Vec::new());
        let elsewhere = !matches!(format, Format::Table | Format::Csv);
        elsewhere.then_some(Self { format, cells, bytes, count: 0 })
    }

    /// Rows of tsv that are bytes already.
    pub(crate) fn of_tsv(bytes: Vec<u8>, count: u64) -> Self {
        Self { format: Format::Tsv, cells: Cells::default(), bytes, count }
    }

    /// Adds a row. In json each begins with what ends the one before.
    pub(crate) fn row<T: Serialize>(&mut self, row: &T) -> Result<()> {
        self.count += 1;
        match self.format {
            Format::Json => {
                self.bytes.extend_from_slice(NEXT);
                serde_json::to_writer(&mut self.bytes, row)?;
            }
            Format::Jsonl => {
                serde_json::to_writer(&mut self.bytes, row)?;
                self.bytes.push(b'\n');
            }
            Format::Tsv => {
                self.cells.fill(row)?;
                tsv_line(&mut self.bytes, self.cells.iter(), is_plain(self.cells.text()));
            }
            Format::Table | Format::Csv => {}
        }
        Ok(())
    }

    /// What names the columns of a row: nothing in formats where rows name them.
    fn heading<T: Serialize>(&self, row: &T) -> Result<Vec<u8>> {
        let mut line = Vec::new();
        match self.format {
            Format::Tsv => tsv_line(&mut line, Cells::names(row)?.iter().map(String::as_bytes), false),
            Format::Json | Format::Jsonl | Format::Table | Format::Csv => {}
        }
        Ok(line)
    }

    /// The bytes of the rows; `first` says that no row has been printed before.
    fn bytes(&mut self, first: bool) -> &[u8] {
        if first && self.format == Format::Json {
            self.bytes[..FIRST.len()].copy_from_slice(FIRST);
        }
        &self.bytes
    }
}

/// What stands before the first row of a json list.
const FIRST: &[u8; 2] = b"[\n";

/// What stands before any other.
const NEXT: &[u8; 2] = b",\n";

/// Rows in a machine format, one after the other.
pub(crate) struct Rows {
    look: Look,
    sink: Sink,
    cells: Cells,
    count: u64,
}

enum Sink {
    Csv(Box<csv::Writer<Output>>),
    Plain(Output, Box<Lines>),
}

impl Rows {
    /// Prints rows in a format other than [`Format::Table`].
    pub(crate) fn new(look: Look, output: Output) -> Self {
        let sink = match Lines::new(look) {
            Some(lines) => Sink::Plain(output, Box::new(lines)),
            None => Sink::Csv(Box::new(csv::WriterBuilder::new().flexible(true).from_writer(output))),
        };
        Self { look, sink, cells: Cells::new(look.escape_formulas), count: 0 }
    }

    /// Whether the reader has gone away.
    pub(crate) fn gone(&self) -> bool {
        match &self.sink {
            Sink::Csv(writer) => writer.get_ref().gone(),
            Sink::Plain(output, _) => output.gone(),
        }
    }

    /// Rows of the same look, where they can be made apart from being printed.
    pub(crate) const fn lines(&self) -> Option<Look> {
        match &self.sink {
            Sink::Plain(..) => Some(self.look),
            Sink::Csv(_) => None,
        }
    }

    /// How many rows have been printed.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// Prints one row.
    pub(crate) fn row<T: Serialize>(&mut self, row: &T) -> Result<()> {
        if self.count == 0 {
            self.open(row)?;
        }
        match &mut self.sink {
            Sink::Csv(writer) => {
                self.cells.fill(row)?;
                writer.write_record(self.cells.iter())?;
            }
            Sink::Plain(output, lines) => {
                lines.row(row)?;
                output.put(lines.bytes(self.count == 0))?;
                lines.bytes.clear();
            }
        }
        self.count += 1;
        Ok(())
    }

    /// Prints rows that were made elsewhere. `sample` shows the columns.
    pub(crate) fn append<T: Serialize>(&mut self, mut made: Lines, sample: &T) -> Result<()> {
        if made.count == 0 {
            return Ok(());
        }
        if self.count == 0 {
            self.open(sample)?;
        }
        if let Sink::Plain(output, _) = &mut self.sink {
            output.put(made.bytes(self.count == 0))?;
        }
        self.count += made.count;
        Ok(())
    }

    /// Prints the line of column names, where the format has one.
    fn open<T: Serialize>(&mut self, row: &T) -> Result<()> {
        if !self.look.header {
            return Ok(());
        }
        match &mut self.sink {
            Sink::Csv(writer) => Ok(writer.write_record(Cells::names(row)?)?),
            Sink::Plain(output, lines) => output.put(&lines.heading(row)?),
        }
    }

    /// Hands on what has been printed so far.
    pub(crate) fn flush(&mut self) -> Result<()> {
        match &mut self.sink {
            Sink::Csv(writer) => writer.flush().context("printing"),
            Sink::Plain(output, _) => output.flush_now(),
        }
    }

    /// Completes the output. `sample` shows the columns where there was no row.
    pub(crate) fn close<T: Serialize>(mut self, sample: &T) -> Result<()> {
        if self.count == 0 {
            self.open(sample)?;
        }
        let mut output = match self.sink {
            Sink::Csv(writer) => writer.into_inner().map_err(csv::IntoInnerError::into_error)?,
            Sink::Plain(output, _) => output,
        };
        if self.look.format == Format::Json {
            output.put(if self.count == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        output.finish()
    }
}

/// Adds one line of tsv, escaped as jq's @tsv does; `plain` says that nothing needs it.
fn tsv_line<'a>(line: &mut Vec<u8>, cells: impl Iterator<Item = &'a [u8]>, plain: bool) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            line.push(b'\t');
        }
        if plain {
            line.extend_from_slice(cell);
        } else {
            escape(line, cell);
        }
    }
    line.push(b'\n');
}

/// Adds a cell of tsv, escaped.
fn escape(line: &mut Vec<u8>, cell: &[u8]) {
    for &byte in cell {
        match byte {
            b'\t' => line.extend_from_slice(b"\\t"),
            b'\n' => line.extend_from_slice(b"\\n"),
            b'\r' => line.extend_from_slice(b"\\r"),
            b'\\' => line.extend_from_slice(b"\\\\"),
            byte => line.push(byte),
        }
    }
}

/// Whether no byte of these needs escaping in tsv.
fn is_plain(text: &[u8]) -> bool {
    // without a way out, the loop looks at many bytes at once
    !text.iter().fold(false, |odd, byte| odd | matches!(byte, b'\t' | b'\n' | b'\r' | b'\\'))
}

/// Prints a report: as one JSON document, or its list of rows in the other machine formats.
pub(crate) fn document<D: Serialize, R: Serialize>(
    look: Look,
    mut output: Output,
    document: &D,
    rows: &[R],
    sample: &R,
) -> Result<()> {
    if look.format == Format::Json {
        let mut text = serde_json::to_vec_pretty(document)?;
        text.push(b'\n');
        output.put(&text)?;
        return output.finish();
    }
    let mut printed = Rows::new(look, output);
    for row in rows {
        printed.row(row)?;
    }
    printed.close(sample)
}

#[cfg(test)]
mod tests {
    use super::{is_plain, tsv_line};

    #[test]
    fn tsv_escapes_what_would_break_a_line() {
        let mut line = Vec::new();
        assert!(is_plain(b"a b") && !is_plain(b"a\tb") && !is_plain(b"\r") && !is_plain(b"\\"));
        tsv_line(&mut line, [&b"a\tb"[..], b"c\\d\r\n", b""].into_iter(), false);
        assert_eq!(String::from_utf8_lossy(&line), "a\\tb\tc\\\\d\\r\\n\t\n");
    }
}
