//! Tables in: rows under a header of field names, lists joined by `;`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::{Draft, Field, Found, Interaction, Problem, Reading, nearest};

use super::blocks::Blocks;
use super::columns::{Column, Columns, is_header};
use super::error::{Error, ErrorKind, Result};
use super::fast::table::Table;
use super::header::RowCells;
use super::record_error::RecordError;
use super::sheet::{DELIMITERS, LOOKED_AT, Sheet};

/// What is said of dates that a workbook shows as numbers.
const DAY_NUMBER: &str = "if it is a date, format its column as a date";

/// Reads interactions from a CSV source, row by row.
pub(crate) struct CsvReader {
    sheet: Sheet,
    columns: Columns,
}

impl CsvReader {
    /// Reads the header; returns the source if that does not name at least a recipient or a point.
    /// The delimiter is known or tried.
    pub(crate) fn new(mut blocks: Blocks, delimiter: Option<u8>) -> Result<Result<Self, Blocks>> {
        for delimiter in tried(delimiter) {
            let names = Sheet::header_of(&mut blocks, delimiter)?;
            if is_header(names.iter().map(String::as_str)) {
                let sheet = Sheet::new(blocks, delimiter)?;
                let columns = Columns::of(sheet.names());
                return Ok(Ok(Self { sheet, columns }));
            }
        }
        Ok(Err(blocks))
    }

    /// Where the header stands, if not at the top: its line, or its row in a sheet.
    pub(crate) fn header_below(blocks: &mut Blocks, delimiter: Option<u8>) -> Result<Option<u64>> {
        for delimiter in tried(delimiter) {
            for (line, row) in Sheet::rows_of(blocks, delimiter, LOOKED_AT)? {
                if is_header(row.iter().filter_map(|cell| std::str::from_utf8(cell).ok())) {
                    return Ok(Some(line));
                }
            }
        }
        Ok(None)
    }

