//! Rows taken ahead of their mapping: copied, so that threads can work on them, each with its place.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use jaq_json::Val;
use jaq_json::read::parse_single;

use super::rows::{Rows, Step};
use super::table_rows::TableRows;
use super::typed::Cells;
use crate::Found;
use crate::read::Result as ReadResult;
use crate::read::fast::chunk::Chunk;
use crate::read::header::RowCells;
use crate::read::object;
use crate::read::record_error::{Position, RecordError};
use crate::read::recorded::RecordSource;
use crate::read::sheet::CellPlaces;

/// Some rows of a source, in their order.
pub(super) struct Batch {
    /// The name of the source.
    name: Arc<str>,
    raw: Vec<u8>,
    cells: Vec<u8>,
    ends: Vec<usize>,
    rows: Vec<Taken>,
    /// Where cells stand, of a table.
    places: Option<CellPlaces>,
    /// How many rows of the source were before it, as far as is known.
    pub(super) before: u64,
    /// How many bytes of the source are behind it.
    pub(super) offset: u64,
    /// Whether no whole line was available behind it.
    last_at_hand: bool,
}

/// A row, or what stands in its place.
struct Taken {
    what: What,
    /// Its number in the batch, from 1.
    number: u64,
    position: Position,
    line: u64,
    raw: Range<usize>,
    cells: Range<usize>,
    ends: Range<usize>,
    /// Its place among the rows of a table.
    place: usize,
}

/// What there is in the place of a row.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// A row to be mapped.
    Row,
    /// Something that is no row, or cannot be read.
    Faulty(RecordError),
    /// A row in whose place another of its case counts.
    Superseded,
    /// A last line that is no row.
    Trailer,
}

/// Why taking rows came to an end.
pub(super) enum End {
    /// There are no more.
    Done,
    /// As far as was asked for.
    Paused,
    /// The syntax breaks; what is broken is to be stepped over.
    Broken(RecordError),
}

/// Takes the rows of a source, batch by batch.
pub(super) struct Taking<'r, F> {
    rows: &'r mut Rows,
    name: Arc<str>,
    /// How many rows were taken of the source.
    pub(super) number: u64,
    /// Whether another row counts in the place of one, by its number.
    is_superseded: F,
    /// Up to which place in the source they are taken.
    until: u64,
    pub(super) end: Option<End>,
}

/// How much is taken at once: enough for a thread to be worth waking, and little enough for the memory.
const MOST_BYTES: usize = 1 << 18;
const MOST_ROWS: usize = 1024;

impl<'r, F: Fn(u64) -> bool> Taking<'r, F> {
    /// From the row behind `number` on, up to a place in the source.
    pub(super) fn new(rows: &'r mut Rows, number: u64, is_superseded: F, until: u64) -> Self {
        let name = rows.name().into();
        Self { rows, name, number, is_superseded, until, end: None }
    }

    /// The next rows: as many as are at hand, within bounds.
    pub(super) fn next(&mut self) -> ReadResult<Option<Batch>> {
        let mut batch = Batch { places: self.rows.cell_places(), before: self.number, ..Batch::of(&self.name) };
        while self.end.is_none() && batch.raw.len() < MOST_BYTES && batch.rows.len() < MOST_ROWS && !batch.last_at_hand
        {
            let what = match self.rows.next()? {
                Step::End => {
                    self.end = Some(End::Done);
                    break;
                }
                Step::Broken(fault) => {
                    self.end = Some(End::Broken(fault));
                    break;
                }
                Step::Trailer => What::Trailer,
                Step::RecordError(fault) => What::Faulty(fault),
                Step::Row => What::Row,
            };
            if !matches!(what, What::Trailer) {
                self.number += 1;
            }
            let number = self.number - batch.before;
            let what = match what {
                What::Row | What::Faulty(_) if (self.is_superseded)(self.number) => What::Superseded,
                What::Row => self.rows.fault().map_or(What::Row, What::Faulty),
                what => what,
            };
            batch.take(self.rows, what, number);
            if self.rows.blocks().offset() >= self.until {
                self.end = Some(End::Paused);
            }
        }
        batch.offset = self.rows.blocks().offset();
        Ok((!batch.rows.is_empty()).then_some(batch))
    }
}

