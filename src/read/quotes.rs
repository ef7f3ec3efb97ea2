//! Where the cells of a CSV row start, and whether its quotes end as they should.

use std::sync::Arc;

use super::record_error::Position;
use super::workbook::Grid;

/// A quoted cell that does not end as it should, as an offset into the row.
#[derive(Debug)]
pub(super) struct Misquoted {
    pub(super) at: usize,
    pub(super) message: &'static str,
}

/// Scans the bytes of a row, however many are available at a time.
pub(super) struct Quotes {
    delimiter: u8,
    state: State,
    /// Where the last quoted cell starts.
    opened: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// In line breaks before the row.
    Ahead,
    /// Where a cell starts.
    Start,
    Plain,
    Quoted,
    /// Behind a quote in a quoted cell: it ends there, or the next quote is part of the text.
    Closing,
}

impl Quotes {
    pub(super) const fn new(delimiter: u8) -> Self {
        Self { delimiter, state: State::Ahead, opened: 0 }
    }

    /// Takes the byte that is `at` this offset in the row. Whether a cell starts
    /// behind it; an error if a quoted cell has ended and does not end there.
    pub(super) fn step(&mut self, at: usize, byte: u8) -> Result<bool, Misquoted> {
        self.state = match (self.state, byte) {
            (State::Ahead, b'\r' | b'\n') => State::Ahead,
            // a quote opens only at the start of a cell; doubled, it is part of the text
            (State::Ahead | State::Start, b'"') => {
                self.opened = at;
                State::Quoted
            }
            (State::Quoted, b'"') => State::Closing,
            (State::Quoted, _) | (State::Closing, b'"') => State::Quoted,
            (_, byte) if byte == self.delimiter => State::Start,
            (State::Closing, byte) if !matches!(byte, b'\r' | b'\n') => {
                let message =
                    "there is text after a closing quote; put quotes around the whole cell, and double those inside";
                return Err(Misquoted { at: self.opened, message });
            }
            _ => State::Plain,
        };
        Ok(self.state == State::Start)
    }

    /// Whether no more than line breaks were there.
    pub(super) fn is_ahead(&self) -> bool {
        self.state == State::Ahead
    }

    /// Whether a quoted cell goes on.
    pub(super) fn is_quoted(&self) -> bool {
        self.state == State::Quoted
    }

    /// An error if a quoted cell goes on where the row has ended.
    pub(super) fn end(&self) -> Result<(), Misquoted> {
        if self.is_quoted() {
            let message = "this quote is never closed; close it, or copy the file again if it was cut short";
            return Err(Misquoted { at: self.opened, message });
        }
        Ok(())
    }
}

/// How many line breaks are before a row.
pub(super) fn lead(raw: &[u8]) -> usize {
    raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}

/// Reads a row and calls `cell` with the offset at which each cell starts. An
/// error if a quoted cell does not end where a cell ends.
pub(super) fn walk_cells(raw: &[u8], delimiter: u8, mut cell: impl FnMut(usize)) -> Result<(), Misquoted> {
    let lead = lead(raw);
    cell(lead);
    let mut quotes = Quotes::new(delimiter);
    for (at, &byte) in raw.iter().enumerate().skip(lead) {
        if quotes.step(at, byte)? {
            cell(at + 1);
        }
    }
    quotes.end()
}

/// Where the cells of a table stand.
#[derive(Clone)]
pub(crate) struct CellPlaces {
    delimiter: u8,
    grid: Option<Arc<Grid>>,
}

impl CellPlaces {
    pub(super) const fn new(delimiter: u8, grid: Option<Arc<Grid>>) -> Self {
        Self { delimiter, grid }
    }

    /// Where a cell of a row starts, found again in its bytes, which start at `position`; the row's end where it has
    /// no such cell. `place` is that of the row among the rows.
    pub(crate) fn position_of(&self, cell: usize, place: usize, raw: &[u8], position: Position) -> Position {
        if let Some(grid) = &self.grid {
            return Position::of_cell(grid.row(place), 1 + cell as u64);
        }
        let mut starts = Vec::new();
        let _ = walk_cells(raw, self.delimiter, |start| starts.push(start));
        let end = raw.trim_ascii_end().len();
        let offset = starts.get(cell).copied().unwrap_or(end);
        position.behind(raw.get(lead(raw)..offset).unwrap_or_default())
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
        assert_eq!(starts("a,b,c\n").ok(), Some(vec![0, 2, 4]));
        assert_eq!(starts("\r\n\"a,\"\"x\",b").ok(), Some(vec![2, 10]));
        assert_eq!(starts("5\" pipe,b").ok(), Some(vec![0, 8]));
        assert_eq!(starts("x,\"a,b\n").err(), Some(2));
        assert_eq!(starts("\"a\"b,c\n").err(), Some(0));
    }
}
