//! A CSV source as rows of cells, with the place of each.

use anyhow::Result;
use csv_core::{ReadRecordResult, ReaderBuilder};

use super::blocks::{Blocks, START};
use super::place::{Fault, Place};
use crate::messages::count;

/// Reads a CSV source row by row. The first row is the header.
pub(crate) struct Sheet {
    blocks: Blocks,
    delimiter: u8,
    parser: Box<csv_core::Reader>,
    names: Vec<String>,
    header: Vec<u8>,
    row: Row,
    length: usize,
    /// What is wrong with the quotes of the current row, and how far into it.
    misquoted: Option<Misquoted>,
}

/// The cells of one row, unquoted, one after the other.
#[derive(Default)]
struct Row {
    cells: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
}

impl Row {
    fn cell(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.cells[start..self.ends[index]]
    }

    fn texts(&self) -> Vec<String> {
        (0..self.count).map(|cell| String::from_utf8_lossy(self.cell(cell)).into_owned()).collect()
    }
}

/// A quoted cell that does not end as it should, as an offset into the row.
struct Misquoted {
    at: usize,
    message: &'static str,
}

impl Sheet {
    /// The cells of the header, if it were separated so; nothing is consumed.
    pub(crate) fn header_of(blocks: &mut Blocks, delimiter: u8) -> Result<Vec<String>> {
        let mut header = Row::default();
        read_row(&mut parser(delimiter), blocks, &mut header)?;
        Ok(header.texts())
    }

    /// How many cells each of the first rows has, if it were separated so; nothing is consumed.
    pub(crate) fn widths_of(blocks: &mut Blocks, delimiter: u8, rows: usize) -> Result<Vec<usize>> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(blocks.peek_lines(rows, START)?);
        Ok(reader.byte_records().take(rows).map_while(Result::ok).map(|row| row.len()).collect())
    }

    /// A sheet whose header stands at the start of the window.
    pub(crate) fn new(blocks: Blocks, delimiter: u8) -> Result<Self> {
        let mut sheet = Self {
            blocks,
            delimiter,
            parser: Box::new(parser(delimiter)),
            names: Vec::new(),
            header: Vec::new(),
            row: Row::default(),
            length: 0,
            misquoted: None,
        };
        sheet.restart()?;
        Ok(sheet)
    }

    /// Goes back to before the first row.
    pub(crate) fn rewind(&mut self) -> Result<()> {
        self.blocks.rewind()?;
        super::skip_mark(&mut self.blocks)?;
        self.restart()
    }

    fn restart(&mut self) -> Result<()> {
        self.blocks.skip_blank_lines()?;
        *self.parser = parser(self.delimiter);
        let length = read_row(&mut self.parser, &mut self.blocks, &mut self.row)?.unwrap_or(0);
        self.header = self.blocks.window()[..length].to_vec();
        self.names = self.row.texts();
        self.blocks.advance(length);
        self.length = 0;
        Ok(())
    }

    pub(crate) const fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    pub(crate) const fn blocks_mut(&mut self) -> &mut Blocks {
        &mut self.blocks
    }

    /// The header as it stands in the file.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header
    }

    /// What is wrong with the quotes of the header.
    pub(crate) fn header_fault(&self) -> Option<Fault> {
        let Err(Misquoted { at, message }) = walk_cells(&self.header, self.delimiter, |_| {}) else { return None };
        let before = String::from_utf8_lossy(&self.header[..at]).into_owned();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let place = Place { line: 1 + before.matches('\n').count() as u64, column: 1 + line.chars().count() as u64 };
        Some(Fault::new(place, message))
    }

    /// The cells of the header.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The bytes of the current row.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.blocks.window()[..self.length]
    }

    /// Where the current row starts.
    pub(crate) fn place(&self) -> Place {
        self.blocks.place_of(self.lead())
    }

    /// How many line breaks stand before the current row.
    fn lead(&self) -> usize {
        self.raw().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
    }

    /// Goes to the next row; blank lines are no rows. False at the end.
    pub(crate) fn next(&mut self) -> Result<bool> {
        self.blocks.advance(self.length);
        self.length = 0;
        self.misquoted = None;
        let Some(length) = read_row(&mut self.parser, &mut self.blocks, &mut self.row)? else { return Ok(false) };
        self.length = length;
        let quoted = memchr::memchr(b'"', self.raw()).is_some();
        if let (true, Err(fault)) = (quoted, walk_cells(self.raw(), self.delimiter, |_| {})) {
            // a stray quote would swallow the lines that follow: what is wrong ends with its line
            self.misquoted = Some(fault);
            let lead = self.lead();
            self.length = memchr::memchr(b'\n', &self.raw()[lead..]).map_or(length, |end| lead + end + 1);
            self.parser.reset();
        }
        Ok(true)
    }

    /// Whether nothing but white space follows the current row.
    pub(crate) fn is_last(&mut self) -> Result<bool> {
        loop {
            if self.blocks.window()[self.length..].iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Ok(false);
            }
            if !self.blocks.more()? {
                return Ok(true);
            }
        }
    }

    /// Whether the quotes of the current row are wrong.
    pub(crate) const fn is_misquoted(&self) -> bool {
        self.misquoted.is_some()
    }

    /// What is wrong with the current row as such: its quotes, or its number of cells.
    pub(crate) fn fault(&self) -> Option<Fault> {
        if let Some(Misquoted { at, message }) = self.misquoted {
            return Some(Fault::new(self.blocks.place_of(at), message));
        }
        if self.row.count == self.names.len() {
            return None;
        }
        let found = count(self.row.count as u64, "cell");
        let message = format!("found {found}; allowed: {}, as in the header", self.names.len());
        Some(Fault::new(self.place_of_cell(self.names.len()), message))
    }

    /// How many cells the current row has.
    pub(crate) const fn count(&self) -> usize {
        self.row.count
    }

    /// A cell of the current row, without its quotes; nothing where the row ends before it.
    pub(crate) fn cell(&self, index: usize) -> &[u8] {
        if index < self.row.count { self.row.cell(index) } else { &[] }
    }

    /// The same as text.
    pub(crate) fn text(&self, index: usize) -> Result<&str, Fault> {
        std::str::from_utf8(self.cell(index))
            .map_err(|_| Fault::new(self.place_of_cell(index), "not UTF-8; save the file as UTF-8"))
    }

    /// Where a cell of the current row starts, found again in the raw bytes; the
    /// row's end where it has no such cell.
    pub(crate) fn place_of_cell(&self, cell: usize) -> Place {
        let mut starts = Vec::new();
        let _ = walk_cells(self.raw(), self.delimiter, |start| starts.push(start));
        let end = self.raw().trim_ascii_end().len();
        self.blocks.place_of(starts.get(cell).copied().unwrap_or(end))
    }
}

