//! CSV in: rows under a header of field names, lists joined by `;`.

use std::borrow::Cow;

use anyhow::Result;
use csv_core::{ReadRecordResult, ReaderBuilder};
use serveup::{Draft, Field, Found, Interaction, Outline, Problem, Reading, Shape, path};

use super::blocks::Blocks;
use super::fields::put_amount;
use super::place::{Fault, Place};
use crate::messages::count;

/// The separators a header is tried with.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// What a column holds.
enum Column {
    Field(Field),
    /// `served.channel` and the like.
    Served(String),
    Unknown(String),
}

/// Reads a CSV source row by row.
pub(crate) struct CsvReader {
    blocks: Blocks,
    delimiter: u8,
    parser: Box<csv_core::Reader>,
    columns: Vec<Column>,
    unknown: Vec<String>,
    header: Vec<u8>,
    row: Row,
    length: usize,
    /// What is wrong with the quotes of the current row.
    misquoted: Option<&'static str>,
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
}

/// What the reader came upon.
pub(crate) enum Step {
    Record,
    End,
}

impl CsvReader {
    /// Reads the header; `None` if it does not name at least a recipient or a point.
    pub(crate) fn new(mut blocks: Blocks) -> Result<Result<Self, Blocks>> {
        for delimiter in DELIMITERS {
            let mut header = Row::default();
            let mut parser = parser(delimiter);
            read_row(&mut parser, &mut blocks, &mut header)?;
            let named = |name: &str| (0..header.count).any(|cell| header.cell(cell) == name.as_bytes());
            if named(Field::Recipient.name()) || named(Field::Point.name()) {
                let mut reader = Self {
                    blocks,
                    delimiter,
                    parser: Box::new(parser),
                    columns: Vec::new(),
                    unknown: Vec::new(),
                    header: Vec::new(),
                    row: header,
                    length: 0,
                    misquoted: None,
                };
                reader.restart()?;
                return Ok(Ok(reader));
            }
        }
        Ok(Err(blocks))
    }

    /// Goes back to before the first row.
    pub(crate) fn rewind(&mut self) -> Result<()> {
        self.blocks.rewind()?;
        super::skip_mark(&mut self.blocks)?;
        self.blocks.skip_space()?;
        self.restart()
    }

    fn restart(&mut self) -> Result<()> {
        *self.parser = parser(self.delimiter);
        let length = read_row(&mut self.parser, &mut self.blocks, &mut self.row)?.unwrap_or(0);
        self.header = self.blocks.window()[..length].to_vec();
        let names = (0..self.row.count).map(|cell| String::from_utf8_lossy(self.row.cell(cell)).into_owned());
        self.columns.clear();
        self.unknown.clear();
        for name in names {
            let column = match (Field::named(name.as_bytes()), name.strip_prefix("served.")) {
                (Some(field), _) if field.shape() != Shape::Pairs => Column::Field(field),
                (_, Some(key)) if !key.is_empty() => Column::Served(key.to_owned()),
                _ => {
                    if !self.unknown.contains(&name) {
                        self.unknown.push(name.clone());
                    }
                    Column::Unknown(name)
                }
            };
            self.columns.push(column);
        }
        self.blocks.advance(length);
        self.length = 0;
        Ok(())
    }

