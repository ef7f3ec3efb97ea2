//! How wide the columns of a table of chosen columns are, before its rows are known.

use comfy_table::Table;

use super::OutputStyle;
use super::table::{finished, heading, plain, shortened};
use crate::rating::columns::{Column, Columns};
use crate::rating::row::RatingField;
use crate::record::field::Field;

/// Blanks between two columns.
const GAP: usize = 2;

/// How many lines of a cell are shown.
const LINES: usize = 4;

/// How wide each column of a table is.
#[derive(Clone, Debug)]
pub struct Widths(Vec<usize>);

impl Widths {
    /// Widths by what is usually in such columns; where that is too much for the terminal, the widest give way.
    #[must_use]
    pub fn of(columns: &Columns, style: OutputStyle) -> Self {
        let columns = columns.as_slice();
        let mut widths: Vec<usize> = columns.iter().map(|column| usual(column).1.max(column.name().len())).collect();
        let gaps = GAP * widths.len().saturating_sub(1);
        let room = usize::from(style.width).saturating_sub(gaps);
        while widths.iter().sum::<usize>() > room {
            let spare = |(width, column): &(&mut usize, &Column)| **width - usual(column).0.min(**width);
            match widths.iter_mut().zip(columns).max_by_key(spare).filter(|widest| spare(widest) > 0) {
                Some((widest, _)) => *widest -= 1,
                None => break,
            }
        }
        // the last has what is left
        let rest = room.saturating_sub(widths.iter().sum());
        if let Some(last) = widths.last_mut() {
            *last += rest;
        }
        Self(widths)
    }

    /// A table for rows of these widths.
    pub(super) fn table(style: OutputStyle) -> Table {
        plain(style.width, style.color)
    }

    /// Adds a row to a table.
    pub(super) fn add<'a>(&self, table: &mut Table, cells: impl Iterator<Item = &'a [u8]>) {
        let cells = cells.zip(&self.0).map(|(cell, &width)| shortened(&String::from_utf8_lossy(cell), width * LINES));
        table.add_row(cells.collect::<Vec<_>>());
    }

    /// The lines of the names of the columns.
    pub(super) fn heading(&self, names: &[String], style: OutputStyle) -> String {
        let names: Vec<String> = names.iter().zip(&self.0).map(|(name, &width)| shortened(name, width)).collect();
        let mut table = Self::table(style);
        table.set_header(heading(&names.iter().map(String::as_str).collect::<Vec<_>>(), style.color));
        self.close(table)
    }

    /// The lines of a table.
    pub(super) fn close(&self, table: Table) -> String {
        finished(table, self.0.iter().copied())
    }
}

/// How wide what is in a column is at least, and usually.
const fn usual(column: &Column) -> (usize, usize) {
    match column {
        Column::Rating(field) => match field {
            RatingField::Rank | RatingField::Gap => (4, 4),
            RatingField::Failure => (7, 7),
            RatingField::At => (10, 20),
            RatingField::Id => (6, 12),
            RatingField::Recipient | RatingField::Action => (8, 16),
            RatingField::Point => (10, 24),
            RatingField::Value | RatingField::NearMiss => (12, 30),
            RatingField::Why => (16, 60),
            // the longest name of a level
            _ => (12, 12),
        },
        Column::Record(Field::Said) => (16, 60),
        Column::Record(Field::Signals) => (12, 24),
        Column::Record(_) | Column::Served(_) | Column::Tag(_) => (8, 12),
    }
}