impl Batch {
    /// No rows of the source of that name.
    fn of(name: &Arc<str>) -> Self {
        let (raw, cells, ends, rows) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let name = Arc::clone(name);
        Self { name, raw, cells, ends, rows, places: None, before: 0, offset: 0, last_at_hand: false }
    }

    /// A chunk of rows of JSON, of which none has been found yet.
    pub(super) fn of_chunk(name: &Arc<str>, chunk: Chunk) -> (Self, Position) {
        let Chunk { offset, place, bytes } = chunk;
        let offset = offset + bytes.len() as u64;
        (Self { raw: bytes, offset, ..Self::of(name) }, place)
    }

    /// The rows of a chunk of a table, with what is left to the reader that goes row by row, and where that starts.
    pub(super) fn split(
        name: &Arc<str>,
        chunk: Chunk,
        table: &TableRows<'_>,
        places: Option<CellPlaces>,
    ) -> (Self, Option<(Vec<u8>, Position)>) {
        let (mut batch, mut position) = Self::of_chunk(name, chunk);
        batch.places = places;
        let bytes = std::mem::take(&mut batch.raw);
        let mut from = 0;
        let rest = table.split(&bytes, |row, raw| {
            position = position.behind(&bytes[from..raw.start]);
            from = raw.start;
            let (cells, ends) = (batch.cells.len(), batch.ends.len());
            for index in 0..row.count() {
                batch.cells.extend_from_slice(row.text(index).as_bytes());
                batch.ends.push(batch.cells.len() - cells);
            }
            batch.rows.push(Taken {
                what: What::Row,
                number: batch.rows.len() as u64 + 1,
                position,
                line: position.line,
                raw,
                cells: cells..batch.cells.len(),
                ends: ends..batch.ends.len(),
                place: 0,
            });
        });
        let rest = rest.map(|rest| (bytes[rest..].to_vec(), position.behind(&bytes[from..rest])));
        batch.raw = bytes;
        (batch, rest)
    }

    /// Says how many rows of the source were before it, and in whose place another counts.
    pub(super) fn number_from(&mut self, before: u64, is_superseded: impl Fn(u64) -> bool) {
        self.before = before;
        for taken in &mut self.rows {
            if is_superseded(before + taken.number) {
                taken.what = What::Superseded;
            }
        }
    }

    /// One of its rows.
    pub(super) const fn row(&self, index: usize) -> Row<'_> {
        Row { batch: self, index }
    }

    /// Adds the row that stands there in its bytes.
    pub(super) fn find(&mut self, raw: Range<usize>, position: Position) -> Row<'_> {
        let number = self.rows.len() as u64 + 1;
        let line = position.line;
        self.rows.push(Taken { what: What::Row, number, position, line, raw, cells: 0..0, ends: 0..0, place: 0 });
        Row { batch: self, index: self.rows.len() - 1 }
    }

    /// Takes back the row that was found last, which is none; returns the bytes from there on, and their place.
    pub(super) fn lose(&mut self, from: usize, position: Position) -> (Vec<u8>, Position) {
        self.rows.pop();
        (self.raw[from..].to_vec(), position)
    }

    /// Its bytes, for good.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.raw
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.raw
    }

    fn take(&mut self, rows: &Rows, what: What, number: u64) {
        let raw = self.raw.len();
        let (cells, ends) = (self.cells.len(), self.ends.len());
        if let What::Row | What::Faulty(_) = what {
            self.raw.extend_from_slice(rows.raw());
        }
        if let What::Row = what {
            rows.copy_cells(&mut self.cells, &mut self.ends);
        }
        self.last_at_hand = rows.last_at_hand();
        self.rows.push(Taken {
            what,
            number,
            position: rows.position(),
            line: rows.line(),
            raw: raw..self.raw.len(),
            cells: cells..self.cells.len(),
            ends: ends..self.ends.len(),
            place: rows.place(),
        });
    }

    /// Its rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).map(|index| self.row(index))
    }
}

/// One row of a batch.
#[derive(Clone, Copy)]
pub(super) struct Row<'b> {
    batch: &'b Batch,
    index: usize,
}

