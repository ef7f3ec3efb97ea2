//! A CSV source as rows of cells, with the place of each.

use csv_core::{ReadRecordResult, ReaderBuilder};

use super::MARK;
use super::Result;
use super::blocks::Blocks;
use super::quotes::{Misquoted, Quotes, walk_cells};
use super::record_error::{Position, RecordError};
use crate::wording::count;

/// Reads a CSV source row by row. The first row is the header.
pub(crate) struct Sheet {
    blocks: Blocks,
    delimiter: u8,
    parser: Box<csv_core::Reader>,
    names: Vec<String>,
    header: Vec<u8>,
    row: Row,
    length: usize,
    /// What is wrong with the quotes of the current row.
    misquoted: Option<RecordError>,
    /// What was wrong with the last row whose quotes went beyond its line, and how far into the
    /// source they went: up to there, every line starts inside of quotes.
    stray: Option<(u64, RecordError)>,
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

    /// Feeds bytes to the parser, none at the end of the source, until it needs more of them or the row is whole.
    fn feed(&mut self, parser: &mut csv_core::Reader, mut bytes: &[u8], fed: &mut Fed) -> ReadRecordResult {
        loop {
            if self.cells.len() == fed.written {
                self.cells.resize((fed.written * 2).max(1024), 0);
            }
            if self.ends.len() == fed.ends {
                self.ends.resize((fed.ends * 2).max(64), 0);
            }
            let (cells, ends) = (&mut self.cells[fed.written..], &mut self.ends[fed.ends..]);
            let (result, read, written, ended) = parser.read_record(bytes, cells, ends);
            fed.used += read;
            fed.written += written;
            fed.ends += ended;
            bytes = &bytes[read..];
            self.count = fed.ends;
            if !matches!(result, ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull) {
                return result;
            }
        }
    }

    fn texts(&self) -> Vec<String> {
        (0..self.count).map(|cell| String::from_utf8_lossy(self.cell(cell)).into_owned()).collect()
    }
}

/// How much of a row has been fed to the parser, and what it made of that.
#[derive(Default)]
struct Fed {
    used: usize,
    written: usize,
    ends: usize,
}

impl Sheet {
    /// The cells of the header, if it were separated so; nothing is consumed.
    pub(crate) fn header_of(blocks: &mut Blocks, delimiter: u8) -> Result<Vec<String>> {
        let mut header = Row::default();
        read_header(&mut parser(delimiter), blocks, &mut header)?;
        Ok(header.texts())
    }