    /// Faults of the header: a column twice, a required one missing.
    pub(crate) fn header_fault(&self) -> Option<Fault> {
        let name = |column: &Column| match column {
            Column::Field(field) => field.name().to_owned(),
            Column::Served(key) => format!("served.{key}"),
            Column::Unknown(name) => name.clone(),
        };
        let mut seen = std::collections::BTreeSet::new();
        for column in &self.columns {
            let name = name(column);
            if seen.contains(&name) {
                let problem = Problem::form(&name, Found::thing("the same column twice"), "each column once");
                return Some(Fault::of(&problem, Place::START));
            }
            if !name.is_empty() {
                seen.insert(name);
            }
        }
        let missing = Field::ALL.into_iter().find(|field| field.required() && !seen.contains(field.name()));
        missing.map(|field| {
            let problem = Problem::form(field.name(), Found::thing("no such column"), "a column of that name");
            Fault::of(&problem, Place::START)
        })
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

    /// Names of columns that mean nothing here.
    pub(crate) fn unknown_fields(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
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

    /// Goes to the next row; blank lines are no rows.
    pub(crate) fn next(&mut self) -> Result<Step> {
        self.blocks.advance(self.length);
        self.length = 0;
        Ok(match read_row(&mut self.parser, &mut self.blocks, &mut self.row)? {
            Some(length) => {
                self.length = length;
                self.misquoted = None;
                let quoted = memchr::memchr(b'"', self.raw()).is_some();
                if let (true, Err(fault)) = (quoted, walk_cells(self.raw(), self.delimiter, |_| {})) {
                    // a stray quote would swallow the lines that follow: what is wrong ends with its line
                    self.misquoted = Some(fault);
                    let lead = self.lead();
                    self.length = memchr::memchr(b'\n', &self.raw()[lead..]).map_or(length, |end| lead + end + 1);
                    *self.parser = parser(self.delimiter);
                }
                Step::Record
            }
            None => Step::End,
        })
    }

    /// The id of the current row, if it has one.
    pub(crate) fn id(&self) -> Option<String> {
        self.plain(Field::Id).map(Cow::into_owned)
    }

    /// A field's text, where its column has one.
    fn plain(&self, field: Field) -> Option<Cow<'_, str>> {
        let column =
            self.columns.iter().position(|column| matches!(column, Column::Field(other) if *other == field))?;
        let cell = if column < self.row.count { self.row.cell(column) } else { &[] };
        std::str::from_utf8(cell).ok().filter(|cell| !cell.is_empty()).map(Cow::Borrowed)
    }

    /// What a row of ratings repeats of the current row, which has been checked before.
    pub(crate) fn outline(&self) -> Outline<'_> {
        let (journey, transaction) = (self.plain(Field::Journey), self.plain(Field::Transaction));
        Outline {
            id: self.plain(Field::Id),
            at: self.plain(Field::At),
            recipient: self.plain(Field::Recipient),
            point: path(journey.as_deref(), transaction.as_deref(), self.plain(Field::Point).unwrap_or_default()),
            action: self.plain(Field::Action),
            claimed: self.plain(Field::Claimed).and_then(|level| level.parse().ok()),
        }
    }