impl<'b> Row<'b> {
    fn taken(&self) -> &'b Taken {
        &self.batch.rows[self.index]
    }

    /// What there is.
    pub(super) fn what(&self) -> &'b What {
        &self.taken().what
    }

    /// Its number in the source, from 1.
    pub(super) fn number(&self) -> u64 {
        self.batch.before + self.taken().number
    }

    /// The line it starts in.
    pub(super) fn line(&self) -> u64 {
        self.taken().line
    }

    /// Its bytes as they came.
    pub(super) fn raw(&self) -> &'b [u8] {
        &self.batch.raw[self.taken().raw.clone()]
    }

    /// The text of a row of JSON.
    pub(super) fn text(&self) -> Option<&'b str> {
        std::str::from_utf8(self.raw()).ok().filter(|_| self.batch.places.is_none())
    }

    /// The cells of a row of a table.
    pub(super) fn cells(&self) -> Option<Cells<'b>> {
        self.batch.places.as_ref()?;
        let taken = self.taken();
        Some(Cells { bytes: &self.batch.cells[taken.cells.clone()], ends: &self.batch.ends[taken.ends.clone()] })
    }

    /// The row as a map sees it: of a table, whose columns have these keys, an object of texts; of JSON what is there.
    /// Of an object only the members that are wanted, if not all are.
    pub(super) fn value(&self, keys: &[Val], wanted: Option<&BTreeSet<String>>) -> Result<Val, RecordError> {
        let Some(cells) = self.cells() else {
            let parsed =
                wanted.and_then(|wanted| members(self.text()?, wanted)).unwrap_or_else(|| parse_single(self.raw()));
            return parsed.map_err(|error| RecordError::new(self.position(), error.to_string()));
        };
        let cell = |(index, key): (usize, &Val)| {
            if let (Some(wanted), Val::TStr(name)) = (wanted, key)
                && !std::str::from_utf8(name).is_ok_and(|name| wanted.contains(name))
            {
                return None;
            }
            // that it is one was looked at when it was taken
            let text = cells.text(index).unwrap_or_default();
            Some((key.clone(), Val::utf8_str(text.to_owned())))
        };
        Ok(Val::obj(keys.iter().enumerate().filter_map(cell).collect()))
    }

    /// Where in it a faulty text is, if it is there.
    pub(super) fn position_of(&self, found: &str) -> Option<Position> {
        if let (Some(places), Some(cells)) = (&self.batch.places, self.cells()) {
            let is_it = |index: &usize| {
                let cell = cells.text(*index).unwrap_or_default();
                let is = |text: &str| Found::text(text).to_string() == found;
                !cell.trim().is_empty() && (is(cell) || is(cell.trim()))
            };
            let index = (0..cells.ends.len()).find(is_it)?;
            return Some(places.position_of(index, self.taken().place, self.raw(), self.position()));
        }
        let needle = found.strip_suffix("…\"").unwrap_or(found);
        let offset = memchr::memmem::find(self.raw(), needle.as_bytes())?;
        Some(self.position().behind(&self.raw()[..offset]))
    }
}

impl RecordSource for Row<'_> {
    fn name(&self) -> &str {
        &self.batch.name
    }

    fn position(&self) -> Position {
        self.taken().position
    }

    fn last_at_hand(&self) -> bool {
        self.batch.last_at_hand && self.index + 1 == self.batch.rows.len()
    }
}

/// The members of these names of an object; `None` of what is none.
fn members(text: &str, wanted: &BTreeSet<String>) -> Option<Result<Val, jaq_json::read::Error>> {
    let (mut members, mut failed) = (jaq_json::Map::default(), None);
    if !text.starts_with('{') {
        return None;
    }
    object::members(text, |key, raw| {
        if wanted.contains(key.as_ref()) {
            match parse_single(raw.as_bytes()) {
                Ok(value) => drop(members.insert(Val::utf8_str(key.into_owned()), value)),
                Err(error) => failed = Some(error),
            }
        }
        failed.is_none()
    });
    Some(failed.map_or_else(|| Ok(Val::obj(members)), Err))
}