    /// What to do about a table without a header of records, where that shows.
    pub(crate) fn advice(blocks: &mut Blocks, delimiter: Option<u8>) -> Result<Option<&'static str>> {
        let is_sheet = blocks.source.grid().is_some();
        let mut widest = 0;
        for other in DELIMITERS {
            let mut names = Sheet::header_of(blocks, other)?;
            if is_sheet {
                names = match names.as_slice() {
                    [only] => DELIMITERS
                        .into_iter()
                        .map(|other| only.split(char::from(other)).map(str::to_owned).collect())
                        .max_by_key(Vec::len)
                        .unwrap_or_default(),
                    _ => return Ok(None),
                };
            }
            widest = widest.max(names.len());
            if is_header(names.iter().map(String::as_str)) {
                return Ok(Some(if is_sheet {
                    "all columns are in one cell: split it with Text to Columns, or use the CSV file it was made from"
                } else {
                    "with this --delimiter the header is a single cell; leave --delimiter out"
                }));
            }
        }
        let is_prose = widest < 2 && delimiter.is_none() && !is_sheet && blocks.peek_lines(1, 200)?.contains(&b' ');
        Ok(is_prose.then_some("lines without columns, like those of a log, have to be converted to CSV or JSON first"))
    }

    /// The rows and their places.
    pub(crate) const fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// Faults of the header: a column twice, a required one missing.
    pub(crate) fn header_fault(&self) -> Option<RecordError> {
        if let Some(fault) = self.sheet.header_fault() {
            return Some(fault);
        }
        let place = self.sheet.header_position();
        let mut seen = BTreeSet::new();
        for (name, column) in self.sheet.names().iter().zip(self.columns.list()) {
            let known = match column {
                Column::Field(field) => field.name(),
                Column::Keyed(..) | Column::Unknown(_) => name,
                Column::Unnamed(_) => continue,
            };
            if !seen.insert(known) {
                let problem = Problem::twice(known);
                return Some(RecordError::of(&problem, place));
            }
        }
        let missing = Field::ALL.into_iter().find(|field| field.required() && !seen.contains(field.name()))?;
        let unknown = |name: &&&str| Field::named(name.as_bytes()).is_none();
        let near = seen.iter().filter(unknown).find(|name| nearest(name, [missing.name()].into_iter()).is_some());
        let advice = match near {
            Some(near) => format!("rename {} to {}", Found::text(near), missing.name()),
            None => format!("add one that says {}", missing.wanted()),
        };
        let advice = format!("there is no such column; {advice}");
        let problem = Problem::advice(missing.name(), Found::thing("no such column"), advice);
        Some(RecordError::of(&problem, place))
    }

    /// Names of columns that mean nothing here; one without a name counts where it holds something.
    pub(crate) fn unknown_fields(&self) -> impl Iterator<Item = &str> {
        self.columns.unknown(&self.sheet)
    }

    /// Steps behind the current row, if what follows can be cut into chunks.
    pub(crate) fn stand_behind(&mut self) -> Option<(&mut Blocks, Table<'_>)> {
        let (blocks, header, delimiter) = self.sheet.stand_behind()?;
        Some((blocks, Table::of(header, &self.columns, delimiter)?))
    }

    /// Goes to the next row; false at the end.
    ///
    /// # Errors
    /// A row that begins another table.
    pub(crate) fn next(&mut self) -> Result<bool> {
        if !self.sheet.next()? {
            return Ok(false);
        }
        if self.columns.is_other_header(&self.sheet) {
            let place = self.sheet.position();
            let fault = RecordError::new(place, "a second table starts here; put it into its own file or sheet");
            return Err(Error::of(ErrorKind::Header, &fault, "header", self.sheet.blocks().source.name()));
        }
        Ok(true)
    }

    /// The id of the current row, if it has one.
    pub(crate) fn id(&self) -> Option<String> {
        self.plain(Field::Id).map(Cow::into_owned)
    }

    /// A field's text, where its column has one.
    fn plain(&self, field: Field) -> Option<Cow<'_, str>> {
        let cell = std::str::from_utf8(self.sheet.cell(self.columns.place(field)?)).ok();
        cell.filter(|cell| !cell.is_empty()).map(Cow::Borrowed)
    }

    /// The current row, checked.
    pub(crate) fn interaction(&self, reading: &Reading<'_>) -> Result<Interaction<'_>, RecordError> {
        self.read_interaction(reading).map_err(|fault| {
            let fault = if self.may_be_second_header() {
                fault.and("if this is a second header row, delete it")
            } else if self.is_no_moment() {
                fault.and("if this is a total or a remark, delete it")
            } else {
                fault
            };
            fault.with_id(self.id())
        })
    }

    /// Whether the current row stands below the header and seems to go on with it: it has no figure,
    /// and no recipient or no point.
    fn may_be_second_header(&self) -> bool {
        let lacks = |field: Field| self.columns.place(field).is_some_and(|index| self.sheet.is_blank(index));
        let mut cells = (0..self.sheet.count()).map(|index| self.sheet.cell(index));
        self.sheet.is_first_of_sheet()
            && self.sheet.fault().is_none()
            && (lacks(Field::Recipient) || lacks(Field::Point))
            && !cells.any(|cell| cell.iter().any(u8::is_ascii_digit))
    }

    /// Whether the current row of a sheet names neither who was served nor where.
    fn is_no_moment(&self) -> bool {
        let lacks = |field: Field| self.columns.place(field).is_some_and(|index| self.sheet.is_blank(index));
        self.sheet.is_of_workbook() && self.sheet.fault().is_none() && lacks(Field::Recipient) && lacks(Field::Point)
    }

    fn read_interaction(&self, reading: &Reading<'_>) -> Result<Interaction<'_>, RecordError> {
        if let Some(fault) = self.sheet.fault() {
            return Err(fault);
        }
        let mut draft = Draft::default();
        for (index, column) in self.columns.list().iter().enumerate() {
            let means = !matches!(column, Column::Unknown(_) | Column::Unnamed(_));
            let cell = if means { self.sheet.text(index)? } else { self.sheet.utf8(index)? };
            self.columns.put(&mut draft, reading, index, Cow::Borrowed(cell)).map_err(|problem| {
                let fault = RecordError::of(&problem, self.sheet.position_of_cell(index));
                let is_at = matches!(column, Column::Field(Field::At));
                if is_at && self.sheet.is_day_number(index) { fault.and(DAY_NUMBER) } else { fault }
            })?;
        }
        draft.finish().map_err(|problem| RecordError::of(&problem, self.sheet.position()))
    }
}

/// The delimiters that a header is tried with.
pub(super) fn tried(known: Option<u8>) -> impl Iterator<Item = u8> {
    DELIMITERS.into_iter().filter(move |_| known.is_none()).chain(known)
}