    /// The current row, checked.
    pub(crate) fn interaction(&self, reading: &Reading<'_>) -> Result<Interaction<'_>, Fault> {
        self.read_interaction(reading).map_err(|fault| fault.with_id(self.id()))
    }

    fn read_interaction(&self, reading: &Reading<'_>) -> Result<Interaction<'_>, Fault> {
        if let Some(fault) = &self.misquoted {
            return Err(Fault::new(self.place(), *fault));
        }
        if self.row.count != self.columns.len() {
            let found = count(self.row.count as u64, "cell");
            let message = format!("found {found}; allowed: {}, as in the header", self.columns.len());
            return Err(Fault::new(self.place(), message));
        }
        let mut draft = Draft::default();
        for (index, column) in self.columns.iter().enumerate() {
            let cell = std::str::from_utf8(self.row.cell(index))
                .map_err(|_| Fault::new(self.place_of_cell(index), "not UTF-8; save the file as UTF-8"))?;
            let taken = match column {
                Column::Field(field) => put(&mut draft, reading, *field, cell),
                Column::Served(key) => draft.served(Cow::Borrowed(key), Cow::Borrowed(cell)),
                Column::Unknown(_) => Ok(()),
            };
            taken.map_err(|problem| Fault::of(&problem, self.place_of_cell(index)))?;
        }
        draft.finish().map_err(|problem| Fault::of(&problem, self.place()))
    }

    /// Where a cell of the current row starts, found again in the raw bytes.
    fn place_of_cell(&self, cell: usize) -> Place {
        let mut starts = Vec::new();
        let _ = walk_cells(self.raw(), self.delimiter, |start| starts.push(start));
        self.blocks.place_of(starts.get(cell).copied().unwrap_or(self.raw().len()))
    }
}

/// Reads a row and calls `cell` with the offset at which each cell starts. An
/// error if a quoted cell does not end where a cell ends.
fn walk_cells(raw: &[u8], delimiter: u8, mut cell: impl FnMut(usize)) -> Result<(), &'static str> {
    let lead = raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let (mut quoted, mut at_start) = (false, true);
    cell(lead);
    let mut at = lead;
    while let Some(&byte) = raw.get(at) {
        let next = raw.get(at + 1).copied();
        match byte {
            // a quote opens only at the start of a cell; doubled, it stands for itself
            b'"' if quoted && next == Some(b'"') => at += 1,
            b'"' if quoted => {
                if next.is_some_and(|next| next != delimiter && next != b'\r' && next != b'\n') {
                    return Err(
                        "found text behind a closing quote; allowed: quotes around a whole cell, doubled inside",
                    );
                }
                quoted = false;
            }
            b'"' if at_start => quoted = true,
            byte if byte == delimiter && !quoted => {
                cell(at + 1);
                (at, at_start) = (at + 1, true);
                continue;
            }
            _ => {}
        }
        (at, at_start) = (at + 1, false);
    }
    if quoted { Err("found a quote that is never closed; the file may have been cut short") } else { Ok(()) }
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

/// Puts one cell into the draft; an empty one is "not given", and `[]` in a list is an empty list.
fn put<'a>(draft: &mut Draft<'a>, reading: &Reading<'_>, field: Field, cell: &'a str) -> Result<(), Problem> {
    match field.shape() {
        Shape::Text | Shape::Pairs => draft.text(reading, field, Cow::Borrowed(cell)),
        Shape::Signals => items(cell).enumerate().try_for_each(|(place, name)| draft.signal(reading, place, name)),
        Shape::Values => {
            if !cell.trim().is_empty() {
                draft.value_known();
            }
            items(cell).enumerate().try_for_each(|(place, item)| {
                if item.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(item).is_ok() {
                    put_amount(draft, reading, place, item)
                } else {
                    draft.value(reading, place, item).map(|_| ())
                }
            })
        }
    }
}

/// The items of a list joined by `;`, blanks around them left out.
fn items(cell: &str) -> impl Iterator<Item = &str> {
    let cell = if cell.trim() == "[]" { "" } else { cell };
    cell.split(';').map(str::trim).filter(move |_| !cell.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::{items, walk_cells};

    #[test]
    fn cells_start_where_they_should_and_open_quotes_are_noticed() {
        let starts = |row: &str| {
            let mut starts = Vec::new();
            walk_cells(row.as_bytes(), b',', |start| starts.push(start)).ok().map(|()| starts)
        };
        assert_eq!(starts("a,b,c\n"), Some(vec![0, 2, 4]));
        assert_eq!(starts("\r\n\"a,\"\"x\",b"), Some(vec![2, 10]));
        assert_eq!(starts("5\" pipe,b"), Some(vec![0, 8]));
        assert_eq!(starts("\"a,b\n"), None);
        assert_eq!(starts("\"a\"b,c\n"), None);
    }

    #[test]
    fn lists_are_joined_by_semicolons() {
        assert_eq!(items("late; impolite").collect::<Vec<_>>(), ["late", "impolite"]);
        assert_eq!(items("").count() + items("  ").count() + items("[]").count(), 0);
        assert_eq!(items("late;").collect::<Vec<_>>(), ["late", ""]);
    }
}