/// Reads a row and calls `cell` with the offset at which each cell starts. An
/// error if a quoted cell does not end where a cell ends.
fn walk_cells(raw: &[u8], delimiter: u8, mut cell: impl FnMut(usize)) -> Result<(), Misquoted> {
    let lead = raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let (mut quoted, mut at_start) = (false, true);
    let (mut at, mut opened) = (lead, lead);
    cell(lead);
    while let Some(&byte) = raw.get(at) {
        let next = raw.get(at + 1).copied();
        match byte {
            // a quote opens only at the start of a cell; doubled, it stands for itself
            b'"' if quoted && next == Some(b'"') => at += 1,
            b'"' if quoted => {
                if next.is_some_and(|next| next != delimiter && next != b'\r' && next != b'\n') {
                    let message =
                        "found text behind a closing quote; allowed: quotes around a whole cell, doubled inside";
                    return Err(Misquoted { at: opened, message });
                }
                quoted = false;
            }
            b'"' if at_start => (quoted, opened) = (true, at),
            byte if byte == delimiter && !quoted => {
                cell(at + 1);
                (at, at_start) = (at + 1, true);
                continue;
            }
            _ => {}
        }
        (at, at_start) = (at + 1, false);
    }
    if quoted {
        let message = "found a quote that is never closed; the file may have been cut short";
        return Err(Misquoted { at: opened, message });
    }
    Ok(())
}

fn parser(delimiter: u8) -> csv_core::Reader {
    ReaderBuilder::new().delimiter(delimiter).build()
}

/// Reads one row from the start of the window and gives back how long it is in
/// the window; nothing is consumed. `None` at the end.
fn read_row(parser: &mut csv_core::Reader, blocks: &mut Blocks, row: &mut Row) -> Result<Option<usize>> {
    let (mut used, mut written, mut ends) = (0, 0, 0);
    loop {
        if row.cells.len() == written {
            row.cells.resize((written * 2).max(1024), 0);
        }
        if row.ends.len() == ends {
            row.ends.resize((ends * 2).max(64), 0);
        }
        if used == blocks.window().len() && !blocks.ended() {
            blocks.more()?;
        }
        let (result, read, wrote, ended) =
            parser.read_record(&blocks.window()[used..], &mut row.cells[written..], &mut row.ends[ends..]);
        used += read;
        written += wrote;
        ends += ended;
        match result {
            ReadRecordResult::Record => {
                row.count = ends;
                return Ok(Some(used));
            }
            ReadRecordResult::End => {
                row.count = 0;
                return Ok(None);
            }
            ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::walk_cells;

    #[test]
    fn cells_start_where_they_should_and_open_quotes_are_noticed() {
        let starts = |row: &str| {
            let mut starts = Vec::new();
            let walked = walk_cells(row.as_bytes(), b',', |start| starts.push(start));
            walked.map(|()| starts).map_err(|fault| fault.at)
        };
        assert_eq!(starts("a,b,c\n"), Ok(vec![0, 2, 4]));
        assert_eq!(starts("\r\n\"a,\"\"x\",b"), Ok(vec![2, 10]));
        assert_eq!(starts("5\" pipe,b"), Ok(vec![0, 8]));
        assert_eq!(starts("x,\"a,b\n"), Err(2));
        assert_eq!(starts("\"a\"b,c\n"), Err(0));
    }
}
