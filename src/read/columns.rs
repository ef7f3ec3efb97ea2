//! What the columns of a table of records mean, and their cells into the fields of a draft.

use std::borrow::Cow;

use super::advice::Place;
use super::fields::put_amount;
use super::header::RowCells;
use crate::record::row::items;
use crate::{Draft, Field, Problem, Reading, Shape};

/// The fields whose texts have columns by key, like `served.channel`, and what stands before the key.
const KEYED: [(Field, &str); 2] = [(Field::Served, "served."), (Field::Tags, "tags.")];

/// What a column holds.
pub(super) enum Column {
    Field(Field),
    /// One text by its key: `served.channel`, `tags.region`.
    Keyed(Field, String),
    Unknown(String),
    /// Without a name, and with one for messages.
    Unnamed(String),
}

impl Column {
    /// What a column of this name holds, however its letters are written.
    fn named(index: usize, name: &str) -> Self {
        let mut keyed = KEYED.into_iter().filter_map(|(field, before)| {
            let (start, key) = name.split_at_checked(before.len())?;
            start.eq_ignore_ascii_case(before).then_some((field, key))
        });
        match (field_named(name), keyed.next()) {
            (Some(field), _) if field.shape() != Shape::Pairs => Self::Field(field),
            (_, Some((field, key))) if !key.is_empty() => Self::Keyed(field, key.to_owned()),
            _ if name.is_empty() => Self::Unnamed(format!("column {}", index + 1)),
            _ => Self::Unknown(name.to_owned()),
        }
    }
}

/// The field that a column is named by, without regard to case and blanks around it.
fn field_named(name: &str) -> Option<Field> {
    let name = name.trim().as_bytes();
    let mut lower = [0; 16];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    Field::named(lower)
}

/// Whether a row with these cells is a header: it names a recipient or a point.
pub(super) fn is_header<'a>(mut cells: impl Iterator<Item = &'a str>) -> bool {
    cells.any(|cell| matches!(field_named(cell), Some(Field::Recipient | Field::Point)))
}

/// The columns of a table.
pub(super) struct Columns {
    list: Vec<Column>,
    /// The column of each field.
    places: [Option<usize>; Field::ALL.len()],
}

impl Columns {
    pub(super) fn of(names: &[String]) -> Self {
        let list: Vec<_> = names.iter().enumerate().map(|(index, name)| Column::named(index, name)).collect();
        let is = |field, column: &Column| matches!(column, Column::Field(other) if *other == field);
        let places = Field::ALL.map(|field| list.iter().position(|column| is(field, column)));
        Self { list, places }
    }

    pub(super) fn list(&self) -> &[Column] {
        &self.list
    }

    /// The column of a field.
    pub(super) const fn place(&self, field: Field) -> Option<usize> {
        self.places[field as usize]
    }

    /// The keys that columns hold, each with its field.
    pub(super) fn keys(&self) -> impl Iterator<Item = (Field, &str)> {
        let keyed =
            |column| if let &Column::Keyed(field, ref key) = column { Some((field, key.as_str())) } else { None };
        self.list.iter().filter_map(keyed)
    }

    /// Names of columns that mean nothing here; one without a name counts where the row has something there.
    pub(super) fn unknown(&self, row: &impl RowCells) -> impl Iterator<Item = &str> {
        self.list.iter().enumerate().filter_map(|(index, column)| match column {
            Column::Unknown(name) => Some(name.as_str()),
            Column::Unnamed(name) if !row.is_blank(index) => Some(name),
            Column::Unnamed(_) | Column::Field(_) | Column::Keyed(..) => None,
        })
    }

    /// Whether a row names fields where others hold records.
    pub(super) fn is_other_header(&self, row: &impl RowCells) -> bool {
        let name = |index| std::str::from_utf8(row.cell(index)).ok().and_then(field_named);
        let suspect = [Field::Recipient, Field::Point].into_iter().filter_map(|field| self.place(field));
        let has = |field| (0..row.count()).any(|index| name(index) == Some(field));
        suspect.map(name).any(|field| field.is_some()) && has(Field::Recipient) && has(Field::Point)
    }

    /// Puts one cell into the draft; what stands in a column that means nothing is passed over.
    pub(super) fn put<'a>(
        &'a self,
        draft: &mut Draft<'a>,
        reading: &Reading<'_>,
        index: usize,
        cell: Cow<'a, str>,
    ) -> Result<(), Problem> {
        match self.list.get(index) {
            Some(Column::Field(field)) => put(draft, reading, *field, cell),
            Some(Column::Keyed(field, key)) => draft.pair(*field, Cow::Borrowed(key), cell),
            Some(Column::Unknown(_) | Column::Unnamed(_)) | None => Ok(()),
        }
    }
}

/// Puts one cell into the draft; an empty one is "not given", and `[]` in a list is an empty list.
fn put<'a>(draft: &mut Draft<'a>, reading: &Reading<'_>, field: Field, cell: Cow<'a, str>) -> Result<(), Problem> {
    match field.shape() {
        Shape::Text | Shape::Quantity | Shape::Pairs => draft.text(reading, field, cell),
        Shape::Signals => items(&cell).enumerate().try_for_each(|(place, name)| {
            draft.signal(reading, place, name).map_err(|problem| Place::Cell.advise(problem))
        }),
        Shape::Values => {
            if !cell.trim().is_empty() {
                draft.value_known();
            }
            items(&cell).enumerate().try_for_each(|(place, item)| {
                if item.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(item).is_ok() {
                    put_amount(draft, reading, place, item)
                } else {
                    let taken = draft.measured(reading, place, item, None, None);
                    taken.map_err(|problem| Place::Cell.advise(problem))
                }
            })
        }
    }
}
