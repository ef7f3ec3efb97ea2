//! Rows in the machine formats: made in chunks, on any thread, and printed in order.

use std::io::{self, Write};

use comfy_table::Table;
use serde::Serialize;

use super::cells::Cells;
use super::{Format, OutputStyle, Widths, markdown};
use crate::level::Level;
use crate::rating::escalator::Assessment;
use crate::rating::row::Rating;
use crate::rating::why::gap;
use crate::record::packed::RowParts;

/// Some rows as bytes, made by the caller that has them.
pub struct Chunk {
    style: OutputStyle,
    cells: Cells,
    bytes: Vec<u8>,
    /// What writes the rows of csv.
    csv: Option<Box<csv::Writer<Vec<u8>>>>,
    /// The lines of a table, and how wide they are.
    table: Option<Box<(Widths, Table)>>,
    count: u64,
}

impl Chunk {
    /// No rows yet.
    #[must_use]
    pub fn new(style: OutputStyle) -> Self {
        let csv = (style.format == Format::Csv).then(|| Box::new(csv_writer()));
        let bytes = Vec::with_capacity(ROOM);
        Self { style, cells: Cells::new(style), bytes, csv, table: None, count: 0 }
    }

    /// The same for a table of these widths.
    #[must_use]
    pub fn with_widths(self, widths: Option<&Widths>) -> Self {
        let table = widths.map(|widths| Box::new((widths.clone(), Widths::table(self.style))));
        Self { table, ..self }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// A value that has no form as a row.
    pub fn row<T: Serialize>(&mut self, row: &T) -> io::Result<()> {
        self.count += 1;
        match self.style.format {
            Format::Json => {
                self.bytes.extend_from_slice(NEXT);
                serde_json::to_writer(&mut self.bytes, row)?;
            }
            Format::Jsonl => {
                serde_json::to_writer(&mut self.bytes, row)?;
                self.bytes.push(b'\n');
            }
            Format::Md => {
                self.cells.fill(row).map_err(io::Error::other)?;
                markdown::line(&mut self.bytes, self.cells.iter());
            }
            Format::Tsv | Format::Csv | Format::Table => {
                self.cells.fill(row).map_err(io::Error::other)?;
                match (&mut self.csv, &mut self.table) {
                    (Some(csv), _) => csv.write_record(self.cells.iter())?,
                    (None, Some(table)) => table.0.add(&mut table.1, self.cells.iter()),
                    (None, None) => tsv_line(&mut self.bytes, self.cells.iter(), is_plain(self.cells.text())),
                }
            }
        }
        Ok(())
    }

    /// Adds the row of a rating that is not explained; `plain` says that no text of its record
    /// holds a backslash or a control character. The same as [`Chunk::row`] of the rating, but
    /// faster for tsv, whose rows are the most that is printed.
    ///
    /// # Errors
    /// As [`Chunk::row`].
    pub fn brief(&mut self, parts: &RowParts<'_>, assessment: &Assessment, plain: bool) -> io::Result<()> {
        if self.style.format != Format::Tsv || self.style.escape_formulas {
            return self.row(&Rating { outline: parts.to_row(), assessment: *assessment, details: None });
        }
        self.count += 1;
        let row = &mut self.bytes;
        let cell = |row: &mut Vec<u8>, text: Option<&str>| {
            let text = text.unwrap_or_default().as_bytes();
            if plain || is_plain(text) { row.extend_from_slice(text) } else { escape(row, text) }
        };
        for text in [parts.id, parts.at, parts.recipient] {
            cell(row, text);
            row.push(b'\t');
        }
        for above in [parts.journey, parts.transaction].into_iter().flatten() {
            cell(row, Some(above));
            row.push(b'/');
        }
        cell(row, Some(parts.point));
        row.push(b'\t');
        cell(row, parts.action);
        let Assessment { level, assessed, evidence, standing, next, reason, failure, .. } = *assessment;
        let name = |level: Option<Level>| level.map_or("", Level::name);
        row.push(b'\t');
        row.extend_from_slice(level.name().as_bytes());
        row.extend_from_slice(&[b'\t', b'0' + level.rank()]);
        let failed = if failure { "true" } else { "false" };
        let names = [assessed.name(), evidence.name(), name(standing), name(next), reason.name(), failed];
        for text in names.into_iter().chain([name(parts.claimed)]) {
            row.push(b'\t');
            row.extend_from_slice(text.as_bytes());
        }
        row.push(b'\t');
        if let Some(gap) = parts.claimed.map(|claimed| gap(claimed, level)) {
            if gap < 0 {
                row.push(b'-');
            }
            row.push(b'0' + gap.unsigned_abs());
        }
        row.push(b'\n');
        Ok(())
    }

    /// The bytes of the rows; `first` says that no row has been printed before.
    fn into_bytes(mut self, first: bool) -> io::Result<Vec<u8>> {
        if let Some(csv) = self.csv {
            return csv.into_inner().map_err(csv::IntoInnerError::into_error);
        }
        if let Some(table) = self.table.filter(|_| self.count > 0) {
            return Ok(table.0.close(table.1).into_bytes());
        }
        // in json each row begins with what ends the one before
        if first && self.style.format == Format::Json && self.count > 0 {
            self.bytes[..FIRST.len()].copy_from_slice(FIRST);
        }
        Ok(self.bytes)
    }
}

/// How many bytes rows that are made together usually take.
const ROOM: usize = 1 << 17;

/// What comes before the first row of a json list.
const FIRST: &[u8; 2] = b"[\n";

/// What comes before any other.
const NEXT: &[u8; 2] = b",\n";

/// Rows in a machine format, one after the other.
pub struct Rows<W: Write> {
    style: OutputStyle,
    widths: Option<Widths>,
    to: W,
    count: u64,
}

impl<W: Write> Rows<W> {
    /// Prints rows in a format other than [`Format::Table`], which needs widths.
    pub const fn new(style: OutputStyle, to: W) -> Self {
        Self { style, widths: None, to, count: 0 }
    }

