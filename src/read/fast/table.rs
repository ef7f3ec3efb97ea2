//! Chunks of a table: where rows end there, and rows of the common kind to what they say. Any other row is left to the
//! reader that goes row by row, with which this must agree.

use super::cells::{self, Split, Splitter};
use super::chunk::{Format, Next, ReadRecords};
use crate::read::columns::Columns;
use crate::read::header::{Header, RowCells};
use crate::record::draft::{Draft, MOST_PAIRS, Reading};

/// What its rows stand under.
#[derive(Clone, Copy)]
pub(crate) struct Table<'s> {
    header: &'s Header,
    columns: &'s Columns,
    delimiter: u8,
    /// Whether no text that the columns bring along holds a quote, a backslash or a control character.
    plain: bool,
}

impl<'s> Table<'s> {
    /// `None` where its rows are better read one by one.
    pub(in crate::read) fn of(header: &'s Header, columns: &'s Columns, delimiter: u8) -> Option<Self> {
        let is_plain = |char: char| !char.is_control() && !matches!(char, '"' | '\\');
        let plain = columns.keys().all(|(_, key)| key.chars().all(is_plain));
        (columns.keys().count() <= MOST_PAIRS).then_some(Self { header, columns, delimiter, plain })
    }
}

impl Format for Table<'_> {
    type Records<'t>
        = Rows<'t>
    where
        Self: 't;

    fn last_end(&self, bytes: &[u8]) -> Option<usize> {
        cells::last_end(bytes)
    }

    fn records<'t>(&'t self, text: &'t str) -> Rows<'t> {
        Rows { table: *self, splitter: Splitter::new(text, self.delimiter), draft: Draft::default() }
    }
}

/// Reads the rows of a chunk.
pub(crate) struct Rows<'t> {
    table: Table<'t>,
    splitter: Splitter<'t>,
    draft: Draft<'t>,
}

impl<'t> ReadRecords<'t> for Rows<'t> {
    fn next(&mut self, reading: &Reading<'_>, unknown: &mut dyn FnMut(&str)) -> Next<'_, 't> {
        let Self { table: Table { header, columns, plain: brings_plain, .. }, splitter, draft } = self;
        let (start, end, line, plain) = match splitter.next_row(header) {
            Split::Row { start, end, line, plain } if !columns.is_other_header(splitter) => (start, end, line, plain),
            Split::End => return Next::End,
            Split::Row { .. } | Split::Odd => return Next::Odd,
        };
        draft.clear();
        for index in 0..splitter.count() {
            // nothing in a cell is as no cell; what is required is missed in the end
            if !splitter.written(index).is_empty() && columns.put(draft, reading, index, splitter.text(index)).is_err()
            {
                return Next::Odd;
            }
        }
        let Ok(interaction) = draft.check() else { return Next::Odd };
        columns.unknown(splitter).for_each(unknown);
        Next::Record { interaction, start, end, line, plain: plain && *brings_plain }
    }
}
