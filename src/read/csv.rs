//! CSV in: rows under a header of field names, lists joined by `;`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::{Draft, Field, Found, Interaction, InteractionRef, Problem, Reading, Shape};

use super::Result;
use super::blocks::Blocks;
use super::fields::{outline, put_amount};
use super::record_error::{Position, RecordError};
use super::sheet::Sheet;
use crate::record::row::items;

/// The separators a header is tried with.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What a column holds.
enum Column {
    Field(Field),
    /// `served.channel` and the like.
    Served(String),
    Unknown(String),
}

impl Column {
    fn named(name: &str) -> Self {
        match (Field::named(name.as_bytes()), name.strip_prefix("served.")) {
            (Some(field), _) if field.shape() != Shape::Pairs => Self::Field(field),
            (_, Some(key)) if !key.is_empty() => Self::Served(key.to_owned()),
            _ => Self::Unknown(name.to_owned()),
        }
    }
}

/// Reads interactions from a CSV source, row by row.
pub(crate) struct CsvReader {
    sheet: Sheet,
    columns: Vec<Column>,
    /// The column of each field.
    places: [Option<usize>; Field::ALL.len()],
    unknown: BTreeSet<String>,
}

/// What the reader found.
pub(crate) enum Step {
    Record,
    End,
}

impl CsvReader {
    /// Reads the header; returns the source if that does not name at least a recipient or a point.
    pub(crate) fn new(mut blocks: Blocks) -> Result<Result<Self, Blocks>> {
        for delimiter in DELIMITERS {
            let names = Sheet::header_of(&mut blocks, delimiter)?;
            if names.iter().any(|name| name == Field::Recipient.name() || name == Field::Point.name()) {
                let sheet = Sheet::new(blocks, delimiter)?;
                let columns: Vec<_> = sheet.names().iter().map(|name| Column::named(name)).collect();
                let unknown = columns.iter().filter_map(|column| match column {
                    Column::Unknown(name) => Some(name.clone()),
                    Column::Field(_) | Column::Served(_) => None,
                });
                let unknown = unknown.collect();
                let places = Field::ALL.map(|field| {
                    columns.iter().position(|column| matches!(column, Column::Field(other) if *other == field))
                });
                return Ok(Ok(Self { sheet, columns, places, unknown }));
            }
        }
        Ok(Err(blocks))
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
        let mut seen = BTreeSet::new();
        for name in self.sheet.names() {
            if seen.contains(name.as_str()) {
                let problem = Problem::form(name, Found::thing("the same column twice"), "each column once");
                return Some(RecordError::of(&problem, Position::START));
            }
            if !name.is_empty() {
                seen.insert(name.as_str());
            }
        }
        let missing = Field::ALL.into_iter().find(|field| field.required() && !seen.contains(field.name()));
        missing.map(|field| {
            let problem = Problem::form(field.name(), Found::thing("no such column"), "a column of that name");
            RecordError::of(&problem, Position::START)
        })
    }

    /// Names of columns that are unknown here.
    pub(crate) fn unknown_fields(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }

    /// Goes to the next row.
    pub(crate) fn next(&mut self) -> Result<Step> {
        Ok(if self.sheet.next()? { Step::Record } else { Step::End })
    }

    /// The id of the current row, if it has one.
    pub(crate) fn id(&self) -> Option<String> {
        self.plain(Field::Id).map(Cow::into_owned)
    }

    /// A field's text, where its column has one.
    fn plain(&self, field: Field) -> Option<Cow<'_, str>> {
        let cell = std::str::from_utf8(self.sheet.cell(self.places[field as usize]?)).ok();
        cell.filter(|cell| !cell.is_empty()).map(Cow::Borrowed)
    }

    /// What a row of ratings repeats of the current row, which has been checked before.
    pub(crate) fn outline(&self) -> InteractionRef<'_> {
        outline(|field| self.plain(field))
    }

    /// The current row, checked.
    pub(crate) fn interaction(&self, reading: &Reading<'_>) -> Result<Interaction<'_>, RecordError> {
        self.read_interaction(reading).map_err(|fault| fault.with_id(self.id()))
    }

    fn read_interaction(&self, reading: &Reading<'_>) -> Result<Interaction<'_>, RecordError> {
        if let Some(fault) = self.sheet.fault() {
            return Err(fault);
        }
        let mut draft = Draft::default();
        for (index, column) in self.columns.iter().enumerate() {
            let cell = self.sheet.text(index)?;
            let taken = match column {
                Column::Field(field) => put(&mut draft, reading, *field, cell),
                Column::Served(key) => draft.served(Cow::Borrowed(key), Cow::Borrowed(cell)),
                Column::Unknown(_) => Ok(()),
            };
            taken.map_err(|problem| RecordError::of(&problem, self.sheet.position_of_cell(index)))?;
        }
        draft.finish().map_err(|problem| RecordError::of(&problem, self.sheet.position()))
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