    /// The same for a table of these widths.
    #[must_use]
    pub fn with_widths(self, widths: Option<Widths>) -> Self {
        Self { widths, ..self }
    }

    /// Where they are printed to.
    pub const fn get_ref(&self) -> &W {
        &self.to
    }

    /// The same, to be changed.
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.to
    }

    /// How many rows have been printed.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Prints rows that were made elsewhere. `sample` shows the columns.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn append<T: Serialize>(&mut self, chunk: Chunk, sample: &T) -> io::Result<()> {
        if chunk.count == 0 {
            return Ok(());
        }
        if self.count == 0 {
            self.open(sample)?;
        }
        let count = chunk.count;
        self.to.write_all(&chunk.into_bytes(self.count == 0)?)?;
        self.count += count;
        Ok(())
    }

    /// Prints the line of column names, where the format has one.
    fn open<T: Serialize>(&mut self, row: &T) -> io::Result<()> {
        // without a line of names there is no table in Markdown
        let header = self.style.header || self.style.format == Format::Md;
        if !header || matches!(self.style.format, Format::Json | Format::Jsonl) {
            return Ok(());
        }
        let names = Cells::names(row).map_err(io::Error::other)?;
        let mut heading = Vec::new();
        if self.style.format == Format::Md {
            markdown::line(&mut heading, names.iter().map(String::as_bytes));
            markdown::rule(&mut heading, names.len());
        } else if let Some(widths) = &self.widths {
            heading = widths.heading(&names, self.style).into_bytes();
        } else if self.style.format == Format::Csv {
            let mut csv = csv_writer();
            csv.write_record(names)?;
            heading = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
        } else {
            tsv_line(&mut heading, names.iter().map(String::as_bytes), false);
        }
        self.to.write_all(&heading)
    }

    /// Completes what is printed, and gives the writer back. `sample` shows the columns where there was no row.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn close<T: Serialize>(mut self, sample: &T) -> io::Result<W> {
        if self.count == 0 {
            self.open(sample)?;
        }
        if self.style.format == Format::Json {
            self.to.write_all(if self.count == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        Ok(self.to)
    }
}

fn csv_writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().flexible(true).from_writer(Vec::new())
}

/// Adds one line of tsv; `plain` says that nothing in it needs escaping.
fn tsv_line<'a>(bytes: &mut Vec<u8>, cells: impl Iterator<Item = &'a [u8]>, plain: bool) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            bytes.push(b'\t');
        }
        if plain {
            bytes.extend_from_slice(cell);
        } else {
            escape(bytes, cell);
        }
    }
    bytes.push(b'\n');
}

/// Adds a cell of tsv, escaped as jq's @tsv does.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tsv_escapes_what_would_break_a_line() {
        let mut bytes = Vec::new();
        assert!(is_plain(b"a b") && !is_plain(b"a\tb") && !is_plain(b"\r") && !is_plain(b"\\"));
        tsv_line(&mut bytes, [&b"a\tb"[..], b"c\\d\r\n", b""].into_iter(), false);
        assert_eq!(String::from_utf8_lossy(&bytes), "a\\tb\tc\\\\d\\r\\n\t\n");
    }

    #[test]
    fn the_fast_row_is_the_row() {
        use crate::Model;
        let model = Model::shipped();
        let style = OutputStyle { format: Format::Tsv, header: true, escape_formulas: false, color: false, width: 80 };
        let blank = Rating::blank(&model, false);
        for text in [None, Some(""), Some("plain"), Some("a\tb\\ \r\n é")] {
            for claimed in [None, Some(Level::Criminal), Some(Level::Unbelievable)] {
                for level in Level::ALL {
                    let (id, at, recipient, action) = (text, text, text, text);
                    let (journey, transaction, point) = (text, text, text.unwrap_or_default());
                    let parts = RowParts { id, at, recipient, journey, transaction, point, action, claimed };
                    let next = Some(level).filter(|level| *level > Level::Basic);
                    let failure = level == Level::Criminal;
                    let assessment = Assessment { level, assessed: level.below(), next, failure, ..blank.assessment };
                    let rating = Rating { outline: parts.to_row(), assessment, details: None };
                    let (mut fast, mut full) = (Chunk::new(style), Chunk::new(style));
                    fast.brief(&parts, &assessment, false).expect("a row");
                    full.row(&rating).expect("a row");
                    assert_eq!(String::from_utf8_lossy(&fast.bytes), String::from_utf8_lossy(&full.bytes));
                }
            }
        }
    }
}
