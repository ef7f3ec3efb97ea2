//! A table as rows of cells, with the place of each: CSV, or the rows of a sheet of a workbook.

use csv_core::{ReadRecordResult, ReaderBuilder};

use std::sync::Arc;

use super::blocks::Blocks;
use super::error::{Error, ErrorKind, Result};
use super::fast::cells;
use super::header::{Header, RowCells};
pub(crate) use super::quotes::CellPlaces;
use super::quotes::{Misquoted, Quotes, lead, walk_cells};
use super::record_error::{Position, RecordError};
use super::workbook::Grid;
use super::{HOLDS_NUL, MARK, NOT_UTF_8};
use crate::wording::count;

/// The separators a table is tried with; of equals the first is taken.
pub(crate) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many rows are looked at for the separator, and for a header that is not at the top.
pub(crate) const LOOKED_AT: usize = 20;

/// How many cells a row may have: where nothing but separators follows, their places would take more
/// memory than any record.
const MOST_CELLS: usize = 1 << 22;

/// Reads a table row by row. The first row is the header.
pub(crate) struct Sheet {
    blocks: Blocks,
    delimiter: u8,
    parser: Box<csv_core::Reader>,
    header: Header,
    /// The header as written in the file.
    header_raw: Vec<u8>,
    header_at: Position,
    /// How often the header came again.
    headers_again: u64,
    /// Where its rows stand in the sheet of a workbook.
    grid: Option<Arc<Grid>>,
    row: Row,
    /// How many rows were read before the current one, the header included.
    place: usize,
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

    /// Feeds bytes to the parser, none at the end of the source, until it needs more of them, the row is
    /// whole, or it has too many cells ([`ReadRecordResult::OutputEndsFull`]).
    fn feed(&mut self, parser: &mut csv_core::Reader, mut bytes: &[u8], fed: &mut Fed) -> ReadRecordResult {
        loop {
            if self.cells.len() == fed.written {
                self.cells.resize((fed.written * 2).max(1024), 0);
            }
            if self.ends.len() == fed.ends {
                if fed.ends >= MOST_CELLS {
                    return ReadRecordResult::OutputEndsFull;
                }
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
        (0..self.count).map(|cell| String::from_utf8_lossy(self.cell(cell)).trim().to_owned()).collect()
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

    /// The first rows, if they were separated so, each with its line, or its row in a sheet; nothing
    /// is consumed.
    pub(crate) fn rows_of(blocks: &mut Blocks, delimiter: u8, rows: usize) -> Result<Vec<(u64, csv::ByteRecord)>> {
        let (first, grid) = (blocks.line(), blocks.source.grid().map(Arc::clone));
        let start = blocks.peek_lines(rows, super::blocks::START)?;
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.delimiter(delimiter).has_headers(false).flexible(true).from_reader(start);
        let rows = reader.byte_records().take(rows).map_while(std::result::Result::ok).enumerate();
        let with_line = |(place, row): (usize, csv::ByteRecord)| {
            let from = row.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(start.len()));
            let line = || {
                // a row starts behind the line breaks before it
                let from = from + lead(&start[from..]);
                first + memchr::memchr_iter(b'\n', &start[..from]).count() as u64
            };
            (grid.as_ref().map_or_else(line, |grid| grid.row(place)), row)
        };
        Ok(rows.map(with_line).collect())
    }

    /// A sheet whose header is at the start of the window.
    pub(crate) fn new(mut blocks: Blocks, delimiter: u8) -> Result<Self> {
        let (mut parser, mut row) = (Box::new(parser(delimiter)), Row::default());
        let length = read_header(&mut parser, &mut blocks, &mut row)?;
        let (header_raw, header) = (blocks.window()[..length].to_vec(), Header::of(row.texts()));
        let grid = blocks.source.grid().map(Arc::clone);
        let header_at = match &grid {
            Some(grid) => Position::of_cell(grid.row(0), 1),
            None => blocks.position_of(lead(&header_raw)),
        };
        blocks.advance(length);
        let (headers_again, place, length, misquoted, stray) = (0, 0, 0, None, None);
        Ok(Self {
            blocks,
            delimiter,
            parser,
            header,
            header_raw,
            header_at,
            headers_again,
            grid,
            row,
            place,
            length,
            misquoted,
            stray,
        })
    }

    pub(crate) const fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// The header as written in the file.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header_raw
    }

    /// What is wrong with the quotes of the header.
    pub(crate) fn header_fault(&self) -> Option<RecordError> {
        let Err(Misquoted { at, message }) = walk_cells(&self.header_raw, self.delimiter, |_| {}) else { return None };
        let before = String::from_utf8_lossy(&self.header_raw[..at]).into_owned();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', &self.header_raw[lead(&self.header_raw)..at]).count() as u64;
        let place = Position::of_text(self.header_at.line + lines, 1 + line.chars().count() as u64);
        Some(RecordError::new(place, message))
    }

    /// Where the header starts.
    pub(crate) const fn header_position(&self) -> Position {
        self.header_at
    }

    /// How often the header came again, as where files were joined.
    pub(crate) const fn headers_again(&self) -> u64 {
        self.headers_again
    }

    /// The cells of the header, without the blanks around them.
    pub(crate) fn names(&self) -> &[String] {
        self.header.names()
    }

    /// The bytes of the current row.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.blocks.window()[..self.length]
    }