    /// How many cells each of the first rows has, if it were separated so; nothing is consumed.
    #[cfg(feature = "import")]
    pub(crate) fn widths_of(blocks: &mut Blocks, delimiter: u8, rows: usize) -> Result<Vec<usize>> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(blocks.peek_lines(rows, super::blocks::START)?);
        Ok(reader.byte_records().take(rows).map_while(std::result::Result::ok).map(|row| row.len()).collect())
    }

    /// A sheet whose header is at the start of the window.
    pub(crate) fn new(mut blocks: Blocks, delimiter: u8) -> Result<Self> {
        let (mut parser, mut row) = (Box::new(parser(delimiter)), Row::default());
        let length = read_header(&mut parser, &mut blocks, &mut row)?;
        let (header, names) = (blocks.window()[..length].to_vec(), row.texts());
        blocks.advance(length);
        Ok(Self { blocks, delimiter, parser, names, header, row, length: 0, misquoted: None, stray: None })
    }

    pub(crate) const fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// The header as written in the file.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header
    }

    /// What is wrong with the quotes of the header.
    pub(crate) fn header_fault(&self) -> Option<RecordError> {
        let Err(Misquoted { at, message }) = walk_cells(&self.header, self.delimiter, |_| {}) else { return None };
        let before = String::from_utf8_lossy(&self.header[..at]).into_owned();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let place = Position { line: 1 + before.matches('\n').count() as u64, column: 1 + line.chars().count() as u64 };
        Some(RecordError::new(place, message))
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
    pub(crate) fn position(&self) -> Position {
        self.blocks.position_of(self.lead())
    }

    /// How many line breaks are before the current row.
    fn lead(&self) -> usize {
        self.raw().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
    }

    /// Goes to the next row; blank lines are no rows. False at the end.
    ///
    /// A row is read line by line, so that a stray quote is found where it shows and not at the end
    /// of the file that it would swallow.
    pub(crate) fn next(&mut self) -> Result<bool> {
        self.blocks.advance(self.length);
        self.length = 0;
        self.misquoted = None;
        self.skip_mark()?;
        let (mut fed, mut quotes, mut walked) = (Fed::default(), Quotes::new(self.delimiter), 0);
        let mut of_line = None;
        loop {
            if fed.used == self.blocks.window().len() && !self.blocks.ended() {
                self.blocks.more()?;
            }
            let rest = &self.blocks.window()[fed.used..];
            let line = &rest[..memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1)];
            let result = self.row.feed(&mut self.parser, line, &mut fed);
            self.length = fed.used;
            if result == ReadRecordResult::End {
                return Ok(false);
            }
            let whole = result == ReadRecordResult::Record;
            if !whole || walked > 0 || memchr::memchr(b'"', self.raw()).is_some() {
                let read = self.raw()[walked..].iter().try_for_each(|&byte| {
                    quotes.step(walked, byte)?;
                    walked += 1;
                    Ok(())
                });
                if let Err(Misquoted { at, message }) = read.and_then(|()| if whole { quotes.end() } else { Ok(()) }) {
                    let fault = RecordError::new(self.blocks.position_of(at), message);
                    self.stray = Some((self.blocks.offset() + walked as u64, fault.clone()));
                    self.end_with_line(fault, of_line);
                    return Ok(true);
                }
            }
            if whole {
                return Ok(true);
            }
            if quotes.is_ahead() {
                self.blocks.advance(fed.used);
                (fed, walked) = (Fed::default(), 0);
            } else if quotes.is_quoted() && self.raw().ends_with(b"\n") {
                of_line.get_or_insert(fed.ends);
                // where another row was inside of quotes as well, all that follows is as it was there
                let reached = self.blocks.offset() + fed.used as u64;
                if let Some((_, fault)) = self.stray.clone().filter(|(until, _)| reached <= *until) {
                    self.end_with_line(fault, of_line);
                    return Ok(true);
                }
            }
        }
    }

    /// Makes the first line the current row, as its quotes are wrong and would swallow the lines that
    /// follow; `cells` is how many cells end in it, if there are more lines.
    fn end_with_line(&mut self, fault: RecordError, cells: Option<usize>) {
        let lead = self.lead();
        self.length = memchr::memchr(b'\n', &self.raw()[lead..]).map_or(self.length, |end| lead + end + 1);
        self.row.count = cells.unwrap_or(self.row.count);
        self.parser.reset();
        self.misquoted = Some(fault);
    }

    /// Consumes a byte order mark before the next row, as where files were joined, with the line breaks
    /// before it: it is no part of the first cell, and a quote behind it opens that cell.
    fn skip_mark(&mut self) -> Result<()> {
        loop {
            let rest = self.blocks.window();
            let lead = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let rest = &rest[lead..];
            if rest.starts_with(MARK) {
                self.blocks.advance(lead);
                super::skip_mark(&mut self.blocks)?;
            } else if !MARK.starts_with(rest) || !self.blocks.more()? {
                return Ok(());
            }
        }
    }

    /// Whether nothing but white space follows the current row.
    #[cfg(feature = "import")]
    pub(crate) fn is_last(&mut self) -> Result<bool> {
        let mut seen = self.length;
        loop {
            if self.blocks.window()[seen..].iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Ok(false);
            }
            seen = self.blocks.window().len();
            if !self.blocks.more()? {
                return Ok(true);
            }
        }
    }

    /// Whether the quotes of the current row are wrong.
    #[cfg(feature = "import")]
    pub(crate) const fn is_misquoted(&self) -> bool {
        self.misquoted.is_some()
    }

    /// What is wrong with the current row as such: its quotes, or its number of cells.
    pub(crate) fn fault(&self) -> Option<RecordError> {
        if self.misquoted.is_some() {
            return self.misquoted.clone();
        }
        if self.row.count == self.names.len() {
            return None;
        }
        let found = count(self.row.count as u64, "cell");
        let message = format!("found {found}; allowed: {}, as in the header", self.names.len());
        Some(RecordError::new(self.position_of_cell(self.names.len()), message))
    }

    /// How many cells the current row has.
    #[cfg(feature = "import")]
    pub(crate) const fn count(&self) -> usize {
        self.row.count
    }

    /// A cell of the current row, without its quotes; nothing where the row ends before it.
    pub(crate) fn cell(&self, index: usize) -> &[u8] {
        if index < self.row.count { self.row.cell(index) } else { &[] }
    }

    /// The same as text.
    pub(crate) fn text(&self, index: usize) -> Result<&str, RecordError> {
        std::str::from_utf8(self.cell(index))
            .map_err(|_| RecordError::new(self.position_of_cell(index), "not UTF-8; save the file as UTF-8"))
    }

    /// Where a cell of the current row starts, found again in the raw bytes; the
    /// row's end where it has no such cell.
    pub(crate) fn position_of_cell(&self, cell: usize) -> Position {
        let mut starts = Vec::new();
        let _ = walk_cells(self.raw(), self.delimiter, |start| starts.push(start));
        let end = self.raw().trim_ascii_end().len();
        self.blocks.position_of(starts.get(cell).copied().unwrap_or(end))
    }
}

fn parser(delimiter: u8) -> csv_core::Reader {
    ReaderBuilder::new().delimiter(delimiter).build()
}

/// Reads the header from the start of the window and returns how long it is in the window; nothing
/// is consumed.
fn read_header(parser: &mut csv_core::Reader, blocks: &mut Blocks, row: &mut Row) -> Result<usize> {
    let mut fed = Fed::default();
    loop {
        if fed.used == blocks.window().len() && !blocks.ended() {
            blocks.more()?;
        }
        if row.feed(parser, &blocks.window()[fed.used..], &mut fed) != ReadRecordResult::InputEmpty {
            return Ok(fed.used);
        }
    }
}