    /// Where the current row starts.
    pub(crate) fn position(&self) -> Position {
        match &self.grid {
            Some(grid) => Position::of_cell(grid.row(self.place), 1),
            None => self.blocks.position_of(lead(self.raw())),
        }
    }

    /// Goes to the next row; what has nothing in any cell is none, nor is the header where it comes
    /// again. False at the end.
    pub(crate) fn next(&mut self) -> Result<bool> {
        while self.next_row()? {
            if self.is_misquoted() {
                return Ok(true);
            }
            if self.header.is_again(self) {
                self.headers_again += 1;
            } else if !self.are_blank() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Steps behind the current row, if what follows can be cut into chunks: the source, the header and the separator.
    pub(crate) fn stand_behind(&mut self) -> Option<(&mut Blocks, &Header, u8)> {
        // names with quotes would have to be compared with what is written in other ways
        let is_split =
            self.grid.is_none() && cells::splits(self.delimiter) && !self.names().iter().any(|name| name.contains('"'));
        let behind = self.blocks.offset() + self.length as u64;
        if !is_split || self.stray.as_ref().is_some_and(|(until, _)| behind < *until) {
            return None;
        }
        self.blocks.advance(self.length);
        self.length = 0;
        Some((&mut self.blocks, &self.header, self.delimiter))
    }

    /// Goes to the next row, which may be blank.
    ///
    /// A row is read line by line, so that a stray quote is found where it shows and not at the end
    /// of the file that it would swallow.
    fn next_row(&mut self) -> Result<bool> {
        self.place += 1;
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
            match result {
                ReadRecordResult::End => return Ok(false),
                ReadRecordResult::OutputEndsFull => return Err(too_wide(&self.blocks)),
                _ => {}
            }
            let whole = result == ReadRecordResult::Record;
            if !whole || walked > 0 || memchr::memchr(b'"', self.raw()).is_some() {
                let read = self.raw()[walked..].iter().try_for_each(|&byte| {
                    quotes.step(walked, byte)?;
                    walked += 1;
                    Ok(())
                });
                if let Err(Misquoted { at, message }) = read.and_then(|()| if whole { quotes.end() } else { Ok(()) }) {
                    // what has been read may end within the line, which is all that the fault takes
                    if !whole && !self.raw().ends_with(b"\n") && !self.blocks.ended() {
                        continue;
                    }
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
        let lead = lead(self.raw());
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
            let lead = lead(rest);
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
    pub(crate) const fn is_misquoted(&self) -> bool {
        self.misquoted.is_some()
    }

    /// What is wrong with the current row as such: its quotes, or its number of cells.
    pub(crate) fn fault(&self) -> Option<RecordError> {
        if self.misquoted.is_some() {
            return self.misquoted.clone();
        }
        if self.header.fits(self) {
            return None;
        }
        let (found, allowed) = (count(self.row.count as u64, "cell"), self.header.width());
        let beyond = self.header.beyond(self);
        let message = if self.grid.is_some() {
            "there is something beside the table; move it away, or give its column a name".to_owned()
        } else {
            let advice =
                if beyond.is_some() { "quote cells that contain the separator" } else { "add the missing ones" };
            format!("has {found}, but the header has {allowed}; {advice}")
        };
        Some(RecordError::new(self.position_of_cell(beyond.unwrap_or(allowed)), message))
    }

    /// A cell of the current row as text.
    pub(crate) fn text(&self, index: usize) -> Result<&str, RecordError> {
        if let Some(fault) = self.grid.as_ref().and_then(|grid| grid.fault(self.place, index)) {
            return Err(RecordError::new(self.position_of_cell(index), fault));
        }
        self.utf8(index)
    }

    /// The same of a cell that nothing reads.
    pub(crate) fn utf8(&self, index: usize) -> Result<&str, RecordError> {
        let fault = |what| RecordError::new(self.position_of_cell(index), what);
        match std::str::from_utf8(self.cell(index)) {
            Ok(text) if text.contains('\0') => Err(fault(HOLDS_NUL)),
            Ok(text) => Ok(text),
            Err(_) => Err(fault(NOT_UTF_8)),
        }
    }

    /// Whether the current row is the first below the header of a sheet.
    pub(crate) const fn is_first_of_sheet(&self) -> bool {
        self.place == 1 && self.grid.is_some()
    }

    /// Whether its rows are those of a sheet of a workbook.
    pub(crate) const fn is_of_workbook(&self) -> bool {
        self.grid.is_some()
    }

    /// Whether a cell of a sheet holds a number that may be a day, as workbooks count them.
    pub(crate) fn is_day_number(&self, index: usize) -> bool {
        let number = || std::str::from_utf8(self.cell(index)).ok()?.parse::<f64>().ok();
        self.grid.is_some() && number().is_some_and(|number| (1.0..100_000.0).contains(&number))
    }

    /// Where a cell of the current row starts; the row's end where it has no such cell.
    pub(crate) fn position_of_cell(&self, cell: usize) -> Position {
        self.places().position_of(cell, self.place, self.raw(), self.position())
    }

    /// What tells where cells stand, also when the rows have passed.
    pub(crate) fn places(&self) -> CellPlaces {
        CellPlaces::new(self.delimiter, self.grid.clone())
    }

    /// The place of the current row among the rows, the header being the first.
    #[cfg(feature = "import")]
    pub(crate) const fn place(&self) -> usize {
        self.place
    }

    /// Adds the cells of the current row, and where each of them ends.
    #[cfg(feature = "import")]
    pub(crate) fn copy_cells(&self, cells: &mut Vec<u8>, ends: &mut Vec<usize>) {
        let row_ends = &self.row.ends[..self.row.count];
        cells.extend_from_slice(&self.row.cells[..row_ends.last().copied().unwrap_or(0)]);
        ends.extend_from_slice(row_ends);
    }
}

impl RowCells for Sheet {
    fn count(&self) -> usize {
        self.row.count
    }

    fn cell(&self, index: usize) -> &[u8] {
        if index < self.row.count { self.row.cell(index) } else { &[] }
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
        match row.feed(parser, &blocks.window()[fed.used..], &mut fed) {
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputEndsFull => return Err(too_wide(blocks)),
            _ => return Ok(fed.used),
        }
    }
}

const TOO_WIDE: &str = "has more than 4 million cells; if the separator is another one, name it with --delimiter";

fn too_wide(blocks: &Blocks) -> Error {
    let fault = RecordError::new(blocks.position(), TOO_WIDE);
    Error::of(ErrorKind::Record, &fault, "record", blocks.source.name())
}
